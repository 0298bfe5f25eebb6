"""Finds the records of one stretch of a file on its own, to be joined to an index later (`Index.join`)."""

from __future__ import annotations

from cockpit.logs.described import Format
from cockpit.logs.index import Index
from cockpit.logs.levels import THROWN, Level
from cockpit.logs.parts import Stretch
from cockpit.logs.scan import Scan, scan

_BLOCK = 1 << 20
_LOOKED_AT = 1 << 16  # bytes of continuing lines that are searched for an exception


def tells_of_exception(block: bytes, found: Scan) -> bool:
    """Whether the lines at the head of a block that continue a record before it are of an exception."""
    stop = int(found.starts[0]) if len(found.starts) else len(block)
    return found.orphans > 0 and THROWN.search(block[: min(stop, _LOOKED_AT)]) is not None


def read_stretch(start: int, data: bytes, form: Format, reference: int) -> Stretch:
    """The stretch that begins at byte `start` of a file, from its bytes."""
    index = Index()
    position, thrown = 0, False
    while position < len(data):
        end = data.find(b"\n", position + _BLOCK) + 1 or len(data)
        block = data[position:end]
        found = scan(block, form, reference, begins=start + position == 0)
        before = index.stop
        index.append(start + position, found)
        if tells_of_exception(block, found):
            if before:
                index.raise_level(before - 1, Level.ERROR)
            else:
                thrown = True
        position = end
    return Stretch(start, start + len(data), index.closed(), index.orphans, thrown, index.lead)


def from_record(start: int, data: bytes, form: Format, reference: int) -> tuple[int, bytes]:
    """What stands from the first record on of a stretch that begins at byte `start`; all of it where none begins."""
    found = scan(data, form, reference) if start > 0 else None
    cut = int(found.starts[0]) if found is not None and found.orphans and len(found.starts) else 0
    return start + cut, data[cut:]
