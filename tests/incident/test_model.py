"""The model: what a journal means, in whatever order and however broken its entries arrive."""

from __future__ import annotations

import random
from itertools import permutations
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cockpit.clock import SECOND
from cockpit.incident.hypotheses import Hypothesis
from cockpit.incident.journal import Entry
from cockpit.incident.model import Changes, State, changes_of, fold
from tests.incident.entries import AT, entry, identity
from tests.incident.histories import histories


def the_hypothesis(*entries: Entry) -> Hypothesis:
    (only,) = fold(entries).hypotheses
    return only


def added(number: int, text: str = "pool exhausted", **data: Any) -> Entry:
    return entry(number, "hypothesis.added", text=text, **data)


def edited(number: int, of: int, by: str = "ana@web-1", **data: Any) -> Entry:
    return entry(number, "hypothesis.edited", by, hypothesis=identity(of), **data)


@given(histories(), st.integers(0, 1000))
def test_entries_give_one_state_in_whatever_order_they_arrive(entries: list[Entry], seed: int) -> None:
    shuffled = list(entries)
    random.Random(seed).shuffle(shuffled)
    assert fold(shuffled) == fold(entries)


@given(histories())
def test_entries_that_arrive_twice_count_once(entries: list[Entry]) -> None:
    assert fold([*entries, *reversed(entries)]) == fold(entries)


@given(histories(), st.integers(0, 14))
def test_a_state_and_what_comes_later_give_the_same_as_all_at_once(entries: list[Entry], cut: int) -> None:
    assert fold([*fold(entries[:cut]).entries, *entries[cut:]]) == fold(entries)


@given(histories())
def test_nothing_is_dropped_whatever_it_says(entries: list[Entry]) -> None:
    state = fold(entries)
    assert state.entries == entries
    assert all(0 <= each.likelihood <= 100 for each in state.hypotheses)


@given(histories())
def test_whatever_an_entry_changes_is_named_among_its_changes(entries: list[Entry]) -> None:
    before = State()
    for count, each in enumerate(entries, 1):
        after, changes = fold(entries[:count]), changes_of([each], entries[:count])
        assert {known.id for known in {*before.hypotheses} ^ {*after.hypotheses}} <= changes.hypotheses
        assert {note.id for note in {*before.notes} ^ {*after.notes}} <= changes.notes
        assert {item.id for item in {*before.evidence} ^ {*after.evidence}} <= changes.evidence
        assert changes.markers or after.markers == before.markers
        assert changes.incident or (after.title, after.closed) == (before.title, before.closed)
        before = after


def test_undoing_evidence_changes_the_hypotheses_that_it_was_linked_to() -> None:
    part = {"part": "text", "file": "E1.log", "bytes": 1, "sha256": "0" * 64}
    entries = [
        entry(1, "hypothesis.added", text="the pool"),
        entry(2, "evidence.added", name="E1", title="t", kind="text", parts=[part]),
        entry(3, "hypothesis.linked", hypothesis=identity(1), evidence=identity(2), relation="for", weight=2),
        entry(4, "undone", entry=identity(2)),
    ]
    assert changes_of(entries[3:], entries).hypotheses == {identity(1)}


def test_an_empty_journal_is_an_empty_incident() -> None:
    assert fold([]) == State()


def test_an_incident_is_opened_once_and_may_be_renamed_closed_and_reopened() -> None:
    opened = entry(1, "incident.opened", title="checkout 500s")
    again = entry(2, "incident.opened", "ben@web-2", title="another")
    state = fold([opened, again])
    assert (state.title, state.opened_at, state.opened_by) == ("checkout 500s", AT, "ana@web-1")
    renamed, closed = entry(3, "incident.renamed", title="cart sums"), entry(4, "incident.closed")
    assert fold([opened, renamed, closed]).title == "cart sums"
    assert fold([opened, renamed, closed]).closed
    assert not fold([opened, renamed, closed, entry(5, "incident.reopened")]).closed


def test_a_hypothesis_knows_who_added_it_and_who_changed_it() -> None:
    later = Entry(1, identity(2), "2026-11-23T10:02:12Z", "ben@web-2", "hypothesis.edited", {"hypothesis": identity(1)})
    found = the_hypothesis(added(1, "users with > 1000 items", likelihood=70), later)
    assert found == Hypothesis(
        id=identity(1),
        label="H1",
        text="users with > 1000 items",
        likelihood=70,
        status="open",
        detail="",
        prediction="",
        rank=None,
        added_at=AT,
        added_by="ana@web-1",
        changed_at=AT + SECOND,
        changed_by="ben@web-2",
        prior=70,
    )


def test_a_hypothesis_without_a_likelihood_is_as_likely_as_not() -> None:
    assert the_hypothesis(added(1)).likelihood == 50


@pytest.mark.parametrize(
    ("said", "kept"),
    [(0, 0), (100, 100), (-5, 0), (140, 100), (33.4, 33), (1e300, 100), (float("inf"), 100), (float("-inf"), 0)],
)
def test_a_likelihood_stays_within_0_and_100(said: float, kept: int) -> None:
    assert the_hypothesis(added(1, likelihood=said)).likelihood == kept
    assert the_hypothesis(added(1), edited(2, 1, likelihood=said)).likelihood == kept


def test_edits_of_different_fields_by_two_people_are_both_kept() -> None:
    edits = [
        edited(2, 1, likelihood=80),
        edited(3, 1, "ben@web-2", status="testing"),
        edited(4, 1, detail="see E3"),
        edited(5, 1, "ben@web-2", prediction="small carts pass"),
    ]
    for order in permutations(edits):
        found = the_hypothesis(added(1), *order)
        assert (found.text, found.likelihood, found.status) == ("pool exhausted", 80, "testing")
        assert (found.detail, found.prediction) == ("see E3", "small carts pass")


def test_of_two_edits_of_one_field_the_later_counts_however_they_arrive() -> None:
    mine, theirs = edited(2, 1, text="mine"), edited(3, 1, "ben@web-2", text="theirs")
    assert the_hypothesis(added(1), mine, theirs).text == "theirs"
    assert the_hypothesis(theirs, mine, added(1)).text == "theirs"
    assert the_hypothesis(theirs, mine, added(1)).changed_by == "ben@web-2"


def test_a_removed_hypothesis_is_gone_though_somebody_edits_it_later() -> None:
    removed = entry(2, "hypothesis.removed", hypothesis=identity(1))
    state = fold([added(1), removed, edited(3, 1, text="still here?")])
    assert state.hypotheses == ()
    assert state.malformed == ()


def test_labels_stay_when_another_is_removed() -> None:
    removed = entry(4, "hypothesis.removed", hypothesis=identity(2))
    state = fold([added(1), added(2), added(3), removed, added(5)])
    assert [(each.id, each.label) for each in state.hypotheses] == [
        (identity(1), "H1"),
        (identity(3), "H3"),
        (identity(5), "H4"),
    ]


def test_a_marker_stands_at_its_own_time_until_it_is_removed() -> None:
    deploy = entry(1, "marker.added", kind="deploy", text="4f2c1a9", at="2026-11-23T12:01:00+02:00")
    own = entry(2, "marker.added", text="restarted it")
    state = fold([deploy, own])
    assert [(each.kind, each.at, each.text) for each in state.markers] == [
        ("deploy", AT - 71 * SECOND, "4f2c1a9"),
        ("note", AT, "restarted it"),
    ]
    left = fold([deploy, own, entry(3, "marker.removed", marker=identity(1))])
    assert [each.id for each in left.markers] == [identity(2)]


@pytest.mark.parametrize(
    ("kind", "data", "why"),
    [
        ("hypothesis.added", {}, "text is missing"),
        ("hypothesis.added", {"text": " \n"}, "text is missing"),
        ("hypothesis.added", {"text": 5}, "text is missing"),
        ("hypothesis.added", {"text": "x", "likelihood": "likely"}, "the likelihood is no number"),
        ("hypothesis.added", {"text": "x", "likelihood": True}, "the likelihood is no number"),
        ("hypothesis.added", {"text": "x", "likelihood": float("nan")}, "the likelihood is no number"),
        ("hypothesis.edited", {}, "there is no such hypothesis before it"),
        ("hypothesis.edited", {"hypothesis": identity(9), "text": "x"}, "there is no such hypothesis before it"),
        ("hypothesis.edited", {"hypothesis": [identity(1)]}, "there is no such hypothesis before it"),
        ("hypothesis.edited", {"hypothesis": identity(1), "text": ""}, "text is missing"),
        ("hypothesis.edited", {"hypothesis": identity(1), "likelihood": None}, "the likelihood is no number"),
        ("hypothesis.edited", {"hypothesis": identity(1), "text": "x", "status": "maybe"}, "'maybe' is no status"),
        ("hypothesis.edited", {"hypothesis": identity(1), "status": ["open"]}, "['open'] is no status"),
        ("hypothesis.removed", {"hypothesis": None}, "there is no such hypothesis before it"),
        ("note.added", {"text": None}, "text is missing"),
        ("marker.added", {"text": "x", "kind": "party"}, "'party' is no kind of marker"),
        ("marker.added", {"text": "x", "at": "yesterday"}, "'yesterday' is no time"),
        ("marker.removed", {"marker": identity(1)}, "there is no such marker before it"),
        ("incident.renamed", {"title": 7}, "title is missing"),
    ],
)
def test_what_makes_no_sense_is_set_aside_and_the_rest_counts(kind: str, data: dict[str, Any], why: str) -> None:
    state = fold([added(1), entry(2, kind, **data), added(3, "deploy broke sum")])
    (malformed,) = state.malformed
    assert (malformed.id, malformed.type) == (identity(2), kind)
    assert malformed.why == why
    assert [(each.label, each.text, each.likelihood, each.status) for each in state.hypotheses] == [
        ("H1", "pool exhausted", 50, "open"),
        ("H2", "deploy broke sum", 50, "open"),
    ]
    assert state.markers == state.notes == ()


def test_an_entry_without_a_usable_time_is_set_aside() -> None:
    timeless = Entry(1, identity(2), "a moment ago", "ben@web-2", "note.added", {"text": "x"})
    state = fold([entry(1, "note.added", text="y"), timeless])
    assert [each.text for each in state.notes] == ["y"]
    assert [each.why for each in state.malformed] == ["'a moment ago' is no time"]


def test_a_field_that_we_do_not_know_harms_no_edit() -> None:
    found = the_hypothesis(added(1, colour="red"), edited(2, 1, colour="blue", detail="kept"))
    assert found.detail == "kept"


def test_types_that_a_newer_cockpit_writes_are_counted_and_kept() -> None:
    newer = Entry(2, identity(2), "2026-11-23T10:02:11Z", "ben@web-2", "trace.followed", {"trace": "r-1"})
    state = fold([added(1), newer, entry(3, "trace.followed"), entry(4, "hypothesis.judged", hypothesis=identity(1))])
    assert state.unknown == {"trace.followed": 2, "hypothesis.judged": 1}
    assert state.newer
    assert newer in state.entries
    assert state.malformed == ()
    assert not fold([added(1)]).newer


def test_changes_name_what_entries_may_have_changed() -> None:
    assert changes_of([]) == Changes()
    assert changes_of([added(1), edited(2, 7), entry(3, "note.added", text="x")]) == Changes(
        {identity(1), identity(7)}, {identity(3)}
    )
    assert changes_of([entry(1, "marker.removed")]) == Changes(markers=True)
    assert changes_of([entry(1, "incident.closed"), entry(2, "trace.followed")]) == Changes(incident=True)
