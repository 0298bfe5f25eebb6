"""What a record says caused it: the exception below it, or the field that names an error; without what varies. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterable

from cockpit.insight.signature import template_of
from cockpit.logs.record import plain_name

_LONGEST = 160  # characters that are looked at
_NAMES = (
    "error",
    "exception",
    "err",
    "cause",
    "excinfo",
    "errormessage",
    "exc",
    "stack",
    "stacktrace",
    "reason",
    "detail",
)
_WORDY = re.compile(r"[A-Za-z]{3}")


def cause_of(gist: str, fields: Iterable[tuple[str, str]]) -> str:
    """`TypeError: unsupported operand <*>`; empty where the record does not say."""
    if _WORDY.search(gist):
        return template_of(gist[:_LONGEST])
    told = {plain_name(name): value for name, value in fields}
    for name in _NAMES:
        value = told.get(name, "")
        if _WORDY.search(value):
            return template_of(value.split("\n")[0][:_LONGEST])
    return ""
