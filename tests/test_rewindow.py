"""A window taken anew after the capture: wider, narrower, and when what stood there is gone."""

from __future__ import annotations

import json
import os
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from cockpit.capture import capture
from cockpit.clock import MINUTE, SECOND, FrozenClock, from_rfc3339, to_rfc3339
from cockpit.config import Config
from cockpit.incident.evidence import Evidence
from cockpit.incident.keeping import Verdict, verify
from cockpit.incident.show import as_dict
from cockpit.incident.store import Incident, IncidentError
from cockpit.rewindow import next_width, rewindow, sources_of, width_of
from cockpit.session import Session

NOW = from_rfc3339("2026-11-23T10:42:17Z")
START = from_rfc3339("2026-11-23T10:00:00Z")
LINES = [f"{to_rfc3339(START + nth * MINUTE)} INFO tick {nth}\n" for nth in range(40)]


@pytest.fixture
def session(tmp_path: Path) -> Iterator[Session]:
    incident = Incident.create(tmp_path / "incidents", "Checkout 500s", FrozenClock(NOW), "ana@web-1")
    session = on(incident)
    yield session
    session.close()


def on(incident: Incident) -> Session:
    return Session(incident, Config(), FrozenClock(NOW))


def captured(session: Session, path: Path, lines: list[str] = LINES, at: int = 20) -> Evidence:
    """What stands in a line of a log is captured with two minutes around it."""
    path.write_text("".join(lines))
    opened(session, path)
    row = session.desk.shown.view.row(at)
    assert row is not None
    return capture(session, [row], before=2 * MINUTE, after=2 * MINUTE).evidence


def opened(session: Session, path: Path) -> None:
    session.open_sources([str(path)])
    session.desk.start(follow=False)
    assert session.desk.idle(10)


def item(session: Session) -> Evidence:
    return session.incident.evidence()[0]


def folder(session: Session) -> Path:
    return session.incident.store.folder / "evidence"


def window(session: Session) -> Path:
    """The window of the first item as it is now."""
    return folder(session) / next(part.file for part in item(session).parts if part.name == "window")


def told(session: Session, name: str) -> dict[str, Any]:
    found: dict[str, Any] = json.loads((folder(session) / name).read_text())
    return found


def test_a_wider_window_is_kept_beside_the_one_before_and_told_in_the_journal(session: Session, tmp_path: Path) -> None:
    captured(session, tmp_path / "app.log")
    done = rewindow(session, item(session), 5 * MINUTE)
    assert done.sentence() == "E1: window of 11 records, 5 min before and after"
    assert window(session).read_text() == "".join(LINES[15:26])
    assert (folder(session) / "E1.window.log").read_text() == "".join(LINES[18:23])
    now = item(session)
    assert now.window == (to_rfc3339(START + 15 * MINUTE), to_rfc3339(START + 25 * MINUTE))
    assert [part.name for part in now.parts] == ["record", "window", "of the window", "earlier window", "provenance"]
    assert re.fullmatch(r"E1\.window\.[0-9a-f]{8}\.log", now.parts[1].file)
    about = told(session, now.parts[2].file)
    assert about["replaces"]["sha256"] == next(part.sha256 for part in now.parts if part.file == "E1.window.log")
    assert verify(session.incident.store, now).verdict is Verdict.OK
    last = as_dict(session.incident.store)["timeline"][-1]
    assert (last["type"], last["title"]) == ("evidence.window", "E1: window taken anew, 5 min before and after")


def test_wider_then_narrower_then_undone(session: Session, tmp_path: Path) -> None:
    captured(session, tmp_path / "app.log")
    rewindow(session, item(session), 10 * MINUTE)
    done = rewindow(session, item(session), MINUTE)
    assert (done.records, width_of(session, item(session))) == (3, MINUTE)
    parts = item(session).parts
    names = ["record", "window", "of the window", "earlier window", "of the earlier window", "earlier window"]
    assert [part.name for part in parts] == [*names, "provenance"]
    assert len(list(folder(session).glob("E1.window.*"))) == 5
    (folder(session) / parts[3].file).write_bytes(b"touched")
    assert verify(session.incident.store, item(session)).parts == (parts[3].file,)
    session.incident.trials.undo()
    assert width_of(session, item(session)) == 10 * MINUTE
    session.incident.trials.undo()
    assert width_of(session, item(session)) == 2 * MINUTE
    assert [part.name for part in item(session).parts] == ["record", "window", "provenance"]


def test_what_was_rotated_away_is_told_and_stays_in_the_window_before(session: Session, tmp_path: Path) -> None:
    path = tmp_path / "app.log"
    captured(session, path)
    session.close()
    path.write_text("".join(LINES[22:]))
    later = on(session.incident.store)
    opened(later, path)
    done = rewindow(later, item(later), 3 * MINUTE)
    assert done.records == 2
    assert done.remarks == (
        "its record is no longer in the logs; it is in E1.log",
        "3 records of the window before are no longer in the logs; they are in E1.window.log",
    )
    assert (folder(later) / "E1.window.log").read_text() == "".join(LINES[18:23])
    later.close()


def test_where_nothing_is_left_nothing_changes(session: Session, tmp_path: Path) -> None:
    path = tmp_path / "app.log"
    captured(session, path)
    session.close()
    os.unlink(path)
    path.write_text(LINES[39])
    before = item(session)
    later = on(session.incident.store)
    opened(later, path)
    with pytest.raises(IncidentError, match="Nothing that stood around E1 is in the logs any more"):
        rewindow(later, item(later), MINUTE)
    assert item(later) == before
    assert not [
        each
        for each in folder(later).iterdir()
        if each.name.startswith((".", "E1.window.")) and each.name != "E1.window.log"
    ]
    later.close()


def test_its_log_must_be_open_and_have_times(session: Session, tmp_path: Path) -> None:
    captured(session, tmp_path / "app.log")
    other = on(session.incident.store)
    with pytest.raises(IncidentError, match=r"Open its log first: cockpit .*app\.log"):
        rewindow(other, item(session), MINUTE)
    other.close()
    untimed = on(session.incident.store)
    captured(untimed, tmp_path / "plain.log", ["one\n", "two\n"], 0)
    with pytest.raises(IncidentError, match="no time that a window could be around"):
        rewindow(untimed, untimed.incident.evidence()[1], MINUTE)
    untimed.close()


def test_another_log_that_is_not_open_is_named(session: Session, tmp_path: Path) -> None:
    (tmp_path / "b.log").write_text(LINES[20].replace("tick", "tock"))
    opened(session, tmp_path / "b.log")
    path = tmp_path / "app.log"
    captured(session, path, at=21)
    session.close()
    alone = on(session.incident.store)
    opened(alone, path)
    done = rewindow(alone, item(alone), 5 * MINUTE)
    assert done.remarks == ("b.log is not open here: what it had is in E1.window.log only",)
    alone.close()


def test_an_incident_open_for_reading_keeps_its_window(session: Session, tmp_path: Path) -> None:
    captured(session, tmp_path / "app.log")
    reading = Incident.open(session.incident.store.folder, FrozenClock(NOW), "ben@web-2", read_only=True)
    other = on(reading)
    opened(other, tmp_path / "app.log")
    with pytest.raises(IncidentError, match="read-only"):
        rewindow(other, item(other), MINUTE)
    other.close()


def test_a_full_disk_leaves_all_as_it_was(session: Session, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    import errno

    captured(session, tmp_path / "app.log")
    before = item(session)

    def full(fd: int) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr("cockpit.incident.keeping.os.fsync", full)
    with pytest.raises(IncidentError, match="No space left"):
        rewindow(session, item(session), 5 * MINUTE)
    monkeypatch.undo()
    session.incident.refresh()
    assert item(session) == before
    assert sorted(each.name for each in folder(session).iterdir()) == ["E1.json", "E1.log", "E1.window.log"]


def test_a_provenance_that_was_spoilt_is_a_sentence(session: Session, tmp_path: Path) -> None:
    captured(session, tmp_path / "app.log")
    (folder(session) / "E1.json").write_text("[]")
    with pytest.raises(IncidentError, match=r"E1\.json cannot be read"):
        rewindow(session, item(session), MINUTE)
    assert width_of(session, item(session)) == 0


@pytest.mark.parametrize(
    "spoilt", [{"around": 5}, {"record": []}, {"record": {"bytes": ["x"], "path": 7}}, {"window": 1}]
)
def test_a_provenance_of_another_shape_ends_in_a_sentence(
    session: Session, tmp_path: Path, spoilt: dict[str, Any]
) -> None:
    captured(session, tmp_path / "app.log")
    (folder(session) / "E1.json").write_text(json.dumps({**told(session, "E1.json"), **spoilt}))
    with pytest.raises(IncidentError):
        rewindow(session, item(session), MINUTE)
    assert isinstance(sources_of(session, item(session)), list)


def test_spoilt_sources_of_a_window_are_passed_over(session: Session, tmp_path: Path) -> None:
    captured(session, tmp_path / "app.log")
    about = told(session, "E1.json")
    for sources in (None, 5, [1, {"source": [], "records": "x"}]):
        around = {**about["around"], "sources": sources, "before_seconds": "120"}
        (folder(session) / "E1.json").write_text(json.dumps({**about, "around": around}))
        assert rewindow(session, item(session), 3 * MINUTE).records == 7


def test_widths_go_up_and_down_to_their_ends() -> None:
    assert (next_width(5 * MINUTE, 1), next_width(5 * MINUTE, -1)) == (10 * MINUTE, 2 * MINUTE)
    assert next_width(7 * MINUTE, 1) == 10 * MINUTE
    assert (next_width(6 * 60 * MINUTE, 1), next_width(10 * SECOND, -1)) == (None, None)
