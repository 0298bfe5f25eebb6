"""Commands and standard input as feeds: every line, errors apart, started again, ended with all their children."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from cockpit.clock import SystemClock
from cockpit.logs.feeds.feed import BackOff, FeedState
from cockpit.logs.feeds.program import ProgramFeed
from cockpit.logs.feeds.recipe import Command
from cockpit.logs.feeds.standard_input import StandardInput
from tests.support.waiting import until

SOON = BackOff(first=0.05, most=0.2)
Running = Callable[[str], ProgramFeed]


@pytest.fixture
def running(tmp_path: Path) -> Iterator[Running]:
    """Starts commands as feeds, and closes them."""
    feeds: list[ProgramFeed] = []

    def run(command: str) -> ProgramFeed:
        feed = ProgramFeed(
            "it", tmp_path / "spool" / f"{len(feeds)}.log", Command(command), SystemClock(), 1 << 20, SOON
        )
        feed.start()
        feeds.append(feed)
        return feed

    yield run
    for feed in feeds:
        feed.close(keep=False)


def is_running(pid: int) -> bool:
    """Whether a process runs; one that ended and was not yet buried does not."""
    try:
        os.kill(pid, 0)
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] not in "ZX"
    except (ProcessLookupError, FileNotFoundError):
        return False


def test_what_a_command_prints_is_what_the_spool_holds(running: Running) -> None:
    feed = running("i=0; while [ $i -lt 500 ]; do echo line $i; i=$((i+1)); done; printf 'no end'")
    assert until(lambda: feed.state is FeedState.ENDED)
    assert feed.path.read_text() == "".join(f"line {number}\n" for number in range(500)) + "no end"
    assert not feed.live
    assert "has ended" in feed.why
    assert feed.size == feed.path.stat().st_size
    assert feed.rate.bytes > 0
    assert feed.rate.lines > 0


def test_any_bytes_pass_unchanged(running: Running, tmp_path: Path) -> None:
    data = os.urandom(700_000)
    (tmp_path / "any").write_bytes(data)
    feed = running(f"cat {tmp_path / 'any'}")
    assert until(lambda: feed.state is FeedState.ENDED)
    older = sorted(feed.path.parent.glob("0.*.log"))
    assert b"".join(path.read_bytes() for path in (*older, feed.path)) == data


def test_errors_are_told_and_never_mixed_in(running: Running) -> None:
    feed = running("echo to the log; echo 'cannot reach db-1' >&2; sleep 60")
    assert until(lambda: "cannot reach db-1" in feed.why)
    assert feed.state is FeedState.LIVE
    assert feed.path.read_text() == "to the log\n"


def test_it_has_no_keyboard(running: Running) -> None:
    feed = running("cat; echo done")
    assert until(lambda: feed.state is FeedState.ENDED)
    assert feed.path.read_text() == "done\n"


def test_a_command_that_is_killed_starts_again_on_a_new_line(running: Running) -> None:
    feed = running("echo $$; printf half; exec sleep 60")
    assert until(lambda: feed.path.read_text().endswith("half"))
    first = feed.pid
    assert first is not None
    os.kill(first, signal.SIGKILL)
    assert until(lambda: feed.path.read_text().count("half") == 2)
    lines = feed.path.read_text().splitlines()
    assert lines[0] != lines[2]
    assert lines[1::2] == ["half", "half"]
    assert "killed by signal 9" in feed.remarks[-1][1]
    assert until(lambda: feed.state is FeedState.LIVE)


def test_a_command_that_fails_is_tried_again_and_says_why(running: Running) -> None:
    feed = running("echo 'no such table' >&2; exit 3")
    assert until(lambda: len(feed.remarks) >= 3)
    assert "ended with code 3: no such table" in feed.remarks[0][1]
    assert feed.live


def test_the_waits_double_until_it_has_run_for_a_while() -> None:
    back_off = BackOff()
    waits = [0.0]
    for _ in range(7):
        waits.append(back_off.after(waits[-1], ran=0.1))
    assert waits[1:] == [1, 2, 4, 8, 16, 30, 30]
    assert back_off.after(30, ran=61) == 1


def test_a_program_that_dies_before_its_silent_children_is_started_again(running: Running) -> None:
    feed = running("sleep 300 & echo $!; exit 7")
    assert until(lambda: len(feed.path.read_text().split()) >= 2)
    child = int(feed.path.read_text().split()[0])
    assert until(lambda: not is_running(child))
    assert "code 7" in feed.remarks[0][1]


def test_closing_ends_it_with_all_its_children_and_removes_the_spool(running: Running) -> None:
    feed = running("trap '' TERM; sleep 300 & echo $!; (sleep 301 & echo $!; wait) & echo $$; sleep 302 | cat")
    assert until(lambda: len(feed.path.read_text().split()) == 3)
    pids = [int(word) for word in feed.path.read_text().split()]
    assert all(is_running(pid) for pid in pids)
    began = time.monotonic()
    feed.close(keep=False)
    assert time.monotonic() - began < 2
    assert until(lambda: not any(is_running(pid) for pid in pids), 1)
    assert list(feed.path.parent.iterdir()) == []


def test_the_spool_is_kept_when_asked_for(running: Running) -> None:
    feed = running("echo kept; sleep 60")
    assert until(lambda: feed.path.read_text() == "kept\n")
    feed.close(keep=True)
    assert feed.path.read_text() == "kept\n"


def test_standard_input_is_kept_exactly_and_ends(tmp_path: Path) -> None:
    lines = b"".join(b"line %d \xff\n" % number for number in range(20_000)) + b"no end"
    (tmp_path / "in").write_bytes(lines)
    program = subprocess.Popen(["cat", str(tmp_path / "in")], stdout=subprocess.PIPE)
    assert program.stdout is not None
    feed = StandardInput(program.stdout.fileno(), tmp_path / "spool" / "stdin.log", SystemClock())
    feed.start()
    assert until(lambda: feed.state is FeedState.ENDED)
    assert feed.path.read_bytes() == lines
    assert feed.why == "Standard input has ended."
    feed.close(keep=False)
    program.wait()
    program.stdout.close()


def test_standard_input_is_drained_though_the_disk_is_full(tmp_path: Path) -> None:
    program = subprocess.Popen(
        [sys.executable, "-c", "for n in range(200_000): print('line', n)"], stdout=subprocess.PIPE
    )
    assert program.stdout is not None
    feed = StandardInput(program.stdout.fileno(), tmp_path / "stdin.log", SystemClock())
    os.dup2(os.open("/dev/full", os.O_WRONLY), feed._spool._fd)  # a disk that is full from the beginning
    feed.start()
    assert program.wait(10) == 0
    assert until(lambda: feed.state is FeedState.ENDED)
    assert "disk of the spool is full" in feed.why
    assert feed.dropped > 1_000_000
    feed.close(keep=False)
    program.stdout.close()


def test_closing_does_not_wait_for_a_silent_standard_input(tmp_path: Path) -> None:
    reading, writing = os.pipe()
    feed = StandardInput(reading, tmp_path / "stdin.log", SystemClock())
    feed.start()
    began = time.monotonic()
    feed.close(keep=False)
    assert time.monotonic() - began < 2
    assert not feed.path.exists()
    os.close(reading)
    os.close(writing)
