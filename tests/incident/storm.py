"""Many hands on one incident, one of them killed again and again: `python -m tests.incident.storm [WRITES] [ROUNDS]`.

Four processes write so many journal entries each, and one of them is killed with -9 every second and begun anew; then
two cockpits and an editor write so many rounds into one notes file. What was acknowledged must be there, once.
"""

from __future__ import annotations

import hashlib
import json
import subprocess
import sys
import tempfile
import threading
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from cockpit.clock import SystemClock
from cockpit.incident.notes import Notes
from cockpit.incident.show import as_dict
from cockpit.incident.store import Incident

WRITERS = 4
Editor = Callable[[Path, str], bool]
"""Opens a file, puts a line below its first, saves; False where the file has changed meanwhile, and it refuses."""


@dataclass(slots=True)
class Outcome:
    """What came of it. `lost`, `twice`: acknowledged writes; `states`: different states that were seen at the end."""

    acknowledged: int = 0
    lost: int = 0
    twice: int = 0
    kills: int = 0
    unsaid: int = 0
    states: int = 0
    seconds: float = 0.0
    conflicts: int = 0
    refused: int = 0
    examples: list[str] = field(default_factory=list)


class Writer:
    """A process that writes entries and says the id of each; when all are done, what it sees of the incident."""

    def __init__(self, folder: Path, who: str, wanted: int) -> None:
        self.said: list[str] = []
        self._folder, self._who, self._wanted = folder, who, wanted
        self._lock = threading.Lock()
        self._closing = False
        self._process = self._begin()
        self._reader = threading.Thread(target=self._read)
        self._reader.start()

    @property
    def done(self) -> bool:
        return len(self.said) >= self._wanted

    def kill(self) -> bool:
        """Kill it with -9; it begins anew where it had come to."""
        with self._lock:
            if self.done:
                return False
            self._process.kill()
            return True

    def state(self) -> str:
        """What it sees, as a digest."""
        self._reader.join()
        said, _ = self._process.communicate("look\n")
        return said.strip()

    def _begin(self) -> subprocess.Popen[str]:
        command = [sys.executable, "-m", "tests.incident.storm", "write", str(self._folder), self._who]
        command += [str(len(self.said)), str(self._wanted)]
        return subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)

    def _read(self) -> None:
        while not self.done:
            assert self._process.stdout is not None
            line = self._process.stdout.readline()
            if line.endswith("\n"):
                self.said.append(line.strip())
                continue
            with self._lock:
                self._process.wait()
                if not self.done:
                    self._process = self._begin()


def journal_storm(folder: Path, writes: int, every: float) -> Outcome:
    """Four writers, one of them killed every so many seconds."""
    incident = Incident.create(folder, "Storm", SystemClock(), "ana@web-1")
    began = time.monotonic()
    writers = [Writer(incident.folder, f"p{number}@web-1", writes) for number in range(WRITERS)]
    found = Outcome()
    while not all(each.done for each in writers):
        time.sleep(every)
        found.kills += writers[0].kill()
    states = {each.state() for each in writers} | {digest_of(incident)}
    found.seconds = time.monotonic() - began
    written = Counter(entry.id for entry in incident.state.entries)
    lines = Counter(json.loads(line)["id"] for line in _whole_lines(incident.folder / "journal.jsonl"))
    said = [each for writer in writers for each in writer.said]
    found.acknowledged = len(said)
    found.lost = sum(written[each] == 0 for each in said)
    found.twice = sum(lines[each] != 1 for each in said) + len(said) - len(set(said))
    found.unsaid = written.total() - 1 - len(said)
    found.states = len(states)
    return found


def digest_of(incident: Incident) -> str:
    """All that an incident is, in a few letters."""
    incident.refresh()
    return hashlib.sha256(json.dumps(as_dict(incident), sort_keys=True).encode()).hexdigest()


def notes_storm(folder: Path, rounds: int, editor: Editor) -> Outcome:
    """Two cockpits and an editor write lines into one file; the editor reads again where the file has changed."""
    path = folder / "notes.md"
    Notes(path, folder / ".lock").save("# Notes\n", "")
    found = Outcome()
    began = time.monotonic()
    cockpits = [
        subprocess.Popen([sys.executable, "-m", "tests.incident.storm", "type", str(path), name, str(rounds)])
        for name in ("ana", "ben")
    ]
    for number in range(rounds):
        while not editor(path, f"ed typed {number}"):
            found.refused += 1
    assert [each.wait() for each in cockpits] == [0, 0]
    found.seconds = time.monotonic() - began
    lines = Counter(path.read_text().split("\n"))
    wanted = [f"{name} typed {number}" for name in ("ana", "ben", "ed") for number in range(rounds)]
    found.acknowledged = len(wanted)
    found.examples = [each for each in wanted if lines[each] != 1][:6]
    found.lost = sum(lines[each] == 0 for each in wanted)
    found.twice = sum(lines[each] > 1 for each in wanted)
    found.conflicts = sum(count for line, count in lines.items() if line.startswith("<<<<<<< "))
    return found


def saved_by_rename(path: Path, line: str) -> bool:
    """As vim does it, where there is none: read, look whether the file is still that one, write another, rename it."""
    read, before = path.read_text(), path.stat()
    time.sleep(0.005)
    fresh = path.with_name(".fresh")
    first, _, rest = read.partition("\n")
    fresh.write_text(f"{first}\n{line}\n{rest}")
    now = path.stat()
    if (now.st_ino, now.st_mtime_ns) != (before.st_ino, before.st_mtime_ns):
        return False
    fresh.replace(path)
    return True


def saved_by_vim(path: Path, line: str) -> bool:
    """As Editor says; vim itself."""
    told = path.with_name("saved by vim")
    told.unlink(missing_ok=True)
    script = [
        "set nocompatible writebackup backupcopy=no backupskip=",
        f"call append(1, '{line}')",
        "sleep 5m",
        "write",
    ]
    script += [f"call writefile([&modified], '{told}')", "quit!"]
    command = ["vim", "-u", "NONE", "-i", "NONE", "-n", "-es", *[word for each in script for word in ("-c", each)]]
    subprocess.run([*command, str(path)], stdin=subprocess.DEVNULL, capture_output=True, timeout=60, check=False)
    return told.exists() and told.read_text().strip() == "0"


def _whole_lines(path: Path) -> list[bytes]:
    """The lines of a journal that are entries; a killed writer may have torn one."""
    return [line for line in path.read_bytes().split(b"\n") if line.startswith(b"{") and line.endswith(b"}")]


def _write(folder: str, who: str, start: str, wanted: str) -> None:
    incident = Incident.open(Path(folder), SystemClock(), who)
    for number in range(int(start), int(wanted)):
        print(incident.add_marker(f"{who} {number}", "note", SystemClock().now()), flush=True)  # noqa: T201
    sys.stdin.readline()
    print(digest_of(incident), flush=True)  # noqa: T201


def _type(path: str, who: str, rounds: str) -> None:
    notes = Notes(Path(path), Path(path).with_name(".lock"))
    base = notes.read()
    for number in range(int(rounds)):
        base = notes.save(f"{base}{who} typed {number}\n", base).text
        time.sleep(0.02)
    notes.close()


def _main(writes: int, rounds: int) -> None:
    with tempfile.TemporaryDirectory() as folder:
        print("journal:", journal_storm(Path(folder), writes, 1.0))  # noqa: T201
    with tempfile.TemporaryDirectory() as folder:
        print("notes:", notes_storm(Path(folder), rounds, saved_by_vim))  # noqa: T201


if __name__ == "__main__":
    if sys.argv[1:2] == ["write"]:
        _write(*sys.argv[2:])
    elif sys.argv[1:2] == ["type"]:
        _type(*sys.argv[2:])
    else:
        _main(*map(int, [*sys.argv[1:], *("2500", "200")[len(sys.argv) - 1 :]]))
