"""The rows of several files, filtered and merged: held against a plain list of the same records."""

from __future__ import annotations

import re
import threading
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from cockpit.clock import to_datetime
from cockpit.logs import file as log_file
from cockpit.logs.file import LogFile
from cockpit.logs.levels import Level
from cockpit.logs.packed import PackedTimes
from cockpit.logs.places import compile_pattern, places
from cockpit.logs.search import Filter
from cockpit.logs.times import NONE
from cockpit.logs.view import Row, View

START = 1_764_000_000_000_000
WORDS = ("cart", "pool", "Sum", "[x]")
LEVELS = {"INFO": Level.INFO, "ERROR": Level.ERROR, "WARN": Level.WARNING}


@dataclass(frozen=True)
class Line:
    """What stands in a file, and what it should become."""

    at: int
    level: str
    word: str
    more: int

    def text(self, number: int) -> str:
        when = to_datetime(self.at)
        first = f"{when:%Y-%m-%d %H:%M:%S}.{when.microsecond // 1000:03d} {self.level} {self.word} line {number}\n"
        return first + "  at some frame\n" * self.more


LINES = st.builds(
    Line,
    st.integers(0, 5000).map(lambda ms: START + ms * 1000),
    st.sampled_from(list(LEVELS)),
    st.sampled_from(WORDS),
    st.sampled_from([0, 0, 0, 2]),
)
FILES = st.lists(st.lists(LINES, min_size=1, max_size=40), min_size=1, max_size=3)


def opened(folder: Path, files: list[list[Line]], shown: int) -> list[LogFile]:
    """The files, of which only the last bytes are indexed at first."""
    log_file.TAIL, log_file._BLOCK = shown, max(64, shown)
    found = []
    for position, lines in enumerate(files):
        path = folder / f"{position}.log"
        path.write_text("".join(line.text(number) for number, line in enumerate(lines)))
        found.append(LogFile(path, START))
    return found


def wanted_rows(files: list[list[Line]], wanted: Filter) -> list[tuple[int, int]]:
    """(file, line) of every row, as a plain sort gives them."""
    keyed = []
    for position, lines in enumerate(files):
        latest = 0
        for number, line in enumerate(lines):
            latest = max(latest, line.at)
            text = line.text(number)
            kept = LEVELS[line.level] >= wanted.level
            kept &= all(re.search(each.expression, text) for each in wanted.within)
            kept &= not any(re.search(each.expression, text) for each in wanted.without)
            if kept:
                keyed.append((latest, position, number))
    return [(position, number) for _, position, number in sorted(keyed)]


def with_context(files: list[list[Line]], rows: list[tuple[int, int]], reach: int) -> set[tuple[int, int]]:
    return {
        (position, at)
        for position, number in rows
        for at in range(max(0, number - reach), min(len(files[position]), number + reach + 1))
    }


def rows_of(view: View, files: list[LogFile]) -> list[tuple[int, int]]:
    found = []
    for position in range(view.count):
        row = view.row(position)
        assert row is not None
        text = row.file.read(row.number).decode()
        found.append((files.index(row.file), int(re.search(r"line (\d+)", text)[1])))  # type: ignore[index]
    return found


@pytest.fixture(autouse=True)
def _sizes_as_they_were() -> object:
    before = log_file.TAIL, log_file._BLOCK
    yield
    log_file.TAIL, log_file._BLOCK = before


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None, max_examples=60)
@given(
    files=FILES,
    shown=st.sampled_from([80, 400, 100_000]),
    level=st.sampled_from([Level.NONE, Level.WARNING, Level.ERROR]),
    within=st.lists(st.sampled_from(["cart", "o", "line 1", "cart|pool"]), max_size=2),
    without=st.lists(st.sampled_from(["pool", "Sum"]), max_size=1),
)
def test_rows_are_those_of_a_plain_sort(
    tmp_path_factory: pytest.TempPathFactory,
    files: list[list[Line]],
    shown: int,
    level: Level,
    within: list[str],
    without: list[str],
) -> None:
    opened_files = opened(tmp_path_factory.mktemp("view"), files, shown)
    wanted = Filter(level, tuple(map(compile_pattern, within)), tuple(map(compile_pattern, without)))
    view = View(opened_files, wanted)
    lock = threading.Lock()
    more = True
    while more:
        more = sum(file.index_earlier() for file in opened_files) > 0
        view.extend()
        view.look(lambda: False, lock, lambda: None)
    expected = wanted_rows(files, wanted)
    assert rows_of(view, opened_files) == expected
    errors = View(opened_files, wanted)
    errors.look(lambda: False, lock, lambda: None)
    for position in range(view.count):
        row = view.row(position)
        assert row is not None
        assert view.position_of(row.file, row.number) == position
        after = [at for at in range(position + 1, view.count) if (view.row(at) or row).level >= Level.ERROR]
        assert view.next_of_level(position, Level.ERROR, 1) == (after[0] if after else None)
    around = View(opened_files, replace(wanted, context=2))
    around.look(lambda: False, lock, lambda: None)
    assert set(rows_of(around, opened_files)) == (
        with_context(files, expected, 2) if not wanted.empty else set(expected)
    )
    if not wanted.empty:
        kept = [row for at in range(around.count) if (row := around.row(at)) is not None and row.match]
        assert len(kept) == len(expected)
    for file in opened_files:
        file.close()


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None, max_examples=40)
@given(lines=st.lists(LINES, min_size=2, max_size=60), cuts=st.lists(st.integers(1, 4000), max_size=6))
def test_a_file_that_grows_in_any_pieces_gives_the_rows_of_the_whole(
    tmp_path_factory: pytest.TempPathFactory, lines: list[Line], cuts: list[int]
) -> None:
    log_file.TAIL, log_file._BLOCK = 256 * 1024, 1 << 20
    folder = tmp_path_factory.mktemp("grow")
    whole = "".join(line.text(number) for number, line in enumerate(lines)).encode()
    path = folder / "grow.log"
    path.write_bytes(whole[:1])
    file = LogFile(path, START)
    wanted = Filter(Level.NONE, (compile_pattern("cart|frame"),))
    view, everything = View([file], wanted), View([file], Filter())
    for cut in [*sorted(cuts), len(whole)]:
        path.write_bytes(whole[: max(1, cut)])
        while file.grow():
            pass
        view.extend()
        everything.extend()
    fresh = LogFile(path, START)
    assert everything.count == View([fresh], Filter()).count
    assert [everything.row(at).number for at in range(everything.count)] == list(range(everything.count))  # type: ignore[union-attr]
    expected = View([fresh], wanted)
    expected.look(lambda: False, threading.Lock(), lambda: None)
    view.look(lambda: False, threading.Lock(), lambda: None)
    assert rows_of(view, [file]) == rows_of(expected, [fresh])
    assert sum(file.index.facts(at)[2] for at in range(everything.count)) == whole.count(b"\n")  # type: ignore[index]
    file.close()
    fresh.close()


@given(st.lists(st.integers(0, 2**52) | st.just(NONE), min_size=1), st.sampled_from([1, 1000, 1_000_000]))
def test_packed_times_are_what_they_were(times: list[int], unit: int) -> None:
    array = np.array([NONE if time == NONE else time // unit * unit for time in times], np.int64)
    packed = PackedTimes(array)
    assert packed.unpacked().tolist() == array.tolist()
    assert [packed.at(row) for row in range(len(array))] == array.tolist()


@given(st.lists(st.sampled_from([b"error", b"Error", b"er", b"ror", b" ", b"\n", b"x" * 50]), max_size=400))
def test_a_word_is_found_wherever_it_stands_however_often(pieces: list[bytes]) -> None:
    data = b"".join(pieces)
    for text in ("error", "Error", "ror|er", "e"):
        pattern = compile_pattern(text)
        found = sorted(set(places(data, pattern).tolist()))
        flags = re.IGNORECASE if pattern.fold else 0
        words = text.split("|")
        wanted = sorted({match.start() for word in words for match in re.finditer(word.encode(), data, flags)})
        assert found == wanted


@pytest.mark.parametrize("text", ["(a+)+$", "(x|xx)*y", "(?=look)", r"(a)\1", "[", "*", "ünï", "\\"])
def test_no_expression_can_hang_or_raise(text: str) -> None:
    data = b"a" * 5000 + b"!" + b"x" * 5000 + "ünï (?=look) [*\\".encode()
    places(data, compile_pattern(text))


def test_the_row_beside_is_found_in_a_view_that_does_not_show_it(tmp_path: Path) -> None:
    path = tmp_path / "a.log"
    path.write_text(
        "".join(Line(START + n * 1000, "INFO" if n % 10 else "ERROR", "cart", 0).text(n) for n in range(100))
    )
    file = LogFile(path, START)
    errors = View([file], Filter(Level.ERROR))
    everything = View([file], Filter())
    row = everything.row(15)
    assert row is not None
    assert (errors.beside(row, 1) or Row(file, -1, 0, Level.NONE)).number == 20
    assert (errors.beside(row, -1) or Row(file, -1, 0, Level.NONE)).number == 10
    assert everything.position_at(START + 50_500) == 51
