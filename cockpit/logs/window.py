"""The records of several files between two times, as exact bytes merged by time; what is too much is cut at the ends.

Nothing is looked at one by one: the index tells which bytes of each file they are.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from cockpit.logs.file import LogFile
from cockpit.logs.levels import Level
from cockpit.logs.rows import FileRows
from cockpit.logs.search import Filter
from cockpit.logs.selection import Section
from cockpit.logs.times import Times
from cockpit.logs.view import View

_BLOCK = 1 << 20
_Edges = npt.NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Span:
    """Consecutive records of one file: keys: int64[n]; errors: bool[n]; edges: int64[n + 1], bytes of the file."""

    file: LogFile
    keys: Times
    errors: npt.NDArray[np.bool_]
    edges: _Edges

    @property
    def count(self) -> int:
        return len(self.keys)

    @property
    def size(self) -> int:
        """Bytes."""
        return int(self.edges[-1] - self.edges[0])


@dataclass(frozen=True, slots=True)
class Window:
    """What was found. left_out: how many records between the two times are not in it, for it would be too much."""

    spans: tuple[Span, ...]
    left_out: int

    @property
    def count(self) -> int:
        """Records."""
        return sum(span.count for span in self.spans)

    @property
    def size(self) -> int:
        """Bytes, as far as they are still there."""
        return sum(span.size for span in self.spans)

    def errors_around(self, at: int) -> tuple[int, int]:
        """How many records of level error or worse stand before a time (microseconds), and from it on."""
        errors = sum(int(span.errors.sum()) for span in self.spans)
        before = sum(int(span.errors[: int(span.keys.searchsorted(at, "left"))].sum()) for span in self.spans)
        return before, errors - before

    def pieces(self) -> Iterator[bytes]:
        """Its bytes in the order of time. A record without its newline gets one where another follows."""
        if len(self.spans) == 1:
            yield from _blocks(self.spans[0])
            return
        data = [b"".join(_blocks(span)) for span in self.spans]
        keys = np.concatenate([span.keys for span in self.spans]) if self.spans else np.empty(0, np.int64)
        order = np.argsort(keys, kind="stable")
        owners = np.repeat(np.arange(len(data)), [span.count for span in self.spans])[order]
        turns = np.flatnonzero(np.diff(owners)) + 1
        done = [0] * len(data)
        for first, stop in zip((0, *turns.tolist()), (*turns.tolist(), len(order)), strict=True):
            if first == stop:
                continue
            owner = int(owners[first])
            edges = self.spans[owner].edges
            begin, done[owner] = done[owner], done[owner] + stop - first
            piece = data[owner][int(edges[begin] - edges[0]) : int(edges[done[owner]] - edges[0])]
            yield piece if piece.endswith(b"\n") or not piece or stop == len(order) else piece + b"\n"


def window(
    files: Sequence[LogFile], since: int, until: int, around: tuple[LogFile, int], most: int, most_records: int | None
) -> Window:
    """The records from one time to another (microseconds), both included.

    Where they are more than `most` bytes or `most_records`, those nearest to the record `around` (file, number) stay.
    """
    view = View(files, Filter())
    first, stop = (sum(rows.rank_at(at) for rows in view.rows) for at in (since, until + 1))
    place = view.position_of(*around)
    reach = max(place - first, stop - place, 0)
    fitting = reach if most_records is None else min(reach, most_records // 2)

    def ends(half: int) -> tuple[int, int]:
        return max(first, place - half), min(stop, place + half + 1)

    if _size(view, *ends(fitting)) > most:
        low, high = 0, fitting
        while low < high:
            middle = (low + high + 1) // 2
            low, high = (middle, high) if _size(view, *ends(middle)) <= most else (low, middle - 1)
        fitting = low
    spans = tuple(_span(*each) for each in Section(view, *ends(fitting)).ends())
    found = Window(spans, max(0, stop - first) - sum(span.count for span in spans))
    return found if found.size <= most else Window((), max(0, stop - first))


def _size(view: View, first: int, stop: int) -> int:
    size = 0
    for rows, low, high in Section(view, first, stop).ends():
        begin, end = rows.file.index.span(low), rows.file.index.span(high)
        size += end[1] - begin[0] if begin is not None and end is not None else 0
    return size


def _span(rows: FileRows, first: int, last: int) -> Span:
    keys: list[Times] = []
    errors: list[npt.NDArray[np.bool_]] = []
    edges: list[_Edges] = []
    end = 0
    for part in rows.parts():
        if part.first <= last and part.first + part.count > first:
            kept = slice(max(0, first - part.first), min(part.count, last - part.first + 1))
            keys.append(rows.file.index.keys(part)[kept])
            errors.append(part.levels[kept] >= Level.ERROR)
            edges.append(part.starts[kept].astype(np.int64) + part.base)
            end = part.start_of(kept.stop)
    return Span(rows.file, np.concatenate(keys), np.concatenate(errors), np.append(np.concatenate(edges), end))


def _blocks(span: Span) -> Iterator[bytes]:
    """The bytes of a span, as far as they are there."""
    position, stop = int(span.edges[0]), int(span.edges[-1])
    while position < stop:
        data = span.file.read_span(position, min(stop, position + _BLOCK))
        if not data:
            return
        yield data
        position += len(data)
