"""An incident whole, as data and as a page to read or to paste into a chat."""

from __future__ import annotations

from typing import Any

from cockpit.clock import from_rfc3339, to_local, to_rfc3339
from cockpit.incident import evidence, kit
from cockpit.incident.beginning import QUESTIONS
from cockpit.incident.brief import in_order
from cockpit.incident.checks import text_of_check
from cockpit.incident.experiments import Experiment
from cockpit.incident.hypotheses import Hypothesis
from cockpit.incident.notes import NotesError
from cockpit.incident.ranking import ranked
from cockpit.incident.store import Incident
from cockpit.incident.telling import title_of

_TITLE = 200  # characters of what evidence shows
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
            "closed_at": to_rfc3339(state.closed_at) if state.closed_at is not None else None,
            "folder": str(incident.folder),
        },
        "hypotheses": [_hypothesis(each) for each in ranked(state)],
        "evidence": [evidence.shown(each) for each in state.evidence],
        "beginning": {
            name: {"text": each.text, "at": to_rfc3339(each.at) if each.at is not None else None, "by": each.by}
            for name, each in state.answers.items()
        },
        "checks": [
            {
                "id": each.check,
                "text": text_of_check(each.check),
                "note": each.note,
                "at": to_rfc3339(each.at),
                "by": each.by,
            }
            for each in in_order(state.ticks.values())
        ],
        "kit": [kit.shown(check) for check in kit.kit(state.evidence)],
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
            {"at": each.at, "by": each.by, "type": each.type, "title": title_of(each, state)} for each in state.entries
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


def _hypothesis(each: Hypothesis) -> dict[str, Any]:
    verdict = each.verdict
    return {
        "id": each.id,
        "label": each.label,
        "text": each.text,
        "likelihood": each.likelihood,
        "cost": each.cost,
        "status": each.status,
        "parent": each.parent or None,
        "detail": each.detail,
        "prediction": each.prediction,
        "experiments": [_experiment(test) for test in each.experiments],
        "evidence": [
            {"id": link.id, "label": link.name, "relation": link.relation, "weight": link.weight} for link in each.links
        ],
        "verdict": {"status": verdict.status, "observation": verdict.observation} if verdict else None,
        "added": to_rfc3339(each.added_at),
        "by": each.added_by,
    }


def _experiment(test: Experiment) -> dict[str, Any]:
    return {
        "id": test.id,
        "text": test.text,
        "kind": test.kind,
        "ran": test.ran,
        "observation": test.observation,
        "observed": to_rfc3339(test.observed_at) if test.observed_at is not None else None,
        "by": test.by,
        "state": test.state,
        "started": to_rfc3339(test.started_at) if test.started_at is not None else None,
        "ended": to_rfc3339(test.ended_at) if test.ended_at is not None else None,
        "said": test.said,
        "evidence": test.evidence,
    }


def as_text(shown: dict[str, Any]) -> str:
    """What `as_dict` gave, as a page."""
    incident = shown["incident"]
    state = "closed" if incident["closed"] else "open"
    lines = [f"# {incident['title']}", f"{state}, opened {_local(incident['opened'])} by {incident['by']}", ""]
    told = [(each.label, shown["beginning"].get(each.name)) for each in QUESTIONS]
    for label, answer in told:
        if answer:
            lines.append(f"{label}: {answer['text']}" + (f" ({_local(answer['at'])})" if answer["at"] else ""))
    lines += [""] if shown["beginning"] else []
    lines.append("## Hypotheses")
    names = {each["id"]: each["label"] for each in shown["hypotheses"]}
    names |= {each["id"]: f"{each['label']} {each['title'][:_TITLE]}" for each in shown["evidence"]}
    lines += [line for each in shown["hypotheses"] for line in _told(each, names)] or ["none yet"]
    lines += ["", "## Evidence"]
    signs = [f"{kit.State[each['state'].upper()].value} {each['kind']}" for each in shown["kit"]]
    lines += ["  ".join(signs)] if shown["evidence"] else []
    lines += [
        f"{each['label']}  {each['kind']}: {each['title'][:_TITLE]}  ({each['path']})" for each in shown["evidence"]
    ] or ["none yet"]
    if shown["checks"]:
        lines += ["", "## Checks"]
        lines += [f"✓ {each['text']}" + (f": {each['note']}" if each["note"] else "") for each in shown["checks"]]
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


def _told(each: dict[str, Any], names: dict[str, str]) -> list[str]:
    """A hypothesis as lines of the page: itself, then what is known of it; `names`: how others are named, by id."""
    facts = [("refines", names.get(each["parent"]))]
    facts.append(("cost", f"{each['cost']} minutes to test" if each["cost"] is not None else None))
    facts.append(("prediction", each["prediction"]))
    for test in each["experiments"]:
        facts += [
            ("experiment", test["text"]),
            ("running since", _local(test["started"]) if test["state"] == "running" else ""),
        ]
        facts += [("ended", test["said"]), ("observed", test["observation"] if test["ran"] else "not yet")]
    for link in each["evidence"]:
        weight = f", weight {link['weight']}" if link["relation"] != "neutral" else ""
        facts.append((link["relation"], names.get(link["id"], link["label"]) + weight))
    if each["verdict"] is not None:
        facts.append(("decided by", each["verdict"]["observation"] or "no observation was named"))
    first = f"{_SIGNS[each['status']]} {each['likelihood']:>3}%  {each['label']} {each['text']}  [{each['status']}]"
    return [first, *(f"        {name}: {value}" for name, value in facts if value)]


def _local(text: str) -> str:
    try:
        return f"{to_local(from_rfc3339(text)):%Y-%m-%d %H:%M:%S}"
    except (ValueError, OverflowError):
        return text
