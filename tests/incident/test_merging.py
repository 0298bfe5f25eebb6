"""Copies of an incident that become one: nothing is left out, and it is the same one whoever merges."""

from __future__ import annotations

from hashlib import sha256
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cockpit.incident.journal import Entry, entries_of, lines_of
from cockpit.incident.merge import in_common, merge
from cockpit.incident.merging import belongs, merge_trees, union
from cockpit.incident.model import fold
from tests.incident.copies import Held, as_lines, journals
from tests.incident.entries import entry, identity, line
from tests.incident.histories import histories

NAMES = ("ana@web-1", "ben@web-2")


def state_of(journal: bytes) -> Any:
    return fold(entries_of(journal))


@given(journals(), journals())
def test_a_union_is_the_same_whichever_side_comes_first(one: bytes, two: bytes) -> None:
    assert set(lines_of(union(one, two))) == set(lines_of(union(two, one))) == {*lines_of(one), *lines_of(two)}
    assert state_of(union(one, two)) == state_of(union(two, one))


@given(journals(), journals(), journals())
def test_of_three_copies_any_two_may_meet_first(one: bytes, two: bytes, three: bytes) -> None:
    left, right = union(union(one, two), three), union(one, union(two, three))
    assert set(lines_of(left)) == set(lines_of(right))
    assert state_of(left) == state_of(right)


@given(journals(), journals())
def test_meeting_again_changes_nothing(one: bytes, two: bytes) -> None:
    assert union(one, one) == one
    met = union(one, two)
    assert union(met, two) == union(met, one) == met


@given(histories(), st.data())
def test_copies_that_were_edited_apart_give_the_state_of_all_entries(entries: list[Entry], data: st.DataObject) -> None:
    ours = [each for each in entries if data.draw(st.booleans())]
    theirs = [each for each in entries if each not in ours or data.draw(st.booleans())]
    assert state_of(union(as_lines(*ours), as_lines(*theirs))) == state_of(as_lines(*entries))


def test_a_union_only_appends() -> None:
    assert union(line(1) + b"torn", line(2) + line(1)) == line(1) + b"torn\n" + line(2)
    assert union(b"", line(1)) == line(1)
    assert union(line(1), b"") == line(1)


def test_of_two_entries_with_one_id_the_same_counts_on_both_sides() -> None:
    ours, theirs = line(1, text="as it was"), line(1, text="as somebody changed it")
    one, two = state_of(union(ours, theirs)), state_of(union(theirs, ours))
    assert one == two
    assert len(one.notes) == 1


@pytest.mark.parametrize("side", [0, 1])
def test_what_one_side_changed_is_taken_and_what_it_deleted_is_not(side: int) -> None:
    held = Held()
    base = held.tree(journal_jsonl=line(1), notes_md="a\n", handoff_md="h\n", top_txt="t\n")
    changed = held.tree(journal_jsonl=line(1), notes_md="a\nb\n", top_txt="t\n", snapshots__1_json="{}")
    sides = (changed, base) if side else (base, changed)
    merged = merge_trees(base, *sides, held, NAMES)
    assert {path: held.read(blob) for path, blob in merged.tree.items()} == {
        "journal.jsonl": line(1),
        "notes.md": b"a\nb\n",
        "handoff.md": b"h\n",
        "top.txt": b"t\n",
        "snapshots/1.json": b"{}",
    }
    assert merged.conflicts == {}


def test_a_line_of_the_notes_that_both_changed_is_kept_twice_and_says_whose_it_is() -> None:
    held = Held()
    base, ours, theirs = (
        held.tree(journal_jsonl=line(1), notes_md=f"a\n{text}\nz\n") for text in ("?", "mine", "yours")
    )
    merged = merge_trees(base, ours, theirs, held, NAMES)
    text = held.read(merged.tree["notes.md"]).decode()
    assert text == "a\n<<<<<<< ana@web-1\nmine\n=======\nyours\n>>>>>>> ben@web-2\nz\n"
    assert merged.conflicts == {"notes.md": 1}


def test_notes_of_copies_that_nobody_knows_the_origin_of_keep_common_lines_once() -> None:
    held = Held()
    ours = held.tree(journal_jsonl=line(1), notes_md="a\nb\nours\n")
    theirs = held.tree(journal_jsonl=line(1), notes_md="theirs\na\nb\n")
    merged = merge_trees({}, ours, theirs, held, NAMES)
    assert held.read(merged.tree["notes.md"]) == b"theirs\na\nb\nours\n"


def test_a_file_of_bytes_that_both_changed_is_kept_twice() -> None:
    held = Held()
    base, ours, theirs = (held.tree(journal_jsonl=line(1), core_dump=data) for data in (b"0", b"1", b"2"))
    merged = merge_trees(base, ours, theirs, held, NAMES)
    assert sorted(held.read(blob) for blob in merged.tree.values()) == [b"1", b"2", line(1)]
    assert held.read(merged.tree["core.dump"]) == b"2"
    assert merged.conflicts == {"core.dump": 1}


def kept(number: int, data: bytes, name: str = "E1") -> bytes:
    part = {"part": "text", "file": f"{name}.log", "bytes": len(data), "sha256": sha256(data).hexdigest()}
    return as_lines(entry(number, "evidence.added", name=name, title="t", kind="text", parts=[part]))


def taken_anew(number: int, item: int, data: bytes, token: str, name: str = "E1") -> bytes:
    """A window of an item that was taken anew."""
    file = f"{name}.window.{token}.log"
    part = {"part": "window", "file": file, "bytes": len(data), "sha256": sha256(data).hexdigest()}
    window = {"from": "2026-11-23T10:00:00Z", "to": "2026-11-23T10:10:00Z"}
    told = {"evidence": identity(item), "name": name, "window": window, "parts": [part]}
    return as_lines(entry(number, "evidence.window", **told))


def test_evidence_of_one_name_is_kept_of_both_and_its_files_follow_the_labels() -> None:
    held = Held()
    ours = held.tree(journal_jsonl=line(1) + kept(5, b"ours"), evidence__E1_log=b"ours")
    theirs = held.tree(journal_jsonl=line(1) + kept(3, b"theirs"), evidence__E1_log=b"theirs")
    one, two = merge_trees({}, ours, theirs, held, NAMES), merge_trees({}, theirs, ours, held, NAMES)
    assert held.read(one.tree["evidence/E1.log"]) == b"theirs"
    assert held.read(one.tree["evidence/E1b.log"]) == b"ours"
    assert {**one.tree, "journal.jsonl": ""} == {**two.tree, "journal.jsonl": ""}


@given(st.permutations([0, 1, 2]))
def test_three_copies_that_all_kept_an_item_of_one_name_agree_in_the_end(order: list[int]) -> None:
    held = Held()
    copies = [
        held.tree(journal_jsonl=kept(number, b"%d" % number), evidence__E1_log=b"%d" % number) for number in range(3)
    ]
    first, second, third = (copies[each] for each in order)
    merged = merge_trees({}, merge_trees({}, first, second, held, NAMES).tree, third, held, NAMES)
    assert [held.read(merged.tree[f"evidence/{name}.log"]) for name in ("E1", "E1b", "E1c")] == [b"0", b"1", b"2"]
    assert len(merged.tree) == 4


def test_windows_taken_anew_on_both_sides_follow_their_item_and_are_all_kept() -> None:
    held = Held()
    ours = held.tree(
        journal_jsonl=kept(5, b"ours") + taken_anew(7, 5, b"wide", "0000000a"),
        evidence__E1_log=b"ours",
        evidence__E1_window_0000000a_log=b"wide",
    )
    theirs = held.tree(journal_jsonl=kept(3, b"theirs"), evidence__E1_log=b"theirs")
    merged = merge_trees({}, ours, theirs, held, NAMES)
    assert held.read(merged.tree["evidence/E1b.window.0000000a.log"]) == b"wide"
    later = dict(merged.tree)
    later["evidence/E1b.window.0000000b.log"] = held.keep(b"wider")
    more = held.read(later["journal.jsonl"]) + taken_anew(9, 5, b"wider", "0000000b", "E1b")
    later["journal.jsonl"] = held.keep(more)
    narrow = dict(ours)
    narrow["evidence/E1.window.0000000c.log"] = held.keep(b"narrow")
    narrow["journal.jsonl"] = held.keep(held.read(ours["journal.jsonl"]) + taken_anew(8, 5, b"narrow", "0000000c"))
    one, two = (merge_trees({}, *each, held, NAMES) for each in ((later, narrow), (narrow, later)))
    assert {**one.tree, "journal.jsonl": ""} == {**two.tree, "journal.jsonl": ""}
    found = {path.removeprefix("evidence/"): held.read(blob) for path, blob in one.tree.items() if "/" in path}
    assert found == {
        "E1.log": b"theirs",
        "E1b.log": b"ours",
        "E1b.window.0000000a.log": b"wide",
        "E1b.window.0000000b.log": b"wider",
        "E1b.window.0000000c.log": b"narrow",
    }


def test_a_file_of_evidence_that_no_item_names_is_moved_aside_not_overwritten() -> None:
    held = Held()
    ours = held.tree(journal_jsonl=line(1), evidence__E1_log=b"orphan")
    theirs = held.tree(journal_jsonl=line(1) + kept(3, b"theirs"), evidence__E1_log=b"theirs")
    merged = merge_trees({}, ours, theirs, held, NAMES)
    assert held.read(merged.tree["evidence/E1.log"]) == b"theirs"
    assert sorted(held.read(blob) for blob in merged.tree.values())[:1] == [b"orphan"]
    assert len(merged.tree) == 3


def test_evidence_that_was_tampered_with_on_one_side_is_right_again() -> None:
    held = Held()
    journal = kept(3, b"right")
    ours = held.tree(journal_jsonl=journal, evidence__E1_log=b"right")
    theirs = held.tree(journal_jsonl=journal, evidence__E1_log=b"wrong")
    for sides in ((ours, theirs), (theirs, ours)):
        assert merge_trees({}, *sides, held, NAMES).tree == ours


@pytest.mark.parametrize(
    "path",
    [
        "../x",
        "/etc/passwd",
        ".git/config",
        "a/../b",
        "evidence/.x.part",
        "presence/p.json",
        "spool/1",
        ".lock",
        "a//b",
        "",
    ],
)
def test_files_that_do_not_belong_to_an_incident_do_not_travel(path: str) -> None:
    assert not belongs(path)


@given(st.lists(st.sampled_from("abc\n")), st.lists(st.sampled_from("abc\n")))
def test_what_two_texts_have_in_common_stands_in_both(one: list[str], two: list[str]) -> None:
    left, right = "\n".join(one), "\n".join(two)
    common = in_common(left, right)
    for text in (left, right):
        lines = iter(text.splitlines(keepends=True))
        assert all(each in lines for each in common.splitlines(keepends=True))
    assert in_common(left, left) == left
    for each in [*left.split("\n"), *right.split("\n")]:
        assert each in merge(common, left, right).text.split("\n") or not each
