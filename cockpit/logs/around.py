"""The records beside those that a filter keeps, as far as a number of records before and after."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Callable, Sequence

import numpy as np
import numpy.typing as npt

from cockpit.logs.parts import Part
from cockpit.logs.places import Rows

_State = tuple[tuple[int, int, int], ...]


class Around:
    """Remembers what it found for each part, until the part or one within reach of it changes.

    reach: in records. matches: the positions kept in a part, ascending.
    """

    def __init__(self, reach: int, matches: Callable[[Part], npt.NDArray[np.integer]]) -> None:
        self._reach = reach
        self._matches = matches
        self._found: dict[int, tuple[_State, Rows]] = {}

    def rows(self, parts: Sequence[Part], part: Part) -> Rows:
        """int64[m]: the positions in a part of its matches and of all records within reach of a match, ascending."""
        near = self._near(parts, part)
        state = tuple((each.first, each.count, len(self._matches(each))) for each in near)
        known = self._found.get(part.first)
        if known is not None and known[0] == state:
            return known[1]
        found = self._spread(near, part)
        self._found[part.first] = state, found
        return found

    def clear(self) -> None:
        """Forget all, for the file was read anew."""
        self._found.clear()

    def _near(self, parts: Sequence[Part], part: Part) -> list[Part]:
        """The parts that hold records within reach of a part, and itself."""
        low = place = bisect_left(parts, part.first, key=lambda each: each.first)
        high = place + 1
        while low > 0 and parts[low - 1].first + parts[low - 1].count > part.first - self._reach:
            low -= 1
        while high < len(parts) and parts[high].first < part.first + part.count + self._reach:
            high += 1
        return list(parts[low:high])

    def _spread(self, near: Sequence[Part], part: Part) -> Rows:
        places = np.concatenate([self._matches(each).astype(np.int64) + (each.first - part.first) for each in near])
        edges = np.zeros(part.count + 1, np.int64)  # +1 where what is beside a match begins, -1 where it ends
        np.add.at(edges, np.clip(places - self._reach, 0, part.count), 1)
        np.add.at(edges, np.clip(places + self._reach + 1, 0, part.count), -1)
        return np.flatnonzero(np.cumsum(edges[:-1]) > 0)
