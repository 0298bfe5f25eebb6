"""Whether the clocks of two sources, or the zones their times are read in, disagree: by requests both tell of. Pure.

Says nothing where those requests are few, or where work that waits could be the reason.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from cockpit.clock import HOUR, MINUTE, SECOND, duration
from cockpit.logs.printable import number

QUARTER = 15 * MINUTE
"""Zones are whole quarters of an hour apart."""
_ENOUGH = 20  # requests
_NEAR = MINUTE  # of whole quarters, that …
_MOST = 0.8  # … so much of the requests is
_FURTHEST = 14 * HOUR  # that a zone is from UTC
_LEAST = 10 * SECOND  # that a clock is off, …
_SURELY = 2 * SECOND  # … and where something stands before what caused it
_TIGHT = 2 * SECOND, 0.05  # how far apart nine tenths may be, for it to be a clock: at least, and of all
_BEFORE = 0.9  # of the requests, that must stand before they began


@dataclass(frozen=True, slots=True)
class Heard:
    """What a source tells of some requests.

    begun: by trace id, the time (microseconds) at which it first tells of it; access: these are when a web server says
    that each began. ahead: how far ahead of UTC (microseconds) its times were read, which name no zone; None: they do.
    """

    name: str
    begun: Mapping[str, int]
    ahead: int | None = None
    access: bool = False


def disagreement(one: Heard, other: Heard) -> str:
    """A sentence on the clocks or zones of two sources; empty where they agree, or it cannot be told."""
    apart = np.array([other.begun[each] - one.begun[each] for each in one.begun.keys() & other.begun.keys()], np.int64)
    if len(apart) < _ENOUGH:
        return ""
    typical = int(np.median(apart))
    quarters = nearest_quarter(typical)
    if quarters and np.mean(np.abs(apart - quarters) <= _NEAR) >= _MOST:
        return zone_told((one.name, one.ahead), (other.name, other.ahead), quarters, len(apart))
    low, high = (int(each) for each in np.percentile(apart, (5, 95)))
    if high - low > max(_TIGHT[0], _TIGHT[1] * abs(typical)):
        return ""
    early, late = (other, one) if typical < 0 else (one, other)
    sure = late.access and np.mean(np.abs(apart) > SECOND) >= _BEFORE
    if abs(typical) < (_SURELY if sure else _LEAST):
        return ""
    side = "ahead of" if typical > 0 else "behind"
    many = f"nearly all of {number(len(apart))} requests that both tell of stand"
    why = f"{many} in {early.name} before they began by {late.name}" if sure else f"{many} so far apart"
    return f"{other.name}'s clock {'is' if sure else 'seems'} about {_about(typical)} {side} {one.name}'s: {why}."


def nearest_quarter(apart: int) -> int:
    """The whole quarters of an hour nearest to a distance, all in microseconds."""
    return round(apart / QUARTER) * QUARTER


def zone_told(one: tuple[str, int | None], other: tuple[str, int | None], apart: int, requests: int = 1) -> str:
    """A sentence on two sources, of which the other is whole quarters of an hour (microseconds) ahead of the one.

    Each by its name, and how far ahead of UTC its times were read, None where they name their zone.
    """
    if one[1] is not None and other[1] is None:
        one, other, apart = other, one, -apart  # it is of the one that names no zone
    options = [_option(other[0], other[1], apart), _option(one[0], one[1], -apart)]
    named = [each for each in options if each]
    side = "ahead of" if apart > 0 else "behind"
    many = f", by {number(requests)} requests that both tell of" if requests > 1 else ""
    told = f"{other[0]} is {_length(apart)} {side} {one[0]}{many}: "
    if not named:
        return f"{told}one of the two clocks may be off, or the zone that its times name."
    whose = "its zone" if len(named) == 1 and options[0] else "the zone of either" if options[0] else f"{one[0]}'s zone"
    return f"{told}{whose} may be another; try {' or '.join(named)}"


def _option(name: str, ahead: int | None, apart: int) -> str:
    """What sets a source right that is so much too late; empty where its times name a zone, or none is so far."""
    if ahead is None or abs(ahead + apart) > _FURTHEST:
        return ""
    minutes = abs(ahead + apart) // MINUTE
    sign = "-" if ahead + apart < 0 else "+"
    quoted = f'"{name}' if set(name) & set(" '()&;") else name
    return f"--zone {quoted}={sign}{minutes // 60:02d}:{minutes % 60:02d}{quoted[: quoted != name]}"


def _length(apart: int) -> str:
    hours, minutes = divmod(abs(apart) // MINUTE, 60)
    return duration(apart) if hours < 24 else f"{hours} h" + (f" {minutes:02d} min" if minutes else "")


def _about(apart: int) -> str:
    """`90 s`, `12 min`"""
    seconds = round(abs(apart) / SECOND)
    return f"{seconds} s" if seconds < 120 else f"{seconds // 60} min" + (f" {seconds % 60} s" * (seconds % 60 > 0))
