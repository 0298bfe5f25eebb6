"""Captures from the logs pane: what is selected, or else the record at the cursor, becomes evidence."""

from __future__ import annotations

import asyncio

from cockpit.capture import Captured, capture
from cockpit.clock import MINUTE
from cockpit.incident.store import IncidentError
from cockpit.kept_window import reach_of
from cockpit.logs.view import Row
from cockpit.session import Session
from cockpit.ui.widgets.log_view import LogView
from cockpit.ui.widgets.prompt import Question, Refused

_REACH = "5m"


class Captures:
    """Captures aside, and says what was kept. Takes the record where the cursor stands when it is made."""

    def __init__(self, session: Session, rows: LogView) -> None:
        self._session = session
        self._rows = rows
        self._cursor = rows.cursor

    def question(self) -> Question:
        """How far the window is to reach; the answer captures."""

        async def submit(text: str) -> None:
            try:
                reach = reach_of(text)
            except ValueError as error:
                raise Refused(str(error)) from None
            await self.capture(reach)

        hint = "how much before and after it is kept with it, of all sources: 30s, 5m, 1h"
        return Question("Window around the record", submit, value=_REACH, hint=hint)

    async def capture(self, reach: int = 5 * MINUTE) -> None:
        """reach: of the window, before and after (microseconds)."""
        try:
            done = await asyncio.to_thread(self._capture, self._cursor, reach)
        except (IncidentError, OSError) as error:
            self._rows.notify(str(error), severity="error", markup=False, timeout=10)
            return
        self._rows.notify(f"{done.sentence()}; V shows it.", markup=False)

    def _capture(self, cursor: Row | None, reach: int) -> Captured:
        """Raises IncidentError."""
        shown = self._session.desk.shown
        self._rows.selection.settle(shown.view, shown.lock)
        with shown.lock:
            section = self._rows.selection.section(shown.view)
            chosen = section.rows(shown.lock) if section is not None else iter(())
        if section is None and cursor is not None:
            chosen = iter((cursor,))
        return capture(self._session, chosen, before=reach, after=reach)
