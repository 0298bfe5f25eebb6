"""Which stretch of time the timeline shows: a few usual lengths, or all there is."""

from __future__ import annotations

from cockpit.clock import DAY, HOUR, MINUTE, SECOND, duration
from cockpit.logs.histogram import Histogram
from cockpit.logs.times import NONE
from cockpit.session import Session

_LENGTHS: tuple[int | None, ...] = (None, 7 * DAY, DAY, 6 * HOUR, 2 * HOUR, HOUR, 15 * MINUTE, 5 * MINUTE)


class Spans:
    """The length chosen, and the range it stands for now. At first: all there is, but at most six hours."""

    def __init__(self, session: Session) -> None:
        self._session = session
        self._chosen = _LENGTHS.index(6 * HOUR)

    def change(self, step: int) -> None:
        """One length shorter (1) or longer (-1)."""
        self._chosen = max(0, min(self._chosen + step, len(_LENGTHS) - 1))

    def range(self) -> tuple[int, int]:
        """From when to when (microseconds); (0, 0) where no record has a time."""
        low, high = self._session.desk.sources.span()
        if high == NONE:
            return 0, 0
        length = _LENGTHS[self._chosen]
        if length is None:
            return low, high + 1
        return max(low, high - length), high + 1

    def title(self, counts: Histogram | None) -> str:
        length = _LENGTHS[self._chosen]
        shown = "all" if length is None else f"last {duration(length)}"
        each = f" · each bar {_width(counts.width)}" if counts is not None else ""
        of = "lines shown · " if counts is not None and counts.filtered else ""
        return f"Timeline · {of}{shown}{each}"


def _width(microseconds: int) -> str:
    """The width of a bar: `90 s`, `5 min`, `1 h`."""
    whole = microseconds % MINUTE == 0
    return duration(microseconds) if whole else f"{microseconds // SECOND} s"
