"""Draws one record as a row of the log view: time, level, source, message, fields, and what is folded away."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Any

from rich.cells import cell_len, set_cell_size
from rich.segment import Segment
from rich.style import Style
from rich.text import Text

from cockpit.clock import SECOND
from cockpit.logs.file import LogFile
from cockpit.logs.levels import Level
from cockpit.logs.printable import printable, text_of
from cockpit.logs.record import Record, parse
from cockpit.logs.times import NONE
from cockpit.ui import times
from cockpit.ui.times import TimeStyle
from cockpit.ui.widgets.columns import WIDEST, Choice, Columns

READ = 1 << 16
"""Most bytes of a record that are read to draw its row."""
_APART = "  "
_BLANK = Segment(" ")
_GAP = 10 * SECOND  # distance between two rows from which it stands out
_SHOWN = 8000  # most characters of a message that are drawn
LABELS = {
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
    {"log--time", "log--gap", "log--source", "log--field", "log--value", "log--more", "log--hit", "log--gone"}
    | {"log--cursor", "log--selected", "log--edge", "log--mark", "log--point", "log--pointed"}
    | {f"log--{level.word}" for level in Level if level}
)
"""The names under which the style sheet gives the row's parts their looks."""


@dataclass(frozen=True, slots=True)
class Look:
    """How rows are drawn. `style` gives the style of a component; `now` (microseconds) tells what today is."""

    style: Callable[[str], Style]
    times: TimeStyle
    raw: bool
    sources: int
    now: int
    hit: Any
    columns: Columns


def draw(at: int, before: int, body: list[Segment], look: Look) -> Text:
    """The row of a record, as long as it is; the widget cuts or folds it.

    at, before: its time and that of the row above (microseconds, NONE where there is none); body: what follows it.
    """
    text = Text(no_wrap=True, end="")
    for piece, style, _ in (*draw_time(at, before, look), *body):
        text.append(piece, style)
    if look.hit is not None:
        for match in look.hit.finditer(text.plain):
            text.stylize(look.style("log--hit"), *match.span())
    return text


def draw_time(at: int, before: int, look: Look) -> list[Segment]:
    """The time with which a row begins, and the blank after it; see `draw`."""
    style = look.style("log--gap" if _is_gap(at, before, look) else "log--time")
    return [Segment(_time(at, before, look), style), Segment(" ")]


def draw_body(file: LogFile, number: int, level: Level, source: str, look: Look) -> list[Segment]:
    """What follows the time in the row of a record: that changes neither as time passes nor with the row above."""
    facts = file.index.facts(number)
    data = file.read(number, READ)
    if facts is None or not data:
        why = f"  {source}: this record is gone ({file.gone or 'it is no longer in the file'})"
        return [Segment(why, look.style("log--gone"))]
    lines = facts[2]
    row = [Segment(LABELS[level], look.style(f"log--{level.word}") if level else None), _BLANK]
    if look.sources:
        row.append(Segment(source[-look.sources :].ljust(look.sources), look.style("log--source")))
        row.append(_BLANK)
    if look.raw:
        row.append(
            Segment(printable(text_of(data.split(b"\n", 1)[0].rstrip(b"\r")))[:_SHOWN], _message_style(level, look))
        )
        _append_folded(row, lines - 1, look)
    else:
        form = file.forms.of(number)
        record = parse(data, form)
        choice = look.columns.of(form.name)
        _append_columns(row, record, form.name, choice, look)
        left = tuple(each for each in record.fields if each[0] not in choice.hide and each[0] not in choice.show)
        _append_record(row, replace(record, fields=left), level, lines, look)
    return row


def _append_columns(row: list[Segment], record: Record, form: str, choice: Choice, look: Look) -> None:
    """The fields that were chosen, each as wide as its widest value; blanks where the record lacks one."""
    values = {**dict(record.told), **dict(record.fields)} if choice.show else {}
    for name in choice.show:
        label = f"{printable(name)}="
        if name not in values:
            row.append(Segment(" " * (cell_len(label) + look.columns.width(form, name)) + _APART))
            continue
        shown = printable(values[name].replace("\n", "⏎")[: WIDEST + 1])
        if cell_len(shown) > WIDEST:
            shown = set_cell_size(shown, WIDEST - 1).rstrip() + "…"
        look.columns.widen(form, name, cell_len(shown))
        row.append(Segment(label, look.style("log--field")))
        row.append(Segment(shown, look.style("log--value")))
        row.append(Segment(" " * (look.columns.width(form, name) - cell_len(shown)) + _APART))


def _append_record(row: list[Segment], record: Record, level: Level, lines: int, look: Look) -> None:
    row.append(Segment(printable(record.message)[:_SHOWN], _message_style(level, look)))
    if gist := record.gist:
        row.append(Segment(f"  ┆ {printable(gist)[:400]}", look.style("log--more")))
    room = _SHOWN
    for name, value in record.fields:
        shown = printable(value.replace("\n", "⏎"))[:room]
        row.append(Segment(f"  {printable(name)}=", look.style("log--field")))
        row.append(Segment(shown, look.style("log--value")))
        room -= len(shown) + len(name)
        if room <= 0:
            break
    _append_folded(row, max(len(record.more), lines - 1), look)


def _append_folded(row: list[Segment], count: int, look: Look) -> None:
    if count > 0:
        row.append(Segment(f"  +{count} line{'s' if count > 1 else ''}", look.style("log--more")))


def _message_style(level: Level, look: Look) -> Style | None:
    return look.style(f"log--{level.word}") if level >= Level.ERROR else None


def _time(at: int, before: int, look: Look) -> str:
    if at == NONE or (look.times is TimeStyle.DELTA and before == NONE):
        return " " * times.WIDTH
    if look.times is TimeStyle.RELATIVE:
        return times.distance(at, look.now)
    if look.times is TimeStyle.DELTA:
        return times.step(at, before)
    utc = look.times is TimeStyle.UTC
    day, second = _of_day(at // SECOND, utc)
    when = f"{second}.{at % SECOND // 1000:03d}"
    return when if day == _of_day(look.now // SECOND, utc)[0] else f"{day[5:]} {when}"


@lru_cache(4096)
def _of_day(second: int, utc: bool) -> tuple[str, str]:
    """`2026-11-23` and `10:02:11` of a second since the epoch."""
    when = times.moment(second * SECOND, utc)
    return f"{when:%Y-%m-%d}", f"{when:%H:%M:%S}"


def _is_gap(at: int, before: int, look: Look) -> bool:
    return look.times is TimeStyle.DELTA and NONE not in (at, before) and abs(at - before) >= _GAP
