"""Lines and errors per bucket of time, for the timeline. Pure; counts of parts that cannot change are kept."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt

from cockpit.clock import DAY, HOUR, SECOND
from cockpit.logs.levels import Level, Levels
from cockpit.logs.parts import Part
from cockpit.logs.times import NONE, Times

Counts = npt.NDArray[np.int64]
Counted = tuple[int, Part, npt.NDArray[np.integer] | None]
"""A number that tells a file from others, a part of it, and the positions in it that are counted (None: all)."""
_STEPS = tuple(
    [SECOND * n for n in (1, 2, 3, 5, 10, 15, 20, 30, 45)]
    + [SECOND * n for n in (60, 90, 120, 180, 240, 300, 450, 600, 900, 1200, 1800, 2700)]
    + [HOUR * n for n in (1, 2, 3, 6, 12)]
    + [DAY * n for n in (1, 2, 7, 14, 30, 91, 365)]
)
_MOST = 100_000  # buckets that a part's counts may span before they are counted anew each time


@dataclass(frozen=True, slots=True)
class Histogram:
    """Counts per bucket of `width` microseconds; bucket n begins at `start + n * width`.

    lines, errors: int64[n]. `errors` counts records of level error or worse. filtered: whether only records are counted
    that a filter keeps.
    """

    start: int
    width: int
    lines: Counts
    errors: Counts
    filtered: bool = False

    @property
    def stop(self) -> int:
        return self.start + self.width * len(self.lines)

    def bucket_of(self, time: int) -> int | None:
        """The bucket of a time; None where it lies outside."""
        bucket = (time - self.start) // self.width
        return bucket if 0 <= bucket < len(self.lines) else None


def bucket_width(span: int, buckets: int) -> int:
    """The smallest usual width (1 s, 2 s, 5 s … a year) with which so many buckets hold a span (microseconds)."""
    for step in _STEPS:
        if step * buckets >= span:
            return step
    return _STEPS[-1] * (span // (_STEPS[-1] * buckets) + 1)


@dataclass(slots=True)
class PartCounts:
    """Counts of parts, kept while the width of a bucket stays the same. Use one of them for each filter."""

    _width: int = 0
    _kept: dict[tuple[int, int], tuple[Part, int, Counts, Counts]] = field(default_factory=dict)

    def histogram(self, parts: Iterable[Counted], low: int, high: int, buckets: int) -> Histogram:
        """Count the records of these parts between two times (microseconds), the last bucket holding `high`."""
        width = bucket_width(max(1, high - low), max(1, buckets - 1))
        first = high // width + 1 - buckets
        if width != self._width:
            self._width, self._kept = width, {}
        lines, errors = np.zeros(buckets, np.int64), np.zeros(buckets, np.int64)
        for file, part, picked in parts:
            counted = self._kept.get((file, part.first)) if part.closed else None
            if counted is None or counted[0] is not part:
                times, levels = part.unpacked(), part.levels
                if picked is not None:
                    times, levels = times[picked], levels[picked]
                start, counts, worse, whole = _count(times, levels, width, first, buckets)
                counted = (part, start, counts, worse)
                if part.closed and whole:
                    self._kept[file, part.first] = counted
            _add(lines, counted[1] - first, counted[2])
            _add(errors, counted[1] - first, counted[3])
        return Histogram(first * width, width, lines, errors)


def histogram(parts: Iterable[Part], low: int, high: int, buckets: int) -> Histogram:
    """The same, for once."""
    return PartCounts().histogram(((0, part, None) for part in parts), low, high, buckets)


def _count(times: Times, levels: Levels, width: int, first: int, buckets: int) -> tuple[int, Counts, Counts, bool]:
    """The number of the first bucket, lines and errors from it on, and whether that is all of them."""
    timed = times != NONE
    bucket = times // width
    known = bucket[timed]
    whole = bool(len(known)) and int(known.max()) - int(known.min()) < _MOST
    start = int(known.min()) if whole else first
    room = int(known.max()) - start + 1 if whole else buckets
    inside = timed if whole else timed & (bucket >= first) & (bucket < first + buckets)
    lines = np.bincount(bucket[inside] - start, minlength=room)
    inside = inside & (levels >= Level.ERROR)
    return start, lines, np.bincount(bucket[inside] - start, minlength=room), whole or not len(known)


def _add(total: Counts, offset: int, counts: Counts) -> None:
    """Add counts that begin at a bucket, as far as they reach into the total."""
    begin, end = max(0, offset), min(len(total), offset + len(counts))
    if begin < end:
        total[begin:end] += counts[begin - offset : end - offset]
