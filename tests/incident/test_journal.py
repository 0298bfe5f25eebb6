"""The journal: what was appended is on disk; what is read is whole, once, and what is broken is told."""

from __future__ import annotations

import errno
import os
import random
import stat
from pathlib import Path
from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from cockpit.clock import FrozenClock
from cockpit.incident.ids import Ids
from cockpit.incident.journal import Entry, Journal, JournalError
from tests.incident.entries import AT, entry, line
from tests.incident.hardship import as_anybody, room_for

TEXT = st.text(st.characters(exclude_categories=["Cs"]), max_size=40)


def journal_at(path: Path, by: str = "ana@web-1", seed: int = 1) -> Journal:
    clock = FrozenClock(AT)
    return Journal(path, clock, by, Ids(clock, random.Random(seed).getrandbits))


@pytest.fixture
def journal(tmp_path: Path) -> Journal:
    return journal_at(tmp_path / "journal.jsonl")


def add(path: Path, data: bytes) -> None:
    with path.open("ab") as file:
        file.write(data)


def numbers(entries: list[Entry]) -> list[int]:
    return [int(each.id) for each in entries]


def test_what_append_returned_is_one_line_of_the_file(journal: Journal) -> None:
    returned = journal.append("note.added", {"text": "one\ntwo"})
    kept = journal.path.read_bytes()
    assert kept.count(b"\n") == 1
    assert msgspec.json.decode(kept) == {
        "v": 1,
        "id": returned.id,
        "at": "2026-11-23T10:02:11.000000Z",
        "by": "ana@web-1",
        "type": "note.added",
        "data": {"text": "one\ntwo"},
    }


def test_append_returns_only_after_the_disk_has_the_line(journal: Journal, monkeypatch: pytest.MonkeyPatch) -> None:
    synced: list[int] = []
    fsync = os.fsync

    def syncing(fd: int) -> None:
        fsync(fd)
        synced.append(os.fstat(fd).st_size)

    monkeypatch.setattr(os, "fsync", syncing)
    for number in range(3):
        journal.append("note.added", {"text": "x"})
        assert synced[number:] == [journal.path.stat().st_size]


def test_only_its_owner_may_read_a_journal(journal: Journal) -> None:
    journal.append("note.added", {"text": "x"})
    assert stat.S_IMODE(journal.path.stat().st_mode) == 0o600


@given(data=st.dictionaries(TEXT, st.none() | st.booleans() | st.integers(-(2**53), 2**53) | TEXT | st.lists(TEXT)))
def test_what_is_appended_is_read_back_as_it_was(tmp_path: Path, data: dict[str, Any]) -> None:
    path = tmp_path / "journal.jsonl"
    path.unlink(missing_ok=True)
    written = journal_at(path).append("note.added", data)
    assert journal_at(path).read().entries == [written]


def test_a_read_gives_only_what_is_new(journal: Journal) -> None:
    other = journal_at(journal.path, "ben@web-2", 2)
    assert journal.read().entries == []
    first = journal.append("note.added", {"text": "mine"})
    assert journal.read().entries == [first]
    second = other.append("note.added", {"text": "theirs"})
    assert journal.read().entries == [second]
    assert journal.read().entries == []


def test_what_is_written_after_something_was_read_sorts_after_it(journal: Journal) -> None:
    ahead = FrozenClock(AT + 60_000_000)
    theirs = Journal(journal.path, ahead, "ben@web-2", Ids(ahead, random.Random(2).getrandbits)).append("x", {})
    journal.read()
    assert journal.append("x", {}).id > theirs.id


def test_a_torn_last_line_is_waited_for_and_read_when_it_is_whole(journal: Journal) -> None:
    whole = line(2, text="second")
    add(journal.path, line(1) + whole[:30])
    assert numbers(journal.read().entries) == [1]
    assert journal.read().entries == []
    add(journal.path, whole[30:-1])
    assert journal.read().entries == []
    add(journal.path, b"\n")
    assert numbers(journal.read().entries) == [2]
    assert journal.damaged == []


def test_a_torn_line_that_nobody_completes_is_set_aside_when_the_next_is_appended(journal: Journal) -> None:
    add(journal.path, line(1) + line(2)[:30])
    assert numbers(journal.read().entries) == [1]
    ours = journal.append("note.added", {"text": "after the crash"})
    assert journal.read().entries == [ours]
    assert [each.line_number for each in journal.damaged] == [2]
    assert line(2)[:30] in journal.path.read_bytes()


def test_a_line_that_lost_only_its_newline_is_read_when_the_next_is_appended(journal: Journal) -> None:
    add(journal.path, line(1)[:-1])
    ours = journal.append("note.added", {"text": "next"})
    assert journal.read().entries == [entry(1, "note.added"), ours]
    assert journal.damaged == []


@pytest.mark.parametrize(
    "garbage",
    [
        b"<<<<<<< HEAD",
        b'{"v":1,"id":"3"',
        b"[]",
        b'"text"',
        b'{"v":1,"id":3,"at":"x","by":"y","type":"z"}',
        b'{"v":1,"id":"3","at":"x","by":"y","type":"z","data":[]}',
        b'{"v":1,"id":"\xff","at":"x","by":"y","type":"z"}',
        b"\x00" * 100,
        b"\xff\xfe",
        b'{"v":1,"id":"3","at":"x","by":"y","type":"z","data":{"a":' + b"[" * 100_000,
    ],
    ids=lambda garbage: repr(garbage[-20:]),
)
def test_a_broken_line_is_set_aside_with_its_place_and_the_rest_is_read(journal: Journal, garbage: bytes) -> None:
    before = line(1) + b"\n" + line(2)
    add(journal.path, before + garbage + b"\n" + line(4))
    assert numbers(journal.read().entries) == [1, 2, 4]
    (damage,) = journal.damaged
    assert (damage.line_number, damage.byte_offset) == (4, len(before))
    assert damage.why
    assert len(damage.excerpt) <= 480
    add(journal.path, line(5) + garbage + b"\n")
    assert numbers(journal.read().entries) == [5]
    (_, second) = journal.damaged
    assert (second.line_number, second.byte_offset) == (7, journal.path.stat().st_size - len(garbage) - 1)


def test_blank_lines_are_no_damage(journal: Journal) -> None:
    add(journal.path, b"\n" + line(1) + b"  \r\n\n" + line(2).replace(b"\n", b"\r\n"))
    assert numbers(journal.read().entries) == [1, 2]
    assert journal.damaged == []


def test_what_a_newer_cockpit_wrote_is_kept(journal: Journal) -> None:
    newer = (
        b'{"v":7,"id":"9","at":"2026-11-23T10:02:11Z","by":"b","type":"trace.followed","data":{"a":[1]},"more":{}}\n'
    )
    add(journal.path, newer)
    assert journal.read().entries == [Entry(7, "9", "2026-11-23T10:02:11Z", "b", "trace.followed", {"a": [1]})]
    journal.append("note.added", {"text": "ours"})
    assert journal.path.read_bytes().startswith(newer)
    assert journal.damaged == []


def test_an_entry_that_stands_there_twice_is_read_once(journal: Journal) -> None:
    add(journal.path, line(1) + line(2) + line(1))
    assert numbers(journal.read().entries) == [1, 2]
    add(journal.path, line(2) + line(3))
    assert numbers(journal.read().entries) == [3]
    assert journal.damaged == []


@given(st.data())
def test_lines_that_come_in_pieces_are_read_once_and_in_order(tmp_path: Path, data: st.DataObject) -> None:
    path = tmp_path / "journal.jsonl"
    path.write_bytes(b"")
    journal = journal_at(path)
    whole = b"".join(line(number, text="é" * (number % 7)) for number in range(12))
    cuts = data.draw(st.lists(st.integers(0, len(whole)), max_size=8).map(sorted))
    read: list[Entry] = []
    for start, stop in zip([0, *cuts], [*cuts, len(whole)], strict=True):
        add(path, whole[start:stop])
        read += journal.read().entries
    assert numbers(read) == list(range(12))
    assert journal.damaged == []


@given(st.lists(st.binary(max_size=30) | st.integers(0, 5).map(lambda number: line(number)), max_size=12))
def test_any_bytes_do_no_harm_and_no_line_goes_unmentioned(tmp_path: Path, pieces: list[bytes]) -> None:
    path = tmp_path / "journal.jsonl"
    path.write_bytes(b"\n".join(pieces) + b"\n")
    journal = journal_at(path)
    read = journal.read().entries
    lines = [each for each in path.read_bytes().split(b"\n") if each.strip()]
    whole = [each for each in lines if each + b"\n" in {line(number) for number in range(6)}]
    assert len(read) == len(set(whole))
    assert len(journal.damaged) == len(lines) - len(whole)


def test_a_journal_replaced_by_another_is_read_from_its_beginning(journal: Journal, tmp_path: Path) -> None:
    add(journal.path, line(1) + b"broken\n" + line(2))
    assert not journal.read().restarted
    merged = tmp_path / "merged"
    merged.write_bytes(line(1) + line(3) + line(2) + line(4))
    merged.replace(journal.path)
    batch = journal.read()
    assert batch.restarted
    assert numbers(batch.entries) == [1, 3, 2, 4]
    assert journal.damaged == []
    assert not journal.read().restarted


def test_a_journal_cut_short_is_read_from_its_beginning(journal: Journal) -> None:
    add(journal.path, line(1) + line(2) + line(3))
    journal.read()
    os.truncate(journal.path, len(line(1)))
    batch = journal.read()
    assert batch.restarted
    assert numbers(batch.entries) == [1]


def test_a_journal_rewritten_in_place_is_read_from_its_beginning(journal: Journal) -> None:
    add(journal.path, line(1) + line(2))
    journal.read()
    journal.path.write_bytes(line(1) + line(5, text="longer") + line(2) + line(6))
    batch = journal.read()
    assert batch.restarted
    assert numbers(batch.entries) == [1, 5, 2, 6]


def test_a_journal_that_vanished_is_no_news_until_it_is_back(journal: Journal, tmp_path: Path) -> None:
    add(journal.path, line(1) + line(2))
    journal.read()
    journal.path.rename(tmp_path / "elsewhere")
    gone = journal.read()
    assert (gone.entries, gone.restarted) == ([], False)
    journal.path.write_bytes(line(3))
    back = journal.read()
    assert back.restarted
    assert numbers(back.entries) == [3]


def test_a_folder_that_may_not_be_written_is_told_in_a_sentence(tmp_path: Path) -> None:
    tmp_path.chmod(0o500)
    journal = journal_at(tmp_path / "journal.jsonl")
    with pytest.raises(JournalError, match=r"journal\.jsonl cannot be written: Permission denied\. Choose"):
        as_anybody(lambda: journal.append("note.added", {"text": "x"}))
    assert not journal.path.exists()


def test_a_journal_that_may_only_be_read_is_read_and_keeps_what_it_has(journal: Journal) -> None:
    add(journal.path, line(1))
    journal.path.chmod(0o400)
    with pytest.raises(JournalError, match="cannot be written: Permission denied"):
        as_anybody(lambda: journal.append("note.added", {"text": "x"}))
    assert numbers(as_anybody(journal.read).entries) == [1]
    journal.path.chmod(0)
    with pytest.raises(JournalError, match="cannot be read: Permission denied"):
        as_anybody(journal.read)


@pytest.mark.parametrize("place", ["no/such/folder.jsonl", "folder"])
def test_a_place_that_cannot_hold_a_journal_is_told_in_a_sentence(tmp_path: Path, place: str) -> None:
    (tmp_path / "folder").mkdir()
    with pytest.raises(JournalError, match="cannot be written: "):
        journal_at(tmp_path / place).append("note.added", {"text": "x"})


@pytest.mark.parametrize("room", [0, 1, 40])
@pytest.mark.parametrize("torn", [b"", b'{"v":1,"id'])
def test_on_a_full_disk_nothing_of_an_entry_is_kept_and_it_can_be_said_again(
    journal: Journal, room: int, torn: bytes
) -> None:
    add(journal.path, line(1) + torn)
    before = journal.path.read_bytes()
    with room_for(len(before) + room), pytest.raises(JournalError, match=r"not written: .* make room and do it again"):
        journal.append("note.added", {"text": "x" * 100})
    assert journal.path.read_bytes() == before
    again = journal.append("note.added", {"text": "x" * 100})
    assert journal.read().entries == [entry(1, "note.added"), again]


def test_where_the_disk_fails_at_the_end_nothing_of_an_entry_is_kept(
    journal: Journal, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = journal.append("note.added", {"text": "first"})
    fsync = os.fsync

    def failing(fd: int) -> None:
        raise OSError(errno.EIO, os.strerror(errno.EIO))

    monkeypatch.setattr(os, "fsync", failing)
    with pytest.raises(JournalError, match="not written: Input/output error"):
        journal.append("note.added", {"text": "lost?"})
    monkeypatch.setattr(os, "fsync", fsync)
    third = journal.append("note.added", {"text": "third"})
    assert journal.read().entries == [first, third]
