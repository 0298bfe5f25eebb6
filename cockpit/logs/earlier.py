"""Indexes what stands before the tails of the sources' files, and tells how far that has come."""

from __future__ import annotations

import time
from collections.abc import Callable

from cockpit.aside import Aside, Cancelled
from cockpit.events import Event, LogIndexed
from cockpit.logs import workers
from cockpit.logs.display import Display
from cockpit.logs.file import LogFile
from cockpit.logs.source import SourceSet

_TOLD_EVERY = 0.5  # seconds between two reports of progress
_SHOWN_EVERY = 1.0  # seconds between two looks at the rows while earlier records come in


class Earlier:
    """One thread, and for large files processes too. What it finds is in `shown`, the rest is told to `publish`."""

    def __init__(self, sources: SourceSet, shown: Display, publish: Callable[[Event], None]) -> None:
        self._sources = sources
        self._shown = shown
        self._publish = publish
        self._aside = Aside("log index")
        self._closing = False
        self._told = self._looked = 0.0

    def set_workers(self) -> None:
        """Let processes begin, where that is worth it. To be called while this process has no other threads."""
        found = workers.begin(self._sources.files())
        if found is not None:
            self._told = self._looked = time.monotonic()
            self._aside.ask("workers", lambda cancelled: self._gather(found))

    def index(self) -> None:
        """Index all that is not."""
        self._aside.ask("all", self._index)

    def idle(self, timeout: float) -> bool:
        """Wait until all is indexed; False where the timeout (seconds) came first."""
        return self._aside.idle(timeout)

    def close(self) -> None:
        self._closing = True
        self._aside.close()

    def _gather(self, found: workers.Workers) -> None:
        """Take in what processes find, while it fits to what we have."""
        try:
            for file, stretch in found.stretches():
                if self._closing or not file.join(stretch):
                    break
                self._tell(file, done=not file.earlier)
        finally:
            found.close()

    def _index(self, cancelled: Cancelled) -> None:
        self._told = self._looked = time.monotonic()
        for file in self._sources.files():
            more = True
            while more and not cancelled() and not self._closing:
                more = file.index_earlier()
                self._tell(file, done=not more)
        if not cancelled():
            self._shown.extend_earlier()

    def _tell(self, file: LogFile, *, done: bool) -> None:
        now = time.monotonic()
        if done or now - self._told > _TOLD_EVERY:
            self._told = now
            name = self._sources.of(file).name
            self._publish(LogIndexed(name, file.index.end - file.earlier, file.index.end))
        if now - self._looked > _SHOWN_EVERY or (done and self._sources.progress() >= 1):
            self._looked = now
            self._shown.extend_earlier()
