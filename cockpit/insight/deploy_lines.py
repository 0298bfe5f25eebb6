"""Deploys as another program tells them: lines of `TIME REF TITLE`. Pure."""

from __future__ import annotations

import re

from cockpit.clock import parse_time
from cockpit.insight.deploys import Marker

_DAY = re.compile(r"\d{4}-\d\d-\d\d")
_OF_DAY = re.compile(r"\d\d?:\d\d(?::\d\d(?:[.,]\d+)?)?(?:Z|[+-]\d\d:?\d\d)?")
_ZONE = re.compile(r"[+-]\d\d:?\d\d|Z|UTC")
_MOST = 500
_LONG = 200  # characters of a title


def deploys_told(text: str, now: int) -> tuple[list[Marker], list[str]]:
    """The deploys that lines tell, oldest first, of many the newest; and the lines that tell none.

    now: microseconds, for times such as `15m ago`. A time is as `parse_time` takes it; it may have spaces in it.
    """
    found: list[Marker] = []
    strange: list[str] = []
    for line in text.splitlines():
        words = line.split()
        if not words:
            continue
        taken = _length(words)
        try:
            at = parse_time(_time(words[:taken]), now)
        except ValueError:
            strange.append(line.strip())
            continue
        if len(words) == taken:
            strange.append(line.strip())
            continue
        ref, title = words[taken], " ".join(words[taken + 1 :])[:_LONG]
        found.append(Marker(at, "deploy", ref[:_LONG], f"deploy {ref}: {title}" if title else f"deploy {ref}"))
    return sorted(found, key=lambda each: each.at)[-_MOST:], strange


def _length(words: list[str]) -> int:
    """How many of the words are the time."""
    if len(words) > 1 and words[1].lower() == "ago":
        return 2
    if len(words) < 2 or not _DAY.fullmatch(words[0]) or not _OF_DAY.fullmatch(words[1]):
        return 1
    return 3 if len(words) > 2 and _ZONE.fullmatch(words[2]) else 2


def _time(words: list[str]) -> str:
    """The words as one time: `2026-11-24 10:15:00 +0000` without the space before the zone."""
    if len(words) < 3:
        return " ".join(words)
    return f"{words[0]} {words[1]}{'Z' if words[2] == 'UTC' else words[2]}"
