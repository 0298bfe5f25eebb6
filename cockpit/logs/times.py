"""Reads the times of log lines, thousands at once: a shape is held against all lines of a block by arithmetic."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import lru_cache

import numpy as np
import numpy.typing as npt

from cockpit.clock import DAY, HOUR, MINUTE, SECOND, to_datetime, zone_offset
from cockpit.zones import Zone

Times = npt.NDArray[np.int64]
Bytes = npt.NDArray[np.uint8]
Mask = npt.NDArray[np.bool_]
Words = npt.NDArray[np.uint64]

_FEW = 24  # runs of rows that share a minute, up to which each minute is looked up
NONE = -1
"""What stands for the time of a line that has none."""


@dataclass(frozen=True, slots=True)
class Shape:
    """Where the parts of a time stand, counted from its first byte, and what the other bytes must be.

    `length` bytes in all; `digits` and `fixed` are positions, `fixed_bytes` what stands at `fixed`.
    `parts` gives (start, stop) of Y y m d H M S f i e n x (see spellings.Spelling); `month`, `afternoon`, `zone` are
    what the fixed bytes mean (`zone`: offset in microseconds, None where the time has no zone).
    """

    length: int
    digits: tuple[int, ...]
    fixed: tuple[int, ...]
    fixed_bytes: bytes
    parts: tuple[tuple[str, int, int], ...]
    month: int
    afternoon: bool | None
    zone: int | None


def decode_one(text: bytes, shape: Shape, reference: int, zone: Zone | None = None) -> int:
    """The time of one text of this shape (microseconds since the epoch), or NONE where it is no real time."""
    parts = {name: (first, last) for name, first, last in shape.parts}
    if "S" not in parts or {"i", "n", "x", "e"} & parts.keys():
        return int(decode(np.frombuffer(text, np.uint8).reshape(1, -1), shape, reference, zone)[0])
    seconds = text[slice(*parts["S"])]
    minute = _minute_of(_blank(np.frombuffer(text, np.uint8), shape.length, parts), shape, reference, zone)
    if minute == NONE or int(seconds) > 60:
        return NONE
    fraction = text[slice(*parts["f"])][:6] if "f" in parts else b""
    return minute + int(seconds) * SECOND + (int(fraction.ljust(6, b"0")) if fraction else 0)


def decode(block: Bytes, shape: Shape, reference: int, zone: Zone | None = None) -> Times:
    """Times of many texts at once.

    block: uint8[n, >= shape.length], each row beginning with a text. Returns int64[n], microseconds since the epoch;
    NONE where the row does not have the shape. `reference` (microseconds) settles a missing year: the latest year
    that puts the time no more than a day after it. A time without a zone is read in `zone` (None: the host's).

    Rows that follow each other mostly share all but their seconds: what stands before these is read once a run.
    """
    words = _words(block, shape.length)
    parts = {name: (first, last) for name, first, last in shape.parts}
    if "x" in parts:
        times, real = _tai64n(words, parts["x"][0])
        return np.where(_fits(words, shape) & real, times, NONE)
    if "e" in parts:
        whole = _number(words, *parts["e"])
        times = _epoch(whole, parts["e"][1] - parts["e"][0]) + _fraction(words, parts)
        return np.where(_fits(words, shape), times, NONE)
    coarse = _without_seconds(shape)
    heads = _runs(words, coarse)
    if len(heads) <= _FEW:
        minutes = np.array(
            [_minute_of(_blank(block[row], shape.length, parts), shape, reference, zone) for row in heads], np.int64
        )
    else:
        minutes = _minutes([word[heads] for word in words], coarse, parts, reference, zone)
    minutes = np.repeat(minutes, np.diff(np.append(heads, len(block))))
    fits = _fits(words, _only_seconds(shape)) & (minutes != NONE)
    if "S" in parts:
        second = _number(words, *parts["S"])
        fits &= second <= 60
        minutes += second * SECOND
    times = minutes + _fraction(words, parts)
    return times if fits.all() else np.where(fits, times, NONE)


@lru_cache(maxsize=4096)
def _minute_of(text: bytes, shape: Shape, reference: int, zone: Zone | None) -> int:
    """The minute that one text tells; its seconds are zeros."""
    words = _words(np.frombuffer(text, np.uint8).reshape(1, -1), shape.length)
    parts = {name: (first, last) for name, first, last in shape.parts}
    return int(_minutes(words, _without_seconds(shape), parts, reference, zone)[0])


def _blank(row: Bytes, length: int, parts: Mapping[str, tuple[int, int]]) -> bytes:
    """A row's text with zeros for its seconds and their fraction."""
    text = bytearray(row[:length])
    for name in "Sfi":
        if name in parts:
            first, last = parts[name]
            text[first:last] = b"0" * (last - first)
    return bytes(text)


def _words(block: Bytes, length: int) -> list[Words]:
    """The rows' first bytes, eight to a column: uint64[n] each, the first byte lowest."""
    count = (length + 7) // 8
    if block.shape[1] < 8 * count or not block.flags.c_contiguous:
        padded = np.zeros((len(block), 8 * count), np.uint8)
        padded[:, : block.shape[1]] = block[:, : 8 * count]
        block = padded
    table = block.view(np.dtype("<u8")) if block.shape[1] % 8 == 0 else block[:, : 8 * count].copy().view("<u8")
    return [np.ascontiguousarray(table[:, column]) for column in range(count)]


def _fits(words: list[Words], shape: Shape) -> Mask:
    """Which rows have the shape's fixed bytes, and digits where it has digits."""
    fixed, wanted, digit = bytearray(len(words) * 8), bytearray(len(words) * 8), bytearray(len(words) * 8)
    for position, byte in zip(shape.fixed, shape.fixed_bytes, strict=True):
        fixed[position], wanted[position] = 0xFF, byte
    for position in shape.digits:
        fixed[position], wanted[position], digit[position] = 0xF0, 0x30, 1
    fits = np.ones(len(words[0]), bool)
    for column, word in enumerate(words):
        cut = slice(8 * column, 8 * column + 8)
        mask, value, digits = (np.uint64(int.from_bytes(part[cut], "little")) for part in (fixed, wanted, digit))
        if mask:
            fits &= (word & mask) == value
        if digits:
            high = np.uint64(int(digits) * 0xF0)  # a digit plus six is below 0x40
            fits &= ((word + digits * np.uint64(6)) & high) == digits * np.uint64(0x30)
    return fits


def _runs(words: list[Words], shape: Shape) -> npt.NDArray[np.intp]:
    """Where rows begin that differ from the row before in a byte that the shape names."""
    changed = np.zeros(len(words[0]), bool)
    changed[:1] = True
    named = {*shape.digits, *shape.fixed}
    for column, word in enumerate(words):
        mask = sum(0xFF << 8 * byte for byte in range(8) if 8 * column + byte in named)
        if mask:
            same = word & np.uint64(mask)
            changed[1:] |= same[1:] != same[:-1]
    return np.flatnonzero(changed)


def _minutes(
    words: list[Words], shape: Shape, parts: Mapping[str, tuple[int, int]], reference: int, zone: Zone | None
) -> Times:
    """The times (UTC) at which the rows' minutes begin; NONE where there is no such minute."""
    values = {name: _number(words, *span) for name, span in parts.items() if name not in "Sfi"}
    month = values.get("m", shape.month)
    real = (np.asarray(month) >= 1) & (np.asarray(month) <= 12) & (values["d"] >= 1) & (values["d"] <= 31)
    real &= (values["H"] <= 23) & (values["M"] <= 59) & _fits(words, shape)
    hour = values["H"]
    if shape.afternoon is not None:
        hour = hour % 12 + (12 if shape.afternoon else 0)
    of_day = hour * HOUR + values["M"] * MINUTE
    if "Y" in values or "y" in values:
        year = values["Y"] if "Y" in values else _century(values["y"])
        times = _days(year, month, values["d"]) * DAY + of_day
    else:
        times = _with_year(month, values["d"], of_day, reference, zone)
    times = times - shape.zone if shape.zone is not None else to_utc(np.where(real, times, 0), zone)
    return np.where(real, times, NONE)


@lru_cache(maxsize=256)
def _without_seconds(shape: Shape) -> Shape:
    """The shape without the digits of its seconds and their fraction."""
    left = _places_of_seconds(shape)
    return replace(shape, digits=tuple(place for place in shape.digits if place not in left))


@lru_cache(maxsize=256)
def _only_seconds(shape: Shape) -> Shape:
    """The shape with nothing but the digits of its seconds and their fraction."""
    kept = _places_of_seconds(shape)
    return replace(shape, digits=tuple(place for place in shape.digits if place in kept), fixed=(), fixed_bytes=b"")


def _places_of_seconds(shape: Shape) -> set[int]:
    return {place for name, first, last in shape.parts if name in "Sfi" for place in range(first, last)}


_PAIRS = (  # ever two neighbours made one number: the bytes that hold one, and the factor and shift that join them
    (np.uint64(0x0F0F0F0F0F0F0F0F), np.uint64(1 + (10 << 8)), np.uint64(8)),
    (np.uint64(0x00FF00FF00FF00FF), np.uint64(1 + (100 << 16)), np.uint64(16)),
    (np.uint64(0x0000FFFF0000FFFF), np.uint64(1 + (10_000 << 32)), np.uint64(32)),
)


def _number(words: list[Words], first: int, last: int) -> Times:
    """The number that the digits from `first` to `last` make in each row."""
    value: Times | None = None
    while first < last:
        count = min(last - first, 8 - first % 8)  # digits in one word
        part = _of_word(words[first // 8], first % 8, count)
        value = part if value is None else value * 10**count + part
        first += count
    return np.zeros(len(words[0]), np.int64) if value is None else value


def _of_word(word: Words, first: int, count: int) -> Times:
    """The number that `count` digits from one byte of each word on make."""
    room = 2 if count <= 2 else 4 if count <= 4 else 8
    shift = 8 * (first + count - room)  # so that the last digit stands in the last byte of the room
    value = word >> np.uint64(shift) if shift > 0 else word << np.uint64(-shift) if shift < 0 else word
    before = room - count  # bytes in the room that hold none of the digits
    digits = ((1 << 8 * room) - 1) >> 8 * before << 8 * before
    for step, (bytes_kept, factor, down) in enumerate(_PAIRS[: {2: 1, 4: 2, 8: 3}[room]]):
        mask = bytes_kept & np.uint64(digits) if not step else bytes_kept
        value = ((value & mask) * factor) >> down
    return (value & np.uint64((1 << 4 * room) - 1)).astype(np.int64)


def _fraction(words: list[Words], parts: Mapping[str, tuple[int, int]]) -> Times | int:
    if "n" in parts:
        return np.asarray(_number(words, *parts["n"]) // 1000, np.int64)
    if "i" in parts:
        return np.asarray(_number(words, *parts["i"]) * 1000, np.int64)
    if "f" not in parts:
        return 0
    first, last = parts["f"]
    last = min(last, first + 6)
    return np.asarray(_number(words, first, last) * 10 ** (6 - (last - first)), np.int64)


def _tai64n(words: list[Words], first: int) -> tuple[Times, Mask]:
    """Times of TAI64N labels (sixteen digits of seconds, eight of nanoseconds), and which are real.

    Seconds count as daemontools counts them: 2^62 + 10 is the beginning of 1970.
    """
    places = range(first + 8, first + 24)
    shifted = [words[place // 8] >> np.uint64(8 * (place % 8)) for place in places]
    digits = [(word & np.uint64(0xFF)).astype(np.int64) for word in shifted]
    real = np.ones(len(words[0]), bool)
    values = []
    for digit in digits:
        letter = digit >= 97
        values.append(np.where(letter, digit - 87, digit - 48))
        real &= np.where(letter, digit <= 102, (digit >= 48) & (digit <= 57))
    seconds, nanoseconds = np.zeros(len(real), np.int64), np.zeros(len(real), np.int64)
    for value in values[:8]:
        seconds = seconds * 16 + value
    for value in values[8:]:
        nanoseconds = nanoseconds * 16 + value
    return (seconds - 10) * SECOND + nanoseconds // 1000, real & (nanoseconds < 1_000_000_000)


def _epoch(whole: Times, width: int) -> Times:
    scale = {10: SECOND, 13: 1000, 16: 1}
    return whole * scale[width] if width in scale else whole // 1000


def _century(year: Times) -> Times:
    return np.where(year < 70, 2000, 1900) + year


def _days(year: Times, month: Times | int, day: Times) -> Times:
    """Days since 1970-01-01 of dates of the Gregorian calendar (the usual count from 1 March of year 0)."""
    shifted = year - (np.asarray(month) <= 2)
    of_year = (153 * ((np.asarray(month) + 9) % 12) + 2) // 5 + day - 1
    return shifted * 365 + shifted // 4 - shifted // 100 + shifted // 400 + of_year - 719468


def _with_year(month: Times | int, day: Times, of_day: Times, reference: int, zone: Zone | None) -> Times:
    year = to_datetime(max(reference, 0) + DAY).year
    this_year = _days(np.full(len(day), year, np.int64), month, day) * DAY + of_day
    last_year = _days(np.full(len(day), year - 1, np.int64), month, day) * DAY + of_day
    return np.where(to_utc(this_year, zone) > reference + DAY, last_year, this_year)


def to_utc(times: Times, zone: Zone | None) -> Times:
    """Times of a zone's wall clock (as if they were UTC; None: the host's) to UTC. In a gap or overlap: the first
    reading.
    """
    if zone is not None and zone.fixed is not None:
        return times - zone.fixed
    quarters, where = np.unique(times // (15 * MINUTE), return_inverse=True)
    offsets = np.array([_offset(zone, int(quarter)) for quarter in quarters], np.int64)
    return times - offsets[where]


_offsets: dict[tuple[Zone | None, int], int] = {}


def _offset(zone: Zone | None, quarter: int) -> int:
    """What a zone was ahead of UTC in this quarter of an hour of its wall clock, in microseconds."""
    found = _offsets.get((zone, quarter))
    if found is None:
        found = zone_offset(quarter * 900) if zone is None else zone.offset(quarter * 900)
        _offsets[zone, quarter] = found
    return found
