"""What an incident is: the fold of its journal. Pure; the same for any order in which entries arrive.

Every field of a hypothesis has one last writer: the entry with the greatest id that set it. So merged journals give
one state, whoever merged them.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field, replace
from operator import attrgetter

import msgspec

from cockpit.incident import beginning, checks, hypotheses
from cockpit.incident.beginning import Answer
from cockpit.incident.checks import Tick
from cockpit.incident.evidence import Evidence, EvidenceError, evidence_of, with_window
from cockpit.incident.hypotheses import Hypotheses, Hypothesis
from cockpit.incident.journal import VERSION, Entry, each_once
from cockpit.incident.reading import Unusable, text_of, time_of
from cockpit.incident.undo import CLOSED, REOPENED, UNDONE, concerned, may_be_undone, no_longer_counting, target_of

MARKER_KINDS = ("deploy", "mitigation", "restart", "note")


class Marker(msgspec.Struct, frozen=True, gc=False):
    """A moment on the time axis. at: microseconds; kind: one of MARKER_KINDS."""

    id: str
    at: int
    kind: str
    text: str
    by: str


class Note(msgspec.Struct, frozen=True, gc=False):
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


@dataclass(slots=True)
class State:
    """The incident now. Times are microseconds. `entries` are all of them by id; `unknown` counts types not known.

    closed_at: when it was closed; None while it is open. Whatever is added afterwards counts all the same.

    labels: what hypotheses and evidence are called, by id, also those that were removed or undone.
    ticks: the checks that were made; answers: to the four questions of the beginning; begun: those are not asked again.
    """

    title: str = ""
    opened_at: int = 0
    opened_by: str = ""
    closed_at: int | None = None
    hypotheses: tuple[Hypothesis, ...] = ()
    markers: tuple[Marker, ...] = ()
    notes: tuple[Note, ...] = ()
    evidence: tuple[Evidence, ...] = ()
    ticks: dict[str, Tick] = field(default_factory=dict)
    answers: dict[str, Answer] = field(default_factory=dict)
    begun: bool = False
    labels: dict[str, str] = field(default_factory=dict)
    unknown: dict[str, int] = field(default_factory=dict)
    malformed: tuple[Malformed, ...] = ()
    newer: bool = False
    entries: list[Entry] = field(default_factory=list)

    @property
    def closed(self) -> bool:
        return self.closed_at is not None


@dataclass(slots=True)
class _Draft:
    """The fold while it goes on: what may still be edited or removed by a later entry.

    ordered: the entries that were taken in, by id; gone: ids of those that no longer count.
    """

    state: State = field(default_factory=State)
    known: dict[str, Entry] = field(default_factory=dict)
    ordered: list[Entry] = field(default_factory=list)
    gone: set[str] = field(default_factory=set)
    markers: dict[str, Marker] = field(default_factory=dict)
    notes: list[Note] = field(default_factory=list)
    evidence: dict[str, Evidence] = field(default_factory=dict)  # by label
    malformed: list[Malformed] = field(default_factory=list)
    hypotheses: Hypotheses = field(init=False)

    def __post_init__(self) -> None:
        self.hypotheses = Hypotheses(self.evidence)


class Folding:
    """The fold of a journal that grows: what is newer than all that is known is taken in alone, else all anew.

    Whatever the order in which entries arrive, the state is the one that `fold` gives for all of them.
    """

    def __init__(self) -> None:
        self._draft = _Draft()

    def take(self, entries: Sequence[Entry]) -> State:
        """Take in entries, known ones among them too; the state then, which no later call changes."""
        fresh = sorted(each_once(entries).values(), key=attrgetter("id"))
        if self._may_go_on(fresh):
            self._draft.known.update((each.id, each) for each in fresh)
            self._draft.ordered += fresh
            _take_in(self._draft, fresh)
        else:
            self._draft = _drafted([*self._draft.ordered, *entries])
        return _settled(self._draft)

    def _may_go_on(self, fresh: Sequence[Entry]) -> bool:
        """Whether these can change nothing in how the entries before them were read."""
        draft = self._draft
        late = bool(draft.ordered and fresh and fresh[0].id <= draft.ordered[-1].id)
        awaited = bool(draft.malformed) and any(each.type.endswith(".added") for each in fresh)
        return not late and not awaited and all(each.type != UNDONE for each in fresh)


def fold(entries: Iterable[Entry]) -> State:
    """The state that entries give, in the order of their ids, each id once.

    What was undone does not count; a thing whose adding was undone is hidden at the end, so that what others did with
    it meanwhile makes sense, and labels stay.
    """
    return _settled(_drafted(entries))


def _drafted(entries: Iterable[Entry]) -> _Draft:
    known = each_once(entries)
    ordered = sorted(known.values(), key=attrgetter("id"))
    draft = _Draft(known=known, ordered=ordered, gone=no_longer_counting(ordered, known))
    _take_in(draft, ordered)
    return draft


def _take_in(draft: _Draft, ordered: Sequence[Entry]) -> None:
    """Take in entries, in the order of their ids, that the draft knows already."""
    draft.state.newer = draft.state.newer or any(entry.v > VERSION for entry in ordered)
    phases = {kind: _phase(kind) for kind in {entry.type for entry in ordered}}
    for entry in sorted(ordered, key=lambda each: phases[each.type]):
        if entry.id in draft.gone and not entry.type.endswith(".added"):
            continue
        step = _STEPS.get(entry.type)
        if step is None:
            draft.state.unknown[entry.type] = draft.state.unknown.get(entry.type, 0) + 1
            continue
        try:
            step(draft, entry)
        except Unusable as error:
            draft.malformed.append(Malformed(entry.id, entry.type, str(error)))


def _settled(draft: _Draft) -> State:
    """The state that a draft gives, which goes on without it."""
    state, gone = draft.state, draft.gone
    return replace(
        state,
        hypotheses=draft.hypotheses.settled(gone),
        markers=tuple(each for each in draft.markers.values() if each.id not in gone),
        notes=tuple(draft.notes),
        evidence=tuple(each for each in draft.evidence.values() if each.id not in gone),
        ticks=dict(state.ticks),
        answers=dict(state.answers),
        labels=draft.hypotheses.labels | {each.id: label for label, each in draft.evidence.items()},
        unknown=dict(state.unknown),
        malformed=tuple(draft.malformed),
        entries=list(draft.ordered),
    )


def _phase(kind: str) -> int:
    """What is added comes first: the clock of the host that adds may be behind that of the host that edits."""
    return 1 if kind == "experiment.added" else 0 if kind.endswith(".added") else 2


def changes_of(entries: Sequence[Entry], known: Iterable[Entry] = ()) -> Changes:
    """What these entries may have changed; `known`: all entries, where undoing is looked up."""
    changes = Changes()
    by_id = {entry.id: entry for entry in known} if any(entry.type == UNDONE for entry in entries) else {}
    for each in entries:
        entry = concerned(each, by_id) if each.type == UNDONE else each
        room = entry.type.partition(".")[0]
        if each.type == UNDONE:  # links to what it is about come or go
            linked = (other for other in by_id.values() if other.type == "hypothesis.linked")
            changes.hypotheses |= {str(other.data.get("hypothesis")) for other in linked}
        if room in ("hypothesis", "experiment"):
            added = entry.type == "hypothesis.added"
            changes.hypotheses.add(entry.id if added else str(entry.data.get("hypothesis", entry.id)))
        elif entry.type == "note.added":
            changes.notes.add(entry.id)
        elif room == "evidence":
            changes.evidence.add(entry.id if entry.type == "evidence.added" else str(entry.data.get("evidence")))
        elif room == "marker":
            changes.markers = True
        elif room in ("incident", "check"):
            changes.incident = True
    return changes


def _opened(draft: _Draft, entry: Entry) -> None:
    if not draft.state.opened_at:
        draft.state.title, draft.state.opened_at = text_of(entry, "title"), time_of(entry)
        draft.state.opened_by = entry.by


def _renamed(draft: _Draft, entry: Entry) -> None:
    draft.state.title = text_of(entry, "title")


def _closed(draft: _Draft, entry: Entry) -> None:
    draft.state.closed_at = time_of(entry) if entry.type == CLOSED else None


def _begun(draft: _Draft, entry: Entry) -> None:
    draft.state.begun = True


def _answered(draft: _Draft, entry: Entry) -> None:
    beginning.take(draft.state.answers, entry)


def _check(draft: _Draft, entry: Entry) -> None:
    checks.take(draft.state.ticks, entry)


def _note_added(draft: _Draft, entry: Entry) -> None:
    draft.notes.append(Note(entry.id, time_of(entry), entry.by, text_of(entry)))


def _evidence_added(draft: _Draft, entry: Entry) -> None:
    time_of(entry)
    try:
        added = evidence_of(entry.id, entry.at, entry.by, entry.data, draft.evidence)
    except EvidenceError as error:
        raise Unusable(str(error)) from None
    draft.evidence[added.label] = added


def _window_taken(draft: _Draft, entry: Entry) -> None:
    item = next((each for each in draft.evidence.values() if each.id == entry.data.get("evidence")), None)
    if item is None:
        raise Unusable("there is no such evidence")
    try:
        draft.evidence[item.label] = with_window(item, entry.data)
    except EvidenceError as error:
        raise Unusable(str(error)) from None


def _marker_added(draft: _Draft, entry: Entry) -> None:
    kind = entry.data.get("kind", "note")
    if kind not in MARKER_KINDS:
        raise Unusable(f"{kind!r} is no kind of marker")
    draft.markers[entry.id] = Marker(entry.id, time_of(entry, entry.data.get("at")), kind, text_of(entry), entry.by)


def _marker_removed(draft: _Draft, entry: Entry) -> None:
    if draft.markers.pop(str(entry.data.get("marker")), None) is None:
        raise Unusable("there is no such marker before it")


def _hypothesis(draft: _Draft, entry: Entry) -> None:
    draft.hypotheses.take(entry)


def _undone(draft: _Draft, entry: Entry) -> None:
    target = draft.known.get(target_of(entry))
    if target is None or target.id >= entry.id:
        raise Unusable("there is no such entry before it")
    if target.type in _STEPS and not may_be_undone(target):
        raise Unusable(f"{target.type} cannot be undone")


_STEPS: dict[str, Callable[[_Draft, Entry], None]] = {
    "incident.opened": _opened,
    "incident.renamed": _renamed,
    CLOSED: _closed,
    REOPENED: _closed,
    beginning.ANSWERED: _answered,
    beginning.BEGUN: _begun,
    **dict.fromkeys(checks.TYPES, _check),
    **dict.fromkeys(hypotheses.TYPES, _hypothesis),
    UNDONE: _undone,
    "note.added": _note_added,
    "evidence.added": _evidence_added,
    "evidence.window": _window_taken,
    "marker.added": _marker_added,
    "marker.removed": _marker_removed,
}
