"""All incidents under one folder: listed, found by name, and which of them is in use."""

from __future__ import annotations

import contextlib
import difflib
import os
from dataclasses import dataclass
from pathlib import Path

import msgspec

from cockpit.clock import from_rfc3339
from cockpit.incident.journal import Entry
from cockpit.incident.store import JOURNAL, IncidentError
from cockpit.incident.undo import CLOSED, REOPENED, no_longer_counting
from cockpit.paths import expanded

_LAST = "last"


@dataclass(frozen=True, slots=True)
class Summary:
    """An incident in a list. Times are microseconds."""

    name: str
    folder: Path
    title: str
    opened_at: int
    changed_at: int
    closed: bool
    hypotheses: int
    notes: int


def list_incidents(root: Path) -> list[Summary]:
    """All incidents under a folder, the one changed last first. Folders that are none are left out."""
    try:
        folders = list(root.iterdir())
    except OSError:
        return []
    found = [summary for folder in folders if holds_journal(folder) and (summary := _summary(folder)) is not None]
    return sorted(found, key=lambda each: (each.changed_at, each.name), reverse=True)


def find(root: Path, name: str) -> Path:
    """The folder of an incident by its name, its title, or a part that only it has. Raises IncidentError."""
    if os.sep in name and holds_journal(expanded(name)):
        return expanded(name)
    found = list_incidents(root)
    exact = [each for each in found if name in (each.name, each.title)]
    part = exact[:1] or [each for each in found if name.lower() in each.name.lower()]
    if len(part) == 1:
        return part[0].folder
    if part:
        raise IncidentError(f"{name!r} fits several incidents: {', '.join(each.name for each in part[:6])}.")
    near = difflib.get_close_matches(name, [each.name for each in found], 3, 0.4)
    hint = f"near: {', '.join(near)}." if near else f"there are {len(found)}; see: cockpit incidents"
    raise IncidentError(f"No incident {name!r} in {root}; {hint}")


def last_opened(root: Path) -> Path | None:
    """The incident in use: the one opened last; None where none was."""
    try:
        folder = root / (root / _LAST).read_text().strip()
    except (OSError, UnicodeDecodeError):
        return None
    return folder if holds_journal(folder) else None


def remember_opened(root: Path, folder: Path) -> None:
    """Make an incident the one in use. Where that cannot be written, nothing changes."""
    fresh = root / f".{_LAST}.{os.getpid()}"
    with contextlib.suppress(OSError):
        fresh.write_text(os.path.relpath(folder, root) + "\n")
        os.replace(fresh, root / _LAST)


def holds_journal(folder: Path) -> bool:
    """Whether a folder is an incident that we may look into."""
    try:
        return (folder / JOURNAL).is_file()
    except OSError:
        return False


def _summary(folder: Path) -> Summary | None:
    try:
        data = (folder / JOURNAL).read_bytes()
        changed = (folder / JOURNAL).stat().st_mtime_ns // 1000
    except OSError:
        return None
    title, opened = folder.name, changed
    known: dict[str, Entry] = {}
    for line in _lines_about_itself(data):
        with contextlib.suppress(msgspec.DecodeError, ValueError):
            entry = msgspec.json.decode(line, type=Entry)
            if entry.type in ("incident.opened", "incident.renamed"):
                title = str(entry.data.get("title", title))
            if entry.type == "incident.opened":
                opened = min(opened, from_rfc3339(entry.at))
            known[entry.id] = entry
    hypotheses = max(0, data.count(b'"type":"hypothesis.added"') - data.count(b'"type":"hypothesis.removed"'))
    closed = _is_closed(known)
    return Summary(folder.name, folder, title, opened, changed, closed, hypotheses, data.count(b'"type":"note.added"'))


def _is_closed(known: dict[str, Entry]) -> bool:
    """Whether entries about the incident, by id, leave it closed."""
    ordered = sorted(known.values(), key=lambda each: each.id)
    gone = no_longer_counting(ordered, known)
    last = [each.type for each in ordered if each.type in (CLOSED, REOPENED) and each.id not in gone]
    return last[-1:] == [CLOSED]


def _lines_about_itself(data: bytes) -> list[bytes]:
    """The lines of the journal that tell of the incident as a whole; others are not parsed for a list."""
    wanted = [b'"type":"incident.']
    if b'"type":"incident.closed"' in data or b'"type":"incident.reopened"' in data:
        wanted.append(b'"type":"undone"')
    if wanted[0] not in data:
        return []
    return [line for line in data.split(b"\n") if any(each in line for each in wanted)]
