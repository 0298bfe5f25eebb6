"""From the logs pane to the trace of a record, and back to a record of it."""

from __future__ import annotations

from collections.abc import Callable

from cockpit.logs.record import parse
from cockpit.logs.search import Filter
from cockpit.logs.trace_ids import LOOKED_FOR, trace_ids
from cockpit.logs.view import Row
from cockpit.session import Session
from cockpit.ui.widgets.log_view import LogView

_READ = 1 << 16  # bytes of a record in which its trace ids are looked for


def ids_of(row: Row) -> tuple[tuple[str, str], ...]:
    """The trace ids of a record, each with the field that names it."""
    return trace_ids(parse(row.file.read(row.number, _READ), row.file.forms.of(row.number)))


class Tracing:
    """Opens the trace of the record at the cursor. `show_only` puts another filter in force."""

    def __init__(self, session: Session, rows: LogView, show_only: Callable[[Filter], None]) -> None:
        self._session = session
        self._rows = rows
        self._show_only = show_only

    def open(self) -> None:
        from cockpit.ui.screens.trace import TraceScreen

        row = self._rows.cursor
        if row is None:
            return
        named = ids_of(row)
        if not named:
            self._rows.notify(f"This record names no trace id. Looked for: {LOOKED_FOR}.", markup=False, timeout=10)
            return
        screen = TraceScreen(self._session, named[0][1], row, self._rows.painter.utc)

        def leave(_: None) -> None:
            if screen.chosen is not None:
                self._go_to(screen.chosen)

        self._rows.app.push_screen(screen, leave)

    def _go_to(self, row: Row) -> None:
        shown = self._session.desk.shown
        with shown.lock:
            hidden = shown.view.place_of(row) is None
        if hidden and not shown.wanted.everything:
            self._show_only(Filter())
            self._rows.notify("The filters hid this record: all is shown again.", markup=False)
        self._rows.move_to_row(row)
