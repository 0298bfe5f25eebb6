"""What an incident is: the fold of its journal. Pure; the same for any order in which entries arrive.

Every field of a hypothesis has one last writer: the entry with the greatest id that set it. So merged journals give
one state, whoever merged them.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, replace
from typing import Any

from cockpit.clock import from_rfc3339, to_local
from cockpit.incident.evidence import Evidence, EvidenceError, evidence_of
from cockpit.incident.journal import VERSION, Entry, each_once

STATUSES = ("open", "testing", "confirmed", "refuted", "parked")
MARKER_KINDS = ("deploy", "mitigation", "restart", "note")
_GROUP = {"confirmed": 0, "testing": 1, "open": 1, "parked": 2, "refuted": 3}


@dataclass(frozen=True, slots=True)
class Hypothesis:
    """A possible cause. likelihood: per cent; rank: a place given by hand among its equals (None: by likelihood)."""

    id: str
    label: str
    text: str
    likelihood: int
    status: str
    detail: str
    prediction: str
    rank: float | None
    added_at: int
    added_by: str
    changed_at: int
    changed_by: str


@dataclass(frozen=True, slots=True)
class Marker:
    """A moment on the time axis. at: microseconds; kind: one of MARKER_KINDS."""

    id: str
    at: int
    kind: str
    text: str
    by: str


@dataclass(frozen=True, slots=True)
class Note:
    """A time-stamped line of the notes. at: microseconds."""

    id: str
    at: int
    by: str
    text: str


@dataclass(frozen=True, slots=True)
class Malformed:
    """An entry of a known type whose data cannot be used, and why."""

    id: str
    type: str
    why: str


@dataclass(slots=True)
class Changes:
    """What entries changed: ids of hypotheses, notes and evidence, and whether markers or the incident itself did.

    restarted: the journal is another than before.
    """

    hypotheses: set[str] = field(default_factory=set)
    notes: set[str] = field(default_factory=set)
    evidence: set[str] = field(default_factory=set)
    markers: bool = False
    incident: bool = False
    restarted: bool = False


class Unusable(Exception):
    """Data of a known type that makes no sense; caught where entries are folded."""


@dataclass(slots=True)
class State:
    """The incident now. Times are microseconds. `entries` are all of them by id; `unknown` counts types not known."""

    title: str = ""
    opened_at: int = 0
    opened_by: str = ""
    closed: bool = False
    hypotheses: tuple[Hypothesis, ...] = ()
    markers: tuple[Marker, ...] = ()
    notes: tuple[Note, ...] = ()
    evidence: tuple[Evidence, ...] = ()
    unknown: dict[str, int] = field(default_factory=dict)
    malformed: tuple[Malformed, ...] = ()
    newer: bool = False
    entries: list[Entry] = field(default_factory=list)


@dataclass(slots=True)
class _Draft:
    """The fold while it goes on: what may still be edited or removed by a later entry."""

    state: State = field(default_factory=State)
    hypotheses: dict[str, Hypothesis] = field(default_factory=dict)
    removed: set[str] = field(default_factory=set)
    markers: dict[str, Marker] = field(default_factory=dict)
    notes: list[Note] = field(default_factory=list)
    evidence: dict[str, Evidence] = field(default_factory=dict)  # by label
    malformed: list[Malformed] = field(default_factory=list)


def fold(entries: Iterable[Entry]) -> State:
    """The state that entries give, in the order of their ids, each id once."""
    draft = _Draft()
    unique = each_once(entries)
    ordered = [unique[identity] for identity in sorted(unique)]
    begins = [entry for entry in ordered if entry.type.endswith(".added")]  # first: a later host's clock may be behind
    for entry in (*begins, *(entry for entry in ordered if not entry.type.endswith(".added"))):
        step = _STEPS.get(entry.type)
        draft.state.newer |= entry.v > VERSION
        if step is None:
            draft.state.unknown[entry.type] = draft.state.unknown.get(entry.type, 0) + 1
            continue
        try:
            step(draft, entry)
        except Unusable as error:
            draft.malformed.append(Malformed(entry.id, entry.type, str(error)))
    state = draft.state
    state.hypotheses = tuple(each for each in draft.hypotheses.values() if each.id not in draft.removed)
    state.markers = tuple(draft.markers.values())
    state.notes = tuple(draft.notes)
    state.evidence = tuple(draft.evidence.values())
    state.malformed = tuple(draft.malformed)
    state.entries = ordered
    return state


def changes_of(entries: Iterable[Entry]) -> Changes:
    """What these entries may have changed."""
    changes = Changes()
    for entry in entries:
        room = entry.type.partition(".")[0]
        if room == "hypothesis":
            added = entry.type == "hypothesis.added"
            changes.hypotheses.add(entry.id if added else str(entry.data.get("hypothesis", entry.id)))
        elif entry.type == "note.added":
            changes.notes.add(entry.id)
        elif room == "evidence":
            changes.evidence.add(entry.id)
        elif room == "marker":
            changes.markers = True
        elif room == "incident":
            changes.incident = True
    return changes


def ranked(state: State) -> list[Hypothesis]:
    """Confirmed first, then open and testing, then parked, then refuted; among equals by rank."""
    return sorted(state.hypotheses, key=_order)


def move(state: State, identity: str, step: int) -> list[dict[str, Any]]:
    """The data of the edits that move a hypothesis one place up (-1) or down (1) in its group; none at its end.

    One edit as a rule; where no number lies between those of its new neighbours, all of the group are numbered anew.
    """
    order = ranked(state)
    here = next((place for place, each in enumerate(order) if each.id == identity), None)
    if here is None:
        return []
    group = [each for each in order if _GROUP[each.status] == _GROUP[order[here].status]]
    place = group.index(order[here])
    if not 0 <= place + step < len(group):
        return []
    others = group[:place] + group[place + 1 :]
    before = _place(others[place + step - 1]) if place + step > 0 else None
    after = _place(others[place + step]) if place + step < len(others) else None
    if before is None:
        rank = (after or 0.0) - 1
    elif after is None:
        rank = before + 1
    else:
        rank = (before + after) / 2
        if not before < rank < after:
            others.insert(place + step, group[place])
            return [{"hypothesis": each.id, "rank": float(number)} for number, each in enumerate(others)]
    return [{"hypothesis": identity, "rank": rank}]


def _order(each: Hypothesis) -> tuple[int, float, int, str]:
    return _GROUP[each.status], _place(each), each.added_at, each.id


def _place(each: Hypothesis) -> float:
    """Where a hypothesis stands among its equals: its rank, else the less likely and the later the further down."""
    return each.rank if each.rank is not None else -each.likelihood + int(each.label[1:]) * 1e-6


def _text(entry: Entry, name: str = "text") -> str:
    value = entry.data.get(name)
    if not isinstance(value, str) or not value.strip():
        raise Unusable(f"{name} is missing")
    return value


def _at(entry: Entry, text: object = None) -> int:
    try:
        at = from_rfc3339(str(text if text is not None else entry.at))
        to_local(at)  # a time that no zone of ours can show is none
        return at
    except (ValueError, OverflowError):
        raise Unusable(f"{text or entry.at!r} is no time") from None


def _opened(draft: _Draft, entry: Entry) -> None:
    if not draft.state.opened_at:
        draft.state.title, draft.state.opened_at, draft.state.opened_by = _text(entry, "title"), _at(entry), entry.by


def _renamed(draft: _Draft, entry: Entry) -> None:
    draft.state.title = _text(entry, "title")


def _closed(draft: _Draft, entry: Entry) -> None:
    draft.state.closed = entry.type == "incident.closed"


def _hypothesis_added(draft: _Draft, entry: Entry) -> None:
    label = f"H{len(draft.hypotheses) + 1}"
    at = _at(entry)
    likelihood = _likelihood(entry.data.get("likelihood", 50))
    draft.hypotheses[entry.id] = Hypothesis(
        entry.id, label, _text(entry), likelihood, "open", "", "", None, at, entry.by, at, entry.by
    )


def _hypothesis_edited(draft: _Draft, entry: Entry) -> None:
    known = _known(draft, entry)
    fields: dict[str, Any] = {}
    for name, value in entry.data.items():
        if name == "text":
            fields[name] = _text(entry)
        elif name == "likelihood":
            fields[name] = _likelihood(value)
            fields.setdefault("rank", None)  # a new likelihood ranks it by itself again
        elif name == "status":
            if value not in STATUSES:
                raise Unusable(f"{value!r} is no status")
            fields[name] = value
        elif name in ("detail", "prediction") and isinstance(value, str):
            fields[name] = value
        elif name == "rank" and (value is None or (isinstance(value, int | float) and abs(value) < 1e12)):
            fields[name] = None if value is None else float(value)
    draft.hypotheses[known.id] = replace(known, **fields, changed_at=_at(entry), changed_by=entry.by)


def _hypothesis_removed(draft: _Draft, entry: Entry) -> None:
    draft.removed.add(_known(draft, entry).id)


def _known(draft: _Draft, entry: Entry) -> Hypothesis:
    known = draft.hypotheses.get(str(entry.data.get("hypothesis")))
    if known is None:
        raise Unusable("there is no such hypothesis before it")
    return known


def _likelihood(value: object) -> int:
    if isinstance(value, bool) or not isinstance(value, int | float) or value != value:
        raise Unusable("the likelihood is no number")
    return round(min(100, max(0, value)))


def _note_added(draft: _Draft, entry: Entry) -> None:
    draft.notes.append(Note(entry.id, _at(entry), entry.by, _text(entry)))


def _evidence_added(draft: _Draft, entry: Entry) -> None:
    _at(entry)
    try:
        added = evidence_of(entry.id, entry.at, entry.by, entry.data, draft.evidence)
    except EvidenceError as error:
        raise Unusable(str(error)) from None
    draft.evidence[added.label] = added


def _marker_added(draft: _Draft, entry: Entry) -> None:
    kind = entry.data.get("kind", "note")
    if kind not in MARKER_KINDS:
        raise Unusable(f"{kind!r} is no kind of marker")
    draft.markers[entry.id] = Marker(entry.id, _at(entry, entry.data.get("at")), kind, _text(entry), entry.by)


def _marker_removed(draft: _Draft, entry: Entry) -> None:
    if draft.markers.pop(str(entry.data.get("marker")), None) is None:
        raise Unusable("there is no such marker before it")


_STEPS: dict[str, Callable[[_Draft, Entry], None]] = {
    "incident.opened": _opened,
    "incident.renamed": _renamed,
    "incident.closed": _closed,
    "incident.reopened": _closed,
    "hypothesis.added": _hypothesis_added,
    "hypothesis.edited": _hypothesis_edited,
    "hypothesis.removed": _hypothesis_removed,
    "note.added": _note_added,
    "evidence.added": _evidence_added,
    "marker.added": _marker_added,
    "marker.removed": _marker_removed,
}
