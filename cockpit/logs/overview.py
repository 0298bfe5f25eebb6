"""Where among all rows shown the hits of the search, the errors and the marks stand, counted for a scroll bar."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from cockpit.aside import Aside, Cancelled
from cockpit.events import Event, OverviewCounted
from cockpit.logs.display import Display
from cockpit.logs.levels import Level
from cockpit.logs.rows import number_at
from cockpit.logs.view import View

Counts = npt.NDArray[np.int64]

_BEYOND = 1 << 62  # more than any number of a record
_RESTS = 9  # times as long as a count took, before the next


@dataclass(frozen=True, slots=True)
class Overview:
    """int64[cells] each: how many stand in each of so many equal stretches of the rows shown, the first row first.

    Where there are fewer rows than cells, each has a cell of its own and the last cells have none.
    """

    hits: Counts
    errors: Counts
    marks: Counts


class Surveyor:
    """Counts aside when asked, a tenth of the time at most. `found`: what was counted last; told by OverviewCounted."""

    def __init__(self, shown: Display, publish: Callable[[Event], None]) -> None:
        self.found: Overview | None = None
        self._shown = shown
        self._publish = publish
        self._edges: _Edges | None = None
        self._counted: object = None  # what `found` was counted of
        self._rested = 0.0  # when it may be counted again
        self._closing = threading.Event()
        self._aside = Aside("log overview")

    def ask(self, cells: int) -> None:
        """Count for a bar of this height, once what is being counted is done."""
        self._aside.ask("overview", lambda cancelled: self._count(cells, cancelled))

    def idle(self, timeout: float) -> bool:
        return self._aside.idle(timeout)

    def close(self) -> None:
        self._closing.set()
        self._aside.close()

    def _count(self, cells: int, _replaced: Cancelled) -> None:
        """A newer question does not end this one, or where questions come fast none would be answered."""
        if self._closing.wait(max(0.0, self._rested - time.monotonic())):
            return
        began = time.monotonic()
        shown = self._shown
        with shown.lock:
            view, hits, marks = shown.view, shown.hits, shown.marked()
            errors = view.of_level(Level.ERROR)
        for each in (errors, marks):
            if not each.look(self._closing.is_set, shown.lock, lambda: None):
                return
        with shown.lock:
            kinds = [each for each in (hits, errors, marks) if each is None or each.files == view.files]
            versions = [[rows.version for rows in each.rows] for each in (view, *kinds) if each is not None]
            state = (view, cells, versions, hits, marks)
        if len(kinds) == 3 and state != self._counted:
            edges = self._edges_of(view, cells)
            self.found = Overview(*(edges.counts(each) for each in kinds))
            self._counted = state
            self._publish(OverviewCounted())
        self._rested = time.monotonic() + _RESTS * (time.monotonic() - began)

    def _edges_of(self, view: View, cells: int) -> _Edges:
        if self._edges is None or not self._edges.fit(view, cells):
            self._edges = _Edges(view, cells, self._shown.lock)
        return self._edges


class _Edges:
    """The records at which the rows of one cell end and those of the next begin. Takes the lock for moments."""

    def __init__(self, view: View, cells: int, lock: AbstractContextManager[object]) -> None:
        self._view = view
        self._cells = cells
        self._lock = lock
        self._rows = view.count
        span = max(self._rows, cells)
        self._numbers = [self._numbers_at(span * cell // cells) for cell in range(1, cells)]

    def fit(self, view: View, cells: int) -> bool:
        """Whether they still are the edges, or would move less than half a cell."""
        grown = view.count - self._rows
        return view is self._view and cells == self._cells and 0 <= grown * 2 * cells < max(1, self._rows)

    def counts(self, found: View | None) -> Counts:
        """int64[cells]: how many rows of another view of the same files stand in each cell."""
        if found is None or not found.count:
            return np.zeros(self._cells, np.int64)
        ranks = [0]
        for numbers in self._numbers:
            with self._lock:
                ranks.append(sum(rows.rank_of(number) for rows, number in zip(found.rows, numbers, strict=True)))
        return np.diff([*ranks, max(ranks[-1], found.count)])

    def _numbers_at(self, position: int) -> list[int]:
        """For each file, the number of its first record from this row on."""
        with self._lock:
            places = self._view.places(min(position, self._view.count)) if self._view.rows else []
            return [
                number_at(rows, place) if place < rows.total else _BEYOND
                for rows, place in zip(self._view.rows, places, strict=True)
            ]
