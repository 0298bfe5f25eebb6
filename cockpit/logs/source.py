"""A place lines come from, followed by its path: files that grow, rotate, are truncated, vanish and come back."""

from __future__ import annotations

import os
from collections.abc import Callable
from enum import Enum
from pathlib import Path

from cockpit.clock import Clock, to_local
from cockpit.logs.feeds.feed import Feed, FeedState
from cockpit.logs.feeds.siblings import rotated_between
from cockpit.logs.file import LogFile, SourceError
from cockpit.logs.formats import Teller
from cockpit.logs.parts import times_between
from cockpit.logs.times import NONE

_TELLER = Teller()


class State(Enum):
    """What a source is doing."""

    LIVE = "live"
    RECONNECTING = "reconnecting"
    DELETED = "deleted, waiting for it to come back"
    FAILED = "failed"
    ENDED = "ended"


class Source:
    """A followed path. `files`: every file that stood there while we watched, oldest first; the last one is current.

    `state` and `why` say what it is doing; `remarks` are (time, sentence) of what happened to it: rotated, truncated.
    """

    def __init__(self, path: Path, name: str, clock: Clock, feed: Feed | None = None, tell: Teller = _TELLER) -> None:
        """`feed`: what writes a spool; None for an ordinary file. `tell`: tells its format."""
        self.path = path
        self.name = name
        self.files: list[LogFile] = []
        self.state = State.FAILED
        self.why = "not opened yet"
        self.remarks: list[tuple[int, str]] = []
        self._clock = clock
        self.feed = feed
        self.tell = tell

    def open(self) -> None:
        """Open the file and index its tail. Raises SourceError; the source stays and `step` tries again."""
        try:
            self._open_current()
        except SourceError as error:
            self.state, self.why = State.FAILED, str(error)
            raise

    def step(self) -> bool:
        """Look at the path and read on; True if anything changed. Call again until False."""
        before = (self.state, len(self.files))
        if not self.files:
            try:
                self._open_current()
            except SourceError as error:
                self.why = str(error)
                return self.state is not before[0]
            return True
        current = self.files[-1]
        identity = _identity(self.path)
        if identity in (None, current.identity) and current.overwritten():
            self._go_on_after_truncation(current)
            identity = _identity(self.path)
        if identity is None:
            self.state = State.DELETED if self.state is State.LIVE else self.state
        elif identity != self.files[-1].identity and not self._holds(identity):
            while self._grow(self.files[-1]):
                pass
            last = self.files[-1]
            self._try_next("rotated")
            if self.files[-1] is not last:
                self._open_missed(last)
        elif self.state is State.DELETED:
            self.state = State.LIVE
        self._let_go_of_removed()
        grown = [self._grow(file) for file in self.files[-2:]]
        if self.feed is not None:
            self.state, self.why = _STATES[self.feed.state], self.feed.why
        return any(grown) or before != (self.state, len(self.files))

    def close(self) -> None:
        for file in self.files:
            file.close()

    def _grow(self, file: LogFile) -> bool:
        """Read on in a file. One that was empty, and then holds no text, is told, and looked at again and again."""
        try:
            grown = file.grow()
        except SourceError as error:
            self.state, self.why = State.FAILED, str(error)
            return False
        if grown and self.state is State.FAILED:
            self.state, self.why = State.LIVE, ""
        return grown

    def _open_current(self) -> None:
        self.files.append(LogFile(self.path, self._clock.now(), self.tell))
        self.state, self.why = State.LIVE, ""

    def _try_next(self, how: str) -> None:
        try:
            self._open_current()
        except SourceError as error:
            self.state, self.why = State.FAILED, str(error)
            return
        now = self._clock.now()
        self.remarks.append((now, f"{self.name} was {how} at {to_local(now):%H:%M:%S}"))

    def _open_missed(self, last: LogFile) -> None:
        """What came and was rotated away since we looked, between the last file we had and the one opened just now."""
        current = self.files[-1]
        counted_up = self.feed is not None
        missed, found = rotated_between(self.path, last.identity, current.identity, counted_up=counted_up)
        if not found and self.feed is None:
            return  # moved to where we do not know it: nothing beside it need have come after it
        now = self._clock.now()
        if not found:
            self.remarks.append((now, f"{self.name}: it came faster than it could be read: lines are missing"))
        for path in missed:
            try:
                self.files.insert(len(self.files) - 1, LogFile(path, now, self.tell))
            except SourceError as error:
                self.remarks.append((now, f"{self.name}: lines are missing: {error}"))

    def _go_on_after_truncation(self, current: LogFile) -> None:
        """The lines we have seen live on in a copy beside it (copytruncate), or are gone; the path begins anew."""
        copy = next((path for path in _siblings(self.path) if current.adopt(path)), None)
        if copy is not None:
            while self._grow(current):
                pass
            self._try_next(f"copied to {copy.name} and truncated")
        else:
            current.gone = f"truncated away at {to_local(self._clock.now()):%H:%M:%S}"
            self._try_next("truncated")

    def _let_go_of_removed(self) -> None:
        """A bounded spool empties its oldest part before it removes it: hold it open no longer."""
        for file in self.files[:-1]:
            if not file.gone and file.index.end and not file.size():
                file.gone = "the oldest lines were removed to keep the spool within its bound"
                file.close()

    def _holds(self, identity: tuple[int, int]) -> bool:
        """Whether a file we already have came back to the path (renamed away and back)."""
        for position, file in enumerate(self.files):
            if file.identity == identity and not file.gone:
                self.files.append(self.files.pop(position))
                return True
        return False


_STATES = {
    FeedState.LIVE: State.LIVE,
    FeedState.RECONNECTING: State.RECONNECTING,
    FeedState.ENDED: State.ENDED,
    FeedState.FAILED: State.FAILED,
}


Stop = Callable[[], bool]
"""Whether nobody wants the answer any more."""
Named = Callable[[LogFile], str]
"""The name of the source that a file is of."""


class SourceSet(list[Source]):
    """All open sources, and what they know together."""

    def files(self) -> list[LogFile]:
        """Every file of every source, in the order in which they were opened."""
        return [file for source in self for file in source.files]

    def of(self, file: LogFile) -> Source:
        """The source a file belongs to."""
        return next(source for source in self if file in source.files)

    def named(self) -> Named:
        """Tells the name of the source that a file is of, as the sources are now; of any other file, its own."""
        names = {file: source.name for source in self for file in source.files}
        return lambda file: names.get(file, file.path.name)

    def records(self) -> int:
        """How many records are known, shown or not."""
        return sum(file.index.stop - file.index.first for file in self.files())

    def version(self) -> int:
        """Changes whenever the index of a file does."""
        return sum(file.index.version for file in self.files()) + len(self.files())

    def progress(self) -> float:
        """How much of all bytes is indexed, from 0 to 1."""
        total = sum(file.index.end for file in self.files())
        return 1 - sum(file.earlier for file in self.files()) / total if total else 1.0

    def span(self) -> tuple[int, int]:
        """The earliest and the latest time of all records known (microseconds; NONE where there is none)."""
        spans = [span for file in self.files() if (span := times_between(file.index.parts()))[0] != NONE]
        if not spans:
            return NONE, NONE
        return min(low for low, _ in spans), max(high for _, high in spans)


def _identity(path: Path) -> tuple[int, int] | None:
    try:
        stat = os.stat(path)
    except OSError:
        return None
    return stat.st_dev, stat.st_ino


def _siblings(path: Path) -> list[Path]:
    """Files beside a log that carry its name and more (app.log.1, app.log-20261123), newest first."""
    try:
        found = [other for other in path.parent.iterdir() if other.name.startswith(path.name) and other != path]
        return sorted(found, key=lambda other: other.stat().st_mtime_ns, reverse=True)[:8]
    except OSError:
        return []
