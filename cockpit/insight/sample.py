"""Samples that are spread over the whole. Pure."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt


def spread(count: int, most: int) -> npt.NDArray[np.int64]:
    """int64[n]: at most so many places among so many, evenly apart, ascending; the first and the last are among them.

    All, where there are no more.
    """
    return np.unique(np.linspace(0, max(0, count - 1), min(most, count)).astype(np.int64))
