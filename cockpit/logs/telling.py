"""Tells how the lines of a file are written, and where in it they begin to be written otherwise.

A file changes its format where a service is restarted with another way of logging. What speaks for a change are lines
that another format reads and the one in force does not: several times as many as the other way round, so that a file
that mixes two formats keeps the one it has.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence

import numpy as np

from cockpit.logs.described import Format, Reader, time_in
from cockpit.logs.formats import Teller, is_logfmt, unwrapped
from cockpit.logs.known import PLAIN, TEXT

_SAMPLED = 1 << 18  # bytes of which lines are taken to tell the format
_SAMPLE_LINES = 120
_LOOKED_AT = 32  # lines at an end that are held against the format
_LINE = 1 << 12  # bytes of a line that are looked at
_LEAST = 8  # lines that another format must read
_TIMES = 4  # times as many lines as the format in force reads


class Forms:
    """The formats of a file's records, by their numbers. One thread writes; any thread reads."""

    def __init__(self, form: Format) -> None:
        self._known: tuple[tuple[int, ...], tuple[Format, ...]] = ((), (form,))

    @property
    def latest(self) -> Format:
        return self._known[1][-1]

    @property
    def earliest(self) -> Format:
        return self._known[1][0]

    def of(self, number: int) -> Format:
        """The format of a record."""
        bounds, forms = self._known
        return forms[bisect_right(bounds, number)]

    def changes(self) -> list[tuple[int, Format, Format]]:
        """The number of the first record after each change, what was in force before it, and what after."""
        bounds, forms = self._known
        return list(zip(bounds, forms, forms[1:], strict=False))

    def begin(self, number: int, form: Format) -> None:
        """From this record on, which is later than all changes known, another format is in force."""
        bounds, forms = self._known
        self._known = ((*bounds, number), (*forms, form))

    def end(self, number: int, form: Format) -> None:
        """Before this record, which is earlier than all changes known, another format was in force."""
        bounds, forms = self._known
        self._known = ((number, *bounds), (form, *forms))


def sample(data: bytes) -> list[bytes]:
    """Some of the lines of a stretch, from all of it."""
    half = _SAMPLED // 2
    head = data if len(data) <= _SAMPLED else data[:half] + b"\n" + data[-half:]
    lines = head.splitlines()
    return lines if len(lines) <= _SAMPLE_LINES else lines[1 :: len(lines) // _SAMPLE_LINES + 1]


def first_lines(data: bytes, count: int = _LOOKED_AT) -> list[bytes]:
    """The first whole lines of a stretch that begins with a line."""
    return [line[:_LINE] for line in data[: count * _LINE].split(b"\n", count)[:-1]]


def last_lines(data: bytes) -> list[bytes]:
    """The last whole lines of a stretch, whatever it begins with."""
    return [line[:_LINE] for line in data[-_LOOKED_AT * _LINE :].rsplit(b"\n", _LOOKED_AT + 1)[1:-1]]


def reads_well(form: Format, lines: Sequence[bytes]) -> bool:
    """Whether a format reads so many of these lines that they are most likely its own."""
    return _count(form, lines) * _TIMES > len(lines)


def another(form: Format, lines: Sequence[bytes], tell: Teller) -> Format | None:
    """The format of these lines, where one reads them much better than the one in force; None where none does."""
    if len(lines) < _LEAST or reads_well(form, lines[:: max(1, len(lines) // _LEAST)]):
        return None
    found = tell(lines)
    return found if takes_over(found, form, lines) else None


def takes_over(found: Format, form: Format, lines: Sequence[bytes]) -> bool:
    """Whether a format reads so many more of these lines that it is to be in force."""
    return _count(found, lines) >= max(_LEAST, _TIMES * _count(form, lines))


def told_better(found: Format, form: Format, data: bytes, lines: Sequence[bytes], tell: Teller) -> Format:
    """The format that takes over, told by many more of its lines: these may spell times in ways that a few do not."""
    told = tell(sample(data))
    return told if takes_over(told, form, lines) else found


def two_halves(
    form: Format, first: Sequence[bytes], last: Sequence[bytes], tell: Teller
) -> tuple[Format, Format] | None:
    """The formats of the first and the last lines of a stretch, where these differ; `form`: that of a sample of it."""
    generic = form.known is TEXT or form.known is PLAIN
    if not generic and reads_well(form, first) and reads_well(form, last):
        return None
    before, after = tell(first), tell(last)
    differ = takes_over(before, after, first) and takes_over(after, before, last)
    return (before, after) if differ else None


def loses(form: Format, found: Format, known: bytes, data: bytes, tell: Teller) -> bool:
    """Whether another format would read less of a young file: fewer of its first lines, or of two formats one.

    known: the bytes by which the format in force was told; data: these and those that came since.
    """
    lines = [*first_lines(known), *last_lines(known)]
    read = _count(form, lines)
    return _count(found, lines) < read or (read > 0 and another(form, last_lines(data), tell) is not None)


def before_boundary(data: bytes, before: Format, after: Format, *, late: bool) -> int:
    """How many bytes of a stretch stand before the first line of the later of two formats."""
    lines = data.split(b"\n")
    return min(len(data), sum(len(line) + 1 for line in lines[: boundary(lines, before, after, late=late)]))


def boundary(lines: Sequence[bytes], before: Format, after: Format, *, late: bool) -> int:
    """The place of the first line of the later of two formats; `len(lines)` where none is of it.

    It is where the fewest lines stand on the wrong side; of several such places the last if `late`, else the first.
    """
    old = np.array([reads(before, line[:_LINE]) for line in lines], bool)
    new = np.array([reads(after, line[:_LINE]) for line in lines], bool)
    places = np.flatnonzero(new)
    if not len(places):
        return len(lines)
    too_early = np.cumsum((old & ~new)[::-1])[::-1]
    too_late = np.cumsum(new & ~old) - (new & ~old)
    wrong = (too_early + too_late)[places]
    best = places[wrong == wrong.min()]
    return int(best[-1 if late else 0])


def reads(form: Format, line: bytes) -> bool:
    """Whether a line is one that begins a record of a format, and has its time where the format's lines have it."""
    known = form.known
    if form.wrapper is not None:
        if form.wrapper.line.match(line) is None:
            return False
        if known is PLAIN:
            return True
        line = unwrapped(form.wrapper, line)
    if known.reader is Reader.JSON and (line[:1] != b"{" or not (known.telling is None or known.telling.match(line))):
        return False
    if form.spellings:
        found = time_in(known, line, form.spellings)
        return found is not None and found.start <= form.reach
    if known.line is not None:
        return known.line.match(line) is not None
    return known.reader is Reader.JSON or (known.reader is Reader.LOGFMT and is_logfmt(line))


def _count(form: Format, lines: Sequence[bytes]) -> int:
    return sum(reads(form, line) for line in lines)
