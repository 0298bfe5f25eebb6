"""Which records have a field of a value: asked of the bytes of thousands at once, and of each record where that is not
enough (nested JSON, columns of a format's own).
"""

from __future__ import annotations

import operator
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from dataclasses import field as attribute
from typing import Any, Protocol

import numpy as np
import numpy.typing as npt
import re2

from cockpit.logs.described import Format, Reader
from cockpit.logs.file import LogFile
from cockpit.logs.numbers import read_numbers
from cockpit.logs.parts import Part
from cockpit.logs.places import Mask, Pattern, Rows, places, places_of, slices
from cockpit.logs.printable import COLOURS, text_of
from cockpit.logs.record import parse
from cockpit.logs.sieve import sieve, trimmed

Offsets = npt.NDArray[np.int64]
_PAD = bytes(64)
_SIGNATURES = re.compile(r"(?:[0-9a-f]{8}|other)(?:,(?:[0-9a-f]{8}|other))*")
_OFTEN = 20  # records a record that holds a value, below which it is looked for in its column
_ASKED = ("method", "path", "protocol", "request")  # what an access log's request is taken apart into
_COMPARED: dict[str, Callable[[Any, Any], Any]] = {
    ">": operator.gt,
    ">=": operator.ge,
    "<": operator.lt,
    "<=": operator.le,
}


class Signer(Protocol):
    """What knows the signatures of records."""

    def having(self, file: LogFile, part: Part, rows: Rows, ids: Sequence[str], cancelled: Callable[[], bool]) -> Mask:
        """bool[len(rows)]: which of these records of a part have the signature of one of these ids."""
        ...

    def told(self, id_: str) -> str:
        """How a signature prints; `signature 1a2b3c4d` where it is not known."""
        ...


@dataclass(frozen=True, slots=True)
class Condition:
    """A field compared with a value. operator: = > >= < <= or ~ (holds the pattern); negated: those it is not true of.

    A record without the field meets no condition, and every negated one. signer: the value is the id of a signature, or
    several with commas between (any of them), and who knows which records have it.
    """

    field: str
    operator: str
    value: str
    negated: bool = False
    pattern: Pattern | None = None
    signer: Signer | None = attribute(default=None, compare=False, repr=False)

    def signed(self, signer: Signer) -> Condition:
        """The same, where it names a signature, with who knows that."""
        names = self.field == "signature" and self.operator == "=" and _SIGNATURES.fullmatch(self.value)
        return replace(self, signer=signer) if names else self

    @property
    def signatures(self) -> tuple[str, ...]:
        """The ids of the signatures that it names."""
        return tuple(self.value.split(",")) if self.signer is not None else ()

    def described(self) -> str:
        """`status >= 500`; of signatures the template of the first, and how many more."""
        if self.signer is not None:
            first, *others = self.signatures
            more = f" {'nor' if self.negated else 'or'} {len(others)} more" if others else ""
            return f"{'not ' if self.negated else ''}{self.signer.told(first)}{more}"
        return f"{'not ' if self.negated else ''}{self.field} {self.operator} {self.value}"

    def test(self) -> Callable[[str], bool]:
        """What tells whether a field of a value meets it, were it not negated."""
        if self.pattern is not None:
            search = self.pattern.drawn.search
            return lambda value: search(value) is not None
        if self.operator == "=":
            return lambda value: value == self.value
        compared, bound = _COMPARED[self.operator], float(self.value)

        def holds(value: str) -> bool:
            try:
                return bool(compared(float(value), bound))
            except ValueError:
                return False

        return holds


def meeting(file: LogFile, part: Part, rows: Rows, condition: Condition, cancelled: Callable[[], bool]) -> Mask:
    """bool[len(rows)]: which of these records of a part meet a condition."""
    if condition.signer is not None:
        signed = condition.signer.having(file, part, rows, condition.signatures, cancelled)
        return ~signed if condition.negated else signed
    found, form = np.zeros(len(rows), bool), file.forms.of(part.first)
    for first, stop, begin, data in slices(file, part, rows, cancelled):
        low = int(rows[first])
        starts = part.starts[low : int(rows[stop - 1]) + 1].astype(np.int64) - (begin - part.base)
        held, sure = _by_bytes(data, starts, condition, form)
        met = held[rows[first:stop] - low]
        if not sure:
            holds = _reader(form, condition)
            for place in np.flatnonzero(met):
                row = int(rows[first + place])
                met[place] = holds(data[int(starts[row - low]) : part.start_of(row + 1) - begin])
        found[first:stop] = met
    return ~found if condition.negated else found


def _reader(form: Format, condition: Condition) -> Callable[[bytes], bool]:
    """What tells of a record whether it meets the condition, were that not negated."""
    test = condition.test()
    group, line = _group_of(form, condition.field), form.known.line

    def by_record(data: bytes) -> bool:
        record = parse(data, form)
        fields = (*record.told, *record.fields, ("message", record.message))
        return any(name == condition.field and test(value) for name, value in fields)

    if group is None or line is None:
        return by_record
    match = re.compile(trimmed(line.pattern, group), line.flags).match
    access = form.known.status_at is not None and form.known.has("request")
    field = condition.field.encode()
    pairs = (field + b"=", field + b": ")

    def holds(data: bytes) -> bool:
        first = data.rstrip(b"\r\n").partition(b"\n")[0].rstrip(b"\r")
        found = match(first)
        if found is None or (not access and any(pair in first for pair in pairs)):
            return by_record(data)
        value = found[group]
        if access and value in (None, b"-", b""):
            return group == "level" and test("")  # a record without a status yet has the field
        if access:
            return test(text_of(value))
        return bool(value) and test(COLOURS.sub("", text_of(value)).strip())

    return holds


def _group_of(form: Format, field: str) -> str | None:
    """The group of the format's expression that holds a field as it is; None where none does, or more is to be read."""
    known = form.known
    if known.reader is not Reader.LINE or known.level_below or form.wrapper is not None:
        return None
    access = known.status_at is not None and known.has("request")
    elsewhere = ("request", "level", "time", "ident") if access else ("time", "level", "message")
    if access and field == "status":
        return "level"
    return field if known.has(field) and field not in elsewhere else None


def _by_bytes(data: bytes, starts: Offsets, condition: Condition, form: Format) -> tuple[Mask, bool]:
    """Which records may meet the condition (at least all that do), and whether those are it for sure."""
    reader = form.known.reader
    if condition.field == "message" or form.wrapper is not None:  # whatever the source calls it
        return np.ones(len(starts), bool), False
    if reader is Reader.LINE:
        return _by_line(data, starts, condition, form), False
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


def _by_line(data: bytes, starts: Offsets, condition: Condition, form: Format) -> Mask:
    """Which records of a format told by its lines may meet the condition."""
    every = np.ones(len(starts), bool)
    known, field, value = form.known, condition.field.encode(), condition.value
    if condition.pattern is not None:
        plain = not set(value) & set("^$\\") and "(?" not in value  # else it may say more of the value than of the line
        if not plain or condition.pattern.drawn.search("") is not None:
            return every
        escaped = _holding(data, starts, field + b'="', b"\x1b")
        return escaped | _held(places(data, condition.pattern), starts)
    if known.line is None or known.level_below or not value.isascii() or not value or "\\" in value:
        return every
    group = _group_of(form, condition.field)
    if condition.operator == "=":
        held = _holding(data, starts, value.encode(), field + b'="', b"\x1b")  # as it is, or where it is escaped
        if group is None or np.count_nonzero(held) * _OFTEN < len(held):
            return held
    elif known.has("request") and condition.field in _ASKED and group is None:
        return every
    pairs = _holding(data, starts, field + b"=", field + b": ")  # in the message, or in a line unlike the others
    if group is None:
        return pairs
    regex = sieve(known.line.pattern, known.line.flags, group, condition.operator, value)
    if regex is None:
        return every
    return pairs | _held(np.array([match.start() for match in regex.finditer(data)], np.int64), starts)


def _holding(data: bytes, starts: Offsets, *words: bytes) -> Mask:
    """Which records hold one of these words."""
    held = np.zeros(len(starts), bool)
    for word in words:
        held |= _held(places_of(data, word, fold=False), starts)
    return held


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
