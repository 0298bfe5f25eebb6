"""Finds the rotated files beside a log: its earlier history, oldest first, each content once. Reads names and heads."""

from __future__ import annotations

import contextlib
import os
import re
from dataclasses import dataclass
from pathlib import Path

from cockpit.logs.feeds.unpack import PACKINGS, first_bytes
from cockpit.logs.file import SourceError

_HEAD = 4096
_TELLING = 256  # equal heads of so many bytes are no chance
_NUMBER = re.compile(r"\.(\d{1,3})")
_CLOCK = r"(?:[T_.-]?(\d\d)(?:[:.-]?(\d\d)(?:[:.-]?(\d\d))?)?)?"
_DATE = re.compile(rf"[._-](\d{{4}})[.-]?(\d\d)[.-]?(\d\d){_CLOCK}(?:[.-](\d{{1,10}}))?")
_SECONDS = re.compile(r"[.-](\d{10})")
_OLD = re.compile(r"\.(?:old|bak)")


@dataclass(frozen=True, slots=True)
class Sibling:
    """A rotated file of a log: its packing (gzip, bzip2, xz, zstd; empty: plain), its bytes on disk, and when it was
    last written (microseconds).
    """

    path: Path
    packing: str
    size: int
    written_at: int


@dataclass(frozen=True, slots=True)
class _Found:
    """A sibling with its place in time (kind of name, order within that kind), and what tells its content."""

    sibling: Sibling
    kind: str
    order: tuple[int, ...]
    identity: tuple[int, int]
    head: bytes


def siblings_of(log: Path) -> list[Sibling]:
    """The rotated files of a log, oldest first, plain and packed; empty where there are none.

    Known: `app.log.1`, `app.1.log`, `app.log.2.gz`, `app.log-20261123`, `app.log-20261123-10.xz`, `app-2026-11-23.log`,
    `app.log.old`. Ordered by the date or number in the name; where the names are of several kinds, by when they were
    written. What another one holds already (a hard link, a copy, a packed file beside its plain one) is left out.
    Raises SourceError where the folder cannot be listed.
    """
    found: list[_Found] = []
    try:
        with os.scandir(log.parent) as entries:
            for entry in entries:
                with contextlib.suppress(FileNotFoundError):  # rotated away while we look
                    if (one := _look_at(entry, log)) is not None:
                        found.append(one)
    except OSError as error:
        raise SourceError(f"{log.parent}: cannot be listed: {error.strerror}.") from None
    if len({one.kind for one in found}) > 1:
        found.sort(key=lambda one: (one.sibling.written_at, one.order))
    else:
        found.sort(key=lambda one: (one.order, one.sibling.written_at))
    copies = _copies(log, found)
    return [one.sibling for one in found if one.sibling.path not in copies]


def rotated_between(
    log: Path, last: tuple[int, int], current: tuple[int, int], *, counted_up: bool
) -> tuple[list[Path], bool]:
    """The plain rotated files written after the `last` one (device, inode) and before the `current` one, oldest first.

    `counted_up`: the numbers in the names grow, as a spool's do; else the times tell. With it, whether the last one is
    still among them; where it is not, all before the current one are returned. Reads no file.
    """
    found: list[tuple[tuple[int, ...], tuple[int, int], Path]] = []
    try:
        with os.scandir(log.parent) as entries:
            for entry in entries:
                order = _count_of(entry.name, log) if counted_up else (_place(entry.name, log) or ("", None))[1]
                if order is None or entry.name == log.name:
                    continue
                with contextlib.suppress(FileNotFoundError):
                    stat = entry.stat()
                    key = order if counted_up else (stat.st_mtime_ns, *order)
                    found.append((key, (stat.st_dev, stat.st_ino), log.parent / entry.name))
    except OSError:
        return [], False
    found.sort()
    identities = [identity for _, identity, _ in found]
    start = identities.index(last) + 1 if last in identities else 0
    stop = identities.index(current) if current in identities else len(found)  # it may have rotated meanwhile
    return [path for _, _, path in found[start:stop]], start > 0


def _count_of(name: str, log: Path) -> tuple[int, ...] | None:
    """The number of a spool's segment, however large; None for another name."""
    counted = re.fullmatch(rf"{re.escape(log.stem)}\.(\d+){re.escape(log.suffix)}", name)
    return (int(counted[1]),) if counted else None


def _look_at(entry: os.DirEntry[str], log: Path) -> _Found | None:
    if entry.name == log.name:
        return None
    bare, ending = os.path.splitext(entry.name)
    packing = PACKINGS.get(ending, "")
    place = _place(bare if packing else entry.name, log)
    if place is None or not entry.is_file():
        return None
    stat = entry.stat()
    if not stat.st_size:
        return None
    path = log.parent / entry.name
    sibling = Sibling(path, packing, stat.st_size, stat.st_mtime_ns // 1000)
    return _Found(sibling, *place, (stat.st_dev, stat.st_ino), first_bytes(path, _HEAD))


def _place(name: str, log: Path) -> tuple[str, tuple[int, ...]] | None:
    """The kind of a rotated name (without its packing), and its order in time; None where it is none of this log."""
    stem, suffix = log.stem, log.suffix
    if name.startswith(log.name):
        middle = name[len(log.name) :]
    elif suffix and name.startswith(stem) and name.endswith(suffix):
        middle = name[len(stem) : -len(suffix)]
    else:
        return None
    if number := _NUMBER.fullmatch(middle):
        return "number", (-int(number[1]),)
    if seconds := _SECONDS.fullmatch(middle):
        return "seconds", (int(seconds[1]),)
    if date := _DATE.fullmatch(middle):
        year, month, day, *rest = (int(part or 0) for part in date.groups())
        if 1 <= month <= 12 and 1 <= day <= 31:
            return "date", (year, month, day, *rest)
    return ("old", ()) if _OLD.fullmatch(middle) else None


def _copies(log: Path, found: list[_Found]) -> set[Path]:
    """The files whose content another file of the history, or the log itself, holds."""
    kept: list[tuple[tuple[int, int], int | None, bytes]] = []  # identity, size where it is known unpacked, head
    with contextlib.suppress(OSError):
        stat = os.stat(log)
        kept.append(((stat.st_dev, stat.st_ino), stat.st_size, first_bytes(log, _HEAD)))
    copies = set()
    for one in sorted(found, key=lambda one: (bool(one.sibling.packing), -one.sibling.size)):
        size = None if one.sibling.packing else one.sibling.size
        if any(one.identity == identity or _holds(head, whole, one.head, size) for identity, whole, head in kept):
            copies.add(one.sibling.path)
        else:
            kept.append((one.identity, size, one.head))
    return copies


def _holds(head: bytes, size: int | None, other: bytes, other_size: int | None) -> bool:
    """Whether a file holds another one's content, as far as sizes and heads tell."""
    if not other or not head.startswith(other):
        return False
    if size is not None and other_size is not None and other_size > size:
        return False
    return len(other) >= _TELLING or (head == other and (other_size is None or other_size == size))
