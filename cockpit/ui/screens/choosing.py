"""A list over the cockpit that one narrows by typing, and does something with what stands under the cursor."""

from __future__ import annotations

from abc import abstractmethod
from typing import ClassVar

from rich.text import Text
from textual import events, on
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Vertical
from textual.content import Content
from textual.widgets import Footer, Static

from cockpit.ui import keys
from cockpit.ui.screens.sheet import Sheet
from cockpit.ui.widgets.rows import RowList


class ChoosingScreen(Sheet):
    """`typed`: what the person has typed so far; `rows`: the list, whose rows `count` and `draw` give."""

    BINDINGS: ClassVar[list[BindingType]] = list(keys.bindings(keys.CHOOSING))
    TURNS: ClassVar[bool] = False
    """Whether a blank turns the row under the cursor; else it is a letter like any other."""

    def __init__(self, title: str, hint: str) -> None:
        """`hint`: what typing does here, shown while nothing is typed."""
        super().__init__()
        self.typed = ""
        self.rows = _Rows(self)
        self._title = title
        self._hint = hint

    @abstractmethod
    async def prepare(self) -> None:
        """Find out what there is to choose from."""

    @abstractmethod
    def narrow(self) -> None:
        """Other letters are typed: make the rows anew."""

    @abstractmethod
    def count(self) -> int: ...

    @abstractmethod
    def draw(self, index: int, width: int) -> Text: ...

    def compose(self) -> ComposeResult:
        with Vertical(classes="pane sheet") as sheet:
            sheet.border_title = Content(self._title)
            yield Static(id="choosing-typed", markup=False)
            yield self.rows
        yield Footer(compact=True, show_command_palette=False)

    async def on_mount(self) -> None:
        self.rows.focus()
        self._show_typed()
        await self.prepare()

    def on_key(self, event: events.Key) -> None:
        if event.is_printable and event.character and not (self.TURNS and event.key == "space"):
            event.stop()
            event.prevent_default()
            self._type(self.typed + event.character)

    def on_paste(self, event: events.Paste) -> None:
        event.stop()
        self._type(self.typed + " ".join(event.text.split()))

    def action_erase(self) -> None:
        self._type(self.typed[:-1])

    def action_move(self, step: int) -> None:
        self.rows.move_to(self.rows.cursor + step)

    def action_page(self, step: int) -> None:
        self.rows.action_page(step)

    def action_turn(self) -> None:
        self.action_choose()

    def action_remove(self) -> None:
        """Nothing can be removed, unless a screen says otherwise."""

    @abstractmethod
    @on(RowList.Chosen)
    def action_choose(self) -> None: ...

    def _type(self, text: str) -> None:
        self.typed = text
        self.narrow()
        self.rows.update_rows()
        self.rows.move_to(0)
        self._show_typed()

    def _show_typed(self) -> None:
        shown = Text(f" {self.typed}▏") if self.typed else Text(f" {self._hint}", "dim")
        self.query_one("#choosing-typed", Static).update(shown)


class _Rows(RowList, inherit_bindings=False):
    """The list; its keys are those of the screen."""
