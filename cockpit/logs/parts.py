"""Stretches of a file's records, in packed arrays: those that are complete, and the one that grows."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from cockpit.logs.levels import Levels
from cockpit.logs.packed import PackedTimes
from cockpit.logs.scan import Scan
from cockpit.logs.times import NONE, Times

CLOSE_AT = 1 << 16
"""How many records a part holds before the next is begun."""


class Part:
    """Consecutive records: numbers `first` to `first + count - 1`. Only `stop` and `latest` ever change in it.

    starts: uint32[count], bytes from `base`; levels: uint8[count]; `stop`: the byte after its last record; `closed`:
    no record will be added. Times are kept packed. `latest`: the latest time before it in the file, as far as known.
    """

    __slots__ = (
        *("base", "closed", "count", "first", "high", "latest", "levels", "line_count"),
        *("long_lines", "long_rows", "starts", "stop", "times"),
    )

    def __init__(
        self,
        first: int,
        base: int,
        starts: npt.NDArray[np.uint32],
        times: PackedTimes | Times,
        levels: Levels,
        lines: npt.NDArray[np.uint32],
        stop: int,
        latest: int,
        *,
        closed: bool,
    ) -> None:
        self.first = first
        self.base = base
        self.count = len(starts)
        self.starts = starts
        self.times = times
        self.levels = levels
        self.long_rows = np.flatnonzero(lines != 1).astype(np.uint32)
        self.long_lines = lines[self.long_rows]
        self.line_count = int(lines.sum())
        self.stop = stop
        self.latest = latest
        self.closed = closed
        self.high = times.high if isinstance(times, PackedTimes) else int(times.max()) if self.count else NONE

    def unpacked(self) -> Times:
        """int64[count]: microseconds since the epoch, NONE where a record has no time."""
        return self.times.unpacked() if isinstance(self.times, PackedTimes) else self.times

    def time_of(self, row: int) -> int:
        """Microseconds since the epoch, NONE where the record has no time."""
        return self.times.at(row) if isinstance(self.times, PackedTimes) else int(self.times[row])

    def keys(self, lead: int) -> Times:
        """int64[count]: the times that records are sorted by: never falling, `lead` before the first time."""
        keys = np.maximum.accumulate(np.append(self.latest, self.unpacked()))[1:]
        keys[keys == NONE] = lead
        return np.asarray(keys)

    @property
    def reach(self) -> int:
        """The latest time up to its end."""
        return max(self.latest, self.high)

    def last_key(self, lead: int) -> int:
        """The greatest of `keys`."""
        return lead if self.reach == NONE else self.reach

    def lengthen(self, lines: int) -> None:
        """Its last record has so many lines more."""
        row = self.count - 1
        now = self.lines_of(row) + lines
        if len(self.long_rows) and self.long_rows[-1] == row:
            self.long_lines[-1] = now
        else:
            self.long_rows = np.append(self.long_rows, np.uint32(row))
            self.long_lines = np.append(self.long_lines, np.uint32(now))
        self.line_count += lines

    def start_of(self, row: int) -> int:
        """The byte of the file at which a record begins (`stop` for the one after the last)."""
        return int(self.starts[row]) + self.base if row < self.count else self.stop

    def lines_of(self, row: int) -> int:
        """How many lines a record has."""
        place = int(np.searchsorted(self.long_rows, row))
        return int(self.long_lines[place]) if place < len(self.long_rows) and self.long_rows[place] == row else 1

    def lines_before(self, row: int) -> int:
        """How many lines the records before this one have."""
        place = int(np.searchsorted(self.long_rows, row))
        return row + int(self.long_lines[:place].sum()) - place


@dataclass(frozen=True, slots=True)
class Stretch:
    """Bytes `start` to `stop` of a file, read on their own: both stand at a line's beginning.

    parts: its records, numbered from 0. `orphans`: lines at its head that continue a record before it; `thrown`:
    whether they tell of an exception. `lead`: its first time (microseconds; NONE where it has none).
    """

    start: int
    stop: int
    parts: list[Part]
    orphans: int
    thrown: bool
    lead: int


def one_part(base: int, found: Scan) -> Stretch:
    """What a scan of the bytes from `base` on found, as a stretch."""
    times = PackedTimes(found.times)
    starts, stop = found.starts.astype(np.uint32), base + found.size
    part = Part(0, base, starts, times, found.levels, found.lines, stop, NONE, closed=True)
    return Stretch(base, stop, [part] if part.count else [], found.orphans, False, first_time(found.times))


class Tail:
    """The part that grows: arrays with room, added to at their end."""

    __slots__ = ("_now", "base", "count", "first", "latest", "levels", "lines", "starts", "times")

    def __init__(self, first: int, base: int, latest: int) -> None:
        self.first = first
        self.base = base
        self.count = 0
        self.latest = latest
        self.starts: npt.NDArray[np.uint32] = np.empty(0, np.uint32)
        self.times: Times = np.empty(0, np.int64)
        self.levels: Levels = np.empty(0, np.uint8)
        self.lines: npt.NDArray[np.uint32] = np.empty(0, np.uint32)
        self._now: tuple[int, Part] | None = None

    def add(self, base: int, found: Scan) -> None:
        """Append records that begin at byte `base` of the file."""
        total = self.count + len(found.starts)
        if total > len(self.starts):
            room = min(max(1024, total * 2), max(total, 2 * CLOSE_AT))
            for name in ("starts", "times", "levels", "lines"):
                old = getattr(self, name)
                larger = np.empty(room, old.dtype)
                larger[: self.count] = old[: self.count]
                setattr(self, name, larger)
        new = slice(self.count, total)
        self.starts[new] = found.starts + np.uint32(base - self.base)
        self.times[new] = found.times
        self.levels[new] = found.levels
        self.lines[new] = found.lines
        self.count = total

    def now(self, version: int, stop: int) -> Part:
        """Its records as they are at a version of the index, which ends at byte `stop`."""
        if self._now is None or self._now[0] != version:
            self._now = (version, self.part(stop, closed=False))
        return self._now[1]

    def part(self, stop: int, *, closed: bool) -> Part:
        """Its records now. A closed one is packed and has arrays of its own."""
        kept = slice(0, self.count)
        starts, times, levels, lines = self.starts[kept], self.times[kept], self.levels[kept], self.lines[kept]
        if closed:
            starts, levels = starts.copy(), levels.copy()
        kept_times = PackedTimes(times) if closed else times
        return Part(self.first, self.base, starts, kept_times, levels, lines, stop, self.latest, closed=closed)

    def lengthen(self, lines: int) -> None:
        """Its last record has so many lines more."""
        self.lines[self.count - 1] = max(0, int(self.lines[self.count - 1]) + lines)


def first_time(times: Times) -> int:
    """The first time that is one; NONE where there is none."""
    timed = np.flatnonzero(times != NONE)
    return int(times[timed[0]]) if len(timed) else NONE


def times_between(parts: Iterable[Part]) -> tuple[int, int]:
    """The earliest and the latest time of all records (microseconds); (NONE, NONE) where there is none."""
    low, high = NONE, NONE
    for part in parts:
        lowest = _lowest(part)
        if lowest != NONE:
            low = lowest if low == NONE else min(low, lowest)
            high = max(high, part.high)
    return low, high


def record_at_byte(parts: Iterable[Part], byte: int) -> int | None:
    """The number of the record that a byte of the file belongs to; None where it is in none of these parts."""
    for part in parts:
        if part.count and part.start_of(0) <= byte < part.stop:
            return part.first + int(np.searchsorted(part.starts, byte - part.base, "right")) - 1
    return None


def record_of_line(parts: Iterable[Part], line: int) -> int | None:
    """The number of the record that holds a line, counted from 0 at the first record; None beyond the last."""
    for part in parts:
        if line < part.line_count:
            low, high = 0, part.count
            while low + 1 < high:
                middle = (low + high) // 2
                low, high = (middle, high) if part.lines_before(middle) <= line else (low, middle)
            return part.first + low
        line -= part.line_count
    return None


def _lowest(part: Part) -> int:
    if isinstance(part.times, PackedTimes):
        return part.times.low
    timed = part.times[part.times != NONE]
    return int(timed.min()) if len(timed) else NONE
