"""One record whole: where it stands, its fields, JSON laid out, its stack trace unfolded, and its exact bytes."""

from __future__ import annotations

from rich.text import Text

from cockpit.clock import duration, to_local, to_rfc3339
from cockpit.logs.levels import Level
from cockpit.logs.printable import printable, text_of
from cockpit.logs.record import parse, pretty
from cockpit.logs.times import NONE
from cockpit.logs.trace_ids import trace_ids
from cockpit.logs.view import Row
from cockpit.session import Session
from cockpit.ui.screens.text import TextScreen

_MOST = 1 << 20  # bytes of a record that are shown


class RecordScreen(TextScreen):
    """Shows the record of a row of the log view."""

    def __init__(self, session: Session, row: Row, utc: bool) -> None:
        data = row.file.read(row.number, _MOST)
        source = session.desk.sources.of(row.file)
        super().__init__(f"Record · {source.name}", _lines(session, row, data, utc))
        self._session = session
        facts, record = row.file.index.facts(row.number), parse(data, row.file.forms.of(row.number))
        self._at = facts[0] if facts is not None and facts[0] != NONE else None
        self._trace = "\n".join((record.message, *record.more))

    def action_code(self) -> None:
        from cockpit.ui.screens.code import CodeScreen

        self.app.push_screen(CodeScreen(self._session, self._trace, self._at))

    def _has_code(self) -> bool:
        return "\n" in self._trace


def _lines(session: Session, row: Row, data: bytes, utc: bool) -> list[Text]:
    facts = row.file.index.facts(row.number)
    if facts is None or not data:
        return [Text(f"This record is gone: {row.file.gone or 'it is no longer in the file'}.")]
    at, level, count = facts
    record = parse(data, row.file.forms.of(row.number))
    line = row.file.index.line_number(row.number)
    head = [
        ("time", _time(at, utc)),
        ("level", Level(level).word or "none named"),
        ("format", row.file.forms.of(row.number).name),
    ]
    head.append(
        ("file", f"{row.file.path}" + (f", line {line:,}" if line else "") + (f", {count} lines" if count > 1 else ""))
    )
    deployed = session.deployed_at(at) if at != NONE else None
    if deployed is not None:
        head.append(("deployed", f"{deployed.ref[:9]}, {duration(at - deployed.at)} before: {deployed.text}"))
    head += [("trace", f"{value}  ({name})" if name else value) for name, value in trace_ids(record)]
    lines = [_pair(name, printable(value)) for name, value in head]
    lines += [Text(), *_exact(printable(record.message), "bold")]
    if record.fields:
        widest = min(24, max(len(name) for name, _ in record.fields))
        lines += [Text(), *(_pair(name, printable(value.replace("\n", "⏎")), widest) for name, value in record.fields)]
    if record.more:
        lines += [Text(), *(_trace_line(printable(each)) for each in record.more)]
    laid_out = pretty(data)
    lines += [Text(), Text("─── as it stands in the file ───", "dim")]
    shown = laid_out if laid_out is not None else text_of(data.rstrip(b"\n"))
    lines += [Text(printable(each)) for each in shown.split("\n")]
    if len(data) >= _MOST:
        lines.append(Text("… longer than 1 MiB; the rest is in the file.", "italic"))
    return lines


def _time(at: int, utc: bool) -> str:
    if at == NONE:
        return "none found in the record"
    local = f"{to_local(at):%Y-%m-%d %H:%M:%S.%f %Z}"
    return to_rfc3339(at) if utc else f"{local}   ({to_rfc3339(at)})"


def _exact(text: str, style: str) -> list[Text]:
    return [Text(text, style)]


def _pair(name: str, value: str, width: int = 9) -> Text:
    return Text.assemble((f"{name:<{width}} ", "dim"), value)


def _trace_line(line: str) -> Text:
    if line.strip().startswith(("File ", "at ", "raise ", "in ")):
        return Text(line, "bold" if line.strip().startswith(("File ", "at ")) else "")
    return Text(line, "" if line[:1].isspace() else "bold red")
