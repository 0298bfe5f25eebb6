"""Merging notes: both sides' changes are made, and no line that either wrote is lost."""

from __future__ import annotations

from collections.abc import Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cockpit.incident.merge import MIDDLE, MINE, THEIRS, Merged, merge

TEXTS = st.text("ab \n=<é", max_size=30)
BASES = st.lists(st.sampled_from(["one", "two", "three", "- item", ""]), max_size=10)
Edit = tuple[str, int]
EDITS = st.lists(st.tuples(st.sampled_from(["insert", "change", "delete"]), st.integers(0, 12)), max_size=6)
ADDITIONS = st.lists(st.tuples(st.just("insert"), st.integers(0, 12)), max_size=6)


def edited(base: Sequence[str], edits: Sequence[Edit], who: str) -> list[str]:
    """A text after edits; each line that an edit writes is one that nobody else writes."""
    lines = list(base)
    for number, (what, at) in enumerate(edits):
        if what == "insert" or not lines:
            lines.insert(min(at, len(lines)), f"{who} {number}")
        elif what == "change":
            lines[at % len(lines)] = f"{who} {number}"
        else:
            del lines[at % len(lines)]
    return lines


def merged(base: Sequence[str], mine: Sequence[str], theirs: Sequence[str]) -> Merged:
    return merge("\n".join(base), "\n".join(mine), "\n".join(theirs))


def in_order(few: Sequence[str], many: Sequence[str]) -> bool:
    left = iter(many)
    return all(line in left for line in few)


@given(TEXTS, TEXTS)
def test_what_only_one_side_changed_is_taken_as_it_is(base: str, changed: str) -> None:
    assert merge(base, changed, base) == Merged(changed, 0)
    assert merge(base, base, changed) == Merged(changed, 0)


@given(TEXTS, TEXTS)
def test_the_same_change_on_both_sides_is_made_once(base: str, changed: str) -> None:
    assert merge(base, changed, changed) == Merged(changed, 0)


@given(BASES, EDITS, EDITS)
def test_no_line_that_either_side_wrote_is_lost(base: list[str], mine: list[Edit], theirs: list[Edit]) -> None:
    one, two = edited(base, mine, "mine"), edited(base, theirs, "theirs")
    lines = merged(base, one, two).text.split("\n")
    for line in {*one, *two} - set(base):
        assert lines.count(line) == 1


@given(st.integers(0, 10), EDITS, EDITS)
def test_a_line_stays_unless_somebody_took_it_away(size: int, mine: list[Edit], theirs: list[Edit]) -> None:
    base = [f"line {number}" for number in range(size)]
    one, two = edited(base, mine, "mine"), edited(base, theirs, "theirs")
    result = merged(base, one, two)
    lines = result.text.split("\n")
    assert {*one, *two} - (set(base) - ({*one} & {*two})) <= set(lines)
    if not result.conflicts:
        assert set(base) & set(lines) == {*base} & {*one} & {*two}
        assert in_order([line for line in one if line in lines], lines)
        assert in_order([line for line in two if line in lines], lines)


@given(st.integers(1, 10), ADDITIONS, ADDITIONS)
def test_additions_of_both_sides_are_both_there_and_in_order(size: int, mine: list[Edit], theirs: list[Edit]) -> None:
    base = [f"line {number}" for number in range(size)]
    one, two = edited(base, mine, "mine"), edited(base, theirs, "theirs")
    result = merged(base, one, two)
    assert result.conflicts == 0
    lines = result.text.split("\n")
    assert in_order(one, lines)
    assert in_order(two, lines)
    assert sorted(lines) == sorted([*base, *{*one, *two} - set(base)])


@given(BASES, EDITS, EDITS)
def test_every_conflict_is_marked_and_nothing_is_made_up(base: list[str], mine: list[Edit], theirs: list[Edit]) -> None:
    one, two = edited(base, mine, "mine"), edited(base, theirs, "theirs")
    result = merged(base, one, two)
    lines = result.text.split("\n")
    marks = [line for line in lines if line in (MINE, MIDDLE, THEIRS)]
    assert marks == [MINE, MIDDLE, THEIRS] * result.conflicts
    assert {*lines} - {*marks, ""} <= {*base, *one, *two}


@given(BASES, EDITS, EDITS)
def test_who_is_mine_and_who_is_theirs_makes_no_more_conflicts(
    base: list[str], mine: list[Edit], theirs: list[Edit]
) -> None:
    one, two = edited(base, mine, "mine"), edited(base, theirs, "theirs")
    assert merged(base, one, two).conflicts == merged(base, two, one).conflicts


@pytest.mark.parametrize(
    ("base", "mine", "theirs", "wanted"),
    [
        ("a\nb\nc\n", "a\nb\nc\nmine\n", "a\nb\nc\ntheirs\n", "a\nb\nc\nmine\ntheirs\n"),
        ("a\nb\nc\n", "mine\na\nb\nc\n", "theirs\na\nb\nc\n", "mine\ntheirs\na\nb\nc\n"),
        ("a\nb\nc\n", "a\nmine\nb\nc\n", "a\nb\ntheirs\nc\n", "a\nmine\nb\ntheirs\nc\n"),
        ("a\nb\nc\n", "a\nboth\nb\nc\n", "a\nboth\nb\nc\ntheirs\n", "a\nboth\nb\nc\ntheirs\n"),
        ("a\nb\nc\n", "A\nb\nc\n", "a\nb\nC\n", "A\nb\nC\n"),
        ("a\nb\nc\n", "a\nB\nc\n", "a\nB\nc\ntheirs\n", "a\nB\nc\ntheirs\n"),
        ("a\nb\nc\n", "b\nc\n", "a\nb\n", "b\n"),
        ("a\nb\nc\n", "a\nc\n", "a\nb\nc\ntheirs\n", "a\nc\ntheirs\n"),
        ("", "mine\n", "theirs\n", "mine\ntheirs\n"),
        ("no newline", "no newline\nmine", "theirs\nno newline", "theirs\nno newline\nmine"),
    ],
)
def test_changes_in_different_places_are_both_made(base: str, mine: str, theirs: str, wanted: str) -> None:
    assert merge(base, mine, theirs) == Merged(wanted, 0)


def test_where_both_changed_the_same_line_both_versions_stand_marked() -> None:
    result = merge("a\nb\nc\n", "a\nmine\nc\n", "a\ntheirs\nc\n")
    assert result == Merged("a\n<<<<<<< mine\nmine\n=======\ntheirs\n>>>>>>> theirs\nc\n", 1)


def test_a_paragraph_that_one_rewrote_and_the_other_corrected_twice_is_one_conflict() -> None:
    result = merge("a\nb\nc\nd\ne\n", "a\nmine\ne\n", "a\nB\nc\nD\ne\n")
    assert result == Merged("a\n<<<<<<< mine\nmine\n=======\nB\nc\nD\n>>>>>>> theirs\ne\n", 1)


def test_a_line_that_one_deleted_and_the_other_changed_is_a_conflict() -> None:
    result = merge("a\nb\nc\n", "a\nc\n", "a\ntheirs\nc\n")
    assert result == Merged("a\n<<<<<<< mine\n=======\ntheirs\n>>>>>>> theirs\nc\n", 1)


def test_a_text_rewritten_from_end_to_end_loses_nothing_though_it_is_long() -> None:
    base = [f"line {number}" for number in range(5000)]
    mine = [f"mine {number}" for number in range(5000)]
    result = merged(base, mine, [*base[:2500], "theirs", *base[2500:]])
    assert result.conflicts == 1
    assert {*mine, "theirs"} <= set(result.text.split("\n"))
