"""Zones of time as a person names them, and which one is meant for which source of lines."""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from fnmatch import fnmatchcase
from pathlib import Path

from cockpit.clock import HOUR, MINUTE
from cockpit.paths import expanded

ALL = "*"
"""The pattern that every source fits."""
_OFFSET = re.compile(r"(?:UTC|GMT)?([+-])(\d{1,2})(?::?([0-5]\d))?", re.IGNORECASE)
_MOST = 15  # hours that a zone is ahead or behind, at most


class ZoneError(Exception):
    """A zone that is not known, in one sentence with the nearest that is."""


@dataclass(frozen=True, slots=True)
class Zone:
    """A zone of time. `fixed`: how far it is ahead of UTC (microseconds); None: as the table of zones says."""

    name: str
    fixed: int | None = None

    def offset(self, wall_seconds: int) -> int:
        """How far it was ahead of UTC, in microseconds, when its wall clock showed this.

        `wall_seconds`: as seconds since the epoch as if it were UTC. In a gap or overlap: the first reading; out of
        range: 0.
        """
        if self.fixed is not None:
            return self.fixed
        from zoneinfo import ZoneInfo

        try:
            wall = datetime.fromtimestamp(wall_seconds, UTC).replace(tzinfo=ZoneInfo(self.name))
            return (wall.utcoffset() or timedelta()) // timedelta(microseconds=1)
        except (OverflowError, ValueError, OSError):
            return 0


def parse_zone(text: str) -> Zone:
    """A zone by its IANA name (`Europe/Berlin`), `UTC`, or an offset (`+02:00`). Raises ZoneError."""
    from zoneinfo import ZoneInfo

    name = text.strip()
    if name.upper() in ("UTC", "Z", "GMT"):
        return Zone("UTC", 0)
    offset = _OFFSET.fullmatch(name)
    if offset is not None and int(offset[2]) <= _MOST:
        length = int(offset[2]) * HOUR + int(offset[3] or 0) * MINUTE
        return Zone(f"{offset[1]}{int(offset[2]):02d}:{offset[3] or '00'}", -length if offset[1] == "-" else length)
    try:
        return Zone(ZoneInfo(name).key)
    except (KeyError, ValueError, OSError):
        raise ZoneError(f"There is no zone {text!r}; {_hint(name)}") from None


def _hint(name: str) -> str:
    from zoneinfo import available_timezones

    known = {zone.lower(): zone for zone in available_timezones()}
    if not known:
        return "this host has no table of zones; write an offset like +02:00."
    wanted = name.lower().replace(" ", "_")
    cities = [zone for zone in known if zone.rpartition("/")[2] == wanted.rpartition("/")[2]]
    near = cities or difflib.get_close_matches(wanted, known, 1)
    return f"did you mean {known[min(near)]!r}?" if near else "write one like Europe/Berlin, UTC or +02:00."


class Zones:
    """Which zone the times of a source are in that name none; where nothing is said: that of the host."""

    def __init__(self, named: Mapping[str, str] | None = None) -> None:
        """`named`: zones by the name of a source, or a pattern of its name or path. Raises ZoneError."""
        found = {pattern: parse_zone(text) for pattern, text in (named or {}).items()}
        self._by_pattern = dict(sorted(found.items(), key=lambda each: (_open(each[0]), -len(each[0]))))

    def of(self, name: str, path: Path) -> Zone | None:
        """The zone of a source: that of its very name or path, else of the longest pattern that it fits."""
        for pattern, zone in self._by_pattern.items():
            wanted = str(expanded(pattern))
            if any(fnmatchcase(text, wanted) or text == pattern for text in (name, str(path), str(path.absolute()))):
                return zone
        return None


def _open(pattern: str) -> bool:
    """Whether a pattern may fit more than one source."""
    return bool(set(pattern) & set("*?["))


def read_zones(given: Iterable[str]) -> dict[str, str]:
    """Zones by pattern, from what a person types: `NAME=ZONE`, or `ZONE` for all. Raises ZoneError."""
    found: dict[str, str] = {}
    for text in given:
        name, _, zone = text.strip().rpartition("=")
        parse_zone(zone)
        found[name or ALL] = zone
    return found


def over(below: Mapping[str, str], above: Mapping[str, str]) -> dict[str, str]:
    """Zones by pattern where `above` goes before: what it says of all sources leaves nothing to those below."""
    return dict(above) if ALL in above else {**below, **above}
