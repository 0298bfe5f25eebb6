"""How times and amounts are shown: in the host's zone or UTC, short where short is clear."""

from __future__ import annotations

from datetime import datetime

from cockpit.clock import DAY, to_datetime, to_local


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


def age(at: int, now: int) -> str:
    """How long ago, in one unit: `now`, `4m`, `3h`, `2d`, `5w`, `3mo`, `2y`."""
    seconds = max(0, now - at) // 1_000_000
    for size, unit in ((31_536_000, "y"), (2_592_000, "mo"), (604_800, "w"), (86_400, "d"), (3600, "h"), (60, "m")):
        if seconds >= size:
            return f"{seconds // size}{unit}"
    return "now"


def elapsed(since: int, now: int) -> str:
    """`00:42:17`, with days in front where there are some."""
    seconds = max(0, now - since) // 1_000_000
    days = f"{seconds // 86400}d " if now - since >= DAY else ""
    return f"{days}{seconds % 86400 // 3600:02d}:{seconds % 3600 // 60:02d}:{seconds % 60:02d}"


def number(count: int) -> str:
    """`1 284 441`"""
    return f"{count:,}".replace(",", " ")
