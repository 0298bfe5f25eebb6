"""Makes journal entries for tests: numbered ids, all of one moment, by one person."""

from __future__ import annotations

from typing import Any

import msgspec

from cockpit.clock import from_rfc3339, to_rfc3339
from cockpit.incident.journal import Entry

AT = from_rfc3339("2026-11-23T10:02:11Z")


def identity(number: int) -> str:
    """An id; a greater number is a later one."""
    return f"{number:026d}"


def entry(number: int, kind: str, by: str = "ana@web-1", /, **data: Any) -> Entry:
    return Entry(1, identity(number), to_rfc3339(AT), by, kind, data)


def line(number: int, kind: str = "note.added", /, **data: Any) -> bytes:
    """An entry as a line of the journal."""
    return msgspec.json.encode(entry(number, kind, **data)) + b"\n"
