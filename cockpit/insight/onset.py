"""When something began, or began to come more often: how many a minute before and after. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum

import numpy as np
import numpy.typing as npt

_MINUTE = 60_000_000  # microseconds
_SECOND = 1_000_000
_BINS = 100_000
_SHORT = 60 * _MINUTE  # a stretch up to which seconds are looked at one by one
_LIKELIHOOD = 5.0  # how much likelier (natural logarithm), on top of the number of places tried, a change must be
_RATIO = 1.5  # how much more often it must come
_MISSED = 3.0  # records that must be missing before the first, at their rate, for it to be an appearance

Times = npt.NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Rate:
    """How many records there are from one time up to another (microseconds)."""

    since: int
    until: int
    records: int

    @property
    def per_minute(self) -> float:
        """0 where there is no time between the two."""
        return self.records * _MINUTE / (self.until - self.since) if self.until > self.since else 0.0


class How(Enum):
    """What became of the rate."""

    ROSE = "rose"
    APPEARED = "appeared"
    STEADY = "steady"


@dataclass(frozen=True, slots=True)
class Onset:
    """at: microseconds, when the rate rose or the first appeared; where it is steady, the begin of what was looked at.

    before: None where it is steady.
    """

    at: int
    how: How
    before: Rate | None
    after: Rate


def onset(times: Times, since: int, until: int, *, whole: bool = True) -> Onset | None:
    """When records at these times (int64[n], microseconds, ascending) began to come in a stretch that was looked at.

    The place at which two steady rates, the later one higher, explain the counts best (likelihood ratio of Poisson
    processes, maximum over all places); where no rise is clear, the first of them, if at their rate some would have
    been seen before it. whole: nothing stands before the stretch, so that the first in it is the first of all. None
    where there is none.
    """
    times = times[(times >= since) & (times <= until)]
    if not len(times):
        return None
    rise, first = _rise(times, since, until), int(times[0])
    place = int(np.searchsorted(times, rise)) if rise is not None else 0
    if rise is not None and place > 0:
        return Onset(rise, How.ROSE, Rate(since, rise, place), Rate(rise, until, len(times) - place))
    missed = len(times) * (first - since) / max(1, until - first)
    if whole and missed >= _MISSED:
        return Onset(first, How.APPEARED, Rate(since, first, 0), Rate(first, until, len(times)))
    return Onset(since, How.STEADY, None, Rate(since, until, len(times)))


def _rise(times: Times, since: int, until: int) -> int | None:
    """Where the rate rises most clearly (microseconds); None where it does not."""
    width = max(_SECOND if until - since <= _SHORT else _MINUTE, (until - since) // _BINS + 1)
    bins = (until - since) // width + 1
    counts = np.bincount((times - since) // width, minlength=bins)
    before = np.cumsum(counts)[:-1].astype(float)
    if not len(before):
        return None
    after = len(times) - before
    lengths = np.arange(1, bins, dtype=float)
    rates = before / lengths, after / (bins - lengths)
    gains = _log(before, rates[0]) + _log(after, rates[1]) - len(times) * np.log(len(times) / bins)
    gains[rates[1] <= rates[0] * _RATIO] = -1.0
    best = int(np.argmax(gains))
    return since + (best + 1) * width if gains[best] >= _LIKELIHOOD + np.log(bins) else None


def _log(counts: npt.NDArray[np.float64], rates: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
    return np.asarray(counts * np.log(np.where(rates > 0, rates, 1.0)))
