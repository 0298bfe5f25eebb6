"""Which records have a field of a value: asked of the bytes of thousands at once, and of each record where that is not
enough (nested JSON, columns of a format's own).
"""

from __future__ import annotations

import operator
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
import re2

from cockpit.logs.described import Format, Reader
from cockpit.logs.file import LogFile
from cockpit.logs.numbers import read_numbers
from cockpit.logs.parts import Part
from cockpit.logs.places import Mask, Pattern, Rows, places_of, slices
from cockpit.logs.record import parse

Offsets = npt.NDArray[np.int64]
_PAD = bytes(64)
_COMPARED: dict[str, Callable[[Any, Any], Any]] = {
    ">": operator.gt,
    ">=": operator.ge,
    "<": operator.lt,
    "<=": operator.le,
}


@dataclass(frozen=True, slots=True)
class Condition:
    """A field compared with a value. operator: = > >= < <= or ~ (holds the pattern); negated: those it is not true of.

    A record without the field meets no condition, and every negated one.
    """

    field: str
    operator: str
    value: str
    negated: bool = False
    pattern: Pattern | None = None

    def described(self) -> str:
        """`status >= 500`"""
        return f"{'not ' if self.negated else ''}{self.field} {self.operator} {self.value}"

    def holds(self, value: str) -> bool:
        """Whether a field of this value meets it, were it not negated."""
        if self.pattern is not None:
            return self.pattern.drawn.search(value) is not None
        if self.operator == "=":
            return value == self.value
        try:
            return bool(_COMPARED[self.operator](float(value), float(self.value)))
        except ValueError:
            return False


def meeting(file: LogFile, part: Part, rows: Rows, condition: Condition, cancelled: Callable[[], bool]) -> Mask:
    """bool[len(rows)]: which of these records of a part meet a condition."""
    found = np.zeros(len(rows), bool)
    for first, stop, begin, data in slices(file, part, rows, cancelled):
        starts = part.starts[rows[first:stop]].astype(np.int64) - (begin - part.base)
        met, sure = _by_bytes(data, starts, condition, file.form)
        if not sure:
            for place in np.flatnonzero(met):
                row = int(rows[first + place])
                record = data[int(starts[place]) : part.start_of(row + 1) - begin]
                met[place] = _by_record(record, file.form, condition)
        found[first:stop] = met
    return ~found if condition.negated else found


def _by_record(data: bytes, form: Format, condition: Condition) -> bool:
    record = parse(data, form)
    fields = (*record.told, *record.fields, ("message", record.message))
    return any(name == condition.field and condition.holds(value) for name, value in fields)


def _by_bytes(data: bytes, starts: Offsets, condition: Condition, form: Format) -> tuple[Mask, bool]:
    """Which records may meet the condition (at least all that do), and whether those are it for sure."""
    reader = form.known.reader
    if condition.field == "message" or form.wrapper is not None:  # whatever the source calls it
        return np.ones(len(starts), bool), False
    if reader is Reader.LINE and condition.operator in _COMPARED:
        return np.ones(len(starts), bool), False
    if reader is Reader.LINE:
        text = condition.pattern.regex if condition.pattern is not None else None
        at = _found(text, data) if text is not None else places_of(data, condition.value.encode(), fold=False)
        return _held(at, starts), False
    json = reader is Reader.JSON
    name = condition.field.rpartition(".")[2].encode()
    flat = "." not in condition.field and (not json or data.count(b"{") <= len(starts))
    if condition.pattern is not None and set(condition.value) & set("^$"):  # an end of the value, not of the line
        return _held(places_of(data, (b'"%s"' if json else b"%s=") % name, fold=False), starts), False
    if condition.pattern is not None:
        before = rb'"%s"\s*:\s*"?(?:[^"\\]|\\.)*?' if json else rb'(?:^|[^\w.-])%s=(?:"(?:[^"\\]|\\.)*?|[^\s"]*?)'
        expression = b"(?m)" + before % re2.escape(name) + condition.pattern.expression.encode()
        return _held(_found(re2.compile(expression), data), starts), False
    key = b'"%s":' % name if json else name + b"="
    at = places_of(data, key, fold=False)
    padded = np.frombuffer(data + _PAD, np.uint8)
    if not json and len(at):
        before_key = padded[np.maximum(at - 1, 0)]
        at = at[(at == 0) | ~_word_byte(before_key)]
    values = at + len(key)
    values = values + (padded[values] == 32)
    quoted = padded[values] == ord('"')
    values = values + quoted
    plain = condition.value.isascii() and not set(condition.value) & set('"\\/')
    if condition.operator == "=" and not plain:
        return _held(at, starts), False
    if condition.operator == "=":
        met = _equal(padded, values, quoted, condition.value.encode(), json)
    else:
        numbers = read_numbers(padded, values)
        with np.errstate(invalid="ignore"):
            met = _COMPARED[condition.operator](numbers, float(condition.value))
    sure = flat and (json or len(at) <= len(starts))
    return _held(at[met], starts), sure


def _equal(data: npt.NDArray[np.uint8], at: Offsets, quoted: Mask, value: bytes, json: bool) -> Mask:
    """Where a value stands whole."""
    limit = len(data) - len(value) - 1
    met = at < limit
    for place, byte in enumerate(value):
        met &= data[np.minimum(at + place, limit)] == byte
    end = data[np.minimum(at + len(value), len(data) - 1)]
    open_end = np.isin(end, np.frombuffer(b",}] \r\n\t" if json else b" \r\n\t,;)]\0", np.uint8))
    return np.asarray(met & np.where(quoted, end == ord('"'), open_end))


def _word_byte(bytes_: npt.NDArray[np.uint8]) -> Mask:
    lowered = bytes_ | 0x20
    letter = (lowered >= 97) & (lowered <= 122)
    digit = (bytes_ >= 48) & (bytes_ <= 57)
    return np.asarray(letter | digit | np.isin(bytes_, np.frombuffer(b"_-.", np.uint8)))


def _found(regex: Any, data: bytes) -> Offsets:
    return np.array([match.end() - 1 for match in regex.finditer(data)], np.int64)


def _held(at: Offsets, starts: Offsets) -> Mask:
    """Which of the records that begin at these places hold one of these positions."""
    held = np.zeros(len(starts), bool)
    if len(at):
        rows = np.searchsorted(starts, at, "right") - 1
        held[rows[rows >= 0]] = True
    return held
