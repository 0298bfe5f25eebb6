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

from cockpit.logs.described import Format, Heads, Reader, Wrapper
from cockpit.logs.levels import Level, Levels, Words
from cockpit.logs.spellings import Found
from cockpit.logs.times import NONE, Bytes, Mask, Shape, Times, decode

Offsets = npt.NDArray[np.int64]

_PAD = bytes(256)
_HEAD = 4096  # a level or time further into a line than this is not looked for
_PATIENCE = 16  # columns held against all lines in vain, before the lines left are read one by one
_SHAPES = 8  # ways to write the time, up to which lines unlike the others are held against each
_POOR = 0.05  # a column that fits a smaller part of the lines left: search them for the key instead
_RARE = (
    *(b"ERROR", b"WARN", b"FATAL", b"CRIT", b"PANIC", b"SEVERE", b"EMERG", b"ALERT", b"level="),
    *(b"error]", b"warn]", b"warning]", b"crit]", b"Error]", b"Warning]", b"error>", b"error|"),
)  # what stands in a line whose level matters, in a log that seldom names one
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
    block = _Block(data, padded, array, starts, ends, form)
    inner = block if form.wrapper is None else replace(block, starts=_inner_starts(block, form.wrapper))
    times = inner_times = _times(inner, form.time_in, reference) if form.spellings else _none(starts)
    if form.wrapper is not None and form.wrapper.timed:
        times = _times(block, form.wrapper.time_in, reference)
    heads = _heads(inner, inner_times)
    heads[:1] |= begins
    first = np.flatnonzero(heads)
    orphans = int(first[0]) if len(first) else len(starts)
    lines = np.diff(np.append(first, len(starts))).astype(np.uint32)
    levels = _levels_of(inner, first, lines)
    if len(first) and (len(first) < len(starts) or form.heads is Heads.UNINDENTED):
        _raise_thrown(data, starts[first], levels)
    return Scan(starts[first].astype(np.uint32), times[first], levels, lines, orphans, len(data))


def _none(starts: Offsets) -> Times:
    return np.full(len(starts), NONE, np.int64)


def _inner_starts(block: _Block, wrapper: Wrapper) -> Offsets:
    """Where the program's own line begins in each line that a collector wrote."""
    marks = np.flatnonzero(block.array[: len(block.data)] == wrapper.mark[0])
    if not len(marks):
        return block.starts
    place = np.searchsorted(marks, block.starts) + wrapper.count - 1
    found = marks[np.minimum(place, len(marks) - 1)]
    inside = (place < len(marks)) & (found < block.ends)
    inner = found + 1
    if wrapper.mark == b"|":  # the only one with a blank after its mark
        inner += block.array[inner] == 32
    return np.where(inside, np.minimum(inner, block.ends), block.starts)


@dataclass(frozen=True, slots=True)
class _Block:
    """Bytes and where lines stand in them. `padded`: the same with room at the end, so that reads may run over."""

    data: bytes
    padded: bytes
    array: Bytes
    starts: Offsets
    ends: Offsets
    form: Format

    def rows(self, positions: Offsets, width: int) -> Bytes:
        """uint8[n, 8 * m]: at least `width` bytes from each position on."""
        width = (width + 7) // 8 * 8
        view = np.ndarray((len(self.padded) - width + 1,), f"V{width}", self.padded, 0, (1,))
        return view[positions].view(np.uint8).reshape(len(positions), width)

    def words(self, positions: Offsets) -> Words:
        """uint64[n]: eight bytes from each position on, the first lowest."""
        view = np.ndarray((len(self.padded) - 7,), "<u8", self.padded, 0, (1,))
        return np.asarray(view[positions])

    def line(self, row: int) -> bytes:
        """A line's first bytes."""
        return self.data[int(self.starts[row]) : int(min(self.ends[row], self.starts[row] + _HEAD))]


def _heads(block: _Block, times: Times) -> Mask:
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


def _without_continuing(block: _Block, heads: Mask) -> Mask:
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


def _times(block: _Block, time_in: Callable[[bytes], Found | None], reference: int) -> Times:
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
    by_key = False
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
        at = starts[rest] + column
        if by_key:
            key = line[:column][-12:]
            at = _after_key(block.data, key[key.rfind(b'"', 0, -3) :] if b'"' in key[:-3] else key, rest, block)
        decoded, good = _times_at(block, at, ends[rest], shape, reference)
        if column:
            before = array[np.maximum(at - 1, 0)]
            good &= before == line[column - 1] if keyed else (before - np.uint8(48)) > 9
        good[0] = True
        times[rest[good]] = decoded[good]
        by_key = by_key or (keyed and int(np.count_nonzero(good)) < _POOR * len(good))
        rest = rest[~good]
    if late and form.known.line is not None and form.heads is Heads.TIMED and len(shapes) <= _SHAPES:
        _read_late(block, times, np.array(late), shapes, reference)
    return times


def _times_at(block: _Block, at: Offsets, ends: Offsets, shape: Shape, reference: int) -> tuple[Times, Mask]:
    """The times that begin at these places of lines that end there, and where that is one of the shape."""
    rows = block.rows(np.minimum(at, len(block.data)), shape.length + 2)
    decoded = decode(rows, shape, reference)
    return decoded, (decoded != NONE) & (at < ends) & _ends_there(rows, shape)


def _read_late(
    block: _Block, times: Times, late: Offsets, shapes: dict[tuple[int, Shape], bytes], reference: int
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


def _after_key(data: bytes, key: bytes, rows: Offsets, block: _Block) -> Offsets:
    """Where the value of a key begins in each of these lines (the end of the data where it is not there)."""
    starts, ends = block.starts[rows], block.ends[rows]
    found = np.array([match.end() for match in re.finditer(re.escape(key), data)], np.int64)
    missing = np.full(len(starts), len(data), np.int64)
    if not len(found):
        return missing
    index = np.searchsorted(found, starts, "left")
    first = np.append(found, len(data))[index]
    return np.where(first < ends, first, missing)


def _levels_of(block: _Block, first: Offsets, lines: npt.NDArray[np.uint32]) -> Levels:
    """The levels of records that begin in these lines."""
    if not block.form.known.level_below:
        return _levels(replace(block, starts=block.starts[first], ends=block.ends[first]))
    below = first + np.minimum(lines.astype(np.int64) - 1, 1)  # the expression of such a format reaches over two lines
    return _levels(replace(block, starts=block.starts[first], ends=block.ends[below]))


def _levels(block: _Block) -> Levels:
    """Levels of the records whose first lines stand in the block."""
    form, starts, ends = block.form, block.starts, block.ends
    levels = np.zeros(len(starts), np.uint8)
    known = form.known
    if not len(starts) or (known.level_at is None and known.line is None):
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
        found = form.level_in(block.data, int(starts[row]), int(min(ends[row], starts[row] + _HEAD)))
        rest = rest[1:]
        if found is None:
            continue
        levels[row] = form.level_of(found[1])
        column = found[0] - int(starts[row])
        if not len(rest) or not column or not patience:
            continue
        at = np.minimum(starts[rest] + column, len(block.data))
        good = (block.array[at - 1] == block.data[found[0] - 1]) & (at < ends[rest])
        if form.known.reader is Reader.JSON and column > 1:
            good &= block.array[at - 2] == block.data[found[0] - 2]
        told = form.words.levels_of(block.words(at))
        good &= told > 0
        levels[rest[good]] = told[good]
        patience -= int(np.count_nonzero(good)) < _POOR * len(good)
        rest = rest[~good]
    return levels


def _levels_by_status(block: _Block, status_at: re.Pattern[bytes], levels: Levels) -> Levels:
    """Levels of access-log lines: the first status of each line counts."""
    hits = [(match.start(), block.form.level_of(match[1])) for match in status_at.finditer(block.data)]
    if hits:
        positions = np.array([position for position, _ in hits], np.int64)
        values = np.array([level for _, level in hits], np.uint8)
        index = np.searchsorted(positions, block.starts, "left")
        present = index < len(positions)
        index = np.minimum(index, len(positions) - 1)
        present &= positions[index] < block.ends
        levels[present] = values[index[present]]
    return levels


def _levels_by_word(block: _Block, levels: Levels) -> None:
    """Levels of records that seldom name one: only those that hold a telling word are read."""
    data, starts, ends = block.data, block.starts, block.ends
    for word in _RARE:
        position = data.find(word)
        while position >= 0:
            row = int(np.searchsorted(starts, position, "right")) - 1
            if row >= 0 and position < ends[row] and not levels[row]:
                found = block.form.level_in(data, int(starts[row]), int(min(ends[row], starts[row] + _HEAD)))
                if found is not None:
                    levels[row] = block.form.level_of(found[1])
            position = data.find(word, position + 1 if row < 0 else max(int(ends[row]), position + 1))


def _raise_thrown(data: bytes, starts: Offsets, levels: Levels) -> None:
    """An exception in a record that names no level makes it an error."""
    if data.startswith(_THROWN[0][1:]) and levels[0] == Level.NONE:
        levels[0] = Level.ERROR
    for sign in _THROWN:
        position = data.find(sign)
        while position >= 0:
            row = int(np.searchsorted(starts, position + 1, "right")) - 1
            if row >= 0 and levels[row] == Level.NONE:
                levels[row] = Level.ERROR
            following = int(starts[row + 1]) - 1 if row + 1 < len(starts) else len(data)
            position = data.find(sign, max(following, position + 1))
