"""The rows of the log view: records of all files, filtered, merged by time. Nothing is copied and nothing is sorted.

Each file's rows are in its own order, which is never changed, whatever its clock did; a record without a time stands
after the record before it. A row's place among all files is counted when it is asked for.
"""

from __future__ import annotations

import os
import time
from collections import deque
from collections.abc import Callable, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import AbstractContextManager
from dataclasses import dataclass

import numpy as np

from cockpit.logs.file import LogFile
from cockpit.logs.levels import Level
from cockpit.logs.parts import Part
from cockpit.logs.rows import FileRows, Picked, at_least
from cockpit.logs.search import Filter

_WINDOW = 96  # rows that are found at once
_REMEMBERED = 4096  # rows
_READERS = min(4, max(2, (os.cpu_count() or 2) // 2))  # threads that read for a filter or a search
_AHEAD = 2 * _READERS  # parts that are read before they are asked for
_FIRST_TOLD, _TOLD_EVERY = 0.03, 0.2  # seconds


@dataclass(frozen=True, slots=True)
class Row:
    """What one row of the view stands for: a record of a file, at the time it is sorted by (microseconds).

    match: whether the filter keeps it for itself, not for one beside it.
    """

    file: LogFile
    number: int
    key: int
    level: Level
    match: bool = True


class View:
    """Rows in the order of time. It changes only in `extend` and `look`; hold the lock of whoever owns it meanwhile."""

    def __init__(self, files: Sequence[LogFile], wanted: Filter, within: View | None = None) -> None:
        """`within`: show only what this view of the same files shows."""
        self.wanted = wanted
        self.files = list(files)
        known = {id(rows.file): rows for rows in within.rows} if within is not None else {}
        self.rows: list[FileRows] = [FileRows(file, wanted, known.get(id(file))) for file in files]
        self.count = 0
        self.version = 0
        """Counts changes of the rows."""
        self._worse: tuple[Level, View] | None = None
        self._found: dict[int, Row] = {}
        if not self.extend():
            self.recount()

    @classmethod
    def of(cls, rows: Sequence[FileRows]) -> View:
        """A view of rows that somebody else made."""
        view = cls([], Filter())
        view.files, view.rows = [each.file for each in rows], list(rows)
        view.extend()
        view.recount()
        return view

    @property
    def pending(self) -> float:
        """How much of all has not been looked at, from 0 to 1."""
        waiting = sum(rows.pending for rows in self.rows)
        return waiting / max(1, sum(len(rows.parts()) for rows in self.rows)) if waiting else 0.0

    def extend(self) -> bool:
        """Take in what the files have gained since; True if rows changed."""
        changed = [rows.refresh() for rows in self.rows]
        if any(changed):
            self.recount()
        return any(changed)

    def look(self, stop: Callable[[], bool], lock: AbstractContextManager[object], told: Callable[[], None]) -> bool:
        """Look at what waits, the newest first, until `stop` says so; False then. Takes `lock` only for moments.

        `told` is called whenever rows have changed, some times a second.
        """
        waiting = [(part, rows) for rows in self.rows for part in rows.waiting()]
        waiting.sort(key=lambda each: each[0].last_key(each[1].file.index.lead), reverse=True)
        found: list[tuple[FileRows, Part, Picked]] = []
        due = time.monotonic() + _FIRST_TOLD
        with ThreadPoolExecutor(_READERS, "log search") as pool:
            reading = deque[Future[Picked]]()
            for nth, (part, rows) in enumerate(waiting, 1):
                while len(reading) < _AHEAD and nth - 1 + len(reading) < len(waiting):
                    following, of = waiting[nth - 1 + len(reading)]
                    reading.append(pool.submit(of.pick, following, stop))
                picked = reading.popleft().result()
                if stop():
                    return False
                found.append((rows, part, picked))
                first = len(picked) and not self.count
                if first or time.monotonic() > due or nth == len(waiting):
                    self._keep(found, lock)
                    told()
                    due = time.monotonic() + _TOLD_EVERY
        return True

    def finish(self) -> None:
        """Look at all that waits, now. For what needs no reading."""
        for rows in self.rows:
            for part in rows.waiting():
                rows.keep(part, rows.pick(part, lambda: False))
        self.recount()

    def _keep(self, found: list[tuple[FileRows, Part, Picked]], lock: AbstractContextManager[object]) -> None:
        with lock:
            for rows, part, picked in found:
                rows.keep(part, picked)
            self.recount()
        found.clear()

    def row(self, position: int) -> Row | None:
        """What stands in a row; None beyond the end."""
        if not 0 <= position < self.count:
            return None
        if position not in self._found:
            self._find(max(0, min(position - _WINDOW // 4, self.count - _WINDOW)))
        return self._found.get(position)

    def place_of(self, row: Row) -> int | None:
        """Where the record of a row (of this view or another of the same files) stands; None where it is not shown."""
        place = self._before(row.file, row.number)
        here = self.row(place)
        return place if here is not None and here.file is row.file and here.number == row.number else None

    def between(self, one: Row, other: Row) -> tuple[int, int]:
        """The rows from one record to another, both included as far as they are shown: the first, and after the last.

        The two may stand in any order.
        """
        before = [self._before(row.file, row.number) for row in (one, other)]
        after = [place + (self.place_of(row) is not None) for place, row in zip(before, (one, other), strict=True)]
        return min(before), max(after)

    def position_of(self, file: LogFile, number: int) -> int:
        """Where a record stands, or where it would (the nearest row in time) if it is not shown."""
        return min(self._before(file, number), max(0, self.count - 1))

    def position_at(self, time: int) -> int:
        """The first row at or after a time (the last row where all are before it)."""
        return min(sum(rows.rank_at(time) for rows in self.rows), max(0, self.count - 1))

    def beside(self, row: Row, step: int) -> Row | None:
        """The nearest row of this view after (step 1) or before (step -1) a row of another view of the same files."""
        place = self._before(row.file, row.number)
        if step < 0:
            return self.row(place - 1)
        return self.row(place + (self.place_of(row) is not None))

    def of_level(self, level: Level) -> View:
        """The rows whose level is at least this, as far as they are known; `look` or `finish` finds the others."""
        if self._worse is None or self._worse[0] != level:
            self._worse = (level, View.of([at_least(rows, level) for rows in self.rows]))
        self._worse[1].extend()
        return self._worse[1]

    def next_of_level(self, position: int, level: Level, step: int) -> int | None:
        """The nearest row after (step 1) or before (step -1) a row whose level is at least this."""
        worse = self.of_level(level)
        worse.finish()
        row = self.row(position)
        found = worse.beside(row, step) if row is not None else worse.row(worse.count - 1) if step < 0 else None
        return self.position_of(found.file, found.number) if found is not None else None

    def recount(self) -> None:
        """Count the rows anew, after some were kept or dropped by hand."""
        for rows in self.rows:
            rows.count()
        self.count = sum(rows.total for rows in self.rows)
        self.version += 1
        self._found.clear()

    def _before(self, file: LogFile, number: int) -> int:
        """How many rows stand before a record, shown or not."""
        if len(self.rows) == 1 and self.files[0] is file:
            return self.rows[0].rank_of(number)
        key = file.index.key_of(number)
        own = next((place for place, other in enumerate(self.files) if other is file), len(self.files))
        counts = [rows.rank_at(key + (place < own)) for place, rows in enumerate(self.rows) if place != own]
        return sum(counts) + (self.rows[own].rank_of(number) if own < len(self.rows) else 0)

    def _find(self, first: int) -> None:
        """Remember what stands in the rows from this one on."""
        if len(self._found) > _REMEMBERED:
            self._found.clear()
        places = self.places(first)
        found = [rows.facts_from(place, _WINDOW) for rows, place in zip(self.rows, places, strict=True)]
        owners = np.repeat(np.arange(len(found)), [len(numbers) for numbers, _, _ in found])
        numbers, keys, levels = (np.concatenate([each[nth] for each in found]) for nth in range(3))
        order = np.argsort(keys, kind="stable")[: min(_WINDOW, self.count - first)]
        merged = (owners[order].tolist(), numbers[order].tolist(), keys[order].tolist(), levels[order].tolist())
        for position, (owner, number, key, level) in enumerate(zip(*merged, strict=True), first):
            rows = self.rows[owner]
            self._found[position] = Row(
                rows.file, number, key, Level(level), not rows.wanted.context or rows.keeps(number)
            )

    def places(self, position: int) -> list[int]:
        """How many rows of each file stand before a row of the view."""
        if len(self.rows) == 1:
            return [position]
        if position >= self.count:
            return [rows.total for rows in self.rows]
        left, filled = self.count - position, [rows for rows in self.rows if rows.total]
        low = min((_key_at(rows, max(0, rows.total - left)) for rows in filled), default=0)
        high = max((_key_at(rows, min(rows.total - 1, position)) for rows in filled), default=0)
        while low < high:  # the key of the row at this position: the least with more rows up to it than stand before
            middle = (low + high) // 2
            if sum(rows.rank_at(middle + 1) for rows in self.rows) > position:
                high = middle
            else:
                low = middle + 1
        places = [rows.rank_at(low) for rows in self.rows]
        left = position - sum(places)
        for nth, rows in enumerate(self.rows):
            same = min(left, rows.rank_at(low + 1) - places[nth])
            places[nth] += same
            left -= same
        return places


def _key_at(rows: FileRows, row: int) -> int:
    """The time a row of a file is sorted by (microseconds)."""
    return int(rows.facts_from(row, 1)[1][0])
