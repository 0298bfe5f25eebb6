"""The records of one file that a filter keeps: found part by part, the newest part first, and counted.

A part that cannot change is looked at once; the part that grows only at its new end.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Protocol

import numpy as np
import numpy.typing as npt

from cockpit.logs.around import Around
from cockpit.logs.file import LogFile
from cockpit.logs.levels import Level, Levels
from cockpit.logs.parts import Part
from cockpit.logs.places import Rows
from cockpit.logs.times import Times

Picked = npt.NDArray[np.uint32]
"""Positions within a part, ascending."""

_NOTHING: Rows = np.empty(0, np.int64)


class Wanted(Protocol):
    """What tells the records that are kept; see Filter. `reads`: it takes long, so that it is not done in `refresh`."""

    @property
    def empty(self) -> bool: ...

    @property
    def reads(self) -> bool: ...

    @property
    def context(self) -> int: ...

    def pick(self, file: LogFile, part: Part, rows: Rows, cancelled: Callable[[], bool], /) -> Rows: ...


class FileRows:
    """Rows are counted from the file's beginning. They change only in `refresh`, `keep` and `count`.

    `base`: take only what this other selection of the same file keeps, as far as that has come.
    """

    def __init__(self, file: LogFile, wanted: Wanted, base: FileRows | None = None) -> None:
        self.file = file
        self.wanted = wanted
        self.pending = 0
        """How many parts have not been looked at."""
        self._base = base
        self._parts: list[Part] = []
        self._picked: dict[int, Picked] = {}  # of closed parts, by their first number
        self._open: tuple[Part, Rows] | None = None
        self._ends: npt.NDArray[np.int64] = np.empty(0, np.int64)  # rows up to and with each part
        self._seen: tuple[int, tuple[int, int]] = (-1, (-1, -1))
        self._looked = 0
        self._index = file.index
        self._cuts = file.index.cuts
        self._everything = wanted.empty and base is None
        self._around = Around(wanted.context, self.matches)

    @property
    def total(self) -> int:
        """How many rows there are."""
        return int(self._ends[-1]) if len(self._ends) else 0

    @property
    def version(self) -> tuple[int, int]:
        """Changes whenever rows do."""
        return self._seen[0], self._looked

    def refresh(self) -> bool:
        """Take in what the index has gained; True if that changed anything. Parts that must be read wait for `keep`."""
        base = self._base
        index = self.file.index if base is None else base._index
        seen = (index.version, (0, 0)) if base is None else (base.version[0], base.version)
        if self._seen == seen:
            return False
        self._seen = seen
        if index is not self._index:  # the file was read anew
            self._index, self._open = index, None
            self._picked.clear()
            self._around.clear()
        if self._cuts != index.cuts:  # what was the part that grows was read anew
            self._cuts, self._open = index.cuts, None
            self._around.clear()
        self._parts = index.parts() if base is None else base.parts()
        if not self._everything:
            self._follow_open()
            if not self.wanted.reads:
                for part in self.waiting():
                    self._picked[part.first] = self.pick(part, lambda: False)
        self.count()
        return True

    def waiting(self) -> list[Part]:
        """The closed parts that were not looked at and can be, the newest first."""
        if self._everything:
            return []
        return [
            part
            for part in reversed(self._parts)
            if part.closed and part.first not in self._picked and (self._base is None or self._base.looked_at(part))
        ]

    def pick(self, part: Part, stop: Callable[[], bool]) -> Picked:
        """What `keep` is to be told of a part. Reads it; changes nothing; worthless where `stop` said so."""
        return self.wanted.pick(self.file, part, self._offered(part), stop).astype(np.uint32)

    def keep(self, part: Part, picked: Picked) -> None:
        """These positions of a part are rows; `count` afterwards."""
        self._picked[part.first] = picked
        self._looked += 1

    def rows_in(self, part: Part) -> Rows:
        """int64[m]: the positions in a part of its records that are kept, ascending; none before it was looked at."""
        if self._everything:
            return np.arange(part.count)
        if self.wanted.context:
            return self._around.rows(self._parts, part)
        return self.matches(part).astype(np.int64)

    def keeps(self, number: int) -> bool:
        """Whether a record is kept for itself, not for one beside it; as far as it was looked at."""
        if self._everything:
            return True
        part = self.file.index.part_of(number)
        if part is None:
            return False
        matches = self.matches(part)
        place = int(np.searchsorted(matches, number - part.first))
        return place < len(matches) and int(matches[place]) == number - part.first

    def matches(self, part: Part) -> npt.NDArray[np.integer]:
        """The positions in a part of the records that the filter keeps for themselves."""
        if part.closed:
            return self._picked.get(part.first, _NOTHING)
        return self._open[1] if self._open is not None and self._open[0].first == part.first else _NOTHING

    def parts(self) -> list[Part]:
        """The parts as they were at the last refresh."""
        return self._parts

    def facts_from(self, row: int, most: int) -> tuple[Rows, Times, Levels]:
        """int64[m], int64[m], uint8[m]: numbers, keys and levels of the rows from one on, at most so many."""
        numbers: list[Rows] = []
        keys: list[Times] = []
        levels: list[Levels] = []
        place = int(np.searchsorted(self._ends, row, "right"))
        while most > 0 and place < len(self._parts):
            part = self._parts[place]
            inside = row - (int(self._ends[place - 1]) if place else 0)
            stop = min(inside + most, part.count)
            rows = np.arange(inside, stop) if self._everything else self.rows_in(part)[inside : inside + most]
            numbers.append(rows + part.first)
            keys.append(self.file.index.keys(part)[rows])
            levels.append(part.levels[rows])
            row, most, place = row + len(rows), most - len(rows), place + 1
        if len(numbers) == 1:
            return numbers[0], keys[0], levels[0]
        if not numbers:
            return _NOTHING, _NOTHING, np.empty(0, np.uint8)
        return np.concatenate(numbers), np.concatenate(keys), np.concatenate(levels)

    def rank_of(self, number: int) -> int:
        """How many rows stand before a record, shown or not."""
        place = bisect_right(self._parts, number, key=lambda part: part.first) - 1
        if place < 0:
            return 0
        part = self._parts[place]
        before = int(self._ends[place - 1]) if place else 0
        if self._everything:
            return before + min(number - part.first, part.count)
        return before + int(np.searchsorted(self.rows_in(part), number - part.first, "left"))

    def rank_at(self, key: int) -> int:
        """How many rows are sorted before a time (microseconds)."""
        lead = self.file.index.lead
        place = bisect_left(self._parts, key, key=lambda part: part.last_key(lead))
        before = int(self._ends[place - 1]) if place else 0
        if place >= len(self._parts):
            return before
        part = self._parts[place]
        inside = int(np.searchsorted(self.file.index.keys(part), key, "left"))
        if self._everything:
            return before + inside
        return before + int(np.searchsorted(self.rows_in(part), inside, "left"))

    def looked_at(self, part: Part) -> bool:
        """Whether it is known which rows of a closed part are kept."""
        return self._everything or part.first in self._picked

    def _offered(self, part: Part) -> Rows:
        return np.arange(part.count) if self._base is None else self._base.rows_in(part)

    def _follow_open(self) -> None:
        """Look at the new end of the part that grows; its last record is looked at again, for it may have grown."""
        if self._open is not None:
            first = self._open[0].first
            place = bisect_left(self._parts, first, key=lambda part: part.first)
            part = self._parts[place] if place < len(self._parts) else None
            if part is not None and part.first == first and part.closed and first not in self._picked:
                self._picked[first] = self._grown(part).astype(np.uint32)
        last = self._parts[-1] if self._parts else None
        self._open = (last, self._grown(last)) if last is not None and not last.closed else None

    def _grown(self, part: Part) -> Rows:
        """The rows of a part, of which those that are known of it already need no second look."""
        known, since = _NOTHING, 0
        if self._open is not None and self._open[0].first == part.first:
            since = max(0, min(self._open[0].count, part.count) - 1)
            known = self._open[1]
        kept = known[: int(np.searchsorted(known, since, "left"))]
        offered = self._offered(part)
        offered = offered[int(np.searchsorted(offered, since, "left")) :]
        return np.concatenate((kept, self.wanted.pick(self.file, part, offered, lambda: False)))

    def count(self) -> None:
        """Count the rows anew."""
        if self._everything:
            counts = [part.count for part in self._parts]
        else:
            shown = self.rows_in if self.wanted.context else self.matches
            counts = [len(shown(part)) for part in self._parts]
            self.pending = sum(part.closed and part.first not in self._picked for part in self._parts)
        self._ends = np.cumsum(counts, dtype=np.int64)


def matched(rows: FileRows) -> Iterator[tuple[Part, npt.NDArray[np.integer] | None]]:
    """The parts that were looked at, and the positions in each of the records kept for themselves (None: all)."""
    for part in rows.parts():
        if rows.wanted.empty:
            yield part, None
        elif not part.closed or rows.looked_at(part):
            yield part, rows.matches(part)


@dataclass(frozen=True, slots=True)
class _AtLeast:
    """Keeps records of this level or worse."""

    level: Level
    empty = False
    reads = True
    context = 0

    def pick(self, file: LogFile, part: Part, rows: Rows, cancelled: Callable[[], bool], /) -> Rows:
        return rows[part.levels[rows] >= self.level]


def number_at(rows: FileRows, row: int) -> int:
    """The number of the record in a row."""
    return int(rows.facts_from(row, 1)[0][0])


def at_least(rows: FileRows, level: Level) -> FileRows:
    """Those of the rows whose level is at least this. Closed parts wait for `keep`, for there may be many."""
    return FileRows(rows.file, _AtLeast(level), rows)
