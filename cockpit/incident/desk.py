"""The incident beside a running cockpit: follows the journal and the notes on disk, and tells the bus what changed.

Every change, our own too, arrives by reading the journal: there is no second path for a colleague's.
"""

from __future__ import annotations

import threading
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from typing import TypeVar

from cockpit.aside import Aside
from cockpit.bus import Bus
from cockpit.clock import Clock
from cockpit.events import (
    Event,
    EvidenceCaptured,
    Failed,
    HypothesisChanged,
    IncidentChanged,
    MarkersChanged,
    NoteAdded,
    NotesChanged,
)
from cockpit.incident.evidence import Evidence
from cockpit.incident.guidance import Guidance
from cockpit.incident.hypotheses import Hypothesis
from cockpit.incident.model import Marker
from cockpit.incident.people import People
from cockpit.incident.ranking import ranked
from cockpit.incident.store import Incident
from cockpit.incident.trials import Trials
from cockpit.watch import Watch, Watcher

T = TypeVar("T")


class IncidentDesk:
    """One open incident. Verbs block until the disk has it, and raise IncidentError; state can be read at once.

    store: the incident on disk; people: who else has it open; trials: what tests hypotheses, and undo;
    guidance: the verbs of the guide.
    """

    def __init__(self, incident: Incident, bus: Bus, watcher: Watcher, clock: Clock) -> None:
        self.store = incident
        self.trials = Trials(incident, self._did)
        self.guidance = Guidance(incident, clock, self._did)
        self._bus = bus
        self._clock = clock
        self._lock = threading.Lock()
        self.people = People(incident.folder / "presence", incident.by, bus, watcher, clock)
        self._aside = Aside("incident", lambda error: bus.publish(Failed(str(error))))
        self._told_damage = 0
        self._watches: list[Watch] = [
            watcher.watch(
                incident.folder / "journal.jsonl", lambda: self._aside.ask("journal", lambda _: self.refresh())
            ),
            watcher.watch(incident.folder / "notes.md", lambda: bus.publish(NotesChanged())),
        ]
        self._writer = ThreadPoolExecutor(1, "incident writer")

    @property
    def opened_at(self) -> int:
        """Microseconds since the epoch."""
        return self.store.state.opened_at or self._clock.now()

    def start(self) -> None:
        """Take in what was written since the incident was opened, and begin to be seen by others."""
        self.refresh()
        if not self.store.read_only:
            self.people.start()

    def close(self) -> None:
        for watch in self._watches:
            watch.close()
        self.people.close()
        self._aside.close()
        self._writer.shutdown()
        self.store.notes.close()

    def later(self, verb: Callable[[], T]) -> Future[T]:
        """Run a verb aside, after those given before it: what is pressed in turn is written in turn."""
        return self._writer.submit(verb)

    def hypotheses(self) -> list[Hypothesis]:
        """In the order of their rank."""
        with self._lock:
            return ranked(self.store.state)

    def markers(self) -> list[Marker]:
        """In the order of time."""
        with self._lock:
            return sorted(self.store.state.markers, key=lambda marker: marker.at)

    def evidence(self) -> list[Evidence]:
        """In the order in which it was kept."""
        with self._lock:
            return list(self.store.state.evidence)

    def add_hypothesis(self, text: str, likelihood: int = 50, *, parent: str = "", cost: int | None = None) -> str:
        return self._did(self.store.add_hypothesis(text, likelihood, parent=parent, cost=cost))

    def edit_hypothesis(self, hypothesis: str, **fields: str | int) -> str:
        return self._did(self.store.edit_hypothesis(hypothesis, **fields))

    def nudge_likelihood(self, hypothesis: str, step: int) -> str | None:
        """Make a hypothesis likelier or less by so many per cent; None where it is at its limit."""
        now = next((each.likelihood for each in self.hypotheses() if each.id == hypothesis), None)
        wanted = now if now is None else max(0, min(100, now + step))
        return self.edit_hypothesis(hypothesis, likelihood=wanted) if wanted is not None and wanted != now else None

    def move_hypothesis(self, hypothesis: str, step: int) -> str | None:
        """Move a hypothesis one place among its equals; None where it is at the end of them."""
        moved = self.store.move_hypothesis(hypothesis, step)
        return self._did(moved) if moved is not None else None

    def remove_hypothesis(self, hypothesis: str) -> str:
        return self._did(self.store.remove_hypothesis(hypothesis))

    def add_note(self, text: str) -> str:
        return self._did(self.store.add_note(text))

    def add_marker(self, text: str, kind: str, at: int) -> str:
        return self._did(self.store.add_marker(text, kind, at))

    def refresh(self) -> None:
        """Read what is new in the journal and tell the bus."""
        events: list[Event] = []
        with self._lock:
            changes = self.store.refresh()
            self._told_damage = 0 if changes.restarted else self._told_damage
        events += [HypothesisChanged(each) for each in changes.hypotheses]
        events += [NoteAdded(each) for each in changes.notes]
        events += [EvidenceCaptured(each) for each in changes.evidence]
        if changes.markers:
            events.append(MarkersChanged())
        if changes.incident:
            events.append(IncidentChanged())
        for event in events:
            self._bus.publish(event)
        self._report_damage()

    def _did(self, entry: str) -> str:
        self.refresh()
        return entry

    def _report_damage(self) -> None:
        damage = self.store.damaged
        told, self._told_damage = self._told_damage, len(damage)
        if len(damage) > told:
            last = damage[-1]
            what = f"{len(damage)} journal lines cannot be read and are set aside (line {last.line_number}: {last.why})"
            self._bus.publish(Failed(what))
