"""The incident beside a running cockpit: follows the journal and the notes on disk, and tells the bus what changed.

Every change, our own too, arrives by reading the journal: there is no second path for a colleague's.
"""

from __future__ import annotations

import threading
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path
from typing import TypeVar

from cockpit.aside import Aside
from cockpit.bus import Bus
from cockpit.clock import Clock
from cockpit.events import (
    Event,
    Failed,
    HypothesisChanged,
    IncidentChanged,
    MarkersChanged,
    NoteAdded,
    NotesChanged,
    PeopleChanged,
)
from cockpit.incident.model import Hypothesis, Marker, ranked
from cockpit.incident.notes import Saved
from cockpit.incident.presence import Person, Presence
from cockpit.incident.store import Incident
from cockpit.watch import Watch, Watcher

T = TypeVar("T")

_BEAT = 5.0


class IncidentDesk:
    """One open incident. Verbs block until the disk has it, and raise IncidentError; state can be read at once."""

    def __init__(self, incident: Incident, bus: Bus, watcher: Watcher, clock: Clock) -> None:
        self._incident = incident
        self._bus = bus
        self._clock = clock
        self._lock = threading.Lock()
        self._presence = Presence(incident.folder / "presence", incident.by, clock)
        self._people: tuple[Person, ...] = ()
        self._pane = "logs"
        self._closing = threading.Event()
        self._aside = Aside("incident")
        self._told_damage = 0
        self._watches: list[Watch] = [
            watcher.watch(
                incident.folder / "journal.jsonl", lambda: self._aside.ask("journal", lambda _: self.refresh())
            ),
            watcher.watch(incident.folder / "notes.md", lambda: bus.publish(NotesChanged())),
        ]
        if not incident.read_only:
            self._watches.append(watcher.watch(incident.folder / "presence", self._look_around))
        self._writer = ThreadPoolExecutor(1, "incident writer")
        self._heart = threading.Thread(target=self._beat, name="presence", daemon=True)

    @property
    def folder(self) -> Path:
        return self._incident.folder

    @property
    def title(self) -> str:
        return self._incident.state.title

    @property
    def opened_at(self) -> int:
        """Microseconds since the epoch."""
        return self._incident.state.opened_at or self._clock.now()

    @property
    def read_only(self) -> bool:
        return self._incident.read_only

    @property
    def me(self) -> str:
        return self._incident.by

    def others(self) -> tuple[Person, ...]:
        """Who else has the incident open."""
        return self._people

    def start(self) -> None:
        """Begin to be seen by others."""
        self._report_damage()
        if not self.read_only:
            self._heart.start()

    def close(self) -> None:
        self._closing.set()
        for watch in self._watches:
            watch.close()
        if self._heart.ident is not None:
            self._heart.join(2.0)
        self._aside.close()
        self._writer.shutdown()
        if not self.read_only:
            self._presence.leave()

    def later(self, verb: Callable[[], T]) -> Future[T]:
        """Run a verb aside, after those given before it: what is pressed in turn is written in turn."""
        return self._writer.submit(verb)

    def stand_in(self, pane: str) -> None:
        """Tell the others which pane one is in."""
        if pane != self._pane:
            self._pane = pane
            self._aside.ask("presence", lambda _: self._presence.beat(pane))

    def hypotheses(self) -> list[Hypothesis]:
        """In the order of their rank."""
        with self._lock:
            return ranked(self._incident.state)

    def markers(self) -> list[Marker]:
        """In the order of time."""
        with self._lock:
            return sorted(self._incident.state.markers, key=lambda marker: marker.at)

    def add_hypothesis(self, text: str, likelihood: int = 50) -> str:
        return self._did(self._incident.add_hypothesis(text, likelihood))

    def edit_hypothesis(self, hypothesis: str, **fields: str | int) -> str:
        return self._did(self._incident.edit_hypothesis(hypothesis, **fields))

    def nudge_likelihood(self, hypothesis: str, step: int) -> str | None:
        """Make a hypothesis likelier or less by so many per cent; None where it is at its limit."""
        now = next((each.likelihood for each in self.hypotheses() if each.id == hypothesis), None)
        if now is None or not 0 <= now + step <= 100:
            return None
        return self.edit_hypothesis(hypothesis, likelihood=now + step)

    def move_hypothesis(self, hypothesis: str, step: int) -> str | None:
        """Move a hypothesis one place among its equals; None where it is at the end of them."""
        moved = self._incident.move_hypothesis(hypothesis, step)
        return self._did(moved) if moved is not None else None

    def remove_hypothesis(self, hypothesis: str) -> str:
        return self._did(self._incident.remove_hypothesis(hypothesis))

    def add_note(self, text: str) -> str:
        return self._did(self._incident.add_note(text))

    def add_marker(self, text: str, kind: str, at: int) -> str:
        return self._did(self._incident.add_marker(text, kind, at))

    def rename(self, title: str) -> str:
        return self._did(self._incident.rename(title))

    def read_notes(self) -> str:
        """The text of notes.md. Raises NotesError."""
        return self._incident.notes.read()

    def save_notes(self, mine: str, base: str) -> Saved:
        """Save notes that were read as `base` and are now `mine`, merged with what is on disk. Raises NotesError."""
        return self._incident.notes.save(mine, base)

    def refresh(self) -> None:
        """Read what is new in the journal and tell the bus."""
        events: list[Event] = []
        with self._lock:
            changes = self._incident.refresh()
        events += [HypothesisChanged(each) for each in changes.hypotheses]
        events += [NoteAdded(each) for each in changes.notes]
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
        damage = self._incident.damaged
        if len(damage) > self._told_damage:
            self._told_damage = len(damage)
            last = damage[-1]
            what = f"{len(damage)} journal lines cannot be read and are set aside (line {last.line_number}: {last.why})"
            self._bus.publish(Failed(what))

    def _beat(self) -> None:
        while not self._closing.is_set():
            self._presence.beat(self._pane)
            self._look_around()
            self._closing.wait(_BEAT)

    def _look_around(self) -> None:
        people = tuple(self._presence.others())
        if people != self._people:
            self._people = people
            self._bus.publish(PeopleChanged())
