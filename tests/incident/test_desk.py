"""The incident's desk: what anybody does to the folder is told on the bus, our own doing by the same way."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TypeVar

import pytest

from cockpit.bus import Bus
from cockpit.clock import SECOND, FrozenClock
from cockpit.events import (
    Event,
    Failed,
    HandlerFailed,
    HypothesisChanged,
    IncidentChanged,
    MarkersChanged,
    NoteAdded,
    NotesChanged,
    PeopleChanged,
)
from cockpit.incident.desk import IncidentDesk
from cockpit.incident.store import Incident, IncidentError
from cockpit.watch import Watcher
from tests.incident.entries import AT
from tests.incident.hardship import room_for
from tests.support.waiting import until

E = TypeVar("E", bound=Event)


class Ear(list[Event]):
    """Everything that a bus tells."""

    def of(self, kind: type[E]) -> list[E]:
        return [each for each in list(self) if isinstance(each, kind)]


@pytest.fixture
def clock() -> FrozenClock:
    return FrozenClock(AT)


@pytest.fixture
def incident(tmp_path: Path, clock: FrozenClock) -> Incident:
    return Incident.create(tmp_path, "Checkout 500s", clock, "ana@web-1")


@pytest.fixture
def bus() -> Bus:
    return Bus()


@pytest.fixture
def heard(bus: Bus) -> Ear:
    ear = Ear()
    bus.subscribe(Event, ear.append)
    return ear


@pytest.fixture
def watcher() -> Iterator[Watcher]:
    watcher = Watcher(0.1)
    yield watcher
    watcher.close()


@pytest.fixture
def desk(incident: Incident, bus: Bus, heard: Ear, watcher: Watcher, clock: FrozenClock) -> Iterator[IncidentDesk]:
    desk = IncidentDesk(incident, bus, watcher, clock)
    desk.start()
    yield desk
    desk.close()
    assert heard.of(HandlerFailed) == []


@pytest.fixture
def colleague(incident: Incident, clock: FrozenClock) -> Incident:
    """The same incident, opened by somebody else."""
    return Incident.open(incident.folder, clock, "ben@web-2")


def test_what_a_colleague_does_is_told(desk: IncidentDesk, colleague: Incident, heard: Ear) -> None:
    added = colleague.add_hypothesis("pool exhausted")
    assert until(lambda: HypothesisChanged(added) in heard)
    assert [each.text for each in desk.hypotheses()] == ["pool exhausted"]
    colleague.refresh()
    colleague.edit_hypothesis(added, status="testing")
    assert until(lambda: desk.hypotheses()[0].status == "testing")
    assert until(lambda: heard.count(HypothesisChanged(added)) == 2)
    note = colleague.add_note("looks better")
    assert until(lambda: NoteAdded(note) in heard and NotesChanged() in heard)
    marker = colleague.add_marker("restarted", "restart", AT)
    assert until(lambda: heard.of(MarkersChanged))
    assert [each.id for each in desk.markers()] == [marker]
    colleague.rename("Cart sums")
    assert until(lambda: heard.of(IncidentChanged))
    assert desk.store.state.title == "Cart sums"
    colleague.remove_hypothesis(added)
    assert until(lambda: heard.count(HypothesisChanged(added)) == 3)
    assert desk.hypotheses() == []


def test_each_change_is_told_once(desk: IncidentDesk, colleague: Incident, heard: Ear) -> None:
    added = [colleague.add_hypothesis(f"cause {number}") for number in range(20)]
    assert until(lambda: len(heard.of(HypothesisChanged)) == 20)
    own = desk.add_hypothesis("ours")
    last = colleague.add_hypothesis("the last")
    assert until(lambda: HypothesisChanged(last) in heard)
    assert sorted(each.id for each in heard.of(HypothesisChanged)) == sorted([*added, own, last])


def test_our_own_verbs_are_told_when_they_return(desk: IncidentDesk, heard: Ear) -> None:
    first, second = desk.add_hypothesis("one", 60), desk.add_hypothesis("two", 40)
    assert heard.of(HypothesisChanged) == [HypothesisChanged(first), HypothesisChanged(second)]
    assert [each.text for each in desk.hypotheses()] == ["one", "two"]
    desk.move_hypothesis(second, -1)
    assert [each.text for each in desk.hypotheses()] == ["two", "one"]
    assert desk.move_hypothesis(second, -1) is None
    desk.edit_hypothesis(first, text="uno")
    desk.remove_hypothesis(second)
    assert [each.text for each in desk.hypotheses()] == ["uno"]
    note = desk.add_note("looks better")
    assert heard[-1] == NoteAdded(note) or NoteAdded(note) in heard
    later = desk.add_marker("later", "note", AT + SECOND)
    earlier = desk.add_marker("earlier", "deploy", AT)
    assert [each.id for each in desk.markers()] == [earlier, later]
    assert len(heard.of(MarkersChanged)) == 2


def test_a_likelihood_is_nudged_as_far_as_it_goes(desk: IncidentDesk) -> None:
    added = desk.add_hypothesis("pool exhausted", 85)
    assert desk.nudge_likelihood(added, 10) is not None
    assert desk.nudge_likelihood(added, 10) is not None
    assert desk.nudge_likelihood(added, 5) is None
    assert [each.likelihood for each in desk.hypotheses()] == [100]
    assert desk.nudge_likelihood(added, -100) is not None
    assert desk.nudge_likelihood(added, -5) is None
    assert desk.nudge_likelihood("no such", 5) is None


def test_verbs_given_in_turn_are_written_in_turn(desk: IncidentDesk, incident: Incident) -> None:
    given = [desk.later(lambda n=n: desk.add_hypothesis(f"cause {n}")) for n in range(30)]
    ids = [each.result() for each in given]
    assert ids == sorted(ids)
    assert [each.text for each in incident.state.hypotheses] == [f"cause {n}" for n in range(30)]


def test_a_verb_that_cannot_be_done_says_so_and_the_next_is_done(desk: IncidentDesk, incident: Incident) -> None:
    size = (incident.folder / "journal.jsonl").stat().st_size
    with room_for(size), pytest.raises(IncidentError, match="not written"):
        desk.later(lambda: desk.add_hypothesis("lost?")).result()
    desk.later(lambda: desk.add_hypothesis("said again")).result()
    assert [each.text for each in desk.hypotheses()] == ["said again"]


def test_what_was_written_before_the_start_is_taken_in(
    incident: Incident, bus: Bus, heard: Ear, watcher: Watcher, clock: FrozenClock, colleague: Incident
) -> None:
    added = colleague.add_hypothesis("between")
    desk = IncidentDesk(incident, bus, watcher, clock)
    desk.start()
    assert heard.of(HypothesisChanged) == [HypothesisChanged(added)]
    assert [each.text for each in desk.hypotheses()] == ["between"]
    assert desk.opened_at == AT
    desk.close()


def test_what_an_editor_writes_into_the_notes_is_told(desk: IncidentDesk, incident: Incident, heard: Ear) -> None:
    notes = incident.folder / "notes.md"
    notes.write_text("written by hand\n")
    assert until(lambda: heard.of(NotesChanged))
    before = len(heard.of(NotesChanged))
    fresh = notes.with_name("notes.md~")
    fresh.write_text("renamed into place\n")
    fresh.replace(notes)
    assert until(lambda: len(heard.of(NotesChanged)) > before)


def test_damage_in_the_journal_is_told_once(
    desk: IncidentDesk, incident: Incident, colleague: Incident, heard: Ear
) -> None:
    journal = incident.folder / "journal.jsonl"
    with journal.open("a") as file:
        file.write("<<<<<<< HEAD\n")
    assert until(lambda: heard.of(Failed))
    (failed,) = heard.of(Failed)
    assert failed.what.startswith("1 journal lines cannot be read and are set aside (line 2: ")
    for number in range(3):
        note = colleague.add_note(f"after it {number}")
        assert until(lambda note=note: NoteAdded(note) in heard)
    desk.add_note("ours")
    assert len(heard.of(Failed)) == 1
    with journal.open("a") as file:
        file.write("=======\n")
    assert until(lambda: len(heard.of(Failed)) == 2)
    assert heard.of(Failed)[1].what.startswith("2 journal lines cannot be read and are set aside (line 7: ")


def test_a_line_still_being_written_is_neither_damage_nor_news(
    desk: IncidentDesk, incident: Incident, heard: Ear
) -> None:
    line = b'{"v":1,"id":"Z1","at":"2026-11-23T10:02:12Z","by":"b@c","type":"note.added","data":{"text":"slow"}}\n'
    journal = incident.folder / "journal.jsonl"
    with journal.open("ab", buffering=0) as file:
        file.write(line[:50])
        desk.refresh()
        assert (heard.of(Failed), heard.of(NoteAdded)) == ([], [])
        file.write(line[50:])
    assert until(lambda: NoteAdded("Z1") in heard)
    assert heard.of(Failed) == []


def test_a_journal_replaced_by_git_is_told_whole(desk: IncidentDesk, incident: Incident, heard: Ear) -> None:
    added = desk.add_hypothesis("ours")
    journal = incident.folder / "journal.jsonl"
    theirs = b'{"v":1,"id":"Z1","at":"2026-11-23T10:02:12Z","by":"b@c","type":"hypothesis.added","data":{"text":"b"}}\n'
    heard.clear()
    journal.with_name("merged").write_bytes(theirs + journal.read_bytes())
    journal.with_name("merged").replace(journal)
    assert until(lambda: {HypothesisChanged("Z1"), HypothesisChanged(added)} <= set(heard))
    assert until(lambda: heard.of(MarkersChanged) and heard.of(IncidentChanged))
    assert {each.text for each in desk.hypotheses()} == {"ours", "b"}


def test_people_see_each_other_at_their_desks(
    desk: IncidentDesk, colleague: Incident, heard: Ear, watcher: Watcher, clock: FrozenClock
) -> None:
    theirs = IncidentDesk(colleague, Bus(), watcher, clock)
    theirs.start()
    assert until(lambda: [each.by for each in desk.people.others] == ["ben@web-2"])
    assert until(lambda: heard.of(PeopleChanged))
    theirs.close()
    assert until(lambda: desk.people.others == ())


def test_who_only_reads_follows_and_is_not_seen(
    incident: Incident, bus: Bus, heard: Ear, watcher: Watcher, clock: FrozenClock, colleague: Incident
) -> None:
    reading = Incident.open(incident.folder, clock, "cho@web-3", read_only=True)
    desk = IncidentDesk(reading, bus, watcher, clock)
    desk.start()
    added = colleague.add_hypothesis("the deploy")
    assert until(lambda: HypothesisChanged(added) in heard)
    with pytest.raises(IncidentError, match="read-only"):
        desk.add_note("x")
    desk.close()
    assert not (incident.folder / "presence").exists()


def test_a_closed_desk_hears_nothing_more(
    incident: Incident, bus: Bus, heard: Ear, watcher: Watcher, clock: FrozenClock, colleague: Incident
) -> None:
    closed, still = IncidentDesk(incident, bus, watcher, clock), Ear()
    closed.start()
    closed.close()
    other = Bus()
    other.subscribe(Event, still.append)
    reading = Incident.open(incident.folder, clock, "cho@web-3", read_only=True)
    following = IncidentDesk(reading, other, watcher, clock)
    following.start()
    heard.clear()
    colleague.add_note("nobody at the first desk")
    assert until(lambda: still.of(NoteAdded) and still.of(NotesChanged))
    following.close()
    assert heard == []
