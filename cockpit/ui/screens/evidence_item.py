"""An item of evidence as lines of text: what it is, whether it is as it was, and all its parts. To be made aside."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from rich.text import Text

from cockpit.incident.evidence import EARLIER_WINDOW, OF_WINDOW, WINDOW, Evidence, Part
from cockpit.incident.facts import sections
from cockpit.incident.hypotheses import Hypothesis, Link
from cockpit.incident.keeping import MOST, Verdict, read_part, read_provenance, still_there, verify
from cockpit.incident.store import Incident
from cockpit.logs.printable import printable, text_of
from cockpit.ui import times

_RELATIONS = {"for": "speaks for", "against": "against", "neutral": "neutral"}
_END = "\n"
_LINES = 2000  # of a part that are shown
_READ = 1 << 20  # bytes of a part that are read to be shown
_AROUND = 200  # lines of the window before and after the record
_LONGEST = 10_000  # characters of a line


def lines_of(incident: Incident, item: Evidence) -> tuple[list[Text], list[int]]:
    """The lines, and at which of them each part begins."""
    record = read_part(incident, item.parts[0], _READ) or b""
    told = read_provenance(incident, item)
    lines = _head(incident, item, told, record)
    anchors = []
    for heading, pairs in sections(told):
        anchors.append(len(lines) + 1)
        lines += [Text(), Text(f"─── {heading} ───", "dim"), *(_pair(name, value) for name, value in pairs)]
    for part in item.parts:
        anchors.append(len(lines) + 1)
        lines += [Text(), Text(f"─── {part.name} · {part.file} · {times.number(part.size)} bytes ───", "dim")]
        lines += _part(incident, part, record)
    return lines, anchors


def _head(incident: Incident, item: Evidence, told: dict[str, Any], record: bytes) -> list[Text]:
    found = verify(incident, item)
    verdict = "as they were kept" if found.verdict is Verdict.OK else f"{found.verdict.value}: {', '.join(found.parts)}"
    lines = [
        _pair("title", item.title),
        _pair("files", verdict, "" if found.verdict is Verdict.OK else "bold red"),
        _pair("sha256", item.sha256),
        *(_pair(name, value) for name, value in (("source", item.source), ("time", item.at)) if value),
    ]
    if item.window is not None:
        lines.append(_pair("window", f"{item.window[0]} … {item.window[1]}").append("  (+ -)", "dim"))
    if item.trace_id:
        lines.append(_pair("trace", item.trace_id))
    lines += _speaking(item, incident.state.hypotheses)
    there = still_there(told, record)
    if there is not None:
        told_of = "still there" if there else "changed since: other bytes stand there, or none"
        lines.append(_pair("in the log", told_of))
    lines += [_pair("note", each, "yellow") for each in _remarks(told)]
    window = read_provenance(incident, item, OF_WINDOW)
    lines += [_pair("note", f"window taken anew: {each}", "yellow") for each in _remarks(window)]
    return lines


def _remarks(told: dict[str, Any]) -> list[str]:
    remarks = told.get("remarks")
    return [str(each) for each in remarks] if isinstance(remarks, list) else []


def _speaking(item: Evidence, hypotheses: Sequence[Hypothesis]) -> list[Text]:
    """Which hypotheses it speaks for and against, or that nobody has said."""
    said = [
        _pair(_RELATIONS[link.relation], f"{each.label} {each.text.split(_END)[0]}{_weight(link)}")
        for relation in _RELATIONS
        for each in hypotheses
        for link in each.links
        if link.id == item.id and link.relation == relation
    ]
    return said or [_pair("speaks for", "no hypothesis yet; in the hypotheses l links it", "dim")]


def _weight(link: Link) -> str:
    return f", weight {link.weight}" if link.relation != "neutral" else ""


def _part(incident: Incident, part: Part, record: bytes) -> list[Text]:
    if part.name == EARLIER_WINDOW:
        return [Text(f"in {incident.folder.name}/evidence/{part.file}", "italic")]
    data = read_part(incident, part, MOST if part.name == WINDOW else _READ)
    if data is None:
        return [Text("This file is missing.", "bold red")]
    first, most, own = 0, _LINES, range(0)
    if part.name == WINDOW and record:
        line, count = data.count(b"\n", 0, max(0, data.find(record))), max(1, record.count(b"\n"))
        first, most, own = max(0, line - _AROUND), 2 * _AROUND + count, range(line, line + count)
    texts = data.split(b"\n", first + most + 1)
    more = len(texts) > first + most or part.size > len(data)
    shown = texts[first : first + most]
    lines = [Text(f"… {times.number(first)} lines before", "italic")] if first else []
    lines += [
        Text(printable(text_of(each[:_LONGEST])), "bold" if number in own else "")
        for number, each in enumerate(shown, first)
        if each or not more
    ]
    if more or part.cut:
        lines.append(Text(f"… more in {incident.folder.name}/evidence/{part.file}", "italic"))
    if part.cut:
        lines.append(Text(f"… and {times.number(part.cut)} bytes were not kept", "italic"))
    return lines


def _pair(name: str, value: str, style: str = "") -> Text:
    return Text.assemble((f"{printable(name)[:20]:<10} ", "dim"), (printable(value[:_LONGEST]), style))
