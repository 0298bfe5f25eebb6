"""When something began, or began to come more often: how many a minute before and after. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum

import numpy as np
import numpy.typing as npt

from cockpit.clock import MINUTE
from cockpit.insight.shifts import Exposure, shift

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
        return self.records * MINUTE / (self.until - self.since) if self.until > self.since else 0.0


class How(Enum):
    """What became of the rate."""

    ROSE = "rose"
    APPEARED = "appeared"
    STEADY = "steady"


@dataclass(frozen=True, slots=True)
class Onset:
    """at: microseconds, when the rate rose or the first appeared; where it is steady, the begin of what was looked at.

    before: None where it is steady. after: up to when the rate fell again, or the end of what was looked at.
    """

    at: int
    how: How
    before: Rate | None
    after: Rate


def onset(times: Times, exposure: Exposure, *, whole: bool = True) -> Onset | None:
    """When records at these times (int64[n], microseconds, ascending) began to come in the stretch of an exposure.

    Where their rate rises most clearly (see shifts); where no rise is clear, the first of them, if at their rate some
    would have been seen before it. whole: nothing stands before the stretch, so that the first in it is the first of
    all. None where there is none.
    """
    since, until = exposure.since, exposure.until
    times = times[(times >= since) & (times <= until)]
    if not len(times):
        return None
    rise, first = shift(times, exposure), int(times[0])
    if rise is not None and (before := int(np.searchsorted(times, rise.at))):
        past = int(np.searchsorted(times, rise.until, "right"))
        return Onset(rise.at, How.ROSE, Rate(since, rise.at, before), Rate(rise.at, rise.until, past - before))
    missed = len(times) * (first - since) / max(1, until - first)
    if whole and missed >= _MISSED:
        return Onset(first, How.APPEARED, Rate(since, first, 0), Rate(first, until, len(times)))
    return Onset(since, How.STEADY, None, Rate(since, until, len(times)))
