"""Time, as the whole house counts it: int microseconds since the epoch, UTC. Nothing else asks for the time."""

from __future__ import annotations

import time
from datetime import UTC, datetime
from typing import Protocol

SECOND = 1_000_000
MINUTE = 60 * SECOND
HOUR = 60 * MINUTE
DAY = 24 * HOUR


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
    whole = moment.replace(microsecond=0)
    return int(whole.timestamp()) * SECOND + moment.microsecond


def to_rfc3339(at: int) -> str:
    """`2026-11-23T10:02:11.201000Z`."""
    return to_datetime(at).strftime("%Y-%m-%dT%H:%M:%S.%fZ")


def from_rfc3339(text: str) -> int:
    """Microseconds since the epoch from RFC 3339 (any fraction, `Z` or an offset; none means UTC).

    Raises ValueError where the text is no such time.
    """
    moment = datetime.fromisoformat(text)
    if moment.tzinfo is None:
        moment = moment.replace(tzinfo=UTC)
    return from_datetime(moment)


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
    units = {"s": SECOND, "m": MINUTE, "h": HOUR, "d": DAY}
    amount = words.lstrip("-")
    if amount and amount[-1] in units and amount[:-1].replace(".", "", 1).isdigit():
        return now - round(float(amount[:-1]) * units[amount[-1]])
    parts = words.split(":")
    if len(parts) in (2, 3) and all(part.isdigit() for part in parts):
        numbers = [int(part) for part in parts] + [0]
        try:
            moment = to_local(now).replace(hour=numbers[0], minute=numbers[1], second=numbers[2], microsecond=0)
        except ValueError:
            raise ValueError(f"{text!r} is no time of day.") from None
        at = from_datetime(moment)
        return at if at <= now else at - DAY
    try:
        return from_datetime(datetime.fromisoformat(text.strip()))
    except ValueError:
        raise ValueError(f"{text!r} is not a time. Examples: 10:02, 10:02:11, 15m ago, 2026-11-23T10:02:11Z.") from None


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
