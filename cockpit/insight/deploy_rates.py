"""How many errors a minute there were before and after each deploy. Pure.

Each side reaches to the deploy beside it, an hour at most. The confidence is that of a likelihood ratio test of two
Poisson rates against one (one degree of freedom).
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

import numpy as np
import numpy.typing as npt

from cockpit.clock import MINUTE
from cockpit.insight.deploys import Marker

_REACH = 60 * MINUTE
_KINDS = ("deploy", "start")
_MOST = 20  # the last deploys


@dataclass(frozen=True, slots=True)
class Rated:
    """before, after: errors a minute on either side of a deploy; confidence: 0 to 1, that the rates differ."""

    marker: Marker
    before: float
    after: float
    confidence: float

    @property
    def ratio(self) -> float | None:
        """How many times as many after it; None where there were none before."""
        return self.after / self.before if self.before else None

    def as_data(self) -> dict[str, Any]:
        return {
            **self.marker.as_data(),
            "before_per_min": round(self.before, 3),
            "after_per_min": round(self.after, 3),
            "rate_ratio": None if self.ratio is None else round(self.ratio, 2),
            "confidence": round(self.confidence, 4),
        }

    def told(self) -> str:
        """`0.2 → 12 errors/min (60 ×, confidence 1.00)`"""
        times = f"{self.ratio:.3g} ×, " if self.ratio is not None and self.after else ""
        return f"{self.before:.2g} → {self.after:.2g} errors/min ({times}confidence {self.confidence:.2f})"


def rated(markers: Sequence[Marker], wrong: npt.NDArray[np.int64], since: int, until: int) -> list[Rated]:
    """The deploys within a log, oldest first. wrong: int64[n], ascending, the times of its errors (microseconds)."""
    inside = [each for each in markers if each.kind in _KINDS and since < each.at < until]
    known = sorted(inside, key=lambda each: each.at)[-_MOST:]
    edges = [since, *(each.at for each in known), until]
    sides = list(pairwise(edges))
    found = []
    for marker, (earlier, _), (_, later) in zip(known, sides[:-1], sides[1:], strict=True):
        low, high = max(earlier, marker.at - _REACH), min(later, marker.at + _REACH)
        places = np.searchsorted(wrong, (low, marker.at, high))
        counts = int(places[1] - places[0]), int(places[2] - places[1])
        minutes = (marker.at - low) / MINUTE, (high - marker.at) / MINUTE
        before, after = (count / each if each else 0.0 for count, each in zip(counts, minutes, strict=True))
        found.append(Rated(marker, before, after, _confidence(counts, minutes) if all(minutes) else 0.0))
    return found


def _confidence(counts: tuple[int, int], minutes: tuple[float, float]) -> float:
    total = sum(counts)
    gain = sum(
        count * math.log(count / (total * each / sum(minutes)))
        for count, each in zip(counts, minutes, strict=True)
        if count
    )
    return 1.0 - math.erfc(math.sqrt(max(0.0, gain)))
