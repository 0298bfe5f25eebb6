"""Makes a scrolled text longer without laying out the whole screen anew, as Textual does whenever a length changes."""

from __future__ import annotations

from textual.geometry import Size
from textual.scroll_view import ScrollView
from textual.widget import Widget


def grow(view: ScrollView, width: int, height: int) -> None:
    """Give a view, whose scroll bar is always shown, this virtual size. Uses what Textual 8.2.8 does after a layout."""
    size = Size(width, height)
    if size != view.virtual_size:
        view.set_reactive(Widget.virtual_size, size)
        view._scroll_update(size)
