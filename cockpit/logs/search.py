"""What a person looks for in the logs: patterns, and which records of a part hold them.

Patterns run on RE2: none can take longer than its text is long, and the screen goes on while they run.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from itertools import islice
from typing import Any

import numpy as np
import numpy.typing as npt
import re2

from cockpit.logs.file import LogFile
from cockpit.logs.levels import Level
from cockpit.logs.parts import Part

Rows = npt.NDArray[np.int64]
Mask = npt.NDArray[np.bool_]
_DENSE = 2048  # bytes a match, on the average, below which matches are not taken one by one
_MOST_WORDS = 8
_SLICE = 1 << 22  # bytes that are searched between two looks at whether the question still stands


@dataclass(frozen=True, slots=True)
class Pattern:
    """A compiled search over bytes. `literal`: the text was no regular expression and is taken as it stands.

    words: what it looks for, where that is one of a few plain words; fold: in any case.
    """

    text: str
    expression: str
    literal: bool
    words: tuple[bytes, ...] = ()
    fold: bool = False

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
    fold = not any(letter.isupper() for letter in text)
    case = "(?i)" if fold else ""
    for expression, literal in ((text, False), (re2.escape(text), True)):
        try:
            words = _words(text, literal, fold)
            pattern = Pattern(text, case + expression, literal, words, fold)
            _ = pattern.regex, pattern.drawn
            return pattern
        except (re2.error, UnicodeError):
            continue
    return Pattern(text, re2.escape(text.encode("ascii", "replace").decode()), True)


def _words(text: str, literal: bool, fold: bool) -> tuple[bytes, ...]:
    """The plain words of an expression that is nothing but one or a few of them."""
    words = [text] if literal else text.split("|")
    plain = literal or not set(text) & set(".^$*+?{}[]()\\")
    ascii_only = text.isascii() or not fold
    if not plain or not ascii_only or not all(words) or len(words) > _MOST_WORDS:
        return ()
    return tuple(word.encode("utf-8", "surrogateescape") for word in words)


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
    found = np.zeros(len(rows), bool)
    done = 0
    while done < len(rows) and not cancelled():
        first = int(rows[done])
        begin = part.start_of(first)
        last = int(np.searchsorted(part.starts, begin - part.base + _SLICE, "left"))
        stop = max(done + 1, int(np.searchsorted(rows, last, "left")))
        if (stop - done) * 20 < int(rows[stop - 1]) - first:  # few and far between: each by itself
            regex = pattern.regex
            for place in range(done, stop):
                row = int(rows[place])
                data = file.read_span(part.start_of(row), part.start_of(row + 1))
                found[place] = regex.search(data) is not None
        else:
            data = file.read_span(begin, part.start_of(int(rows[stop - 1]) + 1))
            at = places(data, pattern)
            if len(at):
                held = np.zeros(part.count, bool)
                held[np.searchsorted(part.starts, at + (begin - part.base), "right") - 1] = True
                found[done:stop] = held[rows[done:stop]]
        done = stop
    return found


def places(data: bytes, pattern: Pattern) -> npt.NDArray[np.int64]:
    """Where a pattern is found in some bytes: int64[n], not sorted where it is several words."""
    if not pattern.words:
        return _starts(pattern.regex.finditer(data))
    found = [_places_of(data, word, pattern.fold) for word in pattern.words]
    return found[0] if len(found) == 1 else np.concatenate(found)


def _places_of(data: bytes, word: bytes, fold: bool) -> npt.NDArray[np.int64]:
    """Where a word is found: match by match as long as these are rare, else in one go."""
    regex = re2.compile((b"(?i)" if fold else b"") + re2.escape(word))
    matches = islice(regex.finditer(data), len(data) // _DENSE + 1)
    at = _starts(matches)
    if len(at) <= len(data) // _DENSE:
        return at
    array = np.frombuffer(data.lower() if fold else data, np.uint8)
    sample = np.bincount(array[: 1 << 16], minlength=256)
    order = sorted(range(len(word)), key=lambda place: int(sample[word[place]]))
    candidates = np.flatnonzero(array[order[0] : len(array) - len(word) + 1 + order[0]] == word[order[0]])
    for place in order[1:]:
        candidates = candidates[array[candidates + place] == word[place]]
    return candidates


def _starts(matches: Iterable[Any]) -> npt.NDArray[np.int64]:
    return np.array([match.start() for match in matches], np.int64)
