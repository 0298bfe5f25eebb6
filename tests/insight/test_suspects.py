"""Commits weighed and compared: scores, reasons, order."""

from __future__ import annotations

from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from cockpit.clock import DAY, HOUR
from cockpit.history.changes import Change
from cockpit.history.commits import Commit
from cockpit.history.diff import parse_patch
from cockpit.insight.closeness import KnownFrame
from cockpit.insight.clues import WEIGHTS
from cockpit.insight.frames import Frame
from cockpit.insight.functions import Span
from cockpit.insight.placing import PlacedFrame
from cockpit.insight.suspects import Case, Deploy, Suspect, rank, weigh

ONSET = 1_764_000_000_000_000


def change(sha: str, at: int, path: str = "shop/cart.py", line: int = 4, subject: str = "Change it") -> Change:
    names = f"diff --git a/{path} b/{path}\n--- a/{path}\n+++ b/{path}\n"
    text = f"{names}@@ -{line} +{line} @@ def total(items):\n-old\n+new\n"
    commit = Commit(sha, sha[:7], "ana", "ana@shop.example", at, at, subject, (), ("0" * 40,))
    return Change(commit, parse_patch(text.encode()), (path,), True)


def frame(blamed: dict[int, str] | None = None, number: int = 1, path: str = "shop/cart.py") -> KnownFrame:
    return KnownFrame(
        PlacedFrame(Frame(f"/srv/{path}", 4, "total"), number, path), 4, Span(1, 9, "total"), blamed or {}
    )


def ranked(case: Case, *changes: Change) -> tuple[Suspect, ...]:
    return rank(weigh(case, changes), 10, with_frames=bool(case.frames))


def test_nothing_to_go_by_gives_low_scores() -> None:
    found = ranked(Case((), None, ()), *(change(f"{number:040}", ONSET - number * HOUR) for number in range(20)))
    assert len(found) == 10
    assert all(each.score < 0.2 for each in found)
    assert rank([], 5, with_frames=False) == ()


def test_the_commit_that_wrote_the_line_wins_over_one_that_touched_the_file() -> None:
    wrote, touched = change("a" * 40, ONSET - 2 * DAY), change("b" * 40, ONSET - DAY, line=60)
    found = ranked(Case((frame({4: "a" * 40}),), ONSET, ()), touched, wrote)
    assert [each.sha[0] for each in found] == ["a", "b"]
    assert found[0].score > 3 * found[1].score
    assert (found[0].path, found[0].line) == ("shop/cart.py", 4)


def test_an_old_line_outweighs_newer_changes_of_its_file() -> None:
    old = change("a" * 40, ONSET - 900 * DAY)
    newer = [change(f"{number:040}", ONSET - number * DAY, line=60 + number) for number in range(1, 30)]
    found = ranked(Case((frame({4: "a" * 40}),), None, ()), *newer, old)
    assert found[0].sha[0] == "a"


def test_who_wrote_what_stands_in_the_function_changed_it_whatever_its_diff_places_say() -> None:
    wrote = change("a" * 40, ONSET - 2 * DAY, line=700)
    found = ranked(Case((frame({4: "b" * 40, 5: "a" * 40}),), ONSET, ()), wrote)
    told = [reason.text for reason in found[0].reasons]
    assert any(text.startswith("changes total, frame 1 of the trace") for text in told)
    assert any(text.startswith("changes 1 line away from that of frame 1") for text in told)


def test_who_wrote_the_line_before_it_was_moved_outweighs_who_moved_it() -> None:
    moved, wrote = change("a" * 40, ONSET - DAY, subject="Move it to its own file"), change("b" * 40, ONSET - 9 * DAY)
    known = replace(frame({4: "a" * 40}), origin="b" * 40)
    found = ranked(Case((known,), None, ()), moved, wrote)
    assert [each.sha[0] for each in found] == ["b", "a"]
    assert any("before it was moved" in reason.text for reason in found[0].reasons)


def test_an_inner_frame_counts_more_than_an_outer_one() -> None:
    inner, outer = change("a" * 40, ONSET - DAY), change("b" * 40, ONSET - DAY, path="shop/api.py")
    frames = (frame({4: "a" * 40}), frame({4: "b" * 40}, 2, "shop/api.py"))
    assert [each.sha[0] for each in ranked(Case(frames, ONSET, ()), outer, inner)] == ["a", "b"]


def test_what_came_after_the_onset_comes_last() -> None:
    before, after = change("a" * 40, ONSET - HOUR, "x.py"), change("b" * 40, ONSET + HOUR)
    found = ranked(Case((frame({4: "b" * 40}),), ONSET, ()), after, before)
    assert [each.sha[0] for each in found] == ["a", "b"]
    assert [reason.text for reason in found[1].reasons if reason.weight < 0] == ["committed 1 h after the onset"]


def test_the_newest_deploy_speaks_loudest() -> None:
    changes = [change(letter * 40, ONSET - DAY, f"{letter}.py") for letter in "abc"]
    deploys = tuple(
        Deploy(ONSET - back * HOUR, letter * 40, frozenset({letter * 40})) for back, letter in ((1, "c"), (9, "b"))
    )
    found = ranked(Case((), ONSET, (), deploys=deploys), *changes)
    assert [each.sha[0] for each in found] == ["c", "b", "a"]
    assert found[0].reasons[0].text == f"deployed 1 h before the onset (with {'c' * 9})"


def test_a_change_of_tests_alone_is_no_cause() -> None:
    found = ranked(
        Case((), ONSET, ()), change("a" * 40, ONSET - HOUR, "tests/test_a.py"), change("b" * 40, ONSET - HOUR)
    )
    assert [each.sha[0] for each in found] == ["b", "a"]


@given(st.lists(st.tuples(st.integers(0, 400), st.integers(1, 30), st.booleans()), max_size=12), st.booleans())
def test_scores_are_shares(facts: list[tuple[int, int, bool]], with_frame: bool) -> None:
    changes = [
        change(f"{number:040x}", ONSET - hours * HOUR, "shop/cart.py" if own else "other.py", line)
        for number, (hours, line, own) in enumerate(facts)
    ]
    found = ranked(Case((frame(),) if with_frame else (), ONSET, ()), *changes)
    scores = [each.score for each in found]
    assert scores == sorted(scores, reverse=True)
    assert 0 <= sum(scores) <= 1.001
    assert all(reason.text for each in found for reason in each.reasons)


def test_every_clue_has_a_weight() -> None:
    assert {"line", "function", "file", "deployed", "after", "words", "harmless"} <= set(WEIGHTS)
