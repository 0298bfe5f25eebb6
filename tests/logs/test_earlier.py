"""What stands before the tail of a log comes out the same, whoever reads it and in whatever pieces."""

from __future__ import annotations

import os
import random
import signal
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cockpit.logs import workers
from cockpit.logs.file import LogFile

REFERENCE = 1_764_000_000_000_000
TRACE = "Traceback (most recent call last):\n  File 'cart.py', line 3, in total\nTypeError: None"


def log_of(seed: int, records: int) -> bytes:
    chance = random.Random(seed)
    lines = ["a line that no record begins before\n"] * chance.randrange(3)
    for number in range(records):
        level = chance.choice(["INFO ", "ERROR ", "", "WARNING "])
        second, millisecond = divmod(number, 1000)
        lines.append(
            f"2025-11-24 16:{second // 60:02}:{second % 60:02},{millisecond:03} {level}shop request {number}\n"
        )
        if chance.random() < 0.2:
            lines.append(TRACE + "\n")
        if chance.random() < 0.02:
            lines.append("x" * chance.randrange(9000) + "\n")
    return "".join(lines).encode()


def facts_of(file: LogFile) -> list[object]:
    index = file.index
    numbers = range(index.first, index.stop)
    keys = [index.key_of(number) for number in numbers]
    return [
        [(index.span(number), index.facts(number)) for number in numbers],
        keys,
        index.orphans,
        [index.line_number(number) for number in numbers],
    ]


def indexed_in_one(path: Path) -> LogFile:
    file = LogFile(path, REFERENCE)
    while file.index_earlier():
        pass
    return file


@settings(max_examples=15, deadline=None)
@given(seed=st.integers(0, 10_000), size=st.integers(5000, 90_000))
def test_a_log_read_in_stretches_is_the_log_read_at_once(
    seed: int, size: int, tmp_path_factory: pytest.TempPathFactory
) -> None:
    path = tmp_path_factory.mktemp("logs") / "app.log"
    path.write_bytes(log_of(seed, 6000))
    file = LogFile(path, REFERENCE)
    for stop in range(file.index.start, 0, -size):
        found = file.stretch(max(0, stop - size), stop)
        assert found is not None
        assert file.join(found)
    assert not file.earlier
    assert facts_of(file) == facts_of(indexed_in_one(path))


def test_processes_find_what_a_thread_finds(tmp_path: Path) -> None:
    path = tmp_path / "app.log"
    path.write_bytes(log_of(7, 20_000))
    file = LogFile(path, REFERENCE)
    jobs = [(0, max(0, stop - 100_000), stop) for stop in range(file.index.start, 0, -100_000)]
    crew = workers.Workers([file], jobs, 2)
    assert all(of.join(found) for of, found in crew.stretches())
    crew.close()
    assert not file.earlier
    assert facts_of(file) == facts_of(indexed_in_one(path))


def test_a_thread_goes_on_where_a_process_dies(tmp_path: Path) -> None:
    path = tmp_path / "app.log"
    path.write_bytes(log_of(8, 60_000))
    file = LogFile(path, REFERENCE)
    jobs = [(0, max(0, stop - 50_000), stop) for stop in range(file.index.start, 0, -50_000)] * 40
    crew = workers.Workers([file], jobs, 2)
    found = crew.stretches()
    assert file.join(next(found)[1])
    os.kill(crew.pids[0], signal.SIGKILL)
    for _, stretch in found:
        if not file.join(stretch):
            break
    crew.close()
    while file.index_earlier():
        pass
    assert facts_of(file) == facts_of(indexed_in_one(path))


def test_a_file_that_shrinks_under_the_processes_stops_them(tmp_path: Path) -> None:
    path = tmp_path / "app.log"
    path.write_bytes(log_of(9, 60_000))
    file = LogFile(path, REFERENCE)
    os.truncate(path, 1000)
    crew = workers.Workers([file], [(0, 0, file.index.start)], 1)
    assert list(crew.stretches()) == []
    crew.close()


def test_no_process_works_on_a_small_file(tmp_path: Path) -> None:
    path = tmp_path / "app.log"
    path.write_bytes(log_of(1, 10_000))
    assert workers.begin([LogFile(path, REFERENCE)]) is None
