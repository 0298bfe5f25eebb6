"""Undo: what it takes back, and that it takes back exactly that."""

from __future__ import annotations

import random
from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from cockpit.incident.journal import Entry
from cockpit.incident.model import Folding, State, changes_of, fold
from cockpit.incident.undo import last_own, may_be_undone
from tests.incident.entries import entry, identity
from tests.incident.histories import histories

KNOWN = ("hypothesis.", "experiment.", "marker.", "evidence.", "check.")


def undone(number: int, of: int, by: str = "ana@web-1") -> Entry:
    return entry(number, "undone", by, entry=identity(of))


def shown(entries: list[Entry]) -> State:
    """What a state shows, without what the journal holds and what was set aside."""
    return replace(fold(entries), entries=[], labels={}, malformed=(), unknown={})


@given(histories(), st.integers(0, 1000))
def test_journals_with_undo_give_one_state_in_whatever_order_they_arrive(entries: list[Entry], seed: int) -> None:
    shuffled = list(entries)
    random.Random(seed).shuffle(shuffled)
    assert fold(shuffled) == fold(entries)


@given(histories(), st.randoms(use_true_random=False), st.integers(0, 6))
def test_a_journal_that_grows_gives_the_state_of_the_whole_in_whatever_order_and_batches(
    entries: list[Entry], chance: random.Random, late: int
) -> None:
    arriving = list(entries)
    for _ in range(late if arriving else 0):
        arriving.insert(chance.randrange(len(arriving)), arriving.pop(chance.randrange(len(arriving))))
    folding, came = Folding(), 0
    while came < len(arriving):
        more = came + chance.randint(1, 3)
        before = folding.take([])
        was = replace(before, ticks=dict(before.ticks), answers=dict(before.answers), unknown=dict(before.unknown))
        state = folding.take(arriving[max(0, came - chance.randint(0, 1)) : more])
        assert state == fold(arriving[:more])
        assert before == was
        came = more


@given(histories())
def test_undo_restores_the_state_before(entries: list[Entry]) -> None:
    if entries and entries[-1].type.startswith(KNOWN):
        last = len(entries) - 1
        before = shown(entries[:-1])
        assert shown([*entries, undone(50, last)]) == before
        once, again = changes_of(entries[-1:], entries), changes_of([undone(50, last)], entries)
        assert once.hypotheses <= again.hypotheses  # and those that it was linked to
        assert replace(once, hypotheses=set()) == replace(again, hypotheses=set())


@given(histories())
def test_undoing_an_undo_brings_it_back_and_undoing_that_takes_it_again(entries: list[Entry]) -> None:
    for number, each in enumerate(entries):
        if may_be_undone(each):
            once = [*entries, undone(50, number)]
            twice = [*once, undone(51, 50)]
            assert shown(twice) == shown(entries)
            assert shown([*twice, undone(52, 51)]) == shown(once)


def test_the_others_edits_stay_when_mine_is_undone() -> None:
    mine = entry(2, "hypothesis.edited", hypothesis=identity(1), status="testing", prediction="mine")
    theirs = entry(3, "hypothesis.edited", "ben@web-2", hypothesis=identity(1), prediction="theirs")
    (found,) = fold([entry(1, "hypothesis.added", text="pool"), mine, theirs, undone(4, 2)]).hypotheses
    assert (found.status, found.prediction) == ("open", "theirs")


def test_labels_stay_and_nothing_is_malformed_when_an_adding_is_undone() -> None:
    first, second = entry(1, "hypothesis.added", text="one"), entry(2, "hypothesis.added", text="two")
    edit = entry(3, "hypothesis.edited", "ben@web-2", hypothesis=identity(1), status="testing")
    state = fold([first, second, edit, undone(4, 1)])
    assert [(each.label, each.text) for each in state.hypotheses] == [("H2", "two")]
    assert state.malformed == ()
    assert [each.status for each in fold([first, second, edit, undone(4, 1), undone(5, 4)]).hypotheses] == [
        "testing",
        "open",
    ]


def test_a_removed_hypothesis_and_a_removed_marker_come_back() -> None:
    added, marker = entry(1, "hypothesis.added", text="one"), entry(2, "marker.added", text="flag off")
    removed = entry(3, "hypothesis.removed", hypothesis=identity(1))
    unmarked = entry(4, "marker.removed", marker=identity(2))
    state = fold([added, marker, removed, unmarked, undone(5, 3), undone(6, 4)])
    assert [each.text for each in (*state.hypotheses, *state.markers)] == ["one", "flag off"]


def test_what_cannot_be_undone_is_told_and_stays() -> None:
    note = entry(1, "note.added", text="seen")
    state = fold([note, undone(2, 1), undone(3, 9), undone(4, 4)])
    assert [each.text for each in state.notes] == ["seen"]
    assert [each.why for each in state.malformed] == [
        "note.added cannot be undone",
        "there is no such entry before it",
        "there is no such entry before it",
    ]


def test_undo_goes_back_through_ones_own_acts_and_passes_over_what_others_did() -> None:
    entries = [
        entry(1, "hypothesis.added", text="one"),
        entry(2, "hypothesis.added", "ben@web-2", text="two"),
        entry(3, "hypothesis.edited", hypothesis=identity(2), status="testing"),
        entry(4, "note.added", text="not undone"),
    ]
    taken = []
    for number in range(10, 13):
        last = last_own(entries, "ana@web-1")
        taken.append(last.id if last else None)
        entries += [undone(number, int(last.id))] if last else []
    assert taken == [identity(3), identity(1), None]
