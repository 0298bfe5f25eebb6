"""What a person looks for in the logs: patterns, and which records of a file hold them."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt

from cockpit.logs.file import LogFile
from cockpit.logs.index import Part
from cockpit.logs.levels import Level

Rows = npt.NDArray[np.int64]
_SLICE = 1 << 18


@dataclass(frozen=True, slots=True)
class Pattern:
    """A compiled search. `literal` is True where the text was no valid regular expression and is taken as it stands."""

    text: str
    regex: re.Pattern[bytes]
    literal: bool


def compile_pattern(text: str) -> Pattern:
    """A pattern from what a person typed: a regular expression, or the text itself where it is none.

    All lower case finds any case; an upper-case letter makes it exact.
    """
    flags = 0 if any(letter.isupper() for letter in text) else re.IGNORECASE
    raw = text.encode("utf-8", "surrogateescape")
    try:
        return Pattern(text, re.compile(raw, flags), False)
    except (re.error, OverflowError):
        return Pattern(text, re.compile(re.escape(raw), flags), True)


@dataclass(frozen=True, slots=True)
class Filter:
    """What is shown: records of this level or worse that hold every pattern of `within` and none of `without`."""

    level: Level = Level.NONE
    within: tuple[Pattern, ...] = ()
    without: tuple[Pattern, ...] = ()

    @property
    def empty(self) -> bool:
        return not self.level and not self.within and not self.without

    def described(self) -> str:
        """`≥ warning · cart · not health`; empty where everything is shown."""
        level = [f"≥ {self.level.word}"] if self.level else []
        return " · ".join(level + [p.text for p in self.within] + [f"not {p.text}" for p in self.without])


@dataclass(slots=True)
class Selection:
    """The records of one file that a filter keeps, found part by part; parts that cannot change are kept."""

    file: LogFile
    wanted: Filter
    _known: dict[int, Rows] = field(default_factory=dict)

    def rows(self, part: Part) -> Rows:
        """int64[m]: positions within the part of the records kept, ascending."""
        known = self._known.get(part.first) if part.closed else None
        if known is None:
            known = self._rows(part)
            if part.closed:
                self._known[part.first] = known
        return known

    def _rows(self, part: Part) -> Rows:
        wanted = self.wanted
        kept = part.levels >= wanted.level
        for pattern in wanted.within:
            kept &= self._holding(part, pattern)
        for pattern in wanted.without:
            kept &= ~self._holding(part, pattern)
        return np.flatnonzero(kept)

    def _holding(self, part: Part, pattern: Pattern) -> npt.NDArray[np.bool_]:
        holding = np.zeros(len(part.starts), bool)
        holding[np.fromiter(matches(self.file, part, pattern), np.int64)] = True
        return holding


def matches(
    file: LogFile, part: Part, pattern: Pattern, cancelled: Callable[[], bool] = lambda: False
) -> Iterator[int]:
    """Positions within a part of the records that hold a pattern, ascending, some more than once."""
    count = len(part.starts)
    row = 0
    while row < count and not cancelled():
        stop_row = int(np.searchsorted(part.starts, part.starts[row] + _SLICE, "left"))
        stop_row = min(count, max(row + 1, stop_row))
        start = int(part.starts[row])
        stop = int(part.starts[stop_row]) if stop_row < count else part.stop
        data = file.read_span(start, stop)
        found = [match.start() for match in pattern.regex.finditer(data)]
        if found:
            at = np.searchsorted(part.starts[row:stop_row], np.array(found, np.int64) + start, "right") - 1
            for position in at:
                yield row + int(position)
        row = stop_row
