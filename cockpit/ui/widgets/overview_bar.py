"""The scroll bar of the logs: shows where in all rows the hits, the errors and the marks are."""

from __future__ import annotations

from collections.abc import Callable

from rich.console import Console, ConsoleOptions, RenderResult
from rich.segment import Segment, Segments
from rich.style import Style
from textual.scrollbar import ScrollBar, ScrollBarRender

from cockpit.logs.overview import Overview

COMPONENTS = frozenset({"log--bar-hit", "log--bar-mark", "log--bar-error"})
"""The names under which the style sheet gives the bar's signs their looks."""
_EVERY = 0.4  # seconds at least between two counts


class OverviewBar(ScrollBar):
    """A cell with errors has a ground of its own, one with hits or marks a sign. The thumb keeps its ground."""

    def __init__(self, ask: Callable[[int], None], style: Callable[[str], Style], thickness: int) -> None:
        """`ask`: asks for an Overview of so many cells, to be given to `show`. `style`: of a component."""
        super().__init__(vertical=True, name="vertical", thickness=thickness)
        self._ask = ask
        self._style = style
        self._overview: Overview | None = None
        self._asking = False

    def rows_changed(self) -> None:
        """Something else may be in the rows now: ask soon, and once for all that changes until then."""
        if not self._asking:
            self._asking = True
            self.set_timer(_EVERY, self._ask_now)

    def show(self, overview: Overview | None) -> None:
        self._overview = overview
        self.refresh()

    def _ask_now(self) -> None:
        self._asking = False
        if self.size.height:
            self._ask(self.size.height)

    def _render_bar(self, scrollbar_style: Style) -> ScrollBarRender | _Tinted:
        bar = ScrollBarRender(
            virtual_size=int(self.window_virtual_size),
            window_size=int(self.window_size) if self.window_size < self.window_virtual_size else 0,
            position=self.position,
            thickness=self.thickness,
            vertical=True,
            style=scrollbar_style,
        )
        overview = self._overview
        if overview is None or len(overview.hits) != self.size.height:
            return bar
        return _Tinted(bar, scrollbar_style, overview, self._style)


class _Tinted:
    """A bar with its cells tinted."""

    def __init__(self, bar: ScrollBarRender, ground: Style, overview: Overview, style: Callable[[str], Style]) -> None:
        self._bar = bar
        self._ground = ground  # the thumb's colour on that of the rest
        self._overview = overview
        self._style = style

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> RenderResult:
        for part in self._bar.__rich_console__(console, options):
            if isinstance(part, Segments):
                yield Segments([self._cell(nth, each) for nth, each in enumerate(part.segments)], new_lines=True)

    def _cell(self, nth: int, cell: Segment) -> Segment:
        overview = self._overview
        if nth >= len(overview.hits) or cell.style is None:
            return cell
        meta = cell.style.meta
        thumb = meta.get("@mouse.down") == "grab"
        ground = self._ground.color if thumb else self._ground.bgcolor
        if overview.errors[nth] and not thumb:
            ground = self._style("log--bar-error").bgcolor
        for counts, sign, name in ((overview.marks, "◆", "log--bar-mark"), (overview.hits, "▐", "log--bar-hit")):
            if counts[nth]:
                text = sign.rjust(len(cell.text))
                return Segment(text, Style(color=self._style(name).color, bgcolor=ground, meta=meta))
        return cell if thumb else Segment(cell.text, Style(bgcolor=ground, meta=meta))
