"""Why a record is read as it is: the format of its source, its time, its level, and what the filters say of it."""

from __future__ import annotations

import numpy as np
from rich.text import Text

from cockpit.clock import to_rfc3339
from cockpit.logs.described import Format
from cockpit.logs.levels import Level
from cockpit.logs.printable import printable, text_of
from cockpit.logs.record import parse
from cockpit.logs.search import Filter
from cockpit.logs.spellings import Found
from cockpit.logs.times import NONE
from cockpit.logs.trace_ids import trace_ids
from cockpit.logs.view import Row
from cockpit.logs.zoned import names_zone
from cockpit.session import Session
from cockpit.ui.screens.text import TextScreen


class WhyScreen(TextScreen):
    """Explains one record."""

    def __init__(self, session: Session, row: Row) -> None:
        super().__init__("Why is it read like this?", _lines(session, row))


def _lines(session: Session, row: Row) -> list[Text]:
    data = row.file.read(row.number)
    first = data.partition(b"\n")[0]
    form = row.file.forms.of(row.number)
    lines = [Text(printable(text_of(first))[:2000], "bold"), Text()]
    lines += [_pair("format", f"{form.name}: {form.why}"), _pair("record", f"begins at {form.heads.value}")]
    lines += [_pair("", _told_change(row, *change)) for change in row.file.forms.changes()]
    found = form.time_in(first)
    facts = row.file.index.facts(row.number)
    at = facts[0] if facts is not None else NONE
    if found is not None and at != NONE:
        zone = _zone(form, found)
        read = text_of(first[found.start : found.end])
        lines.append(_pair("time", f"{read} is {found.spelling.name}, {zone}: {to_rfc3339(at)}"))
    else:
        lines.append(_pair("time", "none is found where this format has it; it stands after the record before it"))
    lines.append(_pair("level", _level(row, first, facts[1] if facts is not None else 0)))
    named = trace_ids(parse(data, form))
    lines += [_pair("trace", _told_trace(name, value)) for name, value in named]
    if not named:
        lines.append(_pair("trace", "none: no field named as one, nothing shaped as one"))
    lines += [Text(), Text("The filters", "bold underline")]
    wanted = session.desk.shown.wanted
    hidden = session.desk.sources.records() - session.desk.shown.view.count
    if wanted.everything:
        lines.append(Text("  none; every record is shown", "dim"))
    for text, without in wanted.chips():
        alone = _only(wanted, without)
        lines.append(_pair(text[:24], f"{_kept(row, alone)} this record", 26))
    if not wanted.everything:
        lines.append(Text(f"  together they hide {hidden} records; x shows all, X drops the last filter", "dim"))
    return lines


def _told_change(row: Row, number: int, before: Format, after: Format) -> str:
    line = row.file.index.line_number(number)
    where = f"line {line:,}" if line is not None else "a line whose number is known once all is indexed"
    return f"The file changed its format at {where}: from {before.name} to {after.name}."


def _told_trace(name: str, value: str) -> str:
    return f"{value}: " + (f"the field {name}" if name else "by its shape, in the message")


def _zone(form: Format, found: Found) -> str:
    """In which zone a time was read, and why."""
    if found.shape.zone is not None:
        return "its own zone"
    if names_zone(found):
        return "the same in every zone"
    return (
        f"no zone, so read in {form.zone.name} as set" if form.zone is not None else "no zone, so taken as this host's"
    )


def _level(row: Row, first: bytes, level: int) -> str:
    found = row.file.forms.of(row.number).level_in(first, 0, len(first))
    word = Level(level).word
    if not level:
        return "none: no word where this format has its level, and nothing thrown"
    if found is not None and row.file.forms.of(row.number).level_of(found[1]) == level:
        return f"{word}: it says {text_of(found[1])!r} at column {found[0] + 1}"
    return f"{word}: it names none, but holds what only an exception writes"


def _only(wanted: Filter, without: Filter) -> Filter:
    """The part of a filter that another one of it lacks."""
    return Filter(
        wanted.level if wanted.level != without.level else Level.NONE,
        tuple(each for each in wanted.within if each not in without.within),
        tuple(each for each in wanted.without if each not in without.without),
        tuple(each for each in wanted.conditions if each not in without.conditions),
        wanted.since if wanted.since != without.since else None,
        wanted.until if wanted.until != without.until else None,
        traces=tuple(each for each in wanted.traces if each not in without.traces),
    )


def _kept(row: Row, wanted: Filter) -> str:
    part = row.file.index.part_of(row.number)
    if part is None:
        return "says nothing of"
    kept = wanted.pick(row.file, part, np.array([row.number - part.first]), lambda: False)
    return "keeps" if len(kept) else "hides"


def _pair(name: str, value: str, width: int = 9) -> Text:
    return Text.assemble((f"{name:<{width}} ", "dim"), printable(value))
