"""The names of the fields that some records have, to choose from."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from cockpit.logs.record import parse
from cockpit.logs.view import Row

_READ = 1 << 16  # bytes of a record that are looked at


@dataclass(slots=True)
class FieldSeen:
    """A field: in how many records it stood, and what it held in the last of them.

    laid_out: whether rows show it after the message; else the message itself tells it.
    """

    name: str
    count: int
    example: str
    laid_out: bool


def fields_seen(rows: Iterable[Row], form: str, stop: Callable[[], bool]) -> tuple[list[FieldSeen], int]:
    """The fields of those of the rows that are of a format, the most frequent first; and how many rows these are."""
    found: dict[str, FieldSeen] = {}
    read = 0
    for row in rows:
        if stop() or row.file.forms.of(row.number).name != form:
            continue
        record = parse(row.file.read(row.number, _READ), row.file.forms.of(row.number))
        read += 1
        laid_out = dict(record.fields)
        for name, value in {**({} if record.structured else dict(record.told)), **laid_out}.items():
            seen = found.setdefault(name, FieldSeen(name, 0, "", False))
            seen.count += 1
            seen.example = value
            seen.laid_out |= name in laid_out
    return sorted(found.values(), key=lambda seen: (-seen.count, seen.name)), read
