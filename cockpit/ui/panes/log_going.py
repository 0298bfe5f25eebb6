"""Where a person asks to go in the logs: a line of a file, or a time."""

from __future__ import annotations

from cockpit.clock import parse_time
from cockpit.logs.parts import record_of_line
from cockpit.logs.view import Row
from cockpit.session import Session
from cockpit.ui.widgets.prompt import Refused


def found_place(session: Session, cursor: Row | None, text: str) -> Row:
    """The row of a line number in the cursor's file, or of a time. Raises Refused."""
    shown = session.desk.shown
    if text.isdigit() and cursor is not None:
        file = cursor.file
        line = int(text) - 1 - file.index.orphans
        whole = file.index.start == 0 and line >= 0
        number = record_of_line(file.index.parts(), line) if whole else None
        if number is None:
            raise Refused(f"{file.path.name} has no line {text}, or it is not indexed yet.")
        with shown.lock:
            row = shown.view.row(shown.view.position_of(file, number))
    else:
        try:
            at = parse_time(text, session.clock.now())
        except ValueError as error:
            raise Refused(str(error)) from None
        with shown.lock:
            row = shown.view.row(shown.view.position_at(at))
    if row is None:
        raise Refused("Nothing is shown to go to.")
    return row
