"""notes.md, which any editor may have open at the same time: saved by atomic exchange, merged, never overwritten."""

from __future__ import annotations

import contextlib
import ctypes
import os
import secrets
import threading
import time
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from cockpit.incident.disk import locked, sync_folder
from cockpit.incident.merge import merge

_EXCHANGE = 2  # RENAME_EXCHANGE of renameat2(2)
_AT_FOLDER = -100
_TRIES = 20
_HELD = 6  # displaced files that are held open
_BLIND = 1_000_000_000  # nanoseconds in which nobody reads a save, changes a line of it, and saves again
_LOOKS = 5  # at a file that is gone or empty
_BLOCK = 4096  # bytes; editors write blocks of so many, and end a text with a newline
_WRITTEN = 0.05  # seconds after which an editor that has emptied a file has written it


class NotesError(Exception):
    """The notes cannot be read or saved, in one sentence."""


@dataclass(frozen=True, slots=True)
class Saved:
    """What is on disk now; `conflicts` counts places that both sides changed; `merged`: others had written."""

    text: str
    conflicts: int
    merged: bool


class _Displaced:
    """A file that a save of ours took the place of, still open, and what it held when it was last looked at."""

    def __init__(self, path: Path) -> None:
        self._fd = os.open(path, os.O_RDONLY | os.O_CLOEXEC)
        self.content = self.read()

    def read(self) -> bytes:
        return os.pread(self._fd, max(1, os.fstat(self._fd).st_size), 0)

    def close(self) -> None:
        os.close(self._fd)


@dataclass(frozen=True, slots=True)
class _Written:
    """A save of ours: the text before and after it, and the time of the file then (nanoseconds)."""

    before: str
    after: str
    when: int

    @property
    def lines(self) -> list[str]:
        """Lines that came with it."""
        known = set(self.before.split("\n"))
        return [line for line in self.after.split("\n") if line.strip() and line not in known]


class Notes:
    """The notes file and the lock that cockpits take while they write it. Other editors take none; they are noticed."""

    def __init__(self, path: Path, lock: Path) -> None:
        self.path = path
        self._lock = lock
        self._was_there = False
        self._seen: bytes | None = None  # what our last save left
        self._written: deque[_Written] = deque(maxlen=_HELD)
        self._replaced_at = 0
        self._turn = threading.RLock()  # of our own threads; taken before the lock that all take
        self._displaced: deque[_Displaced] = deque()

    def read(self) -> str:
        """The text; bytes that are no UTF-8 survive a save. Raises NotesError."""
        self.recover()
        return text_of(self._bytes() or b"")

    def missing(self) -> bool:
        """Whether there is no file (yet, or for a moment: an editor may be exchanging it)."""
        return not self.path.exists()

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

        self.recover()
        text, late = self._change(made, base)
        return Saved(text, conflicts, merged or late)

    def take_in(self, theirs: str, base: str, names: tuple[str, str]) -> Saved:
        """Make what `base` became elsewhere of what is on disk. names: of who is here and there. Raises NotesError."""
        conflicts = 0

        def made(disk: str) -> str:
            nonlocal conflicts
            result = merge(base, disk, theirs, names)
            conflicts = result.conflicts
            return result.text

        self.recover()
        text, _ = self._change(made, base)
        return Saved(text, conflicts, text != theirs)

    def append(self, line: str) -> None:
        """Add a line (or several) at the end. Raises NotesError."""
        data = bytes_of(f"{line}\n")
        try:
            with locked(self._lock):
                for _ in range(_TRIES):
                    known = (self._bytes() or b"").count(data)
                    fd = os.open(self.path, os.O_RDWR | os.O_CREAT | os.O_APPEND | os.O_CLOEXEC, 0o600)
                    try:
                        _add(fd, data)
                    finally:
                        os.close(fd)
                    if (self._bytes() or b"").count(data) > known:  # no editor wrote an older text over it meanwhile
                        return
                raise NotesError(f"{self.path}: something else writes it without pause; not saved yet.")
        except OSError as error:
            raise NotesError(f"{self.path}: not saved: {error.strerror}. The text stays on the screen.") from None

    @property
    def holds_displaced(self) -> bool:
        """Whether there is something that `recover` looks at."""
        return bool(self._displaced)

    def recover(self) -> bool:
        """Take in what was written into a file that a save of ours had displaced (an editor still held it open).

        True if there was something. Raises NotesError.
        """
        with self._turn:
            found = False
            if self._written and self._put_back(there := text_of(self._bytes() or b"")) != there:
                self._change(lambda disk: disk, "")
                found = True
            for displaced in list(self._displaced):
                content = displaced.content
                if displaced.read() not in (b"", content) and (now := _settled(displaced.read)):
                    displaced.content, found = now, True
                    theirs, before = text_of(now), text_of(content)
                    self._change(lambda disk, b=before, t=theirs: merge(b, disk, t).text, "")  # type: ignore[misc]
            return found

    def close(self) -> None:
        """Look a last time, and let go."""
        with self._turn:
            with contextlib.suppress(NotesError):
                self.recover()
            for displaced in self._displaced:
                displaced.close()
            self._displaced.clear()

    def _change(self, made: Callable[[str], str], base: str) -> tuple[str, bool]:
        """Put on disk what `made` makes of the text that is there (`base` where the file is gone).

        Returns the text, and whether somebody wrote meanwhile and that was merged.
        """
        try:
            with self._turn, locked(self._lock):
                there = self._whole() or self._second_look(bool(base))
                known = there if there is not None else bytes_of(base)
                text = made(self._put_back(text_of(known)))
                before, mine = text_of(known), text
                for turn in range(_TRIES):
                    wanted = bytes_of(text)
                    if wanted == there:
                        self._seen = wanted
                        return text, turn > 0
                    displaced, replaced = self._replace(wanted, there, known)
                    if replaced and displaced == there:
                        self._seen = wanted
                        self._remember(_Written(before, mine, self._replaced_at), text)
                        return text, turn > 0
                    if not displaced:
                        displaced = self._second_look(True)
                    if displaced:  # an empty one is of an editor that has made it just now, and tells nothing
                        text = merge(text_of(known), text, text_of(displaced)).text
                        known = wanted if replaced else displaced
                    there = wanted if replaced else displaced
                raise NotesError(f"{self.path}: something else writes it without pause; not saved yet.")
        except OSError as error:
            raise NotesError(f"{self.path}: not saved: {error.strerror}. The text stays on the screen.") from None

    def _bytes(self) -> bytes | None:
        try:
            data = self.path.read_bytes()
            self._was_there = True
            return data
        except FileNotFoundError:
            return None
        except OSError as error:
            raise NotesError(f"{self.path}: cannot be read: {error.strerror}.") from None

    def _whole(self) -> bytes | None:
        """What the file holds, once it does not look as if an editor were in the middle of writing it."""
        data = self._bytes()
        return data if not data or data == self._seen else _settled(lambda: self._bytes() or b"")

    def _second_look(self, was_there: bool) -> bytes | None:
        """An editor may have truncated the file just now, or renamed it, to write it anew."""
        if not (was_there or self._was_there or self.path.exists()):
            return None
        for _ in range(_LOOKS):
            time.sleep(_WRITTEN)
            if data := self._bytes():
                return data
        return self._bytes()

    def _put_back(self, disk: str) -> str:
        """What is on disk, with the lines of our last saves where an editor overwrote that with an older text.

        An editor looks at the file before it writes, but not at the same moment: a save of ours may come between. So
        what others wrote right after it, and holds no line of it, was not made from it.
        """
        try:
            now = self.path.stat().st_mtime_ns
        except FileNotFoundError:
            return disk
        for last in self._written:
            fresh = now - last.when < _BLIND and bool(last.lines) and bool(disk)
            if fresh and set(last.lines).isdisjoint(disk.split("\n")):
                merged = merge(last.before, last.after, disk)
                lines = "".join(f"{line}\n" for line in last.lines)
                disk = f"{disk.rstrip()}\n{lines}" if merged.conflicts else merged.text
        return disk

    def _remember(self, written: _Written, text: str) -> None:
        """Keep what a save brought, and of earlier ones what still stands: what we took out ourselves stays out."""
        there = set(text.split("\n"))
        standing = [each for each in self._written if not there.isdisjoint(each.lines)]
        self._written = deque([*standing, written], _HELD)

    def _replace(self, content: bytes, expected: bytes | None, known: bytes) -> tuple[bytes | None, bool]:
        """Put content in place atomically; returns what stood there until that moment, and whether it was replaced.

        None stands for no file. Where there is none, or names cannot be exchanged, nothing is replaced unless
        `expected` still stands there just before.
        """
        target = self.path.resolve()
        fresh = target.with_name(f".{target.name}.{secrets.token_hex(4)}")
        mode = _mode(target)
        fd = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, mode)
        try:
            with os.fdopen(fd, "wb") as file:
                os.fchmod(file.fileno(), mode)
                file.write(content)
                file.flush()
                os.fsync(file.fileno())
                self._replaced_at = os.fstat(file.fileno()).st_mtime_ns
            displaced: bytes | None
            if target.exists() and _exchange(fresh, target):
                displaced, replaced = self._keep(fresh, expected, known), True
            else:
                displaced = self._bytes()
                replaced = displaced == expected and (displaced is not None or _first_there(fresh, target))
                if replaced and displaced is not None:
                    os.replace(fresh, target)
                elif not replaced and displaced is None:
                    displaced = self._bytes()
            sync_folder(target.parent)
            return displaced, replaced
        finally:
            with contextlib.suppress(FileNotFoundError):
                fresh.unlink()

    def _keep(self, path: Path, expected: bytes | None, known: bytes) -> bytes:
        """Hold on to a displaced file: whoever had it open may still write into it.

        An empty one, where another was expected, is of an editor that is about to write what it made of `known`.
        """
        displaced = _Displaced(path)
        if displaced.content != expected:
            displaced.content = _settled(displaced.read) or known
        self._displaced.append(displaced)
        if len(self._displaced) > _HELD:
            self._displaced.popleft().close()
        return displaced.content


def _settled(read: Callable[[], bytes]) -> bytes:
    """What a file holds; where that looks cut, after a moment in which nobody wrote into it."""
    data = read()
    for _ in range(_LOOKS):
        if data.endswith(b"\n") and len(data) % _BLOCK:
            break
        time.sleep(_WRITTEN)
        if (again := read()) == data:
            break
        data = again
    return data


def text_of(data: bytes) -> str:
    """The text of a file; bytes that are no UTF-8 survive `bytes_of`."""
    return data.decode("utf-8", "surrogateescape").replace("\r\n", "\n")


def bytes_of(text: str) -> bytes:
    """A text as it stands in its file."""
    try:
        return text.encode("utf-8", "surrogateescape")
    except UnicodeEncodeError:  # half a character that stands for no byte
        return text.encode("utf-8", "replace")


def _add(fd: int, data: bytes) -> None:
    """Append to an open file, on a line of its own; all of it or nothing. Raises OSError."""
    size = os.fstat(fd).st_size
    if size and os.pread(fd, 1, size - 1) != b"\n":
        data = b"\n" + data
    try:
        if os.write(fd, data) != len(data):
            raise OSError(28, "No space left on device")
        os.fsync(fd)
    except OSError:
        with contextlib.suppress(OSError):
            os.ftruncate(fd, size)
        raise


def _exchange(one: Path, two: Path) -> bool:
    """Swap two names atomically where the system can; False where it cannot."""
    try:
        swap = ctypes.CDLL(None, use_errno=True).renameat2
    except (AttributeError, OSError):
        return False
    return bool(swap(_AT_FOLDER, os.fsencode(one), _AT_FOLDER, os.fsencode(two), _EXCHANGE) == 0)


def _mode(path: Path) -> int:
    """The permissions of a file, or those of a new one."""
    try:
        return path.stat().st_mode & 0o777
    except FileNotFoundError:
        return 0o600


def _first_there(fresh: Path, target: Path) -> bool:
    """Give a file a name that nobody has; False where somebody has it by now."""
    try:
        os.link(fresh, target)
    except FileExistsError:
        return False
    except OSError:  # a file system without links
        os.replace(fresh, target)
    return True
