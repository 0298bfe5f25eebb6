"""The journal: one JSON object a line, only ever appended to. What append has returned is on disk."""

from __future__ import annotations

import contextlib
import fcntl
import os
import threading
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import msgspec

from cockpit.clock import Clock, to_rfc3339
from cockpit.incident.ids import Ids

VERSION = 1


class JournalError(Exception):
    """The journal cannot be written or read, in one sentence; nothing of the entry was kept."""


class Entry(msgspec.Struct, frozen=True, gc=False):
    """One thing that happened. at: RFC 3339, UTC; by: `ana@web-1`; data: what the type needs."""

    v: int
    id: str
    at: str
    by: str
    type: str
    data: dict[str, Any] = {}


@dataclass(frozen=True, slots=True)
class Damage:
    """A line that is no entry: its number (1-based), where it begins (bytes), why, and how it looks."""

    line_number: int
    byte_offset: int
    why: str
    excerpt: str


@dataclass(slots=True)
class Batch:
    """Entries that appeared since the last read, each once. `restarted`: the file is another; these are all."""

    entries: list[Entry] = field(default_factory=list)
    restarted: bool = False


_encoder = msgspec.json.Encoder()
_decoder = msgspec.json.Decoder(Entry)
_NO_ENTRY = (msgspec.DecodeError, msgspec.ValidationError, UnicodeDecodeError, RecursionError)
_AT_ONCE = 1 << 16  # bytes of lines that are read as one


def lines_of(data: bytes) -> list[bytes]:
    """The lines of a journal, whatever they hold, without blank ones."""
    return [line for line in data.split(b"\n") if line.strip()]


def entries_of(data: bytes) -> list[Entry]:
    """The entries in the bytes of a journal; lines that are none are left out."""
    found = []
    for line in lines_of(data):
        with contextlib.suppress(*_NO_ENTRY):
            found.append(_decoder.decode(line))
    return found


def each_once(entries: Iterable[Entry]) -> dict[str, Entry]:
    """Entries by id. Of two that differ under one id, the same one counts in whatever order they come."""
    entries = list(entries)
    found = {entry.id: entry for entry in entries}
    if len(found) == len(entries):
        return found
    for entry in entries:
        other = found.setdefault(entry.id, entry)
        if other is not entry and other != entry:
            found[entry.id] = max(other, entry, key=_encoder.encode)
    return found


class Journal:
    """One journal file, read and appended to by this process and by others at the same time."""

    def __init__(self, path: Path, clock: Clock, by: str, ids: Ids | None = None) -> None:
        self.path = path
        self.damaged: list[Damage] = []
        self._clock = clock
        self._by = by
        self._ids = ids or Ids(clock)
        self._lock = threading.Lock()
        self._offset = 0
        self._lines = 0
        self._identity: tuple[int, int] | None = None
        self._seen: dict[str, Entry] = {}
        self._mark = b""  # the last bytes read: where they are others, the file was rewritten

    def append(self, kind: str, data: dict[str, Any]) -> Entry:
        """Write an entry and wait until the disk has it. Raises JournalError; then nothing of it stays."""
        with self._lock, self._held() as fd:
            entry = Entry(VERSION, self._ids.new(), to_rfc3339(self._clock.now()), self._by, kind, data)
            self._write(fd, _encoder.encode(entry) + b"\n")
            return entry

    def whole(self) -> bytes:
        """All of the file, while nobody appends to it. Raises JournalError."""
        with self._lock, self._held() as fd:
            return _read_from(fd, 0)

    def add_lines(self, lines: Iterable[bytes]) -> int:
        """Append lines of another copy that are not here, as they are, all at once; how many. Raises JournalError."""
        with self._lock, self._held() as fd:
            known = set(lines_of(_read_from(fd, 0)))
            fresh = [line for line in dict.fromkeys(lines) if line not in known]
            if fresh:
                self._write(fd, b"\n".join(fresh) + b"\n")
            return len(fresh)

    def read(self) -> Batch:
        """What appeared since the last read. A last line without its newline is waited for."""
        with self._lock:
            try:
                fd = os.open(self.path, os.O_RDONLY | os.O_CLOEXEC)
            except FileNotFoundError:
                return Batch()
            except OSError as error:
                raise JournalError(f"{self.path} cannot be read: {error.strerror}.") from None
            try:
                batch = Batch(restarted=self._restart_if_other(fd))
                data = _read_from(fd, self._offset)
                end = data.rfind(b"\n") + 1
                self._take(data[:end], batch)
                self._mark = os.pread(fd, min(64, self._offset), max(0, self._offset - 64))
                return batch
            finally:
                os.close(fd)

    @contextlib.contextmanager
    def _held(self) -> Iterator[int]:
        """The file, open to be appended to by nobody else."""
        try:
            fd = os.open(self.path, os.O_RDWR | os.O_APPEND | os.O_CREAT | os.O_CLOEXEC, 0o600)
        except OSError as error:
            raise JournalError(
                f"{self.path} cannot be written: {error.strerror}. Choose a folder with --incidents DIR."
            ) from None
        try:
            try:
                fcntl.flock(fd, fcntl.LOCK_EX)
            except OSError as error:
                raise JournalError(f"{self.path} cannot be locked: {error.strerror}. Nothing was written.") from None
            yield fd
        finally:
            os.close(fd)

    def _write(self, fd: int, line: bytes) -> None:
        size = 0
        try:
            size = os.fstat(fd).st_size
            if size and os.pread(fd, 1, size - 1) != b"\n":
                line = b"\n" + line  # a line torn by a crash; ours begins on its own
            written = os.write(fd, line)
            if written != len(line):
                raise OSError(28, "No space left on device")
            os.fsync(fd)
        except OSError as error:
            with contextlib.suppress(OSError):
                os.ftruncate(fd, size)
            raise JournalError(
                f"{self.path}: not written: {error.strerror}. Nothing was lost; make room and do it again."
            ) from None

    def _restart_if_other(self, fd: int) -> bool:
        """Begin anew where the file was replaced, shrunk or rewritten since the last read."""
        stat = os.fstat(fd)
        identity = (stat.st_dev, stat.st_ino)
        known = self._identity is not None
        same = identity == self._identity and stat.st_size >= self._offset
        same = same and os.pread(fd, len(self._mark), self._offset - len(self._mark)) == self._mark
        self._identity = identity
        if known and not same:
            self._offset, self._lines, self._mark = 0, 0, b""
            self._seen.clear()
            self.damaged.clear()
            return True
        return False

    def _take(self, data: bytes, batch: Batch) -> None:
        """Take in whole lines, many at once where all of them are entries."""
        start = 0
        while start < len(data):
            stop = data.find(b"\n", start + _AT_ONCE) + 1 or len(data)
            lines = data[start:stop]
            entries = _entries_of(lines)
            if entries is None:
                self._take_by_line(lines, self._offset + start, batch)
            else:
                self._lines += len(entries)
                self._keep(entries, batch)
            start = stop
        self._ids.observe(*(entry.id for entry in batch.entries))
        self._offset += len(data)

    def _take_by_line(self, data: bytes, offset: int, batch: Batch) -> None:
        start = 0
        while start < len(data):
            stop = data.index(b"\n", start)
            line = data[start:stop]
            self._lines += 1
            if line.strip():
                try:
                    self._keep([_decoder.decode(line)], batch)
                except _NO_ENTRY as error:
                    excerpt = line[:120].decode("utf-8", "backslashreplace")
                    self.damaged.append(Damage(self._lines, offset + start, str(error), excerpt))
            start = stop + 1

    def _keep(self, entries: list[Entry], batch: Batch) -> None:
        """Add those that are new; of two that differ under one id, both."""
        fresh = {entry.id: entry for entry in entries}
        if len(fresh) == len(entries) and self._seen.keys().isdisjoint(fresh):
            self._seen |= fresh
            batch.entries += entries
            return
        for entry in entries:
            if self._seen.get(entry.id) != entry:
                self._seen[entry.id] = entry
                batch.entries.append(entry)


def _entries_of(lines: bytes) -> list[Entry] | None:
    """What some lines hold, where each holds one entry; None where one of them may not."""
    if b"\n\n" in lines:
        return None
    try:
        entries = _decoder.decode_lines(lines)
    except _NO_ENTRY:
        return None
    return entries if len(entries) == lines.count(b"\n") else None


def _read_from(fd: int, offset: int) -> bytes:
    pieces = []
    while piece := os.pread(fd, 1 << 20, offset):
        pieces.append(piece)
        offset += len(piece)
    return b"".join(pieces)
