"""Collecting traces: through all sources, bounded, with others of their kind, and the next that failed alike."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from cockpit import trace
from cockpit.clock import FrozenClock, from_rfc3339, to_rfc3339
from cockpit.config import Config
from cockpit.incident.store import Incident
from cockpit.insight.usual import usuals
from cockpit.logs.file import LogFile
from cockpit.session import Session
from cockpit.trace import Others, Trace, collect, next_failing, others_of

NOW = from_rfc3339("2026-11-23T10:42:17Z")


@pytest.fixture
def session(tmp_path: Path) -> Iterator[Session]:
    incident = Incident.create(tmp_path / "incidents", "Checkout 500s", FrozenClock(NOW), "ana@web-1")
    session = Session(incident, Config(), FrozenClock(NOW))
    yield session
    session.close()


def line(ms: int, text: str) -> str:
    return f"{to_rfc3339(NOW - 3_600_000_000 + ms * 1000)} {text}\n"


def shop(folder: Path, requests: int = 100) -> list[Path]:
    """Two sources of so many requests, a second apart; every tenth fails, number 41 is slow besides."""
    app, pay = [], []
    for number in range(requests):
        at, who = 1000 * number + 3, f"request_id=req-{number:08x}"
        slow = 700 if number == 41 else 0
        app.append(line(at, f"INFO checkout begun {who}"))
        pay.append(line(at + 20 + slow, f"INFO card {number} charged {who} duration_ms=15"))
        if number % 10 == 1:
            app.append(line(at + 30 + slow, f"ERROR no price for item {number} {who}"))
        else:
            app.append(line(at + 40, f"INFO order placed {who}"))
    for name, lines in (("app.log", app), ("pay.log", pay)):
        (folder / name).write_text("".join(lines))
    return [folder / "app.log", folder / "pay.log"]


def opened(session: Session, *paths: Path) -> list[LogFile]:
    session.open_sources([str(path) for path in paths])
    session.desk.start(follow=False)
    assert session.desk.idle(10)
    return session.desk.sources.files()


def found(session: Session, files: list[LogFile], number: int) -> Trace:
    return collect(files, lambda file: session.desk.sources.of(file).name, f"req-{number:08x}", lambda: False)


def others(session: Session, files: list[LogFile], one: Trace) -> Others:
    return others_of(files, lambda file: session.desk.sources.of(file).name, one, lambda: False, 30.0)


def test_the_records_of_a_request_are_a_path_through_all_sources(session: Session, tmp_path: Path) -> None:
    one = found(session, opened(session, *shop(tmp_path)), 41)
    assert [(step.source, step.message.split(" request_id")[0]) for step in one.path.steps] == [
        ("app.log", "checkout begun"),
        ("pay.log", "card 41 charged"),
        ("app.log", "no price for item 41"),
    ]
    assert one.path.gaps == (None, 720_000, 10_000)
    assert one.path.steps[1].took == 15_000
    assert (one.count, one.path.left_out, one.complete) == (3, 0, True)
    assert one.until == NOW - 3_600_000_000 + (99_000 + 43) * 1000


def test_others_tell_what_is_usual_and_where_they_go_on(session: Session, tmp_path: Path) -> None:
    files = opened(session, *shop(tmp_path))
    one = found(session, files, 41)
    sampled = others(session, files, one)
    assert len(sampled.paths) == len({each.id for each in sampled.traces}) == 60
    assert one.id not in {each.id for each in sampled.traces}
    assert [each.path for each in sampled.traces] == list(sampled.paths)
    usual = usuals(one.path, sampled.paths)
    assert [usual.unusual(one.path, nth) for nth in range(3)] == [False, True, False]
    assert usual.usual[1] is not None
    assert (usual.usual[1].median, usual.usual[1].traces) == (20_000, 60)


def test_the_next_failing_trace_has_the_same_error_and_after_the_last_comes_the_first(
    session: Session, tmp_path: Path
) -> None:
    files = opened(session, *shop(tmp_path))
    following = next_failing(files, found(session, files, 41), lambda: False)
    assert following is not None
    assert (following.id, following.wrapped) == (f"req-{51:08x}", False)
    first = next_failing(files, found(session, files, 91), lambda: False)
    assert first is not None
    assert (first.id, first.wrapped) == (f"req-{1:08x}", True)
    assert next_failing(files, found(session, files, 42), lambda: False) is None


@pytest.mark.parametrize("time", ["2026-11-23T10:02:11Z ", ""])
def test_of_traces_that_fail_at_one_time_each_is_gone_to_once(session: Session, tmp_path: Path, time: str) -> None:
    for name, numbers in (("a.log", (1, 2, 3)), ("b.log", (4, 5))):
        lines = [f"{time}ERROR no price for item {each} request_id=req-{each:08x}\n" for each in numbers]
        (tmp_path / name).write_text("".join(lines))
    files = opened(session, tmp_path / "a.log", tmp_path / "b.log")
    gone_to, number = [], 3
    for _ in range(5):
        following = next_failing(files, found(session, files, number), lambda: False)
        assert following is not None
        number = int(following.id.removeprefix("req-"), 16)
        gone_to.append((number, following.wrapped))
    assert gone_to == [(4, False), (5, False), (1, True), (2, False), (3, False)]


def test_a_trace_without_end_is_bounded_at_both_of_its_ends(
    session: Session, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(trace, "MOST", 100)
    path = tmp_path / "job.log"
    path.write_text("".join(line(nth, f"INFO step {nth} job_id=req-deadbeef") for nth in range(5000)))
    files = opened(session, path)
    one = collect(files, lambda file: "job.log", "req-deadbeef", lambda: False)
    messages = [step.message.split()[1] for step in one.path.steps]
    assert messages == [str(nth) for nth in (*range(90), *range(4990, 5000))]
    assert (one.count, one.path.left_out) == (5000, 4900)
    assert one.path.gaps[89:92] == (1000, None, 1000)
    assert others(session, files, one).paths == ()


def test_stopping_ends_every_question(session: Session, tmp_path: Path) -> None:
    files = opened(session, *shop(tmp_path))
    one = found(session, files, 41)
    assert others_of(files, lambda file: "", one, lambda: True).paths == ()
    assert next_failing(files, one, lambda: True) is None


def test_records_without_a_time_have_no_gap(session: Session, tmp_path: Path) -> None:
    path = tmp_path / "plain.log"
    path.write_text("begun req-00000001\ndone req-00000001\n")
    one = found(session, opened(session, path), 1)
    assert [step.at for step in one.path.steps] == [None, None]
    assert one.path.gaps == (None, None)
    assert (one.path.started, one.path.ended) == (None, None)


def test_a_step_says_what_was_thrown(session: Session, tmp_path: Path) -> None:
    path = tmp_path / "app.log"
    path.write_text(line(0, "ERROR failed req-00000001") + "Traceback (most recent call last):\nTypeError: None\n")
    (step,) = found(session, opened(session, path), 1).path.steps
    assert step.message == "failed req-00000001"
    assert step.said == "failed req-00000001  ┆ TypeError: None"
