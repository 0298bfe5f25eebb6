"""A screen that stands over the cockpit until it is closed."""

from __future__ import annotations

from textual.content import Content
from textual.screen import ModalScreen


class Sheet(ModalScreen[None]):
    """Has a frame of class `sheet` with a title. `closing`: it was told to close, and will be gone in a moment."""

    HORIZONTAL_BREAKPOINTS = [(0, "-narrow"), (120, "-wide")]
    VERTICAL_BREAKPOINTS = [(0, "-low"), (12, "-high")]

    def __init__(self) -> None:
        super().__init__()
        self.closing = False

    def entitle(self, title: str) -> None:
        self.query_one(".sheet").border_title = Content(title)

    def action_close(self) -> None:
        if not self.closing:
            self.closing = True
            self.dismiss()
