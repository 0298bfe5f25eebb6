"""What is shown of the logs: the rows that the filter keeps, and those among them that the search found.

What must be read for either is read aside, the newest first; the bus is told as rows appear.
"""

from __future__ import annotations

import threading
from collections.abc import Callable
from pathlib import Path

from cockpit.aside import Aside, Cancelled
from cockpit.events import Event, SearchProgressed, ViewChanged, ViewGrew
from cockpit.logs.export import rows_of, write
from cockpit.logs.fields import Signer
from cockpit.logs.histogram import Counted
from cockpit.logs.marks import Marks, follow, marked_in
from cockpit.logs.places import Pattern
from cockpit.logs.rows import matched
from cockpit.logs.search import Filter
from cockpit.logs.source import SourceSet
from cockpit.logs.view import Row, View


class Display:
    """`lock` guards `view` and `hits`: hold it while reading several things that must fit together."""

    def __init__(self, sources: SourceSet, publish: Callable[[Event], None]) -> None:
        self.lock = threading.RLock()
        self.wanted = Filter()
        self.signer: Signer | None = None
        """Who knows the signatures of records, for filters that name one."""
        self.sought: Pattern | None = None
        self.view = View([], Filter())
        self.hits: View | None = None
        self.searching = False
        self._built = 0  # how often the view was made anew
        self.marks = Marks()
        self._marked: tuple[View, int, View] | None = None  # of which view, at which version of the marks
        self._sources = sources
        self._publish = publish
        self._closing = threading.Event()
        self._aside = Aside("log display")

    @property
    def version(self) -> tuple[int, int]:
        """Changes whenever the rows shown do."""
        return self._built, self.view.version

    def matched(self) -> tuple[View, list[Counted]]:
        """The view, and for each of its parts that was looked at the records that the filter keeps for themselves."""
        with self.lock:
            parts = [(id(rows.file), part, picked) for rows in self.view.rows for part, picked in matched(rows)]
            return self.view, parts

    def filter(self, wanted: Filter) -> None:
        """Show only what is wanted. Rows appear as they are found, those of the end first."""
        self.wanted = wanted.signed(self.signer)
        self.rebuild()

    def search(self, pattern: Pattern | None) -> None:
        """Look for a pattern in what is shown. Hits come aside, told by SearchProgressed."""
        self.sought = pattern
        if pattern is None:
            with self.lock:
                self.hits, self.searching = None, False
            self._publish(SearchProgressed())
            return
        self.searching = True
        self._aside.ask("search", self._find_hits)

    def next_hit(self, row: Row | None, step: int) -> Row | None:
        """The nearest hit after (1) or before (-1) a row; from no row, the last one."""
        with self.lock:
            if self.hits is None:
                return None
            return self.hits.beside(row, step) if row is not None else self.hits.row(self.hits.count - 1)

    def marked(self) -> View:
        """The rows shown that are marked, as far as they are known: `look` finds the others. Hold the lock to ask."""
        known = self._marked
        if known is None or known[0] is not self.view or known[1] != self.marks.version:
            version = self.marks.version
            self._marked = known = (self.view, version, marked_in(self.view, self.marks))
        else:
            follow(known[2], self.marks)
        return known[2]

    def next_mark(self, row: Row | None, step: int) -> tuple[Row | None, bool]:
        """The nearest mark after (1) or before (-1) a row, and whether it was found only from the other end on.

        It may take a moment where very many records are marked.
        """
        with self.lock:
            marked = self.marked()
        marked.look(self._closing.is_set, self.lock, lambda: None)
        with self.lock:
            found = marked.beside(row, step) if row is not None else None
            if found is not None:
                return found, False
            return marked.row(0 if step > 0 else marked.count - 1), True

    def rebuild(self) -> None:
        """Show what is wanted of the files that there are now."""
        with self.lock:
            named = self.wanted.sources
            files = [file for source in self._sources if not named or source.name in named for file in source.files]
            self.view = View(files, self.wanted)
            self._built += 1
            self.hits = None
        self._publish(ViewChanged())
        self._look()

    def extend(self) -> None:
        """Take in what was appended to the files."""
        with self.lock:
            grown = self.view.extend()
            found = self.hits is not None and self.hits.extend()
            waiting = self.view.pending or (self.hits is not None and self.hits.pending)
        if grown:
            self._publish(ViewGrew())
        if found:
            self._publish(SearchProgressed())
        if waiting:
            self._look()

    def extend_earlier(self) -> None:
        """Take in records that stand before those known."""
        with self.lock:
            changed = self.view.extend()
        if changed:
            self._publish(ViewChanged())
        self._look()

    def write_to(self, path: Path) -> int:
        """Write the exact bytes of the rows shown to a new file; returns how many. Raises OSError."""
        with self.lock:
            rows = View(self.view.files, self.wanted)
        rows.look(self._closing.is_set, threading.Lock(), lambda: None)
        return write(rows_of(rows), path)

    def idle(self, timeout: float) -> bool:
        """Wait until nothing is being looked for."""
        return self._aside.idle(timeout)

    def close(self) -> None:
        self._closing.set()
        self._aside.close()

    def _look(self) -> None:
        """Read on, where a filter or a search must read."""
        if self.view.pending:
            self._aside.ask("view", self._find_rows)
        if self.sought is not None:
            self.searching = True
            self._aside.ask("search", self._find_hits)

    def _find_rows(self, cancelled: Cancelled) -> None:
        with self.lock:
            view = self.view
            view.extend()
        view.look(lambda: cancelled() or self._closing.is_set(), self.lock, lambda: self._publish(ViewChanged()))

    def _find_hits(self, cancelled: Cancelled) -> None:
        sought = self.sought
        if sought is None:
            return
        with self.lock:
            if self.hits is None or self.hits.wanted.within != (sought,) or self.hits.files != self.view.files:
                self.hits = View(self.view.files, Filter(within=(sought,)), self.view)
            hits = self.hits
            hits.extend()
        done = hits.look(
            lambda: cancelled() or self._closing.is_set(), self.lock, lambda: self._publish(SearchProgressed())
        )
        if done and not cancelled():
            self.searching = False
            self._publish(SearchProgressed())
