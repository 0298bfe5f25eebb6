"""A block of a log's bytes and where its lines stand: reads many places of it at once. Knows no records."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt

from cockpit.logs.described import Format, Wrapper
from cockpit.logs.levels import Words
from cockpit.logs.times import Bytes

Offsets = npt.NDArray[np.int64]

HEAD = 4096  # a level or time further into a line than this is not looked for


@dataclass(frozen=True, slots=True)
class Block:
    """Bytes and where lines stand in them. `padded`: the same with room at the end, so that reads may run over."""

    data: bytes
    padded: bytes
    array: Bytes
    starts: Offsets
    ends: Offsets
    form: Format
    marks: dict[int, Offsets] = field(default_factory=dict)  # where bytes stand, of those that were asked for

    def rows(self, positions: Offsets, width: int) -> Bytes:
        """uint8[n, 8 * m]: at least `width` bytes from each position on."""
        width = (width + 7) // 8 * 8
        view = np.ndarray((len(self.padded) - width + 1,), f"V{width}", self.padded, 0, (1,))
        return view[positions].view(np.uint8).reshape(len(positions), width)

    def words(self, positions: Offsets) -> Words:
        """uint64[n]: eight bytes from each position on, the first lowest."""
        view = np.ndarray((len(self.padded) - 7,), "<u8", self.padded, 0, (1,))
        return np.asarray(view[positions])

    def line(self, row: int) -> bytes:
        """A line's first bytes."""
        return self.data[int(self.starts[row]) : int(min(self.ends[row], self.starts[row] + HEAD))]

    def after_mark(self, before: bytes, rows: Offsets) -> Offsets:
        """Where, in each of these lines, stands what stood after `before` in another: after as many bytes as its last.

        The end of the data where a line has too few of them.
        """
        mark = before[-1]
        if mark not in self.marks:
            self.marks[mark] = np.flatnonzero(self.array[: len(self.data)] == mark)
        marks = self.marks[mark]
        if not len(marks):
            return np.full(len(rows), len(self.data), np.int64)
        place = np.searchsorted(marks, self.starts[rows]) + before.count(mark) - 1
        found = marks[np.minimum(place, len(marks) - 1)]
        return np.where((place < len(marks)) & (found < self.ends[rows]), found + 1, len(self.data))

    def after_key(self, key: bytes, rows: Offsets) -> Offsets:
        """Where the value of a key begins in each of these lines (the end of the data where it is not there)."""
        starts, ends = self.starts[rows], self.ends[rows]
        found = np.array([match.end() for match in re.finditer(re.escape(key), self.data)], np.int64)
        missing = np.full(len(starts), len(self.data), np.int64)
        if not len(found):
            return missing
        index = np.searchsorted(found, starts, "left")
        first = np.append(found, len(self.data))[index]
        return np.where(first < ends, first, missing)


def inner_starts(block: Block, wrapper: Wrapper) -> Offsets:
    """Where the program's own line begins in each line that a collector wrote."""
    marks = np.flatnonzero(block.array[: len(block.data)] == wrapper.mark[0])
    if not len(marks):
        return block.starts
    place = np.searchsorted(marks, block.starts) + wrapper.count - 1
    found = marks[np.minimum(place, len(marks) - 1)]
    inside = (place < len(marks)) & (found < block.ends)
    inner = found + 1
    if wrapper.mark == b"|":  # the only one with a blank after its mark
        inner += block.array[inner] == 32
    return np.where(inside, np.minimum(inner, block.ends), block.starts)
