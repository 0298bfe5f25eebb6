"""A session: one whole cockpit without a screen. What cannot be opened is a sentence; the rest works."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from cockpit.clock import MINUTE, SECOND, FrozenClock, to_rfc3339
from cockpit.config import Config
from cockpit.events import Event, HypothesisChanged, LogGrew, MarkersChanged, RepositoryChanged, VitalsSampled
from cockpit.incident.store import Incident
from cockpit.logs.source import State
from cockpit.session import Mark, Session
from tests.support.logging import Writer, numbered, shown_numbers
from tests.support.service import git, make_repository
from tests.support.waiting import until

FIRST = 1_764_000_000 * SECOND  # the first commit of the shop
NOW = FIRST + 60 * MINUTE


@pytest.fixture
def clock() -> FrozenClock:
    return FrozenClock(NOW)


@pytest.fixture
def incident(tmp_path: Path, clock: FrozenClock) -> Incident:
    return Incident.create(tmp_path / "incidents", "Checkout 500s", clock, "ana@web-1")


@pytest.fixture
def session(
    incident: Incident, clock: FrozenClock, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Session]:
    """A session of somebody who stands in a folder without a repository."""
    monkeypatch.chdir(tmp_path)
    session = Session(incident, Config(poll_seconds=0.1), clock)
    yield session
    session.close()


@pytest.fixture
def pipe() -> Iterator[tuple[int, int]]:
    source, target = os.pipe()
    yield source, target
    for end in (target, source):
        os.close(end)


def with_shop(session: Session, folder: Path) -> Path:
    """A repository of three commits a minute apart, open in the session."""
    shop = make_repository(folder / "shop")
    session.open_repository(str(shop), [])
    assert session.history.idle(10)
    assert session.history.error == ""
    return shop


def test_logs_repository_and_incident_work_together(session: Session, tmp_path: Path) -> None:
    heard: list[type[Event]] = []
    session.bus.subscribe(Event, lambda event: heard.append(type(event)))
    make_repository(tmp_path / "shop")
    writer = Writer(tmp_path / "shop/app.log")
    writer.write(300)
    (tmp_path / "nginx.log").write_text(numbered(1000))
    sources = [str(writer.path), "nginx.log"]
    session.open_sources(sources)
    session.open_repository("", sources)
    session.start()
    assert until(lambda: session.desk.shown.view.count == 301)
    assert until(lambda: session.history.count() == 3)
    writer.write(5)
    assert until(lambda: session.desk.shown.view.count == 306)
    assert shown_numbers(session.desk) == [*range(305), 1000]
    hypothesis = session.incident.add_hypothesis("Only large carts", 70)
    assert [each.id for each in session.incident.hypotheses()] == [hypothesis]
    assert until(lambda: session.vitals.recent)
    assert {RepositoryChanged, MarkersChanged, LogGrew, HypothesisChanged} <= set(heard)
    assert until(lambda: VitalsSampled in heard)
    assert session.problems == []


def test_what_cannot_be_opened_is_a_sentence_and_the_rest_opens(session: Session, tmp_path: Path) -> None:
    (tmp_path / "app.log").write_text("".join(numbered(number) for number in range(10)))
    (tmp_path / "core").write_bytes(bytes(range(32)) * 100)
    (tmp_path / "empty").mkdir()
    session.open_sources(["missing.log", "core", "empty", "*.nothing", "app.log"])
    assert session.desk.shown.view.count == 10
    assert len(session.problems) == 4
    for problem, told in zip(
        sorted(session.problems),
        ["*.nothing: no file fits", "core: looks binary", "empty: no logs", "missing.log: there is no such file"],
        strict=True,
    ):
        assert problem.startswith(told)
        assert problem.endswith(".")


def test_a_missing_source_is_waited_for(session: Session, tmp_path: Path) -> None:
    session.open_sources(["late.log"])
    session.start()
    assert len(session.problems) == 1
    writer = Writer(tmp_path / "late.log")
    writer.write(7)
    assert until(lambda: session.desk.shown.view.count == 7)
    assert session.desk.sources[0].state is State.LIVE


def test_folders_and_patterns_are_opened_once_and_named_apart(session: Session, tmp_path: Path) -> None:
    for name in ("web-1/app.log", "web-2/app.log", "web-2/nginx.log"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text(numbered(1))
    session.open_sources(["web-2", "web-*/app.log", "web-2/nginx.log"])
    assert [source.name for source in session.desk.sources] == ["web-2/app.log", "nginx.log", "web-1/app.log"]
    assert session.desk.shown.view.count == 3
    assert session.problems == []


def test_a_session_without_sources_is_a_session(session: Session) -> None:
    session.open_sources([])
    session.open_repository("", [])
    session.start()
    assert session.desk.idle(10)
    assert session.history.idle(10)
    assert (session.desk.shown.view.count, session.problems) == (0, [])
    session.incident.add_note("nothing to see")
    assert "nothing to see" in session.incident.store.notes.read()


def test_without_a_repository_the_rest_works(session: Session, tmp_path: Path) -> None:
    (tmp_path / "app.log").write_text(numbered(1))
    session.open_sources(["app.log"])
    session.open_repository("", ["app.log"])
    session.start()
    assert session.history.idle(10)
    assert "is in no git repository" in session.history.error
    assert "--repo DIR" in session.history.error
    session.incident.add_marker("restarted web-1", "restart", NOW)
    assert [mark.text for mark in session.marks()] == ["restarted web-1"]
    assert session.deployed_at(NOW) is None
    assert session.desk.shown.view.count == 1


def test_a_repository_named_wrongly_is_told_without_looking_elsewhere(session: Session, tmp_path: Path) -> None:
    make_repository(tmp_path / "shop")
    session.open_repository(str(tmp_path / "shpo"), ["shop/app.log"])
    assert session.history.idle(10)
    assert "shpo is in no git repository" in session.history.error


@pytest.mark.parametrize("source", ["shop/logs/app.log", "shop", "shop/*.log", "shop/missing.log"])
def test_the_repository_around_the_first_source_is_opened(session: Session, tmp_path: Path, source: str) -> None:
    make_repository(tmp_path / "shop")
    (tmp_path / "shop/logs").mkdir()
    session.open_repository("", ["-", source, "elsewhere/app.log"])
    assert session.history.idle(10)
    assert (session.history.error, session.history.count()) == ("", 3)


def test_where_no_source_is_in_a_repository_the_current_folder_is(
    session: Session, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(make_repository(tmp_path / "shop"))
    session.open_repository("", [str(tmp_path / "app.log")])
    assert session.history.idle(10)
    assert session.history.count() == 3


def test_marks_are_deploys_and_own_ones_in_the_order_of_time(session: Session, tmp_path: Path) -> None:
    shop = with_shop(session, tmp_path)
    own = session.incident.add_marker("restarted web-1", "restart", FIRST + 30 * SECOND)
    session.incident.add_marker("rolled back", "mitigation", FIRST + 10 * MINUTE)
    session.incident.add_marker("before everything", "note", FIRST - MINUTE)
    marks = session.marks()
    assert [mark.kind for mark in marks] == ["note", "deploy", "restart", "deploy", "deploy", "mitigation"]
    assert [mark.at for mark in marks] == sorted(mark.at for mark in marks)
    assert marks[2] == Mark(FIRST + 30 * SECOND, "restart", "restarted web-1", own)
    newest = git(shop, "rev-parse", "HEAD").strip()
    assert marks[4] == Mark(FIRST + 2 * MINUTE, "deploy", f"deploy {newest[:8]}", newest)


def test_from_mark_to_mark(session: Session, tmp_path: Path) -> None:
    with_shop(session, tmp_path)
    session.incident.add_marker("restarted", "restart", FIRST + 90 * SECOND)
    times = [mark.at for mark in session.marks()]
    walked, at = [], FIRST - SECOND
    while (mark := session.mark_beside(at, 1)) is not None:
        walked.append(mark.at)
        at = mark.at
    assert walked == times
    walked = [at]
    while (mark := session.mark_beside(at, -1)) is not None:
        walked.append(mark.at)
        at = mark.at
    assert walked == times[::-1]
    assert session.mark_beside(FIRST, -1) is None


def test_where_there_is_no_mark_there_is_none_beside(session: Session) -> None:
    assert session.marks() == []
    assert session.mark_beside(NOW, 1) is None
    assert session.mark_beside(NOW, -1) is None


def test_signatures_are_new_since_the_last_deploy_of_the_time_of_the_logs(session: Session, tmp_path: Path) -> None:
    with_shop(session, tmp_path)
    log = tmp_path / "app.log"
    log.write_text("".join(f"{to_rfc3339(FIRST + each * SECOND)} INFO page done\n" for each in range(-60, 91, 10)))
    session.open_sources([str(log)])
    session.desk.start(follow=False)
    assert session.desk.idle(10)
    session.signatures.look()
    assert session.signatures.idle(10)
    assert session.signatures.listed.since == FIRST + MINUTE


def test_what_was_deployed_is_the_last_move_before(session: Session, tmp_path: Path) -> None:
    shop = with_shop(session, tmp_path)
    git(shop, "checkout", "-q", "HEAD~1", at=FIRST // SECOND + 600)
    assert until(lambda: len(session.history.moves) == 4)
    assert session.deployed_at(FIRST - 1) is None
    deployed = session.deployed_at(FIRST + 90 * SECOND)
    assert deployed is not None
    assert (deployed.at, deployed.text) == (FIRST + MINUTE, "commit: Count the carts")
    rolled_back = session.deployed_at(NOW)
    assert rolled_back is not None
    assert (rolled_back.at, rolled_back.ref) == (FIRST + 10 * MINUTE, deployed.ref)
    assert rolled_back.text.startswith("checkout: moving from main")


def test_a_deploy_made_meanwhile_becomes_a_mark(session: Session, tmp_path: Path) -> None:
    shop = with_shop(session, tmp_path)
    told: list[Event] = []
    session.bus.subscribe(MarkersChanged, told.append)
    git(shop, "reset", "-q", "--hard", "HEAD~1", at=FIRST // SECOND + 900)
    assert until(lambda: session.marks()[-1].at == FIRST + 15 * MINUTE)
    assert until(lambda: told)


def test_a_marker_set_from_another_shell_arrives(session: Session, incident: Incident, clock: FrozenClock) -> None:
    session.start()
    told: list[Event] = []
    session.bus.subscribe(MarkersChanged, told.append)
    colleague = Incident.open(incident.folder, clock, "ben@web-1")
    colleague.add_marker("drained web-2", "mitigation", NOW - MINUTE)
    assert until(lambda: [mark.text for mark in session.marks()] == ["drained web-2"])
    assert until(lambda: told)


def test_standard_input_is_a_source_until_it_ends(session: Session, pipe: tuple[int, int]) -> None:
    session.open_sources(["-"], pipe[0])
    session.start()
    for number in range(50):
        os.write(pipe[1], numbered(number).encode())
    assert until(lambda: session.desk.shown.view.count == 50)
    assert shown_numbers(session.desk) == list(range(50))
    (source,) = session.desk.sources
    assert (source.name, source.state) == ("stdin", State.LIVE)
    with open(os.devnull) as nothing:
        os.dup2(nothing.fileno(), pipe[1])
    assert until(lambda: source.state is State.ENDED)
    assert session.desk.shown.view.count == 50


def test_standard_input_stands_beside_files_and_is_removed_at_the_end(
    session: Session, incident: Incident, pipe: tuple[int, int], tmp_path: Path
) -> None:
    (tmp_path / "app.log").write_text(numbered(1))
    os.write(pipe[1], numbered(0).encode())
    session.open_sources(["app.log", "-"], pipe[0])
    session.start()
    assert until(lambda: session.desk.shown.view.count == 2)
    assert shown_numbers(session.desk) == [0, 1]
    spool = incident.folder / "spool/stdin.log"
    assert spool.stat().st_mode & 0o777 == 0o600
    session.close()
    assert not spool.exists()
    assert (tmp_path / "app.log").read_text() == numbered(1)


def test_standard_input_that_cannot_be_kept_is_a_sentence(
    session: Session, incident: Incident, pipe: tuple[int, int], tmp_path: Path
) -> None:
    (incident.folder / "spool").write_text("in the way")
    (tmp_path / "app.log").write_text(numbered(1))
    session.open_sources(["-", "app.log"], pipe[0])
    (problem,) = session.problems
    assert problem.startswith("standard input: cannot be kept in ")
    assert session.desk.shown.view.count == 1


def test_without_a_descriptor_standard_input_is_no_source(session: Session) -> None:
    session.open_sources(["-"])
    assert len(session.desk.sources) == 0


def test_a_session_that_never_started_closes(session: Session, tmp_path: Path) -> None:
    (tmp_path / "app.log").write_text(numbered(1))
    session.open_sources(["app.log"])
    session.close()


def test_what_was_said_outlives_the_session(session: Session, incident: Incident, clock: FrozenClock) -> None:
    session.start()
    session.incident.add_hypothesis("Only large carts", 70)
    session.incident.add_note("see E3")
    session.incident.add_marker("restarted", "restart", NOW)
    session.close()
    again = Incident.open(incident.folder, clock, "ben@web-1")
    assert [each.text for each in again.state.hypotheses] == ["Only large carts"]
    assert [each.text for each in again.state.notes] == ["see E3"]
    assert [each.text for each in again.state.markers] == ["restarted"]


def test_one_file_named_twice_is_opened_once(session: Session, tmp_path: Path) -> None:
    Writer(tmp_path / "app.log").write(3)
    session.open_sources(["app.log", str(tmp_path / "app.log")])
    assert shown_numbers(session.desk) == [0, 1, 2]


def test_with_since_nothing_earlier_is_read(
    incident: Incident, clock: FrozenClock, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    writer = Writer(tmp_path / "app.log")
    writer.write(60_000)
    later = Session(incident, Config(since="2025-11-24T16:09:00Z", follow=False), clock)
    try:
        later.open_sources(["app.log"])
        later.start()
        assert later.desk.idle(10)
        numbers = shown_numbers(later.desk)
        assert numbers[-1] == 59_999
        assert 48_000 <= numbers[0] <= 54_000  # the time is found to within a few thousand lines
        assert later.desk.sources.progress() == 1
        writer.write(5)
        assert not until(lambda: later.desk.shown.view.count > len(numbers), 1.5)
    finally:
        later.close()


def test_commands_and_rotated_logs_are_sources_too(
    incident: Incident, clock: FrozenClock, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    writer = Writer(tmp_path / "app.log.1")
    writer.write(20)
    writer.path = tmp_path / "app.log"
    writer.write(20)
    session = Session(incident, Config(history=True), clock)
    try:
        session.open_sources(
            ["app.log", "cmd:echo 2026-11-23 10:00:00 INFO Request 1000 handled; echo oops >&2; exit 3"]
        )
        session.start()
        assert until(lambda: shown_numbers(session.desk)[:41] == [*range(40), 1000])
        command = next(source for source in session.desk.sources if source.feed is not None)
        assert until(lambda: command.state is State.RECONNECTING)
        assert "oops" in command.why
    finally:
        session.close()
    assert not list(incident.folder.glob("spool/*.log"))


def test_a_log_that_appears_in_an_open_folder_is_opened(session: Session, tmp_path: Path) -> None:
    (tmp_path / "logs").mkdir()
    Writer(tmp_path / "logs/a.log").write(3)
    session.open_sources(["logs"])
    session.start()
    later = Writer(tmp_path / "logs/b.log")
    later.written = 3
    later.write(4)
    assert until(lambda: shown_numbers(session.desk) == list(range(7)))
