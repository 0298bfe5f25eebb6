"""Lines and errors per bucket of time, for the timeline. Pure."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from cockpit.clock import DAY, HOUR, SECOND
from cockpit.logs.index import Part
from cockpit.logs.levels import Level

_STEPS = tuple(
    [SECOND * n for n in (1, 2, 3, 5, 10, 15, 20, 30, 45)]
    + [SECOND * n for n in (60, 90, 120, 180, 240, 300, 450, 600, 900, 1200, 1800, 2700)]
    + [HOUR * n for n in (1, 2, 3, 6, 12)]
    + [DAY * n for n in (1, 2, 7, 14, 30, 91, 365)]
)


@dataclass(frozen=True, slots=True)
class Histogram:
    """Counts per bucket of `width` microseconds; bucket n begins at `start + n * width`.

    lines, errors: int64[n]. `errors` counts records of level error or worse.
    """

    start: int
    width: int
    lines: npt.NDArray[np.int64]
    errors: npt.NDArray[np.int64]

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


def histogram(parts: Iterable[Part], low: int, high: int, buckets: int) -> Histogram:
    """Count the records of these parts between two times (microseconds) in so many buckets, the last holding `high`."""
    width = bucket_width(max(1, high - low), max(1, buckets - 1))
    start = (high // width + 1 - buckets) * width
    lines = np.zeros(buckets, np.int64)
    errors = np.zeros(buckets, np.int64)
    for part in parts:
        bucket = (part.times - start) // width
        inside = (part.times >= start) & (bucket < buckets)
        lines += np.bincount(bucket[inside], minlength=buckets)
        inside &= part.levels >= Level.ERROR
        errors += np.bincount(bucket[inside], minlength=buckets)
    return Histogram(start, width, lines, errors)
