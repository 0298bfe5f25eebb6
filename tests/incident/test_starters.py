"""Usual causes: what speaks for each is named, and where nothing does nothing is said."""

from __future__ import annotations

import pytest

from cockpit.clock import HOUR, MINUTE
from cockpit.incident.starters import Fact, starters


def reasons(*facts: Fact) -> dict[str, str]:
    return {each.text: each.reason for each in starters(facts) if each.reason}


def test_without_evidence_nothing_speaks_for_anything() -> None:
    assert reasons() == {}
    assert len(starters([])) == 8


def test_a_deploy_shortly_before_speaks_for_it_and_a_guess_says_so() -> None:
    before = Fact("E1", "boom", at=3 * HOUR, deployed_at=3 * HOUR - 4 * MINUTE)
    assert reasons(before) == {
        "a recent deployment introduced a bug": "a guess: E1 was logged 4 min after a deploy",
    }
    assert reasons(Fact("E1", "boom", at=9 * HOUR, deployed_at=HOUR)) == {}
    assert reasons(Fact("E1", "boom", at=HOUR, deployed_at=2 * HOUR)) == {}


@pytest.mark.parametrize(
    ("text", "cause", "word"),
    [
        ("FATAL: too many connections", "the database connection pool is exhausted", "too many connections"),
        ("TypeError: unsupported for int and 'NoneType'", "it fails only for certain data", "NoneType"),
        ("OSError: Too many open files", "memory leaks, or another limit is reached, under high load", "Too many open"),
        ("read timed out", "a timeout is shorter than the work takes under load", "timed out"),
        ("HTTP 429 from the payments", "a third-party API changed its behaviour", "429"),
        ("deadlock detected", "concurrent requests race", "deadlock"),
    ],
)
def test_words_of_the_evidence_speak_and_those_stand_first(text: str, cause: str, word: str) -> None:
    first = starters([Fact("E7", "nothing"), Fact("E8", text)])[0]
    assert first.text == cause
    assert first.reason.startswith("a guess: E8 says “")
    assert word in first.reason
