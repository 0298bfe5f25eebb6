"""The library: all incidents of a folder, listed, found by name, and the one in use."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from cockpit.clock import DAY, HOUR, SECOND, FrozenClock
from cockpit.incident.library import Summary, find, last_opened, list_incidents, remember_opened
from cockpit.incident.store import Incident, IncidentError
from tests.incident.entries import AT
from tests.incident.hardship import as_anybody

TITLES = ["Checkout 500s", "Cart sums", "Search is slow"]


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """Three incidents, a day apart; the journal of each was changed an hour after it was opened."""
    root = tmp_path / "incidents"
    for number, title in enumerate(TITLES):
        at = AT + number * DAY
        folder = Incident.create(root, title, FrozenClock(at), "ana@web-1").folder
        changed(folder, at + HOUR)
    return root


def changed(folder: Path, at: int) -> None:
    os.utime(folder / "journal.jsonl", ns=(at * 1000, at * 1000))


def names(root: Path) -> list[str]:
    return [each.name for each in list_incidents(root)]


def test_the_incident_changed_last_stands_first(root: Path) -> None:
    assert names(root) == ["2026-11-25-search-is-slow", "2026-11-24-cart-sums", "2026-11-23-checkout-500s"]
    changed(root / "2026-11-23-checkout-500s", AT + 9 * DAY)
    assert names(root)[0] == "2026-11-23-checkout-500s"


def test_a_summary_says_what_an_incident_holds(root: Path) -> None:
    clock = FrozenClock(AT + SECOND)
    incident = Incident.open(root / "2026-11-23-checkout-500s", clock, "ben@web-2")
    first = incident.add_hypothesis("one")
    incident.add_hypothesis('two says "type":"note.added"')
    incident.add_note("a note")
    incident.refresh()
    incident.remove_hypothesis(first)
    incident.rename("Sums of carts")
    changed(incident.folder, AT + 9 * DAY)
    assert list_incidents(root)[0] == Summary(
        name="2026-11-23-checkout-500s",
        folder=incident.folder,
        title="Sums of carts",
        opened_at=AT,
        changed_at=AT + 9 * DAY,
        closed=False,
        hypotheses=1,
        notes=1,
    )


def test_a_closed_incident_is_listed_as_closed_until_it_is_reopened(root: Path) -> None:
    journal = root / "2026-11-25-search-is-slow" / "journal.jsonl"
    for kind, closed in (("closed", True), ("renamed", True), ("reopened", False)):
        with journal.open("a") as file:
            file.write(f'{{"v":1,"id":"Z{kind}","at":"2026-11-26T00:00:00Z","by":"b","type":"incident.{kind}"}}\n')
        changed(journal.parent, AT + 9 * DAY)
        assert list_incidents(root)[0].closed is closed


def test_folders_that_are_no_incidents_and_broken_journals_harm_no_list(root: Path) -> None:
    (root / "stray file").write_text("x")
    (root / "empty folder").mkdir()
    broken = root / "broken"
    broken.mkdir()
    (broken / "journal.jsonl").write_bytes(b'\xff{"type":"incident.opened"\n{"type":"incident.renamed","v":"x"}\n')
    assert sorted(names(root)) == sorted([*(each.name for each in root.glob("2026-*")), "broken"])
    assert next(each.title for each in list_incidents(root) if each.name == "broken") == "broken"


def test_an_incident_that_only_another_person_may_read_hides_no_other(root: Path) -> None:
    private = root / "2026-11-24-cart-sums"
    private.chmod(0)
    assert as_anybody(lambda: names(root)) == ["2026-11-25-search-is-slow", "2026-11-23-checkout-500s"]
    remember_opened(root, private)
    assert as_anybody(lambda: last_opened(root)) is None
    private.chmod(0o700)
    assert last_opened(root) == private


def test_a_folder_that_is_not_there_holds_no_incidents(tmp_path: Path) -> None:
    assert list_incidents(tmp_path / "missing") == []
    assert last_opened(tmp_path / "missing") is None


@pytest.mark.parametrize(
    ("name", "folder"),
    [
        ("2026-11-24-cart-sums", "2026-11-24-cart-sums"),
        ("Cart sums", "2026-11-24-cart-sums"),
        ("checkout", "2026-11-23-checkout-500s"),
        ("CART", "2026-11-24-cart-sums"),
        ("11-25", "2026-11-25-search-is-slow"),
    ],
)
def test_an_incident_is_found_by_its_name_its_title_or_a_part(root: Path, name: str, folder: str) -> None:
    assert find(root, name) == root / folder


def test_an_incident_is_found_by_its_path_wherever_it_is(root: Path, tmp_path: Path) -> None:
    folder = root / "2026-11-24-cart-sums"
    assert find(tmp_path / "elsewhere", str(folder)) == folder
    folder.rename(Path.home() / "moved")
    assert find(root, "~/moved") == Path.home() / "moved"


def test_a_whole_name_is_found_though_others_begin_with_it(root: Path) -> None:
    second = Incident.create(root, "Cart sums", FrozenClock(AT + DAY), "ana@web-1")
    assert second.folder.name == "2026-11-24-cart-sums-2"
    assert find(root, "2026-11-24-cart-sums") == root / "2026-11-24-cart-sums"
    assert find(root, "cart-sums-2") == second.folder


def test_a_part_that_fits_several_is_asked_back(root: Path) -> None:
    with pytest.raises(IncidentError, match=r"'2026-11' fits several incidents: 2026-11-25-search-is-slow, 2026-11-24"):
        find(root, "2026-11")


def test_a_name_that_is_nearly_right_is_answered_with_those_near(root: Path) -> None:
    with pytest.raises(IncidentError, match=r"No incident '2026-11-23-chekout' in .*; near: 2026-11-23-checkout-500s"):
        find(root, "2026-11-23-chekout")


def test_a_name_like_none_is_answered_with_where_to_look(root: Path, tmp_path: Path) -> None:
    with pytest.raises(IncidentError, match=r"No incident 'zzz' in .*; there are 3; see: cockpit incidents"):
        find(root, "zzz")
    with pytest.raises(IncidentError, match="there are 0"):
        find(tmp_path / "missing", "zzz")
    with pytest.raises(IncidentError, match="No incident '~nobody-of-that-name/zzz'"):
        find(root, "~nobody-of-that-name/zzz")


def test_the_incident_in_use_is_the_one_opened_last(root: Path) -> None:
    assert last_opened(root) is None
    for name in ("2026-11-23-checkout-500s", "2026-11-24-cart-sums"):
        remember_opened(root, root / name)
        assert last_opened(root) == root / name
    assert (root / "last").read_text() == "2026-11-24-cart-sums\n"
    assert not list(root.glob(".last*"))


def test_an_incident_elsewhere_may_be_in_use(root: Path, tmp_path: Path) -> None:
    folder = Incident.create(tmp_path / "other", "x", FrozenClock(AT), "ana@web-1").folder
    remember_opened(root, folder)
    found = last_opened(root)
    assert found is not None
    assert found.resolve() == folder.resolve()


def test_an_incident_that_was_deleted_is_not_in_use(root: Path, tmp_path: Path) -> None:
    folder = root / "2026-11-24-cart-sums"
    remember_opened(root, folder)
    folder.rename(tmp_path / "moved away")
    assert last_opened(root) is None


@pytest.mark.parametrize("content", [b"", b"\n", b"\xff\n", b"no such folder\n"])
def test_where_it_is_not_said_which_is_in_use_none_is(root: Path, content: bytes) -> None:
    (root / "last").write_bytes(content)
    assert last_opened(root) is None


def test_where_nothing_can_be_remembered_nothing_changes(tmp_path: Path) -> None:
    remember_opened(tmp_path / "missing", tmp_path)
    assert last_opened(tmp_path / "missing") is None
