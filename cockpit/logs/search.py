"""What a person wants to see of the logs: levels, texts, fields, a stretch of time."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import TypeVar

from cockpit.clock import to_local
from cockpit.logs.fields import Condition, Signer, meeting
from cockpit.logs.file import LogFile
from cockpit.logs.levels import Level
from cockpit.logs.parts import Part
from cockpit.logs.places import Pattern, Rows, holding
from cockpit.logs.trace_ids import holding_trace, short_trace

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Filter:
    """What is shown: records of this level or worse, in this time, that hold every pattern and meet every condition.

    since, until: microseconds, the second not included; None: no bound. sources: names; none named: all of them.
    context: how many records of the same file around each are shown too. traces: trace ids; none named: all, else the
    records that hold one of them.
    """

    level: Level = Level.NONE
    within: tuple[Pattern, ...] = ()
    without: tuple[Pattern, ...] = ()
    conditions: tuple[Condition, ...] = ()
    since: int | None = None
    until: int | None = None
    sources: tuple[str, ...] = ()
    context: int = 0
    traces: tuple[str, ...] = ()

    @property
    def empty(self) -> bool:
        """Whether everything of a file is shown."""
        return not self.level and not self.reads and self.since is None and self.until is None

    @property
    def reads(self) -> bool:
        """Whether records must be read to tell; else the index tells."""
        return bool(self.within or self.without or self.conditions or self.traces)

    @property
    def everything(self) -> bool:
        """Whether all of all sources is shown."""
        return self.empty and not self.sources

    @property
    def signs(self) -> bool:
        """Whether it names signatures."""
        return any(each.signer is not None for each in self.conditions)

    def signed(self, signer: Signer | None) -> Filter:
        """The same, with who knows the signatures that it names."""
        if signer is None or not self.conditions:
            return self
        return replace(self, conditions=tuple(each.signed(signer) for each in self.conditions))

    def narrows(self, other: Filter) -> bool:
        """Whether, by what the two say, it can show nothing that the other does not show."""
        return (
            self.level >= other.level
            and set(self.within) >= set(other.within)
            and set(self.without) >= set(other.without)
            and set(self.conditions) >= set(other.conditions)
            and (other.since is None or (self.since is not None and self.since >= other.since))
            and (other.until is None or (self.until is not None and self.until <= other.until))
            and (not other.sources or (bool(self.sources) and set(self.sources) <= set(other.sources)))
            and (not other.traces or (bool(self.traces) and set(self.traces) <= set(other.traces)))
            and (self.context <= other.context or other.empty)
        )

    def chips(self) -> list[tuple[str, Filter]]:
        """Each part of it in words, and the filter without that part."""
        found: list[tuple[str, Filter]] = []
        if self.level:
            found.append((f"≥ {self.level.word}", replace(self, level=Level.NONE)))
        for name in self.sources:
            found.append((name, replace(self, sources=_without(self.sources, name))))
        if self.since is not None or self.until is not None:
            found.append((_window(self.since, self.until), replace(self, since=None, until=None)))
        if self.context and not self.empty:
            found.append((f"± {self.context} around", replace(self, context=0)))
        for each in self.traces:
            found.append((f"trace {short_trace(each)}", replace(self, traces=_without(self.traces, each))))
        for condition in self.conditions:
            found.append((condition.described(), replace(self, conditions=_without(self.conditions, condition))))
        for pattern in self.within:
            found.append((pattern.text, replace(self, within=_without(self.within, pattern))))
        for pattern in self.without:
            found.append((f"not {pattern.text}", replace(self, without=_without(self.without, pattern))))
        return found

    def described(self) -> str:
        """`≥ warning · status >= 500 · cart · not health`; empty where everything is shown."""
        return " · ".join(text for text, _ in self.chips())

    def pick(self, file: LogFile, part: Part, rows: Rows, cancelled: Callable[[], bool]) -> Rows:
        """int64[m]: which of these rows of a part (ascending) are shown."""
        if self.level:
            rows = rows[part.levels[rows] >= self.level]
        if len(rows) and (self.since is not None or self.until is not None):
            keys = file.index.keys(part)[rows]
            first = 0 if self.since is None else int(keys.searchsorted(self.since, "left"))
            stop = len(rows) if self.until is None else int(keys.searchsorted(self.until, "left"))
            rows = rows[first:stop]
        if self.traces:
            rows = holding_trace(file, part, rows, self.traces, cancelled)
        for pattern in self.within:
            rows = rows[holding(file, part, rows, pattern, cancelled)]
        for pattern in self.without:
            rows = rows[~holding(file, part, rows, pattern, cancelled)]
        for condition in self.conditions:
            rows = rows[meeting(file, part, rows, condition, cancelled)]
        return rows


def _without(many: tuple[T, ...], one: T) -> tuple[T, ...]:
    return tuple(each for each in many if each is not one)


def _window(since: int | None, until: int | None) -> str:
    """`10:00:00 … 10:20:00`"""
    ends = ["" if at is None else f"{to_local(at):%m-%d %H:%M:%S}" for at in (since, until)]
    return f"{ends[0]} … {ends[1]}".strip()
