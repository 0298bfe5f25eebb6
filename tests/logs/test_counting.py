"""What the timeline counts: all records, or those that the filter keeps, while files grow and are looked at."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from cockpit.bus import Bus
from cockpit.clock import SECOND, SystemClock
from cockpit.logs import index
from cockpit.logs.desk import LogDesk
from cockpit.logs.levels import Level
from cockpit.logs.places import compile_pattern
from cockpit.logs.search import Filter
from cockpit.watch import Watcher
from tests.support.logging import EPOCH, numbered

START = EPOCH * SECOND
LEVELS = ("INFO", "INFO", "WARN", "ERROR")


@pytest.fixture
def desk() -> Iterator[LogDesk]:
    desk = LogDesk(Bus(), Watcher(0.2), SystemClock())
    yield desk
    desk.close()


def counted(desk: LogDesk) -> tuple[list[int], list[int], bool]:
    desk.count_over(START, START + 9 * SECOND, 10)
    assert desk.idle(5.0)
    assert desk.counts is not None
    return desk.counts.lines.tolist(), desk.counts.errors.tolist(), desk.counts.filtered


def by_hand(numbers: list[int]) -> tuple[list[int], list[int]]:
    """Lines and errors per second of numbered lines, a hundred a second."""
    seconds = [number // 100 for number in numbers]
    errors = [number // 100 for number in numbers if LEVELS[number % 4] == "ERROR"]
    return [seconds.count(n) for n in range(10)], [errors.count(n) for n in range(10)]


def lines(first: int, stop: int) -> str:
    return "".join(numbered(number, LEVELS[number % 4]) for number in range(first, stop))


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None, max_examples=25)
@given(cuts=st.lists(st.integers(1, 999), max_size=5), close_at=st.sampled_from([40, 1 << 16]))
def test_the_counts_are_those_of_the_records_kept_however_the_file_grew(
    tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch, cuts: list[int], close_at: int
) -> None:
    monkeypatch.setattr(index, "CLOSE_AT", close_at)
    path = tmp_path_factory.mktemp("counts") / "app.log"
    path.touch()
    desk = LogDesk(Bus(), Watcher(60.0), SystemClock())
    desk.add(path, "app.log")
    written = 0
    filters = {
        Filter(): lambda n: True,
        Filter(Level.WARNING): lambda n: n % 4 >= 2,
        Filter(within=(compile_pattern("Request 1"),)): lambda n: str(n).startswith("1"),
        Filter(Level.ERROR, context=3): lambda n: n % 4 == 3,
    }
    for cut in [*sorted(cuts), 1000]:
        with path.open("a") as file:
            file.write(lines(written, cut))
        written = cut
        while desk.sources[0].step():
            desk.shown.extend()
        for wanted, kept in filters.items():
            desk.shown.filter(wanted)
            assert desk.shown.idle(5.0)
            expected = by_hand([n for n in range(written) if kept(n)])
            assert counted(desk) == (*expected, not wanted.everything)
            desk.shown.extend()
            assert counted(desk) == (*expected, not wanted.everything)
    desk.close()


def test_the_counts_of_a_filter_follow_what_is_appended(desk: LogDesk, tmp_path: Path) -> None:
    path = tmp_path / "app.log"
    path.write_text(lines(0, 400))
    desk.add(path, "app.log")
    desk.shown.filter(Filter(Level.ERROR))
    assert counted(desk) == (*by_hand([n for n in range(400) if n % 4 == 3]), True)
    with path.open("a") as file:
        file.write(lines(400, 900))
    while desk.sources[0].step():
        desk.shown.extend()
    assert counted(desk) == (*by_hand([n for n in range(900) if n % 4 == 3]), True)
    desk.shown.filter(Filter(sources=("app.log",)))
    assert counted(desk) == (*by_hand(list(range(900))), True)
    desk.shown.filter(Filter(sources=("other.log",)))
    assert counted(desk)[0] == [0] * 10
