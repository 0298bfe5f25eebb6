"""Pieces that expressions of several formats share."""

from __future__ import annotations

import re

ISO = (
    rb"\d{4}[-/]\d\d[-/]\d\d[T ][ \d]\d:\d\d:\d\d(?:[.,:]\d{1,9})?"
    rb"(?: ?(?:Z|UTC|GMT|CES?T|BST|[ECMP][SD]T|JST|MSK|AE[SD]T|SGT|[+-]\d\d:?\d\d)(?!\w)|[+-]\d\d(?![\w:]))?"
)
LEVEL = (
    rb"(?P<level>TRACE|DEBUG|INFO|NOTICE|WARN(?:ING)?|ERROR|ERR|SEVERE|FATAL|CRIT(?:ICAL)?|PANIC|EMERG(?:ENCY)?|ALERT"
    rb"|FINE(?:R|ST)?|CONFIG|FAILURE)\b"
)
COLOUR = rb"(?:\x1b\[[\d;]*m)*"


def line(*pieces: bytes) -> re.Pattern[bytes]:
    """An expression from its pieces."""
    return re.compile(b"".join(pieces))


def iso(before: bytes, after: bytes = b"") -> re.Pattern[bytes]:
    """An expression whose time is in ISO spelling, from what stands before and after it."""
    return re.compile(before + rb"(?P<time>" + ISO + rb")" + after)
