"""The spool: what came is what is there, byte for byte; bounded; a full disk is told and harms nobody."""

from __future__ import annotations

import os
import resource
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cockpit.bus import Bus
from cockpit.clock import SystemClock
from cockpit.logs.desk import LogDesk
from cockpit.logs.feeds.spool import Spool
from cockpit.logs.source import Source
from cockpit.watch import Watcher
from tests.support.logging import numbered, shown_numbers
from tests.support.waiting import until

ODD = [b"\n", b"line\n", b"x" * 150, b"a\nb\nc", b"half", b"\r\n\x00"]
PIECES = st.lists(st.one_of(st.binary(max_size=40), st.sampled_from(ODD)), max_size=60)


def kept(folder: Path) -> bytes:
    """All bytes of a spool's segments, oldest first."""
    older = sorted(folder.glob("app.*.log"), key=lambda path: int(path.name.split(".")[1]))
    return b"".join(path.read_bytes() for path in (*older, folder / "app.log"))


@settings(max_examples=150, deadline=None)
@given(pieces=PIECES)
def test_whatever_the_pieces_the_spool_holds_what_came(
    tmp_path_factory: pytest.TempPathFactory, pieces: list[bytes]
) -> None:
    folder = tmp_path_factory.mktemp("spool")
    spool = Spool(folder / "app.log", cap=1 << 20)
    for piece in pieces:
        spool.write(piece)
    assert kept(folder) == b"".join(pieces)
    assert (spool.size, spool.dropped) == (len(b"".join(pieces)), 0)
    spool.close(keep=False)
    assert list(folder.iterdir()) == []


@settings(max_examples=150, deadline=None)
@given(pieces=PIECES)
def test_a_full_spool_holds_the_newest_bytes_and_counts_the_rest(
    tmp_path_factory: pytest.TempPathFactory, pieces: list[bytes]
) -> None:
    folder = tmp_path_factory.mktemp("spool")
    spool = Spool(folder / "app.log", cap=160)
    for piece in pieces:
        spool.write(piece)
        assert spool.size <= 160 + 20  # a line that does not end may fill one segment more
    came = b"".join(pieces)
    held = kept(folder)
    assert came.endswith(held)
    assert (spool.size, spool.removed, spool.refused) == (len(held), len(came) - len(held), 0)
    spool.close(keep=True)


def test_segments_end_where_lines_end(tmp_path: Path) -> None:
    spool = Spool(tmp_path / "app.log", cap=8000)
    for number in range(60):
        spool.write(numbered(number).encode())
    spool.close(keep=True)
    segments = sorted(tmp_path.glob("app.*.log"))
    assert len(segments) > 2
    assert all(path.read_bytes().endswith(b"\n") for path in segments)


def test_the_follower_sees_an_ordinary_rotation_and_no_line_twice(tmp_path: Path) -> None:
    spool = Spool(tmp_path / "app.log", cap=8 * 16 * 1024)
    watcher = Watcher(0.05)
    desk = LogDesk(Bus(), watcher, SystemClock())
    desk.add(spool.path, "app")
    desk.start()
    for start in range(0, 1800, 150):
        spool.write("".join(numbered(number) for number in range(start, start + 150)).encode())
        assert until(lambda start=start: desk.shown.view.count == start + 150)  # type: ignore[misc]
    assert shown_numbers(desk) == list(range(1800))
    assert len(desk.sources[0].files) > 4
    desk.close()
    watcher.close()
    spool.close(keep=False)


def test_what_the_cap_removed_is_said_to_be_gone_and_is_not_held_open(tmp_path: Path) -> None:
    spool = Spool(tmp_path / "app.log", cap=8000)
    source = Source(spool.path, "app", SystemClock())
    source.open()
    for number in range(1000):
        spool.write(numbered(number).encode())
        while source.step():
            pass
    gone = [file for file in source.files if file.gone]
    assert len(gone) == len(source.files) - 8
    assert all("oldest lines" in file.gone for file in gone)
    held = [os.path.realpath(f"/dev/fd/{number}") for number in os.listdir("/dev/fd")]
    assert len([path for path in held if path.startswith(str(tmp_path))]) == 8 + 1  # and the spool's own
    source.close()
    spool.close(keep=False)


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A disk of 256 kB."""
    folder = tmp_path / "disk"
    folder.mkdir()
    done = subprocess.run(["mount", "-t", "tmpfs", "-o", "size=256k", "none", str(folder)], capture_output=True)
    if done.returncode:
        pytest.skip("no disk can be mounted here")
    yield folder
    subprocess.run(["umount", "-l", str(folder)], check=True)


def test_a_full_disk_is_told_and_the_spool_goes_on_when_there_is_room(small_disk: Path) -> None:
    (small_disk / "other").write_bytes(b"x" * 200_000)
    spool = Spool(small_disk / "app.log")
    number = 0
    while not spool.refused:
        spool.write(numbered(number).encode())
        number += 1
    assert "disk of the spool is full" in spool.note
    refused_from = number - 1
    (small_disk / "other").unlink()
    for later in range(number, number + 20):
        spool.write(numbered(later).encode())
    assert spool.trouble == ""
    assert "were not kept while the disk was full" in spool.note
    lines = (small_disk / "app.log").read_text().splitlines()
    whole = [line for line in lines if line.endswith("handled")]
    assert [int(line.split()[-2]) for line in whole] == [*range(refused_from), *range(number, number + 20)]
    assert len(lines) - len(whole) <= 1  # the line that was cut short stands by itself


def test_on_a_full_disk_the_oldest_part_makes_room(small_disk: Path) -> None:
    spool = Spool(small_disk / "app.log", cap=400_000)
    for number in range(10_000):
        spool.write(numbered(number).encode())
    assert spool.refused == 0
    assert spool.removed > 0
    assert kept(small_disk).decode().endswith(numbered(9_999))


def test_a_limit_on_the_size_of_files_is_a_full_disk_too(tmp_path: Path) -> None:
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    spool = Spool(tmp_path / "app.log")
    resource.setrlimit(resource.RLIMIT_FSIZE, (1000, hard))
    try:
        spool.write(b"x" * 999 + b"\nnext\n")
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
    assert (spool.size, spool.refused) == (1000, 5)
    assert "full" in spool.note


def test_a_spool_whose_file_was_removed_by_somebody_goes_on(tmp_path: Path) -> None:
    spool = Spool(tmp_path / "app.log", cap=800)
    spool.write(b"a" * 90 + b"\n")
    os.unlink(spool.path)
    for number in range(10):
        spool.write(numbered(number).encode())
    assert spool.path.exists()
