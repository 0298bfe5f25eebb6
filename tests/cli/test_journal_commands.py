"""note, hypothesis, mark, incidents and show, from any shell: what they say is kept, and told to a script too."""

from __future__ import annotations

import json
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from cockpit import paths
from cockpit.clock import DAY, MINUTE, SystemClock, from_rfc3339
from cockpit.incident.library import remember_opened
from cockpit.incident.store import Incident
from tests.cli.conftest import Typed, opened, refusal

Shown = Callable[[], dict[str, Any]]
ODD_TEXTS = (
    "[/b] [red]rolled back[/red]",
    "ünï 日本 👍🏽",
    "100% of {carts}",
    "back\\slash \"quoted\" 'too'",
    "$HOME `id`",
    "a\ttab",
)


def test_a_note_is_kept(typed: Typed, incident: Incident, shown: Shown) -> None:
    result = typed("note", "rolled back", "to", "81ab332")
    assert (result.exit_code, result.stdout) == (0, f"Noted in {incident.folder.name}.\n")
    (line,) = shown()["notes"]["lines"]
    assert line["text"] == "rolled back to 81ab332"
    assert line["by"].startswith("ana@")
    assert "ana: rolled back to 81ab332" in (incident.folder / "notes.md").read_text()


def test_a_note_may_be_piped_in(typed: Typed, incident: Incident, shown: Shown) -> None:
    assert typed("note", given="first line\n  second [line]\n\n").exit_code == 0
    assert [line["text"] for line in shown()["notes"]["lines"]] == ["first line\n  second [line]"]


def test_bytes_piped_in_that_are_no_text_are_still_a_note(typed: Typed, incident: Incident, shown: Shown) -> None:
    assert typed("note", given=b"caf\xe9 \xff").exit_code == 0
    assert shown()["notes"]["lines"][0]["text"] == "caf� �"


def test_words_go_before_what_is_piped_in(typed: Typed, incident: Incident, shown: Shown) -> None:
    assert typed("note", "said", given="piped").exit_code == 0
    assert [line["text"] for line in shown()["notes"]["lines"]] == ["said"]


def test_a_note_may_begin_with_a_dash(typed: Typed, incident: Incident, shown: Shown) -> None:
    assert typed("note", "--", "-5 degrees", "--help").exit_code == 0
    assert shown()["notes"]["lines"][0]["text"] == "-5 degrees --help"


@pytest.mark.parametrize("text", ODD_TEXTS)
def test_any_text_is_kept_as_it_was_said(typed: Typed, incident: Incident, shown: Shown, text: str) -> None:
    for words in (["note", text], ["hypothesis", text], ["mark", text]):
        assert typed(*words).exit_code == 0
    found = shown()
    assert found["notes"]["lines"][0]["text"] == text
    assert found["hypotheses"][0]["text"] == text
    assert found["markers"][0]["text"] == text
    page = typed("show").stdout
    assert page.count(text) >= 6  # where it belongs, and in the timeline


@pytest.mark.parametrize(
    "words", [["note"], ["note", ""], ["note", "  ", "\n"], ["hypothesis"], ["hypothesis", " "], ["mark", ""]], ids=repr
)
def test_nothing_is_not_worth_keeping(typed: Typed, incident: Incident, shown: Shown, words: list[str]) -> None:
    assert "is empty; say something" in refusal(typed(*words))
    found = shown()
    assert (found["notes"]["lines"], found["hypotheses"], found["markers"]) == ([], [], [])


@pytest.mark.parametrize("command", ["note", "hypothesis", "mark"])
def test_too_much_is_refused_in_a_sentence(typed: Typed, incident: Incident, command: str) -> None:
    assert "at most 10000" in refusal(typed(command, "x" * 10_001))
    assert typed(command, "x" * 10_000).exit_code == 0


def test_a_hypothesis_has_a_cost_a_prediction_and_a_parent(typed: Typed, incident: Incident, shown: Shown) -> None:
    assert typed("hypothesis", "Large carts", "--cost", "5", "--prediction", "1001 items fail").exit_code == 0
    assert typed("hypothesis", "More than 1000 items", "--parent", "h1", "--likelihood", "10").exit_code == 0
    first, second = shown()["hypotheses"]
    assert (first["cost"], first["prediction"], first["parent"]) == (5, "1001 items fail", None)
    assert (second["cost"], second["prediction"], second["parent"]) == (None, "", first["id"])
    assert (first["experiments"], first["evidence"], first["verdict"]) == ([], [], None)
    refused = typed("hypothesis", "x", "--parent", "H9")
    assert (refused.exit_code, refused.stderr) == (2, "cockpit: There is no hypothesis H9; see cockpit show.\n")


def test_a_hypothesis_gets_a_name_and_a_likelihood(typed: Typed, incident: Incident, shown: Shown) -> None:
    result = typed("hypothesis", "Only", "large carts", "--likelihood", "70")
    assert (result.exit_code, result.stdout) == (0, f"Added H1 to {incident.folder.name}.\n")
    assert "H2" in typed("hypothesis", given="The pool is exhausted\n").stdout
    assert [(each["label"], each["text"], each["likelihood"], each["status"]) for each in shown()["hypotheses"]] == [
        ("H1", "Only large carts", 70, "open"),
        ("H2", "The pool is exhausted", 50, "open"),
    ]


@pytest.mark.parametrize("likelihood", ["0", "100"])
def test_a_likelihood_may_be_certain(typed: Typed, incident: Incident, shown: Shown, likelihood: str) -> None:
    assert typed("hypothesis", "x", "--likelihood", likelihood).exit_code == 0
    assert shown()["hypotheses"][0]["likelihood"] == int(likelihood)


@pytest.mark.parametrize("kind", ["deploy", "mitigation", "restart", "note"])
def test_a_mark_has_a_kind_and_stands_at_now(typed: Typed, incident: Incident, shown: Shown, kind: str) -> None:
    before = SystemClock().now()
    assert typed("mark", "drained", "web-2", "--kind", kind).exit_code == 0
    (marker,) = shown()["markers"]
    assert (marker["kind"], marker["text"]) == (kind, "drained web-2")
    assert before <= from_rfc3339(marker["at"]) <= SystemClock().now()


@pytest.mark.parametrize("at", ["2026-11-23T10:02:11Z", "2026-11-23T12:02:11+02:00", "2026-11-23 10:02:11"])
def test_a_mark_may_stand_at_any_moment(typed: Typed, incident: Incident, shown: Shown, at: str) -> None:
    result = typed("mark", "deployed", "--at", at)
    assert result.stdout == f"Marked 2026-11-23T10:02:11.000000Z in {incident.folder.name}.\n"
    assert shown()["markers"][0]["at"] == "2026-11-23T10:02:11.000000Z"


@pytest.mark.parametrize(("at", "age"), [("15m ago", 15 * MINUTE), ("-15m", 15 * MINUTE), ("2d", 2 * DAY), ("now", 0)])
def test_a_mark_may_stand_some_time_ago(typed: Typed, incident: Incident, shown: Shown, at: str, age: int) -> None:
    before = SystemClock().now()
    assert typed("mark", "deployed", "--at", at).exit_code == 0
    marked = from_rfc3339(shown()["markers"][0]["at"])
    assert before - age <= marked <= SystemClock().now() - age


@pytest.mark.parametrize("at", ["later", "25:00", "2026-13-01", "[/b]", "15 minutes ago"])
def test_a_mark_at_no_time_is_refused_and_not_set(typed: Typed, incident: Incident, shown: Shown, at: str) -> None:
    assert refusal(typed("mark", "x", "--at", at)).startswith(repr(at))
    assert shown()["markers"] == []


@pytest.mark.parametrize(
    "words", [["note", "x"], ["hypothesis", "x"], ["mark", "x"], ["show"], ["show", "--json"]], ids=" ".join
)
def test_before_there_is_an_incident_the_person_is_told_how_to_open_one(typed: Typed, words: list[str]) -> None:
    told = refusal(typed(*words))
    assert told == f"No incident has been opened in {paths.incidents_dir()}. Open one with: cockpit --incident NAME"


def test_an_incident_that_was_removed_is_in_use_no_more(typed: Typed, incident: Incident) -> None:
    incident.folder.rename(incident.folder.with_name("elsewhere"))
    assert "No incident has been opened" in refusal(typed("note", "x"))


def test_the_list_of_no_incidents_says_so(typed: Typed) -> None:
    result = typed("incidents")
    assert result.exit_code == 0
    assert result.stdout.startswith(f"No incidents in {paths.incidents_dir()} yet.")
    assert json.loads(typed("incidents", "--json").stdout) == []


def test_incidents_are_listed_the_one_changed_last_first(typed: Typed, incident: Incident) -> None:
    other = opened("Ünï [red]slow[/red]")
    os.utime(other.folder / "journal.jsonl", (100, 100))
    assert typed("note", "x").exit_code == 0
    assert typed("hypothesis", "y").exit_code == 0
    lines = typed("incidents").stdout.splitlines()
    assert [line.split()[3] for line in lines] == [incident.folder.name, other.folder.name]
    assert lines[0].endswith("1 hypotheses, 1 notes")
    first, second = json.loads(typed("incidents", "--json").stdout)
    assert (first["title"], first["hypotheses"], first["notes"], first["closed"]) == ("Checkout 500s", 1, 1, False)
    assert second["title"] == "Ünï [red]slow[/red]"
    assert Path(first["folder"]) == incident.folder
    assert from_rfc3339(first["opened"]) <= from_rfc3339(first["changed"])


@pytest.mark.parametrize("name", ["pool", "POOL", "Pool exhausted"])
def test_an_incident_is_named_by_its_title_or_a_part_of_its_name(typed: Typed, incident: Incident, name: str) -> None:
    other = opened("Pool exhausted")
    assert typed("note", "--incident", name, "after the command").stdout == f"Noted in {other.folder.name}.\n"
    assert typed("--incident", name, "note", "before it").stdout == f"Noted in {other.folder.name}.\n"
    assert "# Pool exhausted\n" in typed("show", name).stdout
    assert "# Checkout 500s\n" in typed("show").stdout


def test_what_is_said_after_the_command_goes_before_what_is_said_ahead_of_it(typed: Typed, incident: Incident) -> None:
    other = opened("Pool exhausted")
    assert other.folder.name in typed("--incident", "checkout", "note", "--incident", "pool", "x").stdout


def test_a_name_that_fits_none_or_several_is_told(typed: Typed, incident: Incident) -> None:
    opened("Checkout slow")
    assert "fits several incidents" in refusal(typed("show", "checkout"))
    assert "No incident 'chekcout-500s'" in refusal(typed("show", "chekcout-500s"))
    assert incident.folder.name in refusal(typed("show", incident.folder.name.replace("checkout", "chekcout")))
    assert "No incident '[/b]'" in refusal(typed("note", "--incident", "[/b]", "x"))


def test_incidents_may_live_in_another_folder(typed: Typed, incident: Incident, tmp_path: Path) -> None:
    shared = tmp_path / "shared"
    other = Incident.create(shared, "Shared", SystemClock(), "ben@web-2")
    remember_opened(shared, other.folder)
    assert typed("note", "--incidents", str(shared), "x").stdout == f"Noted in {other.folder.name}.\n"
    assert typed("--incidents", str(shared), "note", "x").stdout == f"Noted in {other.folder.name}.\n"
    (listed,) = json.loads(typed("incidents", "--json", "--incidents", str(shared)).stdout)
    assert (listed["name"], listed["notes"]) == (other.folder.name, 2)
    assert "No incident has been opened" in refusal(typed("note", "--incidents", str(tmp_path / "nowhere"), "x"))


def test_the_incident_of_the_environment_is_in_use(
    typed: Typed, incident: Incident, monkeypatch: pytest.MonkeyPatch
) -> None:
    other = opened("Pool exhausted")
    monkeypatch.setenv("COCKPIT_INCIDENT", "pool")
    assert other.folder.name in typed("note", "x").stdout
    assert incident.folder.name in typed("note", "--incident", "checkout", "x").stdout


def test_show_tells_everything(typed: Typed, incident: Incident) -> None:
    assert "none yet" in typed("show").stdout
    typed("hypothesis", "Only large carts", "--likelihood", "70")
    typed("hypothesis", "The pool", "--likelihood", "5")
    typed("mark", "deployed", "--kind", "deploy", "--at", "2026-11-23T10:02:11Z")
    typed("note", "see the carts")
    page = typed("show").stdout
    assert page.startswith("# Checkout 500s\nopen, opened ")
    for line in (
        "○  70%  H1 Only large carts  [open]",
        "○   5%  H2 The pool  [open]",
        "2026-11-23 10:02:11  deploy: deployed",
    ):
        assert f"\n{line}\n" in page
    assert "ana: see the carts\n" in page
    assert "note added: see the carts" in page
    assert page.index("H1 Only") < page.index("H2 The pool") < page.index("## Markers") < page.index("## Timeline")


def test_what_others_wrote_into_the_notes_is_shown(typed: Typed, incident: Incident, shown: Shown) -> None:
    (incident.folder / "notes.md").write_bytes("by hand: caf\xe9\n".encode("latin-1"))
    assert "by hand: caf" in shown()["notes"]["text"]
    assert typed("note", "one more").exit_code == 0
    assert (incident.folder / "notes.md").read_bytes().startswith(b"by hand: caf\xe9\n")


def test_a_damaged_journal_is_shown_as_far_as_it_goes(typed: Typed, incident: Incident, shown: Shown) -> None:
    typed("note", "before")
    with (incident.folder / "journal.jsonl").open("a") as journal:
        journal.write(
            'garbage\n{"v":1,"id":"9","at":"2026-11-23T10:00:00Z","by":"x","type":"hypothesis.added","data":{}}\n'
        )
        journal.write('{"v":9,"id":"8","at":"2026-11-23T10:00:00Z","by":"x","type":"strange.thing","data":{"a":[1]}}\n')
    typed("note", "after")
    found = shown()
    assert [line["text"] for line in found["notes"]["lines"]] == ["before", "after"]
    assert [each["excerpt"] for each in found["problems"]["damaged"]] == ["garbage"]
    assert [each["type"] for each in found["problems"]["malformed"]] == ["hypothesis.added"]
    assert found["problems"]["unknown"] == {"strange.thing": 1}
    assert "2 journal entries cannot be read" in typed("show").stdout


def test_notes_that_cannot_be_written_are_told_and_the_journal_has_them(
    typed: Typed, incident: Incident, shown: Shown
) -> None:
    (incident.folder / "notes.md").mkdir()
    assert "The note is in the journal, but not in the notes file" in refusal(typed("note", "x"))
    assert [line["text"] for line in shown()["notes"]["lines"]] == ["x"]


@pytest.mark.parametrize(
    "at", ["9" * 30 + "d", "9" * 400 + "s", "9999-12-31T23:59:59-12:00", "0000-01-01", "²m", "²:30", "25:00"]
)
def test_a_time_that_cannot_be_is_refused_in_a_sentence(typed: Typed, incident: Incident, at: str) -> None:
    assert "is not a time" in refusal(typed("mark", "x", "--at", at))


def test_a_very_old_marker_is_kept(typed: Typed, incident: Incident, shown: Shown) -> None:
    assert typed("mark", "x", "--at", "0999-01-01").exit_code == 0
    assert shown()["markers"][0]["at"].startswith("0999-01-01T")


def test_an_entry_of_a_time_that_is_none_does_not_end_the_page(typed: Typed, incident: Incident) -> None:
    line = {"v": 1, "id": "0" * 26, "at": "yesterday", "by": "x", "type": "note.added", "data": {"text": "odd"}}
    with (incident.folder / "journal.jsonl").open("a") as file:
        file.write(json.dumps(line) + "\n")
    result = typed("show")
    assert result.exit_code == 0
    assert "yesterday  x: note added: odd" in result.stdout


@pytest.mark.parametrize(
    "words", [("--incident", "~nosuch/x"), ("--incidents", "~nosuch/x"), ("--incident", "x" * 300 + "/y")]
)
def test_a_folder_that_cannot_be_is_refused_in_a_sentence(typed: Typed, incident: Incident, words: list[str]) -> None:
    assert refusal(typed("note", *words, "t"))


@pytest.mark.parametrize("content", [b"\xff\xfe", b"x" * 300])
def test_a_broken_mark_of_what_was_opened_last_is_no_incident(typed: Typed, incident: Incident, content: bytes) -> None:
    (paths.incidents_dir() / "last").write_bytes(content)
    assert "No incident has been opened" in refusal(typed("note", "t"))


def test_an_incident_that_we_may_not_read_hides_no_other(
    typed: Typed, incident: Incident, monkeypatch: pytest.MonkeyPatch
) -> None:
    closed = opened("closed to us").folder / "journal.jsonl"
    is_file = Path.is_file

    def refused(path: Path) -> bool:  # root may read everything, so the system is spoken for
        if path == closed:
            raise PermissionError(13, "Permission denied", str(path))
        return is_file(path)

    monkeypatch.setattr(Path, "is_file", refused)
    result = typed("incidents")
    assert result.exit_code == 0
    assert incident.folder.name in result.stdout
