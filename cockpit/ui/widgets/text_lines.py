"""A long text to scroll through: lines are made once by whoever knows them, and drawn only where they are seen."""

from __future__ import annotations

from collections.abc import Sequence

from rich.text import Text
from textual.geometry import Size
from textual.scroll_view import ScrollView
from textual.strip import Strip


class TextLines(ScrollView, can_focus=True):
    """Draws lines of text, folded at the right edge where `fold` is set; `anchors` are lines one can jump between."""

    def __init__(self, *, fold: bool = False, id: str | None = None) -> None:  # noqa: A002
        super().__init__(id=id)
        self._fold = fold
        self._lines: Sequence[Text] = ()
        self._anchors: Sequence[int] = ()
        self._rows: list[Text] = []
        self._row_of: list[int] = []

    def show(self, lines: Sequence[Text], anchors: Sequence[int] = (), *, keep: bool = False) -> None:
        """Show these lines, from the top unless the place is to be kept."""
        self._lines, self._anchors = lines, anchors
        self._lay_out()
        if not keep:
            self.scroll_to(0, 0, animate=False)

    def jump(self, step: int) -> None:
        """Go to the next (1) or previous (-1) anchor."""
        here = self.scroll_offset.y
        rows = [self._row_of[line] for line in self._anchors if line < len(self._row_of)]
        ahead = [row for row in rows if (row > here if step > 0 else row < here)]
        if ahead:
            self.scroll_to(0, ahead[0] if step > 0 else ahead[-1], animate=False)

    def page(self, step: int) -> None:
        self.scroll_relative(y=step * max(1, self.size.height - 1), animate=False)

    def render_line(self, y: int) -> Strip:
        width = self.scrollable_content_region.width
        row = y + self.scroll_offset.y
        base = self.rich_style
        if row >= len(self._rows):
            return Strip.blank(width, base)
        strip = Strip(self._rows[row].render(self.app.console))
        left = self.scroll_offset.x
        return strip.crop_extend(left, left + width, base).apply_style(base)

    def on_resize(self) -> None:
        self._lay_out()

    def _lay_out(self) -> None:
        width = max(10, self.scrollable_content_region.width or self.size.width)
        self._rows, self._row_of = [], []
        for line in self._lines:
            self._row_of.append(len(self._rows))
            if self._fold and line.cell_len > width:
                self._rows.extend(line.wrap(self.app.console, width, no_wrap=False))
            else:
                self._rows.append(line)
        widest = width if self._fold else max((row.cell_len for row in self._rows), default=width)
        self.virtual_size = Size(widest, max(1, len(self._rows)))
        self.refresh()
