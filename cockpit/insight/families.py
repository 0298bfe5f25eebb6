"""Tells which plain words of messages vary: shapes that are the same but for one word are a family. Pure, online.

A family becomes one shape, with `<*>` for the word, where that has many values, where other records have something
masked there, or where its values are known to vary elsewhere too. Of many shapes that begin alike and are as long, all
words that are nearly always others become `<*>` together (see Crowd). What became one stays one.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from hashlib import blake2b

from cockpit.insight.crowd import Crowd
from cockpit.insight.shape import HOLE, Shape, bare, is_plain, with_hole

_ROUND = (1 << 64) - 1
_STEP = 0x9E3779B97F4A7C15  # the golden ratio in 64 bits, odd
_POWERS = [pow(_STEP, nth + 1, 1 << 64) for nth in range(512)]
_KNOWN_IN = 16  # families of a word that are remembered


@dataclass(frozen=True, slots=True)
class Bar:
    """How much it takes for a word to be one that varies.

    values: how many it must have; constant: how many other words must stay the same; leading: and how many where it is
    the first word, which more often names what happened; first: the first word that may vary at all.
    """

    values: int
    constant: int
    leading: int
    first: int = 0
    shared: int = 3


MESSAGES = Bar(values=5, constant=2, leading=4)
REQUESTS = Bar(values=40, constant=2, leading=99, first=4, shared=99)


@lru_cache(1 << 16)
def _hash(word: bytes) -> int:
    return int.from_bytes(blake2b(bare(word), digest_size=8).digest(), "little")


_HOLE = _hash(HOLE)


def key_of(shape: Shape) -> int:
    """A number of 64 bits for the words of a shape, whatever blanks stand between them."""
    return sum(_hash(word) * power for word, power in zip(shape, _POWERS, strict=False)) & _ROUND


@dataclass(frozen=True, slots=True)
class _Family:
    """Shapes that differ from one of them in one word. numbers: theirs, by what that word is."""

    shape: Shape
    place: int
    numbers: dict[bytes, int]

    def as_one(self) -> tuple[Shape, list[int]]:
        return with_hole(self.shape, self.place), list(self.numbers.values())


class Families:
    """Shapes by their numbers, and the families they are in. Numbers are given from outside."""

    def __init__(self, bar: Bar) -> None:
        self._bar = bar
        self._numbers: dict[int, int] = {}  # by key
        self._opened: set[int] = set()  # keys of shapes that families became
        self._families: dict[int, _Family] = {}  # by the key of the shape with the hole, and where that is
        self._varying: set[bytes] = set()  # words that are values of families which became one
        self._crowds: dict[tuple[int, bytes], Crowd] = {}  # by length and first word
        self._known_in: defaultdict[bytes, list[int]] = defaultdict(list)  # families of a word

    def find(self, shape: Shape) -> tuple[int | None, Shape]:
        """The number of a shape, or of the one that it is a case of; else None, and the shape as far as it varies."""
        crowd = self._crowds.get(_crowd_of(shape)) if shape else None
        shape = shape if crowd is None else crowd.fitted(shape)
        key = key_of(shape)
        while True:
            number = self._numbers.get(key)
            if number is not None:
                return number, shape
            for nth, hidden in self._hidden(shape, key):
                if hidden in self._opened or (hidden in self._numbers and self._may_vary(shape, nth)):
                    shape, key = with_hole(shape, nth), hidden
                    break
            else:
                return None, shape

    def add(self, shape: Shape, number: int) -> list[tuple[Shape, list[int]]]:
        """Remember a new shape; gives the families that become one by it: the shape they become, and their numbers."""
        key = key_of(shape)
        self._numbers[key] = number
        found: list[tuple[Shape, list[int]]] = []
        for nth, word in enumerate(shape):
            if bare(word) == HOLE and nth:  # others may have a plain word here
                family = self._families.get(_family_key(key, nth))
                if family is not None and self._may_vary(shape, nth):
                    found.append((shape, [number, *family.numbers.values()]))
        for nth, hidden in self._hidden(shape, key):
            family_key = _family_key(hidden, nth)
            family = self._families.get(family_key)
            if family is None:
                family = self._families[family_key] = _Family(shape, nth, {})
            family.numbers.setdefault(bare(shape[nth]), number)
            if len(family.numbers) > 1 and self._may_vary(shape, nth):
                found += self._judge(family_key, bare(shape[nth]))
        if len(shape) > self._bar.first:
            found += self._crowds.setdefault(_crowd_of(shape), Crowd(self._bar.constant)).add(shape, number)
        return found

    def become(self, shape: Shape, number: int) -> None:
        """Let a shape that a family became be found by others."""
        key = key_of(shape)
        self._opened.add(key)
        self._numbers[key] = number

    def knows(self, shape: Shape) -> bool:
        return key_of(shape) in self._numbers

    def became(self, shape: Shape) -> bool:
        """Whether it is one that a family became."""
        return key_of(shape) in self._opened

    def _judge(self, family_key: int, word: bytes) -> list[tuple[Shape, list[int]]]:
        """What becomes one now that a family has this word too."""
        family, bar = self._families[family_key], self._bar
        if len(family.numbers) >= bar.values or self._varying.issuperset(family.numbers):
            self._varying.update(family.numbers)
            return [family.as_one()]
        for each in family.numbers:
            known = self._known_in[each]
            if family_key not in known and len(known) < _KNOWN_IN:
                known.append(family_key)
        for other in (self._families[key] for key in self._known_in[word] if key != family_key):
            common = family.numbers.keys() & other.numbers.keys()
            if len(common) >= bar.shared:
                self._varying.update(common)
                return [family.as_one(), other.as_one()]
        return []

    def _hidden(self, shape: Shape, key: int) -> Iterator[tuple[int, int]]:
        """Each plain word of a shape, and the key that the shape would have if that were masked."""
        for nth in range(self._bar.first, min(len(shape), len(_POWERS))):
            word = shape[nth]
            if is_plain(word):
                yield nth, (key + (_HOLE - _hash(word)) * _POWERS[nth]) & _ROUND

    def _may_vary(self, shape: Shape, nth: int) -> bool:
        """Whether enough else stays the same that one word may be taken for one that varies."""
        constant = sum(is_plain(word) for place, word in enumerate(shape) if place != nth)
        return constant >= (self._bar.constant if nth else self._bar.leading)


def _crowd_of(shape: Shape) -> tuple[int, bytes]:
    return len(shape), bare(shape[0])


def _family_key(key: int, nth: int) -> int:
    """By the key of the shape with the hole, and where that is."""
    return key ^ (nth + 1) << 56
