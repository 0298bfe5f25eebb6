"""Makes a file of what is none: standard input is written to a spool, and read from there like any other log."""

from __future__ import annotations

import contextlib
import os
import threading
from pathlib import Path

CAP = 256 * 1024 * 1024
"""Most bytes that a spool holds; what comes after is counted, not kept."""


class Spool:
    """Copies a file descriptor to a file, on a thread of its own, until it ends or `close`.

    `size`, `dropped`: bytes kept and bytes beyond the cap; `failed`: why writing stopped (empty: it did not).
    """

    def __init__(self, descriptor: int, path: Path, cap: int = CAP) -> None:
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        self.path = path
        self.size = 0
        self.dropped = 0
        self.failed = ""
        self._cap = cap
        self._source = descriptor
        self._target = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_APPEND | os.O_CLOEXEC, 0o600)
        self._thread = threading.Thread(target=self._copy, name="spool", daemon=True)
        self._ended = threading.Event()
        self._thread.start()

    @property
    def live(self) -> bool:
        """Whether bytes may still come."""
        return not self._ended.is_set()

    def close(self, *, keep: bool) -> None:
        """Stop, and remove the file unless it is to be kept."""
        self._ended.set()
        if not keep:
            with contextlib.suppress(OSError):
                self.path.unlink()

    def _copy(self) -> None:
        try:
            while not self._ended.is_set():
                data = os.read(self._source, 1 << 16)
                if not data:
                    break
                kept = data[: max(0, self._cap - self.size)]
                self.dropped += len(data) - len(kept)
                self._write(kept)
        except OSError as error:
            self.failed = error.strerror or str(error)
        finally:
            self._ended.set()
            os.close(self._target)

    def _write(self, data: bytes) -> None:
        while data:
            written = os.write(self._target, data)
            self.size += written
            data = data[written:]
