"""Times of many records in half the room: as steps from the earliest, in the coarsest unit that loses nothing."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from cockpit.logs.times import NONE, Mask, Times

_MISSING = 0xFFFFFFFF
_UNITS = (1_000_000, 1000, 1)  # microseconds
_FEW = 64  # times that are looked at before all are


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
            steps = self._in_steps(offsets, None if every else timed, unit) if span // unit < _MISSING else None
            if steps is not None:
                self._unit, self._steps = unit, steps
                return
        self._steps = times.copy()

    def _in_steps(self, offsets: Times, timed: Mask | None, unit: int) -> npt.NDArray[np.uint32] | None:
        """The times as whole steps of a unit; None where that would lose something. `timed` None: all are."""
        known = offsets if timed is None else offsets[timed]
        if unit > 1 and (known[:_FEW] % unit).any():
            return None
        whole = offsets // unit if unit > 1 else offsets
        if unit > 1 and not np.array_equal((whole if timed is None else whole[timed]) * unit, known):
            return None
        steps = whole.astype(np.uint32)
        if timed is not None:
            steps[~timed] = _MISSING
        return steps

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
