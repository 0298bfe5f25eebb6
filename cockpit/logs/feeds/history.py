"""The earlier history of a log: its rotated files as plain ones, packed ones unpacked aside, the newest first."""

from __future__ import annotations

import contextlib
import os
import threading
from collections.abc import Callable
from pathlib import Path

from cockpit.logs.feeds.siblings import Sibling, siblings_of
from cockpit.logs.feeds.spool import CAP
from cockpit.logs.feeds.unpack import unpack
from cockpit.logs.file import SourceError

_NICE = 15


class History:
    """Tells of each rotated file of a log as a plain path, on a thread of its own at low priority.

    `ready(sibling, path)` is called as soon as a file can be opened, the newest first, as that is what a person wants
    first; `siblings` holds them oldest first. `problems` are sentences about what is missing of it.
    """

    def __init__(
        self, log: Path, folder: Path, ready: Callable[[Sibling, Path], None], most: int = CAP, *, nice: int = _NICE
    ) -> None:
        """`folder`: where packed files are unpacked to; `most`: bytes that all of them may take there.

        Raises SourceError where the log's folder cannot be listed.
        """
        self.siblings = siblings_of(log)
        self.problems: list[str] = []
        self.size = 0
        self._folder = folder
        self._ready = ready
        self._most = most
        self._nice = nice
        self._unpacked: list[Path] = []
        self._closing = threading.Event()
        self._ended = threading.Event()
        self._thread = threading.Thread(target=self._run, name="history", daemon=True)

    @property
    def complete(self) -> bool:
        """Whether all that can be opened was told."""
        return self._ended.is_set()

    def start(self) -> None:
        self._thread.start()

    def close(self, *, keep: bool) -> None:
        """Stop, and remove what was unpacked unless it is to be kept."""
        self._closing.set()
        if self._thread.ident is not None:
            self._thread.join(2.0)
        if not keep:
            for path in self._unpacked:
                with contextlib.suppress(OSError):
                    path.unlink()

    def _run(self) -> None:
        with contextlib.suppress(OSError, AttributeError):  # of this thread alone, where the system can do that
            os.setpriority(os.PRIO_PROCESS, threading.get_native_id(), self._nice)
        try:
            for sibling in reversed(self.siblings):
                if self._closing.is_set():
                    return
                path = self._unpack(sibling) if sibling.packing else sibling.path
                if path is not None and not self._closing.is_set():
                    self._ready(sibling, path)
        finally:
            self._ended.set()

    def _unpack(self, sibling: Sibling) -> Path | None:
        if self.size >= self._most:
            self.problems.append(
                f"{sibling.path.name} and what is older was not unpacked: {self._most:,} bytes are full."
            )
            self._closing.set()
            return None
        target = self._folder / sibling.path.with_suffix("").name
        self._unpacked.append(target)
        try:
            done = unpack(sibling.path, target, self._most - self.size, self._closing.is_set)
        except SourceError as error:
            self.problems.append(str(error))
            return None
        if done is None:
            return None
        self.size += done.size
        if done.missing:
            self.problems.append(done.missing)
        return target
