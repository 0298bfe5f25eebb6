"""How near each commit came to the frames of a trace: the lines it wrote, the functions and files it changed. Pure."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from cockpit.history.diff import FileChange
from cockpit.insight.functions import Span
from cockpit.insight.placing import PlacedFrame
from cockpit.insight.tracking import Touched, followed

_REACH = 4.0  # lines over which what is near a line counts less and less


@dataclass(frozen=True, slots=True)
class KnownFrame:
    """A frame in a file of the repository. line, span: where it stands in the revision that is looked at.

    blamed: which commit wrote each line near it; origin: which wrote the line before it was moved; exact: whether the
    line is known, not the function alone.
    """

    placed: PlacedFrame
    line: int
    span: Span
    blamed: Mapping[int, str] = field(default_factory=dict)
    origin: str = ""
    exact: bool = True

    @property
    def function(self) -> str:
        return self.span.name or self.placed.frame.function


@dataclass(frozen=True, slots=True)
class Near:
    """How near one commit came to one frame. share: of the lines near the frame's, how much it wrote, 0 to 1.

    wrote_first: it wrote the line, and another moved it; standing: the lines it wrote, as far as they still stand;
    touched: None where it is known from the blame alone.
    """

    known: KnownFrame
    rank: int
    wrote_line: bool
    wrote_first: bool
    share: float
    standing: tuple[int, ...]
    touched: Touched | None

    @property
    def away(self) -> int | None:
        """Lines between the frame's and the nearest that the commit wrote or changed."""
        found = [abs(line - self.known.line) for line in self.standing]
        return min((*found, *([self.touched.away] if self.touched is not None else ())), default=None)

    @property
    def within(self) -> bool:
        """Whether it changed the function; what still stands in it says so also where older places are not exact."""
        span = self.known.span
        stands = any(span.first <= line <= span.last for line in self.standing)
        return stands or (self.touched is not None and self.touched.within)


def nearness(
    frames: Sequence[KnownFrame], history: Sequence[tuple[str, Sequence[FileChange]]]
) -> dict[str, list[Near]]:
    """For each commit of a history (hash, files; newest first) that came near, the frames it came near to."""
    found: dict[str, list[Near]] = {}
    for rank, known in enumerate(frames):
        span = (known.span.first, known.span.last)
        steps = followed(history, known.placed.path, known.line, span, known.function)
        touched = {each.sha: each for each in steps}
        shares = _shares(known)
        writer = known.blamed.get(known.line) if known.exact else None
        for sha in dict.fromkeys((*touched, *shares, *([known.origin] if known.origin else ()))):
            wrote = (writer == sha, known.origin == sha != writer)
            standing = tuple(line for line, each in known.blamed.items() if each == sha)
            near = Near(known, rank, *wrote, shares.get(sha, 0.0), standing, touched.get(sha))
            found.setdefault(sha, []).append(near)
    return found


def _shares(known: KnownFrame) -> dict[str, float]:
    """How much of the lines near a frame's each commit wrote; the nearer, the more a line counts."""
    shares: dict[str, float] = {}
    whole = 0.0
    for line, sha in known.blamed.items():
        weight = math.exp(-abs(line - known.line) / _REACH) if known.exact else 1.0
        shares[sha] = shares.get(sha, 0.0) + weight
        whole += weight
    return {sha: share / whole for sha, share in shares.items()}
