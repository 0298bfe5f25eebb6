"""Capturing without a screen: what is kept when there is too much, too little time, or no time at all in the log."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from cockpit.capture import capture
from cockpit.clock import FrozenClock, from_rfc3339
from cockpit.config import Config
from cockpit.events import Event, EvidenceCaptured
from cockpit.incident.store import Incident, IncidentError
from cockpit.logs.view import Row
from cockpit.session import Session

NOW = from_rfc3339("2026-11-23T10:42:17Z")


@pytest.fixture
def session(tmp_path: Path) -> Iterator[Session]:
    incident = Incident.create(tmp_path / "incidents", "Checkout 500s", FrozenClock(NOW), "ana@web-1")
    session = Session(incident, Config(), FrozenClock(NOW))
    yield session
    session.close()


def opened(session: Session, path: Path, text: str) -> None:
    path.write_text(text)
    session.open_sources([str(path)])
    session.desk.start(follow=False)
    assert session.desk.idle(10)


def row(session: Session, position: int) -> Row:
    with session.desk.shown.lock:
        found = session.desk.shown.view.row(position)
    assert found is not None
    return found


def content(session: Session, name: str) -> bytes:
    return (session.incident.store.folder / "evidence" / name).read_bytes()


def told(session: Session, label: str = "E1") -> dict[str, Any]:
    found: dict[str, Any] = json.loads(content(session, f"{label}.json"))
    return found


def test_what_is_captured_is_told_on_the_bus_and_is_in_the_incident(session: Session, tmp_path: Path) -> None:
    heard: list[Event] = []
    session.bus.subscribe(EvidenceCaptured, heard.append)
    opened(session, tmp_path / "app.log", "2026-11-23T10:00:00Z ERROR boom\n")
    done = capture(session, [row(session, 0)], title="the first")
    assert [each.title for each in session.incident.evidence()] == ["the first"]
    assert heard == [EvidenceCaptured(done.evidence.id)]


def test_before_and_after_are_as_wide_as_asked_for(session: Session, tmp_path: Path) -> None:
    opened(session, tmp_path / "app.log", "".join(f"2026-11-23T10:00:{nth:02d}Z INFO {nth}\n" for nth in range(60)))
    done = capture(session, [row(session, 30)], before=10_000_000, after=2_000_000)
    assert done.window == 13
    assert content(session, "E1.window.log").startswith(b"2026-11-23T10:00:20Z")
    assert told(session)["around"]["before_seconds"] == 10


def test_a_trace_that_took_too_long_says_that_it_may_have_more(session: Session, tmp_path: Path) -> None:
    text = "".join(f"2026-11-23T10:00:00Z INFO {nth} request_id=req-12345678\n" for nth in range(200_000))
    opened(session, tmp_path / "app.log", text)
    done = capture(session, [row(session, 0)], patience=0.0)
    assert "the trace may have more records: not everything was looked at" in done.remarks
    assert told(session)["trace"]["complete"] is False


def test_a_log_without_times_has_a_window_of_the_records_nearest(session: Session, tmp_path: Path) -> None:
    opened(session, tmp_path / "app.log", "".join(f"line {nth}\n" for nth in range(10_000)))
    done = capture(session, [row(session, 5000)])
    assert done.window == 2001
    lines = content(session, "E1.window.log").splitlines()
    assert (lines[0], lines[-1]) == (b"line 4000", b"line 6000")
    assert told(session)["at"] is None


def test_more_than_a_part_holds_is_cut_and_said(
    session: Session, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("cockpit.capture._MOST", 1000)
    opened(session, tmp_path / "app.log", "".join(f"2026-11-23T10:00:00Z INFO {nth:04d}\n" for nth in range(100)))
    done = capture(session, [row(session, nth) for nth in range(100)])
    assert len(content(session, "E1.log")) == 1000
    assert told(session)["records"]["count"] == 100
    assert done.remarks == (
        "68 records of the window were left out, for it would be too large",
        "2 100 bytes of the records were not kept, for they are too many",
    )


def test_records_of_several_files_whose_last_line_is_unfinished_stay_apart(session: Session, tmp_path: Path) -> None:
    (tmp_path / "b.log").write_text("2026-11-23T10:00:01Z INFO b request_id=req-12345678\n")
    (tmp_path / "a.log").write_text("2026-11-23T10:00:00Z INFO a request_id=req-12345678")
    session.open_sources([str(tmp_path)])
    done = capture(session, [row(session, 0), row(session, 1)])
    assert (done.records, done.trace) == (2, 2)
    for name in ("E1.log", "E1.window.log", "E1.trace.log"):
        assert len(content(session, name).splitlines()) == 2


def test_nothing_is_no_evidence(session: Session) -> None:
    with pytest.raises(IncidentError, match="no record here"):
        capture(session, [])
    assert session.incident.evidence() == []


def test_an_incident_open_for_reading_keeps_nothing(tmp_path: Path) -> None:
    made = Incident.create(tmp_path / "incidents", "x", FrozenClock(NOW), "ana@web-1")
    reading = Incident.open(made.folder, FrozenClock(NOW), "ben@web-2", read_only=True)
    session = Session(reading, Config(), FrozenClock(NOW))
    opened(session, tmp_path / "app.log", "2026-11-23T10:00:00Z ERROR boom\n")
    with pytest.raises(IncidentError, match="read-only"):
        capture(session, [row(session, 0)])
    session.close()
