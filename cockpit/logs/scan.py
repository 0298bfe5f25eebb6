"""Turns a block of bytes into records: where each begins, its time, its level. Pure; arrays in, arrays out.

The block is worked on as a whole: one line is read with the format's regular expressions, and what they found there
(this column, this spelling) is held against all other lines by arithmetic. Only lines that no column fits are read
one by one.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from cockpit.logs.formats import Format, Kind, find_in
from cockpit.logs.levels import Level, level_of_number, level_of_status, level_of_word, levels_of_words
from cockpit.logs.times import NONE, Bytes, Mask, Times, decode

Offsets = npt.NDArray[np.int64]
Levels = npt.NDArray[np.uint8]

_PAD = bytes(256)
_HEAD = 4096  # a level or time further into a line than this is not looked for
_POOR = 0.05  # a column that fits a smaller part of the lines left: search them for the key instead
_RARE = (
    *(b"ERROR", b"WARN", b"FATAL", b"CRIT", b"PANIC", b"SEVERE", b"EMERG", b"ALERT", b"level="),
    *(b"error]", b"warn]", b"warning]", b"crit]", b"Error]", b"Warning]", b"error>", b"error|"),
)  # what stands in a line whose level matters, in a log that seldom names one
_THROWN = (b"\nTraceback (most recent", b"\n\tat ", b"\n    at ", b"\npanic: ", b"\nCaused by: ")


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


def scan(data: bytes, form: Format, reference: int) -> Scan:
    """Find the records of a block that begins at a line's beginning. A last line without newline counts as a line.

    `reference`: microseconds, settles years that times leave out (see times.decode).
    """
    array = np.frombuffer(data + _PAD, np.uint8)
    ends = np.flatnonzero(array[: len(data)] == 10)
    if data and not data.endswith(b"\n"):
        ends = np.append(ends, len(data))
    starts = np.zeros(len(ends), np.int64)
    starts[1:] = ends[:-1] + 1
    times = _times(data, array, starts, ends, form, reference)
    heads = _heads(array, starts, ends, times, form)
    first = np.flatnonzero(heads)
    orphans = int(first[0]) if len(first) else len(starts)
    lines = np.diff(np.append(first, len(starts))).astype(np.uint32)
    levels = _levels(data, array, starts[first], ends[first], form)
    if len(first) and (len(first) < len(starts) or form.kind is Kind.PLAIN):
        _raise_thrown(data, starts[first], levels)
    return Scan(starts[first].astype(np.uint32), times[first], levels, lines, orphans, len(data))


def _heads(array: Bytes, starts: Offsets, ends: Offsets, times: Times, form: Format) -> Mask:
    """Which lines begin a record."""
    initial = array[starts] if len(starts) else np.zeros(0, np.uint8)
    if form.kind is Kind.TEXT:
        return np.asarray(times != NONE)
    if form.kind is Kind.ACCESS:
        return np.ones(len(starts), bool)
    if form.kind is Kind.JSON:
        objects = initial == ord("{")
        after = np.ones(len(starts), bool)
        after[1:] = objects[:-1]
        return np.asarray(objects | after)
    indented = (initial == 32) | (initial == 9) | (ends <= starts)
    return np.asarray(~indented)


def _rows(array: Bytes, positions: Offsets, width: int) -> Bytes:
    """uint8[n, width]: the bytes from each position on."""
    return np.asarray(array[positions[:, None] + np.arange(width)])


def _times(data: bytes, array: Bytes, starts: Offsets, ends: Offsets, form: Format, reference: int) -> Times:
    times = np.full(len(starts), NONE, np.int64)
    if not form.spellings or not len(starts):
        return times
    initial = array[starts]
    rest = np.flatnonzero((ends - starts >= 8) & (initial != 9))
    if form.kind is Kind.TEXT:
        rest = rest[initial[rest] != 32] if np.count_nonzero(initial == 32) * 2 < len(starts) else rest
    elif form.kind is Kind.JSON:
        rest = rest[initial[rest] == ord("{")]
    by_key = False
    while len(rest):
        row = int(rest[0])
        line = data[starts[row] : min(ends[row], starts[row] + _HEAD)]
        found = find_in(line, form.time_before, form.spellings)
        rest = rest[1:]
        if found is None:
            continue
        column, shape = found.start, found.shape
        same = np.concatenate((np.array([row]), rest))
        at = starts[same] + column
        if by_key:
            key = line[:column][-12:]
            at = _after_key(data, key[key.rfind(b'"', 0, -3) :] if b'"' in key[:-3] else key, starts[same], ends[same])
        block = _rows(array, np.minimum(at, len(data)), shape.length + 1)
        decoded = decode(block, shape, reference)
        exact = (block[:, shape.length] - np.uint8(48)) > 9
        if column and form.time_before is None:
            exact &= (array[np.maximum(at - 1, 0)] - np.uint8(48)) > 9
        elif column:
            exact &= array[np.maximum(at - 1, 0)] == line[column - 1]
        good = (decoded != NONE) & exact & (at < ends[same])
        times[same[good]] = decoded[good]
        by_key = by_key or (form.time_before is not None and int(np.count_nonzero(good)) < _POOR * len(good))
        rest = rest[~good[1:]]
    return times


def _after_key(data: bytes, key: bytes, starts: Offsets, ends: Offsets) -> Offsets:
    """Where the value of a key begins in each line (the end of the data where it is not there)."""
    found = np.array([match.end() for match in re.finditer(re.escape(key), data)], np.int64)
    missing = np.full(len(starts), len(data), np.int64)
    if not len(found):
        return missing
    index = np.searchsorted(found, starts, "left")
    first = np.append(found, len(data))[index]
    return np.where(first < ends, first, missing)


def _levels(data: bytes, array: Bytes, starts: Offsets, ends: Offsets, form: Format) -> Levels:
    levels = np.zeros(len(starts), np.uint8)
    pattern = form.level_at
    if pattern is None or not len(starts):
        return levels
    if form.kind is Kind.ACCESS:
        return _levels_by_status(data, pattern, starts, ends, levels)
    if not form.often_levelled:
        return _levels_by_word(data, pattern, starts, ends, levels)
    rest = np.arange(len(starts))
    misses = 0
    while len(rest):
        row = int(rest[0])
        match = pattern.search(data, int(starts[row]), int(min(ends[row], starts[row] + _HEAD)))
        rest = rest[1:]
        if match is None or match.lastindex is None:
            misses += 1
            continue
        level = _level(match[match.lastindex].decode("latin-1"))
        levels[row] = level
        column = match.start(match.lastindex) - int(starts[row])
        if len(rest) > 16 and column > 0:
            at = np.minimum(starts[rest] + column, len(data))
            block = _rows(array, np.maximum(at - 2, 0), 11)
            before = data[int(starts[row]) + column - 2 : int(starts[row]) + column]
            good = (block[:, 1] == before[-1]) & (at < ends[rest])
            if form.kind is Kind.JSON and len(before) == 2:
                good &= block[:, 0] == before[0]
            found = levels_of_words(block[:, 2:])
            good &= found > 0
            levels[rest[good]] = found[good]
            rest = rest[~good]
    return levels


def _levels_by_status(
    data: bytes, pattern: re.Pattern[bytes], starts: Offsets, ends: Offsets, levels: Levels
) -> Levels:
    """Levels of access-log lines: the first status of each line counts."""
    hits = [(match.start(), level_of_status(int(match[1]))) for match in pattern.finditer(data)]
    if hits:
        positions = np.array([position for position, _ in hits], np.int64)
        values = np.array([level for _, level in hits], np.uint8)
        index = np.searchsorted(positions, starts, "left")
        present = index < len(positions)
        index = np.minimum(index, len(positions) - 1)
        present &= positions[index] < ends
        levels[present] = values[index[present]]
    return levels


def _levels_by_word(data: bytes, pattern: re.Pattern[bytes], starts: Offsets, ends: Offsets, levels: Levels) -> Levels:
    """Levels of a log that seldom names one: only records that hold a telling word are read."""
    for word in _RARE:
        position = data.find(word)
        while position >= 0:
            row = int(np.searchsorted(starts, position, "right")) - 1
            if row >= 0 and position < ends[row] and not levels[row]:
                match = pattern.search(data, int(starts[row]), int(min(ends[row], starts[row] + _HEAD)))
                if match is not None and match.lastindex is not None:
                    levels[row] = _level(match[match.lastindex].decode("latin-1"))
            position = data.find(word, position + 1 if row < 0 else max(int(ends[row]), position + 1))
    return levels


def _level(word: str) -> Level:
    return level_of_number(int(word)) if word.isdigit() else level_of_word(word)


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
