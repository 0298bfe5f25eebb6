"""The rows of the guide: steps with what was done in each, checks, and what helps when one is stuck."""

from __future__ import annotations

from dataclasses import dataclass
from textwrap import wrap

from rich.text import Text

from cockpit.incident.checks import GOTCHAS, Check, checks_in
from cockpit.incident.guide import CHECKED, Advice, Step, steps
from cockpit.incident.model import State
from cockpit.logs.printable import printable

_TITLE, _CHECK = 22, 36  # cells
_BEFORE = 5  # cells before a title
HELPERS = {
    "duck": ("Rubber duck", "Explain it aloud: six questions, six notes."),
    "break": ("Take a break", "Fresh eyes see more. Enter notes it."),
    "brief": ("Ask for help", "A brief from the journal: w writes, y copies."),
    "bisect": ("Search the history", "It worked before? git bisect, by hand."),
}
LEADS = {
    "1": "beginning",
    "2": "evidence",
    "3": "pane('hypotheses')",
    "4": "pane('commits')",
    "7": "pane('hypotheses')",
}
"""Where a step is done: an action of the main screen, or the four questions."""


@dataclass(frozen=True, slots=True)
class Row:
    """A row and what it stands for. kind: step, check, helper, or "" for what only tells."""

    kind: str
    name: str
    text: Text


def rows_of(state: State, advice: Advice | None, rest: str, width: int) -> list[Row]:
    """All rows, for so many cells. advice: what would help next; rest: the offer of a break, "" where there is none."""
    now = advice.step if advice is not None else 0
    found = [Row("", "", _next(advice)), _blank()]
    for step in steps(state):
        first, *more = wrap(printable(step.told), max(20, width - _BEFORE - _TITLE)) or [""]
        found.append(Row("step", str(step.number), _step(step, first, step.number == now)))
        found += [Row("", "", Text(" " * (_BEFORE + _TITLE) + line)) for line in more]
        if step.number in CHECKED:
            found += [_check(each, state) for each in checks_in(CHECKED[step.number])]
    gotchas = checks_in(*GOTCHAS)
    count = sum(each.name in state.ticks for each in gotchas)
    found += [_blank(), _heading(f"Gotchas of production: {count} of {len(gotchas)} checked")]
    for group in GOTCHAS:
        found += [Row("", "", Text(f"   {group}", "dim")), *(_check(each, state) for each in checks_in(group))]
    found += [_blank(), _heading("When you are stuck")]
    found += [_helper(name, rest if name == "break" and rest else told) for name, (_, told) in HELPERS.items()]
    return found


def _next(advice: Advice | None) -> Text:
    if advice is None:
        return Text(" All is done that the guide knows of.", "dim")
    return Text.assemble((f" Next: {advice.text} ", "bold"), (f" {advice.why}", "dim"))


def _blank() -> Row:
    return Row("", "", Text())


def _heading(text: str) -> Row:
    return Row("", "", Text(f" {text}", "bold"))


def _step(step: Step, told: str, now: bool) -> Text:
    sign = ("▸", "bold yellow") if now else ("✓", "bold green") if step.done else (" ", "")
    text = Text.assemble(" ", sign, (f" {step.number} {step.title:<{_TITLE}}", "bold" if now else ""), no_wrap=True)
    return text.append(told or "–", "" if told else "dim")


def _check(check: Check, state: State) -> Row:
    tick = state.ticks.get(check.name)
    text = Text(f"     {'✓' if tick else '·'} ", "bold green" if tick else "dim", no_wrap=True)
    text.append(f"{check.text:<{_CHECK}} ", "" if tick else "dim")
    if tick is None:
        return Row("check", check.name, text.append(check.how, "dim"))
    note = " ".join(tick.note.split()) or f"checked by {tick.by.partition('@')[0]}"
    return Row("check", check.name, text.append(printable(note)))


def _helper(name: str, told: str) -> Row:
    text = Text(f"     {HELPERS[name][0]:<{_TITLE}}", no_wrap=True)
    return Row("helper", name, text.append(told, "dim"))
