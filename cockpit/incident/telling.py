"""What a journal entry says, in words."""

from __future__ import annotations

from bisect import bisect_left

from cockpit.incident.checks import text_of_check
from cockpit.incident.journal import Entry
from cockpit.incident.model import State
from cockpit.incident.undo import UNDONE, target_of

_NOT_TOLD = ("hypothesis", "experiment", "rank")


def title_of(entry: Entry, state: State) -> str:
    """One line on an entry, as the timeline and the undo show it."""
    data = entry.data
    if entry.type == UNDONE:
        undone = _entry(target_of(entry), state)
        readable = undone is not None and undone.id < entry.id  # a loop of entries that name each other is broken
        return f"undone: {title_of(undone, state)}" if undone is not None and readable else "undone"
    if entry.type == "evidence.added" and entry.id in state.labels:
        return f"{state.labels[entry.id]} kept: {data.get('title')}"
    if entry.type.startswith("check."):
        note = f": {data['note']}" if data.get("note") else ""
        return f"{entry.type.replace('.', ' ')}: {text_of_check(str(data.get('check')))}{note}"
    if entry.type == "incident.begun":
        return "the questions of the beginning are over"
    if entry.type == "incident.answered":
        return f"{data.get('question')}: {data.get('text')}"
    if entry.type == "evidence.window":
        label = state.labels.get(str(data.get("evidence")), "evidence")
        return f"{label}: window taken anew, {data.get('width')}"
    named = state.labels.get(str(data.get("hypothesis")))
    if entry.type == "hypothesis.removed":
        return f"{named} removed" if named else "hypothesis removed"
    if named is None:
        what = entry.type.replace(".", " ")
        text = data.get("text") or data.get("title") or ""
        return f"{what}: {text}" if text else what
    if entry.type == "hypothesis.linked":
        evidence = str(data.get("evidence"))
        return f"{named}: {state.labels.get(evidence, evidence)} {data.get('relation')} {data.get('weight', 1)}"
    if entry.type == "experiment.added":
        return f"{named}: experiment {data.get('text')}"
    if entry.type in ("experiment.started", "experiment.ended"):
        return f"{named}: {data.get('said') or 'experiment started'}"
    fields = [f"{name} {value}" for name, value in data.items() if name not in _NOT_TOLD]
    return f"{named}: {', '.join(fields) or 'ranked anew'}"


def _entry(identity: str, state: State) -> Entry | None:
    place = bisect_left(state.entries, identity, key=lambda each: each.id)
    found = state.entries[place] if place < len(state.entries) else None
    return found if found is not None and found.id == identity else None
