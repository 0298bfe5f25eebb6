"""Takes the window of a captured record anew, wider or narrower: from the sources as they are now.

The window before it stays where it is, and stays a part of the item. To be called aside: it reads up to some hundred
megabytes.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from cockpit.clock import SECOND, duration, from_rfc3339, to_rfc3339
from cockpit.covering import lacking_of_logs
from cockpit.incident.evidence import EARLIER_WINDOW, OF_WINDOW, WINDOW, Evidence
from cockpit.incident.keeping import Keeper, read_part, read_provenance
from cockpit.incident.store import IncidentError
from cockpit.kept_window import MOST, Wanted, is_timed, take
from cockpit.logs.parts import record_at_byte
from cockpit.logs.printable import number
from cockpit.logs.search import Filter
from cockpit.logs.view import Row, View
from cockpit.session import Session

WIDTHS = tuple(seconds * SECOND for seconds in (10, 30, 60, 120, 300, 600, 1200, 1800, 3600, 7200, 21600))
"""The widths that a key steps through: microseconds before and after."""


@dataclass(frozen=True, slots=True)
class Rewound:
    """What was taken: the item as it is now, how many records its window has, and remarks about what is not there."""

    evidence: Evidence
    width: int
    records: int
    remarks: tuple[str, ...]

    def sentence(self) -> str:
        """`E3: window of 9 120 records, 10 min before and after`"""
        kept = (
            f"{self.evidence.label}: window of {number(self.records)} records, {duration(self.width)} before and after"
        )
        return ". ".join((kept, *self.remarks))


def width_of(session: Session, item: Evidence) -> int:
    """How far the window of an item reaches before its record (microseconds); 0 where it has none."""
    told = read_provenance(session.incident.store, item, OF_WINDOW) or read_provenance(session.incident.store, item)
    around = told.get("around")
    seconds = around.get("before_seconds") if isinstance(around, dict) else None
    return seconds * SECOND if isinstance(seconds, int) else 0


def sources_of(session: Session, item: Evidence) -> list[str]:
    """The paths that an item was captured from: of its record first, then of what is in its window."""
    told = read_provenance(session.incident.store, item)
    own = _mapping(told.get("record")).get("path")
    paths = [str(own)] if own else []
    return list(dict.fromkeys([*paths, *(path for _, path, _ in _sources(_mapping(told.get("around"))))]))


def next_width(width: int, step: int) -> int | None:
    """The next of WIDTHS above (1) or below (-1) a width; None at the end."""
    others = [each for each in WIDTHS if (each > width if step > 0 else each < width)]
    return (others[0] if step > 0 else others[-1]) if others else None


def rewindow(session: Session, item: Evidence, width: int) -> Rewound:
    """Take the window of an item anew, `width` microseconds before its first record and after its last.

    Raises IncidentError: where it has no record or time, none of its sources is open, or nothing is there any more.
    """
    first, last = _ends(session, item)
    told = read_provenance(session.incident.store, item)
    row, there = _row(session, item, told, first)
    wanted = Wanted(first, last, width, width)
    with Keeper(session.incident.store, MOST) as keeper:
        taken = take(session, keeper, wanted, row)
        if not taken.records or not keeper.size_of("window"):
            raise IncidentError(
                f"Nothing that stood around {item.label} is in the logs any more; its window stays as it was."
            )
        missing = _missing(session, item, _mapping(told.get("around")), taken.told)
        remarks = [*_record_gone(item, there), *missing, *taken.remarks]
        facts = {
            "taken": to_rfc3339(session.clock.now()),
            "by": session.incident.store.by,
            "around": taken.told,
            "remarks": remarks,
        }
        between = {"from": to_rfc3339(wanted.since), "to": to_rfc3339(wanted.until)}
        data = {
            "window": between,
            "width": f"{duration(width)} before and after",
            "lacking": lacking_of_logs(taken.told) or "",
            "remarks": remarks,
        }
        keeper.keep_window(item, {"window": between, **facts}, data)
    session.incident.refresh()
    now = next((each for each in session.incident.evidence() if each.id == item.id), item)
    return Rewound(now, width, taken.records, tuple(remarks))


def _ends(session: Session, item: Evidence) -> tuple[int, int]:
    """The times of its first and its last record (microseconds). Raises IncidentError."""
    if item.kind != "record" or not item.at or item.window is None:
        raise IncidentError(f"{item.label} has no time that a window could be around.")
    told = read_provenance(session.incident.store, item)
    around = told.get("around")
    try:
        since, until = (from_rfc3339(each) for each in _first_window(told, item))
        if not isinstance(around, dict):
            raise ValueError("the provenance does not tell of its window")
        return since + int(around["before_seconds"]) * SECOND, until - int(around["after_seconds"]) * SECOND
    except (KeyError, TypeError, ValueError, OverflowError):
        raise IncidentError(f"{item.label}.json cannot be read; its window stays as it was.") from None


def _first_window(told: Mapping[str, Any], item: Evidence) -> tuple[str, str]:
    window = told.get("window")
    if not isinstance(window, dict):
        raise ValueError(f"{item.label} has no window")
    return str(window["from"]), str(window["to"])


def _row(session: Session, item: Evidence, told: Mapping[str, Any], at: int) -> tuple[Row, bool]:
    """The record of the item, where it still stands in an open source, and True; else what is nearest to its time.

    Raises IncidentError where none of its sources is open, or they have no times.
    """
    place = _mapping(told.get("record"))
    span, identity = place.get("bytes"), place.get("device_inode")
    files = session.desk.sources.files()
    own = [file for file in files if list(file.identity) == identity or str(file.path) == place.get("path")]
    if not own:
        raise IncidentError(f"Open its log first: cockpit {place.get('path')}")
    if not any(is_timed(file) for file in own):
        raise IncidentError("Its log has no times; the window is of the records nearest to it, and stays so.")
    view = View(files, Filter())
    kept = read_part(session.incident.store, item.parts[0], MOST) or b""
    start = _count(span[0]) if isinstance(span, list) and span else -1
    for file in own:
        number = record_at_byte(file.index.parts(), start)
        found = view.row(view.position_of(file, number)) if number is not None else None
        data = file.read(found.number) if found is not None else b""
        if found is not None and data and kept.startswith(data):
            return found, True
    nearest = view.row(view.position_at(at))
    if nearest is None:
        raise IncidentError("Its log is empty now; the window stays as it was.")
    return nearest, False


def _record_gone(item: Evidence, there: bool) -> list[str]:
    return [] if there else [f"its record is no longer in the logs; it is in {item.parts[0].file}"]


def _missing(session: Session, item: Evidence, before: Mapping[str, Any], now: Mapping[str, Any]) -> list[str]:
    """What was in the window when it was captured, and can no longer be taken; it stays in the file of that."""
    first = next((part.file for part in reversed(item.parts) if part.name in (WINDOW, EARLIER_WINDOW)), item.label)
    names = {source.name for source in session.desk.sources}
    paths = {str(file.path) for file in session.desk.sources.files()}
    sources = _sources(before)
    absent = [name for name, path, _ in sources if not {name, path} & (names | paths)]
    remarks = [f"{name} is not open here: what it had is in {first} only" for name in absent]
    wider = now["before_seconds"] >= _count(before.get("before_seconds"))
    had = sum(records for name, _, records in sources if name not in absent)
    if wider and had > now["records"]:
        lost = number(had - now["records"])
        remarks.append(f"{lost} records of the window before are no longer in the logs; they are in {first}")
    return remarks


def _sources(around: Mapping[str, Any]) -> list[tuple[str, str, int]]:
    """Name, path and how many records of each source of a window, from its provenance, which may be spoilt."""
    found = around.get("sources")
    told = [_mapping(each) for each in found] if isinstance(found, list) else []
    return [(str(each.get("source")), str(each.get("path")), _count(each.get("records"))) for each in told]


def _count(value: object) -> int:
    return value if isinstance(value, int) else 0


def _mapping(value: object) -> dict[str, Any]:
    return value if isinstance(value, dict) else {}
