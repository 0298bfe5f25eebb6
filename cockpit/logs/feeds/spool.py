"""A bounded file for bytes that come from no file: followed like any log, rotated like one, its oldest part removed."""

from __future__ import annotations

import contextlib
import errno
import os
import threading
from pathlib import Path

CAP = 256 * 1024 * 1024
"""Most bytes that one feed keeps."""
_SEGMENTS = 8
_FULL = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)


class Spool:
    """Appends bytes to `name.log`; what is full becomes `name.1.log`, then `name.2.log` and so on, at a line's end.

    The names of older segments never change, so that evidence may point at them. `size`: bytes kept now; `removed`:
    bytes kept once and removed for the cap; `refused`: bytes that could not be written; `trouble`: why, in words
    (empty: all is well). Nothing here raises once it is made: a full disk must never stop a feed.
    """

    def __init__(self, path: Path, cap: int = CAP) -> None:
        """Make the file, empty. Raises OSError where even that cannot be done."""
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        self.path = path
        self.size = 0
        self.removed = 0
        self.refused = 0
        self.trouble = ""
        self._segment = max(1, cap // _SEGMENTS)
        self._cap = cap
        self._current = 0
        self._older: list[tuple[Path, int]] = []
        self._number = 0
        self._at_line_start = True
        self._mend = False  # the last line was cut short by a full disk: end it before the next
        self._inside = False  # what was refused ended inside a line: the rest of it is refused too
        self._lock = threading.Lock()
        self._fd = _create(path)

    @property
    def dropped(self) -> int:
        """Bytes that came and are not there: removed for the cap, or refused."""
        return self.removed + self.refused

    @property
    def note(self) -> str:
        """What a person should know of it, in a sentence: what was not kept, and why; empty where all is well."""
        if self.trouble:
            return f"{self.trouble[:1].upper()}{self.trouble[1:]}: {self.refused:,} bytes were not kept."
        return f"{self.refused:,} bytes were not kept while the disk was full." if self.refused else ""

    def write(self, data: bytes) -> None:
        """Append. What cannot be written is counted, never waited for."""
        with self._lock:
            if self._fd < 0:
                return
            if self._inside:
                skipped = data.find(b"\n") + 1 or len(data)
                self.refused += skipped
                self._inside = not data[:skipped].endswith(b"\n")
                data = data[skipped:]
            while data:
                room = self._segment - self._current
                cut = len(data) if len(data) <= room else self._cut(data, room)
                kept = self._append(data[:cut])
                due = len(data) > room or self._current >= self._segment
                if kept < cut or (due and self._may_roll() and not self._roll()):
                    self._refuse(data[kept:])
                    return
                data = data[cut:]

    def end_line(self) -> None:
        """End a line that was left unfinished by whoever wrote it and is gone."""
        if not self._at_line_start and not self._mend:
            self.write(b"\n")

    def close(self, *, keep: bool) -> None:
        """Take no more; remove all segments unless they are to be kept."""
        with self._lock:
            if self._fd >= 0:
                os.close(self._fd)
            self._fd = -1
            if not keep:
                for path in (*(path for path, _ in self._older), self.path):
                    with contextlib.suppress(OSError):
                        path.unlink()

    def _cut(self, data: bytes, room: int) -> int:
        """How much of the data, which is longer than the room, belongs into this segment: up to a line's end."""
        cut = data.rfind(b"\n", 0, max(0, room)) + 1
        if cut or (self._at_line_start and self._current):
            return cut
        return min(data.find(b"\n") + 1 or len(data), 2 * self._segment - self._current)

    def _may_roll(self) -> bool:
        """Whether a segment may end here. A line that does not end is cut at twice the size of a segment."""
        return self._current > 0 and (self._at_line_start or self._current >= 2 * self._segment)

    def _append(self, data: bytes) -> int:
        """Write to the current segment; returns how much of the data was written."""
        if self._mend and data:
            if not self._write(b"\n"):
                return 0
            self._mend = False
        written = self._write(data)
        if written:
            self._at_line_start = data[written - 1 : written] == b"\n"
        return written

    def _write(self, data: bytes) -> int:
        written = 0
        while written < len(data):
            try:
                count = os.write(self._fd, data[written:] if written else data)
            except OSError as error:
                if error.errno in _FULL and self._remove_oldest():
                    continue
                self.trouble = _sentence(error)
                return written
            written += count
            self._current += count
            self.size += count
        self.trouble = "" if data else self.trouble
        return written

    def _refuse(self, data: bytes) -> None:
        self.refused += len(data)
        self._mend = not self._at_line_start
        self._inside = bool(data) and not data.endswith(b"\n")

    def _roll(self) -> bool:
        """Begin a new segment in place of the current one; the path is never missing meanwhile."""
        older = self.path.with_name(f"{self.path.stem}.{self._number + 1}{self.path.suffix}")
        fresh = self.path.with_name(f"{self.path.name}.next")
        try:
            fd = _create(fresh)
        except OSError as error:
            if error.errno in _FULL and self._remove_oldest():
                return self._roll()
            self.trouble = _sentence(error)
            return False
        try:
            try:
                os.link(self.path, older)
            except OSError:  # no hard links here, or the file was removed by somebody
                with contextlib.suppress(FileNotFoundError):
                    os.rename(self.path, older)
            os.rename(fresh, self.path)
        except OSError as error:
            os.close(fd)
            self.trouble = _sentence(error)
            return False
        os.close(self._fd)
        self._number += 1
        self._older.append((older, self._current))
        self._fd, self._current = fd, 0
        while self.size > self._cap - self._segment and self._remove_oldest():
            pass
        return True

    def _remove_oldest(self) -> bool:
        """Give back the oldest segment's space; False where there is none but the current."""
        if not self._older:
            return False
        path, size = self._older.pop(0)
        with contextlib.suppress(OSError):
            os.truncate(path, 0)  # whoever follows it holds it open: unlinking alone would free nothing
            path.unlink()
        self.size -= size
        self.removed += size
        return True


def _create(path: Path) -> int:
    return os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_APPEND | os.O_CLOEXEC, 0o600)


def _sentence(error: OSError) -> str:
    if error.errno in _FULL:
        return f"the disk of the spool is full ({error.strerror})"
    return f"the spool cannot be written ({error.strerror or error})"
