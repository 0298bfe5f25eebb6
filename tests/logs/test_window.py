"""The window around a record: all sources merged by time to the byte, and what is nearest where it is too much."""

from __future__ import annotations

import tempfile
from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st

from cockpit.clock import SECOND, from_rfc3339, to_datetime
from cockpit.logs.file import LogFile
from cockpit.logs.search import Filter
from cockpit.logs.view import View
from cockpit.logs.window import Window, window

START = from_rfc3339("2026-11-23T10:00:00Z")
ALL = 1 << 30

STEPS = st.lists(
    st.tuples(st.integers(0, 5), st.sampled_from(["INFO", "ERROR"]), st.booleans()), min_size=1, max_size=30
)


def written(folder: Path, name: str, steps: list[tuple[int, str, bool]], *, finished: bool = True) -> LogFile:
    """A file whose records stand so many seconds after each other, some with a second line."""
    at, text = START, ""
    for nth, (step, level, long) in enumerate(steps):
        at += step * SECOND
        text += f"{to_datetime(at):%Y-%m-%dT%H:%M:%S}Z {level} {name} {nth}\n" + ("    more\n" if long else "")
    path = folder / name
    path.write_text(text if finished else text.removesuffix("\n"))
    return LogFile(path, START)


def content(found: Window) -> bytes:
    return b"".join(found.pieces())


@given(st.lists(STEPS, min_size=1, max_size=3), st.integers(0, 60), st.integers(0, 60))
def test_a_window_is_what_a_view_of_that_time_shows_to_the_byte(
    many: list[list[tuple[int, str, bool]]], begin: int, length: int
) -> None:
    with tempfile.TemporaryDirectory() as folder:
        files = [written(Path(folder), f"log-{nth}", steps) for nth, steps in enumerate(many)]
        since, until = START + begin * SECOND, START + (begin + length) * SECOND
        found = window(files, since, until, (files[0], 0), ALL, None)
        view = View(files, Filter(since=since, until=until + 1))
        rows = [row for nth in range(view.count) if (row := view.row(nth)) is not None]
        if found.left_out == 0:
            assert content(found) == b"".join(row.file.read(row.number) for row in rows)
        assert found.count + found.left_out == len(rows)
        for file in files:
            file.close()


def test_what_is_too_much_is_left_out_from_the_ends_and_counted(tmp_path: Path) -> None:
    file = written(tmp_path, "app", [(1, "INFO", False)] * 100)
    size = len(file.read(50))
    found = window([file], 0, START * 2, (file, 50), 11 * size, None)
    numbers = [int(line.split()[-1]) for line in content(found).splitlines()]
    assert numbers == list(range(45, 56))
    assert found.left_out == 89
    assert [
        int(line.split()[-1]) for line in content(window([file], 0, START * 2, (file, 0), ALL, 10)).splitlines()
    ] == [*range(6)]


def test_a_record_that_alone_is_too_much_leaves_an_empty_window(tmp_path: Path) -> None:
    file = written(tmp_path, "app", [(1, "INFO", True)] * 3)
    found = window([file], 0, START * 2, (file, 1), 5, None)
    assert (found.count, found.left_out, content(found)) == (0, 3, b"")


def test_a_line_still_being_written_does_not_run_into_another_sources(tmp_path: Path) -> None:
    one = written(tmp_path, "one", [(0, "INFO", False)], finished=False)
    two = written(tmp_path, "two", [(1, "INFO", False)])
    found = window([one, two], START, START + 5 * SECOND, (one, 0), ALL, None)
    assert len(content(found).splitlines()) == 2


def test_errors_are_counted_before_and_from_a_time_on(tmp_path: Path) -> None:
    file = written(tmp_path, "app", [(1, "ERROR", False), (1, "INFO", False), (1, "ERROR", True), (1, "ERROR", False)])
    found = window([file], 0, START * 2, (file, 0), ALL, None)
    assert found.errors_around(START + 3 * SECOND) == (1, 2)


def test_no_files_and_no_records_are_an_empty_window(tmp_path: Path) -> None:
    file = written(tmp_path, "app", [(1, "INFO", False)])
    assert content(window([file], START * 2, START * 3, (file, 0), ALL, None)) == b""
