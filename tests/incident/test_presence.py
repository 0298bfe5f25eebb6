"""Presence: who has the incident open, and who only had it."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from cockpit.bus import Bus
from cockpit.clock import SECOND, FrozenClock
from cockpit.events import PeopleChanged
from cockpit.incident.people import People
from cockpit.incident.presence import Person, Presence
from cockpit.watch import Watcher
from tests.incident.entries import AT
from tests.incident.hardship import as_anybody
from tests.support.waiting import until

BEATING = """
import sys
from pathlib import Path
from cockpit.clock import FrozenClock
from cockpit.incident.presence import Presence
Presence(Path(sys.argv[1]), sys.argv[2], FrozenClock(int(sys.argv[3]))).beat("notes")
print("here", flush=True)
sys.stdin.read()
"""


@contextmanager
def neighbour(folder: Path, by: str, since: int = AT) -> Iterator[subprocess.Popen[str]]:
    """Another cockpit on this host: a process that says it is here, and never says that it goes."""
    command = [sys.executable, "-c", BEATING, str(folder), by, str(since)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == "here\n"
        yield process
        process.kill()


def test_two_on_different_hosts_see_each_other(tmp_path: Path) -> None:
    clock = FrozenClock(AT)
    ana, ben = Presence(tmp_path, "ana@web-1", clock), Presence(tmp_path, "ben@web-2", clock)
    assert ana.others() == []
    ana.beat("logs")
    ben.beat("notes")
    assert ana.others() == [Person("ben@web-2", "web-2", os.getpid(), "notes", AT)]
    assert ben.others() == [Person("ana@web-1", "web-1", os.getpid(), "logs", AT)]
    assert ana.others()[0].name == "ben"


def test_two_on_one_host_see_each_other(tmp_path: Path) -> None:
    with neighbour(tmp_path, "ben@web-1") as process:
        assert Presence(tmp_path, "ana@web-1", FrozenClock(AT)).others() == [
            Person("ben@web-1", "web-1", process.pid, "notes", AT)
        ]


def test_one_that_moves_to_another_pane_is_seen_there(tmp_path: Path) -> None:
    clock = FrozenClock(AT)
    ana, ben = Presence(tmp_path, "ana@web-1", clock), Presence(tmp_path, "ben@web-2", clock)
    ben.beat("logs")
    clock.advance(SECOND)
    ben.beat("commits")
    assert [(each.pane, each.since) for each in ana.others()] == [("commits", AT)]


def test_one_that_left_is_gone_and_leaves_nothing(tmp_path: Path) -> None:
    clock = FrozenClock(AT)
    ana, ben = Presence(tmp_path, "ana@web-1", clock), Presence(tmp_path, "ben@web-2", clock)
    ben.beat("logs")
    ben.leave()
    ben.leave()
    assert ana.others() == []
    assert list(tmp_path.iterdir()) == []


def test_one_that_died_on_this_host_is_swept_away(tmp_path: Path) -> None:
    ana = Presence(tmp_path, "ana@web-1", FrozenClock(AT))
    with neighbour(tmp_path, "ben@web-1") as process:
        assert len(ana.others()) == 1
        process.kill()
    assert ana.others() == []
    assert list(tmp_path.iterdir()) == []


def test_one_on_another_host_that_was_not_heard_of_for_half_a_minute_is_gone(tmp_path: Path) -> None:
    here, there = FrozenClock(AT), FrozenClock(AT - 3600 * SECOND)
    ana, ben = Presence(tmp_path, "ana@web-1", here), Presence(tmp_path, "ben@web-2", there)
    ben.beat("logs")
    assert len(ana.others()) == 1
    here.advance(29 * SECOND)
    assert len(ana.others()) == 1
    here.advance(2 * SECOND)
    assert ana.others() == []
    ben.beat("logs")
    assert len(ana.others()) == 1
    for _ in range(5):
        here.advance(20 * SECOND)
        ben.beat("logs")
        assert len(ana.others()) == 1


def test_a_stale_file_of_another_host_is_left_to_that_host(tmp_path: Path) -> None:
    clock = FrozenClock(AT)
    ana = Presence(tmp_path, "ana@web-1", clock)
    Presence(tmp_path, "ben@web-2", clock).beat("logs")
    ana.others()
    clock.advance(31 * SECOND)
    assert ana.others() == []
    assert [each.name for each in tmp_path.iterdir()] == [f"web-2-{os.getpid()}.json"]


def test_who_has_been_here_longest_stands_first(tmp_path: Path) -> None:
    for number, name in enumerate(["cho", "ben", "dan"]):
        Presence(tmp_path, f"{name}@web-{5 - number}", FrozenClock(AT + number * SECOND)).beat("logs")
    assert [each.name for each in Presence(tmp_path, "ana@web-9", FrozenClock(AT)).others()] == ["cho", "ben", "dan"]


@pytest.mark.parametrize("content", [b"", b"{", b"[]", b'{"by":"ben@web-2"}', b'{"by":1,"host":2,"pid":"x"}'])
def test_a_file_that_says_nothing_is_passed_over(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "web-2-7.json").write_bytes(content)
    (tmp_path / "folder.json").mkdir()
    Presence(tmp_path, "ben@web-2", FrozenClock(AT)).beat("logs")
    assert [each.name for each in Presence(tmp_path, "ana@web-1", FrozenClock(AT)).others()] == ["ben"]


def test_one_that_cannot_be_seen_knows_it_and_still_sees(tmp_path: Path) -> None:
    clock = FrozenClock(AT)
    folder = tmp_path / "presence"
    Presence(folder, "ben@web-2", clock).beat("logs")
    ana = Presence(folder, "ana@web-1", clock)
    folder.chmod(0o500)
    as_anybody(lambda: ana.beat("logs"))
    assert ana.hidden
    assert [each.name for each in as_anybody(ana.others)] == ["ben"]
    folder.chmod(0o700)
    ana.beat("logs")
    assert not ana.hidden


def test_the_folder_is_private_and_made_when_it_is_needed(tmp_path: Path) -> None:
    presence = Presence(tmp_path / "presence", "ana@web-1", FrozenClock(AT))
    assert presence.others() == []
    presence.beat("logs")
    assert (tmp_path / "presence").stat().st_mode & 0o777 == 0o700


@pytest.fixture
def watcher() -> Iterator[Watcher]:
    watcher = Watcher(0.1)
    yield watcher
    watcher.close()


def test_people_come_move_about_and_go_before_each_other_s_eyes(tmp_path: Path, watcher: Watcher) -> None:
    clock, bus = FrozenClock(AT), Bus()
    told: list[PeopleChanged] = []
    bus.subscribe(PeopleChanged, told.append)
    ana = People(tmp_path / "presence", "ana@web-1", bus, watcher, clock)
    ben = People(tmp_path / "presence", "ben@web-2", Bus(), watcher, clock)
    ana.start()
    assert ana.others == ()
    ben.start()
    assert until(lambda: [each.name for each in ana.others] == ["ben"])
    assert until(lambda: [each.name for each in ben.others] == ["ana"])
    assert until(lambda: told)
    ben.stand_in("notes")
    assert until(lambda: [each.pane for each in ana.others] == ["notes"], 4)  # sooner than the next beat
    ben.close()
    assert until(lambda: ana.others == ())
    ana.close()
    assert list((tmp_path / "presence").iterdir()) == []


def test_one_that_never_came_may_leave(tmp_path: Path, watcher: Watcher) -> None:
    people = People(tmp_path / "presence", "ana@web-1", Bus(), watcher, FrozenClock(AT))
    people.stand_in("notes")
    people.close()
    assert list(tmp_path.iterdir()) == []
