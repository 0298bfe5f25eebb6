"""The filters in force as chips over the log rows: each says what it keeps, and goes away when clicked."""

from __future__ import annotations

import re

from textual.app import ComposeResult
from textual.containers import Horizontal
from textual.content import Content
from textual.message import Message
from textual.widgets import Static

from cockpit.logs.printable import printable
from cockpit.logs.search import Filter

_MOST = 28  # characters of a chip
_MORE = re.compile(r" n?or \d+ more$")


class FilterBar(Horizontal):
    """Hidden while everything is shown."""

    class Dropped(Message):
        """A chip was clicked. left: the filter without it."""

        def __init__(self, left: Filter) -> None:
            super().__init__()
            self.left = left

    class Chip(Static):
        """One part of the filter."""

        def __init__(self, text: str, left: Filter) -> None:
            super().__init__(Content(f" {_cut(printable(text))} ✕ "), markup=False)
            self.left = left

        def on_click(self) -> None:
            self.post_message(FilterBar.Dropped(self.left))

    def compose(self) -> ComposeResult:
        return iter(())

    def show(self, wanted: Filter) -> None:
        """Show these filters."""
        self.remove_children()
        chips = [FilterBar.Chip(text, left) for text, left in wanted.chips()]
        self.set_class(bool(chips), "-filled")
        if chips:
            self.mount(*chips)


def _cut(text: str) -> str:
    """What fits a chip; how many more it names is kept."""
    if len(text) <= _MOST:
        return text
    more = _MORE.search(text)
    tail = more[0] if more is not None else ""
    return f"{text[: _MOST - len(tail)]}…{tail}"
