"""How a hypothesis looks: as a row of its pane, and whole."""

from __future__ import annotations

from collections.abc import Sequence

from rich.text import Text

from cockpit.clock import to_local
from cockpit.incident import odds
from cockpit.incident.evidence import Evidence
from cockpit.incident.experiments import Experiment
from cockpit.incident.hypotheses import Hypothesis, Link
from cockpit.logs.printable import printable

_SIGNS = {
    "open": ("○", ""),
    "testing": ("◐", "bold cyan"),
    "confirmed": ("✓", "bold green"),
    "refuted": ("✗", "red"),
    "parked": ("‖", "dim"),
}


class HypothesisRows:
    """Draws hypotheses for a RowList, in the order of their rank."""

    def __init__(self) -> None:
        self.ranked: list[Hypothesis] = []

    def count(self) -> int:
        return len(self.ranked)

    def draw(self, index: int, width: int) -> Text:
        hypothesis = self.ranked[index]
        sign, style = _SIGNS[hypothesis.status]
        text = Text(no_wrap=True, end="")
        text.append(f" {sign} ", style)
        text.append(f"{hypothesis.label:<2} ", "dim")
        refuted = hypothesis.status == "refuted"
        likelihood = "  — " if refuted else f"{hypothesis.likelihood:>3}%"
        text.append(f"{likelihood} ", "bold" if hypothesis.likelihood >= 50 and not refuted else "")
        done = hypothesis.status in ("refuted", "parked")
        subject = printable(hypothesis.text.split("\n")[0])
        facts = _facts(hypothesis)
        room = max(8, width - 10 - max(2, len(hypothesis.label)) - len(hypothesis.status) - 2 - len(facts))
        text.append(f"{subject if len(subject) <= room else subject[: room - 1] + '…'}", "dim" if done else "")
        gap = max(1, width - text.cell_len - len(facts) - len(hypothesis.status) - 1)
        text.append(" " * gap + facts, "dim" if done else "")
        text.append(hypothesis.status, style or "dim")
        return text


def whole(hypothesis: Hypothesis, known: Sequence[Hypothesis], evidence: Sequence[Evidence]) -> list[Text]:
    """A hypothesis as lines of a screen of its own; `known`: all of them, for the name of its parent."""
    titles = {each.id: each.title for each in evidence}
    sign, style = _SIGNS[hypothesis.status]
    lines = [Text(printable(line), "bold") for line in hypothesis.text.split("\n")]
    lines += [Text(), Text.assemble((f"{'status':<13}", "dim"), (f"{sign} {hypothesis.status}", style))]
    if hypothesis.verdict is not None:
        lines.append(_pair("decided by", hypothesis.observation or "no observation was named"))
    lines += _likelihood(hypothesis)
    cost = f"{hypothesis.cost} minutes to test" if hypothesis.cost is not None else "not said (C)"
    lines.append(_pair("cost", cost))
    parent = next((each for each in known if each.id == hypothesis.parent), None)
    if parent is not None:
        lines.append(_pair("refines", f"{parent.label} {parent.text.split(chr(10))[0]}"))
    lines.append(_pair("prediction", hypothesis.prediction or "not written yet (P)"))
    for test in hypothesis.experiments:
        lines += _experiment(test)
    lines += [_link(link, titles.get(link.id, "")) for link in hypothesis.links]
    lines += [
        _pair("added", f"{to_local(hypothesis.added_at):%Y-%m-%d %H:%M:%S} by {hypothesis.added_by}"),
        _pair("changed", f"{to_local(hypothesis.changed_at):%Y-%m-%d %H:%M:%S} by {hypothesis.changed_by}"),
    ]
    if hypothesis.detail:
        lines += [Text(), *(Text(printable(line)) for line in hypothesis.detail.split("\n"))]
    return lines


def _facts(hypothesis: Hypothesis) -> str:
    """Cost and evidence, where there are any, and whether an experiment runs: `▶ 5m +3 −0 `."""
    cost = f"{hypothesis.cost}m " if hypothesis.cost is not None else ""
    speaking = [link.relation for link in hypothesis.links]
    evidence = f"+{speaking.count('for')} −{speaking.count('against')} " if speaking else ""
    runs = "▶ " if any(test.running for test in hypothesis.experiments) else ""
    return runs + cost + evidence


def _likelihood(hypothesis: Hypothesis) -> list[Text]:
    own = hypothesis.word is not None
    lines = [_pair("likelihood", f"{hypothesis.likelihood} %{', your own word' if own else ''}")]
    if hypothesis.links:
        told = odds.told(hypothesis.prior, hypothesis.links)
        lines.append(_pair("", f"the evidence alone: {told}" if own else f"by the evidence: {told}"))
    return lines


def _link(link: Link, title: str) -> Text:
    weight = f" {link.weight}" if link.relation != "neutral" else ""
    return _pair(f"evidence {link.name}", f"{link.relation}{weight}" + (f": {title}" if title else ""))


def _experiment(test: Experiment) -> list[Text]:
    lines = [_pair("experiment", test.text)]
    if test.kind != "check" or test.said:
        lines.append(_pair("  state", test.told))
    lines.append(_pair("  observed", test.observation or "not yet (R)"))
    return lines


def _pair(name: str, value: str) -> Text:
    return Text.assemble((f"{name:<12} ", "dim"), printable(value))
