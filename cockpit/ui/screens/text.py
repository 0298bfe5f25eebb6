"""A screen that shows one long text over the cockpit: a record, a hypothesis, the help."""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar

from rich.text import Text
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Vertical
from textual.content import Content
from textual.widgets import Footer

from cockpit.ui import keys
from cockpit.ui.screens.sheet import Sheet
from cockpit.ui.widgets.text_lines import TextLines


class TextScreen(Sheet):
    """Shows lines under a title until it is closed."""

    BINDINGS: ClassVar[list[BindingType]] = list(keys.bindings(keys.VIEW))

    def __init__(
        self, title: str, lines: Sequence[Text] = (), anchors: Sequence[int] = (), *, fold: bool = True
    ) -> None:
        super().__init__()
        self._title = title
        self._lines = lines
        self._anchors = anchors
        self._fold = fold

    def compose(self) -> ComposeResult:
        with Vertical(classes="pane sheet") as sheet:
            sheet.border_title = Content(self._title)
            yield TextLines(fold=self._fold)
        yield Footer(compact=True, show_command_palette=False)

    def on_mount(self) -> None:
        self.show(self._lines, self._anchors)
        self.query_one(TextLines).focus()

    def show(self, lines: Sequence[Text], anchors: Sequence[int] = (), *, keep: bool = False) -> None:
        """Show these lines instead; `keep`: from where one is, not from the top."""
        self._lines, self._anchors = lines, anchors
        self.query_one(TextLines).show(lines, anchors, keep=keep)

    def action_down(self) -> None:
        self.query_one(TextLines).scroll_relative(y=1, animate=False)

    def action_up(self) -> None:
        self.query_one(TextLines).scroll_relative(y=-1, animate=False)

    def action_page(self, step: int) -> None:
        self.query_one(TextLines).page(step)

    def action_next_file(self, step: int) -> None:
        self.query_one(TextLines).jump(step)

    def action_code(self) -> None:
        """Go to the code; where there is none the key is hidden."""

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        return not (action == "next_file" and not self._has_anchors()) and not (
            action == "code" and not self._has_code()
        )

    def _has_anchors(self) -> bool:
        return bool(self._anchors)

    def _has_code(self) -> bool:
        """Whether there is code to go to from here."""
        return False
