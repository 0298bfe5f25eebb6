"""How much there was to go wrong in some logs: what rates of a signature are held against."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from cockpit.insight.shifts import Exposure
from cockpit.logs.file import LogFile
from cockpit.logs.levels import Level

_MANY = 1 << 20  # records, up to which the times of all count; of more, those of every so manieth


def exposure_of(files: Sequence[LogFile], since: int, until: int) -> Exposure:
    """The exposure from one time to another (microseconds), by the records of no error."""
    parts = [(file, part) for file in files for part in file.index.parts() if part.count and part.reach >= since]
    every = 1 + sum(part.count for _, part in parts) // _MANY
    keys = [file.index.keys(part)[part.levels < Level.ERROR][::every] for file, part in parts]
    times = np.sort(np.concatenate(keys), kind="stable") if keys else np.empty(0, np.int64)
    return Exposure(times, since, until)
