"""How often a record's like was seen: counted whatever varies in it, and told honestly where not all was looked at."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from cockpit.clock import FrozenClock, from_rfc3339, to_rfc3339
from cockpit.config import Config
from cockpit.incident.store import Incident
from cockpit.occurrences import Seen, occurrences
from cockpit.session import Session

NOW = from_rfc3339("2026-11-23T10:42:17Z")


@pytest.fixture
def session(tmp_path: Path) -> Iterator[Session]:
    incident = Incident.create(tmp_path / "incidents", "Checkout 500s", FrozenClock(NOW), "ana@web-1")
    session = Session(incident, Config(), FrozenClock(NOW))
    yield session
    session.close()


def seen(session: Session, *paths: Path, position: int = -1, patience: float = 30.0) -> Seen | None:
    """What is like the last record of these files, or the one at a position."""
    session.open_sources([str(path) for path in paths])
    session.desk.start(follow=False)
    assert session.desk.idle(10)
    view = session.desk.shown.view
    row = view.row(view.count - 1 if position < 0 else position)
    assert row is not None
    return occurrences(session.desk.sources.files(), row, patience)


def line(second: int, text: str) -> str:
    return f"{to_rfc3339(NOW - 3_600_000_000 + second * 1_000_000)} {text}\n"


def test_records_of_one_message_and_level_are_counted_in_all_files(session: Session, tmp_path: Path) -> None:
    one, other = tmp_path / "a.log", tmp_path / "b.log"
    one.write_text(
        line(1, "ERROR cart 17 of 'ana' failed")
        + line(2, "INFO cart 18 of 'ben' failed")
        + line(3, "ERROR cart 19 of 'ben' failed twice")
    )
    other.write_text(line(0, "ERROR cart 1 of 'eve' failed") + line(4, "ERROR cart 2 of 'cho' failed"))
    found = seen(session, one, other)
    assert found is not None
    assert (found.signature.template, found.count) == ("cart <*> of <*> failed", 3)
    assert (found.about, found.looked_back_to) == (False, None)
    assert (found.first, found.last) == (NOW - 3_600_000_000, NOW - 3_596_000_000)


@pytest.mark.parametrize(
    "form", ['{"ts": "%s", "level": "error", "msg": "no \\"sum\\" of cart %d for ana"}\n', "%s ERROR cart %d\n"]
)
def test_json_and_text_are_counted(session: Session, tmp_path: Path, form: str) -> None:
    path = tmp_path / "app.log"
    path.write_text("".join(form % (to_rfc3339(NOW + nth * 1_000_000), nth) for nth in range(50)))
    found = seen(session, path)
    assert found is not None
    assert (found.count, found.about) == (50, False)


@pytest.mark.parametrize(
    "message", ["unsupported operand type(s) for +: 7", "no (price", "c++ [* of 7", "a\\d+ 5 back"]
)
def test_words_are_searched_for_as_they_stand(session: Session, tmp_path: Path, message: str) -> None:
    path = tmp_path / "app.log"
    quiet = [line(nth // 50, f"INFO cart {nth} done") for nth in range(5000)]
    path.write_text("".join([line(0, f"ERROR {message}"), *quiet, line(101, f"ERROR {message}")]))
    found = seen(session, path)
    assert found is not None
    assert (found.count, found.about) == (2, False)


def test_very_many_are_counted_by_a_sample_and_said_to_be(session: Session, tmp_path: Path) -> None:
    path = tmp_path / "app.log"
    path.write_text("".join(line(nth // 50, f"ERROR cart {nth} failed") for nth in range(100_000)))
    found = seen(session, path)
    assert found is not None
    assert (found.count, found.about, found.looked_back_to) == (100_000, True, None)
    assert found.first == NOW - 3_600_000_000


def test_a_sample_that_finds_others_counts_their_share(session: Session, tmp_path: Path) -> None:
    path = tmp_path / "app.log"
    path.write_text(
        "".join(line(nth // 50, f"ERROR cart {nth} failed{' twice' if nth % 2 else ''}") for nth in range(20_001))
    )
    found = seen(session, path)
    assert found is not None
    assert found.about
    assert 7_000 < found.count < 13_000


def test_without_time_to_look_at_all_it_says_how_far_it_looked(session: Session, tmp_path: Path) -> None:
    path = tmp_path / "app.log"
    path.write_text("".join(line(nth // 50, f"ERROR cart {nth} failed") for nth in range(150_000)))
    found = seen(session, path, patience=0.0)
    assert found is not None
    assert found.looked_back_to is not None
    told = found.as_data()
    assert (told["complete"], told["first_seen"]) == (False, None)


def test_onset_and_rates_are_told(session: Session, tmp_path: Path) -> None:
    path = tmp_path / "app.log"
    quiet = [line(nth, f"INFO cart {nth} done") for nth in range(0, 1800)]
    loud = [line(nth, f"ERROR cart {nth} failed") for nth in range(1800, 2400)]
    path.write_text("".join([line(5, "ERROR cart 0 failed"), *quiet, *loud]))
    found = seen(session, path)
    assert found is not None
    told = found.as_data()["onset"]
    assert (told["how"], told["before"]["records"], told["after"]["records"]) == ("rose", 1, 600)
    assert told["at"] == to_rfc3339(NOW - 1_800_000_000)
    assert round(told["after"]["per_minute"]) == 60


def test_a_log_without_times_is_counted_without_them(session: Session, tmp_path: Path) -> None:
    path = tmp_path / "app.log"
    path.write_text("".join(f"cart {nth} failed\n" for nth in range(30)))
    found = seen(session, path)
    assert found is not None
    assert (found.count, found.first, found.last, found.onset) == (30, None, None, None)


def test_what_says_nothing_constant_is_not_counted(session: Session, tmp_path: Path) -> None:
    path = tmp_path / "app.log"
    path.write_text(line(0, "12345"))
    assert seen(session, path) is None
