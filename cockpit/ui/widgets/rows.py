"""A list of any length with a cursor: draws only the rows that are on the screen, and asks for more near its end."""

from __future__ import annotations

from typing import ClassVar, Protocol

from rich.text import Text
from textual import events
from textual.binding import BindingType
from textual.geometry import Region, Size
from textual.message import Message
from textual.scroll_view import ScrollView
from textual.strip import Strip

from cockpit.logs.printable import printable


class RowSource(Protocol):
    """Where a list's rows come from."""

    def count(self) -> int:
        """How many rows there are now."""
        ...

    def draw(self, index: int, width: int) -> Text:
        """One row, at most `width` cells wide (longer is cut)."""
        ...


class RowList(ScrollView, can_focus=True):
    """Draws a RowSource. Posts Moved when the cursor moves, Chosen on a double click, Nearing near the end."""

    COMPONENT_CLASSES: ClassVar[set[str]] = {"rows--cursor", "rows--cursor-blurred", "rows--empty"}
    BINDINGS: ClassVar[list[BindingType]] = []

    class Moved(Message):
        """The cursor stands on another row."""

        def __init__(self, rows: RowList, index: int) -> None:
            super().__init__()
            self.rows = rows
            self.index = index

        @property
        def control(self) -> RowList:
            return self.rows

    class Chosen(Moved):
        """A row was clicked twice."""

    class Nearing(Message):
        """The screen shows rows near the end: if there are more, now is the time to load them."""

    def __init__(self, source: RowSource, empty: str = "", *, id: str | None = None) -> None:  # noqa: A002
        super().__init__(id=id)
        self.source = source
        self.cursor = 0
        self._empty = printable(empty)
        self._count = 0

    def say_when_empty(self, sentence: str) -> None:
        """What stands here while there are no rows."""
        self._empty = printable(sentence)
        self.refresh()

    def update_rows(self) -> None:
        """The rows are others, or more: draw them anew; the cursor keeps its place."""
        self._count = self.source.count()
        self.virtual_size = Size(self.size.width, max(self._count, 1))
        self.cursor = min(self.cursor, max(0, self._count - 1))
        self.refresh()

    def move_to(self, index: int, *, tell: bool = True) -> None:
        """Put the cursor on a row and bring it into sight."""
        index = max(0, min(index, self._count - 1))
        moved = index != self.cursor
        self.cursor = index
        self.scroll_to_region(Region(0, index, 1, 1), animate=False, force=True)
        self.refresh()
        if index >= self._count - self.size.height:
            self.post_message(self.Nearing())
        if moved and tell:
            self.post_message(self.Moved(self, index))

    def action_cursor_down(self) -> None:
        self.move_to(self.cursor + 1)

    def action_cursor_up(self) -> None:
        self.move_to(self.cursor - 1)

    def action_first(self) -> None:
        self.move_to(0)

    def action_last(self) -> None:
        self.move_to(self._count - 1)

    def action_page(self, step: int) -> None:
        self.move_to(self.cursor + step * max(1, self.size.height - 1))

    def render_line(self, y: int) -> Strip:
        width = self.scrollable_content_region.width
        index = y + self.scroll_offset.y
        base = self.rich_style
        if not self._count and y < self.size.height and self._empty:
            lines = Text(self._empty).wrap(self.app.console, max(8, width - 2))
            text = lines[y] if y < len(lines) else Text("")
            strip = Strip(text.render(self.app.console)).apply_style(self.get_component_rich_style("rows--empty"))
            return Strip([*Strip.blank(1, base), *strip]).extend_cell_length(width, base)
        if index >= self._count:
            return Strip.blank(width, base)
        strip = Strip(self.source.draw(index, width).render(self.app.console)).crop(0, width)
        if index == self.cursor:
            name = "rows--cursor" if self.has_focus else "rows--cursor-blurred"
            base = self.get_component_rich_style(name)
        return strip.extend_cell_length(width).apply_style(base)

    def on_resize(self) -> None:
        self.update_rows()

    def on_focus(self) -> None:
        self.refresh()

    def on_blur(self) -> None:
        self.refresh()

    def on_click(self, event: events.Click) -> None:
        index = event.y + self.scroll_offset.y
        if index < self._count:
            self.move_to(index)
            if event.chain == 2:
                self.post_message(self.Chosen(self, index))

    def watch_scroll_y(self, old_value: float, new_value: float) -> None:
        super().watch_scroll_y(old_value, new_value)
        if new_value + 2 * self.size.height >= self._count:
            self.post_message(self.Nearing())
