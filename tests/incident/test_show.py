"""Showing an incident whole: as data for scripts, as a page for people."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from cockpit.clock import MINUTE, SECOND, FrozenClock
from cockpit.incident.show import as_dict, as_text
from cockpit.incident.store import Incident
from cockpit.incident.trials import Trials
from tests.incident.entries import AT
from tests.support.evidence import keep


@pytest.fixture
def clock() -> FrozenClock:
    return FrozenClock(AT)


@pytest.fixture
def incident(tmp_path: Path, clock: FrozenClock) -> Incident:
    return Incident.create(tmp_path, "Checkout 500s", clock, "ana@web-1")


def worked_on(incident: Incident, clock: FrozenClock) -> Incident:
    """The incident after a few minutes of two people's work."""
    pool = incident.add_hypothesis("pool exhausted", 30)
    incident.add_hypothesis("users with > 1000 items", 70)
    incident.add_marker("4f2c1a9", "deploy", AT - MINUTE)
    incident.add_marker("restarted it", "restart", AT - 2 * MINUTE)
    clock.advance(90 * SECOND)
    ben = Incident.open(incident.folder, clock, "ben@web-2")
    ben.edit_hypothesis(
        pool, status="refuted", observation="11 of 30 in use", detail="it has room", prediction="waits for it"
    )
    ben.add_note("only large carts fail?")
    incident.refresh()
    return incident


def test_the_data_hold_everything(incident: Incident, clock: FrozenClock) -> None:
    shown = as_dict(worked_on(incident, clock))
    users, pool = shown["hypotheses"]
    assert shown["incident"] == {
        "name": "2026-11-23-checkout-500s",
        "title": "Checkout 500s",
        "opened": "2026-11-23T10:02:11.000000Z",
        "by": "ana@web-1",
        "closed": False,
        "closed_at": None,
        "folder": str(incident.folder),
    }
    assert (users["label"], users["text"], users["likelihood"], users["status"]) == (
        "H2",
        "users with > 1000 items",
        70,
        "open",
    )
    assert pool == {
        "id": incident.state.hypotheses[0].id,
        "label": "H1",
        "text": "pool exhausted",
        "likelihood": 30,
        "cost": None,
        "status": "refuted",
        "parent": None,
        "detail": "it has room",
        "prediction": "waits for it",
        "experiments": [],
        "evidence": [],
        "verdict": {"status": "refuted", "observation": "11 of 30 in use"},
        "added": "2026-11-23T10:02:11.000000Z",
        "by": "ana@web-1",
    }
    assert [(each["at"], each["kind"], each["text"], each["by"]) for each in shown["markers"]] == [
        ("2026-11-23T10:00:11.000000Z", "restart", "restarted it", "ana@web-1"),
        ("2026-11-23T10:01:11.000000Z", "deploy", "4f2c1a9", "ana@web-1"),
    ]
    assert shown["notes"]["text"] == "- 10:03 ben: only large carts fail?\n"
    assert [(each["at"], each["by"], each["text"]) for each in shown["notes"]["lines"]] == [
        ("2026-11-23T10:03:41.000000Z", "ben@web-2", "only large carts fail?")
    ]
    assert [each["type"] for each in shown["timeline"]] == [each.type for each in incident.state.entries]
    assert shown["evidence"] == []
    assert shown["problems"] == {"damaged": [], "malformed": [], "unknown": {}, "newer": False}
    assert json.loads(json.dumps(shown)) == shown


def test_the_page_reads_from_what_is_likely_to_what_happened(incident: Incident, clock: FrozenClock) -> None:
    assert as_text(as_dict(worked_on(incident, clock))).splitlines() == [
        "# Checkout 500s",
        "open, opened 2026-11-23 10:02:11 by ana@web-1",
        "",
        "## Hypotheses",
        "○  70%  H2 users with > 1000 items  [open]",
        "✗  30%  H1 pool exhausted  [refuted]",
        "        prediction: waits for it",
        "        decided by: 11 of 30 in use",
        "",
        "## Evidence",
        "none yet",
        "",
        "## Markers",
        "2026-11-23 10:00:11  restart: restarted it",
        "2026-11-23 10:01:11  deploy: 4f2c1a9",
        "",
        "## Notes",
        "- 10:03 ben: only large carts fail?",
        "",
        "## Timeline",
        "2026-11-23 10:02:11  ana@web-1: incident opened: Checkout 500s",
        "2026-11-23 10:02:11  ana@web-1: hypothesis added: pool exhausted",
        "2026-11-23 10:02:11  ana@web-1: hypothesis added: users with > 1000 items",
        "2026-11-23 10:02:11  ana@web-1: marker added: 4f2c1a9",
        "2026-11-23 10:02:11  ana@web-1: marker added: restarted it",
        "2026-11-23 10:03:41  ben@web-2: H1: status refuted, observation 11 of 30 in use, "
        "detail it has room, prediction waits for it",
        "2026-11-23 10:03:41  ben@web-2: note added: only large carts fail?",
    ]


def test_an_incident_with_nothing_in_it_yet_says_so(incident: Incident) -> None:
    page = as_text(as_dict(incident)).splitlines()
    assert page.count("none yet") == 4
    assert "## Problems" not in page


def test_the_page_tells_how_a_hypothesis_was_tested(incident: Incident) -> None:
    trials = Trials(incident, lambda entry: entry if incident.refresh() else "")
    pool = incident.add_hypothesis("pool exhausted", 30)
    incident.refresh()
    child = incident.add_hypothesis("pool of web-2", cost=5, prediction="30 of 30 in use", parent=pool)
    incident.refresh()
    keep(incident, "pool at 11 of 30", "restarted at 10:00")
    trials.add_experiment(child, "$ pool --count")
    trials.observe(child, "11 of 30 in use")
    trials.add_experiment(child, "look again at 10:10")
    trials.link(child, "E1", "against", 3)
    trials.link(child, "E2", "neutral")
    incident.edit_hypothesis(child, status="refuted")
    incident.refresh()
    page = as_text(as_dict(incident))
    assert [line for line in page.splitlines() if line.startswith(("✗", "   "))] == [
        "✗  20%  H2 pool of web-2  [refuted]",
        "        refines: H1",
        "        cost: 5 minutes to test",
        "        prediction: 30 of 30 in use",
        "        experiment: $ pool --count",
        "        observed: 11 of 30 in use",
        "        experiment: look again at 10:10",
        "        observed: not yet",
        "        against: E1 pool at 11 of 30, weight 3",
        "        neutral: E2 restarted at 10:00",
        "        decided by: 11 of 30 in use",
    ]


def test_moving_and_removing_are_told_in_words(incident: Incident) -> None:
    first, second = incident.add_hypothesis("one", 60), incident.add_hypothesis("two", 40)
    incident.refresh()
    incident.move_hypothesis(second, -1)
    incident.refresh()
    titles = [each["title"] for each in as_dict(incident)["timeline"]]
    assert titles[-1] == "H2: ranked anew"
    incident.remove_hypothesis(first)
    incident.refresh()
    shown = as_dict(incident)
    assert [each["label"] for each in shown["hypotheses"]] == ["H2"]
    assert shown["timeline"][-1]["title"] == "H1 removed"


@pytest.mark.parametrize(
    "odd",
    ["[red]not markup[/red] [/]", "# no heading", "tab\there", "é 障害 🙂", "{curly} %s \\n", '"quoted"', "[" * 50],
)
def test_odd_text_stands_in_the_page_as_it_was_said(incident: Incident, odd: str) -> None:
    incident.add_hypothesis(odd)
    incident.add_marker(odd, "note", AT)
    incident.add_note(odd)
    incident.rename(odd)
    incident.refresh()
    page = as_text(as_dict(incident))
    assert page.startswith(f"# {odd}\n")
    assert f"○  50%  H1 {odd}  [open]" in page
    assert f"note: {odd}\n" in page
    assert f"- 10:02 ana: {odd}\n" in page
    assert f"note added: {odd}" in page
    page.encode()


def test_notes_that_are_no_text_can_still_be_printed(incident: Incident) -> None:
    incident.notes.path.write_bytes(b"caf\xe9\n")
    shown = as_dict(incident)
    assert shown["notes"]["text"] == "caf?\n"
    as_text(shown).encode()


def test_notes_that_cannot_be_read_are_told_in_their_place(incident: Incident) -> None:
    incident.notes.path.mkdir()
    assert "notes.md: cannot be read: Is a directory." in as_text(as_dict(incident))


def test_what_cannot_be_read_is_told_at_the_end_and_listed_in_the_data(incident: Incident) -> None:
    with (incident.folder / "journal.jsonl").open("a") as file:
        file.write("<<<<<<< HEAD\n")
        file.write('{"v":1,"id":"Z1","at":"2026-11-23T10:02:12Z","by":"b@c","type":"hypothesis.added","data":{}}\n')
        file.write('{"v":2,"id":"Z2","at":"2026-11-23T10:02:12Z","by":"b@c","type":"trace.followed"}\n')
    incident.refresh()
    shown = as_dict(incident)
    problems = shown["problems"]
    assert [(each["line"], each["excerpt"]) for each in problems["damaged"]] == [(2, "<<<<<<< HEAD")]
    assert problems["malformed"] == [{"id": "Z1", "type": "hypothesis.added", "why": "text is missing"}]
    assert (problems["unknown"], problems["newer"]) == ({"trace.followed": 1}, True)
    assert as_text(shown).splitlines()[-4:] == [
        "",
        "## Problems",
        "2 journal entries cannot be read; see --json",
        "Some entries are of a newer cockpit; they are kept, not shown.",
    ]
    assert json.loads(json.dumps(shown)) == shown


@pytest.mark.parametrize(
    ("kind", "at", "of"),
    [
        ("trace.followed", "a moment ago", "{}"),
        ("note.added", "a moment ago", '{"text":"x"}'),
        ("marker.added", "2026-11-23T10:02:12Z", '{"text":"x","at":"0001-01-01T00:00:00+14:00"}'),
    ],
)
def test_a_time_that_is_none_spoils_no_page(incident: Incident, kind: str, at: str, of: str) -> None:
    with (incident.folder / "journal.jsonl").open("a") as file:
        file.write(f'{{"v":1,"id":"Z1","at":"{at}","by":"b@c","type":"{kind}","data":{of}}}\n')
    incident.refresh()
    shown = as_dict(incident)
    assert "## Problems" in as_text(shown)
    assert shown["timeline"][-1]["at"] == at


def test_a_closed_incident_says_so(incident: Incident) -> None:
    with (incident.folder / "journal.jsonl").open("a") as file:
        file.write('{"v":1,"id":"Z1","at":"2026-11-23T10:02:12Z","by":"b@c","type":"incident.closed"}\n')
    incident.refresh()
    shown = as_dict(incident)
    assert shown["incident"]["closed"] is True
    assert as_text(shown).splitlines()[1] == "closed, opened 2026-11-23 10:02:11 by ana@web-1"
    assert shown["timeline"][-1]["title"] == "incident closed"
