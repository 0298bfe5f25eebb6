"""Which log files the processes of this host hold open for writing."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True)
class OpenLog:
    """A file that a process is writing. size: bytes; changed: seconds since the epoch."""

    path: Path
    process: str
    pid: int
    size: int
    changed: float


def open_logs(is_log: Callable[[Path], bool], most: int = 50) -> list[OpenLog]:
    """The logs that running processes hold open for writing, the one written last first.

    `is_log` tells a log by its path. Processes of other users are left out where the system does not let us see them.
    """
    import psutil

    found: dict[Path, OpenLog] = {}
    for process in psutil.process_iter(["pid", "name"]):
        try:
            files = process.open_files()
        except (psutil.Error, OSError):
            continue
        for opened in files:
            path = Path(opened.path)
            writing = getattr(opened, "mode", "a") not in ("r", "rt", "rb")
            if path in found or not writing or not is_log(path):
                continue
            try:
                stat = path.stat()
            except OSError:
                continue
            found[path] = OpenLog(path, process.info["name"] or "?", process.info["pid"], stat.st_size, stat.st_mtime)
    return sorted(found.values(), key=lambda log: log.changed, reverse=True)[:most]
