"""How times are spelt: a table of spellings, each tried on one line, giving a shape that fits all lines spelt so.

A spelling is a regular expression with named groups. What it finds on one line gives a `Shape`: where the digits
stand and what stands between them; so the expression itself runs only on the few lines that no shape fits.
"""

from __future__ import annotations

import calendar
import re
from dataclasses import dataclass

from cockpit.clock import HOUR, MINUTE
from cockpit.logs.times import NONE, Shape, decode_one

_MONTHS = {name: number for number, name in enumerate(calendar.month_abbr) if name}
_MONTH = b"(?P<b>Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)"
_CLOCK = rb"(?P<H>\d\d):(?P<M>\d\d):(?P<S>\d\d)"
_LOOSE_CLOCK = rb"(?P<H>\d{1,2}):(?P<M>\d{1,2}):(?P<S>\d{1,2})"
_FRACTION = rb"(?:[.,](?P<f>\d{1,9}))?"
_ZONE = rb"(?: ?(?P<z>Z\b|UTC\b|GMT\b|[+-]\d\d:?\d\d\b))?"
_DAY = rb"(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun)"


@dataclass(frozen=True, slots=True)
class Spelling:
    """One way to write a time. Groups: Y y m b d H M S f z p (AM/PM) e (epoch digits)."""

    name: str
    pattern: re.Pattern[bytes]
    example: str


def _spelling(name: str, pattern: bytes, example: str) -> Spelling:
    return Spelling(name, re.compile(rb"(?<![\d.])" + pattern), example)


SPELLINGS: tuple[Spelling, ...] = (
    _spelling(
        "ISO 8601",
        rb"(?P<Y>[12]\d{3})(?P<s>[-/.])(?P<m>\d\d)(?P=s)(?P<d>\d\d)[T _]"
        + _CLOCK
        + rb"(?:[.,:](?P<f>\d{1,9}))?"
        + _ZONE,
        "2026-11-23T10:02:11.201Z",
    ),
    _spelling(
        "access log",
        rb"(?P<d>\d\d)/" + _MONTH + rb"/(?P<Y>\d{4})[: ]" + _CLOCK + _FRACTION + _ZONE,
        "23/Nov/2026:10:02:11 +0000",
    ),
    _spelling(
        "ctime",
        _DAY + rb" " + _MONTH + rb" +(?P<d>\d{1,2}) " + _CLOCK + _FRACTION + rb"(?: (?P<z>UTC|GMT))? (?P<Y>\d{4})",
        "Mon Nov 23 10:02:11.123456 2026",
    ),
    _spelling("syslog", _MONTH + rb" +(?P<d>\d{1,2}) " + _CLOCK + _FRACTION, "Nov 23 10:02:11"),
    _spelling(
        "day month year",
        rb"(?P<d>\d\d)[- ]" + _MONTH + rb"[- ](?P<Y>\d{4}) " + _CLOCK + _FRACTION + _ZONE,
        "23 Nov 2026 10:02:11.201",
    ),
    _spelling(
        "date-hour.minute.second",
        rb"(?P<Y>[12]\d{3})-(?P<m>\d\d)-(?P<d>\d\d)-(?P<H>\d\d)\.(?P<M>\d\d)\.(?P<S>\d\d)\.(?P<f>\d{1,9})",
        "2005-06-03-15.42.50.675872",
    ),
    _spelling(
        "compact date and time",
        rb"(?P<Y>[12]\d{3})(?P<m>[01]\d)(?P<d>[0-3]\d)[-T ]" + _LOOSE_CLOCK + rb"(?:[:.,](?P<f>\d{1,3}))?",
        "20171223-22:15:29:606",
    ),
    _spelling(
        "two-digit year with slashes",
        rb"(?P<y>\d\d)/(?P<m>[01]\d)/(?P<d>[0-3]\d) " + _CLOCK + _FRACTION,
        "17/06/09 20:10:40",
    ),
    _spelling(
        "US date",
        rb"(?P<m>[01]?\d)/(?P<d>[0-3]?\d)/(?P<Y>[12]\d{3}),? "
        + _LOOSE_CLOCK
        + rb"(?:[.:](?P<f>\d{1,9}))?(?: ?(?P<p>[AP]M))?",
        "11/23/2026 10:02:11 PM",
    ),
    _spelling(
        "six digits and six digits",
        rb"(?P<y>\d\d)(?P<m>[01]\d)(?P<d>[0-3]\d) (?P<H>[0-2]\d)(?P<M>[0-5]\d)(?P<S>[0-5]\d)\b",
        "081109 203615",
    ),
    _spelling("month-day", rb"(?P<m>[01]\d)[-.](?P<d>[0-3]\d) " + _CLOCK + _FRACTION, "03-17 16:13:38.811"),
    _spelling("glog", rb"(?<=[IWEF])(?P<m>[01]\d)(?P<d>[0-3]\d) " + _CLOCK + _FRACTION, "I1123 10:02:11.201000"),
    _spelling("epoch with fraction", rb"(?P<e>[12]\d{9})\.(?P<f>\d{1,9})(?!\d)", "1764000000.123"),
    _spelling("epoch", rb"(?P<e>[12]\d{9}(?:\d{3}|\d{6}|\d{9})?)(?![\d.])", "1764000000123"),
)


@dataclass(frozen=True, slots=True)
class Found:
    """A time found on one line: where it begins and ends in the line, how it is spelt, and its shape."""

    start: int
    end: int
    spelling: Spelling
    shape: Shape


def find_time(line: bytes, spellings: tuple[Spelling, ...] = SPELLINGS, within: int = 200) -> Found | None:
    """The first time in the first `within` bytes of a line, in the earliest spelling of the table that fits."""
    head = line[:within]
    for spelling in spellings:
        match = spelling.pattern.search(head)
        if match is not None:
            shape = _shape_of(match)
            if decode_one(line[match.start() : match.end()], shape, 0) != NONE:
                return Found(match.start(), match.end(), spelling, shape)
    return None


def _shape_of(match: re.Match[bytes]) -> Shape:
    start = match.start()
    groups = match.groupdict()
    parts = tuple(
        (name, match.start(name) - start, match.end(name) - start)
        for name in "YymdHMSfe"
        if groups.get(name) is not None
    )
    digits = tuple(position for _, first, last in parts for position in range(first, last))
    fixed = tuple(position for position in range(len(match[0])) if position not in digits)
    month = _MONTHS[groups["b"].decode()] if groups.get("b") else 0
    half = groups.get("p")
    return Shape(
        len(match[0]),
        digits,
        fixed,
        bytes(match[0][position] for position in fixed),
        parts,
        month,
        None if half is None else half == b"PM",
        _zone(groups.get("z")),
    )


def _zone(text: bytes | None) -> int | None:
    if text is None:
        return None
    if text in (b"Z", b"UTC", b"GMT"):
        return 0
    sign = -1 if text[:1] == b"-" else 1
    return sign * (int(text[1:3]) * HOUR + int(text[-2:]) * MINUTE)
