"""The matrix of hypotheses and evidence, after Heuer's analysis of competing hypotheses: what contradicts counts most.

It abstains: without evidence that tells hypotheses apart, nothing is called the cause.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from cockpit.incident.hypotheses import Hypothesis
from cockpit.incident.odds import ratio

SIGNS = {"for": "+", "against": "−", "neutral": "0", "": "·"}


@dataclass(frozen=True, slots=True)
class Cell:
    """How one piece of evidence bears on one hypothesis: relation "" and weight 0 where nobody has said."""

    relation: str
    weight: int

    @property
    def sign(self) -> str:
        """`+2`, `−1`, `0` or `·`."""
        return SIGNS[self.relation] + (str(self.weight) if self.relation in ("for", "against") else "")


@dataclass(frozen=True, slots=True)
class Line:
    """One piece of evidence and its cell under each hypothesis; `tells`: whether it tells hypotheses apart.

    evidence: its id; name: what it is called.
    """

    evidence: str
    name: str
    cells: tuple[Cell, ...]
    tells: bool


def lines_of(hypotheses: Sequence[Hypothesis]) -> list[Line]:
    """The evidence that is linked to any of these, in the order in which it was linked; what is parked counts not."""
    names = {link.id: link.name for each in hypotheses for link in each.links}
    return [_line(evidence, name, hypotheses) for evidence, name in names.items()]


def sentence(hypotheses: Sequence[Hypothesis]) -> str:
    """Where it stands, and the test to do next; hypotheses in the order of their rank."""
    judged = next((each for each in hypotheses if each.status == "confirmed"), None)
    if judged is not None:
        return f"{judged.label} is confirmed: {judged.observation or 'no observation was named'}."
    live = _live(hypotheses)
    if not live:
        return "Nothing is called the cause; write down another hypothesis (n)."
    leading = max(live, key=lambda each: each.likelihood)
    if not _decisive(live, leading):
        return f"Nothing is called the cause: no evidence puts one above the others. {_breaking(leading)}"
    against = [link.name for link in leading.links if link.relation == "against"]
    doubt = f", though {', '.join(against)} speaks against it" if against else ""
    return f"{leading.label} leads{doubt}; it is not proven. {_breaking(leading)}"


def _decisive(live: list[Hypothesis], leading: Hypothesis) -> bool:
    """Whether one alone leads, and some evidence speaks more for it than for each other."""
    if any(each.likelihood == leading.likelihood for each in live if each is not leading):
        return False
    ours = {link.id: ratio(link) for link in leading.links}
    theirs = [{link.id: ratio(link) for link in each.links} for each in live if each is not leading]
    names = {*ours, *(name for each in theirs for name in each)}
    return any(all(ours.get(name, 1.0) > each.get(name, 1.0) for each in theirs) for name in names if theirs)


def _breaking(leading: Hypothesis) -> str:
    """The test that could break the leading hypothesis."""
    if not leading.prediction.strip():
        return f"Write what {leading.label} predicts (P), to find the test that could break it."
    waiting = [test for test in leading.experiments if not test.ran]
    if any(test.running for test in waiting):
        return f"A test of {leading.label} runs (X)."
    if waiting:
        return f"“{_short(waiting[-1].text)}” could break {leading.label}: write what you observe (R)."
    return f"Try to break {leading.label} (x): when would “{_short(leading.prediction)}” not be seen?"


def _short(text: str) -> str:
    first = text.split("\n")[0]
    return first if len(first) <= 80 else first[:79] + "…"


def _live(hypotheses: Sequence[Hypothesis]) -> list[Hypothesis]:
    return [each for each in hypotheses if each.status in ("open", "testing")]


def _line(evidence: str, name: str, hypotheses: Sequence[Hypothesis]) -> Line:
    found = [next((link for link in each.links if link.id == evidence), None) for each in hypotheses]
    cells = tuple(Cell(link.relation, link.weight) if link else Cell("", 0) for link in found)
    counting = [ratio(link) if link else 1.0 for each, link in zip(hypotheses, found, strict=True) if _counts(each)]
    return Line(evidence, name, cells, len(set(counting)) > 1)


def _counts(hypothesis: Hypothesis) -> bool:
    return hypothesis.status != "parked"
