"""notes.md, which any editor may have open at the same time: saved by atomic exchange, merged, never overwritten."""

from __future__ import annotations

import contextlib
import ctypes
import fcntl
import os
import secrets
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from cockpit.incident.merge import merge

_EXCHANGE = 2  # RENAME_EXCHANGE of renameat2(2)
_AT_FOLDER = -100
_TRIES = 20


class NotesError(Exception):
    """The notes cannot be read or saved, in one sentence."""


@dataclass(frozen=True, slots=True)
class Saved:
    """What is on disk now; `conflicts` counts places that both sides changed; `merged`: others had written."""

    text: str
    conflicts: int
    merged: bool


class Notes:
    """The notes file and the lock that cockpits take while they write it. Other editors take none; they are noticed."""

    def __init__(self, path: Path, lock: Path) -> None:
        self.path = path
        self._lock = lock

    def read(self) -> str:
        """The text; bytes that are no UTF-8 survive a save. Raises NotesError."""
        return _text(self._bytes())

    def save(self, mine: str, base: str) -> Saved:
        """Save a text that was read as `base` and is now `mine`, merged with what others wrote. Raises NotesError."""
        conflicts = 0
        merged = False

        def made(disk: str) -> str:
            nonlocal conflicts, merged
            merged = disk != base
            result = merge(base, mine, disk)
            conflicts = result.conflicts
            return result.text

        return Saved(self._change(made), conflicts, merged)

    def append(self, line: str) -> None:
        """Add a line (or several) at the end. Raises NotesError."""
        self._change(lambda disk: f"{disk}{'' if not disk or disk.endswith(chr(10)) else chr(10)}{line}\n")

    def _change(self, made: Callable[[str], str]) -> str:
        """Put on disk what `made` makes of the text that is there; again, if somebody wrote meanwhile."""
        try:
            with self._locked():
                before = self._bytes() or self._second_look()
                for _ in range(_TRIES):
                    text = made(_text(before))
                    wanted = text.encode("utf-8", "surrogateescape")
                    if wanted == before:
                        return text
                    displaced = self._replace(wanted, before)
                    if displaced == before:
                        return text
                    before = self._put_back(displaced, wanted)
                raise NotesError(f"{self.path}: something else writes it without pause; not saved yet.")
        except OSError as error:
            raise NotesError(f"{self.path}: not saved: {error.strerror}. The text stays on the screen.") from None

    def _put_back(self, displaced: bytes, ours: bytes) -> bytes:
        """We displaced what somebody wrote after we had read: it goes back. Returns what is to be merged with next."""
        over = self._replace(displaced, ours)
        if over == ours:
            return displaced
        self._replace(over, displaced)  # they wrote once more, over ours: that is their last word
        return over

    def _bytes(self) -> bytes:
        try:
            return self.path.read_bytes()
        except FileNotFoundError:
            return b""
        except OSError as error:
            raise NotesError(f"{self.path}: cannot be read: {error.strerror}.") from None

    def _second_look(self) -> bytes:
        """An empty file may be one that an editor has just truncated, to write it anew."""
        if self.path.exists():
            time.sleep(0.05)
        return self._bytes()

    def _replace(self, content: bytes, expected: bytes) -> bytes:
        """Put content in place atomically; returns what stood there until that moment.

        Where names cannot be exchanged, nothing is replaced unless `expected` still stands there just before.
        """
        fresh = self.path.with_name(f".{self.path.name}.{secrets.token_hex(4)}")
        mode = self.path.stat().st_mode & 0o777 if self.path.exists() else 0o600
        fd = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, mode)
        try:
            with os.fdopen(fd, "wb") as file:
                file.write(content)
                file.flush()
                os.fsync(file.fileno())
            if self.path.exists() and _exchange(fresh, self.path):
                displaced = fresh.read_bytes()
            else:
                displaced = self._bytes()
                if displaced == expected:
                    os.replace(fresh, self.path)
            _sync_folder(self.path.parent)
            return displaced
        finally:
            with contextlib.suppress(FileNotFoundError):
                fresh.unlink()

    @contextlib.contextmanager
    def _locked(self) -> Iterator[None]:
        fd = os.open(self._lock, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        try:
            fcntl.flock(fd, fcntl.LOCK_EX)
            yield
        finally:
            os.close(fd)


def _text(data: bytes) -> str:
    return data.decode("utf-8", "surrogateescape").replace("\r\n", "\n")


def _exchange(one: Path, two: Path) -> bool:
    """Swap two names atomically where the system can; False where it cannot."""
    try:
        swap = ctypes.CDLL(None, use_errno=True).renameat2
    except (AttributeError, OSError):
        return False
    return bool(swap(_AT_FOLDER, os.fsencode(one), _AT_FOLDER, os.fsencode(two), _EXCHANGE) == 0)


def _sync_folder(folder: Path) -> None:
    fd = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    try:
        os.fsync(fd)
    finally:
        os.close(fd)
