"""Marks on records in the logs pane: set, removed, and gone to."""

from __future__ import annotations

import asyncio

from cockpit.logs.selection import Section, spans
from cockpit.session import Session
from cockpit.ui import times
from cockpit.ui.widgets.log_view import LogView


class Marking:
    """Marks the selected records, or else the one at the cursor. A selection may be long, so it is marked aside."""

    def __init__(self, session: Session, rows: LogView) -> None:
        self._shown = session.desk.shown
        self._rows = rows

    async def toggle(self) -> None:
        selecting = self._rows.selection.active
        count, marked = await asyncio.to_thread(self._toggle)
        if not count:
            self._rows.notify("There is no record here to mark.", markup=False)
        elif selecting:
            what = "records marked" if marked else "marks removed"
            self._rows.notify(f"{times.number(count)} {what}.", markup=False)
        self._rows.vertical_scrollbar.rows_changed()
        self._rows.redraw()

    async def go_to(self, step: int) -> None:
        with self._shown.lock:
            here = self._shown.view.row(self._rows.position)
        row, wrapped = await asyncio.to_thread(self._shown.next_mark, here, step)
        if row is None:
            count = self._shown.marks.count
            hidden = f"No marked record is shown (there {'is' if count == 1 else 'are'} {times.number(count)})."
            self._rows.notify(hidden if count else "Nothing is marked; M marks a record.", markup=False)
            return
        self._rows.move_to_row(row)
        if wrapped:
            self._rows.notify("From the beginning again." if step > 0 else "From the end again.", markup=False)

    def _toggle(self) -> tuple[int, bool]:
        """How many records were marked, or their marks removed, and which of both."""
        self._rows.selection.settle(self._shown.view, self._shown.lock)
        with self._shown.lock:
            view, position = self._shown.view, self._rows.position
            chosen = self._rows.selection.section(view)
            if chosen is None:
                chosen = Section(view, position, min(position + 1, view.count))
            ends = chosen.ends() if chosen.count > 0 else []
        return chosen.count, self._shown.marks.toggle(spans(ends)) if ends else False
