"""Shows the end of a log at once, before anything heavy is loaded: what one came to see stands there meanwhile.

Writes to the terminal itself, on the alternate screen that Textual takes over a moment later. Knows no Textual.
"""

from __future__ import annotations

import os
import stat
import sys
import unicodedata
from collections.abc import Sequence

from cockpit.logs.printable import printable, text_of

_READ = 1 << 16
_WIDE = 120  # columns from which the panes stand side by side
_ENTER = "\x1b[?1049h\x1b[?25l\x1b[2J\x1b[H"
_LEAVE = "\x1b[?1049l\x1b[?25h"


def show(sources: Sequence[str]) -> bool:
    """Draw the last lines of the file among `sources` that was written last, where the Logs pane will be.

    True if it did; then `leave` must be called should the cockpit not start after all. False where no source is a
    plain readable text file, or there is no terminal.
    """
    terminal = sys.__stderr__
    if terminal is None or not terminal.isatty():
        return False
    data = _tail(sources)
    if not data:
        return False
    width, height = os.get_terminal_size(terminal.fileno())
    wide = width >= _WIDE
    top, left = (8, 2) if wide else (5, 2)
    columns, rows = (width * 5 // 8 if wide else width) - 3, max(1, height - top - 1)
    lines = [_cut(printable(text_of(line.rstrip(b"\r"))), columns) for line in data.splitlines()[-rows:]]
    drawn = "".join(f"\x1b[{top + nth};{left}H{line}" for nth, line in enumerate(lines))
    terminal.write(f"{_ENTER}\x1b[2m ◉ cockpit\x1b[0m{drawn}")
    terminal.flush()
    return True


def leave() -> None:
    """Give the terminal back as it was."""
    if sys.__stderr__ is not None:
        sys.__stderr__.write(_LEAVE)
        sys.__stderr__.flush()


def _tail(sources: Sequence[str]) -> bytes:
    newest: tuple[float, str] | None = None
    for source in sources:
        try:
            found = os.stat(os.path.expanduser(source))
        except OSError:
            continue
        if stat.S_ISREG(found.st_mode) and found.st_size and (newest is None or found.st_mtime > newest[0]):
            newest = (found.st_mtime, os.path.expanduser(source))
    if newest is None:
        return b""
    try:
        with open(newest[1], "rb") as file:
            file.seek(max(0, os.fstat(file.fileno()).st_size - _READ))
            data = file.read(_READ)
    except OSError:
        return b""
    return b"" if data.count(b"\0") * 20 > len(data) else data


def _cut(text: str, columns: int) -> str:
    """As much of a line as fits into so many cells."""
    if text.isascii():
        return text[:columns]
    taken = 0
    for place, letter in enumerate(text):
        taken += 2 if unicodedata.east_asian_width(letter) in "WF" else 0 if unicodedata.combining(letter) else 1
        if taken > columns:
            return text[:place]
    return text
