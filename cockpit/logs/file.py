"""One log file, read with pread and never mapped: its tail first, what is appended, then what stands earlier."""

from __future__ import annotations

import os
import threading
from pathlib import Path

from cockpit.logs.described import Format
from cockpit.logs.formats import Teller
from cockpit.logs.index import Index
from cockpit.logs.levels import Level
from cockpit.logs.opened import (
    MOST,
    Read,
    SourceError,
    check,
    from_line,
    is_binary,
    next_line,
    open_log,
    refuse_binary,
    tail_of,
)
from cockpit.logs.parts import Stretch, one_part
from cockpit.logs.scan import scan
from cockpit.logs.stretch import from_record, read_stretch, tells_of_exception
from cockpit.logs.telling import (
    Forms,
    another,
    before_boundary,
    first_lines,
    last_lines,
    loses,
    reads_well,
    sample,
    takes_over,
    told_better,
    two_halves,
)
from cockpit.logs.times import NONE

__all__ = ["TAIL", "LogFile", "SourceError", "check"]

TAIL = 256 * 1024
_BLOCK = 1 << 20
_PROBE = 1 << 16  # bytes that are read to see which time, or which format, a place in the file is of
_TELLER = Teller()
_LATELY = 1 << 14  # bytes
_MARK = 256  # bytes at the head of a file that tell whether it is still the same
_LOOK_EVERY = 4096  # bytes after which the last lines are held against the format again
_FEW = 10  # lines at the very beginning of a file that may be of another format than all after them
_SELDOM = 1 << 20  # bytes in which the format changes at most twice


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
        self._fd = open_log(path)
        stat = os.fstat(self._fd)
        self.identity = (stat.st_dev, stat.st_ino)
        self.changed_at = stat.st_mtime_ns // 1000
        """When the file was last written before we opened it."""
        self.index.fallback = self.changed_at
        self._mark = os.pread(self._fd, _MARK, 0)
        start, data = tail_of(self._read, stat.st_size, TAIL)
        try:
            refuse_binary(path, data)
        except SourceError:
            os.close(self._fd)
            raise
        self.lately = data[-_LATELY:]
        """Some of its bytes, the last ones when they were looked at, for what is chosen by how its lines look."""
        self.forms = Forms(tell(sample(data)))
        """How its records are written; all of a part in one way."""
        self._told_by = stat.st_size if start == 0 else TAIL
        self._look_at = 0  # the byte up to which lines are taken to be written as those before
        self._doubts = 0  # how often of late the lines looked at were of no format
        self._changed: list[int] = []  # the bytes at which changes of the format were noticed
        self._changed_earlier: list[int] = []
        first, cut = _first_lines(self._read, start, data)[0], 0
        halves = two_halves(self.form, first, last_lines(data), tell)
        if halves is not None:  # what is of the earlier format is left to `index_earlier`
            self.forms, self._told_by = Forms(halves[1]), TAIL
            cut = before_boundary(data, *halves, late=False)
        self._append(*from_record(start + cut, data[cut:], self.form, reference))
        if halves is not None and cut:
            known = self._read(max(0, start - TAIL), start + cut)
            self.forms.end(self.index.first, told_better(*halves, known, first, tell))
        self._notice_change()

    @property
    def form(self) -> Format:
        """How the last lines are written."""
        return self.forms.latest

    @property
    def earlier(self) -> int:
        """Bytes before what is indexed that are still to be."""
        return max(0, self.index.start - self.floor)

    def begin_at(self, since: int) -> None:
        """Index nothing that was written before a time (microseconds): where it begins is found by halving the file."""
        low, high = 0, self.index.start
        while high - low > _BLOCK // 4:
            middle = (low + high) // 2
            start, data = from_line(self._read, middle, min(middle + _PROBE, high))
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
                    refuse_binary(self.path, data)
                    self.lately = data[-_LATELY:]
                    self.forms, self._told_by = Forms(self._tell(sample(data))), len(data)
                    self._mark = os.pread(self._fd, _MARK, 0)
                self._append(start, data)
                self._notice_change()
                grown = True
            return grown

    def _reconsider(self, size: int) -> bool:
        """A file that was young when its format was told may look otherwise now; True if it is indexed anew."""
        data = self._read(0, size)
        known, self._told_by = data[: self._told_by], size
        self.lately = data[-_LATELY:]
        if is_binary(data):  # its first lines were text: so are those that follow, with what stands between
            return False
        form = self._tell(sample(data))
        same = (form.known, form.spellings, form.wrapper) == (self.form.known, self.form.spellings, self.form.wrapper)
        if same or self.forms.changes() or loses(self.form, form, known, data, self._tell):
            return False
        self.forms = Forms(form)
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
                start, data = from_line(self._read, max(self.floor, stop - length), stop)
                before, cut = self._changed_before(start, data)
                if before is not None and cut >= len(data):
                    self.forms.end(self.index.first, before)
                    continue
                start, data = start + cut, data[cut:]
                form = self.forms.earliest
                found = scan(data, form, self._reference, begins=start == 0)
                if start > self.floor and found.orphans and len(data) < MOST:
                    if not len(found.starts):
                        length *= 4
                        continue
                    start += int(found.starts[0])
                    found = scan(data[int(found.starts[0]) :], form, self._reference)
                if len(data) < stop - start and not data:
                    return False
                self.index.join(one_part(start, found))
                if before is not None:
                    self.forms.end(self.index.first, before)
                return start > self.floor
            return False

    def stretch(self, start: int, stop: int) -> Stretch | None:
        """The records of the lines that begin from `start` up to `stop`, without indexing them.

        None where they are gone, too much to be read at once, or of another format than those after them.
        """
        first = next_line(self._read, start, self.floor, self.index.start)
        last = next_line(self._read, stop, self.floor, self.index.start)
        if last - first > MOST:
            return None
        data, form = self._read(first, last), self.forms.earliest
        before = _first_lines(self._read, first, data)
        if len(data) < last - first or any(another(form, lines, self._tell) for lines in before):
            return None
        return read_stretch(first, data, form, self._reference)

    def join(self, found: Stretch) -> bool:
        """Index a stretch that ends where the index begins; False where it does not, or the file is another now."""
        with self.lock:
            if self.gone or found.stop != self.index.start:
                return False
            self.index.join(found)
            return True

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
        head = os.pread(self._fd, _MARK, 0)
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

    def _notice_change(self) -> None:
        """Where the last lines are of another format, read on with that from there; earlier records keep theirs.

        At most two changes a megabyte: a file that goes back and forth is read with one of its formats.
        """
        end = self.index.end
        growing = self.index.part_of(self.index.stop - 1)
        if end < self._look_at or growing is None or growing.closed or self.gone:
            return
        floor = growing.start_of(0)
        lines = last_lines(self._kept)
        form = another(self.form, lines, self._tell)
        doubtful = bool(lines) and not reads_well(self.form, lines)
        self._doubts = min(self._doubts + 1, 10) if doubtful else max(0, self._doubts - 1)
        self._look_at = end + (_LOOK_EVERY << max(0, self._doubts - 2))
        if form is None or (len(self._changed) > 1 and end - self._changed[-2] < _SELDOM):
            return
        start, data = end, b""
        while start > floor and (not data or takes_over(form, self.form, first_lines(data))):
            start, data = from_line(self.read_span, max(floor, end - max(_PROBE, 4 * len(data))), end)
        if start < floor or start + len(data) != end:
            return  # what stood there is gone
        cut = before_boundary(data, self.form, form, late=True)
        start, data = start + cut, data[cut:]
        form = told_better(form, self.form, data, lines, self._tell)
        self._changed.append(end)
        self._doubts, self._look_at = 0, end + _LOOK_EVERY
        self.index.cut(start, data.count(b"\n") + (not data.endswith(b"\n")))
        if self.index.stop > self.index.first:
            self.forms.begin(self.index.stop, form)
        else:
            self.forms = Forms(form)
        self._kept = self._kept[: max(0, len(self._kept) - len(data))]
        self._append(start, data)

    def _changed_before(self, start: int, data: bytes) -> tuple[Format | None, int]:
        """The format of the first lines of a stretch that is to be indexed, and how many of its bytes are of it.

        None, 0 where it is the earliest known.
        """
        seen = self._changed_earlier
        if len(seen) > 1 and seen[-2] - start < _SELDOM:
            return None, 0
        earliest = self.forms.earliest
        for lines in _first_lines(self._read, start, data):
            form = another(earliest, lines, self._tell)
            cut = before_boundary(data, form, earliest, late=False) if form is not None else 0
            if form is not None and cut:  # else it changed still further back, if it did
                seen.append(start)
                known = self._read(max(0, start - TAIL), start + cut)
                return told_better(form, earliest, known, lines, self._tell), cut
        return None, 0

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


def _first_lines(read: Read, start: int, data: bytes) -> list[list[bytes]]:
    """Lines that tell the format at the beginning of a stretch: those before it, else its own, or a few of them."""
    if start > 0:
        before = last_lines(read(max(0, start - _PROBE // 2), start))
        return [before if len(before) > _FEW else [*before, *first_lines(data)]]
    return [first_lines(data), first_lines(data, _FEW)]
