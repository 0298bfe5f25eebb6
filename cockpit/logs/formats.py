"""Tells how a source writes its lines: detected from a sample or forced by name, with the reason in words."""

from __future__ import annotations

import difflib
import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from statistics import quantiles

import msgspec

from cockpit.logs.described import (
    Format,
    Known,
    Wrapper,
    level_in,
    time_in,
    words_of,
)
from cockpit.logs.known import DIALECTS, JSON, KNOWN, LINES, LOGFMT, PLAIN, TEXT, WRAPPERS
from cockpit.logs.spellings import BY_NAME, SPELLINGS, Found, find_time
from cockpit.zones import Zone

__all__ = [
    *("ACCESS", "JSON", "KNOWN", "LEVEL_KEYS", "LOGFMT", "MESSAGE_KEYS", "PLAIN", "TEXT", "TIME_KEYS", "WRAPPERS"),
    *(
        "Format",
        "FormatError",
        "Heads",
        "Known",
        "Reader",
        "Sample",
        "Teller",
        "Wrapper",
        "detect",
        "is_logfmt",
        "named",
        "unwrapped",
    ),
]

_PROBED = 16  # lines that every known format is tried on, before those that match any are counted on all
_LOGFMT_PAIR = re.compile(rb'(?<![^ ])[A-Za-z_][\w.]*=(?:"(?:[^"\\]|\\.)*"|[^" ]*)(?= |$)')
_CONTINUES = re.compile(
    rb"[ \t})\]]|Traceback \(most|Caused by: |goroutine \d|\.\.\. |During handling|The above exception|stack backtrace"
    rb"|created by |at |[\w.$]{1,120}(?:Error|Exception)(?:: |$)"
)
_REACH = 2  # how far into a line a time may begin where times begin the lines
_CLASHING = (("US date", "day/month/year"), ("two-digit year with slashes", "US date with two-digit year"))


class FormatError(Exception):
    """A format that is not known or badly described, in a sentence for the person who named it."""


def detect(sample: Sequence[bytes], forced: str | None = None, own: Sequence[Known] = ()) -> Format:
    """The format of a source from some of its lines; without a forced one it never fails: at worst, plain text.

    `own`: the person's formats, tried before the table. `forced`: the name of a format to take whatever the lines
    look like. Raises FormatError where no format has this name.
    """
    lines = [line for line in sample if line.strip()]
    heads = [line for line in lines if _CONTINUES.match(line) is None] or lines
    wrapper = next((each for each in WRAPPERS if _wraps(each, heads)), None)
    if wrapper is not None:
        form = detect([unwrapped(wrapper, line) for line in lines], forced, own)
        return replace(form, wrapper=wrapper, why=f"lines of {wrapper.name}; in them, {form.why}")
    if forced is not None:
        return _made(named(forced, own), heads, "chosen by name")
    known, why = _recognised(heads, own)
    return _made(known, heads, why)


@dataclass(frozen=True, slots=True)
class Teller:
    """Tells formats: with the person's own ones, and always the forced one where there is one.

    `zone`: in which times are to be read that name none (None: the host's).
    """

    own: tuple[Known, ...] = ()
    forced: str | None = None
    zone: Zone | None = None

    def __call__(self, sample: Sequence[bytes]) -> Format:
        form = detect(sample, self.forced, self.own)
        return form if self.zone is None else replace(form, zone=self.zone)


def named(name: str, own: Iterable[Known] = ()) -> Known:
    """The known format of a name, in any case. Raises FormatError with the nearest names."""
    by_name = {known.name.lower(): known for known in (*KNOWN, *own)}
    found = by_name.get(name.strip().lower())
    if found is None:
        near = difflib.get_close_matches(name.strip().lower(), by_name, 3, 0.4)
        near += [each for each in by_name if name.strip().lower() in each and each not in near]
        hint = (
            f"did you mean {' or '.join(repr(by_name[each].name) for each in near[:3])}?" if near else "see all names."
        )
        raise FormatError(f"There is no format {name!r}; {hint}")
    return found


def _recognised(heads: Sequence[bytes], own: Sequence[Known]) -> tuple[Known, str]:
    """The known format that most heads look like, the most telling of several; and why."""
    total = max(1, len(heads))
    chosen, count = _best(own, heads)
    if chosen is not None and count * 5 >= total:
        return chosen, f"{count} of {total} lines match your format"
    objects = [line for line in heads if line[:1] == b"{"]
    count = sum(map(_is_json, objects))
    if count * 2 > total:
        return _dialect(objects), f"{count} of {total} lines are JSON objects"
    chosen, count = _best(LINES, heads)
    if chosen is not None and count * 2 > total:
        return chosen, f"{count} of {total} lines match {chosen.name}"
    pairs = sum(is_logfmt(line) and not _begins_with_time(line) for line in heads)
    if pairs * 2 > total:
        return LOGFMT, f"{pairs} of {total} lines are key=value pairs"
    timed = sum(find_time(line) is not None for line in heads)
    if chosen is not None and count * 5 >= total and count * 10 >= timed * 6:
        return chosen, f"{count} of {total} lines match {chosen.name}"
    if timed * 10 >= total:
        return TEXT, f"{timed} of {total} lines hold a time"
    return PLAIN, f"none of the known forms; {timed} of {total} lines hold a time"


def _best(formats: Sequence[Known], heads: Sequence[bytes]) -> tuple[Known | None, int]:
    """The first format that matches nearly as many lines as any, and how many."""
    probe = heads[:: max(1, len(heads) // _PROBED)]
    counts: list[tuple[Known, int]] = []
    for known in formats:
        expression = known.telling or known.line
        if expression is not None and sum(expression.match(line) is not None for line in probe) * 8 >= len(probe):
            count = sum(expression.match(line) is not None for line in heads)
            if count == len(heads):
                return known, count
            counts.append((known, count))
    most = max((count for _, count in counts), default=0)
    return next(((known, count) for known, count in counts if count * 10 >= most * 9), (None, 0))


def _dialect(objects: Sequence[bytes]) -> Known:
    probe = objects[:_PROBED]
    for known in DIALECTS:
        telling = known.telling
        if telling is not None and sum(telling.match(line) is not None for line in probe) * 2 > len(probe):
            return known
    return JSON


def _made(known: Known, lines: Sequence[bytes], why: str) -> Format:
    spelt = Counter[str]()
    columns: list[int] = []
    levelled = 0
    last: Found | None = None
    for line in lines:
        found = time_in(known, line, (last.spelling,)) if last is not None and known is not PLAIN else None
        if found is None or (last is not None and found.start > last.start):
            found = time_in(known, line, SPELLINGS) if known is not PLAIN else None
        if found is not None:
            spelt[found.spelling.name] += 1
            columns.append(found.start)
            last = found
        levelled += level_in(known, line, 0, len(line)) is not None
    names = [name for name in BY_NAME if spelt[name] * 100 >= max(1, len(lines))]  # the most telling first
    names = [name for name in names if not any(name == loose and sure in names for loose, sure in _CLASHING)]
    if names:
        why += f"; times as {', '.join(names)}"
    often = known.status_at is not None or known.level_below or levelled * 50 >= max(1, len(lines))
    return Format(known, tuple(BY_NAME[name] for name in names), often, why, words_of(known), _reach(known, columns))


def _reach(known: Known, columns: list[int]) -> int:
    """How far into a line a time may begin that begins a record."""
    if known is not TEXT or not columns:
        return 4096
    usual = quantiles(columns, n=10)[-1] if len(columns) > 1 else columns[0]
    return _REACH if usual <= _REACH else int(usual) * 2 + 16


def _wraps(wrapper: Wrapper, heads: Sequence[bytes]) -> bool:
    """Whether a collector wrote around most of these lines (a table's columns are not what it wrote)."""
    matched = [match.end() for line in heads if (match := wrapper.line.match(line)) is not None]
    if not matched or len(matched) * 10 < len(heads) * 8:
        return False
    return wrapper.mark != b"|" or Counter(matched).most_common(1)[0][1] * 10 >= len(matched) * 5


def unwrapped(wrapper: Wrapper, line: bytes) -> bytes:
    """The program's own line in what a collector wrote."""
    if not wrapper.escaped:
        return wrapper.inner(line)
    try:
        return str(msgspec.json.decode(line)["log"]).rstrip("\n").encode("utf-8", "surrogateescape")
    except (ValueError, KeyError, TypeError, RecursionError):
        return wrapper.inner(line)


def _is_json(line: bytes) -> bool:
    try:
        return isinstance(msgspec.json.decode(line), dict)
    except (ValueError, RecursionError):
        return False


def _begins_with_time(line: bytes) -> bool:
    """Whether a bare time stands first: such a line is text, however many pairs follow."""
    found = find_time(line)
    return found is not None and found.start <= _REACH


def is_logfmt(line: bytes) -> bool:
    """Whether a line is mostly key=value pairs."""
    if line.count(b"=") < 2:
        return False
    pairs = _LOGFMT_PAIR.findall(line)
    return len(pairs) >= 2 and sum(map(len, pairs)) * 2 > len(line)
