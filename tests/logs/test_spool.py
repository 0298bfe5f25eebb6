"""Spools: what comes in by a pipe is a file, byte for byte, up to a cap, and gone when it is not kept."""

from __future__ import annotations

import os
import random
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from cockpit.logs.spool import Spool
from tests.support.waiting import until

Pipe = tuple[int, int]


@pytest.fixture
def pipe() -> Iterator[Pipe]:
    """Both ends of a pipe: what is written into the second comes out of the first."""
    source, target = os.pipe()
    yield source, target
    for end in (target, source):
        os.close(end)


def end_of(target: int) -> None:
    """Let the reader of a pipe see its end; the number stays open, on nothing."""
    with open(os.devnull) as nothing:
        os.dup2(nothing.fileno(), target)


def test_every_byte_arrives_in_its_order(pipe: Pipe, tmp_path: Path) -> None:
    data = random.Random(3).randbytes(3_000_000)
    spool = Spool(pipe[0], tmp_path / "spool/stdin.log")
    sent = 0
    while sent < len(data):
        sent += os.write(pipe[1], data[sent : sent + 70_000])
    end_of(pipe[1])
    assert until(lambda: not spool.live)
    assert spool.path.read_bytes() == data
    assert (spool.size, spool.dropped, spool.failed) == (len(data), 0, "")
    spool.close(keep=True)


def test_a_line_is_there_as_soon_as_it_is_written(pipe: Pipe, tmp_path: Path) -> None:
    spool = Spool(pipe[0], tmp_path / "stdin.log")
    for count in range(1, 20):
        os.write(pipe[1], b"line\n")
        assert until(lambda count=count: spool.path.read_bytes() == b"line\n" * count)  # type: ignore[misc]
        assert spool.live
    spool.close(keep=False)


def test_what_comes_beyond_the_cap_is_counted_and_not_kept(pipe: Pipe, tmp_path: Path) -> None:
    spool = Spool(pipe[0], tmp_path / "stdin.log", cap=1000)
    for _ in range(3000):
        os.write(pipe[1], b"0123456789")
    assert until(lambda: spool.dropped == 29_000)
    assert spool.path.read_bytes() == b"0123456789" * 100
    assert (spool.size, spool.failed, spool.live) == (1000, "", True)
    spool.close(keep=False)


def test_a_full_disk_is_told_and_ends_the_spool(pipe: Pipe, tmp_path: Path) -> None:
    (tmp_path / "stdin.log").symlink_to("/dev/full")
    spool = Spool(pipe[0], tmp_path / "stdin.log")
    os.write(pipe[1], b"line\n")
    assert until(lambda: not spool.live)
    assert (spool.failed, spool.size) == ("No space left on device", 0)
    spool.close(keep=False)
    assert not (tmp_path / "stdin.log").is_symlink()
    assert Path("/dev/full").exists()


def test_a_source_that_cannot_be_read_is_told(tmp_path: Path) -> None:
    folder = os.open(tmp_path, os.O_RDONLY)
    spool = Spool(folder, tmp_path / "stdin.log")
    assert until(lambda: not spool.live)
    assert spool.failed == "Is a directory"
    spool.close(keep=False)
    os.close(folder)


def test_an_end_without_a_byte_is_an_empty_file(pipe: Pipe, tmp_path: Path) -> None:
    spool = Spool(pipe[0], tmp_path / "stdin.log")
    end_of(pipe[1])
    assert until(lambda: not spool.live)
    assert (spool.path.read_bytes(), spool.failed) == (b"", "")
    spool.close(keep=False)


@pytest.mark.parametrize("keep", [True, False])
def test_at_the_end_it_is_removed_unless_it_is_to_be_kept(pipe: Pipe, tmp_path: Path, keep: bool) -> None:
    spool = Spool(pipe[0], tmp_path / "stdin.log")
    os.write(pipe[1], b"line\n")
    assert until(lambda: spool.size == 5)
    spool.close(keep=keep)
    spool.close(keep=keep)
    assert spool.path.exists() is keep
    assert not spool.live


def test_closing_does_not_wait_for_a_source_that_is_silent(pipe: Pipe, tmp_path: Path) -> None:
    spool = Spool(pipe[0], tmp_path / "stdin.log")
    started = time.monotonic()
    spool.close(keep=False)
    assert time.monotonic() - started < 1.0
    assert all(thread.daemon for thread in threading.enumerate() if thread.name == "spool")


def test_only_its_owner_may_read_it(pipe: Pipe, tmp_path: Path) -> None:
    spool = Spool(pipe[0], tmp_path / "incident/spool/stdin.log")
    assert spool.path.stat().st_mode & 0o777 == 0o600
    assert spool.path.parent.stat().st_mode & 0o777 == 0o700
    spool.close(keep=False)


def test_a_spool_that_cannot_be_made_raises(pipe: Pipe, tmp_path: Path) -> None:
    (tmp_path / "spool").write_text("a file where the folder should be")
    with pytest.raises(OSError, match=r"File exists|Not a directory"):
        Spool(pipe[0], tmp_path / "spool/stdin.log")
