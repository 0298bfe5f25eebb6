"""All evidence of the incident as a list; one item opens with its parts, and leads back to its place in the logs."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import ClassVar

from rich.text import Text
from textual import on, work
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Vertical
from textual.content import Content
from textual.widgets import Footer, Static

from cockpit.clock import from_rfc3339, to_local
from cockpit.events import EvidenceCaptured, TimeChosen
from cockpit.incident.evidence import Evidence
from cockpit.logs.printable import printable
from cockpit.session import Session
from cockpit.ui import keys
from cockpit.ui.bridge import Bridge
from cockpit.ui.screens.evidence_item import lines_of
from cockpit.ui.screens.evidence_kit import Windows, kit_of
from cockpit.ui.screens.sheet import Sheet
from cockpit.ui.screens.text import TextScreen
from cockpit.ui.verbs import undone
from cockpit.ui.widgets.rows import RowList

_NONE = "No evidence yet. Press c on a record in the logs, or keep a file: cockpit evidence FILE"


class EvidenceScreen(Sheet):
    """The list. `to_logs`: brings the logs to the front."""

    BINDINGS: ClassVar[list[BindingType]] = list(keys.bindings(keys.EVIDENCE))

    def __init__(self, session: Session, bridge: Bridge, to_logs: Callable[[], None]) -> None:
        super().__init__()
        self._session = session
        self._bridge = bridge
        self._to_logs = to_logs
        self._items = session.incident.evidence()
        self._rows = _Rows(self, _NONE)
        self._kit = Static(id="kit", markup=False)
        self._windows = Windows(session, self)

    def compose(self) -> ComposeResult:
        with Vertical(classes="pane sheet") as sheet:
            sheet.border_title = Content("Evidence")
            yield self._kit
            yield self._rows
        yield Footer(compact=True, show_command_palette=False)

    def on_mount(self) -> None:
        self._rows.focus()
        self._bridge.on(self, EvidenceCaptured, lambda event: self._more())
        self._more()
        self.call_after_refresh(self._rows.move_to, len(self._items) - 1)

    def count(self) -> int:
        return len(self._items)

    def draw(self, index: int, width: int) -> Text:
        item = self._items[index]
        text = Text.assemble((f" {item.label:<4}", "bold"), (f"{_when(item):<15} {item.kind:<8} ", "dim"), no_wrap=True)
        text.append(printable(item.title[:width]))
        return text.append(f"  trace {item.trace_id}" if item.trace_id else "", "dim")

    @work(group="journal")
    async def action_undo(self) -> None:
        self.notify(await undone(self._session), markup=False)

    def action_move(self, step: int) -> None:
        self._rows.move_to(self._rows.cursor + step)

    def action_page(self, step: int) -> None:
        self._rows.action_page(step)

    @on(RowList.Chosen)
    def action_open(self) -> None:
        if not self._items:
            return
        screen = EvidenceItemScreen(self._session, self._bridge, self._items[self._rows.cursor])
        self.app.push_screen(screen, lambda _: self._leave() if screen.to_logs else None)

    def action_show_logs(self) -> None:
        if self._items and _go_to(self._session, self._items[self._rows.cursor]):
            self._leave()
        elif self._items:
            self.notify("It has no place in the logs.", markup=False)

    def action_window(self, step: int) -> None:
        if self._items:
            self._windows.step(self._items[self._rows.cursor], step)

    def _leave(self) -> None:
        self.action_close()
        self._to_logs()

    def _more(self) -> None:
        self._items = self._session.incident.evidence()
        self._rows.update_rows()
        self._kit.update(kit_of(self._items))


class EvidenceItemScreen(TextScreen):
    """One item whole. `to_logs`: it was left for the logs."""

    BINDINGS: ClassVar[list[BindingType]] = [
        key.binding()
        for key in keys.KEYS
        if key.place == keys.EVIDENCE and key.action.partition("(")[0] in ("show_logs", "window")
    ]

    def __init__(self, session: Session, bridge: Bridge, item: Evidence) -> None:
        super().__init__(f"{item.label} · {printable(item.title[:80])}", [Text("Reading …", "dim")])
        self._bridge = bridge
        self._session = session
        self._item = item
        self._windows = Windows(session, self)
        self.to_logs = False

    def on_mount(self) -> None:
        super().on_mount()
        self._bridge.on(self, EvidenceCaptured, lambda event: self._changed())
        self.run_worker(self._read())

    def action_show_logs(self) -> None:
        self.to_logs = _go_to(self._session, self._item)
        if self.to_logs:
            self.action_close()
        else:
            self.notify("It has no place in the logs.", markup=False)

    def action_window(self, step: int) -> None:
        self._windows.step(self._item, step)

    def _has_anchors(self) -> bool:
        return True

    def _changed(self) -> None:
        now = next((each for each in self._session.incident.evidence() if each.id == self._item.id), self._item)
        if now != self._item:
            self._item = now
            self.run_worker(self._read(keep=True), exclusive=True, group="reading")

    async def _read(self, *, keep: bool = False) -> None:
        lines, anchors = await asyncio.to_thread(lines_of, self._session.incident.store, self._item)
        self.show(lines, anchors, keep=keep)


class _Rows(RowList, inherit_bindings=False):
    """The list; its keys are those of the screen."""


def _go_to(session: Session, item: Evidence) -> bool:
    """Move the logs to the time of an item's record; False where it has none."""
    at = _at(item.at)
    if at is None or item.kind != "record":
        return False
    session.bus.publish(TimeChosen(at, "evidence"))
    return True


def _when(item: Evidence) -> str:
    at = _at(item.at) if item.at else _at(item.added)
    return f"{to_local(at):%m-%d %H:%M:%S}" if at is not None else ""


def _at(text: str) -> int | None:
    try:
        at = from_rfc3339(text)
        to_local(at)
        return at
    except (ValueError, OverflowError):
        return None
