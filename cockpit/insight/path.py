"""The path of a trace: its records as steps in time, the gaps between them, and where clocks disagree. Pure."""

from __future__ import annotations

from collections.abc import Container, Sequence
from dataclasses import dataclass
from itertools import pairwise

from cockpit.clock import SECOND
from cockpit.insight.clocks import nearest_quarter, zone_told
from cockpit.insight.signature import template_of
from cockpit.logs.levels import Level

_NEAR = 30 * SECOND  # of whole quarters of an hour, that tell of a zone
_CLOSE = 10_000  # microseconds by which clocks may differ without a word


@dataclass(frozen=True, slots=True)
class Step:
    """A record of a trace.

    at: microseconds, None where it names no time; took: microseconds, None where it does not say; told_by: how it says
    so; span, parent: the ids of its span and of the one that caused that; starts: when it began where it says so;
    access: it is a line of a web server's access log; gist: the line that sums up what follows its first, if anything;
    ahead: how far ahead of UTC (microseconds) its time was read, where it names no zone.
    """

    source: str
    at: int | None
    level: int
    message: str
    took: int | None = None
    told_by: str = ""
    span: str = ""
    parent: str = ""
    starts: int | None = None
    access: bool = False
    gist: str = ""
    ahead: int | None = None

    @property
    def said(self) -> str:
        """Its message, and what was thrown if anything was."""
        return f"{self.message}  ┆ {self.gist}" if self.gist else self.message

    @property
    def kind(self) -> tuple[str, str]:
        """What it has in common with the same step of other traces: its source and its message's template."""
        return self.source, template_of(self.message)

    @property
    def bar(self) -> tuple[int, int] | None:
        """From when to when it went on; None where that is not known. It was written when it ended, unless it says."""
        if self.at is None or self.took is None:
            return None
        start = self.at - self.took if self.starts is None else self.starts
        return start, start + self.took


@dataclass(frozen=True, slots=True)
class Path:
    """Steps in their order, and gaps[n], microseconds from the step before to step n (None: not known; first: None).

    order: for each step its place in what the path was made of; hints: sentences about clocks; coarse: the sources
    that tell whole seconds where others tell fractions, so that the order of their steps is not sure. left_out: how
    many records between step torn - 1 and step torn are not in it.
    """

    steps: tuple[Step, ...]
    gaps: tuple[int | None, ...]
    order: tuple[int, ...]
    hints: tuple[str, ...] = ()
    coarse: tuple[str, ...] = ()
    left_out: int = 0
    torn: int = 0

    @property
    def started(self) -> int | None:
        return min(self._ends(), default=None)

    @property
    def ended(self) -> int | None:
        return max(self._ends(), default=None)

    @property
    def error(self) -> int | None:
        """The first step that is an error, of an access log only where no other step is; None where none is."""
        errors = [nth for nth, step in enumerate(self.steps) if step.level >= Level.ERROR]
        telling = [nth for nth in errors if not self.steps[nth].access]
        return next(iter(telling or errors), None)

    def number(self, nth: int) -> int:
        """The number by which a person knows a step: those that are left out count."""
        return nth + 1 + (self.left_out if nth >= self.torn else 0)

    def _ends(self) -> list[int]:
        return [step.at for step in self.steps if step.at is not None]


def path_of(steps: Sequence[Step], left_out: int = 0, torn: int = 0) -> Path:
    """The path of these steps, which come merged by time; a step stands after the one that caused it.

    left_out: how many records before steps[torn] are not among them.
    """
    order = _caused_order(steps)
    placed = tuple(steps[nth] for nth in order)
    gaps: list[int | None] = [None]
    for before, step in pairwise(placed):
        gaps.append(step.at - before.at if step.at is not None and before.at is not None else None)
    torn = order.index(torn) if left_out else 0
    if left_out:
        gaps[torn] = None
    hints, coarse = tuple(_hints(placed)), tuple(_coarse(placed))
    return Path(placed, tuple(gaps[: len(placed)]), tuple(order), hints, coarse, left_out, torn)


def extent(steps: Sequence[Step]) -> tuple[int, int] | None:
    """From the first moment to the last, bars included (microseconds); None where no step has a time."""
    moments = [step.at for step in steps if step.at is not None]
    moments += [end for step in steps if (bar := step.bar) is not None for end in bar]
    return (min(moments), max(moments)) if moments else None


def place(extent: tuple[int, int], at: int, width: int) -> int:
    """The cell, 0 to width - 1, in which a moment stands."""
    low, high = extent
    return 0 if high <= low else max(0, min(width - 1, (at - low) * width // (high - low)))


def bar(step: Step, whole: tuple[int, int], width: int) -> tuple[int, int] | None:
    """The cells of a step's bar, first and after the last, at least one; None where start and end are not known."""
    ends = step.bar
    if ends is None:
        return None
    return place(whole, ends[0], width), place(whole, ends[1], width) + 1


def _caused_order(steps: Sequence[Step]) -> list[int]:
    """Places of the steps in their order; those that come before what caused them stand behind it.

    What the same source tells between the two goes with them, so that its own order is never changed.
    """
    first: dict[str, int] = {}
    for nth, step in enumerate(steps):
        if step.span:
            first.setdefault(step.span, nth)
    moved: dict[int, int] = {}  # by the place of a step, that of the one behind which it is to stand
    reached: dict[str, int] = {}  # by source, up to where its steps are moved already
    for nth, step in enumerate(steps):
        cause = first.get(step.parent, -1) if step.parent and step.parent != step.span else -1
        if cause > nth and _is_before(step, steps[cause]):
            for each in range(max(nth, reached.get(step.source, 0)), cause):
                if steps[each].source == step.source:
                    moved[each] = cause
            reached[step.source] = max(cause, reached.get(step.source, 0))
    behind: dict[int, list[int]] = {}
    for nth, cause in moved.items():
        behind.setdefault(cause, []).append(nth)
    order: list[int] = []
    for nth in range(len(steps)):
        waiting = [] if nth in moved else [nth]
        while waiting:
            here = waiting.pop(0)
            order.append(here)
            waiting = [*behind.get(here, ()), *waiting]
    return order


def _is_before(step: Step, cause: Step) -> bool:
    """Whether a step of another source has a time before that at which its cause began; a span is told at its end."""
    if step.source == cause.source or step.at is None or cause.at is None:
        return False
    return step.at < (cause.bar or (cause.at, cause.at))[0]


def _hints(steps: Sequence[Step]) -> list[str]:
    zones = _zones(steps)
    rest = [step for step in steps if step.source not in zones]
    hints = [*zones.values(), *_by_cause(rest), *_within(rest), *_backwards(steps)]
    hints += [
        f"{name} tells whole seconds only: its steps may stand up to a second too early." for name in _coarse(steps)
    ]
    return list(dict.fromkeys(hints))


def _zones(steps: Sequence[Step]) -> dict[str, str]:
    """By source that names no zone, what is to be said where all of it stands whole quarters of an hour from another.

    From one that names its zone, where there is one.
    """
    own: dict[str, list[Step]] = {}
    for step in steps:
        if step.at is not None:
            own.setdefault(step.source, []).append(step)
    times = {name: (min(each), max(each)) for name, of in own.items() if (each := [step.at or 0 for step in of])}
    ahead = {name: of[0].ahead for name, of in own.items()}
    known = sorted(own, key=lambda name: ahead[name] is not None)
    found: dict[str, str] = {}
    for place, name in enumerate(known):
        other = next((each for each in known[:place] if each not in found), None)
        if ahead[name] is None or other is None:
            continue
        apart = times[name][0] - times[other][0]
        quarters = nearest_quarter(apart)
        aside = times[name][0] > times[other][1] or times[name][1] < times[other][0]
        if quarters and aside and abs(apart - quarters) <= _NEAR:
            found[name] = zone_told((other, ahead[other]), (name, ahead[name]), quarters)
    return found


def _by_cause(steps: Sequence[Step]) -> list[str]:
    """What parents and children tell of the clocks of their sources."""
    first: dict[str, Step] = {}
    for step in steps:
        if step.span:
            first.setdefault(step.span, step)
    worst: dict[tuple[str, str], int] = {}
    for step in steps:
        cause = first.get(step.parent)
        if cause is None or not _is_before(step, cause) or step.at is None or cause.at is None:
            continue
        ahead = (cause.bar or (cause.at, cause.at))[0] - step.at
        pair = (step.source, cause.source)
        worst[pair] = max(worst.get(pair, 0), ahead)
    return [
        f"{one} is at least {spoken(length)} behind {other}, by their clocks: a step comes before what caused it."
        for (one, other), length in worst.items()
        if length >= _CLOSE
    ]


def _within(steps: Sequence[Step]) -> list[str]:
    """A source of which all stands before the request began, by the step that tells of the whole of it."""
    coarse = set(_coarse(steps))
    whole = _whole(steps, coarse)
    if whole is None or whole.bar is None:
        return []
    begin, hints = whole.bar[0], []
    for name in dict.fromkeys(step.source for step in steps if step.source not in coarse):
        own = [step for step in steps if step.source == name and step.at is not None]
        told = len(own) > 1 or whole.access or any(step.took is not None for step in own)
        latest = max((step.at for step in own if step.at is not None), default=begin)
        if name != whole.source and told and latest < begin - _CLOSE:
            hints.append(
                f"All of {name} stands before the request began, as {whole.source} tells it; "
                f"its clock may be {spoken(begin - latest)} behind, or more."
            )
    return hints


def _whole(steps: Sequence[Step], coarse: Container[str]) -> Step | None:
    """The longest step that began no later than all else that its source tells; None where there is none."""
    first: dict[str, int] = {}
    for step in steps:
        if step.at is not None:
            first[step.source] = min(step.at, first.get(step.source, step.at))
    fine = [(step, step.bar) for step in steps if step.source not in coarse]
    wide = [step for step, ends in fine if ends is not None and ends[0] <= first[step.source] + _CLOSE]
    return max(wide, key=lambda step: step.took or 0, default=None)


def _backwards(steps: Sequence[Step]) -> list[str]:
    """The sources whose own records go back in time."""
    last: dict[str, int] = {}
    worst: dict[str, int] = {}
    for step in steps:
        if step.at is not None:
            back = last.get(step.source, step.at) - step.at
            worst[step.source] = max(worst.get(step.source, 0), back)
            last[step.source] = step.at
    return [
        f"{name} goes back in time by {spoken(length)}: its clock was set, or several write to it."
        for name, length in worst.items()
        if length > _CLOSE
    ]


def _coarse(steps: Sequence[Step]) -> list[str]:
    """The sources that tell whole seconds where others tell fractions."""
    fine = {step.source for step in steps if step.at is not None and step.at % SECOND}
    named = dict.fromkeys(step.source for step in steps if step.at is not None)
    return [name for name in named if name not in fine] if fine else []


def spoken(length: int) -> str:
    """A length of time with three digits at most: `350 µs`, `12 ms`, `1.20 s`, `2 min 05 s`, `3 h 02 min`."""
    sign, length = ("−" if length < 0 else ""), abs(length)
    if length < 1000:
        return f"{sign}{length} µs"
    if length < SECOND:
        whole = length / 1000
        return f"{sign}{whole:.1f} ms" if whole < 9.95 else f"{sign}{min(999, round(whole))} ms"
    if length < 60 * SECOND:
        whole = length / SECOND
        return f"{sign}{whole:.2f} s" if whole < 9.995 else f"{sign}{int(whole * 10) / 10:.1f} s"
    seconds = length // SECOND
    if seconds < 3600:
        return f"{sign}{seconds // 60} min {seconds % 60:02d} s"
    return f"{sign}{seconds // 3600} h {seconds % 3600 // 60:02d} min"
