"""What is usual in other traces: gaps between two steps, what comes next, and which one went well. Pure."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from itertools import pairwise

from cockpit.clock import SECOND
from cockpit.insight.path import Path
from cockpit.logs.levels import Level

Kind = tuple[str, str]
"""A source and the template of a message."""

_FEW = 5  # traces, with fewer than which nothing is called unusual
_SLOW = 3.0  # times the median
_NOTICED = 5000  # microseconds more than the median
_ALIGNED = 300  # steps of either, up to which two traces are laid beside each other step by step


@dataclass(frozen=True, slots=True)
class Usual:
    """The gap between two steps in other traces: median and p95 (microseconds), in how many traces both were."""

    median: int
    p95: int
    traces: int


@dataclass(frozen=True, slots=True)
class GoesOn:
    """After `step` (its place in the path), others go on to these: (message, in how many traces), the most first.

    others: in how many of the other traces that step was at all; ended: in how many it was the last; good: only those
    without an error were asked.
    """

    step: int
    good: bool
    others: int
    ended: int
    to: tuple[tuple[str, int], ...]


@dataclass(frozen=True, slots=True)
class Usuals:
    """usual[n] is of the gap before step n; alone[n]: no other trace has such a step; traces: how many were read."""

    traces: int
    usual: tuple[Usual | None, ...]
    alone: tuple[bool, ...]
    goes_on: GoesOn | None

    def unusual(self, path: Path, nth: int) -> bool:
        """Whether the gap before a step is far longer than in other traces: beyond the p95 and thrice the median."""
        usual, gap = self.usual[nth], path.gaps[nth]
        if usual is None or gap is None or usual.traces < _FEW:
            return False
        coarse = {path.steps[nth].source, path.steps[nth - 1].source} & set(path.coarse)
        noticed = SECOND if coarse else _NOTICED
        return (
            gap > usual.p95 and gap > _SLOW * usual.median and gap - (usual.p95 if coarse else usual.median) > noticed
        )

    def is_new(self, nth: int) -> bool:
        """Whether a step is in none of enough other traces."""
        return self.alone[nth] and self.traces >= _FEW


def usuals(path: Path, others: Sequence[Path]) -> Usuals:
    """What is usual for each step of a path, by other traces."""
    kinds = [step.kind for step in path.steps]
    told = [_Other(other) for other in others]
    known = {kind for other in told for kind in other.kinds}
    pairs = {pair: _usual(pair, told) for pair in set(pairwise(kinds))}
    usual = [None, *(pairs[pair] for pair in pairwise(kinds))] if kinds else []
    alone = tuple(kind not in known for kind in kinds)
    good = [other for other in told if other.path.error is None] if path.error is not None else []
    goes_on = _goes_on(kinds, good or told, path.coarse, bool(good))
    return Usuals(len(others), tuple(usual), alone, goes_on)


def is_good(path: Path) -> bool:
    """Whether no step of a trace is a warning or worse."""
    return bool(path.steps) and all(step.level < Level.WARNING for step in path.steps)


def good_one(path: Path, others: Sequence[Path]) -> int | None:
    """The place of the one to compare with: without a warning, of the same kind, whole, and the nearest in time.

    None where none is good.
    """
    good = [nth for nth, other in enumerate(others) if is_good(other) and _alike(path, other)]
    if not good:
        return None
    endings = Counter(others[nth].steps[-1].kind for nth in good)
    usual_end = endings.most_common(1)[0][0]
    whole = [nth for nth in good if others[nth].steps[-1].kind == usual_end]
    start = path.started or 0
    return min(whole, key=lambda nth: abs((others[nth].started or 0) - start))


def beside(one: Path, other: Path) -> list[tuple[int | None, int | None]]:
    """The steps of two paths, by their places, those of one kind beside each other; None: it has no such step."""
    if max(len(one.steps), len(other.steps)) > _ALIGNED:
        longest = max(len(one.steps), len(other.steps))
        return [(_within(nth, one), _within(nth, other)) for nth in range(longest)]
    own, others = ([step.kind for step in path.steps] for path in (one, other))
    pairs: list[tuple[int | None, int | None]] = []
    for tag, a, a_stop, b, b_stop in SequenceMatcher(None, own, others, autojunk=False).get_opcodes():
        if tag == "equal":
            pairs += zip(range(a, a_stop), range(b, b_stop), strict=True)
        else:
            pairs += [(nth, None) for nth in range(a, a_stop)]
            pairs += [(None, nth) for nth in range(b, b_stop)]
    return pairs


class _Other:
    """Another trace with the kinds of its steps."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.kinds = [step.kind for step in path.steps]

    def gap(self, pair: tuple[Kind, Kind]) -> int | None:
        """From the last step of the first kind to the first of the second after it (microseconds)."""
        before: int | None = None
        for kind, step in zip(self.kinds, self.path.steps, strict=True):
            if kind == pair[1] and before is not None and step.at is not None:
                return step.at - before
            if kind == pair[0]:
                before = step.at
        return None


def _usual(pair: tuple[Kind, Kind], others: Sequence[_Other]) -> Usual | None:
    gaps = sorted(gap for other in others if (gap := other.gap(pair)) is not None)
    if not gaps:
        return None
    return Usual(_quantile(gaps, 0.5), _quantile(gaps, 0.95), len(gaps))


def _quantile(ordered: Sequence[int], share: float) -> int:
    """The least of these that so large a share of them does not exceed."""
    return ordered[min(len(ordered) - 1, max(0, -(-round(len(ordered) * share * 1000) // 1000) - 1))]


def _goes_on(kinds: Sequence[Kind], others: Sequence[_Other], unsure: Sequence[str], good: bool) -> GoesOn | None:
    """From the last step that other traces have too, what comes next in them; without the sources of unsure order."""
    for nth in range(len(kinds) - 1, -1, -1):
        having = [other for other in others if kinds[nth] in other.kinds]
        if having and kinds[nth][0] not in unsure:
            return _after(nth, kinds[nth], having, unsure, good)
    return None


def _after(nth: int, kind: Kind, having: Sequence[_Other], unsure: Sequence[str], good: bool) -> GoesOn:
    counted: Counter[Kind] = Counter()
    message: dict[Kind, str] = {}
    for other in having:
        last = len(other.kinds) - 1 - other.kinds[::-1].index(kind)
        place = next((at for at in range(last + 1, len(other.kinds)) if other.kinds[at][0] not in unsure), None)
        if place is not None:
            counted[other.kinds[place]] += 1
            message.setdefault(other.kinds[place], other.path.steps[place].message)
    to = tuple((each[1] or message[each], count) for each, count in counted.most_common(3))
    return GoesOn(nth, good, len(having), len(having) - counted.total(), to)


def _alike(path: Path, other: Path) -> bool:
    """Whether two traces are of one kind: they have a step in common, the first of either if possible."""
    first = {path.steps[0].kind, other.steps[0].kind} if path.steps and other.steps else set()
    return any(step.kind in first for step in path.steps) and any(step.kind in first for step in other.steps)


def _within(nth: int, path: Path) -> int | None:
    return nth if nth < len(path.steps) else None
