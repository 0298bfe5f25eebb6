"""Where a plain word stands in bytes, found by the piece of it that is rarest there.

A search for `Request 2500077 ` in a log that writes `Request` in every line stops at every line; one for `quest 25` at
few. Pieces are judged by a sample of the bytes and found by RE2, which stops at each first letter of a piece and goes
on where the last one does not follow.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import chain, islice, product
from typing import Any

import numpy as np
import numpy.typing as npt
import re2

_DENSE = 2048  # bytes a match, on the average, below which matches are not taken one by one
_SAMPLE = 1 << 14  # bytes
_LONGEST = 12  # bytes of a piece
_BEGINNINGS = 4  # the rarest letters of a word, with which pieces begin
_FOUND = 40  # times what a stop at a first letter costs, where the piece is found
_BYTES = re2.Options()
_BYTES.encoding = re2.Options.Encoding.LATIN1  # a piece may begin and end within a character
_WAYS = 4  # of capitals and small letters in which a piece is looked for


@dataclass(frozen=True, slots=True)
class Probe:
    """How to find a word in bytes like those it was made for.

    pieces: what is looked for (compiled, each in other capitals), which begin `offset` bytes into the word; order: the
    places of the word's letters, the rarest first. fold: in any case (word is in small letters then).
    """

    word: bytes
    fold: bool
    pieces: tuple[Any, ...]
    offset: int
    order: tuple[int, ...]

    def places(self, data: bytes) -> npt.NDArray[np.int64]:
        """int64[n]: where the word begins; overlapping ones may be left out. Sorted, unless it is in any case."""
        most = len(data) // _DENSE
        matches = chain.from_iterable(piece.finditer(data) for piece in self.pieces)
        starts = [match.start() - self.offset for match in islice(matches, most + 1)]
        if len(starts) > most:
            return self._by_letters(data)
        return np.array([start for start in starts if start >= 0 and self._stands_at(data, start)], np.int64)

    def _stands_at(self, data: bytes, start: int) -> bool:
        there = data[start : start + len(self.word)]
        return (there.lower() if self.fold else there) == self.word

    def _by_letters(self, data: bytes) -> npt.NDArray[np.int64]:
        """For words that are in many lines: all places of its rarest letter, and of these the ones with the others."""
        array = np.frombuffer(data.lower() if self.fold else data, np.uint8)
        first, *others = self.order
        found = np.flatnonzero(array[first : len(array) - len(self.word) + 1 + first] == self.word[first])
        for place in others:
            found = found[array[found + place] == self.word[place]]
        return found


def probe(word: bytes, data: bytes, *, fold: bool) -> Probe:
    """The way to find a word (not empty) that is quickest in bytes like these."""
    sample = data[:_SAMPLE]
    if fold:
        word, sample = word.lower(), sample.lower()
    letters = np.bincount(np.frombuffer(sample, np.uint8), minlength=256)
    order = tuple(sorted(range(len(word)), key=lambda place: int(letters[word[place]])))
    pieces = [(begin, end) for begin in order[:_BEGINNINGS] for end in _ends(word, begin, fold)]
    found = {(begin, end): sample.count(word[begin : end + 1]) for begin, end in pieces}

    def cost(piece: tuple[int, int]) -> tuple[int, int]:
        begin, end = piece
        return int(letters[word[begin]]) + _FOUND * found[piece], begin - end

    begin, end = best = min(pieces, key=cost)
    if fold and found[best] * _DENSE > len(sample):
        return Probe(word, fold, (re2.compile(b"(?i)" + re2.escape(word)),), 0, order)
    return Probe(word, fold, tuple(_compiled(word[begin : end + 1], fold)), begin, order)


def _ends(word: bytes, begin: int, fold: bool) -> Iterator[int]:
    """The last places of the pieces from `begin` that may be looked for: none that could overlap with itself.

    In any case they have few letters: each of them doubles the ways to write the piece.
    """
    for end in range(begin, min(len(word), begin + _LONGEST)):
        piece = word[begin : end + 1]
        if fold and len(list(_written(piece))) > _WAYS:
            return
        if not _overlaps(piece):
            yield end


def _overlaps(piece: bytes) -> bool:
    """Whether a piece can begin within another of the same."""
    return any(piece[:size] == piece[-size:] for size in range(1, len(piece)))


def _written(piece: bytes) -> Iterator[bytes]:
    """A piece of small letters in each way of writing it."""
    letters = [sorted({bytes([letter]), bytes([letter]).upper()}) for letter in piece]
    yield from (b"".join(way) for way in product(*letters))


def _compiled(piece: bytes, fold: bool) -> Iterator[Any]:
    for way in _written(piece) if fold else (piece,):
        yield re2.compile(re2.escape(way), _BYTES)
