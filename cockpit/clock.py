"""Time, as the whole house counts it: int microseconds since the epoch, UTC. Nothing else asks for the time."""

from __future__ import annotations

import re
import time
from datetime import UTC, datetime, timedelta
from typing import Protocol

SECOND = 1_000_000
MINUTE = 60 * SECOND
HOUR = 60 * MINUTE
DAY = 24 * HOUR
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


class Clock(Protocol):
    """What tells the time: the system's clock, or a frozen one in a test."""

    def now(self) -> int:
        """Microseconds since the epoch, UTC."""
        ...


class SystemClock:
    """The machine's own clock."""

    def now(self) -> int:
        return time.time_ns() // 1000


class FrozenClock:
    """A clock that moves only when told to."""

    def __init__(self, at: int) -> None:
        self.at = at

    def now(self) -> int:
        return self.at

    def advance(self, microseconds: int) -> None:
        self.at += microseconds


def to_datetime(at: int) -> datetime:
    """An aware UTC datetime from microseconds since the epoch."""
    seconds, micros = divmod(at, SECOND)
    return datetime.fromtimestamp(seconds, UTC).replace(microsecond=micros)


def from_datetime(moment: datetime) -> int:
    """Microseconds since the epoch; a datetime without a zone is taken as local time."""
    if moment.tzinfo is None:
        moment = moment.astimezone()
    since = moment - _EPOCH
    return (since.days * 86_400 + since.seconds) * SECOND + since.microseconds


def to_rfc3339(at: int) -> str:
    """`2026-11-23T10:02:11.201000Z`."""
    return to_datetime(at).replace(tzinfo=None).isoformat(timespec="microseconds") + "Z"


def from_rfc3339(text: str) -> int:
    """Microseconds since the epoch from RFC 3339 (any fraction, `Z` or an offset; none means UTC).

    Raises ValueError where the text is no such time.
    """
    moment = datetime.fromisoformat(text)
    if moment.tzinfo is None:
        moment = moment.replace(tzinfo=UTC)
    since = moment - _EPOCH
    return (since.days * 86_400 + since.seconds) * SECOND + since.microseconds


def to_local(at: int) -> datetime:
    """An aware datetime in the host's own zone."""
    return to_datetime(at).astimezone()


def zone_offset(wall_seconds: int) -> int:
    """How far the host's zone was ahead of UTC, in microseconds, when its wall clock showed this.

    `wall_seconds`: the wall clock's reading, as seconds since the epoch as if it were UTC. Out of range: 0.
    """
    try:
        wall = datetime.fromtimestamp(wall_seconds, UTC).replace(tzinfo=None)
        return round(wall_seconds - wall.timestamp()) * SECOND
    except (OverflowError, ValueError, OSError):
        return 0


def parse_time(text: str, now: int) -> int:
    """What a person types for a time: `10:02`, `10:02:11`, `-15m`, `15m ago`, `2026-11-23 10:02`, RFC 3339, `now`.

    A time of day is the most recent one in the host's zone. Raises ValueError with a sentence that shows examples.
    """
    words = text.strip().lower().removesuffix(" ago").strip()
    if words in ("now", ""):
        return now
    try:
        amount = _AMOUNT.fullmatch(words)
        if amount is not None:
            return _real(now - round(float(amount[1]) * _UNITS[amount[2]]))
        of_day = _OF_DAY.fullmatch(words)
        if of_day is not None:
            return _latest(int(of_day[1]), int(of_day[2]), int(of_day[3] or 0), now)
        return _real(from_datetime(datetime.fromisoformat(text.strip())))
    except (ValueError, OverflowError, OSError):
        raise ValueError(f"{text!r} is not a time. Examples: 10:02, 10:02:11, 15m ago, 2026-11-23T10:02:11Z.") from None


def length(text: str) -> int:
    """A length of time as a person types it, `90s`, `15m`, `1.5h`, `2d`: microseconds. Raises ValueError."""
    amount = _AMOUNT.fullmatch(text.strip().lower())
    if amount is None or text.strip().startswith("-"):
        raise ValueError(f"{text!r} is not a length of time. Examples: 90s, 15m, 1h.")
    return round(float(amount[1]) * _UNITS[amount[2]])


_UNITS = {"s": SECOND, "m": MINUTE, "h": HOUR, "d": DAY}
_AMOUNT = re.compile(r"-?([0-9]{1,12}(?:\.[0-9]{1,6})?)([smhd])")
_OF_DAY = re.compile(r"([0-9]{1,2}):([0-9]{1,2})(?::([0-9]{1,2}))?")


def _real(at: int) -> int:
    """A time that every part of the house can show: from the year 1 to 9999, UTC. Raises ValueError for another."""
    to_local(at)
    return at


def _latest(hour: int, minute: int, second: int, now: int) -> int:
    """The last time at which the host's wall clock showed this; an hour that was left out counts as the one after."""
    today = to_local(now).replace(tzinfo=None, hour=hour, minute=minute, second=second, microsecond=0)
    at = from_datetime(today)
    return at if at <= now else from_datetime(today - timedelta(days=1))


def duration(microseconds: int) -> str:
    """A length of time in at most two units, as a person on call says it: `41 s`, `4 min`, `2 h 05 min`, `3 d 4 h`."""
    seconds = abs(microseconds) // SECOND
    if seconds < 60:
        return f"{seconds} s"
    if seconds < 3600:
        return f"{seconds // 60} min"
    if seconds < 86400:
        return f"{seconds // 3600} h" + (f" {seconds % 3600 // 60:02d} min" if seconds % 3600 >= 60 else "")
    return f"{seconds // 86400} d {seconds % 86400 // 3600} h"
