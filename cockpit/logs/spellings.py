"""How times are spelt: a table of spellings, each tried on one line, giving a shape that fits all lines spelt so.

A spelling is a regular expression with named groups. What it finds on one line gives a `Shape`: where the digits
stand and what stands between them; so the expression itself runs only on the few lines that no shape fits. A time of
day without a date is no time here: nothing says which day it was.
"""

from __future__ import annotations

import calendar
import re
from dataclasses import dataclass

from cockpit.clock import HOUR, MINUTE
from cockpit.logs.times import Shape

_MONTHS = {name: number for number, name in enumerate(calendar.month_abbr) if name}
_HOURS_AHEAD = {
    **{b"Z": 0, b"UTC": 0, b"GMT": 0, b"WET": 0, b"BST": 1, b"CET": 1, b"WEST": 1, b"CEST": 2, b"EET": 2, b"EEST": 3},
    **{b"EST": -5, b"EDT": -4, b"CST": -6, b"CDT": -5, b"MST": -7, b"MDT": -6, b"PST": -8, b"PDT": -7},
    **{b"AKST": -9, b"AKDT": -8, b"HST": -10, b"MSK": 3, b"SGT": 8, b"HKT": 8, b"JST": 9, b"KST": 9},
    **{b"AEST": 10, b"AEDT": 11, b"NZST": 12, b"NZDT": 13},
}
"""Zones by name: those of RFC 5322 and those that mean one offset only (so not IST). Others are read as no zone."""

_NAMED = b"|".join(name for _, name in sorted((-len(name), name) for name in _HOURS_AHEAD))
_MONTH = b"(?P<b>Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)"
_WEEKDAY = rb"(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun)"
_CLOCK = rb"(?P<H>\d\d):(?P<M>\d\d):(?P<S>\d\d)"
_LOOSE_CLOCK = rb" ?(?P<H>\d{1,2}):(?P<M>\d{1,2}):(?P<S>\d{1,2})"
_FRACTION = rb"(?:[.,](?P<f>\d{1,9}))?"
_HALF = rb"(?: ?(?P<p>[AaPp][Mm])\b)?"
_ZONE = rb"(?P<z> ?(?:%s)(?!\w)| ?[+-]\d\d:?\d\d(?!\w)|[+-]\d\d(?![\w:]))?" % _NAMED
_FIRST = rb'(?:(?<=\A)|(?<=\A[\[("+]))'  # where a mere number may stand that is to be a time


@dataclass(frozen=True, slots=True)
class Spelling:
    """One way to write a time.

    Groups: Y y m b d H M S f (fraction) i (milliseconds as a number) z p (AM/PM) e (epoch digits) n (nanoseconds as
    a number) x (TAI64N digits).
    """

    name: str
    pattern: re.Pattern[bytes]
    example: str


def _spelling(name: str, pattern: bytes, example: str, before: bytes = rb"(?<![\d.])") -> Spelling:
    return Spelling(name, re.compile(before + pattern), example)


SPELLINGS: tuple[Spelling, ...] = (
    _spelling(
        "ISO 8601",
        rb"(?P<Y>[12]\d{3})(?P<s>[-/.])(?P<m>\d\d)(?P=s)(?P<d>\d\d)[T _:] ?"
        rb"(?P<H>\d{1,2}):(?P<M>\d\d):(?P<S>\d\d)(?:[.,:](?P<f>\d{1,9}))?" + _HALF + _ZONE,
        "2026-11-23T10:02:11.201Z",
    ),
    _spelling(
        "access log",
        rb"(?P<d>\d\d)/" + _MONTH + rb"/(?P<Y>\d{4})[: ]" + _CLOCK + _FRACTION + _ZONE,
        "23/Nov/2026:10:02:11 +0000",
    ),
    _spelling(
        "ctime",
        rb"%s,? %s +(?P<d>\d{1,2}) " % (_WEEKDAY, _MONTH)
        + rb"%s(?:[.,:](?P<f>\d{1,9}))?%s(?P<z> (?:%s))? (?P<Y>\d{4})\b" % (_LOOSE_CLOCK, _HALF, _NAMED),
        "Mon Nov 23 10:02:11.123456 2026",
    ),
    _spelling(
        "month day year",
        _MONTH + rb" +(?P<d>\d{1,2}),? (?P<Y>\d{4}),? " + _LOOSE_CLOCK + _FRACTION + _HALF + _ZONE,
        "Nov 23, 2026 10:02:11 PM",
        rb"(?<![A-Za-z])",
    ),
    _spelling(
        "syslog",
        _MONTH + rb"(?: +|-)(?P<d>\d{1,2}) " + _LOOSE_CLOCK + _FRACTION + rb"(?![:.]?\d)",
        "Nov 23 10:02:11",
        rb"(?<![A-Za-z])",
    ),
    _spelling(
        "day month year",
        rb"(?P<d>\d{1,2})(?P<s>[-/ ])" + _MONTH + rb"(?P=s)(?P<Y>\d{4}),?[ :]" + _CLOCK + _FRACTION + _HALF + _ZONE,
        "23 Nov 2026 10:02:11.201",
    ),
    _spelling(
        "day month two-digit year",
        rb"(?P<d>\d{1,2})(?P<s>[-/])" + _MONTH + rb"(?P=s)(?P<y>\d\d) " + _CLOCK + _FRACTION + _HALF,
        "23/Nov/26 10:02:11",
    ),
    _spelling("day month", rb"(?P<d>\d{1,2}) " + _MONTH + rb" " + _CLOCK + _FRACTION, "23 Nov 10:02:11.201"),
    _spelling(
        "year month day",
        rb"(?P<Y>[12]\d{3}) " + _MONTH + rb" +(?P<d>\d{1,2}) (?:%s )?" % _WEEKDAY + _CLOCK + _FRACTION,
        "2026 Nov 23 10:02:11.201",
    ),
    _spelling(
        "date-hour.minute.second",
        rb"(?P<Y>[12]\d{3})-(?P<m>\d\d)-(?P<d>\d\d)-(?P<H>\d\d)\.(?P<M>\d\d)\.(?P<S>\d\d)\.(?P<f>\d{1,9})",
        "2005-06-03-15.42.50.675872",
    ),
    _spelling(
        "compact date, time and milliseconds",
        rb"(?P<Y>[12]\d{3})(?P<m>[01]\d)(?P<d>[0-3]\d)-(?P<H>\d{1,2}):(?P<M>\d{1,2}):(?P<S>\d{1,2}):(?P<i>\d{1,3})",
        "20171223-22:15:29:606",
    ),
    _spelling(
        "compact date and time",
        rb"(?P<Y>[12]\d{3})(?P<m>[01]\d)(?P<d>[0-3]\d)[-T _]" + _LOOSE_CLOCK + _FRACTION + _ZONE,
        "20261123 10:02:11.201",
    ),
    _spelling(
        "compact",
        rb"(?P<Y>20\d\d)(?P<m>[01]\d)(?P<d>[0-3]\d)[-T _.](?P<H>[0-2]\d)(?P<M>[0-5]\d)(?P<S>[0-5]\d)(?!\d)"
        + _FRACTION
        + _ZONE,
        "20261123T100211Z",
    ),
    _spelling(
        "day.month.year",
        rb"(?P<d>\d{1,2})\.(?P<m>\d{1,2})\.(?P<Y>[12]\d{3}),? " + _LOOSE_CLOCK + _FRACTION + _ZONE,
        "23.11.2026 10:02:11.201",
    ),
    _spelling(
        "US date",
        rb"(?P<m>\d{1,2})/(?P<d>\d{1,2})/(?P<Y>[12]\d{3}),? "
        + _LOOSE_CLOCK
        + rb"(?:[.,:](?P<f>\d{1,9}))?"
        + _HALF
        + _ZONE,
        "11/23/2026 10:02:11 PM",
    ),
    _spelling(
        "day/month/year",
        rb"(?P<d>\d{1,2})/(?P<m>\d{1,2})/(?P<Y>[12]\d{3}),? " + _LOOSE_CLOCK + rb"(?:[.,:](?P<f>\d{1,9}))?" + _ZONE,
        "23/11/2026 10:02:11",
    ),
    _spelling(
        "two-digit year with slashes",
        rb"(?P<y>\d\d)/(?P<m>[01]\d)/(?P<d>[0-3]\d) " + _CLOCK + _FRACTION,
        "17/06/09 20:10:40",
    ),
    _spelling(
        "US date with two-digit year",
        rb"(?P<m>\d{1,2})/(?P<d>\d{1,2})/(?P<y>\d\d) " + _LOOSE_CLOCK + _FRACTION + _HALF,
        "11/23/26 10:02:11 PM",
    ),
    _spelling(
        "six digits and six digits",
        rb"(?P<y>\d\d)(?P<m>[01]\d)(?P<d>[0-3]\d) (?P<H>[0-2]\d)(?P<M>[0-5]\d)(?P<S>[0-5]\d)\b",
        "081109 203615",
        _FIRST,
    ),
    _spelling(
        "six digits and a clock",
        rb"(?P<y>\d\d)(?P<m>[01]\d)(?P<d>[0-3]\d) " + _LOOSE_CLOCK + _FRACTION,
        "261123 10:02:11",
        _FIRST,
    ),
    _spelling(
        "month-day",
        rb"(?P<m>[01]\d)[-./](?P<d>[0-3]\d) " + _CLOCK + _FRACTION,
        "03-17 16:13:38.811",
        rb"(?<![\d./-])",
    ),
    _spelling("glog", rb"(?P<m>[01]\d)(?P<d>[0-3]\d) " + _CLOCK + _FRACTION, "I1123 10:02:11.201000", rb"(?<=[IWEFD])"),
    _spelling(
        "ISO 8601 to the minute",
        rb"(?P<Y>[12]\d{3})(?P<s>[-/])(?P<m>\d\d)(?P=s)(?P<d>\d\d)[T ](?P<H>\d\d):(?P<M>\d\d)(?![\d:])" + _ZONE,
        "2026-11-23 10:02",
    ),
    _spelling(
        "epoch and nanoseconds",
        rb'(?P<e>1\d{9}|2[01]\d{8}),"nanoOfSecond":(?P<n>\d{1,9})',
        '1764000000,"nanoOfSecond":123000000',
        _FIRST,
    ),
    _spelling("epoch with fraction", rb"(?P<e>1\d{9}|2[01]\d{8})[.,](?P<f>\d{1,9})(?!\d)", "1764000000.123", _FIRST),
    _spelling("epoch in milliseconds with fraction", rb"(?P<e>1\d{12})\.\d{1,6}(?!\d)", "1764000000123.456", _FIRST),
    _spelling("epoch", rb"(?P<e>(?:1\d{9}|2[01]\d{8})(?:\d{3}|\d{6}|\d{9})?)(?![\d.])", "1764000000123", _FIRST),
    _spelling("TAI64N", rb"@(?P<x>40000000[0-9a-f]{16})(?![0-9a-f])", "@400000006925f5ca0754d4c0", b""),
)
BY_NAME = {spelling.name: spelling for spelling in SPELLINGS}
_ANY = re.compile(rb"\d[:.]\d\d|\d{6}|@4")  # no spelling fits a line that holds none of these


@dataclass(frozen=True, slots=True)
class Found:
    """A time found on one line: where it begins and ends in the line, how it is spelt, and its shape."""

    start: int
    end: int
    spelling: Spelling
    match: re.Match[bytes]

    @property
    def shape(self) -> Shape:
        """How it is built; made anew at each look, for most who find a time only leave it out."""
        return _shape_of(self.match)


def find_time(line: bytes, spellings: tuple[Spelling, ...] = SPELLINGS, within: int = 200) -> Found | None:
    """The first time in the first `within` bytes of a line, in the earliest spelling of the table that fits."""
    head = line[:within]
    if _ANY.search(head) is None:
        return None
    for spelling in spellings:
        match = spelling.pattern.search(head)
        if match is not None and _is_real(match):
            return Found(match.start(), match.end(), spelling, match)
    return None


_LIMITS = {"m": (1, 12), "d": (1, 31), "H": (0, 23), "M": (0, 59), "S": (0, 60)}


def _is_real(match: re.Match[bytes]) -> bool:
    groups = match.groupdict()
    for name, (low, high) in _LIMITS.items():
        text = groups.get(name)
        if text is not None and not low <= int(text) <= high:
            return False
    return True


def _shape_of(match: re.Match[bytes]) -> Shape:
    start = match.start()
    groups = match.groupdict()
    parts = tuple(
        (name, match.start(name) - start, match.end(name) - start)
        for name in "YymdHMSfienx"
        if groups.get(name) is not None
    )
    free = tuple(position for name, first, last in parts if name == "x" for position in range(first, last))
    digits = tuple(position for name, first, last in parts if name != "x" for position in range(first, last))
    if match.re is _LOOSE_MILLISECONDS.pattern:  # the fraction of a millisecond is read as digits, and not counted
        digits += tuple(range(parts[-1][2] + 1, len(match[0])))
    fixed = tuple(position for position in range(len(match[0])) if position not in digits and position not in free)
    month = _MONTHS[groups["b"].decode()] if groups.get("b") else 0
    half = groups.get("p")
    return Shape(
        len(match[0]),
        digits,
        fixed,
        bytes(match[0][position] for position in fixed),
        parts,
        month,
        None if half is None else half[:1] in b"Pp",
        _zone(groups.get("z")),
    )


_LOOSE_MILLISECONDS = BY_NAME["epoch in milliseconds with fraction"]


def _zone(text: bytes | None) -> int | None:
    if text is None:
        return None
    text = text.strip()
    if text in _HOURS_AHEAD:
        return _HOURS_AHEAD[text] * HOUR
    digits = text[1:].replace(b":", b"")
    sign = -1 if text[:1] == b"-" else 1
    return sign * (int(digits[:2]) * HOUR + int(digits[2:] or 0) * MINUTE)
