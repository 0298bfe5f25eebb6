"""The index of one file: where its records begin, their times and levels, in packed arrays, grown from both ends.

Records are numbered once and for ever: 0 is the first that was indexed (the tail of the file, shown at once); what is
appended later counts up, and what stands earlier in the file, indexed afterwards, counts down from -1.
"""

from __future__ import annotations

import threading
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from cockpit.logs.scan import Levels, Scan
from cockpit.logs.times import NONE, Times

_CLOSE_AT = 1 << 16  # records in a block that grows before the next is begun
_SPAN = 1 << 31  # bytes that a block's offsets reach


class Block:
    """Consecutive records: numbers `first` to `first + count - 1`, offsets relative to byte `base` of the file."""

    __slots__ = ("base", "count", "first", "levels", "lines", "starts", "times")

    def __init__(self, first: int, base: int, found: Scan) -> None:
        self.first = first
        self.base = base
        self.count = len(found.starts)
        self.starts: npt.NDArray[np.uint32] = found.starts
        self.times: Times = found.times
        self.levels: Levels = found.levels
        self.lines: npt.NDArray[np.uint32] = found.lines

    def add(self, base: int, found: Scan) -> None:
        """Append records that begin at byte `base` of the file."""
        shift = np.uint32(base - self.base)
        total = self.count + len(found.starts)
        if total > len(self.starts):
            room = max(1024, total * 2)
            for name in ("starts", "times", "levels", "lines"):
                old = getattr(self, name)
                larger = np.empty(room, old.dtype)
                larger[: self.count] = old[: self.count]
                setattr(self, name, larger)
        new = slice(self.count, total)
        self.starts[new] = found.starts + shift
        self.times[new] = found.times
        self.levels[new] = found.levels
        self.lines[new] = found.lines
        self.count = total


@dataclass(frozen=True, slots=True)
class Part:
    """A block as it stood at one moment: arrays of its records, safe to read while the index grows.

    starts: int64[n], bytes from the beginning of the file; times: int64[n], NONE where a record has none;
    levels: uint8[n]; `stop`: the byte after its last record. `closed`: nothing will change in it any more.
    """

    first: int
    starts: npt.NDArray[np.int64]
    times: Times
    levels: Levels
    stop: int
    closed: bool


class Index:
    """Blocks in the order of the file. One thread writes; any thread reads."""

    def __init__(self) -> None:
        self._blocks: list[Block] = []
        self._lock = threading.Lock()
        self.start = 0
        """First byte that is indexed."""
        self.end = 0
        """The byte after the last that is indexed."""
        self.orphans = 0
        """Lines at the file's very beginning that no record begins before."""

    @property
    def first(self) -> int:
        """Number of the earliest record known (≤ 0)."""
        return self._blocks[0].first if self._blocks else 0

    @property
    def stop(self) -> int:
        """The number after the last record."""
        blocks = self._blocks
        return blocks[-1].first + blocks[-1].count if blocks else 0

    def append(self, base: int, found: Scan) -> None:
        """Add what a scan of the bytes from `base` on found. Orphans become lines of the last record."""
        with self._lock:
            last = self._blocks[-1] if self._blocks else None
            if found.orphans:
                if last is not None and last.count:
                    last.lines[last.count - 1] += found.orphans
                else:
                    self.orphans += found.orphans
            if len(found.starts):
                if last is None or last.count >= _CLOSE_AT or base + found.size - last.base >= _SPAN:
                    self._blocks.append(Block(self.stop, base, found))
                else:
                    last.add(base, found)
            if last is None:
                self.start = base
            self.end = base + found.size

    def prepend(self, base: int, found: Scan) -> None:
        """Add what a scan of the bytes from `base` up to the first indexed byte found."""
        with self._lock:
            if len(found.starts):
                if not self._blocks:
                    found.lines[-1] += self.orphans
                self._blocks.insert(0, Block(self.first - len(found.starts), base, found))
            self.orphans = found.orphans
            self.start = base

    def drop_last_line(self, base: int, lines: int) -> None:
        """Forget what stands from byte `base` on (an unfinished line, `lines` lines of the last record)."""
        with self._lock:
            last = self._blocks[-1] if self._blocks else None
            if last is not None and last.count:
                if int(last.starts[last.count - 1]) + last.base >= base:
                    last.count -= 1
                    if not last.count:
                        self._blocks.pop()
                else:
                    last.lines[last.count - 1] -= lines
            else:
                self.orphans -= lines
            self.end = base

    def parts(self, since: int | None = None) -> list[Part]:
        """What is known now, in the order of the file; with `since`, only records of this number and later."""
        with self._lock:
            blocks = self._blocks if since is None else [b for b in self._blocks if b.first + b.count > since]
            return [self._part(block, since) for block in blocks]

    def _part(self, block: Block, since: int | None) -> Part:
        skip = 0 if since is None else max(0, since - block.first)
        kept = slice(skip, block.count)
        position = self._blocks.index(block) if block is not self._blocks[-1] else len(self._blocks) - 1
        following = self._blocks[position + 1] if position + 1 < len(self._blocks) else None
        stop = self.end if following is None else int(following.starts[0]) + following.base
        return Part(
            block.first + skip,
            block.starts[kept].astype(np.int64) + block.base,
            block.times[kept],
            block.levels[kept],
            stop,
            following is not None,
        )

    def span(self, number: int) -> tuple[int, int] | None:
        """The bytes (start, stop) of a record; None where there is no such record."""
        with self._lock:
            found = self._find(number)
            if found is None:
                return None
            position, block = found
            row = number - block.first
            start = int(block.starts[row]) + block.base
            if row + 1 < block.count:
                return start, int(block.starts[row + 1]) + block.base
            if position + 1 < len(self._blocks):
                following = self._blocks[position + 1]
                return start, int(following.starts[0]) + following.base
            return start, self.end

    def facts(self, number: int) -> tuple[int, int, int] | None:
        """Time, level and number of lines of a record; None where there is no such record."""
        with self._lock:
            found = self._find(number)
            if found is None:
                return None
            block = found[1]
            row = number - block.first
            return int(block.times[row]), int(block.levels[row]), int(block.lines[row])

    def raise_level(self, number: int, level: int) -> None:
        """Give a record that names no level this one (its exception came later than its first line)."""
        with self._lock:
            found = self._find(number)
            if found is not None and not found[1].levels[number - found[1].first]:
                found[1].levels[number - found[1].first] = level

    def line_number(self, number: int) -> int | None:
        """The 1-based line of the file where a record begins; None until the beginning of the file is indexed."""
        with self._lock:
            found = self._find(number)
            if found is None or self.start > 0:
                return None
            position, block = found
            before = sum(int(other.lines[: other.count].sum()) for other in self._blocks[:position])
            return self.orphans + before + int(block.lines[: number - block.first].sum()) + 1

    def times_between(self) -> tuple[int, int]:
        """The earliest and the latest time known; (NONE, NONE) where there is none."""
        low, high = NONE, NONE
        for part in self.parts():
            timed = part.times[part.times != NONE]
            if len(timed):
                low = int(timed.min()) if low == NONE else min(low, int(timed.min()))
                high = max(high, int(timed.max()))
        return low, high

    def _find(self, number: int) -> tuple[int, Block] | None:
        low, high = 0, len(self._blocks)
        while low < high:
            middle = (low + high) // 2
            if self._blocks[middle].first + self._blocks[middle].count <= number:
                low = middle + 1
            else:
                high = middle
        if low < len(self._blocks) and self._blocks[low].first <= number:
            return low, self._blocks[low]
        return None
