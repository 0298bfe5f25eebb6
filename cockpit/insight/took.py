"""How long a record says that something took, and when that began: by the names of fields, or in its message. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache

from cockpit.clock import DAY, HOUR, MINUTE, SECOND, from_rfc3339

Fields = Iterable[tuple[str, str]]

_UNITS = {
    **dict.fromkeys(("ns", "nanos", "nanosecond", "nanoseconds"), 0.001),
    **dict.fromkeys(("us", "µs", "μs", "micros", "usec", "microsecond", "microseconds"), 1.0),
    **dict.fromkeys(("ms", "msec", "millis", "millisecond", "milliseconds"), 1000.0),
    **dict.fromkeys(("s", "sec", "secs", "second", "seconds"), float(SECOND)),
    **dict.fromkeys(("m", "min", "minute", "minutes"), float(MINUTE)),
    **dict.fromkeys(("h", "hour", "hours"), float(HOUR)),
}
_STEMS = (
    *("duration", "elapsed", "took", "latency", "runtime", "timetaken", "responsetime", "requesttime", "totaltime"),
    *("servicetime", "processingtime", "executiontime", "querytime", "elapsedtime", "exectime", "upstreamresponsetime"),
    *("time", "rt", "cost"),
)
_WEAK = ("time", "rt", "cost")  # these count only with a unit in the name or in the value
_KNOWN = {"requesttime": "s", "upstreamresponsetime": "s"}  # what nginx calls so is in seconds
_BEGINS = ("start", "started", "startedat", "starttime", "begin", "begunat")
_NUMBER = re.compile(r"[0-9]+(?:\.[0-9]+)?")
_LENGTH = re.compile(r"([0-9]+(?:\.[0-9]+)?)\s*([a-zµμ]+)", re.IGNORECASE)
_CAMEL = re.compile(r"(?<=[a-z0-9])(?=[A-Z])")
_UNIT = r"(ns|us|µs|μs|ms|msec|millis|milliseconds?|s|secs?|seconds?|min|minutes?)\b"
_SAID = re.compile(
    rf"\b(?:took|takes|taken|in|after|elapsed|duration|latency|spent)[ :=]+([0-9]+(?:\.[0-9]+)?)\s?{_UNIT}"
    rf"|\(([0-9]+(?:\.[0-9]+)?)\s?{_UNIT}\)",
    re.IGNORECASE,
)
_YET = re.compile(
    r"\b(?:retry|retrying|again|wait|waiting|sleep|sleeping|expires?|expiring|next|will|due|every)\b", re.I
)
_AT_END = re.compile(r"(?<![\w.])([0-9]{1,5}\.[0-9]{3})$")  # where nginx is told to write $request_time
_LONGEST = 400 * DAY
_NAMES = 4096  # of fields that are remembered
_SEARCHED = 2000  # characters of a message


@dataclass(frozen=True, slots=True)
class Took:
    """microseconds, and the words it was told by (`duration_ms`, or `in 12 ms` of a message)."""

    length: int
    told_by: str


def took(message: str, fields: Fields, *, access: bool = False) -> Took | None:
    """How long what a record tells of took; None where it does not say, or says a number without a unit.

    access: it is a line of a web server's access log, where a last number with three decimals is seconds.
    """
    for name, value in fields:
        length = _of_field(name, value)
        if length is not None:
            return Took(length, name)
    match = _SAID.search(message[:_SEARCHED])
    if match is not None and not _YET.search(message[: match.start()]):
        length = _bounded(float(match[1] or match[3]) * _UNITS[(match[2] or match[4]).lower()])
        if length is not None:
            return Took(length, match[0].strip("()"))
    ending = _AT_END.search(message) if access else None
    if ending is not None:
        return Took(round(float(ending[1]) * SECOND), "request time")
    return None


def begun(fields: Fields) -> int | None:
    """When it began, where a field like started_at says so as RFC 3339 (microseconds)."""
    for name, value in fields:
        if re.sub(r"[^a-z]", "", name.rpartition(".")[2].lower()) in _BEGINS and "T" in value:
            try:
                return from_rfc3339(value)
            except (ValueError, OverflowError):
                continue
    return None


def _of_field(name: str, value: str) -> int | None:
    stem, unit = _stem_and_unit(name)
    if stem not in _STEMS:
        return None
    value = value.strip()
    if _NUMBER.fullmatch(value):
        unit = unit or _KNOWN.get(stem, "")
        return _bounded(float(value) * _UNITS[unit]) if unit else None
    return _with_units(value)


@lru_cache(_NAMES)
def _stem_and_unit(name: str) -> tuple[str, str]:
    """`duration`, `ms` of http.duration_ms and of durationMs; the unit may be empty."""
    parts = [each for each in re.split(r"[^A-Za-zµμ0-9]+", _CAMEL.sub("_", name)) if each]
    lowered = [each.lower() for each in parts]
    unit = lowered.pop() if len(lowered) > 1 and lowered[-1] in _UNITS else ""
    for count in range(min(3, len(lowered)), 0, -1):
        stem = "".join(lowered[-count:])
        if stem in _STEMS and (stem not in _WEAK or unit or count > 1):
            return stem, unit
    return "", unit


def _with_units(value: str) -> int | None:
    """`12ms`, `1m2.5s` and `350 µs` in microseconds; None for anything else."""
    found = _LENGTH.findall(value)
    whole = re.sub(r"\s", "", value)
    if not found or "".join(f"{amount}{unit}" for amount, unit in found) != whole:
        return None
    units = [_UNITS.get(unit.lower()) for _, unit in found]
    if any(unit is None for unit in units):
        return None
    return _bounded(sum(float(amount) * (unit or 0.0) for (amount, _), unit in zip(found, units, strict=True)))


def _bounded(length: float) -> int | None:
    return round(length) if length <= _LONGEST else None
