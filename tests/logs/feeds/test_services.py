"""journalctl, docker and kubectl, played by small programs of the same command line that print, die, and go on."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from cockpit.clock import SystemClock
from cockpit.logs.feeds.feed import BackOff, Feed, FeedState
from cockpit.logs.feeds.opening import Terms, feed_for
from cockpit.logs.feeds.overlap import Overlap, stamp_of
from cockpit.logs.feeds.services import docker_arguments, journal_arguments, kubernetes_arguments
from cockpit.logs.file import SourceError
from cockpit.logs.find import parse_source
from tests.support.waiting import until

TERMS = Terms(back_off=BackOff(first=0.05, most=0.2))

# Each prints what is asked for of 300 entries, 10 a second, some of one time; stops in the middle of a line, twice.
ENTRIES = """
import os, re, sys, time
asked, state = sys.argv[1:], {state!r}
runs = int(open(state).read()) if os.path.exists(state) else 0
open(state, "w").write(str(runs + 1))
open(state + ".asked", "a").write(" ".join(asked) + "\\n")
def option(name):
    return next((word.partition("=")[2] for word in asked if word.startswith(name + "=")), "")
def stamp(number):
    return "2026-11-23T10:00:%02d.%d00000000Z" % (number // 10, number % 10 // 2 * 2)
def give(lines, stream=sys.stdout):
    kept = lines[: 100 * (runs + 1) - first]
    for line in kept:
        stream.write(line)
    if len(kept) < len(lines):
        stream.write(lines[len(kept)][:20])
        stream.flush()
        os.kill(os.getpid(), 9)
    stream.flush()
    time.sleep(60)
"""
JOURNALCTL = """
cursor = option("--after-cursor")
first = int(cursor[2:]) + 1 if cursor else 0
odd = '\\\\"__CURSOR\\\\":\\\\"s=7\\\\"'
give(['{"__CURSOR":"s=%d","MESSAGE":"entry %d %s"}\\n' % (n, n, odd) for n in range(first, 300)])
"""
DOCKER = """
since = option("--since").rstrip("Z")
numbers = [n for n in range(300) if stamp(n) >= since]
first = numbers[0]
give([stamp(n) + " entry %d\\n" % n for n in numbers], sys.stderr if runs == 1 else sys.stdout)
"""
KUBECTL = """
since = option("--since-time").rstrip("Z")
numbers = [n for n in range(300) if stamp(n) >= since]
first = numbers[0]
if runs % 2:
    numbers[:40] = sorted(numbers[:40], key=lambda n: n % 2)  # two pods, whose lines come in another order now
give(["[pod/shop-%d/app] %s entry %d\\n" % (n % 2, stamp(n), n) for n in numbers])
"""


@pytest.fixture
def on_path(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder that stands before all others on PATH."""
    folder = tmp_path / "bin"
    folder.mkdir()
    monkeypatch.setenv("PATH", f"{folder}:{os.environ['PATH']}")
    return folder


@pytest.fixture
def feeds() -> Iterator[list[Feed]]:
    opened: list[Feed] = []
    yield opened
    for feed in opened:
        feed.close(keep=False)


def play(folder: Path, name: str, code: str) -> Path:
    """Put a program on PATH; returns the file that lists how it was called."""
    state = folder / f"{name}.state"
    program = folder / name
    program.write_text(f"#!{sys.executable} -S\n{ENTRIES.replace('{state!r}', repr(str(state)))}\n{code}")
    program.chmod(0o755)
    return Path(f"{state}.asked")


def opened(source: str, tmp_path: Path, feeds: list[Feed]) -> Feed:
    feed = feed_for(parse_source(source), tmp_path / "spool", SystemClock(), terms=TERMS)
    feed.start()
    feeds.append(feed)
    return feed


def numbers_in(feed: Feed) -> list[int]:
    return [int(line.split("entry ")[1].split()[0]) for line in feed.path.read_text().splitlines()]


@pytest.mark.parametrize(
    ("source", "program", "code"),
    [
        ("journal:nginx", "journalctl", JOURNALCTL),
        ("docker:shop", "docker", DOCKER),
        ("k8s:app=shop", "kubectl", KUBECTL),
    ],
)
def test_every_entry_once_though_the_program_dies_in_the_middle_of_a_line(
    on_path: Path, tmp_path: Path, feeds: list[Feed], source: str, program: str, code: str
) -> None:
    asked = play(on_path, program, code)
    feed = opened(source, tmp_path, feeds)
    assert until(lambda: feed.path.read_bytes().count(b"\n") >= 300)
    assert sorted(numbers_in(feed)) == list(range(300))
    if program != "kubectl":
        assert numbers_in(feed) == list(range(300))
    assert len(asked.read_text().splitlines()) == 3
    assert "killed by signal 9" in feed.remarks[0][1]
    assert until(lambda: feed.state is FeedState.LIVE)


def test_the_journal_is_asked_from_its_last_cursor() -> None:
    assert journal_arguments("nginx", first=50)[-2:] == ["--unit=nginx", "--lines=50"]
    assert journal_arguments("nginx", "s=1;i=2")[-2:] == ["--after-cursor=s=1;i=2", "--no-tail"]


def test_docker_is_asked_since_a_time() -> None:
    assert docker_arguments("shop", first=5) == ["docker", "logs", "--follow", "--timestamps", "--tail=5", "shop"]
    assert "--since=2026-11-23T10:00:00Z" in docker_arguments("shop", "2026-11-23T10:00:00Z")


def test_kubectl_is_asked_for_all_lines_since_a_time() -> None:
    arguments = kubernetes_arguments("app=shop", "web", "2026-11-23T10:00:00Z")
    assert {"--namespace=web", "--selector=app=shop", "--since-time=2026-11-23T10:00:00Z", "--tail=-1"} <= set(
        arguments
    )
    assert "--tail=10000" in kubernetes_arguments("app=shop")


def test_what_docker_itself_says_is_no_log(on_path: Path, tmp_path: Path, feeds: list[Feed]) -> None:
    play(
        on_path, "docker", "print('Error response from daemon: No such container: shop', file=sys.stderr)\nsys.exit(1)"
    )
    feed = opened("docker:shop", tmp_path, feeds)
    assert until(lambda: "No such container: shop" in feed.why)
    assert feed.state is FeedState.RECONNECTING
    assert feed.path.read_bytes() == b""


def test_a_container_that_stopped_is_waited_for(on_path: Path, tmp_path: Path, feeds: list[Feed]) -> None:
    play(on_path, "docker", "print('2026-11-23T10:00:00.5Z bye')")
    feed = opened("docker:shop", tmp_path, feeds)
    assert until(lambda: "does not run; waiting for it" in feed.why)
    assert until(lambda: len(feed.remarks) > 2)
    assert feed.path.read_text() == "2026-11-23T10:00:00.5Z bye\n"


def test_a_program_that_is_not_here_is_told(tmp_path: Path, feeds: list[Feed], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    feed = opened("k8s:app=shop", tmp_path, feeds)
    assert until(lambda: feed.state is FeedState.FAILED)
    assert feed.why == "app=shop: there is no program kubectl on this machine."


def test_two_feeds_of_one_name_have_spools_of_their_own(tmp_path: Path, feeds: list[Feed]) -> None:
    first, second = opened("cmd:echo a", tmp_path, feeds), opened("cmd:echo a", tmp_path, feeds)
    assert (first.path.name, second.path.name) == ("command-echo-a.log", "command-echo-a-2.log")


def test_a_file_is_no_feed_and_standard_input_must_be_given(tmp_path: Path) -> None:
    for source, sentence in (("/var/log/x.log", "followed where it is"), ("-", "there is none")):
        with pytest.raises(SourceError, match=sentence):
            feed_for(parse_source(source), tmp_path, SystemClock())


def test_times_are_read_with_and_without_a_prefix() -> None:
    assert stamp_of(b"2026-11-23T10:00:00.5Z x") == (1795428000, 500_000_000)
    assert stamp_of(b"[pod/a/b] 2026-11-23T12:00:00+02:00 x") == (1795428000, 0)
    assert stamp_of(b"[not a time] x") is None
    assert stamp_of(b"2026-13-99T10:00:00Z x") is None


def test_two_lines_alike_are_two_and_are_repeated_as_two() -> None:
    overlap = Overlap(2)
    line, second = b"2026-11-23T10:00:00Z same", 1795428000
    assert [overlap.is_new(line, second) for _ in range(2)] == [True, True]
    assert overlap.go_on() == "2026-11-23T09:59:58Z"
    assert [overlap.is_new(line, second) for _ in range(3)] == [False, False, True]
