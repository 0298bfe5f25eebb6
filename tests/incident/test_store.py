"""An incident on disk: made, opened, changed by its verbs, and read by somebody else."""

from __future__ import annotations

import stat
from pathlib import Path

import pytest

from cockpit.clock import SECOND, FrozenClock
from cockpit.incident.store import Incident, IncidentError, slug
from tests.incident.entries import AT
from tests.incident.hardship import as_anybody, room_for


@pytest.fixture
def clock() -> FrozenClock:
    return FrozenClock(AT)


@pytest.fixture
def incident(tmp_path: Path, clock: FrozenClock) -> Incident:
    return Incident.create(tmp_path / "incidents", "Checkout 500s", clock, "ana@web-1")


def mode(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


def test_a_new_incident_has_a_folder_of_its_day_and_title(incident: Incident) -> None:
    assert incident.folder.name == "2026-11-23-checkout-500s"
    assert (incident.state.title, incident.state.opened_at) == ("Checkout 500s", AT)
    assert incident.state.opened_by == "ana@web-1"
    assert not incident.read_only
    assert (incident.folder / ".gitattributes").read_text() == "journal.jsonl merge=union\n"
    assert (incident.folder / ".gitignore").read_text().split() == [".lock", "presence/", "spool/"]


def test_only_its_owner_may_read_an_incident(incident: Incident) -> None:
    incident.add_note("x")
    assert mode(incident.folder.parent) == mode(incident.folder) == 0o700
    for name in ("journal.jsonl", "notes.md", ".lock"):
        assert mode(incident.folder / name) == 0o600


def test_the_same_title_twice_gets_another_folder(tmp_path: Path, clock: FrozenClock) -> None:
    made = [Incident.create(tmp_path, "checkout", clock, "ana@web-1") for _ in range(3)]
    assert [each.folder.name for each in made] == [f"2026-11-23-checkout{end}" for end in ("", "-2", "-3")]
    made[0].add_note("only here")
    assert [len(Incident.open(each.folder, clock, "ben@web-2").state.notes) for each in made] == [1, 0, 0]


def test_an_incident_without_a_title_is_called_one(tmp_path: Path, clock: FrozenClock) -> None:
    incident = Incident.create(tmp_path, " \n\t ", clock, "ana@web-1")
    assert (incident.folder.name, incident.state.title) == ("2026-11-23-incident", "incident")


@pytest.mark.parametrize(
    ("title", "wanted"),
    [
        ("Checkout 500s", "checkout-500s"),
        ("  --Größe: über  alles!-- ", "groe-uber-alles"),
        ("../../etc/passwd", "etc-passwd"),
        ("障害", "incident"),
        ("x" * 100, "x" * 48),
        ("a" * 47 + " b", "a" * 47),
        ("", "incident"),
    ],
)
def test_a_slug_is_letters_digits_and_dashes(title: str, wanted: str) -> None:
    assert slug(title) == wanted


def test_what_was_done_is_there_when_it_is_opened_again(incident: Incident, clock: FrozenClock) -> None:
    pool = incident.add_hypothesis("pool exhausted", 30)
    incident.refresh()
    clock.advance(SECOND)
    incident.edit_hypothesis(pool, status="testing", likelihood=40, detail="see E3", prediction="it recovers")
    incident.add_marker("4f2c1a9", "deploy", AT - 70 * SECOND)
    incident.rename("Cart sums")
    again = Incident.open(incident.folder, clock, "ben@web-2")
    incident.refresh()
    assert again.state == incident.state
    (found,) = again.state.hypotheses
    assert (found.text, found.likelihood, found.status) == ("pool exhausted", 40, "testing")
    assert (found.detail, found.prediction, found.changed_at) == ("see E3", "it recovers", AT + SECOND)
    assert [(each.text, each.at) for each in again.state.markers] == [("4f2c1a9", AT - 70 * SECOND)]
    assert again.state.title == "Cart sums"


def test_a_change_shows_only_when_it_is_read_back(incident: Incident) -> None:
    added = incident.add_hypothesis("pool exhausted")
    assert incident.state.hypotheses == ()
    assert incident.refresh().hypotheses == {added}
    assert [each.id for each in incident.state.hypotheses] == [added]
    assert incident.refresh().hypotheses == set()


def test_what_a_colleague_does_arrives_the_same_way(incident: Incident, clock: FrozenClock) -> None:
    colleague = Incident.open(incident.folder, clock, "ben@web-2")
    added = colleague.add_hypothesis("the deploy")
    marker = colleague.add_marker("restarted", "restart", AT)
    note = colleague.add_note("looks better")
    changes = incident.refresh()
    assert (changes.hypotheses, changes.notes, changes.markers) == ({added}, {note}, True)
    incident.edit_hypothesis(added, status="confirmed", observation="it came back with the deploy")
    incident.remove_marker(marker)
    colleague.refresh()
    assert [each.status for each in colleague.state.hypotheses] == ["confirmed"]
    assert colleague.state.markers == ()
    assert colleague.state.malformed == ()


def test_a_hypothesis_moves_among_its_equals_and_is_removed(incident: Incident) -> None:
    first, second = incident.add_hypothesis("one", 60), incident.add_hypothesis("two", 40)
    incident.refresh()
    assert incident.move_hypothesis(first, -1) is None
    assert incident.move_hypothesis(second, -1) is not None
    incident.refresh()
    assert incident.move_hypothesis(second, -1) is None
    incident.remove_hypothesis(first)
    incident.refresh()
    assert [each.id for each in incident.state.hypotheses] == [second]
    with pytest.raises(IncidentError, match="no such hypothesis"):
        incident.edit_hypothesis(first, text="too late")


def test_a_note_is_in_the_journal_and_with_its_time_in_the_notes(incident: Incident) -> None:
    incident.notes.save("# my own text", "")
    incident.add_note("  only large carts fail?\nsee E3  ")
    incident.refresh()
    assert [(each.text, each.at) for each in incident.state.notes] == [("only large carts fail?\nsee E3", AT)]
    assert incident.notes.read() == "# my own text\n- 10:02 ana: only large carts fail?\n  see E3\n"


def test_a_note_that_cannot_be_put_in_the_notes_is_still_in_the_journal(incident: Incident) -> None:
    (incident.folder / "notes.md").mkdir()
    with pytest.raises(IncidentError, match=r"is in the journal, but not in the notes file: .*Is a directory"):
        incident.add_note("kept?")
    incident.refresh()
    assert [each.text for each in incident.state.notes] == ["kept?"]


def test_what_cannot_be_kept_is_refused_in_a_sentence(incident: Incident) -> None:
    added = incident.add_hypothesis("pool exhausted")
    incident.refresh()
    before = (incident.folder / "journal.jsonl").read_bytes()
    refused = {
        "The hypothesis is empty": lambda: incident.add_hypothesis(" \n"),
        "The note is empty": lambda: incident.add_note(""),
        "The title is empty": lambda: incident.rename(""),
        "The marker is empty": lambda: incident.add_marker(" ", "note", AT),
        "has 10001 characters; at most 10000 are kept": lambda: incident.add_note("x" * 10_001),
        "from 0 to 100 per cent, not 101": lambda: incident.add_hypothesis("x", 101),
        "from 0 to 100 per cent, not -1": lambda: incident.edit_hypothesis(added, likelihood=-1),
        "'maybe' is no status; choose open, testing": lambda: incident.edit_hypothesis(added, status="maybe"),
        "'party' is no kind of marker; choose deploy": lambda: incident.add_marker("x", "party", AT),
        "There is no such hypothesis": lambda: incident.remove_hypothesis("H1"),
    }
    for sentence, verb in refused.items():
        with pytest.raises(IncidentError, match=sentence):
            verb()
    assert (incident.folder / "journal.jsonl").read_bytes() == before


def test_half_a_letter_in_what_is_said_is_kept_as_a_question_mark(incident: Incident) -> None:
    incident.add_hypothesis("caf\udce9")
    incident.refresh()
    assert [each.text for each in incident.state.hypotheses] == ["caf?"]


def test_an_incident_opened_to_be_read_refuses_every_change(incident: Incident, clock: FrozenClock) -> None:
    added = incident.add_hypothesis("pool exhausted")
    incident.add_hypothesis("the deploy")
    reading = Incident.open(incident.folder, clock, "ben@web-2", read_only=True)
    assert len(reading.state.hypotheses) == 2
    for verb in (
        lambda: reading.rename("x"),
        lambda: reading.add_hypothesis("x"),
        lambda: reading.edit_hypothesis(added, text="x"),
        lambda: reading.move_hypothesis(added, 1),
        lambda: reading.remove_hypothesis(added),
        lambda: reading.add_note("x"),
        lambda: reading.add_marker("x", "note", AT),
        lambda: reading.remove_marker("x"),
    ):
        with pytest.raises(IncidentError, match="cannot be written; the incident is open read-only"):
            verb()
    assert not (incident.folder / "notes.md").exists()
    incident.add_note("still followed")
    reading.refresh()
    assert [each.text for each in reading.state.notes] == ["still followed"]


@pytest.mark.parametrize(("folder", "journal"), [(0o500, 0o600), (0o700, 0o400)])
def test_an_incident_that_may_not_be_written_opens_to_be_read(
    incident: Incident, clock: FrozenClock, folder: int, journal: int
) -> None:
    (incident.folder / "journal.jsonl").chmod(journal)
    incident.folder.chmod(folder)
    opened = as_anybody(lambda: Incident.open(incident.folder, clock, "ben@web-2"))
    incident.folder.chmod(0o700)
    assert opened.read_only
    assert opened.state.title == "Checkout 500s"


def test_a_folder_that_is_no_incident_is_not_opened(tmp_path: Path, clock: FrozenClock) -> None:
    for folder in (tmp_path, tmp_path / "missing"):
        with pytest.raises(IncidentError, match=r"is not an incident: it holds no journal\.jsonl"):
            Incident.open(folder, clock, "ana@web-1")


def test_an_incident_whose_journal_may_not_be_read_is_not_opened(incident: Incident, clock: FrozenClock) -> None:
    (incident.folder / "journal.jsonl").chmod(0)
    with pytest.raises(IncidentError, match="cannot be read: Permission denied"):
        as_anybody(lambda: Incident.open(incident.folder, clock, "ben@web-2"))


def test_where_no_incident_can_be_made_it_is_told_in_a_sentence(tmp_path: Path, clock: FrozenClock) -> None:
    tmp_path.chmod(0o500)
    sentence = "cannot hold an incident: .* Choose another with --incidents DIR"
    with pytest.raises(IncidentError, match=sentence):
        as_anybody(lambda: Incident.create(tmp_path / "incidents", "x", clock, "ana@web-1"))
    tmp_path.chmod(0o700)
    (tmp_path / "file").write_text("")
    with pytest.raises(IncidentError, match=sentence):
        Incident.create(tmp_path / "file", "x", clock, "ana@web-1")


def test_on_a_full_disk_a_verb_says_so_and_nothing_is_kept(incident: Incident) -> None:
    journal = incident.folder / "journal.jsonl"
    before = journal.read_bytes()
    with room_for(len(before)), pytest.raises(IncidentError, match="not written"):
        incident.add_note("lost?")
    assert journal.read_bytes() == before
    assert not (incident.folder / "notes.md").exists()
    incident.add_note("said again")
    incident.refresh()
    assert [each.text for each in incident.state.notes] == ["said again"]


def test_broken_lines_of_the_journal_are_told_and_harm_nothing(incident: Incident, clock: FrozenClock) -> None:
    with (incident.folder / "journal.jsonl").open("a") as file:
        file.write("<<<<<<< HEAD\n")
    incident.add_note("after")
    for each in (incident, Incident.open(incident.folder, clock, "ben@web-2")):
        each.refresh()
        assert [damage.line_number for damage in each.damaged] == [2]
        assert [note.text for note in each.state.notes] == ["after"]


def test_what_is_no_longer_in_the_journal_is_no_longer_shown(incident: Incident) -> None:
    journal = incident.folder / "journal.jsonl"
    opened = journal.read_bytes()
    incident.add_hypothesis("taken back by git")
    incident.add_marker("so is this", "note", AT)
    incident.refresh()
    journal.write_bytes(opened)
    changes = incident.refresh()
    assert changes.incident
    assert changes.markers
    assert (incident.state.hypotheses, incident.state.markers) == ((), ())
    assert incident.state.title == "Checkout 500s"


def test_journals_merged_by_git_make_one_incident(incident: Incident, clock: FrozenClock, tmp_path: Path) -> None:
    copy = tmp_path / "copy"
    copy.mkdir()
    there, here = copy / "journal.jsonl", incident.folder / "journal.jsonl"
    there.write_bytes(here.read_bytes())
    elsewhere = Incident.open(copy, clock, "ben@web-2")
    ours, theirs = incident.add_hypothesis("ours"), elsewhere.add_hypothesis("theirs")
    common = len(here.read_bytes().split(b"\n")[0]) + 1
    union = here.read_bytes() + there.read_bytes()[common:]
    for journal, each in ((here, incident), (there, elsewhere)):
        journal.with_name("merged").write_bytes(union)
        journal.with_name("merged").replace(journal)
        changes = each.refresh()
        assert changes.incident
        assert changes.hypotheses >= {ours, theirs}
    assert incident.state == elsewhere.state
    assert {each.text for each in incident.state.hypotheses} == {"ours", "theirs"}
