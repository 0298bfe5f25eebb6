"""What the guide infers from a journal: steps, what would help next, breaks, and what an answer means."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given

from cockpit.clock import MINUTE, to_rfc3339
from cockpit.incident import guide
from cockpit.incident.beginning import QUESTIONS, declines, note_of
from cockpit.incident.brief import brief
from cockpit.incident.checks import CHECKS, GOTCHAS, checks_in
from cockpit.incident.journal import Entry
from cockpit.incident.model import fold
from tests.incident.entries import AT, entry, identity
from tests.incident.histories import histories

OPENED = entry(1, "incident.opened", title="checkout 500s")
NOTE = entry(2, "note.added", text="carts fail")
EVIDENCE = entry(
    3,
    "evidence.added",
    name="E1",
    title="TypeError: no sum",
    kind="record",
    at="2026-11-23T10:02:11Z",
    parts=[{"part": name, "file": f"E1.{name}.log", "bytes": 3, "sha256": "0" * 64} for name in ("record", "window")],
)
STOPPED = entry(4, "marker.added", kind="mitigation", text="flag off", at="2026-11-23T10:05:00Z")
GUESS = entry(5, "hypothesis.added", text="large carts")
SCOPE = entry(6, "check.ticked", check="scope.data")


def next_of(*entries: Entry) -> tuple[int, str] | None:
    advice = guide.advice(fold(entries))
    return (advice.step, advice.key) if advice is not None else None


def edited(number: int, **fields: Any) -> Entry:
    return entry(number, "hypothesis.edited", hypothesis=identity(5), **fields)


def test_the_next_key_goes_with_what_was_done() -> None:
    done: list[Entry] = [OPENED]
    told = [next_of(*done)]
    test = entry(8, "experiment.added", hypothesis=identity(5), text="1001 items")
    seen = entry(9, "experiment.observed", hypothesis=identity(5), experiment=identity(8), observation="500")
    confirmed = edited(10, status="confirmed", observation="500")
    for each in (NOTE, EVIDENCE, STOPPED, GUESS, SCOPE, edited(7, prediction="500"), test, seen, confirmed):
        done.append(each)
        told.append(next_of(*done))
    assert told == [
        (1, "H"),
        (2, "E c"),
        (1, "B"),
        (3, "h"),
        (4, "s"),
        (7, "P"),
        (7, "x"),
        (7, "R"),
        (7, "c or r"),
        (8, "H"),
    ]
    of = {"hypothesis": identity(5), "experiment": identity(8)}
    command = entry(8, "experiment.added", hypothesis=identity(5), text="$ curl localhost")
    ready = [OPENED, NOTE, EVIDENCE, STOPPED, GUESS, SCOPE, edited(7, prediction="500"), command]
    assert next_of(*ready) == (7, "X")
    running = guide.advice(fold([*ready, entry(9, "experiment.started", **of, on="web-1:7")]))
    assert running is not None
    assert running.text == "a test of H1 runs"
    ended = entry(10, "experiment.ended", **of, said="exit 0 after 0.1 s")
    assert next_of(*ready, entry(9, "experiment.started", **of, on="web-1:7"), ended) == (7, "R")
    after = [entry(20 + nth, "check.ticked", check=each.name) for nth, each in enumerate(checks_in("after"))]
    assert next_of(*done, *after) is None
    assert next_of(*done, entry(30, "incident.closed")) is None


def test_the_cause_is_not_asked_for_before_the_harm_was_stopped_or_cannot_be() -> None:
    guessing = (OPENED, NOTE, EVIDENCE, GUESS, edited(7, prediction="500"))
    assert next_of(*guessing) == (1, "B")
    answer = entry(8, "incident.answered", question="stop", text="yes, roll back")
    assert next_of(*guessing, answer) == (1, "B")
    planned = guide.advice(fold([*guessing, answer]))
    assert planned is not None
    assert planned.text == "is it stopped? say how"
    declined = entry(9, "incident.answered", question="stop", text="not needed: one user")
    assert next_of(*guessing, answer, declined) == (7, "x")
    assert next_of(*guessing, STOPPED, entry(9, "undone", entry=identity(4))) == (1, "B")


@given(histories())
def test_any_journal_has_an_answer_and_never_the_cause_before_it_is_stopped(entries: list[Entry]) -> None:
    state = fold(entries)
    advice = guide.advice(state)
    assert [each.number for each in guide.steps(state)] == list(range(1, 9))
    if advice is not None and not guide.is_stopped(state):
        assert advice.step in (1, 2, 8)
    assert brief(state, "/incidents/x", AT).startswith("# ")


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("no", True),
        ("No.", True),
        ("not needed", True),
        ("not needed: one user", True),
        ("impossible, the flag is gone", True),
        ("cannot be stopped", True),
        ("can't", True),
        ("no idea", False),
        ("not yet", False),
        ("notify ops", False),
        ("rolled back", False),
        ("north region failed over", False),
        ("", False),
    ],
)
def test_what_declines_a_mitigation(text: str, meant: bool) -> None:
    assert declines(text) is meant


def test_the_steps_tell_counts_and_times() -> None:
    later = entry(11, "hypothesis.added", text="pool")
    refuted = entry(12, "hypothesis.edited", hypothesis=identity(11), status="refuted", observation="11 of 30")
    told = [each.told for each in guide.steps(fold([OPENED, NOTE, EVIDENCE, STOPPED, GUESS, SCOPE, later, refuted]))]
    assert told[0] == "1 note, the first after 0 s; mitigation after 2 min: flag off"
    assert told[1] == "1 evidence item, kit 2 of 6, the first after 0 s"
    assert told[2:4] == ["2 hypotheses, 1 refuted", "1 of 3 checked"]
    assert told[4] == ""


def test_a_break_is_offered_after_a_long_stretch_for_a_while_once_it_is_stopped() -> None:
    def at(minute: int) -> Entry:
        return Entry(
            1, identity(100 + minute), to_rfc3339(AT + minute * MINUTE), "ana@web-1", "note.added", {"text": "x"}
        )

    working = [OPENED, *(at(minute) for minute in range(0, 200, 10))]
    stretch = guide.stretch(fold(working), "ana@web-1")
    assert stretch == (AT, AT + 190 * MINUTE)
    until_90 = fold([OPENED, STOPPED, *(at(minute) for minute in range(0, 91, 10))])
    spent = guide.stretch(until_90, "ana@web-1")
    offered = guide.rest(until_90, spent, AT + 92 * MINUTE)
    assert offered is not None
    assert offered.text == "1 h 32 min without a pause: a break?"
    assert guide.rest(until_90, spent, AT + 97 * MINUTE) is None
    assert guide.rest(until_90, spent, AT + 180 * MINUTE) is None
    harmed = fold([OPENED, *(at(minute) for minute in range(0, 91, 10))])
    assert guide.rest(harmed, spent, AT + 92 * MINUTE) is None
    paused = fold([OPENED, at(0), at(20), at(30)])
    assert guide.stretch(paused, "ana@web-1") == (AT + 20 * MINUTE, AT + 30 * MINUTE)
    assert guide.stretch(paused, "ben@web-2") is None


def test_there_are_the_sixteen_gotchas_and_four_questions() -> None:
    assert len(checks_in(*GOTCHAS)) == 16
    assert len(QUESTIONS) == 4
    assert len({each.name for each in CHECKS}) == len(CHECKS)
    assert note_of({"since": "10:02", "seen": "500s"}) == "Seen: 500s\nSince: 10:02"
    assert note_of({}) == ""


def test_the_last_tick_of_a_check_counts_and_one_that_is_unknown_is_kept() -> None:
    first = entry(2, "check.ticked", check="data.nulls", note="none")
    second = entry(3, "check.ticked", "ben@web-2", check="data.nulls", note="old rows")
    newer = entry(4, "check.ticked", check="quantum.decay")
    wrong = entry(5, "check.ticked", check="../x")
    state = fold([second, first, newer, wrong])
    assert {name: tick.note for name, tick in state.ticks.items()} == {"data.nulls": "old rows", "quantum.decay": ""}
    assert [each.id for each in state.malformed] == [wrong.id]
    assert "data.nulls" not in fold([first, second, entry(6, "check.unticked", check="data.nulls")]).ticks


def test_the_brief_names_evidence_and_says_what_is_not_there() -> None:
    linked = entry(7, "hypothesis.linked", hypothesis=identity(5), evidence=identity(3), relation="for", weight=2)
    written = brief(fold([OPENED, EVIDENCE, GUESS, linked, SCOPE]), "/incidents/x", AT + 3 * MINUTE)
    assert "  - for: E1 TypeError: no sum" in written
    assert "- E1 TypeError: no sum (`evidence/E1.record.log`)" in written
    assert "- checked: Is it the data?" in written
    assert "## Stopped first?\n\nNothing yet." in written
    assert "opened 2026-11-23 10:02 UTC, 3 min ago, by ana@web-1." in written
