"""Mines templates from a stream of messages: each gets the number of its signature. Online, bounded. Pure.

Messages are masked as a block; what they become is looked up; only what was never seen is taken apart (shape), and
held against what else was seen (families). Numbers may become one later (`resolved`), and never part again.

What is kept does not grow with the number of shapes: where there are too many, the rarest are folded into the
catch-all, number 0; and where that goes on, a shape counts only from its second time on.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from enum import Enum
from hashlib import blake2b

import numpy as np
import numpy.typing as npt

from cockpit.insight.families import MESSAGES, REQUESTS, Bar, Families
from cockpit.insight.masking import SEGMENTS, WORDS, Masking
from cockpit.insight.shape import HOLE, Shape, collapsed, printed, request_shape, shape_of

Numbers = npt.NDArray[np.int32]
CATCH_ALL = 0
_LIVE = 4096  # signatures that are kept apart
_REMEMBERED = 1 << 16  # masked messages whose number is remembered
_ALL = 1 << 18  # numbers that are given at most
_ID_SIGNS = 8


class Kind(Enum):
    """What texts are: messages, or requests as an access log has them, `500 GET /cart/7?page=2`."""

    MESSAGES = "messages"
    REQUESTS = "requests"


@dataclass(frozen=True, slots=True)
class Mined:
    """A signature. id: does not change as long as the miner lives, even where the template comes to say less."""

    number: int
    id: str
    template: str
    count: int


@dataclass(slots=True)
class _Book:
    """What is known of one kind of texts."""

    masking: Masking
    shape: Callable[[bytes], Shape]
    bar: Bar
    families: Families
    numbers: dict[bytes, int]
    once: set[bytes]


class Miner:
    """Gives messages their numbers. One thread at a time."""

    def __init__(self, live: int = _LIVE) -> None:
        """live: how many signatures are kept apart at most."""
        self._live_most = live
        self._books = {
            Kind.MESSAGES: _book(WORDS, shape_of, MESSAGES),
            Kind.REQUESTS: _book(SEGMENTS, request_shape, REQUESTS),
        }
        self._into: list[int] = [CATCH_ALL]  # what each number became
        self._shapes: dict[int, tuple[Kind, Shape]] = {}  # of those that are themselves
        self._ids: dict[int, str] = {CATCH_ALL: "other"}
        self._by_id: dict[str, int] = {"other": CATCH_ALL}
        self._counts = np.zeros(1024, np.int64)  # of what was taken under each number
        self._roots: Numbers | None = None

    @property
    def size(self) -> int:
        """Numbers are below this."""
        return len(self._into)

    def take(self, messages: bytes, kind: Kind = Kind.MESSAGES) -> Numbers:
        """int32[n]: the numbers of messages, each ended by a newline, that may yet become one with others."""
        book = self._books[kind]
        lines = book.masking.lines(messages)
        found = list(map(book.numbers.get, lines))
        if None in found:
            for nth, number in enumerate(found):
                if number is None:
                    found[nth] = self._number(lines[nth], book, kind)
        numbers = np.array(found, np.int32)
        self._count(numbers)
        if len(self._shapes) > self._live_most:
            self._fold()
        return numbers

    def resolved(self, numbers: Numbers) -> Numbers:
        """int32[n]: what numbers have become by now."""
        return np.asarray(self._resolution()[numbers])

    def counts(self) -> npt.NDArray[np.int64]:
        """int64[size]: how many messages were taken of each signature (0 for numbers that became another)."""
        into = self._resolution()
        return np.bincount(into, self._counts[: len(into)], len(into)).astype(np.int64)

    def signatures(self) -> list[Mined]:
        """All that are apart, the catch-all only where it holds something."""
        counts = self.counts()
        found = [self._mined(number, int(counts[number])) for number in sorted(self._shapes)]
        return [self._mined(CATCH_ALL, int(counts[0])), *found] if counts[0] else found

    def id_of(self, number: int) -> str:
        """The id of the signature that a number has become by now."""
        return self._ids[self._root(number)]

    def number_of(self, id_: str) -> int | None:
        """The number of the signature of an id, or of the one into which that went; None where there is none."""
        number = self._by_id.get(id_)
        return None if number is None else self._root(number)

    def template_of(self, number: int) -> str:
        """How the signature of a number prints."""
        shape = self._shapes.get(self._root(number))
        return HOLE.decode() if shape is None else printed(shape[1])

    def _mined(self, number: int, count: int) -> Mined:
        return Mined(number, self._ids[number], self.template_of(number), count)

    def _number(self, line: bytes, book: _Book, kind: Kind) -> int:
        """The number of a masked message that was not seen of late."""
        known = book.numbers.get(line)  # seen earlier in this block
        if known is not None:
            return known
        crowded = len(self._into) > 4 * self._live_most
        if crowded and line not in book.once:
            if len(book.once) >= _REMEMBERED:
                book.once.clear()
            book.once.add(line)
            return CATCH_ALL
        number, shape = book.families.find(book.shape(line))
        if number is None:
            number = self._born(shape, book, kind)
        if len(book.numbers) >= _REMEMBERED:
            book.numbers.clear()
        book.numbers[line] = number
        return number

    def _born(self, shape: Shape, book: _Book, kind: Kind) -> int:
        if len(self._into) >= _ALL or len(self._shapes) > 2 * self._live_most:
            return CATCH_ALL
        number = len(self._into)
        self._into.append(number)
        self._roots = None
        self._shapes[number] = kind, shape
        self._ids[number] = id_ = _id_of(shape)
        self._by_id[id_] = number
        self._settle(book.families.add(shape, number), book, kind)
        return number

    def _settle(self, waiting: list[tuple[Shape, list[int]]], book: _Book, kind: Kind) -> None:
        """Let become one what does, and what else does by that."""
        while waiting:
            became, members = waiting.pop()
            waiting += self._become(collapsed(became), members, book, kind)

    def _become(self, shape: Shape, members: list[int], book: _Book, kind: Kind) -> list[tuple[Shape, list[int]]]:
        known, shape = book.families.find(shape)
        roots = {self._root(number) for number in (*members, *([] if known is None else [known]))} - {CATCH_ALL}
        if not roots:
            return []
        first = min(roots)
        for root in roots - {first}:
            self._into[root] = first
            del self._shapes[root]
        self._roots = None
        self._shapes[first] = kind, shape
        more = [] if book.families.knows(shape) else book.families.add(shape, first)
        book.families.become(shape, first)
        return more

    def _fold(self) -> None:
        """Let the rarest half go into the catch-all, and learn the families of the others anew."""
        counts = self.counts()
        rarest = sorted(self._shapes, key=lambda number: (counts[number], number))
        for number in rarest[: len(rarest) // 2]:
            self._into[number] = CATCH_ALL
            del self._shapes[number]
            if self._by_id.get(id_ := self._ids.pop(number)) == number:
                del self._by_id[id_]
        self._roots = None
        for kind, book in self._books.items():
            before, book.families = book.families, Families(book.bar)
            book.numbers.clear()
            for number, (its_kind, shape) in list(self._shapes.items()):
                if its_kind is kind and number in self._shapes:
                    waiting = book.families.add(shape, number)
                    if before.became(shape):
                        book.families.become(shape, number)
                    self._settle(waiting, book, kind)

    def _root(self, number: int) -> int:
        while self._into[number] != number:
            number = self._into[number]
        return number

    def _resolution(self) -> Numbers:
        """int32[size]: what each number is by now."""
        if self._roots is None or len(self._roots) != len(self._into):
            roots = np.array(self._into, np.int32)
            while True:
                further = roots[roots]
                if np.array_equal(further, roots):
                    break
                roots = further
            self._roots = roots
        return self._roots

    def _count(self, numbers: Numbers) -> None:
        if len(self._into) > len(self._counts):
            self._counts = np.append(self._counts, np.zeros(max(len(self._into), len(self._counts)), np.int64))
        self._counts[: len(self._into)] += np.bincount(numbers, minlength=len(self._into))


def _book(masking: Masking, shape: Callable[[bytes], Shape], bar: Bar) -> _Book:
    return _Book(masking, shape, bar, Families(bar), {}, set())


def _id_of(shape: Shape) -> str:
    return blake2b(b" ".join(printed(shape).encode().split()), digest_size=_ID_SIGNS // 2).hexdigest()
