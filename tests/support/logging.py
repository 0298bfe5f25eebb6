"""Makes logs for tests: numbered lines, each told from every other."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from pathlib import Path

from cockpit.logs.desk import LogDesk

EPOCH = 1_764_000_000


def numbered(number: int, level: str = "INFO") -> str:
    """A text line of its own time, a hundredth of a second after the one before."""
    when = datetime.fromtimestamp(EPOCH + number / 100, UTC)
    return f"{when:%Y-%m-%d %H:%M:%S},{when.microsecond // 1000:03d} {level} shop.cart Request {number} handled\n"


class Writer:
    """Appends numbered lines to a path; opens it anew each time, as a service that reopens its log does."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.written = 0

    def write(self, count: int, path: Path | None = None) -> None:
        text = "".join(numbered(number) for number in range(self.written, self.written + count))
        with (path or self.path).open("a") as file:
            file.write(text)
        self.written += count


def shown_numbers(desk: LogDesk) -> list[int]:
    """The numbers of the lines that the view holds, in its order."""
    numbers = []
    with desk.shown.lock:
        for position in range(desk.shown.view.count):
            row = desk.shown.view.row(position)
            assert row is not None
            found = re.search(rb"Request (\d+)", row.file.read(row.number))
            assert found is not None, row.file.read(row.number)
            numbers.append(int(found[1]))
    return numbers
