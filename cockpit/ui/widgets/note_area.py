"""A text editor for Markdown: an ordinary text area whose lines are styled as they are drawn."""

from __future__ import annotations

import re

from rich.text import Text
from textual.document._document import Document
from textual.widgets import TextArea

_STYLES = (
    (re.compile(r"^#{1,6} .*$"), "bold underline"),
    (re.compile(r"^\s*[-*+] (?=\S)|^\s*\d+[.)] "), "bold cyan"),
    (re.compile(r"(?<=^- )\d\d:\d\d [^:]{1,40}:"), "dim"),
    (re.compile(r"\*\*[^*]+\*\*"), "bold"),
    (re.compile(r"(?<![*\w])[*_][^*_\s][^*_]*[*_](?!\w)"), "italic"),
    (re.compile(r"`[^`]+`"), "yellow"),
    (re.compile(r"^\s*> .*$"), "italic dim"),
    (re.compile(r"^(<{7}|={7}|>{7})( .*)?$"), "bold red"),
    (re.compile(r"https?://\S+"), "underline"),
)


class NoteArea(TextArea):
    """A text area for notes. `take_over` puts another text in, keeping the cursor, the view and undo."""

    def __init__(self) -> None:
        super().__init__(
            id="note-area",
            soft_wrap=True,
            tab_behavior="focus",
            show_line_numbers=False,
            compact=True,
            highlight_cursor_line=False,
        )
        self.cursor_blink = False

    def get_line(self, line_index: int) -> Text:
        line = super().get_line(line_index)
        for pattern, style in _STYLES:
            line.highlight_regex(pattern, style)
        return line

    def take_over(self, text: str) -> None:
        """Replace what differs, so that the cursor stays on its words."""
        mine = self.text
        if text == mine:
            return
        start = 0
        limit = min(len(mine), len(text))
        while start < limit and mine[start] == text[start]:
            start += 1
        stop = 0
        while stop < limit - start and mine[-1 - stop] == text[-1 - stop]:
            stop += 1
        document = self.document
        assert isinstance(document, Document)
        put, at = text[start : len(text) - stop], document.get_location_from_index(start)
        typing = self.selection.is_empty and self.cursor_location == at and put.startswith("\n")
        self.replace(put, at, document.get_location_from_index(len(mine) - stop), maintain_selection_offset=True)
        if typing:  # lines that come after the one that is being typed do not take the cursor along
            self.move_cursor(at)
