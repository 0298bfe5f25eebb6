"""Tells of files that appear in a folder, or come to fit a pattern, after it was opened."""

from __future__ import annotations

import contextlib
import glob
import os
import threading
from collections.abc import Callable, Iterable
from pathlib import Path

from cockpit.logs.file import SourceError
from cockpit.logs.find import MOST_FILES, Kind, Named, list_files, most_files
from cockpit.watch import Watch, Watcher

_HEAD = 64  # bytes at the beginning that tell a renamed file from a new one that got its inode
Mark = tuple[int, int, bytes]  # device, inode, first bytes


class Arrivals:
    """Looks when the watcher says that a folder changed, and every few seconds as a back-up (deeper folders, NFS).

    `arrived` is called with new paths, on a thread of its own; `too_many` with a sentence, once, when there are more
    than may be open. A file that was only renamed (rotated to a name that fits too) is none that arrived.
    """

    def __init__(
        self,
        named: Named,
        watcher: Watcher,
        arrived: Callable[[list[Path]], None],
        *,
        known: Iterable[Path] = (),
        most: int | None = None,
        too_many: Callable[[str], None] = lambda sentence: None,
        poll_seconds: float = 5.0,
    ) -> None:
        """`known`: paths that are open already; `most`: how many may be open in all (None: what the limits allow)."""
        self._named = named
        self._arrived = arrived
        self._too_many = too_many
        self._told = False
        self._poll = poll_seconds
        self._marks: dict[Path, Mark] = {path: _mark(path) for path in known}
        self._most = min(MOST_FILES, len(self._marks) + most_files()) if most is None else most
        self._passed: set[Path] = set()  # renamed ones, which are none that arrived
        self._changed = threading.Event()
        self._closing = threading.Event()
        self._watch: Watch = watcher.watch(_folder_of(named), self._changed.set)
        self._thread = threading.Thread(target=self._run, name="arrivals", daemon=True)
        self._thread.start()

    def look(self) -> list[Path]:
        """The paths that have come since the last look."""
        before = {(device, inode): head for device, inode, head in self._marks.values() if head}
        self._refresh()
        try:
            listed = list_files(self._named)  # after that: what was renamed meanwhile has a mark we know
        except SourceError:  # the folder is gone; it may come back
            return []
        new = []
        self._passed &= set(listed)
        for path in listed:
            if path in self._marks or path in self._passed:
                continue
            mark = _mark(path)
            head = before.get(mark[:2])
            if head is not None and mark[2].startswith(head):
                self._passed.add(path)
            elif len(self._marks) < self._most:
                self._marks[path] = mark
                new.append(path)
            elif not self._told:
                self._told = True
                self._too_many(f"{self._named.text}: {path.name} and what comes after it is not open: too many files.")
        return new

    def close(self) -> None:
        self._closing.set()
        self._changed.set()
        self._watch.close()
        if self._thread is not threading.current_thread():
            self._thread.join(2.0)

    def _run(self) -> None:
        while not self._closing.is_set():
            self._changed.clear()
            new = self.look()
            if new and not self._closing.is_set():
                self._arrived(new)
            self._changed.wait(self._poll)

    def _refresh(self) -> None:
        """Learn the marks of the files that stand at the known paths now."""
        for path, (device, inode, head) in list(self._marks.items()):
            with contextlib.suppress(OSError):
                stat = os.stat(path)
                if (stat.st_dev, stat.st_ino) != (device, inode) or len(head) < _HEAD:
                    self._marks[path] = _mark(path)


def _mark(path: Path) -> Mark:
    try:
        descriptor = os.open(path, os.O_RDONLY | os.O_CLOEXEC | os.O_NONBLOCK)
    except OSError:
        return 0, 0, b""
    try:
        stat = os.fstat(descriptor)
        return stat.st_dev, stat.st_ino, os.pread(descriptor, _HEAD, 0)
    except OSError:
        return 0, 0, b""
    finally:
        os.close(descriptor)


def _folder_of(named: Named) -> Path:
    """The folder whose entries come and go: of a pattern, the deepest one without magic in its name."""
    path = Path(named.target)
    if named.kind is Kind.FOLDER:
        return path
    path = path.parent
    while glob.has_magic(str(path)):
        path = path.parent
    return path
