"""Marks on records, held against a plain set while files grow from both ends, and are rotated and read anew."""

from __future__ import annotations

import gc
import os
import shutil
import threading
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from cockpit.clock import FrozenClock
from cockpit.logs import file as log_file
from cockpit.logs.file import LogFile
from cockpit.logs.levels import Level
from cockpit.logs.marks import Marks, follow, marked_in
from cockpit.logs.search import Filter
from cockpit.logs.selection import Section, spans
from cockpit.logs.source import Source
from cockpit.logs.view import View
from tests.support.screen import NOW

START = 1_764_000_000_000_000


def lines(first: int, stop: int, of: int = 0) -> str:
    return "".join(
        f"2025-11-24 16:{n // 60:02d}:{n % 60:02d}.000 {('INFO', 'ERROR')[n % 2]} line {n}-{of}\n"
        for n in range(first, stop)
    )


def texts(view: View) -> list[bytes]:
    return [row.file.read(row.number) for at in range(view.count) if (row := view.row(at)) is not None]


def marked_texts(view: View, marks: Marks) -> list[bytes]:
    shown = marked_in(view, marks)
    shown.look(lambda: False, threading.Lock(), lambda: None)
    found = texts(shown)
    held = [row for at in range(view.count) if (row := view.row(at)) is not None and marks.holds(row.file, row.number)]
    assert [row.file.read(row.number) for row in held] == found
    return found


def toggled(marks: Marks, view: View, first: int, stop: int) -> bool:
    return marks.toggle(spans(Section(view, first, stop).ends()))


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None, max_examples=80)
@given(
    sizes=st.lists(st.integers(1, 30), min_size=1, max_size=3),
    toggles=st.lists(st.tuples(st.booleans(), st.integers(0, 60), st.integers(1, 20)), min_size=1, max_size=6),
)
def test_a_stretch_is_marked_or_where_it_is_unmarked_and_the_same_in_every_view(
    tmp_path_factory: pytest.TempPathFactory, sizes: list[int], toggles: list[tuple[bool, int, int]]
) -> None:
    folder = tmp_path_factory.mktemp("marks")
    files = []
    for nth, size in enumerate(sizes):
        (folder / f"{nth}.log").write_text(lines(0, size, nth))
        files.append(LogFile(folder / f"{nth}.log", START))
    everything, errors = View(files, Filter()), View(files, Filter(Level.ERROR))
    marks, expected = Marks(), set[bytes]()
    for among_errors, first, length in toggles:
        view = errors if among_errors else everything
        stop = min(view.count, first + length)
        if first >= stop:
            continue
        chosen = set(texts(view)[first:stop])
        adding = not chosen <= expected
        assert toggled(marks, view, first, stop) == adding
        expected = expected | chosen if adding else expected - chosen
        assert marks.count == len(expected)
        for each in (everything, errors):
            assert marked_texts(each, marks) == [text for text in texts(each) if text in expected]
    for file in files:
        file.close()


def test_marks_stand_while_the_file_grows_from_both_ends(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(log_file, "TAIL", 400)
    monkeypatch.setattr(log_file, "_BLOCK", 400)
    path = tmp_path / "app.log"
    path.write_text(lines(0, 60))
    file = LogFile(path, START)
    view, marks = View([file], Filter()), Marks()
    before = texts(view)
    toggled(marks, view, 0, 1)
    toggled(marks, view, view.count - 1, view.count)
    found = marked_in(view, marks)
    while file.index_earlier():
        pass
    with path.open("a") as log:
        log.write(lines(60, 70))
    while file.grow():
        pass
    view.extend()
    follow(found, marks)
    found.look(lambda: False, threading.Lock(), lambda: None)
    assert view.count == 70
    assert texts(found) == [before[0], before[-1]] == marked_texts(view, marks)
    file.close()


def test_a_file_read_anew_keeps_the_marks_of_its_bytes(tmp_path: Path) -> None:
    path = tmp_path / "app.log"
    path.write_text("one\ntwo\n")
    file = LogFile(path, START)
    view, marks = View([file], Filter()), Marks()
    toggled(marks, view, 1, 2)
    index = file.index
    with path.open("a") as log:
        log.write(lines(0, 40))
    while file.grow():
        pass
    view.extend()
    assert file.index is not index
    assert [text.split(b"\n")[-2] for text in marked_texts(view, marks)] == [b"two"]
    toggled(marks, view, 0, view.count)
    toggled(marks, view, 0, view.count)
    assert marks.count == 0
    file.close()


@pytest.mark.parametrize("how", ["copied", "truncated", "renamed"])
def test_a_rotated_file_keeps_its_marks_and_the_new_one_has_none(tmp_path: Path, how: str) -> None:
    path = tmp_path / "app.log"
    path.write_text(lines(0, 20))
    source = Source(path, "app.log", FrozenClock(NOW))
    source.open()
    marks = Marks()
    toggled(marks, View(source.files, Filter()), 3, 5)
    if how == "renamed":
        os.rename(path, tmp_path / "app.log.1")
        path.write_text(lines(20, 45))
    else:
        if how == "copied":
            shutil.copy(path, tmp_path / "app.log.1")
        with path.open("r+") as log:
            log.truncate()
            log.write(lines(20, 45))
    while source.step():
        pass
    view = View(source.files, Filter())
    view.look(lambda: False, threading.Lock(), lambda: None)
    assert view.count == 45
    assert marked_texts(view, marks) == [line.encode() for line in lines(3, 5).splitlines(keepends=True)]
    source.close()


def test_marks_go_with_their_file(tmp_path: Path) -> None:
    path = tmp_path / "app.log"
    path.write_text(lines(0, 20))
    marks = Marks()
    file = LogFile(path, START)
    toggled(marks, View([file], Filter()), 0, 20)
    assert marks.count == 20
    file.close()
    del file
    gc.collect()
    assert marks.count == 0
