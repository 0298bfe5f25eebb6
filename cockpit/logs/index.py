"""The index of one file: where its records begin, their times and levels, in packed arrays, grown from both ends.

Records are numbered once and for ever: 0 is the first that was indexed (the tail of the file, shown at once); what is
appended later counts up, and what stands earlier in the file, indexed afterwards, counts down from -1.
"""

from __future__ import annotations

import threading
from bisect import bisect_right
from collections import OrderedDict

import numpy as np
import numpy.typing as npt

from cockpit.logs.levels import Levels
from cockpit.logs.packed import PackedTimes
from cockpit.logs.scan import Scan
from cockpit.logs.times import NONE, Times

_CLOSE_AT = 1 << 16  # records in a part that grows before the next is begun
_REMEMBERED = 12  # parts whose keys are kept
_SPAN = 1 << 31  # bytes that a part's offsets reach


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

    def keys(self, lead: int) -> Times:
        """int64[count]: the times that records are sorted by: never falling, `lead` before the first time."""
        keys = np.maximum.accumulate(np.append(self.latest, self.unpacked()))[1:]
        keys[keys == NONE] = lead
        return np.asarray(keys)

    def last_key(self, lead: int) -> int:
        """The greatest of `keys`."""
        highest = max(self.latest, self.high)
        return lead if highest == NONE else highest

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


class _Tail:
    """The part that grows: arrays with room, added to at their end."""

    __slots__ = ("base", "count", "first", "latest", "levels", "lines", "starts", "times")

    def __init__(self, first: int, base: int, latest: int) -> None:
        self.first = first
        self.base = base
        self.count = 0
        self.latest = latest
        self.starts: npt.NDArray[np.uint32] = np.empty(0, np.uint32)
        self.times: Times = np.empty(0, np.int64)
        self.levels: Levels = np.empty(0, np.uint8)
        self.lines: npt.NDArray[np.uint32] = np.empty(0, np.uint32)

    def add(self, base: int, found: Scan) -> None:
        """Append records that begin at byte `base` of the file."""
        total = self.count + len(found.starts)
        if total > len(self.starts):
            room = min(max(1024, total * 2), max(total, 2 * _CLOSE_AT))
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

    def part(self, stop: int, *, closed: bool) -> Part:
        """Its records now. A closed one is packed and has arrays of its own."""
        kept = slice(0, self.count)
        starts, times, levels, lines = self.starts[kept], self.times[kept], self.levels[kept], self.lines[kept]
        if closed:
            packed = PackedTimes(times)
            return Part(
                self.first, self.base, starts.copy(), packed, levels.copy(), lines, stop, self.latest, closed=True
            )
        return Part(self.first, self.base, starts, times, levels, lines, stop, self.latest, closed=False)


class Index:
    """Parts in the order of the file. One thread writes; any thread reads."""

    def __init__(self) -> None:
        self._closed: list[Part] = []
        self._tail: _Tail | None = None
        self._tail_part: tuple[int, Part] | None = None  # the tail as it was at this version
        self._keys: OrderedDict[tuple[int, int, int, int], Times] = OrderedDict()
        self._lock = threading.Lock()
        self._lead = NONE
        self.start = 0
        """First byte that is indexed."""
        self.end = 0
        """The byte after the last that is indexed."""
        self.orphans = 0
        """Lines at the file's very beginning that no record begins before."""
        self.fallback = NONE
        """Where records stand in time while none of the file has one (microseconds)."""
        self.version = 0
        """Counts changes; the same number means that nothing changed."""

    @property
    def first(self) -> int:
        """Number of the earliest record known (≤ 0)."""
        if self._closed:
            return self._closed[0].first
        return self._tail.first if self._tail is not None else 0

    @property
    def stop(self) -> int:
        """The number after the last record."""
        tail = self._tail
        if tail is not None:
            return tail.first + tail.count
        return self._closed[-1].first + self._closed[-1].count if self._closed else 0

    @property
    def lead(self) -> int:
        """The key of records before which the file has no time: its first time, or the fallback."""
        return self._lead if self._lead != NONE else self.fallback

    def append(self, base: int, found: Scan) -> None:
        """Add what a scan of the bytes from `base` on found. Orphans become lines of the last record."""
        with self._lock:
            if found.orphans:
                self._lengthen(found.orphans)
            if len(found.starts):
                tail = self._tail
                if tail is not None and (tail.count >= _CLOSE_AT or base + found.size - tail.base >= _SPAN):
                    self._closed.append(tail.part(base + int(found.starts[0]), closed=True))
                    self._tail = tail = None
                if tail is None:
                    self._tail = tail = _Tail(self.stop, base, self._latest())
                tail.add(base, found)
                self._note_lead(found.times, earlier=False)
            if not self.end:
                self.start = base
            self.end = base + found.size
            if self._tail is None and self._closed:
                self._closed[-1].stop = self.end
            self.version += 1

    def prepend(self, base: int, found: Scan) -> None:
        """Add what a scan of the bytes from `base` up to the first that was indexed found."""
        with self._lock:
            if len(found.starts):
                lines = found.lines
                following = self._following_start()
                if not self._closed and self._tail is None:
                    lines[-1] += self.orphans
                first = self.first - len(found.starts)
                part = Part(
                    *(first, base, found.starts.astype(np.uint32), PackedTimes(found.times), found.levels, lines),
                    *(following, NONE),
                    closed=True,
                )
                self._closed.insert(0, part)
                self._pass_on(part.high)
                self._note_lead(found.times, earlier=True)
            self.orphans = found.orphans
            self.start = base
            self.version += 1

    def drop_last_line(self, base: int, lines: int) -> None:
        """Forget what stands from byte `base` on (an unfinished line, `lines` lines of the last record)."""
        with self._lock:
            tail = self._tail
            if tail is not None and tail.count:
                if int(tail.starts[tail.count - 1]) + tail.base >= base:
                    tail.count -= 1
                    if not tail.count:
                        self._tail = None
                else:
                    tail.lines[tail.count - 1] -= lines
            elif self._closed:
                self._lengthen(-lines)
            else:
                self.orphans -= lines
            self.end = base
            if self._tail is None and self._closed:
                self._closed[-1].stop = base
            self.version += 1

    def parts(self, since: int | None = None) -> list[Part]:
        """What is known now, in the order of the file; with `since`, from the part that holds this number on."""
        with self._lock:
            begin = 0 if since is None else max(0, bisect_right(self._closed, since, key=lambda part: part.first) - 1)
            if since is not None and self._tail is not None and since >= self._tail.first:
                begin = len(self._closed)
            found = self._closed[begin:]
            if self._tail is not None:
                found.append(self._open_part(self._tail))
            return found

    def part_of(self, number: int) -> Part | None:
        """The part that holds a record; None where there is no such record."""
        with self._lock:
            return self._part_of(number)

    def span(self, number: int) -> tuple[int, int] | None:
        """The bytes (start, stop) of a record; None where there is no such record."""
        part = self.part_of(number)
        return None if part is None else (part.start_of(number - part.first), part.start_of(number - part.first + 1))

    def facts(self, number: int) -> tuple[int, int, int] | None:
        """Time, level and number of lines of a record; None where there is no such record."""
        part = self.part_of(number)
        if part is None:
            return None
        row = number - part.first
        at = part.times.at(row) if isinstance(part.times, PackedTimes) else int(part.times[row])
        return at, int(part.levels[row]), part.lines_of(row)

    def key_of(self, number: int) -> int:
        """The time a record is sorted by (microseconds)."""
        part = self.part_of(number)
        return self.lead if part is None else int(self.keys(part)[number - part.first])

    def keys(self, part: Part) -> Times:
        """What `part.keys` gives; those of a few parts are remembered."""
        name = (part.first, part.count, part.latest, self.lead)
        with self._lock:
            known = self._keys.get(name)
        if known is None or not part.closed:
            known = part.keys(self.lead)
            with self._lock:
                self._keys[name] = known
                while len(self._keys) > _REMEMBERED:
                    self._keys.popitem(last=False)
        return known

    def raise_level(self, number: int, level: int) -> None:
        """Give a record that names no level this one (its exception came later than its first line)."""
        with self._lock:
            part = self._part_of(number)
            if part is not None and not part.levels[number - part.first]:
                part.levels[number - part.first] = level
                self.version += 1

    def line_number(self, number: int) -> int | None:
        """The 1-based line of the file where a record begins; None until the beginning of the file is indexed."""
        part = self.part_of(number)
        if part is None or self.start > 0:
            return None
        with self._lock:
            before = sum(other.line_count for other in self._closed if other.first < part.first)
        return self.orphans + before + part.lines_before(number - part.first) + 1

    def times_between(self) -> tuple[int, int]:
        """The earliest and the latest time known; (NONE, NONE) where there is none."""
        with self._lock:
            parts = [*self._closed, *([self._open_part(self._tail)] if self._tail is not None else [])]
        lows = [low for part in parts if (low := _lowest(part)) != NONE]
        return (min(lows), max(part.high for part in parts)) if lows else (NONE, NONE)

    def _part_of(self, number: int) -> Part | None:
        tail = self._tail
        if tail is not None and number >= tail.first:
            return self._open_part(tail) if number < tail.first + tail.count else None
        place = bisect_right(self._closed, number, key=lambda part: part.first) - 1
        if place < 0 or number >= self._closed[place].first + self._closed[place].count:
            return None
        return self._closed[place]

    def _open_part(self, tail: _Tail) -> Part:
        """The part that grows, as it is now."""
        if self._tail_part is None or self._tail_part[0] != self.version:
            self._tail_part = (self.version, tail.part(self.end, closed=False))
        return self._tail_part[1]

    def _lengthen(self, lines: int) -> None:
        """The last record has so many lines more."""
        tail = self._tail
        if tail is not None and tail.count:
            tail.lines[tail.count - 1] = max(0, int(tail.lines[tail.count - 1]) + lines)
        elif self._closed:
            last = self._closed[-1]
            row = last.count - 1
            now = last.lines_of(row) + lines
            if len(last.long_rows) and last.long_rows[-1] == row:
                last.long_lines[-1] = now
            else:
                last.long_rows = np.append(last.long_rows, np.uint32(row))
                last.long_lines = np.append(last.long_lines, np.uint32(now))
            last.line_count += lines
        else:
            self.orphans += lines

    def _latest(self) -> int:
        last = self._closed[-1] if self._closed else None
        return max(last.latest, last.high) if last is not None else NONE

    def _following_start(self) -> int:
        """Where the first record known begins (the end of what is indexed where there is none)."""
        if self._closed:
            return self._closed[0].start_of(0)
        return int(self._tail.starts[0]) + self._tail.base if self._tail is not None else self.end

    def _pass_on(self, high: int) -> None:
        """Tell the parts after the first of a time before them; most know a later one already."""
        for part in [*self._closed[1:], self._tail]:
            if part is None or part.latest >= high:
                return
            part.latest = high

    def _note_lead(self, times: Times, *, earlier: bool) -> None:
        if earlier or self._lead == NONE:
            timed = np.flatnonzero(times != NONE)
            if len(timed):
                self._lead = int(times[timed[0]])


def _lowest(part: Part) -> int:
    if isinstance(part.times, PackedTimes):
        return part.times.low
    timed = part.times[part.times != NONE]
    return int(timed.min()) if len(timed) else NONE
