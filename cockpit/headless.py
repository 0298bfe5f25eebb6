"""Logs read without a screen or an incident: what the headless commands print."""

from __future__ import annotations

import tempfile
import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import msgspec
import numpy as np

from cockpit.cataloguing import Catalogue
from cockpit.clock import Clock, parse_time
from cockpit.logs.export import LineNumbers, as_object, rows_of, template
from cockpit.logs.feeds.feed import Feed, FeedState
from cockpit.logs.feeds.opening import feed_for
from cockpit.logs.file import LogFile, SourceError
from cockpit.logs.find import expand, gather, names_for, parse_source
from cockpit.logs.formats import Teller
from cockpit.logs.own_formats import teller
from cockpit.logs.query import QueryError, narrowed, parse_level
from cockpit.logs.saved_filters import SavedFilters
from cockpit.logs.search import Filter
from cockpit.logs.source import Source
from cockpit.logs.times import NONE
from cockpit.logs.view import Row, View
from cockpit.paths import filters_file, own_formats_dir
from cockpit.zones import Zones

_QUIET = 3.0  # seconds without a byte after which a feed that does not end is read as it is
_LOOK = 0.2  # seconds between two looks at what was written


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which records, as a person says it. limit: the last so many; None: all; saved: the name of a saved filter.

    zones: of times that name none, by source (see Zones).
    """

    where: str
    grep: Sequence[str]
    level: str | None
    since: str | None
    until: str | None
    limit: int | None
    as_format: str = ""
    traces: Sequence[str] = ()
    zones: Mapping[str, str] = field(default_factory=dict)
    saved: str = ""

    def filter(self, now: int) -> Filter:
        """Raises QueryError, SavedFiltersError."""
        try:
            since = parse_time(self.since, now) if self.since else None
            until = parse_time(self.until, now) if self.until else None
        except ValueError as error:
            raise QueryError(str(error)) from None
        if not all(self.traces):
            raise QueryError("--trace names no trace id.")
        wanted = Filter()
        if self.saved:
            wanted = narrowed(wanted, SavedFilters(filters_file()).named(self.saved), now)
        if self.level:
            wanted = replace(wanted, level=parse_level(self.level))
        if since is not None:
            wanted = replace(wanted, since=since)
        if until is not None:
            wanted = replace(wanted, until=until)
        if self.traces:
            wanted = replace(wanted, traces=tuple(self.traces))
        if self.where.strip():
            wanted = narrowed(wanted, self.where, now)
        for text in self.grep:
            from cockpit.logs.places import compile_pattern

            wanted = replace(wanted, within=(*wanted.within, compile_pattern(text)))
        return wanted


class Headless:
    """Opens sources and reads their records. `problems`: sentences about what could not be opened."""

    def __init__(self, sources: Sequence[str], wanted: Wanted, clock: Clock, standard_input: int | None) -> None:
        """Raises QueryError for an expression, a level or a time that cannot be understood, SavedFiltersError."""
        self.problems: list[str] = []
        self._catalogue = Catalogue(())
        self._wanted = wanted.filter(clock.now()).signed(self._catalogue)
        self._limit = wanted.limit
        self._sources: list[Source] = []
        self._lines = LineNumbers()
        tell = teller(own_formats_dir(), wanted.as_format, self.problems)
        self._feeds: list[Feed] = []
        self._spools = tempfile.TemporaryDirectory(prefix="cockpit-records-")
        paths: list[Path] = []
        for text in sources:
            try:
                named = parse_source(text)
                if named.is_path:
                    paths += [path for path in gather(named).paths if path not in paths]
                else:
                    feed = feed_for(named, Path(self._spools.name), clock, standard_input)
                    self._feeds.append(feed)
                    feed.start()
            except SourceError as error:
                self.problems.append(str(error))
        zones = Zones(wanted.zones)

        def made(path: Path, name: str, feed: Feed | None = None) -> Source:
            return Source(path, name, clock, feed, replace(tell, zone=zones.of(name, path)))

        opened = [made(path, name) for path, name in zip(paths, names_for(paths), strict=True)]
        opened += [made(feed.path, feed.name, feed) for feed in self._feeds]
        for feed in self._feeds:
            _settle(feed)
            if feed.state is FeedState.FAILED:
                self.problems.append(feed.why)
        for source in opened:
            try:
                source.open()
                self._sources.append(source)
            except SourceError as error:
                self.problems.append(str(error))

    @property
    def since(self) -> int | None:
        """From when on records are wanted, microseconds; None: all."""
        return self._wanted.since

    @property
    def files(self) -> list[LogFile]:
        return [file for source in self._sources for file in source.files]

    def described(self) -> list[dict[str, Any]]:
        """Each source: name, path, format, records."""
        return [
            {
                "name": source.name,
                "path": str(file.path),
                "format": file.form.name,
                "records": file.index.stop - file.index.first,
            }
            for source in self._sources
            for file in source.files
        ]

    def overwritten(self) -> list[str]:
        """The sources whose file was truncated or written anew since it was indexed."""
        return [source.name for source in self._sources if any(file.overwritten() for file in source.files)]

    def rows(self, *, follow: bool) -> Iterator[Row]:
        """The rows wanted, merged by time; with `follow` it goes on with what is appended, and never ends."""
        view = self.view()
        yield from rows_of(view, max(0, view.count - self._limit) if self._limit is not None else 0)
        while follow:
            threading.Event().wait(_LOOK)
            yield from self._appended(view)
            view = self._view()

    def view(self) -> View:
        """All rows wanted, as they are now."""
        self.index_all()
        if self._wanted.signs:
            self._number_all()
        return self._view()

    def index_all(self) -> None:
        """Index everything that is wanted by its time."""
        for file in self.files:
            if self._wanted.since is not None:
                file.begin_at(self._wanted.since)
            while file.index_earlier():
                pass

    def name_of(self, file: LogFile) -> str:
        """The name of the source that a file is of."""
        return next(source.name for source in self._sources if file in source.files)

    def line_of(self, row: Row) -> int | None:
        """The 1-based line of its file at which the record of a row begins; None where it is gone."""
        return self._lines.of(row)

    def jsonl(self, row: Row) -> bytes:
        """A record as one JSON object on a line."""
        return msgspec.json.encode(self._object(row)) + b"\n"

    def signed(self, row: Row) -> bytes:
        """The same, with the id of its signature. The first time, all that is indexed is read for that."""
        return msgspec.json.encode({**self._object(row), "signature": self._signature(row)}) + b"\n"

    def shaped(self, text: str) -> Callable[[Row], bytes]:
        """What fills a template with a record. Raises TemplateError."""
        fill = template(text)
        return lambda row: fill(self._object(row)).encode("utf-8", "replace") + b"\n"

    def close(self) -> None:
        for source in self._sources:
            source.close()
        for feed in self._feeds:
            feed.close(keep=False)
        self._spools.cleanup()

    def _object(self, row: Row) -> dict[str, Any]:
        source = next(source for source in self._sources if row.file in source.files)
        return as_object(row, source.name, self._lines.of(row))

    def _signature(self, row: Row) -> str | None:
        found = self._catalogue.id_of(row.file, row.number)
        if found is None:
            self._number_all()
            found = self._catalogue.id_of(row.file, row.number)
        return found

    def _number_all(self) -> None:
        """Read all that is indexed and not read for its signatures, in the order of time."""
        self._catalogue.files = self.files
        while self._catalogue.grow():
            pass

    def _view(self) -> View:
        named = self._wanted.sources
        files = [file for source in self._sources if not named or source.name in named for file in source.files]
        view = View(files, self._wanted)
        view.look(lambda: False, threading.Lock(), lambda: None)
        return view

    def _appended(self, before: View) -> Iterator[Row]:
        """What was written since, in the order in which it is found. The last record may have grown meanwhile."""
        known = {id(file): file.index.stop for file in before.files}
        for source in self._sources:
            while source.step():
                pass
        view = self._view()
        for row in rows_of(view):
            if row.number >= known.get(id(row.file), row.file.index.first):
                yield row


def raw(row: Row) -> bytes:
    """The exact bytes of a record."""
    return row.file.read(row.number)


def _settle(feed: Feed) -> None:
    """Wait until a feed has ended, or, where it goes on for ever, until nothing has come for a while."""
    quiet, size = 0.0, -1
    while feed.live and quiet < _QUIET:
        if feed.size != size:
            quiet, size = 0.0, feed.size
        threading.Event().wait(_LOOK)
        quiet += _LOOK


def told_of(names: Sequence[str], zones: Mapping[str, str]) -> tuple[list[dict[str, Any]], list[str]]:
    """How each file is read: path, format, why, zone, lines, records, timed and levelled (fractions); what failed.

    zone: in which times are read that name none, None: the host's. `zones`: see Zones.
    """
    found: list[dict[str, Any]] = []
    problems: list[str] = []
    tell = teller(own_formats_dir(), "", problems)
    for name in names:
        try:
            for path in expand(name):
                zone = Zones(zones).of(path.name, path)
                found.append(_told_of(path, replace(tell, zone=zone)))
        except SourceError as error:
            problems.append(str(error))
    return found, problems


def known_formats() -> list[str]:
    """The names of the formats that are told apart by themselves."""
    from cockpit.logs.known import KNOWN, WRAPPERS

    return [each.name for each in (*KNOWN, *WRAPPERS)]


def _told_of(path: Path, tell: Teller) -> dict[str, Any]:
    from cockpit.clock import SystemClock

    file = LogFile(path, SystemClock().now(), tell)
    try:
        while file.index_earlier():
            pass
        parts = file.index.parts()
        records = sum(part.count for part in parts)
        timed = sum(int(np.count_nonzero(part.unpacked() != NONE)) for part in parts)
        levelled = sum(int(np.count_nonzero(part.levels)) for part in parts)
        return {
            "path": str(path),
            "format": file.form.name,
            "why": file.form.why,
            "zone": file.form.zone.name if file.form.zone is not None else None,
            "lines": file.index.orphans + sum(part.line_count for part in parts),
            "records": records,
            "timed": timed / max(1, records),
            "levelled": levelled / max(1, records),
        }
    finally:
        file.close()
