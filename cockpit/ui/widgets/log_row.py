"""Draws one record as a row of the log view: time, level, source, message, fields, and what is folded away."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from rich.style import Style
from rich.text import Text

from cockpit.logs.file import LogFile
from cockpit.logs.levels import Level
from cockpit.logs.printable import printable, text_of
from cockpit.logs.record import Record, parse
from cockpit.logs.times import NONE
from cockpit.ui import times

READ = 1 << 16
"""Most bytes of a record that are read to draw its row."""
_SHOWN = 8000  # most characters of a message that are drawn
_LEVELS = {
    Level.NONE: "     ",
    Level.TRACE: "TRACE",
    Level.DEBUG: "DEBUG",
    Level.INFO: "INFO ",
    Level.NOTICE: "NOTE ",
    Level.WARNING: "WARN ",
    Level.ERROR: "ERROR",
    Level.CRITICAL: "CRIT ",
}
COMPONENTS = frozenset(
    {"log--time", "log--source", "log--field", "log--value", "log--more", "log--hit", "log--gone"}
    | {"log--cursor", "log--selected", "log--edge", "log--mark"}
    | {f"log--{level.word}" for level in Level if level}
)
"""The names under which the style sheet gives the row's parts their looks."""


@dataclass(frozen=True, slots=True)
class Look:
    """How rows are drawn. `style` gives the style of a component; `now` (microseconds) tells what today is."""

    style: Callable[[str], Style]
    utc: bool
    raw: bool
    sources: int
    now: int
    hit: Any


def draw(file: LogFile, number: int, level: Level, source: str, look: Look) -> Text:
    """The row of a record, as long as it is; the widget cuts or folds it."""
    facts = file.index.facts(number)
    data = file.read(number, READ)
    if facts is None or not data:
        return Text(
            f"  {source}: this record is gone ({file.gone or 'it is no longer in the file'})", look.style("log--gone")
        )
    lines = facts[2]
    text = Text(no_wrap=True, end="")
    text.append(_time(facts[0], look), look.style("log--time"))
    text.append(" ")
    text.append(_LEVELS[level], look.style(f"log--{level.word}") if level else Style())
    text.append(" ")
    if look.sources:
        text.append(source[-look.sources :].ljust(look.sources), look.style("log--source"))
        text.append(" ")
    if look.raw:
        text.append(printable(text_of(data.split(b"\n", 1)[0].rstrip(b"\r")))[:_SHOWN], _message_style(level, look))
        _append_folded(text, lines - 1, look)
    else:
        _append_record(text, parse(data, file.form), level, lines, look)
    if look.hit is not None:
        for match in look.hit.finditer(text.plain):
            text.stylize(look.style("log--hit"), *match.span())
    return text


def _append_record(text: Text, record: Record, level: Level, lines: int, look: Look) -> None:
    text.append(printable(record.message)[:_SHOWN], _message_style(level, look))
    if gist := record.gist:
        text.append(f"  ┆ {printable(gist)[:400]}", look.style("log--more"))
    room = _SHOWN
    for name, value in record.fields:
        shown = printable(value.replace("\n", "⏎"))[:room]
        text.append(f"  {printable(name)}=", look.style("log--field"))
        text.append(shown, look.style("log--value"))
        room -= len(shown) + len(name)
        if room <= 0:
            break
    _append_folded(text, max(len(record.more), lines - 1), look)


def _append_folded(text: Text, count: int, look: Look) -> None:
    if count > 0:
        text.append(f"  +{count} line{'s' if count > 1 else ''}", look.style("log--more"))


def _message_style(level: Level, look: Look) -> Style:
    return look.style(f"log--{level.word}") if level >= Level.ERROR else Style()


def _time(at: int, look: Look) -> str:
    if at == NONE:
        return "            "
    when = times.clock_time(at, look.utc)
    if times.moment(at, look.utc).date() != times.moment(look.now, look.utc).date():
        return f"{times.moment(at, look.utc):%m-%d} {when}"
    return when
