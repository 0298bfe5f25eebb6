"""Ids that sort by time and are unique across hosts: 26 letters, the first ten the time in milliseconds."""

from __future__ import annotations

import secrets
import threading
from collections.abc import Callable

from cockpit.clock import DAY, Clock

_LETTERS = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
_VALUES = {letter: value for value, letter in enumerate(_LETTERS)}
_RANDOM_BITS = 80
_LENGTH = 26


class Ids:
    """Makes ids, each greater than all made or observed before: a clock that goes backwards reorders nothing.

    An observed id more than a day ahead of our clock is a broken host's, and is not followed.
    """

    def __init__(self, clock: Clock, randomness: Callable[[int], int] = secrets.randbits) -> None:
        self._clock = clock
        self._random = randomness
        self._last = 0
        self._lock = threading.Lock()

    def new(self) -> str:
        with self._lock:
            now = self._clock.now() // 1000
            fresh = (now << _RANDOM_BITS) | self._random(_RANDOM_BITS)
            self._last = fresh if now > self._last >> _RANDOM_BITS else self._last + 1 + self._random(32)
            return _written(self._last)

    def observe(self, *identities: str) -> None:
        """Take note of ids in the journal; the next new one is greater."""
        latest = (self._clock.now() + DAY) // 1000
        for identity in sorted(identities, reverse=True):  # letters sort as their values do
            value = _value(identity)
            if value is not None and value >> _RANDOM_BITS < latest:
                with self._lock:
                    self._last = max(self._last, value)
                return


def _written(value: int) -> str:
    letters = []
    for _ in range(_LENGTH):
        value, digit = divmod(value, 32)
        letters.append(_LETTERS[digit])
    return "".join(reversed(letters))


def _value(identity: str) -> int | None:
    if len(identity) != _LENGTH:
        return None
    value = 0
    for letter in identity:
        digit = _VALUES.get(letter)
        if digit is None:
            return None
        value = value * 32 + digit
    return value
