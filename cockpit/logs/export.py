"""Records as data for other programs: one object a record, its exact text, or a template filled in."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

from cockpit.clock import to_rfc3339
from cockpit.logs.file import LogFile
from cockpit.logs.levels import Level
from cockpit.logs.printable import text_of
from cockpit.logs.record import parse, typed_fields
from cockpit.logs.times import NONE
from cockpit.logs.view import Row, View

_BLOCK = 1 << 20
_HOLE = re.compile(r"\{([\w.@-]+)\}")


class TemplateError(Exception):
    """A template that names nothing, in one sentence."""


def rows_of(view: View, first: int = 0) -> Iterator[Row]:
    """The rows of a view from one on, in their order."""
    for position in range(first, view.count):
        row = view.row(position)
        if row is not None:
            yield row


def write(rows: Iterable[Row], path: Path) -> int:
    """Write the exact bytes of records to a new file; returns how many. Raises OSError."""
    count = 0
    with path.open("xb") as file:
        for row in rows:
            file.write(row.file.read(row.number))
            count += 1
    return count


def as_object(row: Row, source: str, line: int | None) -> dict[str, Any]:
    """source, line (1-based, None: not known), at (RFC 3339 UTC, or None), level, message, fields, text."""
    data = row.file.read(row.number)
    facts = row.file.index.facts(row.number)
    at, level = (facts[0], facts[1]) if facts is not None else (NONE, 0)
    form = row.file.forms.of(row.number)
    record = parse(data, form)
    return {
        "source": source,
        "line": line,
        "at": to_rfc3339(at) if at != NONE else None,
        "level": Level(level).word or None,
        "message": record.message,
        "fields": (typed_fields(data) if form.wrapper is None else None) or dict((*record.told, *record.fields)),
        "text": text_of(data),
    }


def template(text: str) -> Callable[[Mapping[str, Any]], str]:
    """What fills a template like `{at} {level} {message} {user_id}`: names of the object, else of its fields.

    Raises TemplateError where it has no hole.
    """
    if not _HOLE.search(text):
        raise TemplateError(f"{text!r} names nothing; write for example: {{at}} {{level}} {{message}} {{user_id}}")

    def filled(found: Mapping[str, Any]) -> str:
        def value(match: re.Match[str]) -> str:
            name = match[1]
            got = found[name] if name in found and name != "fields" else found["fields"].get(name, "")
            return "" if got is None else str(got)

        return _HOLE.sub(value, text)

    return filled


class LineNumbers:
    """Numbers the lines at which records begin; counts what stands before what is indexed only once a file."""

    def __init__(self) -> None:
        self._before: dict[int, dict[int, int]] = {}  # by file: by a part's first number, the lines before it

    def of(self, row: Row) -> int | None:
        """The 1-based line of the file at which the record of a row begins; None where it is gone."""
        part = row.file.index.part_of(row.number)
        if part is None:
            return None
        known = self._before.setdefault(id(row.file), {})
        if part.first not in known:
            line = _lines_before_index(row.file)
            for each in row.file.index.parts():
                known[each.first] = line
                line += each.line_count
        return known[part.first] + part.lines_before(row.number - part.first) + 1


def _lines_before_index(file: LogFile) -> int:
    """How many lines stand before the first record that is indexed. Reads what is not indexed."""
    lines, position = file.index.orphans, 0
    while position < file.index.start:
        data = file.read_span(position, min(position + _BLOCK, file.index.start))
        if not data:
            break
        lines += data.count(b"\n")
        position += len(data)
    return lines
