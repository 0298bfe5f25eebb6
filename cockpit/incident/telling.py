"""What a journal entry says, in words."""

from __future__ import annotations

from cockpit.incident.journal import Entry
from cockpit.incident.model import State
from cockpit.incident.undo import UNDONE, target_of

_NOT_TOLD = ("hypothesis", "experiment", "rank")


def title_of(entry: Entry, state: State) -> str:
    """One line on an entry, as the timeline and the undo show it."""
    data = entry.data
    if entry.type == UNDONE:
        undone = next((each for each in state.entries if each.id == target_of(entry)), None)
        readable = undone is not None and undone.id < entry.id  # a loop of entries that name each other is broken
        return f"undone: {title_of(undone, state)}" if undone is not None and readable else "undone"
    named = next((each.label for each in state.hypotheses if each.id == str(data.get("hypothesis"))), None)
    if entry.type == "hypothesis.removed":
        return "hypothesis removed"
    if named is None:
        what = entry.type.replace(".", " ")
        text = data.get("text") or data.get("title") or ""
        return f"{what}: {text}" if text else what
    if entry.type == "hypothesis.linked":
        return f"{named}: {data.get('evidence')} {data.get('relation')} {data.get('weight', 1)}"
    if entry.type == "experiment.added":
        return f"{named}: experiment {data.get('text')}"
    fields = [f"{name} {value}" for name, value in data.items() if name not in _NOT_TOLD]
    return f"{named}: {', '.join(fields) or 'ranked anew'}"
