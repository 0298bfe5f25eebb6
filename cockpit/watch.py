"""Tells when files change. The system's notice (through watchfiles) is only a hint that makes it fast: `stat` decides,
and a poll backs it up where no notice comes (NFS, FUSE, some bind mounts). Knows neither logs nor screens.
"""

from __future__ import annotations

import contextlib
import logging
import os
import threading
from collections.abc import Callable
from pathlib import Path

log = logging.getLogger(__name__)

Signature = tuple[int, int, int, int]  # device, inode, size, mtime in ns
_ABSENT: Signature = (0, 0, -1, 0)
_DEBOUNCE_MS, _STEP_MS = 10, 25  # a step is a wake-up, also where nothing happens


def signature(path: Path) -> Signature:
    """What tells a file's states apart: device, inode, size, mtime (ns); size -1 where there is none."""
    try:
        stat = os.stat(path)
    except OSError:
        return _ABSENT
    return stat.st_dev, stat.st_ino, stat.st_size, stat.st_mtime_ns


class Watch:
    """The right to be told of one path's changes, until closed."""

    __slots__ = ("_watcher", "changed", "path", "seen")

    def __init__(self, watcher: Watcher, path: Path, changed: Callable[[], None]) -> None:
        self._watcher = watcher
        self.path = path
        self.changed = changed
        self.seen = signature(path)

    def close(self) -> None:
        self._watcher.forget(self)


class Watcher:
    """One thread that watches any number of files and folders.

    A path need not exist yet. `changed` is called on the watcher's thread after each change of the path itself; for a
    folder, after entries came or went. Many quick changes may make one call. What `changed` raises is logged.
    """

    def __init__(self, poll_seconds: float = 1.0, *, notice: bool = True, waits: bool = False) -> None:
        """`waits`: it has no thread before `begin`."""
        self._poll = poll_seconds
        self._notice = notice
        self._watches: list[Watch] = []
        self._waits = waits
        self._lock = threading.Lock()
        self._restart = threading.Event()
        self._closing = threading.Event()
        self._thread: threading.Thread | None = None

    def watch(self, path: Path, changed: Callable[[], None]) -> Watch:
        """Begin to watch a path."""
        entry = Watch(self, path, changed)
        with self._lock:
            self._watches.append(entry)
        self._begin()
        return entry

    def begin(self) -> None:
        """Begin to look, where it was told to wait."""
        self._waits = False
        self._begin()

    def _begin(self) -> None:
        with self._lock:
            if self._thread is None and self._watches and not self._waits and not self._closing.is_set():
                self._thread = threading.Thread(target=self._run, name="watcher", daemon=True)
                self._thread.start()
        self._restart.set()

    def forget(self, entry: Watch) -> None:
        with self._lock:
            self._watches = [other for other in self._watches if other is not entry]
        self._restart.set()

    def close(self) -> None:
        """Stop; waits for the thread, at most two seconds."""
        self._closing.set()
        self._restart.set()
        thread = self._thread
        if thread is not None and thread is not threading.current_thread():
            thread.join(2.0)

    def look(self) -> None:
        """Look at every path now and tell of what changed. The watcher's thread does this by itself."""
        with self._lock:
            watches = list(self._watches)
        for entry in watches:
            now = signature(entry.path)
            if now != entry.seen:
                entry.seen = now
                try:
                    entry.changed()
                except Exception:
                    log.exception("a watcher of %s failed", entry.path)

    def _run(self) -> None:
        while not self._closing.is_set():
            self._restart.clear()
            folders = self._folders()
            self.look()
            if self._notice and folders:
                try:
                    self._wait_for_notice(folders)
                    continue
                except Exception as error:  # watch limits reached, no inotify: the poll carries on alone
                    log.warning("no notice of file changes (%s); polling every %s s", error, self._poll)
                    self._notice = False
            self._restart.wait(self._poll)

    def _folders(self) -> list[str]:
        """The folders to ask notice of: a rotated file is a change of its folder."""
        with self._lock:
            paths = [entry.path for entry in self._watches]
        found = {str(path if path.is_dir() else path.parent) for path in paths}
        return sorted(folder for folder in found if os.path.isdir(folder))

    def _wait_for_notice(self, folders: list[str]) -> None:
        import watchfiles

        changes = watchfiles.watch(
            *folders,
            watch_filter=None,
            debounce=_DEBOUNCE_MS,
            step=_STEP_MS,
            rust_timeout=max(1, round(self._poll * 1000)),
            yield_on_timeout=True,
            recursive=False,
            raise_interrupt=False,
            stop_event=self._restart,
            ignore_permission_denied=True,
        )
        with contextlib.closing(changes):
            for _ in changes:
                self.look()
                if self._restart.is_set() or self._folders() != folders:
                    return
