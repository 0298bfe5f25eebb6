"""Editors that write late: into a file that a save of ours has taken the place of meanwhile."""

from __future__ import annotations

from pathlib import Path

import pytest

from cockpit.clock import FrozenClock
from cockpit.incident.notes import Notes
from cockpit.incident.store import Incident


@pytest.fixture
def notes(tmp_path: Path) -> Notes:
    return Notes(tmp_path / "notes.md", tmp_path / ".lock")


def test_what_is_appended_to_a_displaced_file_comes_back(notes: Notes) -> None:
    notes.save("a\n", "")
    with notes.path.open("a") as other:
        notes.save("a\nours\n", "a\n")
        other.write("theirs\n")
    text = notes.read()
    assert "ours\n" in text
    assert "theirs\n" in text


def test_what_is_written_anew_into_a_displaced_file_comes_back(notes: Notes) -> None:
    notes.save("a\n", "")
    with notes.path.open("r+") as other:
        notes.save("a\nours\n", "a\n")
        other.write("a\nall of theirs\n")
        other.truncate()
    text = notes.read()
    assert "ours\n" in text
    assert "all of theirs\n" in text


def test_a_file_that_is_gone_for_a_moment_empties_nothing(notes: Notes) -> None:
    notes.save("a\nb\n", "")
    notes.path.unlink()
    assert notes.save("a\nb\nmine\n", "a\nb\n").text == "a\nb\nmine\n"


def test_half_a_character_is_no_reason_to_lose_the_rest(notes: Notes) -> None:
    notes.save("before \ud800 after\n", "")
    assert "before" in notes.read()


def test_a_log_whose_name_is_no_text_gives_an_incident_a_name(tmp_path: Path) -> None:
    incident = Incident.create(tmp_path, "caf\udce9.log", FrozenClock(1_764_000_000_000_000), "ana@web-1")
    assert incident.state.title.startswith("caf")
