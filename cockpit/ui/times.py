"""How times and amounts are shown: in the host's zone, in UTC or as distances; short where short is clear."""

from __future__ import annotations

from datetime import datetime
from enum import Enum

from cockpit.clock import DAY, HOUR, MINUTE, SECOND, to_datetime, to_local
from cockpit.logs.printable import number as number

WIDTH = 12
"""Cells that a distance takes, as many as a time of day."""


class TimeStyle(Enum):
    """How the times of log records are shown; the value is what the screen calls it."""

    LOCAL = "local times"
    UTC = "UTC"
    RELATIVE = "relative times"
    DELTA = "delta times"

    @property
    def next(self) -> TimeStyle:
        """The one that the key brings after this one."""
        order = list(TimeStyle)
        return order[(order.index(self) + 1) % len(order)]


def moment(at: int, utc: bool) -> datetime:
    return to_datetime(at) if utc else to_local(at)


def clock_time(at: int, utc: bool) -> str:
    """`10:02:11.201`"""
    when = moment(at, utc)
    return f"{when:%H:%M:%S}.{when.microsecond // 1000:03d}"


def short_time(at: int, now: int, utc: bool) -> str:
    """`10:02` today, else `Nov 21 10:02`, else with the year."""
    when, today = moment(at, utc), moment(now, utc)
    if when.date() == today.date():
        return f"{when:%H:%M}"
    if when.year == today.year:
        return f"{when:%b %d %H:%M}"
    return f"{when:%Y-%m-%d}"


def second_time(at: int, now: int, utc: bool) -> str:
    """`10:02:11` today, else `11-21 10:02`."""
    when, today = moment(at, utc), moment(now, utc)
    return f"{when:%H:%M:%S}" if when.date() == today.date() else f"{when:%m-%d %H:%M}"


def age(at: int, now: int) -> str:
    """How long ago, in one unit: `now`, `4m`, `3h`, `2d`, `5w`, `3mo`, `2y`."""
    seconds = max(0, now - at) // 1_000_000
    for size, unit in ((31_536_000, "y"), (2_592_000, "mo"), (604_800, "w"), (86_400, "d"), (3600, "h"), (60, "m")):
        if seconds >= size:
            return f"{seconds // size}{unit}"
    return "now"


def distance(at: int, now: int) -> str:
    """How far a time is from now, WIDTH cells wide: `-12.3 s`, `-4 m 10 s`, `-3 h 02 m`; `+…` what is yet to come."""
    return f"{_signed(at - now, 1, ' s'):>{WIDTH}}"


def step(at: int, before: int) -> str:
    """How long after another time a time is, WIDTH cells wide: `+0.012`, `+3 m 02 s`, `-1.204` where it is before."""
    return f"{_signed(at - before, 3, ''):>{WIDTH}}"


def _signed(length: int, digits: int, unit: str) -> str:
    sign, length = "-" if length < 0 else "+", abs(length)
    if length < MINUTE:
        whole = length // 10 ** (6 - digits)  # cut, so that it never reads 60.0
        return f"{sign}{whole // 10**digits}.{whole % 10**digits:0{digits}d}{unit}"
    if length < HOUR:
        return f"{sign}{length // MINUTE} m {length % MINUTE // SECOND:02d} s"
    if length < DAY:
        return f"{sign}{length // HOUR} h {length % HOUR // MINUTE:02d} m"
    return f"{sign}{length // DAY} d {length % DAY // HOUR:02d} h"


def elapsed(since: int, now: int) -> str:
    """`00:42:17`, with days in front where there are some."""
    seconds = max(0, now - since) // 1_000_000
    days = f"{seconds // 86400}d " if now - since >= DAY else ""
    return f"{days}{seconds % 86400 // 3600:02d}:{seconds % 3600 // 60:02d}:{seconds % 60:02d}"
