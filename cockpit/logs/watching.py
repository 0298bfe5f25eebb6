"""Looks at what is logged from a moment on, again and again, for a record that a filter keeps."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np

from cockpit.logs.file import LogFile
from cockpit.logs.levels import Level
from cockpit.logs.parts import Part
from cockpit.logs.printable import printable, text_of
from cockpit.logs.search import Filter
from cockpit.logs.source import SourceSet
from cockpit.logs.view import Row

_SHOWN = 200  # bytes of a line


@dataclass(frozen=True, slots=True)
class Seen:
    """A record that came: the name of its source, the beginning of its first line, and where it stands."""

    source: str
    text: str
    row: Row


class Watching:
    """What has come since a moment. `records`: how many came, kept by the filter or not.

    A record counts by when it comes, whatever its clock says; one of a file that was not known when the watching
    began, by its time.
    """

    def __init__(self, sources: SourceSet, wanted: Filter, began: int, *, resumed: bool = False) -> None:
        """began: microseconds. resumed: it began in the past, and what has come since counts by its time."""
        self.records = 0
        self._sources = sources
        self._wanted = wanted
        self._began = began
        self._next: dict[LogFile, int] = {} if resumed else {file: file.index.stop for file in sources.files()}

    def look(self, until: int, cancelled: Callable[[], bool] = lambda: False) -> Seen | None:
        """The first record that the filter keeps, of those that have come since the last look and before a time."""
        found = [self._look_at(file, until, cancelled) for file in self._sources.files()]
        return next((each for each in found if each is not None), None)

    def _look_at(self, file: LogFile, until: int, cancelled: Callable[[], bool]) -> Seen | None:
        known = self._next.get(file)
        first = file.index.first if known is None else known
        wanted = self._wanted if known is not None else replace(self._wanted, since=self._began, until=until)
        found: Seen | None = None
        for part in file.index.parts(first):
            rows = np.arange(max(0, first - part.first), part.count)
            came = rows if known is not None else rows[file.index.keys(part)[rows] >= self._began]
            self.records += len(came)
            kept = wanted.pick(file, part, came, cancelled) if found is None and len(came) else came[:0]
            if len(kept):
                found = self._seen(file, part, int(kept[0]))
        self._next[file] = max(first, file.index.stop)
        return found

    def _seen(self, file: LogFile, part: Part, place: int) -> Seen:
        record = part.first + place
        line = text_of(file.read(record, _SHOWN).split(b"\n", 1)[0])
        facts = file.index.facts(record)
        level = Level(facts[1]) if facts is not None else Level.NONE
        row = Row(file, record, int(file.index.keys(part)[place]), level)
        return Seen(self._sources.of(file).name, printable(line), row)
