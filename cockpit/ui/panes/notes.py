"""The Notes pane: notes.md in an editor that saves by itself and takes in what others write meanwhile."""

from __future__ import annotations

import asyncio
from typing import ClassVar

from textual import on, work
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Vertical
from textual.content import Content
from textual.message import Message
from textual.timer import Timer
from textual.widgets import TextArea

from cockpit.events import NotesChanged
from cockpit.incident.merge import merge
from cockpit.incident.notes import NotesError
from cockpit.session import Session
from cockpit.ui import keys
from cockpit.ui.bridge import Bridge
from cockpit.ui.widgets.note_area import NoteArea

_AGAIN = 3.0  # seconds between two looks at files that were displaced by a save
_SOON = 0.4  # seconds after a keystroke within which the notes are saved


class NotePane(Vertical):
    """Edits notes.md. What is on the screen and what is on disk are merged line by line; no text is ever dropped."""

    BINDINGS: ClassVar[list[BindingType]] = list(keys.bindings(keys.NOTES))

    class Left(Message):
        """The person is done here; the focus goes back."""

    def __init__(self, session: Session, bridge: Bridge) -> None:
        super().__init__(id="notes", classes="pane")
        self._session = session
        self._bridge = bridge
        self._base = ""  # the text that screen and disk last had in common
        self._waiting: Timer | None = None
        self._saving = asyncio.Lock()

    def compose(self) -> ComposeResult:
        yield NoteArea()

    def on_mount(self) -> None:
        self.area = self.query_one(NoteArea)
        self.area.read_only = self._session.incident.store.read_only
        self._bridge.on(self, NotesChanged, lambda event: self._reconcile_soon())
        self.set_interval(_AGAIN, self._look_again)
        try:
            self._base = self._session.incident.store.notes.read()
        except NotesError as error:
            self._entitle(str(error))
            return
        with self.area.prevent(TextArea.Changed):
            self.area.load_text(self._base)
        self.area.move_cursor(self.area.document.end)
        self._entitle()

    def action_leave(self) -> None:
        self.post_message(self.Left())

    async def action_save(self) -> None:
        await self.reconcile()

    async def reconcile(self) -> bool:
        """Bring screen and disk together; True when what is on the screen is on disk."""
        if self._waiting is not None:
            self._waiting.stop()
            self._waiting = None
        async with self._saving:
            mine, base = self.area.text, self._base
            try:
                gone = bool(base) and self._session.incident.store.notes.missing()
                if (mine == base and not gone) or self.area.read_only:
                    text, conflicts = await asyncio.to_thread(self._session.incident.store.notes.read), 0
                else:
                    saved = await asyncio.to_thread(self._session.incident.store.notes.save, mine, base)
                    text, conflicts = saved.text, saved.conflicts
            except NotesError as error:
                self._entitle("NOT SAVED")
                self.notify(str(error), severity="error", markup=False, timeout=10)
                return False
            now = self.area.text
            with self.area.prevent(TextArea.Changed):
                self.area.take_over(text if now == mine else merge(mine, now, text).text)
            self._base = text
        self._entitle()
        if conflicts:
            self.notify("Somebody else changed the same lines; both versions are in the notes, marked.", markup=False)
        if self.area.text != self._base:
            self._reconcile_soon()
        return self.area.text == self._base

    @on(TextArea.Changed)
    def _typed(self, event: TextArea.Changed) -> None:
        event.stop()
        self._reconcile_soon()
        self._entitle("saving…")

    def _look_again(self) -> None:
        """An editor may write into a file that a save of ours took the place of; no notice tells of that."""
        if self._session.incident.store.notes.holds_displaced:
            self._reconcile_soon()

    def _reconcile_soon(self) -> None:
        if self._waiting is None:
            self._waiting = self.set_timer(_SOON, self._reconcile_now)

    @work(group="notes")
    async def _reconcile_now(self) -> None:
        await self.reconcile()

    def _entitle(self, state: str = "") -> None:
        if not state:
            state = "read-only" if self.area.read_only else "saved"
        self.border_title = Content(f"4 Notes · {state}")
