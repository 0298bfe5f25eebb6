"""Times of many records in half the room: as steps from the earliest, in the coarsest unit that loses nothing."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from cockpit.logs.times import NONE, Times

_MISSING = 0xFFFFFFFF
_UNITS = (1_000_000, 1000, 1)  # microseconds


class PackedTimes:
    """int64[n] as uint32[n] where the span allows it (49 days of milliseconds), else as it is.

    `low`, `high`: the earliest and the latest time (microseconds), NONE where there is none.
    """

    __slots__ = ("_steps", "_unit", "high", "low")

    def __init__(self, times: Times) -> None:
        timed = times != NONE
        every = bool(timed.all())
        known = times if every else times[timed]
        self.low = int(known.min()) if len(known) else NONE
        self.high = int(known.max()) if len(known) else NONE
        self._unit = 0
        self._steps: npt.NDArray[np.uint32] | Times
        span = self.high - self.low
        offsets = times - self.low
        for unit in _UNITS:
            if span // unit < _MISSING and (
                unit == 1 or not (offsets % unit if every else offsets[timed] % unit).any()
            ):
                self._unit = unit
                steps = (offsets // unit if unit > 1 else offsets).astype(np.uint32)
                if not every:
                    steps[~timed] = _MISSING
                self._steps = steps
                return
        self._steps = times.copy()

    def __len__(self) -> int:
        return len(self._steps)

    def unpacked(self) -> Times:
        """int64[n]: microseconds since the epoch, NONE where there is no time."""
        if not self._unit:
            return np.asarray(self._steps, np.int64)
        times = self._steps.astype(np.int64) * self._unit + self.low
        times[self._steps == _MISSING] = NONE
        return times

    def at(self, row: int) -> int:
        """One of them."""
        step = int(self._steps[row])
        if not self._unit:
            return step
        return NONE if step == _MISSING else step * self._unit + self.low
