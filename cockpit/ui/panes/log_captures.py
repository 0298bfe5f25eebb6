"""Captures from the logs pane: what is selected, or else the record at the cursor, becomes evidence."""

from __future__ import annotations

import asyncio

from cockpit.capture import Captured, capture
from cockpit.incident.store import IncidentError
from cockpit.session import Session
from cockpit.ui.widgets.log_view import LogView


class Captures:
    """Captures aside, and says what was kept."""

    def __init__(self, session: Session, rows: LogView) -> None:
        self._session = session
        self._rows = rows

    async def capture(self) -> None:
        try:
            done = await asyncio.to_thread(self._capture)
        except (IncidentError, OSError) as error:
            self._rows.notify(str(error), severity="error", markup=False, timeout=10)
            return
        self._rows.notify(f"{done.sentence()}; V shows it.", markup=False)

    def _capture(self) -> Captured:
        """Raises IncidentError."""
        shown, cursor = self._session.desk.shown, self._rows.cursor
        self._rows.selection.settle(shown.view, shown.lock)
        with shown.lock:
            section = self._rows.selection.section(shown.view)
            chosen = section.rows(shown.lock) if section is not None else iter(())
        if section is None and cursor is not None:
            chosen = iter((cursor,))
        return capture(self._session, chosen)
