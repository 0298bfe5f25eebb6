"""All open sources together: follows them, indexes their past, keeps the view of them and the search in it.

Two threads: one follows (what is new matters most), one answers questions and indexes earlier records between them.
What they find is published on the bus; the stores are right before it is.
"""

from __future__ import annotations

import logging
import threading
from dataclasses import replace
from pathlib import Path

from cockpit.aside import Aside, Cancelled
from cockpit.bus import Bus
from cockpit.clock import Clock
from cockpit.events import Event, HistogramChanged, LogGrew, SourceChanged
from cockpit.logs.display import Display
from cockpit.logs.earlier import Earlier
from cockpit.logs.feeds.feed import Feed
from cockpit.logs.file import LogFile
from cockpit.logs.formats import Teller
from cockpit.logs.histogram import Histogram, PartCounts
from cockpit.logs.overview import Surveyor
from cockpit.logs.source import Source, SourceSet, State
from cockpit.logs.view import View
from cockpit.watch import Watch, Watcher
from cockpit.zones import Zones

log = logging.getLogger(__name__)

_POLL = 1.0
_GATHER = 0.02  # seconds that lines are let come in before they are read, while they come without pause


class LogDesk:
    """The open sources, and what is shown of them."""

    def __init__(self, bus: Bus, watcher: Watcher, clock: Clock) -> None:
        self.sources = SourceSet()
        self.tell = Teller()
        """Tells the formats of what is opened."""
        self.zones = Zones()
        """In which zones the times of what is opened are that name none."""
        self.since: int | None = None
        """Nothing that was logged before is indexed (microseconds); None: everything."""
        self.shown = Display(self.sources, self._publish)
        self.overview = Surveyor(self.shown, self._publish)
        self.counts: Histogram | None = None
        self._part_counts = PartCounts()
        self._shown_counts = PartCounts()
        self._counted: View | None = None  # the view that `_shown_counts` counts
        self._bus = bus
        self._watcher = watcher
        self._clock = clock
        self._watches: list[Watch] = []
        self._wake = threading.Event()
        self._closing = threading.Event()
        self._follower = threading.Thread(target=self._follow, name="follower", daemon=True)
        self._aside = Aside("log questions")
        self._earlier = Earlier(self.sources, self.shown, self._publish)

    def add(self, path: Path, name: str, feed: Feed | None = None) -> Source:
        """Open a source; its tail is in the view when this returns. Raises SourceError, and yet keeps trying it.

        `feed`: what writes the file, where that is a spool.
        """
        tell = replace(self.tell, zone=self.zones.of(name, path))
        source = Source(path, name, self._clock, feed, tell)
        self.sources.append(source)
        self._watches.append(self._watcher.watch(path, self._wake.set))
        try:
            source.open()
            if self.since is not None:
                source.files[-1].begin_at(self.since)
        finally:
            self.shown.rebuild()
        return source

    def add_earlier(self, name: str, path: Path) -> None:
        """Open a file that holds what was logged before all that is known of a source. Raises SourceError."""
        source = next(source for source in self.sources if source.name == name)
        source.files.insert(0, LogFile(path, self._clock.now(), source.tell))
        self.shown.rebuild()
        self._publish(SourceChanged(name))
        self._earlier.index()

    def opened(self) -> None:
        """All that was named is open. To be called while this process has no other threads."""
        self._earlier.set_workers()

    def start(self, *, follow: bool = True) -> None:
        """Begin to follow, and to index what stands before the tails."""
        if follow:
            self._follower.start()
        self._earlier.index()

    def close(self) -> None:
        self._closing.set()
        self._wake.set()
        for watch in self._watches:
            watch.close()
        self._aside.close()
        self.overview.close()
        self.shown.close()
        self._earlier.close()
        if self._follower.ident is not None:
            self._follower.join(2.0)
        for source in self.sources:
            source.close()

    def count_over(self, low: int, high: int, buckets: int) -> None:
        """Count lines and errors between two times (microseconds) aside; told by HistogramChanged.

        While a filter is in force only the records that it keeps for themselves count, not those shown around them.
        """

        def count(cancelled: Cancelled) -> None:
            if self.shown.wanted.everything:
                every = ((id(file), part, None) for file in self.sources.files() for part in file.index.parts())
                self.counts = self._part_counts.histogram(every, low, high, buckets)
            else:
                view, matched = self.shown.matched()
                if view is not self._counted:
                    self._counted, self._shown_counts = view, PartCounts()
                self.counts = replace(self._shown_counts.histogram(matched, low, high, buckets), filtered=True)
            if not cancelled():
                self._bus.publish(HistogramChanged())

        self._aside.ask("histogram", count)

    def idle(self, timeout: float) -> bool:
        """Wait until all questions are answered and all is indexed (for tests and headless use)."""
        asides = (self._earlier, self._aside, self.shown, self.overview)
        return all(each.idle(timeout) for each in asides)

    def _follow(self) -> None:
        while not self._closing.is_set():
            self._wake.wait(_POLL)
            self._wake.clear()
            while self._step_all() and not self._closing.is_set():
                self.shown.extend()
                self._closing.wait(_GATHER)

    def _step_all(self) -> bool:
        changed = False
        for source in list(self.sources):
            changed |= self._step(source)
        return changed

    def _step(self, source: Source) -> bool:
        before = (source.state, len(source.files))
        try:
            changed = source.step()
        except Exception as error:  # of one source: the others are followed on, and this one is tried again
            changed = False
            if source.state is not State.FAILED:
                log.exception("following %s", source.name)
            source.state, source.why = State.FAILED, f"{source.name} could not be read on: {error}"
        if before != (source.state, len(source.files)):
            self._publish(SourceChanged(source.name))
            self.shown.rebuild()
            self._earlier.index()
        elif changed:
            self._publish(LogGrew(source.name))
        return changed

    def _publish(self, event: Event) -> None:
        if not self._closing.is_set():
            self._bus.publish(event)
