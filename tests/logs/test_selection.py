"""What is selected, held against a plain list of records while rows come in and filters change."""

from __future__ import annotations

import threading
from itertools import islice
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from cockpit.logs import file as log_file
from cockpit.logs.export import write
from cockpit.logs.file import LogFile
from cockpit.logs.levels import Level
from cockpit.logs.places import compile_pattern
from cockpit.logs.search import Filter
from cockpit.logs.selection import Selection
from cockpit.logs.view import Row, View

START = 1_764_000_000_000_000
LOCK = threading.RLock()
LEVELS = ("INFO", "WARN", "ERROR")
FILTERS = st.builds(
    Filter,
    st.sampled_from([Level.NONE, Level.WARNING, Level.ERROR]),
    st.lists(st.sampled_from(["cart", "pool"]).map(compile_pattern), max_size=1).map(tuple),
    context=st.sampled_from([0, 0, 1]),
)


def lines(numbers: list[int], of: int = 0) -> str:
    return "".join(
        f"2025-11-24 16:00:{number:02d}.000 {LEVELS[number % 3]} {('cart', 'pool')[number % 2]} line {number}-{of}\n"
        for number in numbers
    )


def looked(files: list[LogFile], wanted: Filter) -> View:
    view = View(files, wanted)
    view.look(lambda: False, LOCK, lambda: None)
    return view


def shown(view: View) -> list[bytes]:
    return [row.file.read(row.number) for at in range(view.count) if (row := view.row(at)) is not None]


def selected(selection: Selection, view: View) -> list[bytes]:
    selection.settle(view, LOCK)
    section = selection.section(view)
    assert section is not None
    assert not selection.pending
    rows = list(islice(section.rows(LOCK), section.view.count + 1))
    found = [row.file.read(row.number) for row in rows]
    assert section.count == len(found)
    held = [row for at in range(view.count) if (row := view.row(at)) is not None and section.holds(row)]
    assert [row.file.read(row.number) for row in held] == found
    return found


def row_at(view: View, position: int) -> Row:
    row = view.row(position)
    assert row is not None
    return row


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None, max_examples=80)
@given(
    sizes=st.lists(st.integers(1, 40), min_size=1, max_size=3),
    wanted=st.lists(FILTERS, min_size=2, max_size=4),
    ends=st.tuples(st.floats(0, 1), st.floats(0, 1)),
)
def test_another_filter_selects_what_both_show(
    tmp_path_factory: pytest.TempPathFactory, sizes: list[int], wanted: list[Filter], ends: tuple[float, float]
) -> None:
    folder = tmp_path_factory.mktemp("selection")
    files = []
    for nth, size in enumerate(sizes):
        (folder / f"{nth}.log").write_text(lines(list(range(size)), nth))
        files.append(LogFile(folder / f"{nth}.log", START))
    view = looked(files, wanted[0])
    if view.count:
        one, other = (round(end * (view.count - 1)) for end in ends)
        selection = Selection()
        selection.begin(view, row_at(view, one))
        selection.extend(view, row_at(view, other))
        expected = shown(view)[min(one, other) : max(one, other) + 1]
        assert selected(selection, view) == expected
        for each in wanted[1:]:
            now = looked(files, each)
            assert selected(selection, now) == [record for record in shown(now) if record in expected]
        assert selected(selection, view) == expected
    for file in files:
        file.close()


def test_rows_that_come_in_above_and_at_the_end_change_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(log_file, "TAIL", 400)
    monkeypatch.setattr(log_file, "_BLOCK", 400)
    path = tmp_path / "app.log"
    path.write_text(lines(list(range(50))))
    file = LogFile(path, START)
    view = View([file], Filter())
    before = shown(view)
    assert len(before) < 50
    selection = Selection()
    selection.begin(view, row_at(view, view.count - 1))
    selection.extend(view, row_at(view, view.count - 3))
    assert selected(selection, view) == before[-3:]
    reading = selection.section(view).rows(LOCK)  # type: ignore[union-attr]
    while file.index_earlier():
        pass
    with path.open("a") as log:
        log.write(lines([50, 51]))
    while file.grow():
        pass
    view.extend()
    assert view.count == 52
    assert selected(selection, view) == before[-3:]
    assert [row.file.read(row.number) for row in reading] == before[-3:]
    assert write(selection.section(view).rows(LOCK), tmp_path / "three.log") == 3  # type: ignore[union-attr]
    assert (tmp_path / "three.log").read_bytes() == b"".join(before[-3:])
    file.close()


def test_what_is_read_anew_is_no_longer_selected(tmp_path: Path) -> None:
    path = tmp_path / "app.log"
    path.write_text("a\n")
    file = LogFile(path, START)
    view = View([file], Filter())
    selection = Selection()
    selection.begin(view, row_at(view, 0))
    with path.open("a") as log:
        log.write(lines(list(range(20))))
    while file.grow():
        pass
    view.extend()
    assert selection.section(view) is None
    assert not selection.active
    file.close()
