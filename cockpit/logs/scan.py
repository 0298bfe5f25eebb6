"""Turns a block of bytes into records: where each begins, its time, its level. Pure; arrays in, arrays out.

The block is worked on as a whole: one line is read with the format's regular expressions, and what they found there
(this column, this spelling) is held against all other lines by arithmetic. Only lines that no column fits are read
one by one.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt

from cockpit.logs.block import HEAD, Block, Offsets, inner_starts
from cockpit.logs.described import Format, Heads, Reader
from cockpit.logs.levels import SEARCHED, Level, Levels, level_of_status
from cockpit.logs.spellings import Found
from cockpit.logs.times import NONE, Bytes, Mask, Shape, Times, decode

_PAD = bytes(256)
_PATIENCE = 16  # columns held against all lines in vain, before the lines left are read one by one
_SHAPES = 8  # ways to write the time, up to which lines unlike the others are held against each
_POOR = 0.05  # a column that fits a smaller part of the lines left: search them for the key instead
_RARE = (
    *(b"ERROR", b"WARN", b"FATAL", b"CRIT", b"PANIC", b"SEVERE", b"EMERG", b"ALERT", b"level="),
    *(b"error]", b"warn]", b"warning]", b"crit]", b"Error]", b"Warning]", b"error>", b"error|"),
)  # what stands in a line whose level matters, in a log that seldom names one
_OF_HUNDREDS = np.array([0, *(level_of_status(100 * hundreds) for hundreds in range(1, 6))], np.uint8)
_THROWN = (
    *(b"\nTraceback (most recent", b"\n\tat ", b"\n    at ", b"\n   at ", b"\npanic: ", b"\ngoroutine "),
    *(b"\nCaused by: ", b"\n  + Exception Group ", b"\nthread '"),
)


@dataclass(frozen=True, slots=True)
class Scan:
    """The records of a block of `size` bytes.

    starts: uint32[n], byte offset of each record in the block; times: int64[n], microseconds since the epoch, NONE
    where a record has none; levels: uint8[n]; lines: uint32[n], how many lines each record has. `orphans` lines at
    the head of the block continue a record that began before it.
    """

    starts: npt.NDArray[np.uint32]
    times: Times
    levels: Levels
    lines: npt.NDArray[np.uint32]
    orphans: int
    size: int


def scan(data: bytes, form: Format, reference: int, *, begins: bool = False) -> Scan:
    """Find the records of a block that begins at a line's beginning. A last line without newline counts as a line.

    `reference`: microseconds, settles years that times leave out (see times.decode). `begins`: nothing stands before
    the block, so its first line begins a record whatever it looks like.
    """
    padded = data + _PAD
    array = np.frombuffer(padded, np.uint8)
    ends = np.flatnonzero(array[: len(data)] == 10)
    if data and not data.endswith(b"\n"):
        ends = np.append(ends, len(data))
    starts = np.zeros(len(ends), np.int64)
    starts[1:] = ends[:-1] + 1
    block = Block(data, padded, array, starts, ends, form)
    inner = block if form.wrapper is None else replace(block, starts=inner_starts(block, form.wrapper))
    times = inner_times = _times(inner, form.time_in, reference) if form.spellings else _none(starts)
    if form.wrapper is not None and form.wrapper.timed:
        times = _times(block, form.wrapper.time_in, reference)
    heads = _heads(inner, inner_times)
    heads[:1] |= begins
    if heads.all():  # a line is a record
        levels, lines = _levels(inner), np.ones(len(starts), np.uint32)
        if len(starts) and form.heads is Heads.UNINDENTED:
            _raise_thrown(data, starts, levels)
        return Scan(starts.astype(np.uint32), times, levels, lines, 0, len(data))
    first = np.flatnonzero(heads)
    orphans = int(first[0]) if len(first) else len(starts)
    lines = np.diff(np.append(first, len(starts))).astype(np.uint32)
    levels = _levels_of(inner, first, lines)
    if len(first) and (len(first) < len(starts) or form.heads is Heads.UNINDENTED):
        _raise_thrown(data, starts[first], levels)
    return Scan(starts[first].astype(np.uint32), times[first], levels, lines, orphans, len(data))


def _none(starts: Offsets) -> Times:
    return np.full(len(starts), NONE, np.int64)


def _heads(block: Block, times: Times) -> Mask:
    """Which lines begin a record."""
    heads, starts = block.form.heads, block.starts
    initial = block.array[starts] if len(starts) else np.zeros(0, np.uint8)
    if heads is Heads.TIMED:
        return _without_continuing(block, np.asarray(times != NONE))
    if heads is Heads.LEVELLED:
        return np.asarray(_levels(block) > 0)
    if heads is Heads.EVERY:
        return np.ones(len(starts), bool)
    if heads is Heads.OBJECTS:
        objects = initial == ord("{")
        after = np.ones(len(starts), bool)
        after[1:] = objects[:-1]
        return np.asarray(objects | after)
    indented = (initial == 32) | (initial == 9) | (block.ends <= starts)
    return np.asarray(~indented)


def _without_continuing(block: Block, heads: Mask) -> Mask:
    """Not those that name a level by which they belong to the record before (DETAIL, HINT … of PostgreSQL)."""
    for word in block.form.known.continuing:
        sign = word.upper() + b":"
        position = block.data.find(sign)
        while position >= 0:
            row = int(np.searchsorted(block.starts, position, "right")) - 1
            if row >= 0 and heads[row]:
                found = block.form.level_in(block.data, int(block.starts[row]), int(block.ends[row]))
                heads[row] = found is None or found[1].lower() != word.lower()
            position = block.data.find(sign, position + 1)
    return heads


def _times(block: Block, time_in: Callable[[bytes], Found | None], reference: int) -> Times:
    """The times of lines, by a function that finds that of one."""
    form, array, starts, ends = block.form, block.array, block.starts, block.ends
    times = _none(starts)
    if not len(starts):
        return times
    initial = array[starts]
    rest = np.flatnonzero((ends - starts >= 8) & (initial != 9))
    if form.heads is Heads.TIMED:
        rest = rest[initial[rest] != 32] if np.count_nonzero(initial == 32) * 2 < len(starts) else rest
    elif form.heads is Heads.OBJECTS:
        rest = rest[initial[rest] == ord("{")]
    keyed = form.known.time_before is not None or (form.wrapper is not None and form.wrapper.time_before is not None)
    by_key, by_mark = False, True
    late: list[int] = []
    shapes: dict[tuple[int, Shape], bytes] = {}
    while len(rest):
        row = int(rest[0])
        line = block.line(row)
        found = time_in(line)
        if found is None:
            late.append(row)
            rest = rest[1:]
            continue
        column, shape = found.start, found.shape
        shapes.setdefault((column, shape), line[column - 1 : column] if column else b"")
        at = (starts if len(rest) == len(starts) else starts[rest]) + column
        if by_key:
            at = block.after_key(_key(line[:column], form.known.reader), rest)
            at[0] = starts[row] + column  # the same key may stand in it before, with another value
        decoded, good = _times_at(block, at, ends[rest], shape, reference)
        if column:
            before = array[np.maximum(at - 1, 0)]
            good &= before == line[column - 1] if keyed else (before - np.uint8(48)) > 9
        good[0] = True
        if len(rest) == len(times) and good.all():
            return decoded
        times[rest[good]] = decoded[good]
        fitting = int(np.count_nonzero(good))
        by_key = by_key or (keyed and fitting < _POOR * len(good))
        rest = rest[~good]
        if column and by_mark and not keyed and fitting < len(rest):
            at = block.after_mark(line[:column], rest)
            decoded, good = _times_at(block, at, ends[rest], shape, reference)
            good &= at - starts[rest] <= form.reach
            times[rest[good]] = decoded[good]
            by_mark = int(np.count_nonzero(good)) >= _POOR * len(good)
            rest = rest[~good]
    if late and form.known.line is not None and form.heads is Heads.TIMED and len(shapes) <= _SHAPES:
        _read_late(block, times, np.array(late), shapes, reference)
    return times


def _key(before: bytes, reader: Reader) -> bytes:
    """The key (with what stands between it and its value) that a line holds right before a value."""
    key = before[-24:]
    if reader is Reader.LOGFMT:
        return key[key.rfind(b" ") + 1 :] if before.rfind(b" ") < 0 else key[key.rfind(b" ") :]
    name = before.rfind(b'"', 0, before.rfind(b'"', 0, max(0, before.rfind(b":"))))  # where the key's name is quoted
    return before[name:] if name >= 0 else key[-12:]


def _times_at(block: Block, at: Offsets, ends: Offsets, shape: Shape, reference: int) -> tuple[Times, Mask]:
    """The times that begin at these places of lines that end there, and where that is one of the shape."""
    rows = block.rows(np.minimum(at, len(block.data)), shape.length + 2)
    decoded = decode(rows, shape, reference, block.form.zone)
    return decoded, (decoded != NONE) & (at < ends) & _ends_there(rows, shape)


def _read_late(
    block: Block, times: Times, late: Offsets, shapes: dict[tuple[int, Shape], bytes], reference: int
) -> None:
    """A line that is not quite like the others of its format, but has its time where they have it, has that time."""
    for (column, shape), before in shapes.items():
        at = block.starts[late] + column
        decoded, good = _times_at(block, at, block.ends[late], shape, reference)
        if column:
            good &= block.array[np.maximum(at - 1, 0)] == before[0]
        times[late[good]] = decoded[good]
        late = late[~good]


def _ends_there(rows: Bytes, shape: Shape) -> Mask:
    """Whether the time ends where the shape does: no digit follows, nor a fraction where the shape has none."""
    following, after = rows[:, shape.length], rows[:, shape.length + 1]
    ends = (following - np.uint8(48)) > 9
    if all(name != "f" for name, _, _ in shape.parts):
        ends &= ~(((following == ord(".")) | (following == ord(","))) & ((after - np.uint8(48)) <= 9))
    return np.asarray(ends)


def _levels_of(block: Block, first: Offsets, lines: npt.NDArray[np.uint32]) -> Levels:
    """The levels of records that begin in these lines."""
    if not block.form.known.level_below:
        return _levels(replace(block, starts=block.starts[first], ends=block.ends[first]))
    below = first + np.minimum(lines.astype(np.int64) - 1, 1)  # the expression of such a format reaches over two lines
    return _levels(replace(block, starts=block.starts[first], ends=block.ends[below]))


def _levels(block: Block) -> Levels:
    """Levels of the records whose first lines stand in the block."""
    form, starts, ends = block.form, block.starts, block.ends
    levels = np.zeros(len(starts), np.uint8)
    known = form.known
    if not len(starts) or not (known.level_at is not None or known.status_at is not None or known.has("level")):
        return levels
    if known.status_at is not None:
        return _levels_by_status(block, known.status_at, levels)
    if not form.often_levelled:
        _levels_by_word(block, levels)
        return levels
    rest = np.arange(len(starts))
    patience = _PATIENCE
    while len(rest):
        row = int(rest[0])
        found = form.level_in(block.data, int(starts[row]), int(min(ends[row], starts[row] + HEAD)))
        rest = rest[1:]
        if found is None:
            continue
        levels[row] = form.level_of(found[1])
        before = block.data[int(starts[row]) : found[0]]
        if not len(rest) or not before or not patience:
            continue
        at = np.minimum(starts[rest] + len(before), len(block.data))
        told = _levels_at(block, at, ends[rest], before, found[1])
        fitting = int(np.count_nonzero(told))
        levels[rest] = told
        rest = rest[told == 0]
        if fitting < len(rest) and known.level_at is not SEARCHED:
            told = _levels_at(block, block.after_mark(before, rest), ends[rest], before, found[1])
            fitting += int(np.count_nonzero(told))
            levels[rest] = told
            rest = rest[told == 0]
        patience -= fitting < _POOR * len(rest)
    return levels


def _levels_at(block: Block, at: Offsets, ends: Offsets, before: bytes, word: bytes) -> Levels:
    """The levels that words at these places of lines that end there tell; 0 where none does as `word` did.

    `before`: what stands before that word in its line. A word counts only in the same case: the `Error` of a sentence
    is no `ERROR`. The value of a key counts only behind the same key.
    """
    words = block.words(at)
    good = (block.array[at - 1] == before[-1]) & (at < ends)
    keyed = block.form.known.reader in (Reader.JSON, Reader.LOGFMT)
    cased = not keyed and len(word) > 1
    if not cased or not word.isupper():  # a digit has not the case of an upper-case letter
        good &= ((block.array[at] - np.uint8(48)) <= 9) == word[:1].isdigit()
    if cased:
        case = np.uint64(0x2020)
        good &= (words & case) == (np.uint64(int.from_bytes(word[:2], "little")) & case)
    elif keyed and len(before) >= 8:
        key = block.words(np.maximum(at - 8, 0)) >> np.uint64(24)
        good &= key == np.uint64(int.from_bytes(before[-5:], "little"))
    return np.where(good, block.form.words.levels_of(words), 0).astype(np.uint8)


def _levels_by_status(block: Block, status_at: re.Pattern[bytes], levels: Levels) -> Levels:
    """Levels of access-log lines: the first status of each line counts."""
    data, starts, ends = block.data, block.starts, block.ends
    rest = np.arange(len(starts))
    patience = _PATIENCE
    while len(rest):
        row, rest = int(rest[0]), rest[1:]
        match = status_at.search(data, int(starts[row]), int(ends[row]))
        if match is None:
            continue
        levels[row] = block.form.level_of(match[1])
        if not len(rest) or not patience:
            continue
        before = data[int(starts[row]) : match.start(1)]
        mark = (
            before.rfind(b'"') + 1 if before.endswith(b'" ') else len(before)
        )  # words of a request vary, quotes do not
        at = np.minimum(block.after_mark(before[:mark], rest) + len(before) - mark, len(data))
        good = (block.array[at - 1] == before[-1]) & (at < ends[rest])
        good &= block.after_mark(b"\\", rest) > at  # what is escaped may be a quote
        told = np.where(good, _level_of_status_at(block, at), 0)
        levels[rest] = told
        patience -= int(np.count_nonzero(told)) < _POOR * len(rest)
        rest = rest[told == 0]
    return levels


def _level_of_status_at(block: Block, at: Offsets) -> Levels:
    """The levels of HTTP statuses that stand whole at these places; 0 where none does."""
    first, second, third, following = (block.array[at + place] for place in range(4))
    good = (first >= 49) & (first <= 53) & ((second - np.uint8(48)) <= 9) & ((third - np.uint8(48)) <= 9)
    good &= (following == 32) | (following == ord(")")) | (following < 32)
    return np.where(good, _OF_HUNDREDS[np.minimum(first - np.uint8(48), 5)], 0).astype(np.uint8)


def _levels_by_word(block: Block, levels: Levels) -> None:
    """Levels of records that seldom name one: only those that hold a telling word are read."""
    data, starts, ends = block.data, block.starts, block.ends
    for word in _RARE:
        position = data.find(word)
        while position >= 0:
            row = int(np.searchsorted(starts, position, "right")) - 1
            if row >= 0 and position < ends[row] and not levels[row]:
                found = block.form.level_in(data, int(starts[row]), int(min(ends[row], starts[row] + HEAD)))
                if found is not None:
                    levels[row] = block.form.level_of(found[1])
            position = data.find(word, position + 1 if row < 0 else max(int(ends[row]), position + 1))


def _raise_thrown(data: bytes, starts: Offsets, levels: Levels) -> None:
    """An exception in a record that names no level makes it an error."""
    if data.startswith(_THROWN[0][1:]) and not starts[0] and levels[0] == Level.NONE:
        levels[0] = Level.ERROR
    for sign in _THROWN:
        position = data.find(sign)
        while position >= 0:
            row = int(np.searchsorted(starts, position + 1, "right")) - 1
            if row >= 0 and levels[row] == Level.NONE:
                levels[row] = Level.ERROR
            following = int(starts[row + 1]) - 1 if row + 1 < len(starts) else len(data)
            position = data.find(sign, max(following, position + 1))
