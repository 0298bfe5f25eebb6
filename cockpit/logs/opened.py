"""Opens the files of logs, and reads whole lines of them."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

import numpy as np

MOST = 1 << 26
"""A line or record longer than this is split where the block ends."""
_CHECKED = 1 << 16  # bytes at the end of a file that tell whether it is text

Read = Callable[[int, int], bytes]
"""Reads the bytes of a file from a place to another; fewer where they are gone."""


class SourceError(Exception):
    """A source that cannot be read, in one sentence for the person who named it."""


def check(path: Path) -> None:
    """Whether a file can be shown, without indexing it. Raises SourceError."""
    fd = open_log(path)
    try:
        refuse_binary(path, os.pread(fd, _CHECKED, max(0, os.fstat(fd).st_size - _CHECKED)))
    except OSError as error:
        raise SourceError(f"{path}: cannot be read: {error.strerror}.") from None
    finally:
        os.close(fd)


def open_log(path: Path) -> int:
    """A descriptor to read a file. Raises SourceError."""
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


def is_binary(data: bytes) -> bool:
    """Whether more than a twentieth of some bytes are control characters that no text has."""
    counts = np.bincount(np.frombuffer(data, np.uint8), minlength=256)
    odd = int(counts[:9].sum() + counts[14:27].sum() + counts[28:32].sum())
    return odd * 20 > len(data)


def refuse_binary(path: Path, data: bytes) -> None:
    """Raises SourceError where some bytes are no text."""
    if is_binary(data):
        raise SourceError(f"{path}: looks binary, not a log; nothing of it is shown.")


def from_line(read: Read, start: int, stop: int) -> tuple[int, bytes]:
    """The bytes up to `stop` from the first line that begins at or after `start` (where there is one)."""
    data = read(max(0, start - 1), stop)
    if start == 0:
        return 0, data
    newline = data.find(b"\n")
    if newline < 0 or start + newline >= stop:
        if stop - start >= MOST:
            return start, data[1:]
        return from_line(read, max(0, stop - 4 * (stop - start)), stop)
    return start + newline, data[newline + 1 :]


def next_line(read: Read, position: int, floor: int, stop: int) -> int:
    """Where the first line begins that begins at or after a byte; between `floor` and `stop`, at which lines begin."""
    if position <= floor or position >= stop:
        return min(max(position, floor), stop)
    position -= 1
    while position < stop:
        data = read(position, min(position + _CHECKED, stop))
        newline = data.find(b"\n")
        if newline >= 0:
            return position + newline + 1
        if not data:
            break
        position += len(data)
    return stop


def tail_of(read: Read, size: int, length: int) -> tuple[int, bytes]:
    """The last lines of a file of so many bytes: about `length` bytes, more where the last line is longer."""
    while True:
        start, data = from_line(read, max(0, size - length), size)
        if start == 0 or data.count(b"\n") > 1 or length >= MOST:
            return start, data
        length *= 8
