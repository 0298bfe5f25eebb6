"""Captures records as evidence: their bytes, what stood around them, their trace, and what was in force then.

To be called aside: it reads up to some hundred megabytes.
"""

from __future__ import annotations

import time
from collections.abc import Iterable, Sequence
from contextlib import nullcontext
from dataclasses import dataclass, field
from typing import Any

from cockpit.clock import MINUTE, to_rfc3339
from cockpit.covering import covered, in_force
from cockpit.host.facts import host_facts
from cockpit.incident.evidence import Evidence
from cockpit.incident.keeping import Keeper
from cockpit.incident.store import IncidentError
from cockpit.kept_window import MOST as _MOST
from cockpit.kept_window import Wanted, take
from cockpit.logs.export import rows_of
from cockpit.logs.file import LogFile
from cockpit.logs.levels import Level
from cockpit.logs.printable import number
from cockpit.logs.record import Record, parse
from cockpit.logs.request import request_of
from cockpit.logs.search import Filter
from cockpit.logs.times import NONE
from cockpit.logs.trace_ids import short_trace, trace_ids
from cockpit.logs.view import Row, View
from cockpit.occurrences import occurrences
from cockpit.session import Session

_COUNTING = 0.8  # of the patience
_TRACE = 10_000  # records
_READ = 1 << 16  # bytes of a record that are read for its fields
_LOOKED = 200  # records whose fields are looked at
_TOLD = 1000  # records whose places are written down one by one
_TITLE = 200  # characters of the message that become a title


@dataclass(frozen=True, slots=True)
class Captured:
    """What was kept: the item, and how many records each of its parts has. remarks: sentences about what was cut."""

    evidence: Evidence
    records: int
    window: int
    trace: int
    remarks: tuple[str, ...]

    def sentence(self) -> str:
        """`E3 kept: record, window of 1 204 records, trace 7f3a (12 records)`"""
        record = "record" if self.records == 1 else f"{number(self.records)} records"
        parts = [record, f"window of {number(self.window)} records"]
        if self.evidence.trace_id:
            parts.append(f"trace {short_trace(self.evidence.trace_id)} ({number(self.trace)} records)")
        return ". ".join((f"{self.evidence.label} kept: {', '.join(parts)}", *self.remarks))


@dataclass(slots=True)
class _Chosen:
    """The records that were captured, as far as they were gone through."""

    first: Row
    last: Row
    count: int = 0
    gone: int = 0
    places: list[dict[str, Any]] = field(default_factory=list)
    read: list[Record] = field(default_factory=list)
    trace: tuple[str, str] = ("", "")


def capture(
    session: Session,
    rows: Iterable[Row],
    *,
    title: str = "",
    before: int = 5 * MINUTE,
    after: int = 5 * MINUTE,
    patience: float = 0.5,
) -> Captured:
    """Keep records, with the window of all open sources from `before` the first to `after` the last (microseconds).

    patience: seconds that may be spent on looking for the trace, and a little less on counting its like. Raises
    IncidentError.
    """
    files = session.desk.sources.files()
    with Keeper(session.incident.store, _MOST) as keeper:
        chosen = _keep_records(session, keeper, rows)
        wanted = Wanted(chosen.first.key, chosen.last.key, before, after)
        window = take(session, keeper, wanted, chosen.first, _MOST)
        traced, complete = _trace(files, chosen.trace[1], (wanted.since, wanted.until + 1), patience)
        if chosen.trace[1]:
            keeper.write("trace", b"")
        for row in traced:
            keeper.write("trace", _whole(row.file.read(row.number)))
        seen = occurrences(files, chosen.first, patience * _COUNTING)
        remarks = [*_gone(chosen), *window.remarks, *_trace_cut(chosen, complete)]
        if (more := keeper.size_of("record") - _MOST) > 0:
            remarks.append(f"{number(more)} bytes of the records were not kept, for they are too many")
        at = _at(chosen.first)
        records = [*chosen.read, *(_read(row) for row in traced[:_LOOKED])]
        told = {
            "record": chosen.places[0],
            "records": {"count": chosen.count, "gone": chosen.gone, "places": chosen.places},
            "stack": {"lines": max((len(each.more) for each in chosen.read), default=0)},
            "around": window.told,
            "trace": {"field": chosen.trace[0], "records": len(traced), "complete": complete},
            "request": request_of(records),
            "signature": seen.as_data() if seen is not None else None,
            "deploy": in_force(session, at if at != NONE else chosen.first.key, seen),
            "host": host_facts(),
            "remarks": remarks,
        }
        kept = keeper.keep(
            title or _title(chosen.read),
            "record",
            {"captured": to_rfc3339(session.clock.now()), "by": session.incident.store.by, **told},
            source=session.desk.sources.of(chosen.first.file).name,
            at=to_rfc3339(at) if at != NONE else "",
            window=(to_rfc3339(wanted.since), to_rfc3339(wanted.until)),
            trace_id=chosen.trace[1],
            covers=covered(told),
        )
    session.incident.refresh()
    return Captured(kept, chosen.count, window.records, len(traced), tuple(remarks))


def _keep_records(session: Session, keeper: Keeper, rows: Iterable[Row]) -> _Chosen:
    """Keep the bytes of the records, and note where they stand. Raises IncidentError where there is none."""
    chosen: _Chosen | None = None
    data = b""
    for row in rows:
        if chosen is None:
            chosen = _Chosen(row, row)
        torn = _torn(data)
        data = row.file.read(row.number)
        keeper.write("record", b"\n" + data if torn else data)
        chosen.last = row
        chosen.count += 1
        chosen.gone += not data
        if chosen.count <= _TOLD:
            chosen.places.append(_place(session, row))
        if data and chosen.count <= _LOOKED:
            record = parse(data[:_READ], row.file.forms.of(row.number))
            chosen.read.append(record)
            chosen.trace = chosen.trace if chosen.trace[1] else next(iter(trace_ids(record)), ("", ""))
    if chosen is None:
        raise IncidentError("There is no record here to keep.")
    return chosen


def _place(session: Session, row: Row) -> dict[str, Any]:
    """Where a record stands, and what the index knows of it."""
    index = row.file.index
    facts, span = index.facts(row.number), index.span(row.number)
    at, level, lines = facts if facts is not None else (NONE, 0, 0)
    return {
        "source": session.desk.sources.of(row.file).name,
        "path": str(row.file.path),
        "device_inode": list(row.file.identity),
        "bytes": list(span) if span is not None else None,
        "line": index.line_number(row.number),
        "lines": lines,
        "at": to_rfc3339(at) if at != NONE else None,
        "level": Level(level).word or None,
        "format": row.file.forms.of(row.number).name,
        "gone": row.file.gone or None,
    }


def _trace(files: Sequence[LogFile], value: str, near: tuple[int, int], patience: float) -> tuple[list[Row], bool]:
    """The records that hold a trace id, in the order of time; and whether everything was looked at.

    Looked for in the stretch `near` (microseconds) first, and then everywhere, the newest first.
    """
    if not value:
        return [], True
    begun = time.monotonic()
    found: dict[tuple[int, int], Row] = {}
    complete = False
    for wanted, until in (
        (Filter(traces=(value,), since=near[0], until=near[1]), begun + patience / 2),
        (Filter(traces=(value,)), begun + patience),
    ):
        view = View(files, wanted)
        complete = view.look(lambda until=until: time.monotonic() > until, nullcontext(), lambda: None)  # type: ignore[misc]
        for row in rows_of(view):
            found.setdefault((id(row.file), row.number), row)
    order = {id(file): nth for nth, file in enumerate(files)}
    rows = sorted(found.values(), key=lambda row: (row.key, order[id(row.file)], row.number))
    return rows[:_TRACE], complete and len(rows) <= _TRACE and not any(file.earlier for file in files)


def _gone(chosen: _Chosen) -> list[str]:
    why = chosen.first.file.gone or "no longer in the file"
    return [f"{number(chosen.gone)} of the records could not be read: {why}"] if chosen.gone else []


def _trace_cut(chosen: _Chosen, complete: bool) -> list[str]:
    cut = bool(chosen.trace[1]) and not complete
    return ["the trace may have more records: not everything was looked at"] if cut else []


def _torn(data: bytes) -> bool:
    """Whether a record has no newline (yet), so that what follows it would stand on its line."""
    return bool(data) and not data.endswith(b"\n")


def _whole(data: bytes) -> bytes:
    return data + b"\n" if _torn(data) else data


def _at(row: Row) -> int:
    facts = row.file.index.facts(row.number)
    return NONE if facts is None else facts[0]


def _read(row: Row) -> Record:
    return parse(row.file.read(row.number, _READ), row.file.forms.of(row.number))


def _title(records: Sequence[Record]) -> str:
    """The message of the first record; what was thrown, where it says nothing else."""
    first = next(iter(records), None)
    if first is None:
        return "a record that is gone"
    message = first.message.strip() or first.gist
    return message[:_TITLE] or "record"
