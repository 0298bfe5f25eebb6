"""The journal with many hands on it: processes and threads that append at once, and one that is killed meanwhile."""

from __future__ import annotations

import fcntl
import subprocess
import sys
import threading
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from cockpit.clock import FrozenClock
from cockpit.incident.journal import Entry, Journal
from tests.incident.entries import AT, line
from tests.support.waiting import until

APPENDING = """
import sys
from pathlib import Path
from cockpit.clock import FrozenClock
from cockpit.incident.journal import Journal
path, who, count, at = Path(sys.argv[1]), sys.argv[2], int(sys.argv[3]), int(sys.argv[4])
journal = Journal(path, FrozenClock(at), who)
for number in range(count):
    print(journal.append("note.added", {"text": who + "é" * (number % 50)}).id, flush=True)
"""


def appending(path: Path, who: str, count: int) -> subprocess.Popen[str]:
    """A process that appends entries, and prints the id of each as soon as it is acknowledged."""
    command = [sys.executable, "-c", APPENDING, str(path), who, str(count), str(AT)]
    return subprocess.Popen(command, stdout=subprocess.PIPE, text=True)


def acknowledged(process: subprocess.Popen[str]) -> list[str]:
    """What a process acknowledged until its end."""
    assert process.stdout is not None
    with process:
        return process.stdout.read().split()


def journal_at(path: Path) -> Journal:
    return Journal(path, FrozenClock(AT), "ana@web-1")


def test_processes_that_append_at_once_lose_nothing(tmp_path: Path) -> None:
    path = tmp_path / "journal.jsonl"
    following = journal_at(path)
    followed: list[Entry] = []
    processes = [appending(path, f"p{number}@web-1", 150) for number in range(4)]

    def all_read() -> bool:
        followed.extend(following.read().entries)
        return len(followed) >= 600

    assert until(all_read, 60)
    said = [each for process in processes for each in acknowledged(process)]
    assert len(said) == len(set(said)) == 600
    assert Counter(each.id for each in followed) == Counter(said)
    assert [each.id for each in journal_at(path).read().entries] == [each.id for each in followed]
    assert following.damaged == []
    assert path.read_bytes().count(b"\n") == 600


def test_each_process_s_entries_stand_in_the_order_in_which_they_were_said(tmp_path: Path) -> None:
    path = tmp_path / "journal.jsonl"
    processes = [appending(path, f"p{number}@web-1", 50) for number in range(3)]
    said = [acknowledged(process) for process in processes]
    read = journal_at(path).read().entries
    for number, own in enumerate(said):
        assert own == sorted(own)
        assert [each.id for each in read if each.by == f"p{number}@web-1"] == own


def test_what_was_acknowledged_is_there_after_kill_9(tmp_path: Path) -> None:
    path = tmp_path / "journal.jsonl"
    doomed = [appending(path, f"d{number}@web-1", 1_000_000) for number in range(2)]
    surviving = appending(path, "s@web-1", 200)
    said: list[str] = []
    for process in doomed:
        assert process.stdout is not None
        said += [process.stdout.readline().strip() for _ in range(20)]
        process.kill()
    for process in (*doomed, surviving):
        said += acknowledged(process)
    journal = journal_at(path)
    counted = Counter(each.id for each in journal.read().entries)
    assert len(said) == len(set(said)) > 200
    assert all(counted[each] == 1 for each in said)
    assert counted.total() <= len(said) + len(doomed)  # one more each: on disk, but killed before it said so


def test_others_go_on_after_one_died_in_the_middle_of_a_line(tmp_path: Path) -> None:
    path = tmp_path / "journal.jsonl"
    path.write_bytes(line(1) + line(2)[:40])
    processes = [appending(path, f"p{number}@web-1", 20) for number in range(3)]
    said = [each for process in processes for each in acknowledged(process)]
    journal = journal_at(path)
    assert len(journal.read().entries) == 1 + len(said) == 61
    assert [each.line_number for each in journal.damaged] == [2]


def test_who_appends_waits_for_who_holds_the_journal(tmp_path: Path) -> None:
    path = tmp_path / "journal.jsonl"
    with path.open("ab") as holding, ThreadPoolExecutor(1) as pool:
        fcntl.flock(holding, fcntl.LOCK_EX)
        waiting = pool.submit(lambda: journal_at(path).append("note.added", {"text": "second"}))
        assert not until(waiting.done, 0.1)
        holding.write(line(1))
        holding.flush()
        fcntl.flock(holding, fcntl.LOCK_UN)
        second = waiting.result()
    assert [each.id for each in journal_at(path).read().entries][1:] == [second.id]


def test_threads_that_share_a_journal_lose_nothing(tmp_path: Path) -> None:
    journal = journal_at(tmp_path / "journal.jsonl")
    read: list[Entry] = []
    done = threading.Event()

    def reading() -> None:
        while not done.is_set():
            read.extend(journal.read().entries)

    reader = threading.Thread(target=reading)
    reader.start()
    with ThreadPoolExecutor(6) as pool:
        said = list(pool.map(lambda number: journal.append("note.added", {"text": str(number)}), range(300)))
    done.set()
    reader.join()
    read += journal.read().entries
    assert sorted(each.id for each in read) == sorted(each.id for each in said)
    assert {each.id: each for each in read} == {each.id: each for each in said}
