"""Evidence: what is kept stays as it was, is told of once it is on the disk, and says so when it was touched."""

from __future__ import annotations

import errno
import hashlib
import json
import multiprocessing
import os
import stat
from pathlib import Path
from typing import Any

import pytest

from cockpit.clock import FrozenClock
from cockpit.incident.evidence import Evidence
from cockpit.incident.keeping import Keeper, Verdict, read_part, verify
from cockpit.incident.model import fold
from cockpit.incident.show import as_dict, as_text
from cockpit.incident.store import Incident, IncidentError
from tests.incident.entries import AT, entry


@pytest.fixture
def incident(tmp_path: Path) -> Incident:
    return Incident.create(tmp_path, "Checkout 500s", FrozenClock(AT), "ana@web-1")


def keep(incident: Incident, title: str = "a core", data: bytes = b"boom\n", more: bytes = b"") -> Evidence:
    with Keeper(incident) as keeper:
        keeper.write("text", data)
        if more:
            keeper.write("window", more)
        kept = keeper.keep(title, "text", {"host": {"name": "web-1"}})
    incident.refresh()
    return kept


def folder(incident: Incident) -> Path:
    return incident.folder / "evidence"


def files(incident: Incident) -> list[str]:
    return sorted(each.name for each in folder(incident).iterdir()) if folder(incident).exists() else []


def test_what_is_kept_has_its_exact_bytes_its_provenance_and_is_for_its_owner_alone(incident: Incident) -> None:
    kept = keep(incident, data=b"boom\xff\0\r\n", more=b"around\n")
    assert files(incident) == ["E1.json", "E1.log", "E1.window.log"]
    assert (folder(incident) / "E1.log").read_bytes() == b"boom\xff\0\r\n"
    told = json.loads((folder(incident) / "E1.json").read_text())
    assert (told["title"], told["host"]) == ("a core", {"name": "web-1"})
    assert [part["file"] for part in told["parts"]] == ["E1.log", "E1.window.log"]
    assert kept.sha256 == told["parts"][0]["sha256"] == hashlib.sha256(b"boom\xff\0\r\n").hexdigest()
    modes = [stat.S_IMODE(path.stat().st_mode) for path in (folder(incident), *folder(incident).iterdir())]
    assert modes == [0o700, 0o600, 0o600, 0o600]


def test_an_incident_shows_its_evidence_as_data_and_in_words(incident: Incident) -> None:
    kept = keep(incident)
    shown = as_dict(incident)
    (item,) = shown["evidence"]
    assert {"id", "title", "kind", "source", "window", "sha256", "trace_id", "path"} <= set(item)
    assert (item["id"], item["label"], item["path"]) == (kept.id, "E1", "evidence/E1.log")
    assert "E1  text: a core  (evidence/E1.log)" in as_text(shown)


@pytest.mark.parametrize("title", ["two\nlines", "[red]loud[/red]", "../../etc/passwd", "x" * 20_000, " \n ", "\ud800"])
def test_a_title_of_any_kind_is_a_line_and_never_a_path(incident: Incident, title: str) -> None:
    kept = keep(incident, title)
    assert "\n" not in kept.title
    assert 1 <= len(kept.title) <= 10_000
    assert files(incident) == ["E1.json", "E1.log"]
    assert incident.state.evidence[0].title == kept.title


def test_evidence_is_verified_and_says_what_was_changed_or_removed(incident: Incident) -> None:
    items = [keep(incident, str(number), more=b"around\n") for number in range(4)]
    (folder(incident) / "E2.window.log").write_bytes(b"around!\n")
    (folder(incident) / "E3.log").unlink()
    (folder(incident) / "E4.json").write_text("{}")
    found = [verify(incident, each) for each in items]
    assert [each.verdict for each in found] == [Verdict.OK, Verdict.CHANGED, Verdict.MISSING, Verdict.CHANGED]
    assert [each.parts for each in found] == [(), ("E2.window.log",), ("E3.log",), ("E4.json",)]
    assert read_part(incident, items[2].parts[0], 100) is None


def test_more_than_the_bound_is_counted_and_said_to_be_cut(incident: Incident) -> None:
    with Keeper(incident, most=10) as keeper:
        for _ in range(5):
            keeper.write("output", b"1234")
        kept = keeper.keep("long", "command", {})
    assert (folder(incident) / "E1.log").read_bytes() == b"1234123412"
    assert (kept.parts[0].size, kept.parts[0].cut) == (10, 10)
    incident.refresh()
    assert verify(incident, incident.state.evidence[0]).verdict is Verdict.OK


def test_a_full_disk_keeps_nothing_and_says_so(incident: Incident, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(fd: int, data: Any) -> int:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    with monkeypatch.context() as patched:
        patched.setattr("cockpit.incident.keeping.os.write", full)
        with pytest.raises(IncidentError, match=r"cannot hold the evidence: No space left on device\. Nothing"):
            keep(incident)
    assert files(incident) == []
    incident.refresh()
    assert incident.state.evidence == ()


def test_where_the_journal_cannot_be_written_no_files_stay(incident: Incident) -> None:
    journal = incident.folder / "journal.jsonl"
    text = journal.read_bytes()
    journal.unlink()
    journal.mkdir()
    with pytest.raises(IncidentError, match="cannot be written"):
        keep(incident)
    assert files(incident) == []
    journal.rmdir()
    journal.write_bytes(text)


def test_an_incident_open_for_reading_keeps_nothing(incident: Incident) -> None:
    reading = Incident.open(incident.folder, FrozenClock(AT), "ben@web-2", read_only=True)
    with pytest.raises(IncidentError, match="read-only"):
        keep(reading)
    assert files(incident) == []


def begin(incident: Incident) -> None:
    with Keeper(incident) as keeper:
        keeper.write("text", b"boom")
        raise KeyboardInterrupt


def test_what_was_begun_and_not_finished_leaves_nothing(incident: Incident) -> None:
    with pytest.raises(KeyboardInterrupt):
        begin(incident)
    assert files(incident) == []


def test_the_name_of_lost_evidence_is_not_given_again(incident: Incident) -> None:
    keep(incident, "one")
    for path in folder(incident).iterdir():
        path.unlink()
    keep(incident, "two")
    assert [(each.label, each.title) for each in incident.state.evidence] == [("E1", "one"), ("E2", "two")]
    assert verify(incident, incident.state.evidence[0]).verdict is Verdict.MISSING


def _keep_many(path: Path, by: str) -> None:
    own = Incident.open(path, FrozenClock(AT), by)
    for number in range(20):
        keep(own, f"{by} {number}", f"{by} {number}\n".encode())


def test_processes_that_keep_at_once_get_names_of_their_own(incident: Incident) -> None:
    context = multiprocessing.get_context("spawn")
    processes = [context.Process(target=_keep_many, args=(incident.folder, by)) for by in ("ana@a", "ben@b")]
    for process in processes:
        process.start()
    for process in processes:
        process.join()
    incident.refresh()
    items = incident.state.evidence
    assert sorted(int(each.label[1:]) for each in items) == list(range(1, 41))
    assert all((incident.folder / each.path).read_text() == f"{each.title}\n" for each in items)
    assert {verify(incident, each).verdict for each in items} == {Verdict.OK}


def added(number: int, name: str = "E1", file: str = "E1.log", **data: Any) -> Any:
    parts = [{"part": "text", "file": file, "bytes": 1, "sha256": "0" * 64}]
    return entry(number, "evidence.added", **{"name": name, "title": "t", "kind": "text", "parts": parts, **data})


def test_of_two_items_that_were_called_the_same_the_later_one_and_its_files_get_a_letter() -> None:
    state = fold([added(1), added(2), added(3, "E2", "E2.window.log"), added(4, file="E1.json")])
    assert [(each.label, each.path) for each in state.evidence] == [
        ("E1", "evidence/E1.log"),
        ("E1b", "evidence/E1b.log"),
        ("E2", "evidence/E2.window.log"),
        ("E1c", "evidence/E1c.json"),
    ]
    assert state.malformed == ()


def test_letters_do_not_run_out() -> None:
    labels = [each.label for each in fold(added(number) for number in range(1, 30)).evidence]
    assert labels[24:] == ["E1y", "E1z", "E1z2", "E1z3", "E1z4"]
    assert fold([*(added(number) for number in range(1, 30)), added(30, "")]).evidence[-1].label == "E2"


@pytest.mark.parametrize("file", ["../E1.log", "/etc/passwd", "E1", "E1.log/..", "E0.log", "E1.log\n"])
def test_an_entry_whose_file_is_none_of_the_folder_is_set_aside(file: str) -> None:
    state = fold([added(1, file=file)])
    assert state.evidence == ()
    assert state.malformed[0].why == "a part of it is no file of the evidence folder"
