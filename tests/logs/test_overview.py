"""The counts for the scroll bar, held against a plain count of the rows of each cell."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from cockpit.bus import Bus
from cockpit.clock import SystemClock
from cockpit.events import OverviewCounted
from cockpit.logs.desk import LogDesk
from cockpit.logs.levels import Level
from cockpit.logs.places import compile_pattern
from cockpit.logs.search import Filter
from cockpit.logs.selection import Section, spans
from cockpit.logs.view import Row
from cockpit.watch import Watcher
from tests.support.waiting import until


def lines(first: int, stop: int) -> str:
    return "".join(
        f"2025-11-24 16:{n // 60 % 60:02d}:{n % 60:02d}.000 {('INFO', 'INFO', 'ERROR')[n % 3]} line {n}\n"
        for n in range(first, stop)
    )


def plainly(desk: LogDesk, cells: int) -> tuple[list[int], list[int], list[int]]:
    hits, errors, marks = [0] * cells, [0] * cells, [0] * cells
    view = desk.shown.view
    edges = [max(view.count, cells) * cell // cells for cell in range(cells + 1)]
    for cell in range(cells):
        for position in range(edges[cell], min(edges[cell + 1], view.count)):
            row = view.row(position)
            assert isinstance(row, Row)
            found = desk.shown.hits is not None and desk.shown.hits.place_of(row) is not None
            hits[cell] += found
            errors[cell] += row.level >= Level.ERROR
            marks[cell] += desk.shown.marks.holds(row.file, row.number)
    return hits, errors, marks


def counted(desk: LogDesk, cells: int) -> tuple[list[int], list[int], list[int]]:
    desk.overview.ask(cells)
    assert desk.idle(10)
    found = desk.overview.found
    assert found is not None
    return found.hits.tolist(), found.errors.tolist(), found.marks.tolist()


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None, max_examples=40)
@given(
    sizes=st.lists(st.integers(0, 90), min_size=1, max_size=3),
    cells=st.integers(1, 40),
    level=st.sampled_from([Level.NONE, Level.ERROR]),
    context=st.sampled_from([0, 2]),
    sought=st.sampled_from([None, "line 1", "7"]),
    marked=st.lists(st.tuples(st.integers(0, 90), st.integers(1, 9)), max_size=3),
)
def test_each_cell_counts_the_rows_it_stands_for(
    tmp_path_factory: pytest.TempPathFactory,
    sizes: list[int],
    cells: int,
    level: Level,
    context: int,
    sought: str | None,
    marked: list[tuple[int, int]],
) -> None:
    folder = tmp_path_factory.mktemp("overview")
    watcher = Watcher(5.0)
    desk = LogDesk(Bus(), watcher, SystemClock())
    for nth, size in enumerate(sizes):
        (folder / f"{nth}.log").write_text(lines(0, size))
        desk.add(folder / f"{nth}.log", f"{nth}.log")
    desk.shown.filter(Filter(level, context=context))
    desk.shown.search(compile_pattern(sought) if sought else None)
    assert desk.idle(10)
    for first, length in marked:
        stop = min(first + length, desk.shown.view.count)
        if first < stop:
            desk.shown.marks.toggle(spans(Section(desk.shown.view, first, stop).ends()))
    assert counted(desk, cells) == plainly(desk, cells)
    watcher.close()
    desk.close()


def test_it_follows_what_is_appended_and_is_told_only_of_what_changed(desk: LogDesk, tmp_path: Path) -> None:
    told: list[object] = []
    desk._bus.subscribe(OverviewCounted, told.append)
    path = tmp_path / "app.log"
    path.write_text(lines(0, 3000))
    desk.add(path, "app.log")
    desk.start()
    assert counted(desk, 20) == plainly(desk, 20)
    counted(desk, 20)
    assert len(told) == 1
    with path.open("a") as file:
        file.write(lines(3000, 3002))
    assert until(lambda: desk.shown.view.count == 3002)
    _, errors, _ = counted(desk, 20)
    assert len(told) == 2
    assert sum(errors) == 1000
    assert errors[:-1] == [50] * 19
    with path.open("a") as file:
        file.write(lines(3002, 9000))
    assert until(lambda: desk.shown.view.count == 9000)
    assert counted(desk, 20) == plainly(desk, 20)
