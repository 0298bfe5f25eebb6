"""What the data of a journal entry say, or why they cannot be used."""

from __future__ import annotations

from cockpit.clock import SECOND, from_rfc3339, to_local
from cockpit.incident.journal import Entry

_SURE = 200_000_000_000 * SECOND  # until the year 8307 every zone can show a time


class Unusable(Exception):
    """Data of a known type that makes no sense; caught where entries are folded."""


def text_of(entry: Entry, name: str = "text") -> str:
    """A text that must be there. Raises Unusable."""
    value = entry.data.get(name)
    if not isinstance(value, str) or not value.strip():
        raise Unusable(f"{name} is missing")
    return value


def time_of(entry: Entry, text: object = None) -> int:
    """The entry's own time, or the one in a text: microseconds. Raises Unusable."""
    try:
        at = from_rfc3339(str(text if text is not None else entry.at))
        if not 0 <= at < _SURE:
            to_local(at)  # a time that no zone of ours can show is none
        return at
    except (ValueError, OverflowError):
        raise Unusable(f"{text or entry.at!r} is no time") from None


def number_of(value: object, what: str, low: int, high: int) -> int:
    """A number within its bounds. Raises Unusable where it is none."""
    if isinstance(value, bool) or not isinstance(value, int | float) or value != value:
        raise Unusable(f"the {what} is no number")
    return round(min(high, max(low, value)))
