"""Lays out the log view's rows as strips: one a record, or several where long lines are folded."""

from __future__ import annotations

from typing import Any

from rich.cells import cell_len, set_cell_size
from rich.segment import Segment
from rich.style import Style
from rich.text import Text
from textual.cache import LRUCache
from textual.strip import Strip
from textual.widget import Widget

from cockpit.clock import Clock
from cockpit.logs.desk import LogDesk
from cockpit.logs.file import LogFile
from cockpit.logs.selection import Section
from cockpit.logs.times import NONE
from cockpit.logs.view import Row
from cockpit.ui.times import TimeStyle
from cockpit.ui.widgets import log_row
from cockpit.ui.widgets.columns import Columns

_HANGING = "     "
_KEPT = 400  # rows that are remembered as drawn: some screens of them; more would make each look for garbage long


class LogPainter:
    """Draws rows of the desk's view in a widget's styles, and remembers how each was drawn.

    times, raw, wrap, sideways, hit, columns: how to draw; change them at will. chosen: what is selected.
    points: the records that somebody points at, by file and number, and who.
    """

    def __init__(self, widget: Widget, desk: LogDesk, clock: Clock) -> None:
        self.times = TimeStyle.LOCAL
        self.raw = False
        self.wrap = False
        self.sideways = 0
        self.hit: Any = None  # a compiled search over text
        self.columns = Columns()
        self.chosen: Section | None = None
        self.points: dict[tuple[LogFile, int], str] = {}
        self._widget = widget
        self._base = Style()  # of the widget, while rows are laid out
        self._desk = desk
        self._clock = clock
        self._gutter = 1  # cells before a row: for the cursor or the selection, and for marks once there are any
        self._bodies: LRUCache[tuple[object, ...], list[Segment]] = LRUCache(_KEPT)

    @property
    def utc(self) -> bool:
        """Whether times of day are shown in UTC."""
        return self.times is TimeStyle.UTC

    def forget(self) -> None:
        """The styles are others now."""
        self._bodies.clear()

    def lay_out(self, top: int, cursor: int, count: int, width: int, height: int) -> list[tuple[int, Strip]]:
        """The strips on the screen from the top, each with the row it belongs to. Hold the desk's lock."""
        if not count:
            return self._nothing(width)
        plan = self._lay_out(top, cursor, count, width, height)
        return self._lay_out(top, cursor, count, width, height) if self.columns.grown() else plan

    def _lay_out(self, top: int, cursor: int, count: int, width: int, height: int) -> list[tuple[int, Strip]]:
        look = self._look()
        self._base = self._widget.rich_style
        self._gutter = 2 if self._desk.shown.marks.count else 1
        top = max(0, min(top, count - 1))
        plan: list[tuple[int, Strip]] = []
        position = top
        while position < count and len(plan) < height:
            plan += [(position, strip) for strip in self._strips(position, cursor, look, width, height)]
            position += 1
        at_end = top >= count - height
        if self.wrap and (at_end or (plan and plan[min(height, len(plan)) - 1][0] < cursor < top + height)):
            plan = self._lay_out_upwards(count - 1 if at_end else cursor, cursor, look, width, height)
        return plan[:height]

    def _lay_out_upwards(
        self, last: int, cursor: int, look: log_row.Look, width: int, height: int
    ) -> list[tuple[int, Strip]]:
        plan: list[tuple[int, Strip]] = []
        while last >= 0 and len(plan) < height:
            plan = [(last, strip) for strip in self._strips(last, cursor, look, width, height)] + plan
            last -= 1
        return plan[-height:]

    def _strips(self, position: int, cursor: int, look: log_row.Look, width: int, height: int) -> list[Strip]:
        row = self._desk.shown.view.row(position)
        base = self._base
        if row is None:
            return [Strip.blank(width, base)]
        before = self._before(position, look)
        console = self._widget.app.console
        edge, ground = self._edge(row, position == cursor)
        if not (self.wrap or self.sideways or look.hit) and row.match:
            time = log_row.draw_time(_time_of(row), before, look)
            return [_strip([edge, *self._marks(row, 1)[0], *time, *self._body(row, look)], ground, width)]
        text = log_row.draw(_time_of(row), before, self._body(row, look), look)
        if not row.match:
            text.stylize("dim")
        if self.wrap:
            lines = list(text.wrap(console, max(20, width - 1 - self._gutter - len(_HANGING)), no_wrap=False))
            if len(lines) > height:  # so that a record taller than the screen shows its beginning
                rest = Text(f"… {len(lines) - height + 1} more rows; ⏎ shows all", "italic dim")
                lines = [*lines[: max(0, height - 1)], rest]
            strips = [
                Strip(Text.assemble(_HANGING if nth else "", line).render(console)) for nth, line in enumerate(lines)
            ]
        else:
            strips = [Strip(text.render(console)).crop(self.sideways, self.sideways + width - self._gutter)]
        edges = [edge, *[edge if edge.cell_length == 1 else Segment(" ")] * (len(strips) - 1)]
        return [
            Strip([before, *mark, *strip]).adjust_cell_length(width).apply_style(ground)
            for before, mark, strip in zip(edges, self._marks(row, len(strips)), strips, strict=True)
        ]

    def _edge(self, row: Row, at_cursor: bool) -> tuple[Segment, Style]:
        """What stands before a row, and the ground it has."""
        who = self.points.get((row.file, row.number)) if self.points else None
        if who is not None:
            return Segment(f"{'▌' * at_cursor}▶{who} ", self._style("log--point")), self._style("log--pointed")
        if at_cursor:
            return Segment("▌"), self._style("log--cursor")
        if self.chosen is not None and self.chosen.holds(row):
            return Segment("┃", self._style("log--edge")), self._style("log--selected")
        return Segment(" "), self._base

    def _marks(self, row: Row, strips: int) -> list[list[Segment]]:
        """What stands in the gutter beside each strip of a row."""
        if self._gutter < 2:
            return [[]] * strips
        marked = self._desk.shown.marks.holds(row.file, row.number)
        first = Segment("◆", self._style("log--mark")) if marked else Segment(" ")
        return [[first], *[[Segment(" ")]] * (strips - 1)]

    def _body(self, row: Row, look: log_row.Look) -> list[Segment]:
        """What follows a row's time."""
        index = row.file.index
        record = (id(row.file), row.number, index.span(row.number), row.file.gone, row.level, index.cuts)
        key = (*record, look.raw, look.sources, *self.columns.look(row.file.forms.of(row.number).name))
        body = self._bodies.get(key)
        if body is None:
            source = self._desk.sources.of(row.file).name
            body = self._bodies[key] = log_row.draw_body(row.file, row.number, row.level, source, look)
        return body

    def _before(self, position: int, look: log_row.Look) -> int:
        """The time of the row above; where that has none, the time at which it is sorted."""
        above = self._desk.shown.view.row(position - 1) if look.times is TimeStyle.DELTA else None
        if above is None:
            return NONE
        at = _time_of(above)
        return at if at != NONE else above.key

    def _look(self) -> log_row.Look:
        names = [source.name for source in self._desk.sources]
        widest = min(16, max(map(len, names), default=0)) if len(names) > 1 else 0
        return log_row.Look(self._style, self.times, self.raw, widest, self._clock.now(), self.hit, self.columns)

    def _style(self, name: str) -> Style:
        own_ground = ("log--cursor", "log--hit", "log--selected", "log--pointed")
        partial = name not in own_ground  # the row's own ground shows through the others
        return self._widget.get_component_rich_style(name, partial=partial)

    def _nothing(self, width: int) -> list[tuple[int, Strip]]:
        style = self._style("log--empty")
        console = self._widget.app.console
        lines = [
            line for sentence in self._why_nothing() for line in Text(sentence, style).wrap(console, max(8, width - 2))
        ]
        return [
            (0, Strip(Text.assemble(" ", line, end="").render(console)).extend_cell_length(width)) for line in lines
        ]

    def _why_nothing(self) -> list[str]:
        why = [source.why for source in self._desk.sources if source.why]
        if not self._desk.sources:
            return ["No log is open. Start with one: cockpit app.log, cockpit /var/log/app/, or COMMAND | cockpit -"]
        if not self._desk.shown.wanted.everything:
            return [*why, f"No record is {self._desk.shown.wanted.described()}. Press x to show all."]
        return why or ["Nothing has been logged yet; what comes will appear here."]


def _time_of(row: Row) -> int:
    """When a record says it was written (microseconds, NONE where it does not say)."""
    part = row.file.index.part_of(row.number)
    return NONE if part is None else part.time_of(row.number - part.first)


def _strip(segments: list[Segment], style: Style, width: int) -> Strip:
    """Segments cut or filled to a width, in a style under their own; made at once, for a strip is dear to make."""
    styled: list[Segment] = []
    left = width
    for text, own, _ in segments:
        cells = cell_len(text)
        if cells > left:
            text, cells = set_cell_size(text, left), left
        styled.append(Segment(text, style + own if own else style))
        left -= cells
        if left <= 0:
            break
    if left > 0:
        styled.append(Segment(" " * left, style))
    return Strip(styled, width)
