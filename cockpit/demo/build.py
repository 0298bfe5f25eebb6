"""Makes the demo's folder: repository, logs of the last hours, and a marker that says the folder is ours to remake.

A marker that says nothing of versions belongs to a demo that was not finished.
"""

from __future__ import annotations

import fcntl
import json
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from cockpit.demo import DemoError, lines, repository, story, traffic

MARKER = ".cockpit-demo"
_BLOCKS_PER_WRITE = 200


@dataclass(frozen=True, slots=True)
class Demo:
    """A demo on disk. `now`: where its history ends (microseconds since the epoch, UTC).

    `versions`: the full commit id of every deploy, oldest first; `faulty`: the one that introduces the fault.
    `live`: a service has written here since the demo was made.
    """

    folder: Path
    repo: Path
    logs: tuple[Path, ...]
    seed: int
    now: int
    versions: tuple[str, ...]
    faulty: str
    live: bool = False

    def plot(self) -> traffic.Plot:
        """What the traffic of this demo needs to go on."""
        return traffic.plot(story.tell(self.seed, self.now), [version[:7] for version in self.versions])


def build(folder: Path, seed: int, now: int) -> Demo:
    """Make the demo in a folder that is missing, empty, or a demo already (which is made anew).

    Raises DemoError for any other folder, for one that a service still writes to, cannot be written, or without git.
    """
    folder = folder.absolute()
    try:
        _refuse_foreign(folder)
        folder.mkdir(parents=True, exist_ok=True)
        with locked(folder):
            return _build(folder, seed, now)
    except OSError as error:
        reason = error.strerror or str(error)
        raise DemoError(f"{folder} cannot be written: {reason}. Name another folder with --dir.") from None


def read(folder: Path) -> Demo:
    """The demo in a folder. Raises DemoError where there is none, or none that was finished."""
    folder = folder.absolute()
    try:
        facts = json.loads((folder / MARKER).read_bytes())
        return _demo(folder, facts["seed"], facts["now"], tuple(facts["versions"]), facts["faulty"], facts["live"])
    except FileNotFoundError:
        raise DemoError(f"{folder} holds no demo: make one with `cockpit demo --dir {folder}`.") from None
    except OSError as error:
        raise DemoError(f"{folder / MARKER} cannot be read: {error.strerror}.") from None
    except (ValueError, KeyError, TypeError):
        raise DemoError(f"The demo in {folder} was not finished: run `cockpit demo --dir {folder}` again.") from None


def mark_live(demo: Demo) -> None:
    """Note that a service writes here now: a later one must not tell the same minutes again. Needs the lock."""
    _mark(demo.folder, _facts(demo) | {"live": True})


@contextmanager
def locked(folder: Path) -> Iterator[None]:
    """Nobody else makes or continues this demo meanwhile. Raises DemoError where somebody does."""
    handle = os.open(folder / MARKER, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o644)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        os.close(handle)
        raise DemoError(f"A demo service is writing to {folder}: stop it first, or name another with --dir.") from None
    try:
        yield
    finally:
        os.close(handle)


def _build(folder: Path, seed: int, now: int) -> Demo:
    _mark(folder, {"seed": seed, "now": now})
    for part in (folder / "repo", folder / "logs"):
        if part.exists():
            shutil.rmtree(part)
    plan = story.tell(seed, now)
    commits = repository.make(folder / "repo", plan)
    versions = tuple(commits[deploy.commit] for deploy in plan.deploys)
    demo = _demo(folder, seed, now, versions, commits[plan.faulty])
    (folder / "logs").mkdir()
    _write_history(demo)
    _mark(folder, _facts(demo))
    return demo


def _demo(folder: Path, seed: int, now: int, versions: tuple[str, ...], faulty: str, live: bool = False) -> Demo:
    logs = tuple(folder / "logs" / name for name in lines.LOGS)
    return Demo(folder, folder / "repo", logs, seed, now, versions, faulty, live)


def _facts(demo: Demo) -> dict[str, Any]:
    return {
        "seed": demo.seed,
        "now": demo.now,
        "versions": demo.versions,
        "faulty": demo.faulty,
        "live": demo.live,
    }


def _mark(folder: Path, facts: dict[str, Any]) -> None:
    """Written in place, not replaced: the lock is on this very file. Cut last, so that no reader finds it empty."""
    with (folder / MARKER).open("r+b", buffering=0) as marker:
        marker.write((json.dumps(facts, indent=1) + "\n").encode())
        marker.truncate()


def _write_history(demo: Demo) -> None:
    """The logs up to `now`, in big writes."""
    plot = demo.plot()
    texts: list[list[str]] = [[] for _ in demo.logs]
    files = [path.open("wb", buffering=0) for path in demo.logs]
    try:
        for number, block in enumerate(traffic.blocks(plot, plot.start, plot.now)):
            for _, log, text in block:
                texts[log].append(text)
            if number % _BLOCKS_PER_WRITE == 0:
                _flush(texts, files)
        _flush(texts, files)
    finally:
        for file in files:
            file.close()


def _flush(texts: list[list[str]], files: list[Any]) -> None:
    for waiting, file in zip(texts, files, strict=True):
        file.write("".join(waiting).encode())
        waiting.clear()


def _refuse_foreign(folder: Path) -> None:
    """Only an empty folder or a demo may be written over."""
    if not folder.exists() or (folder / MARKER).is_file():
        return
    if not folder.is_dir():
        raise DemoError(f"{folder} is not a folder. Name another with --dir.")
    if any(folder.iterdir()):
        raise DemoError(f"{folder} is not empty and holds no demo. Name an empty or new folder with --dir.")
