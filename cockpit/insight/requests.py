"""Records joined to what they are about: one request, by its trace id, or one record by itself. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from cockpit.logs.record import plain_name

_NAMED = re.compile(
    r"""\b([A-Za-z][A-Za-z_]{1,30})(?: ?[:#] ?| )(-?[0-9]+(?:\.[0-9]+)?\b(?![.:/-]\w)|'[^']{0,80}'|"[^"]{0,80}")"""
)
_COUNTED = re.compile(r"\b(-?[0-9]+(?:\.[0-9]+)?) ([A-Za-z]{3,20}s)\b")
_STOP = frozenset(
    (
        *("in", "of", "to", "at", "on", "after", "for", "with", "and", "took", "than", "by"),
        *("from", "is", "was", "line", "has", "have", "had", "are", "were", "only", "about", "over", "under"),
    )
)
_UNITS = frozenset({"ms", "secs", "seconds", "minutes", "hours", "bytes"})
_PLACED = 0.8  # of failing requests that must name their place for others to be chosen by it
_ENOUGH = 20  # others of the same places
_SHARED = 400  # records that may share an id of one request
_LONGEST = 400  # characters of a message


@dataclass(slots=True)
class Told:
    """What one record tells. at: microseconds; signature: its number; fields: the first value of each name; wrong:
    whether it is of what goes wrong.
    """

    at: int
    level: int
    signature: int
    source: int
    message: str
    fields: dict[str, str]
    traces: tuple[str, ...] = ()
    gist: str = ""
    wrong: bool = False


@dataclass(slots=True)
class Request:
    """All that was sampled of one request. fields: the first value that any of its records gives each name.

    failing: whether one of its records is of what goes wrong.
    """

    at: int
    failing: bool = False
    fields: dict[str, str] = field(default_factory=dict)
    records: list[Told] = field(default_factory=list)

    def add(self, told: Told) -> None:
        self.records.append(told)
        self.failing |= told.wrong
        for name, value in told.fields.items():
            self.fields.setdefault(name, value)

    @property
    def place(self) -> str:
        """Which code handled it, as far as a field says so; numbers and ids in it masked."""
        for name in (
            "endpoint",
            "route",
            "path",
            "url",
            "uri",
            "handler",
            "operation",
            "op",
            "action",
            "job",
            "task",
            "topic",
        ):
            for each, value in self.fields.items():
                if plain_name(each) == name:
                    return re.sub(r"[0-9a-f-]{8,}|[0-9]+", "*", value.partition("?")[0])
        return ""


def said(message: str) -> dict[str, str]:
    """What the words of a message give names to: `user 88`, `tenant 'acme'`, `1204 items`."""
    cut = message[:_LONGEST]
    found: dict[str, str] = {}
    for match in _COUNTED.finditer(cut):
        if match[2].lower() not in _UNITS:
            found.setdefault(match[2].lower(), match[1])
    for match in _NAMED.finditer(cut):
        if match[1].lower() not in _STOP:
            found.setdefault(match[1].lower(), match[2].strip("'\""))
    return found


def joined(records: Iterable[Told]) -> list[Request]:
    """Requests in the order of their first record.

    A record with an id of its own only, or with none, is a request by itself. An id that very many records share is
    none of a request.
    """
    by_trace: dict[str, Request] = {}
    found: list[Request] = []
    for told in sorted(records, key=lambda each: each.at):
        request = next((by_trace[each] for each in told.traces if each in by_trace), None)
        if request is None or len(request.records) >= _SHARED:
            request = Request(told.at)
            found.append(request)
        for each in told.traces:
            by_trace[each] = request
        request.add(told)
    return found


def split(requests: Sequence[Request]) -> tuple[list[Request], list[Request]]:
    """Those that fail, and others of the same places, where failing requests name one."""
    failing = [each for each in requests if each.failing]
    others = [each for each in requests if not each.failing]
    places = {each.place for each in failing if each.place}
    if sum(bool(each.place) for each in failing) < _PLACED * len(failing):
        return failing, others
    same = [each for each in others if each.place in places]
    return failing, same if len(same) >= _ENOUGH else others
