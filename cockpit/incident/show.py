"""An incident whole, as data and as a page to read or to paste into a chat."""

from __future__ import annotations

from typing import Any

from cockpit.clock import from_rfc3339, to_local, to_rfc3339
from cockpit.incident import evidence
from cockpit.incident.journal import Entry
from cockpit.incident.model import State, ranked
from cockpit.incident.notes import NotesError
from cockpit.incident.store import Incident

_SIGNS = {"open": "○", "testing": "◐", "confirmed": "✓", "refuted": "✗", "parked": "‖"}


def as_dict(incident: Incident) -> dict[str, Any]:
    """Everything folded, for `show --json`. Times are RFC 3339, UTC."""
    state = incident.state
    try:
        notes = incident.notes.read().encode("utf-8", "replace").decode()
    except NotesError as error:
        notes = str(error)
    return {
        "incident": {
            "name": incident.folder.name,
            "title": state.title,
            "opened": to_rfc3339(state.opened_at),
            "by": state.opened_by,
            "closed": state.closed,
            "folder": str(incident.folder),
        },
        "hypotheses": [
            {
                "id": each.id,
                "label": each.label,
                "text": each.text,
                "likelihood": each.likelihood,
                "status": each.status,
                "detail": each.detail,
                "prediction": each.prediction,
                "added": to_rfc3339(each.added_at),
                "by": each.added_by,
            }
            for each in ranked(state)
        ],
        "evidence": [evidence.shown(each) for each in state.evidence],
        "markers": [
            {"id": each.id, "at": to_rfc3339(each.at), "kind": each.kind, "text": each.text, "by": each.by}
            for each in sorted(state.markers, key=lambda marker: marker.at)
        ],
        "notes": {
            "text": notes,
            "lines": [
                {"id": each.id, "at": to_rfc3339(each.at), "by": each.by, "text": each.text} for each in state.notes
            ],
        },
        "timeline": [
            {"at": each.at, "by": each.by, "type": each.type, "title": _title(each, state)} for each in state.entries
        ],
        "problems": {
            "damaged": [
                {"line": each.line_number, "why": each.why, "excerpt": each.excerpt} for each in incident.damaged
            ],
            "malformed": [{"id": each.id, "type": each.type, "why": each.why} for each in state.malformed],
            "unknown": state.unknown,
            "newer": state.newer,
        },
    }


def as_text(shown: dict[str, Any]) -> str:
    """What `as_dict` gave, as a page."""
    incident = shown["incident"]
    state = "closed" if incident["closed"] else "open"
    lines = [f"# {incident['title']}", f"{state}, opened {_local(incident['opened'])} by {incident['by']}", ""]
    lines.append("## Hypotheses")
    lines += [
        f"{_SIGNS[each['status']]} {each['likelihood']:>3}%  {each['label']} {each['text']}  [{each['status']}]"
        for each in shown["hypotheses"]
    ] or ["none yet"]
    lines += ["", "## Evidence"]
    lines += [
        f"{each['label']}  {each['kind']}: {each['title'][:200]}  ({each['path']})" for each in shown["evidence"]
    ] or ["none yet"]
    lines += ["", "## Markers"]
    lines += [f"{_local(each['at'])}  {each['kind']}: {each['text']}" for each in shown["markers"]] or ["none yet"]
    lines += ["", "## Notes", shown["notes"]["text"].rstrip() or "none yet", "", "## Timeline"]
    lines += [f"{_local(each['at'])}  {each['by']}: {each['title']}" for each in shown["timeline"]]
    problems = shown["problems"]
    count = len(problems["damaged"]) + len(problems["malformed"])
    if count or problems["unknown"] or problems["newer"]:
        lines += ["", "## Problems"]
        if count:
            lines.append(f"{count} journal entries cannot be read; see --json")
        if problems["unknown"] or problems["newer"]:
            lines.append("Some entries are of a newer cockpit; they are kept, not shown.")
    return "\n".join(lines)


def _local(text: str) -> str:
    try:
        return f"{to_local(from_rfc3339(text)):%Y-%m-%d %H:%M:%S}"
    except (ValueError, OverflowError):
        return text


def _title(entry: Entry, state: State) -> str:
    """What an entry says, in words."""
    data = entry.data
    named = {each.id: each for each in state.hypotheses}.get(str(data.get("hypothesis")))
    if entry.type == "hypothesis.edited" and named is not None:
        fields = [f"{name} {value}" for name, value in data.items() if name not in ("hypothesis", "rank")]
        return f"{named.label}: {', '.join(fields) or 'ranked anew'}"
    if entry.type == "hypothesis.removed":
        return "hypothesis removed"
    what = entry.type.replace(".", " ")
    text = data.get("text") or data.get("title") or ""
    return f"{what}: {text}" if text else what
