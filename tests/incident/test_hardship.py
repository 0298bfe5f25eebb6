"""A journal that has gone through everything at once: it opens, it tells, and it loses nothing."""

from __future__ import annotations

from pathlib import Path

import pytest

from cockpit.clock import HOUR, FrozenClock
from cockpit.incident.journal import Journal
from cockpit.incident.show import as_dict, as_text
from cockpit.incident.store import Incident
from tests.incident.entries import AT, line

NEWER = b'{"v":7,"id":"9","at":"2026-11-23T10:02:11Z","by":"cho@web-3","type":"trace.followed","data":{},"more":[1]}\n'
OLD = line(1, "incident.opened", title="Checkout 500s") + line(2, text="whole")
GARBAGE = b"<<<<<<< HEAD\n" + b"\xff\xfe\x00\n"
TORN = line(4, text="torn")[:40]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "journal.jsonl").write_bytes(OLD + GARBAGE + NEWER + TORN)
    return tmp_path


def test_it_opens_and_tells_what_it_could_not_read(folder: Path) -> None:
    incident = Incident.open(folder, FrozenClock(AT), "ana@web-1")
    assert [each.text for each in incident.state.notes] == ["whole"]
    assert [each.line_number for each in incident.damaged] == [3, 4]
    assert incident.state.unknown == {"trace.followed": 1}
    assert incident.state.newer
    assert "whole" in as_text(as_dict(incident))


def test_what_is_written_then_leaves_every_byte_of_it_where_it_was(folder: Path) -> None:
    incident = Incident.open(folder, FrozenClock(AT), "ana@web-1")
    before = (folder / "journal.jsonl").read_bytes()
    incident.add_note("after all that")
    incident.refresh()
    assert (folder / "journal.jsonl").read_bytes().startswith(before + b"\n")
    assert [each.text for each in incident.state.notes] == ["whole", "after all that"]
    assert [each.line_number for each in incident.damaged] == [3, 4, 6]


def test_with_a_clock_that_went_backwards_later_is_still_later(folder: Path) -> None:
    clock = FrozenClock(AT)
    incident = Incident.open(folder, clock, "ana@web-1")
    added = incident.add_hypothesis("said first")
    earlier = Incident.open(folder, FrozenClock(AT - HOUR), "ben@web-2")
    edited = earlier.edit_hypothesis(added, text="said later, by a clock an hour behind")
    incident.refresh()
    assert edited > added
    assert incident.state.hypotheses[0].text == "said later, by a clock an hour behind"


def test_lines_of_another_copy_are_added_as_they_are_and_once(folder: Path) -> None:
    journal = Journal(folder / "journal.jsonl", FrozenClock(AT), "ana@web-1")
    before = (folder / "journal.jsonl").read_bytes()
    others = [NEWER.strip(), b"garbage of theirs", line(5, text="theirs").strip(), b"garbage of theirs"]
    assert journal.add_lines(others) == 2
    assert journal.add_lines(others) == 0
    assert (folder / "journal.jsonl").read_bytes() == before + b"\ngarbage of theirs\n" + line(5, text="theirs")
