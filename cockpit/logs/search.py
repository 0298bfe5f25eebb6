"""What a person looks for in the logs: patterns, and which records of a part hold them.

Patterns run on RE2: none can take longer than its text is long, and the screen goes on while they run.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
import re2

from cockpit.logs.file import LogFile
from cockpit.logs.index import Part
from cockpit.logs.levels import Level

Rows = npt.NDArray[np.int64]
Mask = npt.NDArray[np.bool_]
_SLICE = 1 << 22  # bytes that are searched between two looks at whether the question still stands


@dataclass(frozen=True, slots=True)
class Pattern:
    """A compiled search over bytes. `literal`: the text was no regular expression and is taken as it stands."""

    text: str
    expression: str
    literal: bool

    @property
    def regex(self) -> Any:
        """Compiled for bytes."""
        return re2.compile(self.expression.encode("utf-8", "surrogateescape"))

    @property
    def drawn(self) -> Any:
        """Compiled for text, for what is drawn."""
        return re2.compile(self.expression)


def compile_pattern(text: str) -> Pattern:
    """A pattern from what a person typed: a regular expression, or the text itself where it is none.

    All lower case finds any case; an upper-case letter makes it exact. Look-around and back-references, which could
    take for ever, are no expressions here.
    """
    case = "" if any(letter.isupper() for letter in text) else "(?i)"
    for expression, literal in ((text, False), (re2.escape(text), True)):
        try:
            pattern = Pattern(text, case + expression, literal)
            _ = pattern.regex, pattern.drawn
            return pattern
        except (re2.error, UnicodeError):
            continue
    return Pattern(text, re2.escape(text.encode("ascii", "replace").decode()), True)


@dataclass(frozen=True, slots=True)
class Filter:
    """What is shown: records of this level or worse that hold every pattern of `within` and none of `without`."""

    level: Level = Level.NONE
    within: tuple[Pattern, ...] = ()
    without: tuple[Pattern, ...] = ()

    @property
    def empty(self) -> bool:
        return not self.level and not self.reads

    @property
    def reads(self) -> bool:
        """Whether records must be read to tell; else the index tells."""
        return bool(self.within or self.without)

    def described(self) -> str:
        """`≥ warning · cart · not health`; empty where everything is shown."""
        level = [f"≥ {self.level.word}"] if self.level else []
        return " · ".join(level + [p.text for p in self.within] + [f"not {p.text}" for p in self.without])

    def pick(self, file: LogFile, part: Part, rows: Rows, cancelled: Callable[[], bool]) -> Rows:
        """int64[m]: which of these rows of a part (ascending) are shown."""
        if self.level:
            rows = rows[part.levels[rows] >= self.level]
        for pattern in self.within:
            rows = rows[holding(file, part, rows, pattern, cancelled)]
        for pattern in self.without:
            rows = rows[~holding(file, part, rows, pattern, cancelled)]
        return rows


def holding(file: LogFile, part: Part, rows: Rows, pattern: Pattern, cancelled: Callable[[], bool]) -> Mask:
    """bool[len(rows)]: which of these records of a part hold a pattern."""
    regex = pattern.regex
    found = np.zeros(len(rows), bool)
    done = 0
    while done < len(rows) and not cancelled():
        first = int(rows[done])
        begin = part.start_of(first)
        last = int(np.searchsorted(part.starts, begin - part.base + _SLICE, "left"))
        stop = max(done + 1, int(np.searchsorted(rows, last, "left")))
        if (stop - done) * 20 < int(rows[stop - 1]) - first:  # few and far between: each by itself
            for place in range(done, stop):
                row = int(rows[place])
                data = file.read_span(part.start_of(row), part.start_of(row + 1))
                found[place] = regex.search(data) is not None
        else:
            data = file.read_span(begin, part.start_of(int(rows[stop - 1]) + 1))
            at = np.array([match.start() for match in regex.finditer(data)], np.int64)
            if len(at):
                held = np.searchsorted(part.starts, at + (begin - part.base), "right") - 1
                found[done:stop] = np.isin(rows[done:stop], held)
        done = stop
    return found
