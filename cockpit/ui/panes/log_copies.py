"""What the logs pane copies and writes: the selected records, or else the one at the cursor or all that is shown."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable, Iterator
from pathlib import Path
from textwrap import indent

from cockpit.logs.export import as_object, write
from cockpit.logs.printable import text_of
from cockpit.logs.view import Row
from cockpit.paths import expanded
from cockpit.session import Session
from cockpit.ui import times
from cockpit.ui.clipboard import copy, fitting
from cockpit.ui.widgets.log_view import LogView
from cockpit.ui.widgets.prompt import Asked, Question, Refused


class Copies:
    """Copies from the rows of the logs. Records are read aside, and no more of them than the clipboard takes."""

    def __init__(self, session: Session, rows: LogView) -> None:
        self._session = session
        self._rows = rows

    async def copy_texts(self) -> None:
        """The exact text of the records, as they follow each other."""
        await self._copy(_text, lambda texts, many: "\n".join(texts))

    async def copy_objects(self) -> None:
        """The record as a JSON object, or the selected ones as an array of such."""

        def joined(texts: list[str], many: bool) -> str:
            return "[\n" + ",\n".join(indent(text, "  ") for text in texts) + "\n]" if many else texts[0]

        await self._copy(self._object, joined)

    async def ask_where_to_write(self) -> None:
        chosen = await asyncio.to_thread(self._chosen)
        what = f"write {times.number(chosen[0])} selected to" if chosen is not None else "write to"

        async def submit(text: str) -> None:
            path = expanded(text.strip())
            now = await asyncio.to_thread(self._chosen)
            if chosen is not None and now is None:
                raise Refused("Nothing is selected any more.")
            try:
                count = await asyncio.to_thread(self._write, path, now[1] if now is not None else None)
            except OSError as error:
                raise Refused(f"{path}: {error.strerror}.") from None
            self._rows.notify(f"{times.number(count)} records written to {path}", markup=False)

        self._rows.post_message(Asked(Question(what, submit, hint="a new file; nothing is written over")))

    async def _copy(self, shaped: Callable[[Row], str], joined: Callable[[list[str], bool], str]) -> None:
        chosen = await asyncio.to_thread(self._chosen)
        if chosen is None:
            if self._rows.cursor is not None:
                text = await asyncio.to_thread(shaped, self._rows.cursor)
                self._rows.notify(copy(self._rows.app, joined([text], False)), markup=False)
            return
        count, rows = chosen
        if not count:
            self._rows.notify("None of the selected records is shown.", markup=False)
            return
        texts = await asyncio.to_thread(lambda: fitting(map(shaped, rows), 1))
        if not texts:
            self._rows.notify("The first selected record alone is too long to copy; write it with W.", markup=False)
            return
        done = copy(self._rows.app, joined(texts, True))
        said = f"{times.number(count)} records." if len(texts) == count else _cut(len(texts), count)
        self._rows.notify(f"{said} {done}", markup=False)

    def _chosen(self) -> tuple[int, Iterator[Row]] | None:
        """How many records are selected, and they; None where nothing is."""
        shown = self._session.desk.shown
        self._rows.selection.settle(shown.view, shown.lock)
        with shown.lock:
            section = self._rows.selection.section(shown.view)
            return None if section is None else (section.count, section.rows(shown.lock))

    def _write(self, path: Path, rows: Iterator[Row] | None) -> int:
        return write(rows, path) if rows is not None else self._session.desk.shown.write_to(path)

    def _object(self, row: Row) -> str:
        source = self._session.desk.sources.of(row.file).name
        found = as_object(row, source, row.file.index.line_number(row.number))
        return json.dumps(found, ensure_ascii=False, indent=2)


def _text(row: Row) -> str:
    return text_of(row.file.read(row.number).rstrip(b"\n"))


def _cut(copied: int, count: int) -> str:
    return (
        f"Only the first {times.number(copied)} of {times.number(count)} records,"
        " for a clipboard takes no more; W writes all to a file."
    )
