"""The rows of the logs on the screen: follows the end, scrolls the whole file, keeps its place while files grow.

It draws what the desk's view holds at the moment of drawing; a row is read and parsed only when it is on the screen.
The cursor and the top row are kept as records, not as row numbers: rows may come in above them at any time.
"""

from __future__ import annotations

from typing import ClassVar

from textual import events
from textual.actions import SkipAction
from textual.binding import BindingType
from textual.message import Message
from textual.scroll_view import ScrollView
from textual.strip import Strip
from textual.timer import Timer

from cockpit.clock import Clock
from cockpit.logs.desk import LogDesk
from cockpit.logs.selection import Selection
from cockpit.logs.view import Row
from cockpit.ui import keys
from cockpit.ui.times import TimeStyle
from cockpit.ui.widgets import log_row
from cockpit.ui.widgets.growing import grow
from cockpit.ui.widgets.log_painter import LogPainter
from cockpit.ui.widgets.overview_bar import COMPONENTS, OverviewBar

_SECOND = 1.0


class LogView(ScrollView, can_focus=True):
    """Draws the desk's view. Posts Moved when the cursor stands on another record, or following began or ended."""

    COMPONENT_CLASSES: ClassVar[set[str]] = {*log_row.COMPONENTS, *COMPONENTS, "log--empty"}
    BINDINGS: ClassVar[list[BindingType]] = list(keys.bindings(keys.LOGS, moves=True))

    class Moved(Message):
        """The cursor moved, or the view began or ceased to follow. `by_person`: not by lines arriving."""

        def __init__(self, by_person: bool) -> None:
            super().__init__()
            self.by_person = by_person

    class Chosen(Message):
        """A row was clicked twice."""

    def __init__(self, desk: LogDesk, clock: Clock) -> None:
        super().__init__(id="log-view")
        self.desk = desk
        self.cursor: Row | None = None
        self.following = True
        self.selection = Selection()
        self.painter = LogPainter(self, desk, clock)
        self._count = 0
        self._top: Row | None = None
        self._paused_at: Row | None = None
        self._plan: list[tuple[int, Strip]] | None = None
        self._moving = False
        self._ticking: Timer | None = None

    @property
    def vertical_scrollbar(self) -> OverviewBar:
        """Ours in the place of Textual 8.2.8's own, made as it makes that."""
        bar = self._vertical_scrollbar
        if not isinstance(bar, OverviewBar):
            style = self.get_component_rich_style
            bar = OverviewBar(self.desk.overview.ask, style, self.scrollbar_size_vertical)
            self._vertical_scrollbar = bar
            bar.display = False
            self.app._start_widget(self, bar)
        return bar

    @property
    def position(self) -> int:
        """The row number of the cursor now."""
        if self.cursor is None:
            return max(0, self._count - 1)
        return self.desk.shown.view.position_of(self.cursor.file, self.cursor.number)

    @property
    def missed(self) -> int:
        """How many rows have come in at the end since following was paused."""
        if self._paused_at is None:
            return 0
        last = self.desk.shown.view.position_of(self._paused_at.file, self._paused_at.number)
        return max(0, self._count - 1 - last)

    def rows_changed(self) -> None:
        """The desk's view has other rows, or more: keep the place, or follow the end."""
        with self.desk.shown.lock:
            self._count = self.desk.shown.view.count
            grow(self, self.size.width, max(1, self._count))
            if self.following or self.cursor is None:
                self._go_to_end()
            else:
                self._keep_place()
        self.vertical_scrollbar.rows_changed()
        self.redraw()

    def redraw(self) -> None:
        """Draw all rows anew (another width, theme, zone, search)."""
        self._plan = None
        self.refresh()

    def show_times(self, style: TimeStyle) -> None:
        """Show times so; those that count from now are drawn anew each second, the others when rows change."""
        self.painter.times = style
        if self._ticking is not None:
            self._ticking.stop()
        self._ticking = self.set_interval(_SECOND, self.redraw) if style is TimeStyle.RELATIVE else None
        self.redraw()

    def move_to(self, position: int, *, centre: bool = False) -> None:
        """Put the cursor on a row and bring it into sight. Following ends, unless it is by `follow`."""
        with self.desk.shown.lock:
            position = max(0, min(position, self._count - 1))
            self.cursor = self.desk.shown.view.row(position)
            self.selection.extend(self.desk.shown.view, self.cursor)
            self._pause()
            height = max(1, self.size.height)
            top = self.scroll_offset.y
            if centre and not top <= position < top + height:
                self._scroll_to_row(position - height // 2)
            elif position < top:
                self._scroll_to_row(position)
            elif position >= top + height:
                self._scroll_to_row(position - height + 1)
        self.redraw()
        self.post_message(self.Moved(True))

    def move_to_row(self, row: Row) -> None:
        self.move_to(self.desk.shown.view.position_of(row.file, row.number), centre=True)

    def follow(self) -> None:
        """Go to the end and stay there; with a selection, which what arrives is not to extend, only go there."""
        if self.selection.active:
            self.move_to(self._count - 1)
            return
        self.following = True
        self._paused_at = None
        with self.desk.shown.lock:
            self._go_to_end()
        self.redraw()
        self.post_message(self.Moved(True))

    def pause(self) -> None:
        """Stay here while lines arrive."""
        self._pause()
        self.post_message(self.Moved(True))

    def action_move(self, step: int) -> None:
        self.move_to(self.position + step)

    def action_page(self, step: int) -> None:
        self.move_to(self.position + step * max(1, self.size.height - 1))

    def action_begin(self) -> None:
        self.move_to(0)

    def action_end(self) -> None:
        self.follow()

    def action_sideways(self, step: int) -> None:
        self.painter.sideways = max(0, self.painter.sideways + step * max(8, self.size.width // 3))
        self.redraw()

    def action_select(self) -> None:
        if self.selection.active:
            self.action_drop_selection()
            return
        with self.desk.shown.lock:
            self.cursor = self.desk.shown.view.row(self.position)
            if self.cursor is not None:
                self.selection.begin(self.desk.shown.view, self.cursor)
        self.redraw()
        self.pause()

    def action_drop_selection(self) -> None:
        if not self.selection.active:
            raise SkipAction
        self.selection.drop()
        self.redraw()
        self.post_message(self.Moved(True))

    def render_line(self, y: int) -> Strip:
        if self._plan is None:
            self._plan = self._lay_out()
        if y < len(self._plan):
            return self._plan[y][1]
        return Strip.blank(self.scrollable_content_region.width, self.rich_style)

    def watch_scroll_y(self, old_value: float, new_value: float) -> None:
        super().watch_scroll_y(old_value, new_value)
        self._plan = None
        if not self._moving and round(old_value) != round(new_value):
            self._scrolled_by_person()

    def on_resize(self) -> None:
        self.rows_changed()

    def on_focus(self) -> None:
        self.redraw()

    def on_blur(self) -> None:
        self.redraw()

    def notify_style_update(self) -> None:
        super().notify_style_update()
        self.painter.forget()
        self._plan = None

    def on_click(self, event: events.Click) -> None:
        if self._plan is not None and event.y < len(self._plan):
            clicked = self._plan[event.y][0]
            if event.shift and not self.selection.active:
                self.action_select()
            self.move_to(clicked)
            if event.chain == 2:
                self.post_message(self.Chosen())

    def _scrolled_by_person(self) -> None:
        with self.desk.shown.lock:
            top, height = self.scroll_offset.y, max(1, self.size.height)
            position = max(top, min(self.position, top + height - 1, self._count - 1))
            self._top = self.desk.shown.view.row(top)
            if position != self.position:
                self.cursor = self.desk.shown.view.row(position)
                self.selection.extend(self.desk.shown.view, self.cursor)
            if top < self._count - height:
                self._pause()
        self.refresh()
        self.post_message(self.Moved(True))

    def _pause(self) -> None:
        if self.following:
            self.following = False
            self._paused_at = self.desk.shown.view.row(self._count - 1)

    def _keep_place(self) -> None:
        """Show the same rows as before from the top; after a resize, as far up or down as the cursor needs."""
        top = self._top
        first = self.desk.shown.view.position_of(top.file, top.number) if top is not None else self.position
        height = max(1, self.size.height)
        self._scroll_to_row(max(self.position - height + 1, min(first, self.position)))

    def _go_to_end(self) -> None:
        last = self.desk.shown.view.row(self._count - 1)
        changed = self.cursor != last
        self.cursor = last
        self._scroll_to_row(self._count - self.size.height)
        if changed:
            self.post_message(self.Moved(False))

    def _scroll_to_row(self, position: int) -> None:
        position = max(0, position)
        self._moving = True
        try:
            self.scroll_to(0, position, animate=False, force=True)
        finally:
            self._moving = False
        self._top = self.desk.shown.view.row(min(position, max(0, self._count - 1)))

    def _lay_out(self) -> list[tuple[int, Strip]]:
        with self.desk.shown.lock:
            width = max(1, self.scrollable_content_region.width)
            self.painter.chosen = self.selection.section(self.desk.shown.view)
            return self.painter.lay_out(self.scroll_offset.y, self.position, self._count, width, self.size.height)
