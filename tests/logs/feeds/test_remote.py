"""Logs on another host, through a real ssh server: no line lost or repeated when it dies or the log rotates."""

from __future__ import annotations

import os
import random
import re
import shutil
import subprocess
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cockpit.clock import SystemClock
from cockpit.logs.feeds.feed import BackOff, FeedState
from cockpit.logs.feeds.program import ProgramFeed
from cockpit.logs.feeds.remote import TAIL, RemoteFile, ssh_arguments
from tests.support.logging import Writer, numbered
from tests.support.ssh import HERE, Server, can_serve
from tests.support.waiting import until

SOON = BackOff(first=0.05, most=0.2)
serving = pytest.mark.skipif(not can_serve(), reason="no ssh server can be run here")
Following = Callable[..., ProgramFeed]


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    server = Server(tmp_path_factory.mktemp("ssh") / "server")
    server.start()
    yield server
    server.kill()


@pytest.fixture
def following(server: Server, tmp_path: Path) -> Iterator[Following]:
    """Follows remote files, and closes the feeds."""
    feeds: list[ProgramFeed] = []

    def follow(
        path: Path, options: list[str] | None = None, tail: int = TAIL, host: str = HERE, port: int | None = None
    ) -> ProgramFeed:
        used = server.options if options is None else options
        recipe = RemoteFile(host, str(path), server.port if port is None else port, used, tail, pause=0.1)
        feed = ProgramFeed("remote", tmp_path / f"spool{len(feeds)}.log", recipe, SystemClock(), back_off=SOON)
        feed.start()
        feeds.append(feed)
        return feed

    yield follow
    for feed in feeds:
        feed.close(keep=False)


def came(feed: ProgramFeed) -> list[int]:
    """The numbers of the lines in a spool; every line must be whole."""
    lines = feed.path.read_text().splitlines()
    found = [re.fullmatch(r"\S+ \S+ INFO shop.cart Request (\d+) handled", line) for line in lines]
    assert all(found), [line for line, fits in zip(lines, found, strict=True) if not fits]
    return [int(fits[1]) for fits in found if fits]


def has_all(feed: ProgramFeed, writer: Writer, seconds: float = 15) -> bool:
    last = numbered(writer.written - 1)
    until(lambda: feed.path.read_text().endswith(last), seconds)
    return came(feed) == list(range(writer.written))


@serving
def test_a_remote_file_is_fetched_and_followed(following: Following, tmp_path: Path) -> None:
    writer = Writer(tmp_path / "it's app.log")
    writer.write(2000)
    feed = following(writer.path)
    assert has_all(feed, writer)
    writer.write(10)
    assert has_all(feed, writer)
    assert feed.state is FeedState.LIVE
    assert feed.why == ""


@serving
def test_only_the_end_of_a_large_file_is_fetched_from_a_lines_beginning(following: Following, tmp_path: Path) -> None:
    writer = Writer(tmp_path / "app.log")
    writer.write(5000)
    feed = following(writer.path, tail=10_000)
    assert until(lambda: feed.path.read_text().endswith(numbered(4999)))
    numbers = came(feed)
    assert numbers == list(range(numbers[0], 5000))
    assert 9_900 < feed.size <= 10_000
    assert "only its end was fetched" in feed.remarks[0][1]


@serving
def test_every_line_once_though_the_server_is_killed_again_and_again_under_load(
    server: Server, following: Following, tmp_path: Path
) -> None:
    writer = Writer(tmp_path / "app.log")
    writer.write(100)
    feed = following(writer.path)
    stop = threading.Event()

    def write() -> None:
        chance = random.Random(1)
        while not stop.wait(0.005):
            writer.write(chance.randint(1, 60))

    writing = threading.Thread(target=write)
    writing.start()
    for _ in range(3):
        size = feed.size
        assert until(lambda size=size: feed.size > size + 20_000)  # type: ignore[misc]
        server.kill()
        assert until(lambda: feed.state is FeedState.RECONNECTING)
        assert feed.why
        server.start()
    assert until(lambda: feed.state is FeedState.LIVE)
    stop.set()
    writing.join()
    assert has_all(feed, writer)
    assert writer.written > 2000


@serving
@pytest.mark.parametrize("style", ["rename", "copy", "remove"])
def test_every_line_once_though_the_log_rotates_under_load(following: Following, tmp_path: Path, style: str) -> None:
    writer = Writer(tmp_path / "app.log")
    writer.write(200)
    feed = following(writer.path)
    assert has_all(feed, writer)
    for turn in range(3):
        for _ in range(20):
            writer.write(10)
            time.sleep(0.01)
        if style == "rename":
            for number in range(turn, 0, -1):
                os.rename(f"{writer.path}.{number}", f"{writer.path}.{number + 1}")
            os.rename(writer.path, f"{writer.path}.1")
            writer.write(50, Path(f"{writer.path}.1"))  # the service has not reopened its log yet
        elif style == "copy":
            shutil.copy(writer.path, f"{writer.path}.{turn + 1}")  # holds lines that were not fetched yet
            os.truncate(writer.path, 0)
        else:
            assert has_all(feed, writer)  # what was not fetched of a removed file is lost
            writer.path.unlink()
        writer.write(50)
        last = numbered(writer.written - 1)
        assert until(lambda last=last: feed.path.read_text().endswith(last))  # type: ignore[misc]
    assert has_all(feed, writer)
    if style != "remove":
        assert "it was" in feed.remarks[-1][1]


@serving
def test_rotated_twice_while_the_connection_was_lost(server: Server, following: Following, tmp_path: Path) -> None:
    writer = Writer(tmp_path / "app.log")
    writer.write(300)
    feed = following(writer.path)
    assert has_all(feed, writer)
    server.kill()
    writer.write(100)
    os.rename(writer.path, f"{writer.path}.1")
    writer.write(100)
    os.rename(f"{writer.path}.1", f"{writer.path}.2")
    os.rename(writer.path, f"{writer.path}.1")
    writer.write(100)
    server.start()
    assert has_all(feed, writer)


@serving
def test_when_lines_may_be_missing_it_says_so(server: Server, following: Following, tmp_path: Path) -> None:
    writer = Writer(tmp_path / "app.log")
    writer.write(300)
    feed = following(writer.path)
    assert has_all(feed, writer)
    server.kill()
    writer.path.unlink()
    writer.path.write_text(numbered(900))
    server.start()
    assert until(lambda: feed.path.read_text().endswith(numbered(900)))
    assert any("lines may be missing" in sentence for _, sentence in feed.remarks)
    assert came(feed) == [*range(300), 900]


@serving
def test_a_missing_file_is_told_and_waited_for(following: Following, tmp_path: Path) -> None:
    writer = Writer(tmp_path / "late.log")
    feed = following(writer.path)
    assert until(lambda: "there is no such file; waiting for it" in feed.why)
    writer.write(5)
    assert has_all(feed, writer)
    assert feed.why == ""


@serving
def test_a_key_that_is_not_accepted_is_told_and_not_tried_again(
    server: Server, following: Following, tmp_path: Path
) -> None:
    feed = following(tmp_path / "app.log", server.options_with(key="other"))
    assert until(lambda: feed.state is FeedState.FAILED)
    assert "accepts none of our keys" in feed.why
    assert len(feed.remarks) == 1


@serving
def test_a_host_that_is_not_known_is_told(server: Server, following: Following, tmp_path: Path) -> None:
    (server.folder / "nobody").write_text("")
    feed = following(tmp_path / "app.log", server.options_with(known="nobody"))
    assert until(lambda: feed.state is FeedState.FAILED)
    assert "host key is not known here; connect once by hand: ssh 127.0.0.1" in feed.why


@serving
def test_a_host_key_that_changed_is_told(server: Server, following: Following, tmp_path: Path) -> None:
    other = (server.folder / "other.pub").read_text()
    (server.folder / "changed").write_text(f"[{HERE}]:{server.port} {other}")
    feed = following(tmp_path / "app.log", server.options_with(known="changed"))
    assert until(lambda: feed.state is FeedState.FAILED)
    assert "not the one known here" in feed.why


@serving
def test_a_host_that_refuses_or_does_not_exist_is_told_and_tried_again(following: Following, tmp_path: Path) -> None:
    refusing = following(tmp_path / "app.log", port=1)
    unknown = following(tmp_path / "app.log", host="no-such-host.invalid")
    assert until(lambda: "refuses the connection" in refusing.why)
    assert until(lambda: "no host of this name" in unknown.why, 20)
    assert refusing.state is unknown.state is FeedState.RECONNECTING


@serving
def test_closing_ends_it_here_and_there(following: Following, tmp_path: Path) -> None:
    writer = Writer(tmp_path / "to-be-closed.log")
    writer.write(10)
    feed = following(writer.path)
    assert has_all(feed, writer)
    assert readers_of(writer.path)
    began = time.monotonic()
    feed.close(keep=False)
    assert time.monotonic() - began < 2
    assert until(lambda: not readers_of(writer.path), 12)


def readers_of(path: Path) -> list[str]:
    """The shells that hold a file open."""
    found = subprocess.run(
        ["/bin/sh", "-c", 'for p in /proc/[0-9]*; do [ "$(readlink $p/fd/3)" = "$0" ] && echo $p; done', str(path)],
        capture_output=True,
        text=True,
    )
    return found.stdout.split()


@pytest.mark.parametrize("shell", ["dash", "bash --posix", "busybox sh", "dash without stat"])
def test_the_other_side_may_have_any_posix_shell(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, shell: str) -> None:
    program = shutil.which(shell.split()[0])
    if program is None:
        pytest.skip(f"no {shell} here")
    commands = tmp_path / "bin"
    commands.mkdir()
    for name in ("tail", "cat", "dd", "cksum", "tr", "ls", "awk", "sleep"):
        (commands / name).symlink_to(str(shutil.which(name)))
    path = str(commands) if "without stat" in shell else os.environ["PATH"]
    words = " ".join([program, *shell.removesuffix(" without stat").split()[1:]])
    (commands / "ssh").write_text(f"#!/bin/sh\nPATH={path}\nexec {words}\n")
    (commands / "ssh").chmod(0o755)
    monkeypatch.setenv("PATH", f"{commands}:{os.environ['PATH']}")
    writer = Writer(tmp_path / "app.log")
    writer.write(300)
    recipe = RemoteFile("web-1", str(writer.path), pause=0.05)
    feed = ProgramFeed("remote", tmp_path / "spool.log", recipe, SystemClock(), back_off=SOON)
    feed.start()
    try:
        assert has_all(feed, writer)
        shutil.copy(writer.path, f"{writer.path}.1")
        os.truncate(writer.path, 0)
        writer.write(50)
        assert has_all(feed, writer)
        os.rename(f"{writer.path}.1", f"{writer.path}.2")
        os.rename(writer.path, f"{writer.path}.1")
        writer.write(50, Path(f"{writer.path}.1"))
        writer.write(50)
        assert has_all(feed, writer)
        assert feed.pid is not None
        os.kill(feed.pid, 9)
        writer.write(50)
        assert has_all(feed, writer)
    finally:
        feed.close(keep=False)


def test_the_command_line_of_ssh_takes_no_host_for_an_option() -> None:
    arguments = ssh_arguments("ana@web-1", 2222, ["-F", "mine"])
    assert arguments[:4] == ["ssh", "-T", "-F", "mine"]
    assert arguments[-5:] == ["-p", "2222", "--", "ana@web-1", "exec /bin/sh"]
    assert "BatchMode=yes" in arguments


@given(st.lists(st.binary(max_size=30)), st.lists(st.integers(1, 40), min_size=1), st.booleans())
def test_however_the_bytes_are_cut_the_log_is_the_log(parts: list[bytes], sizes: list[int], begun: bool) -> None:
    recipe = RemoteFile("web-1", "/app.log")
    recipe.begin(lambda data: None)
    mark = recipe._mark
    stream = mark + b" file 1:2 0\n"
    for part in parts:
        stream += part + mark + b" alive\n" + (mark[:5] if begun else b"")
    taken, position, turn = b"", 0, 0
    while position < len(stream):
        size = sizes[turn % len(sizes)]
        taken += recipe.take(stream[position : position + size])
        position, turn = position + size, turn + 1
    taken += recipe.take(b"end\n")
    expected = b"".join(part + (mark[:5] if begun else b"") for part in parts) + b"end\n"
    assert taken == expected
    assert recipe._position == len(expected)
