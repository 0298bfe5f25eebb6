"""All open sources together: follows them, indexes their past, keeps the view of them and the search in it.

Two threads: one follows (what is new matters most), one answers questions and indexes earlier records between them.
What they find is published on the bus; the stores are right before it is.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from pathlib import Path

from cockpit.aside import Aside, Cancelled
from cockpit.bus import Bus
from cockpit.clock import Clock
from cockpit.events import (
    Event,
    HistogramChanged,
    LogGrew,
    LogIndexed,
    SearchProgressed,
    SourceChanged,
    ViewChanged,
    ViewGrew,
)
from cockpit.logs.histogram import Histogram, PartCounts
from cockpit.logs.search import Filter, Pattern
from cockpit.logs.source import Source, SourceSet
from cockpit.logs.view import Row, View
from cockpit.watch import Watch, Watcher

_POLL = 1.0
_TOLD_EVERY = 0.25  # seconds between two reports of progress
_SHOWN_EVERY = 0.5  # seconds between two looks at the rows while earlier records come in


class LogDesk:
    """The open sources, the rows that are shown of them, and the rows that a search found.

    `lock` guards `view` and `hits`: hold it while reading several things that must fit together.
    """

    def __init__(self, bus: Bus, watcher: Watcher, clock: Clock) -> None:
        self.lock = threading.RLock()
        self.sources = SourceSet()
        self.wanted = Filter()
        self.sought: Pattern | None = None
        self.view = View([], Filter())
        self.hits: View | None = None
        self.searching = False
        self.counts: Histogram | None = None
        self._part_counts = PartCounts()
        self._bus = bus
        self._watcher = watcher
        self._clock = clock
        self._watches: list[Watch] = []
        self._wake = threading.Event()
        self._closing = threading.Event()
        self._follower = threading.Thread(target=self._follow, name="follower", daemon=True)
        self._aside = Aside("log questions")
        self._indexer = Aside("log index")

    def add(self, path: Path, name: str, live: Callable[[], bool] | None = None) -> Source:
        """Open a source; its tail is in the view when this returns. Raises SourceError, and yet keeps trying it."""
        source = Source(path, name, self._clock, live)
        self.sources.append(source)
        self._watches.append(self._watcher.watch(path, self._wake.set))
        try:
            source.open()
        finally:
            self._rebuild_now()
        return source

    def start(self) -> None:
        """Begin to follow, and to index what stands before the tails."""
        self._follower.start()
        self._indexer.ask("earlier", self._index_all)

    def close(self) -> None:
        self._closing.set()
        self._wake.set()
        for watch in self._watches:
            watch.close()
        self._aside.close()
        self._indexer.close()
        if self._follower.ident is not None:
            self._follower.join(2.0)
        for source in self.sources:
            source.close()

    def filter(self, wanted: Filter) -> None:
        """Show only what is wanted. Rows appear as they are found, those of the end first."""
        self.wanted = wanted
        self._rebuild_now()

    def search(self, pattern: Pattern | None) -> None:
        """Look for a pattern in what is shown. Hits come aside, told by SearchProgressed."""
        self.sought = pattern
        if pattern is None:
            with self.lock:
                self.hits, self.searching = None, False
            self._bus.publish(SearchProgressed())
            return
        self.searching = True
        self._aside.ask("search", self._find_hits)

    def next_hit(self, row: Row | None, step: int) -> Row | None:
        """The nearest hit after (1) or before (-1) a row; from no row, the last one."""
        with self.lock:
            if self.hits is None:
                return None
            return self.hits.beside(row, step) if row is not None else self.hits.row(self.hits.count - 1)

    def count_over(self, low: int, high: int, buckets: int) -> None:
        """Count lines and errors between two times (microseconds) aside; told by HistogramChanged."""

        def count(cancelled: Cancelled) -> None:
            parts = ((id(file), part) for file in self.sources.files() for part in file.index.parts())
            self.counts = self._part_counts.histogram(parts, low, high, buckets)
            if not cancelled():
                self._bus.publish(HistogramChanged())

        self._aside.ask("histogram", count)

    def idle(self, timeout: float) -> bool:
        """Wait until all questions are answered and all is indexed (for tests and headless use)."""
        return self._indexer.idle(timeout) and self._aside.idle(timeout)

    def _follow(self) -> None:
        while not self._closing.is_set():
            self._wake.wait(_POLL)
            self._wake.clear()
            while self._step_all() and not self._closing.is_set():
                self._extend()

    def _step_all(self) -> bool:
        changed = False
        for source in list(self.sources):
            changed |= self._step(source)
        return changed

    def _step(self, source: Source) -> bool:
        before = (source.state, len(source.files))
        changed = source.step()
        if before != (source.state, len(source.files)):
            self._publish(SourceChanged(source.name))
            self._rebuild_now()
            self._indexer.ask("earlier", self._index_all)
        elif changed:
            self._publish(LogGrew(source.name))
        return changed

    def _extend(self) -> None:
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

    def _rebuild_now(self) -> None:
        """Show what is wanted of all files. What must be read for it is read aside; rows appear as they are found."""
        with self.lock:
            self.view = View(self.sources.files(), self.wanted)
            self.hits = None
        self._publish(ViewChanged())
        self._look()

    def _look(self) -> None:
        """Read on, where a filter or a search must read."""
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

    def _index_all(self, cancelled: Cancelled) -> None:
        told = shown = time.monotonic()
        for source in self.sources:
            for file in source.files:
                while not cancelled() and not self._closing.is_set():
                    more = file.index_earlier()
                    now = time.monotonic()
                    if now - told > _TOLD_EVERY or not more:
                        told = now
                        self._publish(LogIndexed(source.name, file.index.end - file.earlier, file.index.end))
                    if now - shown > _SHOWN_EVERY:
                        shown = now
                        self._show_earlier()
                    if not more:
                        break
        if not cancelled():
            self._show_earlier()

    def _show_earlier(self) -> None:
        """Take in records that stand before those known."""
        with self.lock:
            changed = self.view.extend()
        if changed:
            self._publish(ViewChanged())
        self._look()

    def _publish(self, event: Event) -> None:
        if not self._closing.is_set():
            self._bus.publish(event)
