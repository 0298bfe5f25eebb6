"""Collects traces from open logs: one whole, a sample of others of its kind, and the next that failed alike.

To be called aside: it searches, and reads some thousand records. Every question ends when its time is up or `stop`
says so, and tells how far it came.
"""

from __future__ import annotations

import time
from collections.abc import Iterator, Sequence
from contextlib import nullcontext
from dataclasses import dataclass

import numpy as np
import re2

from cockpit.clock import MINUTE, SECOND
from cockpit.insight.path import Path, Step, path_of
from cockpit.insight.sample import spread
from cockpit.insight.signature import signature_of, template_of
from cockpit.insight.took import begun, took
from cockpit.logs.export import rows_of
from cockpit.logs.file import LogFile
from cockpit.logs.levels import Level
from cockpit.logs.parts import Part, times_between
from cockpit.logs.places import Pattern, Rows, holding
from cockpit.logs.record import parse, plain_name
from cockpit.logs.search import Filter
from cockpit.logs.source import Named, Stop
from cockpit.logs.times import NONE
from cockpit.logs.trace_ids import trace_ids
from cockpit.logs.view import Row, View
from cockpit.logs.zoned import ahead_of_utc

MOST = 10_000
"""Records of a trace that are read: the first nine tenths, and the last."""
_HEAD = 9  # tenths of MOST that are its first records
_READ = 1 << 16  # bytes of a record
_OTHERS = 60  # traces that are read to tell what is usual
_OTHERS_RECORDS = 400  # of each
_PARTS = 32  # of each file, in which others are looked for
_AROUND = (10 * SECOND, MINUTE)  # before and after a record, where its trace is looked for
_TRIED = 4000  # records that are read to find the next failing trace
_GOLDEN = (5**0.5 - 1) / 2
_STATUS = ("status", "statuscode")

_Place = tuple[int, int, int]
"""Where a record stands among all: its time (microseconds), the place of its file, its number in that."""


@dataclass(frozen=True, slots=True)
class Trace:
    """The records of a trace id. rows: those that were read, in the order of the path; count: how many there are.

    complete: whether everything that is open was looked at. until: microseconds, the last time in the logs it is in
    (NONE: they tell none).
    """

    id: str
    path: Path
    rows: tuple[Row, ...]
    count: int
    complete: bool
    until: int


@dataclass(frozen=True, slots=True)
class Others:
    """Other traces of the same kind, in the order of time, with their ids; complete: not cut short by the time."""

    paths: tuple[Path, ...]
    traces: tuple[Trace, ...]
    complete: bool


def collect(files: Sequence[LogFile], named: Named, trace_id: str, stop: Stop) -> Trace:
    """All records of a trace id in these files, as a path."""
    view = View(files, Filter(traces=(trace_id,)))
    looked = view.look(stop, nullcontext(), lambda: None)
    return traced(list(_ends_of(view)), view.count, named, trace_id, looked and not any(file.earlier for file in files))


def traced(rows: Sequence[Row], count: int, named: Named, trace_id: str, complete: bool = True) -> Trace:
    """The trace of these rows, merged by time, of `count` in all."""
    path = path_of([_step(row, named) for row in rows], count - len(rows), _HEAD * MOST // 10)
    own = list({id(row.file): row.file for row in rows}.values())
    last = max((high for file in own if (high := times_between(file.index.parts())[1]) != NONE), default=NONE)
    return Trace(trace_id, path, tuple(rows[nth] for nth in path.order), count, complete, last)


def others_of(files: Sequence[LogFile], named: Named, trace: Trace, stop: Stop, patience: float = 3.0) -> Others:
    """A sample of other traces that begin as this one does, spread over all that is indexed. patience: seconds."""
    until = time.monotonic() + patience

    def over() -> bool:
        return stop() or time.monotonic() > until

    found: dict[str, Trace] = {}
    likeness = _likeness_of(trace)
    if likeness is None:
        return Others((), (), True)
    reach = _reach(trace)
    like = [file for file in files if named(file) == named(likeness.file)]
    for row, value in _others_ids(like, likeness, trace.id, over):
        if value not in found:
            other = _near(files, named, value, row, reach, over)
            if over():
                break
            found[value] = other
        if len(found) >= _OTHERS:
            break
    ordered = sorted(found.values(), key=lambda each: each.path.started or 0)
    return Others(tuple(each.path for each in ordered), tuple(ordered), not over())


@dataclass(frozen=True, slots=True)
class Failing:
    """The next failing trace: its id and the record of it that is the error. wrapped: it comes before this one."""

    id: str
    row: Row
    wrapped: bool


def next_failing(files: Sequence[LogFile], trace: Trace, stop: Stop) -> Failing | None:
    """The next trace with the same error, by the time of its error, then by where it stands; after the last the first.

    None where there is no other, or this trace has no error.
    """
    place = trace.path.error
    likeness = _likeness(trace.rows[place], trace.path.steps[place], trace.id) if place is not None else None
    if place is None or likeness is None:
        return None
    row = trace.rows[place]
    here = (row.key, next((nth for nth, file in enumerate(files) if file is row.file), len(files)), row.number)
    after = _first_of(files, likeness, trace.id, (here, None), stop)
    if after is not None or stop():
        return after
    return _first_of(files, likeness, trace.id, (None, here), stop)


@dataclass(frozen=True, slots=True)
class _Likeness:
    """What tells records like one: their template, a word they hold, and whether they are errors.

    file: where the one stands; field: what names its trace id; status: how their messages begin, of an access log.
    """

    file: LogFile
    template: str
    pattern: Pattern
    error: bool
    field: str
    status: str

    def rows(self, file: LogFile, part: Part, stop: Stop) -> Rows:
        """int64[m]: the records of a part that may be alike."""
        rows = np.flatnonzero(part.levels >= Level.ERROR) if self.error else np.arange(part.count)
        return rows[holding(file, part, rows, self.pattern, stop)] if len(rows) else rows

    def trace_of(self, file: LogFile, number: int) -> str:
        """The trace id of a record, where it is alike and has one; else empty."""
        record = parse(file.read(number, _READ), file.forms.of(number))
        if template_of(record.message) != self.template or not record.message.startswith(self.status):
            return ""
        ids = trace_ids(record)
        return next((value for name, value in ids if name == self.field), ids[0][1] if ids else "")


def _likeness_of(trace: Trace) -> _Likeness | None:
    """What other traces begin with: the first step that has words and is no error; else the first with words."""
    likely = sorted(range(min(len(trace.rows), 20)), key=lambda nth: (trace.path.steps[nth].level >= Level.ERROR, nth))
    for nth in likely:
        found = _likeness(trace.rows[nth], trace.path.steps[nth], trace.id)
        if found is not None:
            return found
    return None


def _likeness(row: Row, step: Step, trace_id: str) -> _Likeness | None:
    data = row.file.read(row.number, _READ)
    record = parse(data, row.file.forms.of(row.number))
    signature = signature_of(record.message)
    word = next((each for each in signature.words if each.encode() in data), None)
    if word is None:
        return None
    pattern = Pattern(word, re2.escape(word), True, (word.encode(),))
    field = next((name for name, value in trace_ids(record) if value == trace_id), "")
    error = step.level >= Level.ERROR
    status = record.message.partition(" ")[0] if step.access and error else ""
    return _Likeness(row.file, signature.template, pattern, error, field, status)


def _others_ids(files: Sequence[LogFile], likeness: _Likeness, own: str, stop: Stop) -> Iterator[tuple[Row, str]]:
    """Records like the first of a trace, spread over the files of its source, each with its trace id."""
    parts = [(file, part) for file in files for part in file.index.parts() if part.count]
    order = sorted(range(len(parts)), key=lambda nth: (nth + 1) * _GOLDEN % 1.0)[:_PARTS]
    quota = max(4, -(-_OTHERS // max(1, len(order))))
    rest: list[tuple[LogFile, Part, list[int]]] = []
    for nth in order:
        rows = likeness.rows(*parts[nth], stop).tolist()
        if stop():
            return
        chosen = [rows[place] for place in spread(len(rows), quota).tolist()]
        yield from _with_ids(likeness, *parts[nth], chosen, own)
        rest.append((*parts[nth], sorted(set(rows) - set(chosen))))
    for file, part, rows in rest:
        if stop():
            return
        yield from _with_ids(
            likeness, file, part, [rows[place] for place in spread(len(rows), 2 * _OTHERS).tolist()], own
        )


def _with_ids(
    likeness: _Likeness, file: LogFile, part: Part, rows: Sequence[int], own: str
) -> Iterator[tuple[Row, str]]:
    keys = file.index.keys(part)
    for row in rows:
        value = likeness.trace_of(file, part.first + row)
        if value and value != own:
            yield Row(file, part.first + row, int(keys[row]), Level(part.levels[row])), value


def _near(files: Sequence[LogFile], named: Named, value: str, row: Row, reach: tuple[int, int], stop: Stop) -> Trace:
    """The trace of an id, as far as it stands near a record."""
    wanted = Filter(traces=(value,), since=row.key - reach[0], until=row.key + reach[1])
    found: list[Row] = []
    for file in files:
        for part in file.index.parts():
            if part.last_key(file.index.lead) < row.key - reach[0]:
                continue
            if _least_key(file, part) >= row.key + reach[1] or stop():
                break
            picked = wanted.pick(file, part, np.arange(part.count), stop)[:_OTHERS_RECORDS].tolist()
            keys = file.index.keys(part) if picked else ()
            found += [Row(file, part.first + at, int(keys[at]), Level(part.levels[at])) for at in picked]
    found.sort(key=lambda each: each.key)
    return traced(found[:_OTHERS_RECORDS], min(len(found), _OTHERS_RECORDS), named, value)


def _least_key(file: LogFile, part: Part) -> int:
    """No record of a part is sorted before this (microseconds)."""
    return part.latest if part.latest != NONE else file.index.lead


def _reach(trace: Trace) -> tuple[int, int]:
    """How far before and after its first record another trace may reach (microseconds)."""
    length = (trace.path.ended or 0) - (trace.path.started or 0)
    return _AROUND[0], min(max(_AROUND[1], 3 * length), 30 * MINUTE)


def _first_of(
    files: Sequence[LogFile], likeness: _Likeness, own: str, between: tuple[_Place | None, _Place | None], stop: Stop
) -> Failing | None:
    """The first record alike of another trace after a place, or of those before one."""
    since, before = between
    wrapped = before is not None
    waiting = [
        (_least_key(file, part), nth, file, part)
        for nth, file in enumerate(files)
        for part in file.index.parts()
        if part.count
    ]
    waiting.sort(key=lambda each: each[0])
    best: Failing | None = None
    tried = 0
    for first, nth, file, part in waiting:
        if stop() or tried > _TRIED or (before is not None and first > before[0]):
            break
        if since is not None and part.last_key(file.index.lead) < since[0]:
            continue
        keys = file.index.keys(part)
        for row in likeness.rows(file, part, stop).tolist():
            here = (int(keys[row]), nth, part.first + row)
            if stop() or tried > _TRIED or (before is not None and here >= before):
                break
            if since is not None and here <= since:
                continue
            tried += 1
            value = likeness.trace_of(file, part.first + row)
            if value and value != own:
                before = here
                best = Failing(value, Row(file, part.first + row, here[0], Level(part.levels[row])), wrapped)
                break
    return None if stop() else best


def _ends_of(view: View) -> Iterator[Row]:
    """The rows of a view, at most MOST: of more, those in the middle are left out."""
    if view.count <= MOST:
        yield from rows_of(view)
        return
    head = _HEAD * MOST // 10
    for position in (*range(head), *range(view.count - (MOST - head), view.count)):
        row = view.row(position)
        if row is not None:
            yield row


def _step(row: Row, named: Named) -> Step:
    form, data = row.file.forms.of(row.number), row.file.read(row.number, _READ)
    record = parse(data, form)
    facts = row.file.index.facts(row.number)
    at = facts[0] if facts is not None and facts[0] != NONE else None
    fields = (*record.told, *record.fields)
    plain = {plain_name(name): value for name, value in fields}
    access = any(name in plain for name in _STATUS) and "method" in plain
    length = took(record.message, fields, access=access)
    return Step(
        source=named(row.file),
        at=at,
        level=int(row.level),
        message=record.message.strip() or record.gist,
        took=length.length if length is not None else None,
        told_by=length.told_by if length is not None else "",
        span=_first(plain, "spanid"),
        parent=_first(plain, "parentspanid", "parentid", "parentspan"),
        starts=begun(fields),
        access=access,
        gist=record.gist if record.message.strip() else "",
        ahead=ahead_of_utc(form, data.partition(b"\n")[0], at) if at is not None else None,
    )


def _first(fields: dict[str, str], *names: str) -> str:
    return next((fields[name] for name in names if fields.get(name)), "")
