"""Markers beside a running cockpit: found at the start, when something moves, and when a person asks again."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from cockpit.clock import MINUTE, SECOND, FrozenClock, from_rfc3339
from cockpit.config import Config
from cockpit.events import Event, Failed, MarkersChanged
from cockpit.findings import FindingsDesk
from cockpit.incident.store import Incident
from cockpit.session import Session
from tests.support.releases import lay_out, switch
from tests.support.service import git, make_repository
from tests.support.waiting import until

NOW = from_rfc3339("2026-11-24T12:00:00Z")
TEN = from_rfc3339("2026-11-24T10:15:00Z")


@pytest.fixture
def opened(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[..., Session]]:
    """Opens a session with a command for deploys, on a repository and sources."""
    monkeypatch.chdir(tmp_path)
    sessions = []

    def open_session(repo: str, *sources: str, deploys: str = "", repos: tuple[str, ...] = ()) -> Session:
        clock = FrozenClock(NOW)
        incident = Incident.create(tmp_path / "incidents", "Checkout 500s", clock, "ana@web-1")
        session = Session(incident, Config(poll_seconds=0.1, deploys=deploys, repos=repos), clock)
        sessions.append(session)
        session.open_repository(repo, sources)
        assert session.history.idle(10)
        return session

    yield open_session
    for session in sessions:
        session.close()


def begun(session: Session) -> Session:
    session.start()
    assert session.markers.idle(30)
    return session


def told(session: Session) -> list[str]:
    return [f"{mark.kind} {mark.ref}" for mark in session.marks()]


def test_deploys_of_a_repository_beside_it_are_marks_with_its_name(
    opened: Callable[..., Session], tmp_path: Path
) -> None:
    shop, pay = make_repository(tmp_path / "shop"), make_repository(tmp_path / "pay")
    git(pay, "checkout", "-q", "HEAD~1", at=TEN // SECOND)
    session = begun(opened(str(shop), repos=(str(pay), str(pay))))
    titles = [mark.text for mark in session.marks() if mark.at == TEN]
    assert [title.partition(": checkout")[0][:11] for title in titles] == ["pay: deploy"]
    git(pay, "checkout", "-q", "main", at=TEN // SECOND + 60)
    assert until(lambda: any(mark.at == TEN + MINUTE for mark in session.marks()))


def test_releases_are_marks_and_new_ones_arrive(opened: Callable[..., Session], tmp_path: Path) -> None:
    lay_out(tmp_path / "srv", ["20261124090000"], "20261124090000", TEN // SECOND - 4400)
    session = begun(opened("", "srv/current/app.py"))
    assert told(session) == ["deploy 20261124090000"]
    heard: list[Event] = []
    session.bus.subscribe(MarkersChanged, heard.append)
    lay_out(tmp_path / "srv", ["20261124101500"])
    switch(tmp_path / "srv", "20261124101500", TEN // SECOND + 60)
    assert until(lambda: [mark.at for mark in session.marks()][1:] == [TEN + MINUTE])
    assert until(lambda: heard)
    assert session.marks()[1].text == "release 20261124101500 made current"


def test_tags_are_marks_and_are_looked_for_again_when_head_moves(
    opened: Callable[..., Session], tmp_path: Path
) -> None:
    shop = make_repository(tmp_path / "shop")
    git(shop, "tag", "-a", "-m", "x", "v1", at=TEN // SECOND)
    session = begun(opened("shop"))
    assert told(session)[3:] == ["tag v1"]
    git(shop, "tag", "-a", "-m", "x", "v2", at=TEN // SECOND + 600)
    git(shop, "reset", "-q", "--hard", "HEAD~1", at=TEN // SECOND + 900)
    assert until(lambda: told(session)[3:5] == ["tag v1", "tag v2"])


def test_the_command_runs_at_the_start_and_when_asked_again(opened: Callable[..., Session], tmp_path: Path) -> None:
    command = "echo run >> runs; echo 10:15 r$(wc -l < runs)"
    session = begun(opened("nowhere", deploys=command))
    assert told(session) == ["deploy r1"]
    session.history.refresh()
    findings = FindingsDesk(session)
    try:
        findings.look()
        assert findings.idle(30)
        assert told(session) == ["deploy r1"]
        findings.look(again=True)
        assert findings.idle(30)
        assert told(session) == ["deploy r2"]
        assert (tmp_path / "runs").read_text() == "run\nrun\n"
    finally:
        findings.close()


def test_what_goes_wrong_is_told_once(opened: Callable[..., Session]) -> None:
    session = opened("nowhere", deploys="echo nonsense")
    heard: list[Failed] = []
    session.bus.subscribe(Failed, heard.append)
    begun(session)
    session.markers.again(lambda: False)
    assert [each.what for each in heard] == [
        "The command for deploys printed one line that is not “TIME REF TITLE”: nonsense"
    ]


def test_a_deploy_that_a_person_marked_is_not_told_again(opened: Callable[..., Session]) -> None:
    session = begun(opened("nowhere", deploys="echo 10:15 4f2c1a9; echo 10:30 77f0aa1"))
    own = session.incident.add_marker("4f2c1a9", "deploy", TEN + MINUTE)
    assert told(session) == [f"deploy {own}", "deploy 77f0aa1"]


def test_a_session_that_closes_waits_for_no_command(opened: Callable[..., Session], tmp_path: Path) -> None:
    session = opened("nowhere", deploys="touch began; sleep 60")
    session.start()
    assert until((tmp_path / "began").exists)
    session.close()
    assert session.marks() == []
