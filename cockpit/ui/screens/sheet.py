"""A screen that stands over the cockpit until it is closed."""

from __future__ import annotations

import logging

from rich.text import Text
from textual import on
from textual.app import ComposeResult
from textual.containers import Vertical
from textual.content import Content
from textual.screen import ModalScreen
from textual.widgets import Footer, Static
from textual.worker import Worker, WorkerState

from cockpit.ui.widgets.prompt import Prompt
from cockpit.ui.widgets.rows import RowList

log = logging.getLogger(__name__)


class Sheet(ModalScreen[None]):
    """Has a frame of class `sheet` with a title. `closing`: it was told to close, and will be gone in a moment."""

    HORIZONTAL_BREAKPOINTS = [(0, "-narrow"), (120, "-wide")]
    VERTICAL_BREAKPOINTS = [(0, "-low"), (12, "-high")]

    def __init__(self) -> None:
        super().__init__()
        self.closing = False

    def on_worker_state_changed(self, event: Worker.StateChanged) -> None:
        """What was done aside has failed: say so, and go on."""
        if event.state is WorkerState.ERROR:
            error = event.worker.error
            log.error("%s", event.worker.description, exc_info=error)
            self.notify(f"That went wrong: {error}. The cockpit's own log says more.", severity="error", markup=False)

    def entitle(self, title: str) -> None:
        self.query_one(".sheet").border_title = Content(title)

    def action_close(self) -> None:
        if not self.closing:
            self.closing = True
            self.dismiss()


class ListSheet(Sheet):
    """A head, a list of rows, and below it what is told of the row at the cursor; a question where one is asked.

    Its sheets say how many rows there are (`count`), draw them (`draw`), and tell of the one at the cursor (`tell`).
    """

    def __init__(self, name: str, waiting: str) -> None:
        """name: its title; waiting: what stands in the list while there are no rows."""
        super().__init__()
        self._named = name
        self.rows = _Rows(self, waiting)
        self.head = Static(classes="sheet-head", markup=False)
        self.told = Static(classes="sheet-told", markup=False)

    def compose(self) -> ComposeResult:
        with Vertical(classes="pane sheet") as sheet:
            sheet.border_title = Content(self._named)
            yield self.head
            yield self.rows
            yield self.told
            yield Prompt()
        yield Footer(compact=True, show_command_palette=False)

    def on_mount(self) -> None:
        self.rows.focus()

    def count(self) -> int:
        return 0

    def draw(self, index: int, width: int) -> Text:
        return Text()

    def tell(self) -> None:
        self.told.update("")

    def action_move(self, step: int) -> None:
        self.rows.move_to(self.rows.cursor + step)

    @on(RowList.Moved)
    def _moved(self) -> None:
        self.tell()


class _Rows(RowList, inherit_bindings=False):
    """The list; its keys are those of the sheet."""
