"""Reads the times of log lines, thousands at once: a shape is held against all lines of a block by arithmetic."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from cockpit.clock import DAY, HOUR, MINUTE, SECOND, to_datetime, zone_offset

Times = npt.NDArray[np.int64]
Bytes = npt.NDArray[np.uint8]
Mask = npt.NDArray[np.bool_]

NONE = -1
"""What stands for the time of a line that has none."""


@dataclass(frozen=True, slots=True)
class Shape:
    """Where the parts of a time stand, counted from its first byte, and what the other bytes must be.

    `length` bytes in all; `digits` and `fixed` are positions, `fixed_bytes` what stands at `fixed`.
    `parts` gives (start, stop) of Y y m d H M S f e; `month`, `afternoon`, `zone` are what the fixed bytes mean
    (`zone`: offset in microseconds, None where the time has no zone).
    """

    length: int
    digits: tuple[int, ...]
    fixed: tuple[int, ...]
    fixed_bytes: bytes
    parts: tuple[tuple[str, int, int], ...]
    month: int
    afternoon: bool | None
    zone: int | None


def decode_one(text: bytes, shape: Shape, reference: int) -> int:
    """The time of one text of this shape (microseconds since the epoch), or NONE where it is no real time."""
    block = np.frombuffer(text, np.uint8).reshape(1, -1)
    return int(decode(block, shape, reference)[0])


def decode(block: Bytes, shape: Shape, reference: int) -> Times:
    """Times of many texts at once.

    block: uint8[n, >= shape.length], each row beginning with a text. Returns int64[n], microseconds since the epoch;
    NONE where the row does not have the shape. `reference` (microseconds) settles a missing year: the latest year
    that puts the time no more than a day after it. A time without a zone is the host's own.
    """
    fits = _fits(block, shape)
    values = {name: _number(block, first, last) for name, first, last in shape.parts}
    if "e" in values:
        return np.where(fits, _epoch(values, shape), NONE)
    month = values.get("m", shape.month)
    fits &= (month >= 1) & (month <= 12) & (values["d"] >= 1) & (values["d"] <= 31)
    fits &= (values["H"] <= 24) & (values["M"] <= 59) & (values["S"] <= 60)
    hour = values["H"]
    if shape.afternoon is not None:
        hour = hour % 12 + (12 if shape.afternoon else 0)
    of_day = hour * HOUR + values["M"] * MINUTE + values["S"] * SECOND + _fraction(values, shape)
    if "Y" in values or "y" in values:
        year = values["Y"] if "Y" in values else _century(values["y"])
        times = _days(year, month, values["d"]) * DAY + of_day
    else:
        times = _with_year(month, values["d"], of_day, reference)
    times = times - shape.zone if shape.zone is not None else local_to_utc(np.where(fits, times, 0))
    return np.where(fits, times, NONE)


def _fits(block: Bytes, shape: Shape) -> Mask:
    fits = np.ones(len(block), bool)
    for position, byte in zip(shape.fixed, shape.fixed_bytes, strict=True):
        fits &= block[:, position] == byte
    for position in shape.digits:
        fits &= (block[:, position] - np.uint8(48)) <= 9
    return fits


def _number(block: Bytes, first: int, last: int) -> Times:
    narrow = np.dtype(np.int32 if last - first <= 9 else np.int64)
    value = np.zeros(len(block), narrow)
    for position in range(first, last):
        value = np.asarray(value * narrow.type(10) + (block[:, position] - np.uint8(48)), narrow)
    return value.astype(np.int64)


def _fraction(values: dict[str, Times], shape: Shape) -> Times | int:
    for name, first, last in shape.parts:
        if name == "f":
            width = last - first
            micros = values["f"] * 10 ** (6 - width) if width <= 6 else values["f"] // 10 ** (width - 6)
            return np.asarray(micros, np.int64)
    return 0


def _epoch(values: dict[str, Times], shape: Shape) -> Times:
    width = next(last - first for name, first, last in shape.parts if name == "e")
    scale = {10: SECOND, 13: 1000, 16: 1}
    whole = values["e"] * scale[width] if width in scale else values["e"] // 1000
    return whole + _fraction(values, shape)


def _century(year: Times) -> Times:
    return np.where(year < 70, 2000, 1900) + year


def _days(year: Times, month: Times | int, day: Times) -> Times:
    """Days since 1970-01-01 of dates of the Gregorian calendar (the usual count from 1 March of year 0)."""
    shifted = year - (np.asarray(month) <= 2)
    of_year = (153 * ((np.asarray(month) + 9) % 12) + 2) // 5 + day - 1
    return shifted * 365 + shifted // 4 - shifted // 100 + shifted // 400 + of_year - 719468


def _with_year(month: Times | int, day: Times, of_day: Times, reference: int) -> Times:
    year = to_datetime(max(reference, 0) + DAY).year
    this_year = _days(np.full(len(day), year, np.int64), month, day) * DAY + of_day
    last_year = _days(np.full(len(day), year - 1, np.int64), month, day) * DAY + of_day
    return np.where(local_to_utc(this_year) > reference + DAY, last_year, this_year)


def local_to_utc(times: Times) -> Times:
    """Times of the host's wall clock (as if they were UTC) to UTC. In a gap or overlap: the first reading."""
    quarters, where = np.unique(times // (15 * MINUTE), return_inverse=True)
    offsets = np.array([_offset(int(quarter)) for quarter in quarters], np.int64)
    return times - offsets[where]


_offsets: dict[int, int] = {}


def _offset(quarter: int) -> int:
    """What the host's zone was ahead of UTC in this quarter of an hour of its wall clock, in microseconds."""
    found = _offsets.get(quarter)
    if found is None:
        found = _offsets[quarter] = zone_offset(quarter * 900)
    return found
