"""What a machine noticed, in sentences with their numbers, each told once. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from cockpit.clock import MINUTE
from cockpit.insight.deploys import Marker, span
from cockpit.insight.verdicts import Judged, Verdict

_NEAR = 30 * MINUTE  # after a deploy, in which that is worth a word
_SHOWN = 80  # characters of a template


@dataclass(frozen=True, slots=True)
class Finding:
    """key: what tells it from others; at: microseconds; text: a phrase; scope: which of the four it is of, or ""."""

    key: str
    at: int
    text: str
    scope: str = ""


@dataclass(frozen=True, slots=True)
class Appeared:
    """A signature of errors that is new. first, last: microseconds."""

    id: str
    template: str
    count: int
    first: int
    last: int


def appeared(new: Iterable[Appeared], markers: Sequence[Marker]) -> list[Finding]:
    """`new error signature, 12/min, 41 s after deploy 4f2c1a9: Cart <*> failed`; `at` says since when."""
    found = []
    for each in new:
        minutes = max((each.last - each.first) / MINUTE, 1 / 12)
        rate = f"{each.count / minutes:.2g}/min" if each.count > 1 else "once"
        after = _after(each.first, markers)
        found.append(
            Finding(
                f"signature:{each.id}",
                each.first,
                f"new error signature, {rate}{after}: {each.template[:_SHOWN]}",
            )
        )
    return found


def concluded(scope: Iterable[Judged], at: int) -> list[Finding]:
    """A finding of each scope that is likely."""
    return [
        Finding(
            f"scope:{each.scope}:{_about(each)}", at, f"{each.scope} is likely: {each.why[0].rstrip('.')}", each.scope
        )
        for each in scope
        if each.verdict is Verdict.LIKELY and each.why
    ]


def _about(judged: Judged) -> str:
    """What a verdict is about, whatever its numbers: the same is not told twice."""
    if judged.scope == "deploy" and judged.facts.get("marker"):
        return str(judged.facts["marker"]["ref"])
    for name, key in (("factors", "field"), ("peers", "peer")):
        if judged.facts.get(name):
            return str(judged.facts[name][0][key])
    return ""


def _after(at: int, markers: Sequence[Marker]) -> str:
    before = [each for each in markers if each.at <= at and at - each.at <= _NEAR]
    if not before:
        return ""
    last = max(before, key=lambda each: each.at)
    return f", {span(at - last.at)} after {last.named}"
