"""The strip of time over the panes: lines and errors per bucket, markers, and where the log cursor stands."""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar

import numpy as np
import numpy.typing as npt
from rich.style import Style
from rich.text import Text
from textual import events
from textual.message import Message
from textual.strip import Strip
from textual.widget import Widget

from cockpit.logs.histogram import Histogram
from cockpit.session import Mark
from cockpit.ui import times

_BARS = " ▁▂▃▄▅▆▇█"
_LABEL = 8
SIGNS = {"deploy": "⚑", "mitigation": "✚", "restart": "↻", "tag": "◇", "note": "◆"}
"""What stands for each kind of marker."""


class Timeline(Widget):
    """Draws a histogram and markers. Posts Chosen when a moment is clicked."""

    COMPONENT_CLASSES: ClassVar[set[str]] = {
        "timeline--label",
        "timeline--lines",
        "timeline--errors",
        "timeline--quiet",
        "timeline--cursor",
        *(f"timeline--{kind}" for kind in SIGNS),
    }

    class Chosen(Message):
        """A moment was clicked. at: microseconds."""

        def __init__(self, at: int) -> None:
            super().__init__()
            self.at = at

    def __init__(self) -> None:
        super().__init__(id="timeline")
        self.counts: Histogram | None = None
        self.marks: Sequence[Mark] = ()
        self.cursor_at: int | None = None
        self.now = 0
        self.utc = False

    @property
    def buckets(self) -> int:
        """How many buckets fit."""
        return max(10, self.size.width - _LABEL - 1)

    def stand_at(self, at: int | None) -> None:
        """The log cursor stands at a time (microseconds); drawn anew where that is another bucket."""
        before, self.cursor_at = self._bucket, at
        if self._bucket != before:
            self.refresh()

    @property
    def _bucket(self) -> int | None:
        if self.counts is None or self.cursor_at is None:
            return None
        return (self.cursor_at - self.counts.start) // self.counts.width

    def render_line(self, y: int) -> Strip:
        width = self.size.width
        base = self.rich_style
        counts = self.counts
        if counts is None:
            text = Text(" no times yet" if y == 0 else "", self._style("label"))
            return Strip(text.render(self.app.console)).extend_cell_length(width, base)
        if self.size.height == 1:
            text = self._bars("errors", counts.errors, counts, "errors")
            self._stamp(text, counts, with_titles=False)
        elif y == 0:
            text = self._bars("lines", counts.lines, counts, "lines")
        elif y == 1:
            text = self._bars("errors", counts.errors, counts, "errors")
        else:
            text = self._axis(counts)
        return Strip(text.render(self.app.console)).crop(0, width).extend_cell_length(width).apply_style(base)

    def on_click(self, event: events.Click) -> None:
        if self.counts is not None:
            at = self.counts.start + (event.x - _LABEL) * self.counts.width
            if self.counts.start <= at < self.counts.stop:
                self.post_message(self.Chosen(at))

    def _style(self, name: str) -> Style:
        return self.get_component_rich_style(f"timeline--{name}")

    def _bars(self, label: str, values: npt.NDArray[np.int64], counts: Histogram, name: str) -> Text:
        text = Text(f" {label:<{_LABEL - 1}}", self._style("label"), no_wrap=True, end="")
        highest = int(values.max()) if len(values) else 0
        here = counts.bucket_of(self.cursor_at) if self.cursor_at is not None else None
        for bucket, value in enumerate(values):
            step = 0 if not value else 1 + int(value * 7 // max(1, highest))
            style = self._style(name) if value else self._style("quiet")
            if bucket == here:
                style = self._style("cursor")
            text.append(_BARS[step] if value else "·", style)
        return text

    def _axis(self, counts: Histogram) -> Text:
        count = len(counts.lines)
        ends = times.short_time(counts.start, self.now, self.utc), times.short_time(counts.stop, self.now, self.utc)
        middle = times.short_time(counts.start + counts.width * (count // 2), self.now, self.utc)
        line = list(" " * (_LABEL + count))
        taken = self._taken(counts)
        for at, label in ((0, ends[0]), (count // 2 - len(middle) // 2, middle), (count - len(ends[1]), ends[1])):
            if not any(start < at + len(label) + 1 and at < stop + 1 for start, stop in taken):
                line[_LABEL + at : _LABEL + at + len(label)] = label
        text = Text("".join(line)[: _LABEL + count], self._style("label"), no_wrap=True, end="")
        self._stamp(text, counts, with_titles=True)
        return text

    def _title(self, mark: Mark) -> str:
        return f"{SIGNS.get(mark.kind, '◆')} {times.short_time(mark.at, self.now, self.utc)} {mark.text}"[:34] + " "

    def _taken(self, counts: Histogram) -> list[tuple[int, int]]:
        """The buckets over which titles of markers stand."""
        found = [(counts.bucket_of(mark.at), len(self._title(mark))) for mark in self.marks]
        return [(bucket, bucket + length) for bucket, length in found if bucket is not None]

    def _stamp(self, text: Text, counts: Histogram, *, with_titles: bool) -> None:
        """Write the markers over a line of text; a title goes as far as the next marker."""
        plain = list(text.plain)
        buckets = [(counts.bucket_of(mark.at), mark) for mark in sorted(self.marks, key=lambda mark: mark.at)]
        placed = _foremost([(_LABEL + bucket, mark) for bucket, mark in buckets if bucket is not None])
        stops = [*(column for column, _ in placed[1:]), len(plain)]
        for (column, mark), stop in zip(placed, stops, strict=False):
            title = self._title(mark) if with_titles else SIGNS.get(mark.kind, "◆")
            title = title[: max(1, stop - column)]
            plain[column : column + len(title)] = title
            text.plain = "".join(plain)
            text.stylize(self._style(mark.kind), column, column + len(title))


def _foremost(placed: list[tuple[int, Mark]]) -> list[tuple[int, Mark]]:
    """One marker a column, the last: but a tag only where nothing else stands."""
    found: dict[int, Mark] = {}
    for column, mark in placed:
        if column not in found or mark.kind != "tag":
            found[column] = mark
    return list(found.items())
