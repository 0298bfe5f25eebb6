"""`cockpit sync`, as a person types it on two machines."""

from __future__ import annotations

from pathlib import Path

import pytest

from cockpit.incident.store import Incident
from tests.cli.conftest import Typed, refusal
from tests.support.travelling import bare


@pytest.fixture
def remote(tmp_path: Path) -> Path:
    return bare(tmp_path / "remote.git")


def test_it_says_in_a_line_or_two_what_it_did(typed: Typed, incident: Incident, remote: Path) -> None:
    typed("note", "only large carts")
    name = incident.folder.name
    assert typed("sync", str(remote)).stdout == (
        f"2 entries went · notes went\n{name} is a git repository now; the next cockpit sync uses {remote}.\n"
    )
    assert typed("sync").stdout == "Nothing new on either side.\n"


def test_a_colleague_joins_and_both_have_all(typed: Typed, incident: Incident, remote: Path, tmp_path: Path) -> None:
    elsewhere = ("--incidents", str(tmp_path / "ben"))
    typed("sync", str(remote))
    name = incident.folder.name
    assert typed("sync", "--join", str(remote), *elsewhere).stdout == f"{name} is here now, and in use.\n"
    typed("hypothesis", "pool exhausted", *elsewhere)
    assert typed("sync", *elsewhere).stdout == "1 entry went\n"
    assert typed("sync").stdout == "1 entry came\n"
    incident.refresh()
    assert [each.text for each in incident.state.hypotheses] == ["pool exhausted"]
    again = refusal(typed("sync", "--join", str(remote), *elsewhere))
    assert again == f"{name} is that incident already; use: cockpit sync --incident {name}"
    assert [each.name for each in (tmp_path / "ben").iterdir() if each.is_dir()] == [name]


def test_what_cannot_be_is_told_in_a_sentence(typed: Typed, incident: Incident, remote: Path, tmp_path: Path) -> None:
    assert refusal(typed("sync")).startswith("No remote is known for this incident;")
    assert refusal(typed("sync", "nowhere")).startswith("There is no git repository at nowhere.")
    assert refusal(typed("sync", "--join")) == "Say where the incident is: cockpit sync --join PATH-OR-URL"
    assert refusal(typed("sync", "--join", str(remote))) == (
        f"{remote} holds no incident: there is no journal.jsonl in it."
    )
    assert [each for each in incident.folder.parent.iterdir() if each.name.startswith(".")] == []
