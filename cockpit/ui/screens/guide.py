"""The guide: the eight steps with what was done in each, checks to tick, and what helps when one is stuck."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from pathlib import Path
from typing import ClassVar

from rich.text import Text
from textual import on, work
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Vertical
from textual.content import Content
from textual.widgets import Footer

from cockpit.events import EvidenceCaptured, HypothesisChanged, IncidentChanged, MarkersChanged, NoteAdded
from cockpit.incident import guide
from cockpit.incident.brief import brief
from cockpit.incident.checks import how_of, text_of_check
from cockpit.incident.store import IncidentError
from cockpit.logs.printable import printable
from cockpit.session import Session
from cockpit.ui import keys
from cockpit.ui.bridge import Bridge
from cockpit.ui.clipboard import copy
from cockpit.ui.guiding import Guiding
from cockpit.ui.screens import bisect
from cockpit.ui.screens.guide_rows import LEADS, Row, rows_of
from cockpit.ui.screens.sheet import Sheet
from cockpit.ui.screens.text import TextScreen
from cockpit.ui.verbs import kept, undone
from cockpit.ui.widgets.prompt import Prompt, Question, Refused
from cockpit.ui.widgets.rows import RowList

_HEARD = (IncidentChanged, NoteAdded, EvidenceCaptured, HypothesisChanged, MarkersChanged)


class GuideScreen(Sheet):
    """The list. `leads_to`: the action of the main screen that it was left for, or ""."""

    BINDINGS: ClassVar[list[BindingType]] = list(keys.bindings(keys.GUIDE))

    def __init__(self, session: Session, bridge: Bridge) -> None:
        super().__init__()
        self.leads_to = ""
        self._session = session
        self._bridge = bridge
        self._guiding = Guiding(session, self._ask)
        self._asked = ""  # what is asked of the colleague
        self._shown: list[Row] = []
        self._rows = _Rows(self)

    def compose(self) -> ComposeResult:
        with Vertical(classes="pane sheet") as sheet:
            sheet.border_title = Content("Guide")
            yield self._rows
            yield Prompt()
        yield Footer(compact=True, show_command_palette=False)

    def on_mount(self) -> None:
        for kind in _HEARD:
            self._bridge.on(self, kind, lambda event: self._changed())
        self._rows.focus()
        self.call_after_refresh(self._changed)

    def on_resize(self) -> None:
        self.call_after_refresh(self._changed)

    def count(self) -> int:
        return len(self._shown)

    def draw(self, index: int, width: int) -> Text:
        return self._shown[index].text

    def action_move(self, step: int) -> None:
        index = self._rows.cursor + step
        while 0 <= index < len(self._shown) and not self._shown[index].kind:
            index += step
        if 0 <= index < len(self._shown):
            self._rows.move_to(index)
        else:
            self._rows.scroll_relative(y=step, animate=False)

    def action_page(self, step: int) -> None:
        self._rows.action_page(step)

    @on(RowList.Chosen)
    def action_choose(self) -> None:
        row = self._shown[self._rows.cursor]
        if row.kind == "step":
            self._go(LEADS.get(row.name, ""))
        elif row.kind == "check":
            self._ask(self._finding(row.name))
        elif row.kind == "helper":
            self._help(row.name)

    @work(group="journal")
    async def action_tick(self) -> None:
        row = self._shown[self._rows.cursor]
        if row.kind != "check":
            return
        guidance, ticked = self._session.incident.guidance, row.name in self._session.incident.store.state.ticks
        try:
            await kept(self._session, lambda: guidance.untick(row.name) if ticked else guidance.tick(row.name))
        except Refused as error:
            self.notify(str(error), severity="error", markup=False)

    def action_mitigate(self) -> None:
        self._guiding.mitigate()

    @work(group="journal")
    async def action_undo(self) -> None:
        self.notify(await undone(self._session), markup=False)

    def action_write_brief(self) -> None:
        async def submit(text: str) -> None:
            self._asked = text.strip()
            written = self._brief()
            try:
                path = await asyncio.to_thread(_write, self._session.incident.store.folder, written)
            except OSError as error:
                raise Refused(f"The brief cannot be written: {error.strerror}.") from None
            self.notify(f"Written to {path}", markup=False)

        hint = "what do you ask of whom you give it to? enter writes the brief"
        self._ask(Question("asked for", submit, value=self._asked, hint=hint, may_be_empty=True))

    def action_copy_brief(self) -> None:
        self.notify(copy(self.app, self._brief()), markup=False)

    def _ask(self, question: Question) -> None:
        self.query_one(Prompt).ask(question)

    def _go(self, action: str) -> None:
        if action == "beginning":
            self._guiding.begin()
        elif action:
            self.leads_to = action
            self.action_close()

    def _help(self, name: str) -> None:
        ways: dict[str, Callable[[], object]] = {
            "duck": self._guiding.duck,
            "break": self._rest,
            "brief": self._read_brief,
            "bisect": self._tell_bisect,
        }
        ways[name]()

    def _finding(self, check: str) -> Question:
        known = self._session.incident.store.state.ticks.get(check)

        async def submit(text: str) -> None:
            await kept(self._session, lambda: self._session.incident.guidance.tick(check, text))

        label, hint = text_of_check(check), f"{how_of(check)} · what did you find? enter ticks it, esc does not"
        return Question(label, submit, value=known.note if known else "", hint=hint, may_be_empty=True)

    @work(group="journal")
    async def _rest(self) -> None:
        try:
            await asyncio.wrap_future(
                self._session.incident.later(lambda: self._session.incident.add_note("Taking a break."))
            )
        except IncidentError as error:
            self.notify(str(error), severity="error", markup=False)
        else:
            self.notify("Noted. Go; all of it is on disk.", markup=False)

    def _brief(self) -> str:
        store = self._session.incident.store
        return brief(store.state, str(store.folder), self._session.clock.now(), self._asked)

    def _read_brief(self) -> None:
        lines = [Text(printable(line)) for line in self._brief().split("\n")]
        self.app.push_screen(TextScreen("A brief for a colleague", lines))

    def _tell_bisect(self) -> None:
        lines = [Text(printable(line)) for line in bisect.told(self._session.history.moves)]
        self.app.push_screen(TextScreen("Search the history by halves", lines))

    def _changed(self) -> None:
        """Make the rows anew; the cursor keeps the row that it stood on, wherever that is now."""
        width = self._rows.size.width
        if not width:
            return
        store, shown = self._session.incident.store, self._shown
        logs = next(iter(self._session.desk.sources), None) is not None
        rest = guide.rest(store.state, guide.stretch(store.state, store.by), self._session.clock.now())
        advice = guide.advice(store.state, logs=logs)
        self._shown = rows_of(store.state, advice, rest.text if rest else "", width)
        self._rows.update_rows()
        if not shown:
            self._to_the_step()
            return
        stood = shown[min(self._rows.cursor, len(shown) - 1)]
        places = [
            at for at, row in enumerate(self._shown) if row.kind and (row.kind, row.name) == (stood.kind, stood.name)
        ]
        if places and places[0] != self._rows.cursor:
            self._rows.move_to(places[0])

    def _to_the_step(self) -> None:
        """The cursor begins at the step one is at, else at the first."""
        step = next((place for place, row in enumerate(self._shown) if row.text.plain.startswith(" ▸")), 2)
        self._rows.move_to(step)


class _Rows(RowList, inherit_bindings=False):
    """The list; its keys are those of the screen."""


def _write(folder: Path, text: str) -> Path:
    """Write to a new file, brief.md or brief-2.md and so on. Raises OSError."""
    number = 1
    while True:
        path = folder / ("brief.md" if number == 1 else f"brief-{number}.md")
        try:
            with path.open("x", encoding="utf-8", errors="replace") as file:
                file.write(text)
        except FileExistsError:
            number += 1
        else:
            return path
