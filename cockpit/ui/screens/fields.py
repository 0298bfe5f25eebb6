"""The fields of the records around the cursor: which are columns, which are hidden."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import ClassVar

from rich.text import Text
from textual import work

from cockpit.logs.field_names import FieldSeen, fields_seen
from cockpit.logs.printable import printable
from cockpit.logs.view import Row
from cockpit.session import Session
from cockpit.ui import times
from cockpit.ui.screens.choosing import ChoosingScreen
from cockpit.ui.widgets.columns import Columns

_AROUND = 500  # records that are looked at


class FieldsScreen(ChoosingScreen):
    """Turns fields of the cursor's format between column, hidden and as laid out; `changed` is called at each turn."""

    TURNS: ClassVar[bool] = True

    def __init__(
        self, session: Session, cursor: Row, position: int, columns: Columns, changed: Callable[[], None]
    ) -> None:
        self._form = cursor.file.forms.of(cursor.number).name
        super().__init__(f"Fields · {self._form}", "space: column, hidden, as laid out; letters narrow the list")
        self._shown = session.desk.shown
        self._position = position
        self._columns = columns
        self._changed = changed
        self._seen: list[FieldSeen] = []
        self._offers: list[FieldSeen] = []

    async def prepare(self) -> None:
        self.rows.say_when_empty("Looking at the records around the cursor…")
        self._look()

    def count(self) -> int:
        return len(self._offers)

    def draw(self, index: int, width: int) -> Text:
        seen = self._offers[index]
        choice = self._columns.of(self._form)
        text = Text(no_wrap=True)
        if seen.name in choice.show:
            text.append(f" column {choice.show.index(seen.name) + 1:<3}", "bold green")
        elif seen.name in choice.hide:
            text.append(" hidden    ", "bold red")
        else:
            text.append(" " * 11 if seen.laid_out else " told      ", "dim")
        text.append(printable(seen.name), "bold")
        text.pad_right(max(0, 40 - text.cell_len))
        text.append(f" {times.number(seen.count):>5}×  ", "dim")
        return text.append(printable(seen.example.replace("\n", "⏎"))[:width])

    def narrow(self) -> None:
        wanted = self.typed.strip().lower()
        self._offers = [seen for seen in self._seen if wanted in seen.name.lower()]

    def action_choose(self) -> None:
        if self.rows.cursor < len(self._offers):
            seen = self._offers[self.rows.cursor]
            choice = self._columns.of(self._form)
            self._columns.choose(self._form, choice.turned(seen.name, hideable=seen.laid_out))
            self._changed()
            self.rows.refresh()

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        return action not in ("choose", "remove")

    @work
    async def _look(self) -> None:
        self._seen, read = await asyncio.to_thread(self._fields)
        choice = self._columns.of(self._form)
        known = {seen.name for seen in self._seen}
        self._seen += [FieldSeen(name, 0, "", True) for name in (*choice.show, *choice.hide) if name not in known]
        self.entitle(f"Fields · {self._form} · in {times.number(read)} records")
        self.rows.say_when_empty("No such field." if self._seen else "These records have no fields.")
        self.narrow()
        self.rows.update_rows()

    def _fields(self) -> tuple[list[FieldSeen], int]:
        with self._shown.lock:
            view = self._shown.view
            stop = min(view.count, self._position + _AROUND // 2)
            rows = [row for at in range(max(0, stop - _AROUND), stop) if (row := view.row(at)) is not None]
        return fields_seen(rows, self._form, lambda: self.closing)
