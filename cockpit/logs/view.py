"""The rows of the log view: records of all files, filtered, merged by time. Arrays of numbers; no text is copied.

A record without a time stands where its file puts it: after the record before it. A file's own order is never
changed, whatever its clock did.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from cockpit.logs.file import LogFile
from cockpit.logs.levels import Level
from cockpit.logs.search import Filter, Selection
from cockpit.logs.times import NONE, Times

_COLUMNS: tuple[tuple[str, type], ...] = (
    ("file_of", np.uint16),
    ("numbers", np.int64),
    ("keys", np.int64),
    ("levels", np.uint8),
)


@dataclass(frozen=True, slots=True)
class Row:
    """What one row of the view stands for: a record of a file, at the time it is sorted by (microseconds)."""

    file: LogFile
    number: int
    key: int
    level: Level


_Batch = tuple[npt.NDArray[np.uint16], npt.NDArray[np.int64], Times, npt.NDArray[np.uint8]]


@dataclass(slots=True)
class _Feed:
    """One file as the view sees it.

    Records before number `settled` are taken in for good; the one after may still grow, and stands (if the filter
    keeps it) where `open_key` sorts it. `seen`: bytes that were indexed; `latest`: the latest time among the settled.
    """

    file: LogFile
    selection: Selection
    fallback: int
    settled: int = 0
    open_key: int | None = None
    seen: int = 0
    latest: int = NONE


class View:
    """Rows in the order of time. One thread extends it; others read under the lock of whoever owns it.

    file_of: uint16[count], position in `files`; numbers: int64[count], record numbers; keys: int64[count], the time a
    row is sorted by, never falling within a file; levels: uint8[count].
    """

    def __init__(self, files: Sequence[LogFile], wanted: Filter, fallbacks: Sequence[int]) -> None:
        """`fallbacks`: for each file, the time its records stand at while none of them has one."""
        self.wanted = wanted
        self.files = list(files)
        self._feeds = [
            _Feed(file, Selection(file, wanted), fallback) for file, fallback in zip(files, fallbacks, strict=True)
        ]
        self.count = 0
        self.file_of: npt.NDArray[np.uint16] = np.empty(0, np.uint16)
        self.numbers: npt.NDArray[np.int64] = np.empty(0, np.int64)
        self.keys: Times = np.empty(0, np.int64)
        self.levels: npt.NDArray[np.uint8] = np.empty(0, np.uint8)

    def build(self, known: View | None = None, cancelled: Callable[[], bool] = lambda: False) -> bool:
        """Take in all that is indexed now. `known`: an older view, whose finds are used again. False if cancelled."""
        if known is not None and known.wanted == self.wanted:
            old = {id(feed.file): feed.selection for feed in known._feeds}
            for feed in self._feeds:
                feed.selection = old.get(id(feed.file), feed.selection)
        batches = []
        for position, feed in enumerate(self._feeds):
            feed.settled, feed.latest = feed.file.index.first, NONE
            taken = self._take(position, feed, None, cancelled)
            if taken is None:
                return False
            batches.append(taken)
        merged = [np.concatenate(columns) for columns in zip(*batches, strict=True)] if batches else []
        if len(batches) > 1:
            order = np.argsort(merged[2], kind="stable")
            merged = [column[order] for column in merged]
        if merged:
            self.file_of, self.numbers, self.keys, self.levels = merged
            self.count = len(self.numbers)
        return True

    def extend(self) -> bool:
        """Take in what the files have gained at their ends since; True if rows changed."""
        cut = self.count
        batches: list[_Batch] = []
        stale: list[int] = []
        for position, feed in enumerate(self._feeds):
            if feed.file.index.end == feed.seen:
                continue
            if feed.open_key is not None:
                stale.append(self.position_of(feed.file, feed.settled, feed.open_key))
                cut = min(cut, stale[-1])
            taken = self._take(position, feed, feed.settled, lambda: False)
            if taken is not None and len(taken[2]):
                cut = min(cut, int(np.searchsorted(self.keys[:cut], taken[2][0], "right")))
                batches.append(taken)
        if not batches and not stale:
            return False
        self._replace_tail(cut, stale, batches)
        return True

    def row(self, position: int) -> Row | None:
        """What stands in a row; None beyond the end."""
        if not 0 <= position < self.count:
            return None
        file = self.files[int(self.file_of[position])]
        return Row(file, int(self.numbers[position]), int(self.keys[position]), Level(int(self.levels[position])))

    def position_of(self, file: LogFile, number: int, key: int) -> int:
        """Where a record stands, or where it would (the nearest row in time) if it is not shown."""
        low = int(np.searchsorted(self.keys[: self.count], key, "left"))
        high = int(np.searchsorted(self.keys[: self.count], key, "right"))
        for position in range(low, high):
            if self.numbers[position] == number and self.files[int(self.file_of[position])] is file:
                return position
        return min(low, max(0, self.count - 1))

    def position_at(self, time: int) -> int:
        """The first row at or after a time (the last row where all are before it)."""
        return min(int(np.searchsorted(self.keys[: self.count], time, "left")), max(0, self.count - 1))

    def beside(self, row: Row, step: int) -> Row | None:
        """The nearest row of this view after (step 1) or before (step -1) a row of another view of the same files."""
        low = int(np.searchsorted(self.keys[: self.count], row.key, "left"))
        high = int(np.searchsorted(self.keys[: self.count], row.key, "right"))
        file_of = next((at for at, file in enumerate(self.files) if file is row.file), 0)
        same = np.s_[low:high]
        before = (self.file_of[same] < file_of) | ((self.file_of[same] == file_of) & (self.numbers[same] < row.number))
        place = low + int(np.count_nonzero(before))
        here = place < high and self.file_of[place] == file_of and self.numbers[place] == row.number
        return self.row(place + (1 if here else 0)) if step > 0 else self.row(place - 1)

    def next_of_level(self, position: int, level: Level, step: int) -> int | None:
        """The nearest row after (step 1) or before (step -1) a row whose level is at least this."""
        size = 4096
        while True:
            if step > 0:
                start = position + 1
                chunk = self.levels[start : min(self.count, start + size)]
            else:
                start = max(0, position - size)
                chunk = self.levels[start : max(0, position)]
            if not len(chunk):
                return None
            found = np.flatnonzero(chunk >= level)
            if len(found):
                return start + int(found[0] if step > 0 else found[-1])
            position = start + len(chunk) - 1 if step > 0 else start
            size *= 4

    def _take(self, position: int, feed: _Feed, since: int | None, cancelled: Callable[[], bool]) -> _Batch | None:
        numbers: list[npt.NDArray[np.int64]] = [np.empty(0, np.int64)]
        keys: list[Times] = [np.empty(0, np.int64)]
        levels: list[npt.NDArray[np.uint8]] = [np.empty(0, np.uint8)]
        feed.seen, feed.open_key = feed.file.index.end, None
        parts = feed.file.index.parts(since)
        for part in parts:
            if cancelled():
                return None
            times = np.maximum.accumulate(np.append(feed.latest, part.times))[1:]
            times[times == NONE] = feed.fallback
            rows = feed.selection.rows(part)
            numbers.append(part.first + rows)
            keys.append(times[rows])
            levels.append(part.levels[rows])
            last = len(times) - 1
            if not part.closed and last >= 0:
                feed.settled = part.first + last
                feed.open_key = int(times[last]) if len(rows) and rows[-1] == last else None
                times = times[:-1]
            if len(times) and times[-1] != feed.fallback:
                feed.latest = int(times[-1])
        count = sum(map(len, keys))
        return (
            np.full(count, position, np.uint16),
            np.concatenate(numbers),
            np.concatenate(keys),
            np.concatenate(levels),
        )

    def _replace_tail(self, cut: int, stale: list[int], batches: list[_Batch]) -> None:
        kept = np.ones(self.count - cut, bool)
        kept[np.array(stale, np.int64) - cut] = False
        columns = []
        for nth, (name, _) in enumerate(_COLUMNS):
            old = getattr(self, name)[cut : self.count][kept]
            columns.append(np.concatenate([old, *(taken[nth] for taken in batches)]))
        order = np.lexsort((columns[1], columns[0], columns[2]))
        total = cut + len(order)
        for (name, kind), column in zip(_COLUMNS, columns, strict=True):
            current = getattr(self, name)
            if total > len(current):
                larger: npt.NDArray[np.generic] = np.empty(max(4096, total * 3 // 2), kind)
                larger[:cut] = current[:cut]
                current = larger
                setattr(self, name, current)
            current[cut:total] = column[order]
        self.count = total
