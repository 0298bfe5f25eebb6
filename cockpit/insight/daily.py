"""Whether errors come at one time of the day, day after day: a job, a backup, a peak. Pure."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from cockpit.clock import DAY, HOUR

Series = npt.NDArray[np.float64]

_DAYS = 3  # days on which they must have come
_MOST = 0.75  # of the errors, that must lie in …
_HOURS = 2  # … so many hours of the day on end
_USUAL = 0.4  # of all records, that may lie in those hours at most


def time_of_day(starts: npt.NDArray[np.int64], rate: Series, wrong: Series) -> tuple[float, str]:
    """0 to 1: how far errors keep to some hours of the day; and a sentence, empty where they do not.

    Per bin of time: int64[n] its start (microseconds), float64[n] records that are right, float64[n] errors.
    """
    if not len(starts) or wrong.sum() == 0 or starts[-1] - starts[0] < (_DAYS - 1) * DAY:
        return 0.0, ""
    hours = (starts % DAY) // HOUR
    by_hour = np.bincount(hours, wrong, 24)
    sums = sum(np.roll(by_hour, -nth) for nth in range(_HOURS))
    first = int(np.argmax(sums))
    inside = (hours - first) % 24 < _HOURS
    share, usual = float(wrong[inside].sum() / wrong.sum()), float(rate[inside].sum() / max(1.0, rate.sum()))
    days = len(np.unique(starts[inside & (wrong > 0)] // DAY))
    known = len(np.unique(starts[inside & (rate + wrong > 0)] // DAY))
    if share < _MOST or usual > _USUAL or days < max(_DAYS, round(0.7 * known)):
        return 0.0, ""
    span = f"{first:02}:00 and {(first + _HOURS) % 24:02}:00 UTC"
    return share, f"{share * 100:.0f} % of the errors come between {span}, on {days} of {known} days."
