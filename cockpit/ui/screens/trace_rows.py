"""How the steps of a trace are drawn: in a row each with its gap and its bar, or beside those of another trace."""

from __future__ import annotations

from dataclasses import dataclass

from rich.cells import cell_len, set_cell_size
from rich.text import Text

from cockpit.insight.path import Path, Step, bar, extent, place, spoken
from cockpit.insight.path_told import usual_words
from cockpit.insight.usual import Usuals
from cockpit.logs.levels import Level
from cockpit.logs.printable import printable
from cockpit.ui.times import clock_time

WIDE = 120
"""Cells of the terminal from which on two traces stand side by side."""
_ROOMY, _USUAL_AT, _SINCE_AT, _BARRED_AT = 104, 140, 64, 68
"""Cells from which on a row has room for long names; for what is usual; and half a row for the time since the first,
and for its bar.
"""
_GAP, _TIME, _USUAL, _TOOK = 11, 12, 23, 10
_LETTERS = {Level.WARNING: ("W", "yellow"), Level.ERROR: ("E", "bold red"), Level.CRITICAL: ("C", "bold red reverse")}


@dataclass(frozen=True, slots=True)
class Line:
    """A row of the screen: a step of this trace, of the other, of both, or a heading. Places in their paths."""

    own: int | None = None
    other: int | None = None
    heading: str = ""


class Drawn:
    """Draws the steps of one path. usuals: None until they are known; lasting: how long (microseconds) its bars' whole
    is at least, so that those of two paths can be compared.
    """

    def __init__(self, path: Path, usuals: Usuals | None, utc: bool, lasting: int = 0) -> None:
        self.path = path
        self.usuals = usuals
        self._utc = utc
        self._begin = path.started
        whole = extent(path.steps)
        self._whole = None if whole is None else (whole[0], max(whole[1], whole[0] + lasting))
        self._digits = len(str(path.number(len(path.steps) - 1)))
        self._longest = max((len(step.said) for step in path.steps), default=0) + _TOOK
        self._source = max((cell_len(step.source) for step in path.steps), default=0)

    def row(self, nth: int, width: int) -> Text:
        """A step in one row: number, time, gap, source, message, what is usual, and its place in the whole as a bar."""
        step = self.path.steps[nth]
        bars = max(12, width // 4) if width >= _ROOMY else max(10, width // 6)
        usual = width >= _USUAL_AT and self.usuals is not None
        text = Text(no_wrap=True)
        text.append(f"{self.path.number(nth):>{self._digits}} ", "dim")
        text.append(f"{'no time' if step.at is None else clock_time(step.at, self._utc):<{_TIME}} ", "dim")
        text.append_text(self._gap(nth))
        text.append_text(self._named(nth, min(self._source, 20 if width >= _ROOMY else 9)))
        rest = width - text.cell_len - 1 - (_USUAL + 1 if usual else 0)
        message = max(8, min(self._longest, rest - bars))
        bars = max(bars, rest - message)
        text.append_text(self._message(step, message))
        if usual and self.usuals is not None:
            text.append(f" {usual_words(self.usuals.usual[nth]):>{_USUAL}}", "dim")
        text.append(" ")
        return text.append_text(self._bar(nth, bars))

    def half(self, nth: int | None, width: int, style: str) -> Text:
        """A step in half a row, beside that of another trace: time since the first, gap, source, message and bar."""
        text = Text(no_wrap=True)
        if nth is None:
            return text.append(set_cell_size(" " * (_GAP - 1) + "·", width), "dim")
        step, begin = self.path.steps[nth], self._begin
        since = "no time" if step.at is None or begin is None else spoken(step.at - begin)
        if width >= _SINCE_AT:
            text.append(f"{since:>{_GAP}} ", "dim")
        text.append_text(self._gap(nth))
        text.append_text(self._named(nth, min(self._source, 12 if width >= _SINCE_AT else 8)))
        bars = width // 4 if width >= _BARRED_AT else 0
        text.append_text(self._message(step, max(4, width - text.cell_len - bars - bool(bars)), style))
        return text.append(" ").append_text(self._bar(nth, bars)) if bars else text

    def _gap(self, nth: int) -> Text:
        gap = self.path.gaps[nth]
        shown = "" if gap is None else f"{'+' if gap >= 0 else ''}{spoken(gap)}"
        slow = self.usuals is not None and self.usuals.unusual(self.path, nth)
        style = "bold yellow" if slow else "bold magenta" if gap is not None and gap < 0 else ""
        return Text(f"{shown:>{_GAP}}{'▲' if slow else ' '} ", style)

    def _named(self, nth: int, width: int) -> Text:
        step = self.path.steps[nth]
        new = self.usuals is not None and self.usuals.is_new(nth)
        letter, style = _LETTERS.get(Level(step.level), (" ", ""))
        name = printable(step.source)
        shown = set_cell_size(name if cell_len(name) <= width else f"{set_cell_size(name, width - 1)}…", width)
        text = Text(f"{shown} ", "green")
        return text.append(letter, style).append("◆ " if new else "  ", "yellow")

    def _message(self, step: Step, width: int, style: str = "") -> Text:
        shown = printable(step.said)
        if step.took is not None:
            shown = f"{spoken(step.took)} · {shown}"
        cut = shown if cell_len(shown) <= width else f"{set_cell_size(shown, width - 1)}…"
        style = style or _LETTERS.get(Level(step.level), ("", ""))[1].replace(" reverse", "")
        text = Text(set_cell_size(cut, width), style)
        if step.took is not None:
            text.stylize("cyan", 0, len(spoken(step.took)))
        return text

    def _bar(self, nth: int, width: int) -> Text:
        """Where a step stands in the whole: a thin line from the step before, and a bar, or a point, where it is."""
        step = self.path.steps[nth]
        if self._whole is None or step.at is None:
            return Text(" " * width)
        cells, styles = [" "] * width, [""] * width
        here = place(self._whole, step.at, width)
        before = self.path.steps[nth - 1].at if self.path.gaps[nth] is not None else None
        if before is not None:
            first, last = sorted((place(self._whole, before, width), here))
            slow = self.usuals is not None and self.usuals.unusual(self.path, nth)
            for at in range(first, last):
                cells[at], styles[at] = "┈", "yellow" if slow else "dim"
        style = _LETTERS.get(Level(step.level), ("", "cyan"))[1].replace(" reverse", "")
        ends = bar(step, self._whole, width)
        for at in range(*(ends or (here, here + 1))):
            cells[at], styles[at] = "━" if ends is not None else "●", style
        text = Text(no_wrap=True)
        for cell, each in zip(cells, styles, strict=True):
            text.append(cell, each)
        return text


def lasts(path: Path) -> int:
    """How long the whole of a path is, bars included, in microseconds."""
    whole = extent(path.steps)
    return 0 if whole is None else whole[1] - whole[0]


def beside(own: Drawn, other: Drawn, line: Line, width: int) -> Text:
    """A row with a step of either trace; what only one of them has stands out."""
    half = (width - 3) // 2
    alone = line.other is None
    text = own.half(line.own, half, "bold" if alone else "")
    text.append(" │ ", "dim")
    return text.append_text(other.half(line.other, width - half - 3, "" if line.own is not None else "bold green"))
