"""The index of one file: where its records begin, their times and levels, in packed arrays, grown from both ends.

Records are numbered once and for ever: 0 is the first that was indexed (the tail of the file, shown at once); what is
appended later counts up, and what stands earlier in the file, indexed afterwards, counts down from -1.
"""

from __future__ import annotations

import threading
from bisect import bisect_right
from collections import OrderedDict
from collections.abc import Iterable

import numpy as np

from cockpit.logs.levels import Level
from cockpit.logs.parts import CLOSE_AT, Part, Stretch, Tail, first_time
from cockpit.logs.scan import Scan
from cockpit.logs.times import NONE, Times

_REMEMBERED = 12  # parts whose keys are kept
_SPAN = 1 << 31  # bytes that a part's offsets reach


class Index:
    """Parts in the order of the file. One thread writes; any thread reads."""

    def __init__(self) -> None:
        self._closed: list[Part] = []
        self._tail: Tail | None = None
        self._keys: OrderedDict[tuple[int, int, int, int, int], Times] = OrderedDict()
        self._lock = threading.Lock()
        self._lead = NONE
        self.start = 0
        """First byte that is indexed."""
        self.end = 0
        """The byte after the last that is indexed."""
        self.orphans = 0
        """Lines at the beginning of what is indexed that no record begins before."""
        self._thrown = False  # whether those tell of an exception
        self.fallback = NONE
        """Where records stand in time while none of the file has one (microseconds)."""
        self.version = 0
        """Counts changes; the same number means that nothing changed."""
        self.cuts = 0
        """How often records were forgotten to be read anew: numbers from a cut on mean others now."""

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
            tail = self._tail
            last = tail if tail is not None else self._closed[-1] if self._closed else None
            if last is None:
                self.orphans += found.orphans
            elif found.orphans:
                last.lengthen(found.orphans)
            if len(found.starts):
                if tail is not None and (tail.count >= CLOSE_AT or base + found.size - tail.base >= _SPAN):
                    self._closed.append(tail.part(base + int(found.starts[0]), closed=True))
                    self._tail = tail = None
                if tail is None:
                    latest = self._closed[-1].reach if self._closed else NONE
                    self._tail = tail = Tail(self.stop, base, latest)
                tail.add(base, found)
                if self._lead == NONE:
                    self._lead = first_time(found.times)
            if not self.end:
                self.start = base
            self.end = base + found.size
            if self._tail is None and self._closed:
                self._closed[-1].stop = self.end
            self.version += 1

    def join(self, found: Stretch) -> None:
        """Add what stands in the bytes up to the first that was indexed. Its parts are this index's afterwards."""
        with self._lock:
            begin = self.first - sum(part.count for part in found.parts)
            for part in found.parts:
                part.first += begin
            if found.parts:
                self._continue(found.parts[-1])
                self._closed[:0] = found.parts
                _pass_on([*self._closed[len(found.parts) :], self._tail], found.parts[-1].reach)
                self._lead = found.lead if found.lead != NONE else self._lead
            self.orphans += found.orphans
            self._thrown |= found.thrown
            self.start = found.start
            self.version += 1

    def closed(self) -> list[Part]:
        """All its records in parts that cannot grow."""
        with self._lock:
            tail = self._tail
            return [*self._closed, *([tail.part(self.end, closed=True)] if tail is not None else [])]

    def drop_last_line(self, base: int, lines: int) -> None:
        """Forget what stands from byte `base` on (an unfinished line, `lines` lines of the last record)."""
        with self._lock:
            tail = self._tail
            last = tail if tail is not None else self._closed[-1] if self._closed else None
            if tail is not None and int(tail.starts[tail.count - 1]) + tail.base >= base:
                tail.count -= 1
                if not tail.count:
                    self._tail = None
            elif last is not None:
                last.lengthen(-lines)
            else:
                self.orphans -= lines
            self.end = base
            if self._tail is None and self._closed:
                self._closed[-1].stop = base
            self.version += 1

    def cut(self, base: int, lines: int) -> None:
        """Forget what stands from byte `base` on, `lines` lines; what is kept of the part that grows is closed."""
        with self._lock:
            tail, self._tail = self._tail, None
            if tail is not None:
                before = int(tail.lines[: tail.count].sum()) - lines
                tail.count = int(np.count_nonzero(tail.starts[: tail.count].astype(np.int64) + tail.base < base))
                if tail.count:
                    tail.lines[tail.count - 1] = before - int(tail.lines[: tail.count - 1].sum())
                    self._closed.append(tail.part(base, closed=True))
            if self._closed:
                self._closed[-1].stop = base
            else:
                self._lead = NONE
            self.end = base
            self.cuts += 1
            self.version += 1

    def parts(self, since: int | None = None) -> list[Part]:
        """What is known now, in the order of the file; with `since`, from the part that holds this number on."""
        with self._lock:
            begin = 0 if since is None else max(0, bisect_right(self._closed, since, key=lambda part: part.first) - 1)
            if since is not None and self._tail is not None and since >= self._tail.first:
                begin = len(self._closed)
            found = self._closed[begin:]
            if self._tail is not None:
                found.append(self._tail.now(self.version, self.end))
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
        return part.time_of(row), int(part.levels[row]), part.lines_of(row)

    def key_of(self, number: int) -> int:
        """The time a record is sorted by (microseconds)."""
        part = self.part_of(number)
        return self.lead if part is None else int(self.keys(part)[number - part.first])

    def keys(self, part: Part) -> Times:
        """What `part.keys` gives; those of a few parts are remembered."""
        name = (part.first, part.count, part.latest, self.lead, 0 if part.closed else self.version)
        with self._lock:
            known = self._keys.get(name)
        if known is None:
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

    def _part_of(self, number: int) -> Part | None:
        tail = self._tail
        if tail is not None and number >= tail.first:
            return tail.now(self.version, self.end) if number < tail.first + tail.count else None
        place = bisect_right(self._closed, number, key=lambda part: part.first) - 1
        if place < 0 or number >= self._closed[place].first + self._closed[place].count:
            return None
        return self._closed[place]

    def _continue(self, part: Part) -> None:
        """Let the last record of a part have the lines at the head of what is indexed, which the part stands before."""
        if self._closed:
            part.stop = self._closed[0].start_of(0)
        elif self._tail is not None:
            part.stop = int(self._tail.starts[0]) + self._tail.base
        else:
            part.stop = max(part.stop, self.end)
        if self.orphans:
            part.lengthen(self.orphans)
        if self._thrown and not part.levels[-1]:
            part.levels[-1] = Level.ERROR
        self.orphans, self._thrown = 0, False


def _pass_on(parts: Iterable[Part | Tail | None], high: int) -> None:
    """Tell parts that follow each other of a time before them; most know a later one already."""
    for part in parts:
        if part is None or part.latest >= high:
            return
        part.latest = high
