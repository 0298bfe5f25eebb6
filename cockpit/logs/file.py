"""One log file, read with pread and never mapped: its tail first, what is appended, then what stands earlier."""

from __future__ import annotations

import os
import threading
from pathlib import Path

import numpy as np

from cockpit.logs.described import Format
from cockpit.logs.formats import Teller
from cockpit.logs.index import Index
from cockpit.logs.levels import Level
from cockpit.logs.parts import Stretch
from cockpit.logs.scan import scan
from cockpit.logs.stretch import read_stretch, tells_of_exception
from cockpit.logs.times import NONE

TAIL = 256 * 1024
_BLOCK = 1 << 20
_PROBE = 1 << 16  # bytes that are read to see which time a place in the file is of
_MOST = 1 << 26  # a line or record longer than this is split where the block ends
_SAMPLED = 1 << 18  # bytes of which lines are taken to tell the format
_SAMPLE_LINES = 120
_TELLER = Teller()
_MARK = 256  # bytes at the head of a file that tell whether it is still the same


class SourceError(Exception):
    """A source that cannot be read, in one sentence for the person who named it."""


class LogFile:
    """An open file and the index of it. One thread at a time may grow it; any thread may read records.

    `gone` says in words why the bytes of its records can no longer be read (empty: they can).
    """

    def __init__(self, path: Path, reference: int, tell: Teller = _TELLER) -> None:
        """Open and index the tail. `reference`: microseconds, settles years that times leave out; `tell`: tells its
        format.

        Raises SourceError for what is missing, unreadable, no file, or binary.
        """
        self.path = path
        self.gone = ""
        self.floor = 0
        """The byte before which nothing is indexed."""
        self.index = Index()
        self.lock = threading.Lock()
        self._reference = reference
        self._tell = tell
        self._unfinished = -1  # where an unfinished last line begins
        self._kept = b""  # the last bytes read, in case they are truncated away
        self._fd = _open(path)
        stat = os.fstat(self._fd)
        self.identity = (stat.st_dev, stat.st_ino)
        self.changed_at = stat.st_mtime_ns // 1000
        """When the file was last written before we opened it."""
        self.index.fallback = self.changed_at
        self._mark = self._head()
        start, data = self._tail_of(stat.st_size)
        try:
            self.form: Format = tell(_sample(path, data))
        except SourceError:
            os.close(self._fd)
            raise
        self._told_by = stat.st_size if start == 0 else TAIL
        self._add_tail(start, data)

    @property
    def earlier(self) -> int:
        """Bytes before what is indexed that are still to be."""
        return max(0, self.index.start - self.floor)

    def begin_at(self, since: int) -> None:
        """Index nothing that was written before a time (microseconds): where it begins is found by halving the file."""
        low, high = 0, self.index.start
        while high - low > _BLOCK // 4:
            middle = (low + high) // 2
            start, data = self._from_line(middle, min(middle + _PROBE, high))
            found = scan(data, self.form, self._reference)
            timed = found.times[found.times != NONE]
            if start >= high or not len(timed) or int(timed[0]) >= since:
                high = middle
            else:
                low = start
        self.floor = low

    def size(self) -> int:
        """Bytes in the file now."""
        return os.fstat(self._fd).st_size

    def grow(self) -> bool:
        """Index what was appended, at most a few blocks; True if anything was. Call again until False."""
        with self.lock:
            grown = False
            for _ in range(0 if self.gone else 8):
                start = self._unfinished if self._unfinished >= 0 else self.index.end
                size = self.size()
                if size <= self.index.end:
                    return grown
                if self._told_by * 2 <= size <= TAIL and self._reconsider(size):
                    grown = True
                    continue
                data = self._read(start, min(size, start + max(_BLOCK, self.index.end - start + _BLOCK)))
                if not data or start + len(data) <= self.index.end:
                    return grown
                if self._unfinished >= 0:
                    self._kept = self._kept[: max(0, len(self._kept) - (self.index.end - start))]
                    self.index.drop_last_line(start, 1)
                    self._unfinished = -1
                if not self.index.end:
                    self.form = self._tell(_sample(self.path, data))
                    self._told_by = len(data)
                    self._mark = self._head()
                self._append(start, data)
                grown = True
            return grown

    def _reconsider(self, size: int) -> bool:
        """A file that was young when its format was told may look otherwise now; True if it is indexed anew."""
        data = self._read(0, size)
        self._told_by = size
        form = self._tell(_sample(self.path, data))
        if (form.known, form.spellings, form.wrapper) == (self.form.known, self.form.spellings, self.form.wrapper):
            return False
        self.form = form
        old, self.index = self.index, Index()
        self.index.fallback, self.index.version = old.fallback, old.version + 1
        self._unfinished, self._kept = -1, b""
        self._append(0, data)
        return True

    def index_earlier(self) -> bool:
        """Index one more block before what is indexed; True while there is more."""
        with self.lock:
            stop = self.index.start
            length = _BLOCK
            while stop > self.floor and not self.gone:
                start, data = self._from_line(max(self.floor, stop - length), stop)
                found = scan(data, self.form, self._reference, begins=start == 0)
                if start > self.floor and found.orphans and len(data) < _MOST:
                    if not len(found.starts):
                        length *= 4
                        continue
                    start += int(found.starts[0])
                    found = scan(data[int(found.starts[0]) :], self.form, self._reference)
                if len(data) < stop - start and not data:
                    return False
                self.index.prepend(start, found)
                return start > self.floor
            return False

    def stretch(self, start: int, stop: int) -> Stretch | None:
        """The records of the lines that begin from `start` up to `stop`, without indexing them.

        None where they are gone, or too much to be read at once.
        """
        first, last = self._next_line(start), self._next_line(stop)
        if last - first > _MOST:
            return None
        data = self._read(first, last)
        return read_stretch(first, data, self.form, self._reference) if len(data) == last - first else None

    def join(self, found: Stretch) -> bool:
        """Index a stretch that ends where the index begins; False where it does not, or the file is another now."""
        with self.lock:
            if self.gone or found.stop != self.index.start:
                return False
            self.index.join(found)
            return True

    def _next_line(self, position: int) -> int:
        """Where the first line begins that begins at or after a byte; where the index began, at the latest."""
        stop = self.index.start
        if position <= self.floor or position >= stop:
            return min(max(position, self.floor), stop)
        position -= 1
        while position < stop:
            data = self._read(position, min(position + _PROBE, stop))
            newline = data.find(b"\n")
            if newline >= 0:
                return position + newline + 1
            if not data:
                break
            position += len(data)
        return stop

    def lines_before_index(self) -> int:
        """How many lines stand before the first record that is indexed. Reads what is not indexed."""
        lines, position = self.index.orphans, 0
        while position < self.index.start:
            data = self._read(position, min(position + _BLOCK, self.index.start))
            if not data:
                break
            lines += data.count(b"\n")
            position += len(data)
        return lines

    def read(self, number: int, limit: int | None = None) -> bytes:
        """The exact bytes of a record, with its newline; at most `limit` of them. Empty where they are gone."""
        span = self.index.span(number)
        if span is None:
            return b""
        stop = span[1] if limit is None else min(span[1], span[0] + limit)
        return self.read_span(span[0], stop)

    def read_span(self, start: int, stop: int) -> bytes:
        """The bytes of the file from `start` to `stop`, both within what is indexed; fewer where they are gone."""
        data = b"" if self.gone else self._read(start, stop)
        kept_from = self.index.end - len(self._kept)
        if len(data) < stop - start and start >= kept_from:
            return self._kept[start - kept_from : stop - kept_from]
        return data

    def overwritten(self) -> bool:
        """Whether the file was truncated or rewritten in place since it was indexed."""
        if self.gone:
            return False
        if self.size() < self.index.end:
            return True
        head = self._head()
        if head[: len(self._mark)] != self._mark:
            return True
        self._mark = head
        return False

    def adopt(self, copy: Path) -> bool:
        """Go on with another file that holds the same bytes (what logrotate's copytruncate left); True if it does."""
        try:
            fd = os.open(copy, os.O_RDONLY | os.O_CLOEXEC)
        except OSError:
            return False
        with self.lock:
            if os.pread(fd, len(self._mark), 0) != self._mark:
                os.close(fd)
                return False
            stat = os.fstat(fd)
            os.dup2(fd, self._fd)
            os.close(fd)
            self.path, self.identity = copy, (stat.st_dev, stat.st_ino)
        return True

    def close(self) -> None:
        with self.lock:
            if self._fd >= 0:
                os.close(self._fd)
            self._fd = -1
            self.gone = self.gone or "closed"

    def _append(self, base: int, data: bytes) -> None:
        self._kept = data[-TAIL:] if len(data) >= TAIL else (self._kept + data)[-TAIL:]
        found = scan(data, self.form, self._reference, begins=base == 0)
        before = self.index.stop
        self.index.append(base, found)
        if before > self.index.first and tells_of_exception(data, found):
            self.index.raise_level(before - 1, Level.ERROR)
        if not data.endswith(b"\n"):
            self._unfinished = base + data.rfind(b"\n") + 1

    def _add_tail(self, start: int, data: bytes) -> None:
        found = scan(data, self.form, self._reference)
        if start > 0 and found.orphans and len(found.starts):
            cut = int(found.starts[0])
            start, data = start + cut, data[cut:]
        self._append(start, data)

    def _tail_of(self, size: int) -> tuple[int, bytes]:
        length = TAIL
        while True:
            start, data = self._from_line(max(0, size - length), size)
            if start == 0 or data.count(b"\n") > 1 or length >= _MOST:
                return start, data
            length *= 8

    def _from_line(self, start: int, stop: int) -> tuple[int, bytes]:
        """The bytes up to `stop` from the first line that begins at or after `start` (where there is one)."""
        data = self._read(max(0, start - 1), stop)
        if start == 0:
            return 0, data
        newline = data.find(b"\n")
        if newline < 0 or start + newline >= stop:
            if stop - start >= _MOST:
                return start, data[1:]
            return self._from_line(max(0, stop - 4 * (stop - start)), stop)
        return start + newline, data[newline + 1 :]

    def _head(self) -> bytes:
        return os.pread(self._fd, _MARK, 0)

    def _read(self, start: int, stop: int) -> bytes:
        pieces: list[bytes] = []
        try:
            while start < stop:
                piece = os.pread(self._fd, stop - start, start)
                if not piece:
                    break
                pieces.append(piece)
                start += len(piece)
        except OSError as error:
            self.gone = error.strerror or "cannot be read"
            return b""
        return pieces[0] if len(pieces) == 1 else b"".join(pieces)


def check(path: Path) -> None:
    """Whether a file can be shown, without indexing it. Raises SourceError."""
    fd = _open(path)
    try:
        if _looks_binary(os.pread(fd, TAIL // 4, max(0, os.fstat(fd).st_size - TAIL // 4))):
            raise SourceError(f"{path}: looks binary, not a log; nothing of it is shown.")
    except OSError as error:
        raise SourceError(f"{path}: cannot be read: {error.strerror}.") from None
    finally:
        os.close(fd)


def _open(path: Path) -> int:
    try:
        if path.is_dir():
            raise SourceError(f"{path}: is a directory; name files in it, or the directory as a source of its own.")
        fd = os.open(path, os.O_RDONLY | os.O_CLOEXEC | os.O_NONBLOCK)
    except FileNotFoundError:
        raise SourceError(f"{path}: there is no such file.") from None
    except PermissionError:
        raise SourceError(f"{path}: no permission to read it; run as a user who may, or ask for read access.") from None
    except OSError as error:
        raise SourceError(f"{path}: cannot be opened: {error.strerror}.") from None
    return fd


def _sample(path: Path, data: bytes) -> list[bytes]:
    half = _SAMPLED // 2
    head = data if len(data) <= _SAMPLED else data[:half] + b"\n" + data[-half:]
    if _looks_binary(head):
        raise SourceError(f"{path}: looks binary, not a log; nothing of it is shown.")
    lines = head.splitlines()
    return lines if len(lines) <= _SAMPLE_LINES else lines[1 :: len(lines) // _SAMPLE_LINES + 1]


def _looks_binary(data: bytes) -> bool:
    """Whether more than a twentieth of some bytes are control characters that no text has."""
    counts = np.bincount(np.frombuffer(data, np.uint8), minlength=256)
    odd = int(counts[:9].sum() + counts[14:27].sum() + counts[28:32].sum())
    return odd * 20 > len(data)
