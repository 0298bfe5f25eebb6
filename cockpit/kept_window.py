"""The window of an item: what all open sources hold from one time to another, written as a part of it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from cockpit.clock import DAY, length
from cockpit.incident.keeping import Keeper
from cockpit.logs.file import LogFile
from cockpit.logs.parts import times_between
from cockpit.logs.printable import number
from cockpit.logs.times import NONE
from cockpit.logs.view import Row
from cockpit.logs.window import Window, window
from cockpit.session import Session

MOST = 64 << 20
"""Bytes of each part that are kept."""
_UNTIMED = 2000  # records around one of a file without times


@dataclass(frozen=True, slots=True)
class Wanted:
    """What is wanted: from `before` the time `at` of the first record to `after` the time `last` (microseconds)."""

    at: int
    last: int
    before: int
    after: int

    @property
    def since(self) -> int:
        return max(0, self.at - self.before)

    @property
    def until(self) -> int:
        return self.last + self.after


def reach_of(text: str) -> int:
    """How far a window is to reach before and after, as a person types it: `30s`, `5m` (microseconds).

    Raises ValueError.
    """
    reach = length(text.strip().removeprefix("±"))
    if not 0 < reach <= 30 * DAY:
        raise ValueError("A window reaches from a moment to 30 days.")
    return reach


@dataclass(frozen=True, slots=True)
class Taken:
    """What was written: how many records; told: for the provenance; remarks: sentences about what is not in it."""

    records: int
    told: dict[str, Any]
    remarks: tuple[str, ...]


def is_timed(file: LogFile) -> bool:
    """Whether any record of a file has a time."""
    return times_between(file.index.parts())[0] != NONE


def take(session: Session, keeper: Keeper, wanted: Wanted, around: Row, most: int = MOST) -> Taken:
    """Write the part `window`: of a file without times the records nearest to `around`. Raises IncidentError."""
    files = session.desk.sources.files()
    place = around.file, around.number
    timed = is_timed(around.file)
    found = window(files, wanted.since, wanted.until, place, most, None if timed else _UNTIMED)
    keeper.write("window", b"")
    for piece in found.pieces():
        keeper.write("window", piece)
    remarks = _remarks(found, files, wanted.since, keeper.size_of("window"))
    return Taken(found.count, _told(session, found, wanted), tuple(remarks))


def _remarks(found: Window, files: Sequence[LogFile], since: int, written: int) -> list[str]:
    remarks = []
    if found.left_out:
        remarks.append(f"{number(found.left_out)} records of the window were left out, for it would be too large")
    if written < found.size:
        remarks.append(f"{number(found.size - written)} bytes of the window are no longer there")
    if any(file.earlier and file.index.lead > since for file in files):
        remarks.append("the window begins before what has been indexed so far")
    return remarks


def _told(session: Session, found: Window, wanted: Wanted) -> dict[str, Any]:
    """What is in the window, and where it was taken from."""
    errors = found.errors_around(wanted.at)
    return {
        "before_seconds": wanted.before // 1_000_000,
        "after_seconds": wanted.after // 1_000_000,
        "records": found.count,
        "left_out": found.left_out,
        "errors": {"before": errors[0], "from_then_on": errors[1]},
        "sources": [
            {
                "source": session.desk.sources.of(span.file).name,
                "path": str(span.file.path),
                "bytes": [int(span.edges[0]), int(span.edges[-1])],
                "records": span.count,
            }
            for span in found.spans
        ],
    }
