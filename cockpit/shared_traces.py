"""Samples what sources tell of the requests that several of them know, to see whether their clocks agree. No screen.

Looks first where both would have the same ids if they agree, then as far away as zones are apart. Reads little.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, field

import numpy as np

from cockpit.clock import HOUR, MINUTE, SECOND
from cockpit.insight.clocks import QUARTER, Heard, disagreement
from cockpit.insight.sample import spread
from cockpit.insight.took import took
from cockpit.logs.file import LogFile
from cockpit.logs.parts import Part
from cockpit.logs.record import Record, parse, plain_name
from cockpit.logs.source import Named, Stop
from cockpit.logs.times import NONE, Times
from cockpit.logs.trace_ids import holding_trace, trace_ids
from cockpit.logs.zoned import ahead_of_utc

_READ = 1 << 14  # bytes of a record
_TRIED = 3  # places of a source, from which requests are looked for in another
_PLACES = 16  # … and where that found them elsewhere
_BLOCK = 24  # records at each
_IDS = 8  # requests of these
_AGREE = 2  # of the requests of one place, that must be as far apart as each other …
_WITHIN = MINUTE  # … so nearly
_AROUND = 5 * MINUTE  # in which they are looked for, once it is known how far away
_ROWS = 8_000  # records of these, the nearest
_SEARCHED = 60_000  # records in which the requests of a place are looked for
_EDGE = 10  # the part of a stretch at whose head nothing is taken to begin
_LONG = 60  # records of a request, beyond which an id is none of a request
_FAR = 2 * SECOND  # apart, from which on more is read
_MOST = 6  # pairs of sources without a request in common
_STEPS = [step * side * QUARTER for every in (4, 2, 1) for step in range(every, 57, every) for side in (1, -1)]
_WINDOWS = [
    (-5 * SECOND, 5 * SECOND),
    (-16 * MINUTE, 16 * MINUTE),
    *((step - MINUTE, step + MINUTE) for step in dict.fromkeys(_STEPS) if abs(step) <= 14 * HOUR),
]
"""How far away (microseconds, from and to) requests are looked for: the likeliest first."""


def clocks(files: Sequence[LogFile], named: Named, stop: Stop = lambda: False) -> tuple[str, ...]:
    """Sentences on the sources of these files whose clocks, or zones, seem off. Takes some 10 ms where none is."""
    sources: dict[str, _Source] = {}
    for file in files:
        sources.setdefault(named(file), _Source(named(file))).files.append(file)
    known: list[_Source] = []
    found: list[str] = []
    tries = _MOST
    for source in sources.values():
        if not source.has_ids():
            continue
        for other in known:
            if tries <= 0 or stop():
                return tuple(found)
            apart = _apart(other, source, stop)
            if apart is not None:
                told = _told(other, source, apart, stop) if abs(apart) >= _FAR else ""
                found += [told] if told else []
                break
            tries -= 1
        known.append(source)
    return tuple(found)


@dataclass(slots=True)
class _Seen:
    """A request as a source first tells of it."""

    begun: int
    ahead: int | None
    access: bool


@dataclass(slots=True)
class _Source:
    name: str
    files: list[LogFile] = field(default_factory=list)
    keys: dict[tuple[int, int], Times] = field(default_factory=dict)

    @property
    def count(self) -> int:
        return sum(part.count for _, part in self.parts())

    def parts(self) -> Iterator[tuple[LogFile, Part]]:
        return ((file, part) for file in self.files for part in file.index.parts() if part.count)

    def has_ids(self) -> bool:
        return any(True for _ in self.blocks(1))

    def blocks(self, places: int) -> Iterator[dict[str, _Seen]]:
        """Requests that begin at some places, spread over all records; those without any are left out."""
        parts = list(self.parts())
        ends = np.cumsum([part.count for _, part in parts])
        total = int(ends[-1]) if parts else 0
        for place in spread(total, places + 2)[1:-1].tolist() or [0] * bool(total):
            nth = int(np.searchsorted(ends, place, "right"))
            file, part = parts[nth]
            first = max(0, min(place - int(ends[nth]) + part.count, part.count - _BLOCK))
            found: dict[str, _Seen] = {}
            for row in range(first, min(first + _BLOCK, part.count)):
                self._take(found, file, part, row)
            if found:
                yield dict(list(found.items())[-_IDS:])  # the first of them may have begun before

    def find(self, ids: Collection[str], low: int, high: int, most: int, stop: Stop) -> tuple[dict[str, _Seen], int]:
        """Which of these requests begin in a time (microseconds), in so many records at most: those in the middle. And
        how many records were looked at. What it tells of from the first on may have begun before.
        """
        found: dict[str, _Seen] = {}
        looked, edge = 0, low + (high - low) // _EDGE
        for file, part in self.parts():
            lead = file.index.lead
            if part.last_key(lead) < low or (part.latest != NONE and part.latest > high):
                continue
            keys = self.keys.setdefault((id(file), part.first), part.keys(lead))
            first, end = (int(each) for each in np.searchsorted(keys, (low, high)))
            cut = max(0, end - first - most) // 2
            rows = np.arange(first + cut, end - cut)
            looked += len(rows)
            held = holding_trace(file, part, rows, ids, stop) if len(rows) else rows
            if len(held) > _LONG * len(ids):
                return {}, most
            for row in held.tolist():
                self._take(found, file, part, row, ids)
            if cut and len(rows):
                edge = max(edge, int(keys[rows[len(rows) // _EDGE]]))
        return {value: seen for value, seen in found.items() if seen.begun >= edge}, looked

    def _take(
        self, found: dict[str, _Seen], file: LogFile, part: Part, row: int, wanted: Collection[str] | None = None
    ) -> None:
        """Add what a record tells of requests that were not seen before."""
        at = part.time_of(row)
        if at == NONE:
            return
        form, data = file.forms.of(part.first + row), file.read(part.first + row, _READ)
        record = parse(data, form)
        new = [value for _, value in trace_ids(record) if wanted is None or value in wanted]
        if new and any(value not in found for value in new):
            length = _access(record)
            begun = at - (length or 0)
            seen = _Seen(begun, ahead_of_utc(form, data.partition(b"\n")[0], at), length is not None)
            for value in new:
                found.setdefault(value, seen)


def _access(record: Record) -> int | None:
    """How long a request took (microseconds), by a line of a web server; None where it is none, or does not say."""
    fields = (*record.told, *record.fields)
    names = {plain_name(name) for name, _ in fields}
    if "method" not in names or not names & {"status", "statuscode"}:
        return None
    length = took(record.message, fields, access=True)
    return length.length if length is not None else None


def _apart(one: _Source, other: _Source, stop: Stop) -> int | None:
    """How much later (microseconds) than one the other tells of the same requests, about; None where none was found.

    They are looked for from the one with fewer records.
    """
    few, many, sign = (one, other, 1) if one.count <= other.count else (other, one, -1)
    for block in few.blocks(_TRIED):
        times = sorted(seen.begun for seen in block.values())
        left = _SEARCHED
        for low, high in _WINDOWS:
            found, looked = many.find(block, times[0] + low, times[-1] + high, left, stop)
            left -= looked
            gaps = sorted(seen.begun - block[value].begun for value, seen in found.items())
            middle = gaps[len(gaps) // 2] if gaps else 0
            if sum(abs(gap - middle) <= _WITHIN for gap in gaps) >= min(_AGREE, len(block)):
                return sign * middle
            if left <= 0 or stop():
                break
    return None


def _told(one: _Source, other: _Source, apart: int, stop: Stop) -> str:
    """What is to be said of two sources that tell of the same requests so far apart (microseconds), about."""
    few, many, apart = (one, other, apart) if one.count <= other.count else (other, one, -apart)
    seen: tuple[dict[str, _Seen], dict[str, _Seen]] = ({}, {})
    for block in few.blocks(_PLACES):
        times = sorted(each.begun for each in block.values())
        found, _ = many.find(block, times[0] + apart - _AROUND, times[-1] + apart + _AROUND, _ROWS, stop)
        seen[0].update((value, block[value]) for value in found)
        seen[1].update(found)
    mine, theirs = (_heard(source, each) for source, each in zip((few, many), seen, strict=True))
    return disagreement(mine, theirs) if few is one else disagreement(theirs, mine)


def _heard(source: _Source, seen: dict[str, _Seen]) -> Heard:
    ahead = [each.ahead for each in seen.values() if each.ahead is not None]
    unzoned = len(ahead) * 2 > len(seen)
    access = sum(each.access for each in seen.values()) * 2 > len(seen)
    begun = {value: each.begun for value, each in seen.items()}
    return Heard(source.name, begun, sorted(ahead)[len(ahead) // 2] if unzoned else None, access)
