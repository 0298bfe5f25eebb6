"""What a person has selected of the log view: the records between two of them, however rows come and go around them."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Callable, Iterable, Iterator
from contextlib import AbstractContextManager
from dataclasses import dataclass

import numpy as np

from cockpit.logs.file import LogFile
from cockpit.logs.marks import Spans
from cockpit.logs.parts import Part
from cockpit.logs.places import Rows
from cockpit.logs.rows import FileRows, number_at
from cockpit.logs.view import Row, View

Ends = tuple[FileRows, int, int]

_BATCH = 500  # rows that are found while the lock is held


@dataclass(frozen=True, slots=True)
class Section:
    """Consecutive rows of a view, `first` to `stop - 1`, as it is now: hold its owner's lock to make or ask one."""

    view: View
    first: int
    stop: int

    @property
    def count(self) -> int:
        return self.stop - self.first

    def holds(self, row: Row) -> bool:
        """Whether the record of a row is in it."""
        place = self.view.place_of(row)
        return place is not None and self.first <= place < self.stop

    def ends(self) -> list[Ends]:
        """The rows of each file that has any in it, and the numbers of its first and last record."""
        places = zip(self.view.rows, self.view.places(self.first), self.view.places(self.stop), strict=True)
        return [
            (rows, number_at(rows, first), number_at(rows, stop - 1)) for rows, first, stop in places if first < stop
        ]

    def rows(self, lock: AbstractContextManager[object]) -> Iterator[Row]:
        """Its rows in their order, also while rows come in before or between them.

        Call it while you hold the lock, and go through what it gives without: it is taken for moments.
        """
        first, last = self.view.row(self.first), self.view.row(self.stop - 1)
        if first is None or last is None or not self.count:
            return iter(())
        return _rows_between(self.view, first, last, lock)


def _rows_between(view: View, first: Row, last: Row, lock: AbstractContextManager[object]) -> Iterator[Row]:
    with lock:
        place, stop = view.between(first, last)
    while place < stop:
        with lock:
            batch = [row for at in range(place, min(place + _BATCH, stop)) if (row := view.row(at)) is not None]
        if not batch:
            return
        yield from batch
        with lock:
            place, stop = view.between(batch[-1], last)
            place += 1


def spans(ends: Iterable[Ends]) -> dict[LogFile, Spans]:
    """By file, the bytes of the records of a section. Needs no lock; it may take a moment where there are very many."""
    return {rows.file: _spans(rows, first, last) for rows, first, last in ends}


def _spans(rows: FileRows, first: int, last: int) -> Spans:
    found = []
    for part in rows.parts():
        if part.first <= last and part.first + part.count > first:
            kept = rows.rows_in(part)
            kept = kept[(kept >= first - part.first) & (kept <= last - part.first)]
            edges = np.append(part.starts.astype(np.int64) + part.base, part.stop)
            found.append(np.column_stack((edges[kept], edges[kept + 1])))
    return np.concatenate(found)


@dataclass(frozen=True, slots=True)
class _Among:
    """Keeps the records that some rows held when they were last counted."""

    kept: FileRows
    empty = False
    reads = True
    context = 0

    def pick(self, file: LogFile, part: Part, rows: Rows, cancelled: Callable[[], bool], /) -> Rows:
        """int64[m]: which of these rows of a part (ascending) are among them."""
        parts = self.kept.parts()
        place = bisect_left(parts, part.first, key=lambda each: each.first)
        if place == len(parts) or parts[place].first != part.first:
            return rows[:0]
        held = self.kept.rows_in(parts[place])
        among = np.zeros(part.count, np.bool_)
        among[held[: int(np.searchsorted(held, part.count, "left"))]] = True
        return rows[among[rows]]


class Selection:
    """Begins at a record and reaches to another. Which records that are is settled by the view it was last moved in:

    in another view those of them are selected that are shown there too. Hold the view's lock around all of it.
    """

    def __init__(self) -> None:
        self._ends: tuple[Row, Row] | None = None
        self._indexes: list[object] = []
        self._moved_in: View | None = None
        self._shared: tuple[View, View] | None = None  # a view, and those of its rows that were in the other one

    @property
    def active(self) -> bool:
        """Whether anything was begun; it may be that nothing of it is shown."""
        return self._ends is not None

    def begin(self, view: View, row: Row) -> None:
        """Select this record alone; `extend` it from there."""
        self._ends = row, row
        self._indexes = [row.file.index] * 2
        self._moved_in, self._shared = view, None

    def extend(self, view: View, row: Row | None) -> None:
        """Let it reach from where it began to this record. Nothing happens where none was begun, or to no record."""
        if self._ends is not None and row is not None:
            self._ends = self._ends[0], row
            self._indexes = [self._indexes[0], row.file.index]
            self._moved_in, self._shared = view, None

    def drop(self) -> None:
        self._ends = self._moved_in = self._shared = None

    def section(self, view: View) -> Section | None:
        """What is selected of a view, as far as it is known: `settle` finds the rest.

        None where nothing was begun, or what it ends at was read anew.
        """
        if self._ends is None:
            return None
        if any(end.file.index is not index for end, index in zip(self._ends, self._indexes, strict=True)):
            self.drop()
            return None
        held = self._held(view)
        return Section(held, *held.between(*self._ends))

    @property
    def pending(self) -> bool:
        """Whether it is not known yet what of it the view shows that was asked for last."""
        return self._shared is not None and self._shared[1].pending > 0

    def settle(self, view: View, lock: AbstractContextManager[object]) -> None:
        """Find out what of it a view shows. It may take a moment, and takes the lock only for moments."""
        with lock:
            section = self.section(view)
        if section is not None and section.view is not view:
            section.view.look(lambda: False, lock, lambda: None)

    def _held(self, view: View) -> View:
        before = self._moved_in
        if before is None or before is view or view.wanted.narrows(before.wanted):
            return view
        if view.wanted.everything:
            return before
        if self._shared is None or self._shared[0] is not view:
            kept = {id(rows.file): rows for rows in before.rows}
            shared = [
                FileRows(rows.file, _Among(kept[id(rows.file)]), rows) for rows in view.rows if id(rows.file) in kept
            ]
            self._shared = view, View.of(shared)
        self._shared[1].extend()
        return self._shared[1]
