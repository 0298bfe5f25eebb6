"""Where patterns are found in the bytes of records.

Patterns run on RE2: none can take longer than its text is long, and the screen goes on while they run.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import numpy as np
import numpy.typing as npt
import re2

from cockpit.logs.file import LogFile
from cockpit.logs.parts import Part
from cockpit.logs.words import Probe, probe

Rows = npt.NDArray[np.int64]
Mask = npt.NDArray[np.bool_]
_MOST_WORDS = 8
_SLICE = 1 << 22  # bytes that are searched between two looks at whether the question still stands
_SPARSE = 20  # rows a wanted row, above which the wanted ones are read one by one


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


def slices(
    file: LogFile, part: Part, rows: Rows, cancelled: Callable[[], bool], most: int = _SLICE
) -> Iterator[tuple[int, int, int, bytes]]:
    """The bytes of these rows of a part, about `most` bytes at a time: (first, stop, byte of the file, bytes).

    `first` to `stop` are places in `rows`. Rows that are few and far between come one by one.
    """
    done = 0
    while done < len(rows) and not cancelled():
        first = int(rows[done])
        begin = part.start_of(first)
        last = int(np.searchsorted(part.starts, begin - part.base + most, "left"))
        stop = max(done + 1, int(np.searchsorted(rows, last, "left")))
        if (stop - done) * _SPARSE < int(rows[stop - 1]) - first:
            stop = done + 1
        yield done, stop, begin, file.read_span(begin, part.start_of(int(rows[stop - 1]) + 1))
        done = stop


def holding(file: LogFile, part: Part, rows: Rows, pattern: Pattern, cancelled: Callable[[], bool]) -> Mask:
    """bool[len(rows)]: which of these records of a part hold a pattern."""
    found = np.zeros(len(rows), bool)
    regex = pattern.regex
    for first, stop, begin, data in slices(file, part, rows, cancelled):
        if stop == first + 1:
            found[first] = regex.search(data) is not None
            continue
        at = places(data, pattern, file.lately)
        if len(at):
            held = np.zeros(part.count, bool)
            held[np.searchsorted(part.starts, at + (begin - part.base), "right") - 1] = True
            found[first:stop] = held[rows[first:stop]]
    return found


def places(data: bytes, pattern: Pattern, like: bytes | None = None) -> npt.NDArray[np.int64]:
    """Where a pattern is found in some bytes: int64[n], not sorted where it is several words.

    like: bytes of the same kind, the same each time, to choose by how to look; else the bytes themselves are taken.
    """
    if not pattern.words:
        return _starts(pattern.regex.finditer(data))
    probes = _probes(pattern, data) if like is None else _known_probes(pattern, like)
    found = [each.places(data) for each in probes]
    return found[0] if len(found) == 1 else np.concatenate(found)


def places_of(data: bytes, word: bytes, *, fold: bool) -> npt.NDArray[np.int64]:
    """Where a word begins."""
    return probe(word, data, fold=fold).places(data)


def _starts(matches: Iterable[Any]) -> npt.NDArray[np.int64]:
    return np.array([match.start() for match in matches], np.int64)


def _probes(pattern: Pattern, like: bytes) -> list[Probe]:
    return [probe(word, like, fold=pattern.fold) for word in pattern.words]


_known_probes = lru_cache(64)(_probes)
