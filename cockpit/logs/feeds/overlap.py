"""Takes out the lines that a program repeats when it is asked to go on from a little before where it stopped."""

from __future__ import annotations

import re
from collections import Counter, deque
from datetime import datetime

from cockpit.clock import SECOND, from_rfc3339, to_datetime

_STAMP = re.compile(rb"(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d)(?:\.(\d{1,9}))?(Z|[+-]\d\d:\d\d)(?= |$)")
_MOST = 200_000  # lines remembered


def stamp_of(line: bytes) -> tuple[int, int] | None:
    """The RFC 3339 time at the beginning of a line, after a `[prefix] ` at most: (second, nanosecond), UTC."""
    start = line.find(b"] ") + 2 if line.startswith(b"[") else 0
    found = _STAMP.match(line, start if start > 1 else 0)
    if found is None:
        return None
    try:
        second = _second((found[1] + found[3]).decode())
    except ValueError:
        return None
    return second, int((found[2] or b"0").ljust(9, b"0"))


class Overlap:
    """Remembers the lines of the last seconds. Lines may come a little out of order, and two may be alike."""

    def __init__(self, seconds: int) -> None:
        """`seconds`: how far back to ask again; what comes later than this out of order is lost at a restart."""
        self._seconds = seconds
        self._newest = 0
        self._recent: deque[tuple[int, int]] = deque()  # second, hash of the line
        self._repeated: Counter[int] = Counter()

    def go_on(self) -> str:
        """A program starts anew: the time to ask from, RFC 3339 in whole seconds (empty: nothing came yet)."""
        self._repeated = Counter(hashed for _, hashed in self._recent)
        if not self._newest:
            return ""
        moment: datetime = to_datetime((self._newest - self._seconds) * SECOND)
        return moment.strftime("%Y-%m-%dT%H:%M:%SZ")

    def is_new(self, line: bytes, second: int) -> bool:
        """Whether a line, of this second, did not come before; remembers it."""
        hashed = hash(line)
        if self._repeated and self._repeated.get(hashed, 0) > 0:
            self._repeated[hashed] -= 1
            return False
        self._newest = max(self._newest, second)
        self._recent.append((second, hashed))
        while self._recent[0][0] < self._newest - self._seconds - 1 or len(self._recent) > _MOST:
            self._recent.popleft()
        return True


_seconds: dict[str, int] = {}


def _second(text: str) -> int:
    """Seconds since the epoch; the same few texts are asked for again and again."""
    if text not in _seconds:
        if len(_seconds) > 1000:
            _seconds.clear()
        _seconds[text] = from_rfc3339(text) // SECOND
    return _seconds[text]
