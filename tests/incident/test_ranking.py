"""Ranking: which hypothesis stands above which, and moving one by hand."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cockpit.incident.hypotheses import STATUSES
from cockpit.incident.journal import Entry
from cockpit.incident.model import State, fold
from cockpit.incident.ranking import move, ranked
from tests.incident.entries import entry, identity

EQUALS = {"confirmed": "confirmed", "testing": "open", "open": "open", "parked": "parked", "refuted": "refuted"}


def journal(hypotheses: list[tuple[int, str]]) -> list[Entry]:
    """A journal of hypotheses, each of a likelihood and a status: the first has id 0, the second 1, and so on."""
    return [
        *(entry(n, "hypothesis.added", text=f"cause {n}", likelihood=each) for n, (each, _) in enumerate(hypotheses)),
        *(edit(100 + n, n, status=status) for n, (_, status) in enumerate(hypotheses)),
    ]


def edit(number: int, of: int, **data: Any) -> Entry:
    return entry(number, "hypothesis.edited", hypothesis=identity(of), **data)


def moved(entries: list[Entry], identity: str, step: int) -> list[Entry]:
    """The journal after a move, as long as there is room for one."""
    edits = move(fold(entries), identity, step)
    return [*entries, *(entry(1000 + len(entries) + n, "hypothesis.edited", **data) for n, data in enumerate(edits))]


def order(state: State, *of: str) -> list[int]:
    return [int(each.id) for each in ranked(state) if not of or each.status in of]


def test_confirmed_stand_first_then_what_is_open_or_tested_then_parked_then_refuted() -> None:
    said = [(99, "refuted"), (98, "parked"), (40, "open"), (60, "testing"), (5, "confirmed"), (50, "open")]
    assert order(fold(journal(said))) == [4, 3, 5, 2, 1, 0]


def test_among_equals_the_likelier_stands_higher_and_of_two_as_likely_the_earlier() -> None:
    assert order(fold(journal([(30, "open"), (70, "open"), (30, "open"), (71, "open")]))) == [3, 1, 0, 2]


def test_a_place_given_by_hand_holds_until_a_new_likelihood_is_given() -> None:
    entries = moved(journal([(70, "open"), (50, "open"), (30, "open")]), identity(2), -1)
    assert order(fold(entries)) == [0, 2, 1]
    assert order(fold([*entries, edit(3000, 2, detail="more")])) == [0, 2, 1]
    assert order(fold([*entries, edit(3000, 2, likelihood=90)])) == [2, 0, 1]
    assert order(fold([*entries, edit(3000, 2, likelihood=30)])) == [0, 1, 2]


def test_nothing_moves_past_the_end_of_its_equals() -> None:
    state = fold(journal([(70, "open"), (50, "testing"), (30, "parked"), (20, "confirmed")]))
    assert move(state, identity(0), -1) == []
    assert move(state, identity(1), 1) == []
    assert move(state, identity(2), -1) == []
    assert move(state, identity(2), 1) == []
    assert move(state, identity(3), 1) == []


def test_what_is_not_there_does_not_move() -> None:
    assert move(fold([]), identity(0), 1) == []
    removed = entry(900, "hypothesis.removed", hypothesis=identity(0))
    state = fold([*journal([(70, "open"), (50, "open")]), removed])
    assert move(state, identity(0), 1) == []
    assert move(state, identity(1), -1) == []


@given(
    st.lists(st.tuples(st.integers(0, 100), st.sampled_from(STATUSES)), min_size=1, max_size=6),
    st.lists(st.tuples(st.integers(0, 5), st.sampled_from([-1, 1])), max_size=12),
    st.integers(0, 5),
    st.sampled_from([-1, 1]),
)
def test_a_move_goes_exactly_one_place_after_whatever_moves_came_before(
    hypotheses: list[tuple[int, str]], moves: list[tuple[int, int]], which: int, step: int
) -> None:
    entries = journal(hypotheses)
    for each, direction in moves:
        entries = moved(entries, identity(each % len(hypotheses)), direction)
    chosen = which % len(hypotheses)
    before = fold(entries)
    equals = [status for status in STATUSES if EQUALS[status] == EQUALS[hypotheses[chosen][1]]]
    wanted = order(before, *equals)
    place = wanted.index(chosen)
    if 0 <= place + step < len(wanted):
        wanted.insert(place + step, wanted.pop(place))
    after = fold(moved(entries, identity(chosen), step))
    assert order(after, *equals) == wanted
    assert {each.id: each.label for each in after.hypotheses} == {each.id: each.label for each in before.hypotheses}
    others = set(STATUSES) - set(equals)
    assert order(after, *others) == order(before, *others)


@pytest.mark.parametrize("rank", ["last", 1e15, float("nan"), float("inf"), [1]])
def test_a_rank_that_is_none_is_passed_over(rank: object) -> None:
    entries = journal([(70, "open"), (50, "open")])
    state = fold([*entries, edit(3000, 0, rank=rank, detail="kept")])
    assert order(state) == [0, 1]
    assert state.hypotheses[0].detail == "kept"


def test_a_move_never_runs_out_of_room() -> None:
    entries = journal([(50, "open"), (50, "open"), (50, "open")])
    for _ in range(60):
        last = identity(order(fold(entries))[-1])
        before = order(fold(entries))
        entries = moved(entries, last, -1)
        assert order(fold(entries)) == [before[0], before[2], before[1]]


def test_two_that_stand_at_one_place_can_be_parted() -> None:
    entries = [*journal([(50, "open")] * 4), *(edit(500 + n, n, rank=7) for n in range(4))]
    assert order(fold(entries)) == [0, 1, 2, 3]
    assert order(fold(moved(entries, identity(2), -1))) == [0, 2, 1, 3]
