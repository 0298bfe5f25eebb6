"""Whether a line's time names its zone, and if not, how far ahead of UTC it was read."""

from __future__ import annotations

from datetime import timedelta

from cockpit.clock import SECOND, to_local
from cockpit.logs.described import Format
from cockpit.logs.formats import unwrapped
from cockpit.logs.spellings import Found


def ahead_of_utc(form: Format, line: bytes, at: int) -> int | None:
    """How far ahead of UTC the time of a line was read, in microseconds; None where it names its zone, or is none.

    at: what was read, microseconds.
    """
    wrapper = form.wrapper
    if wrapper is None:
        found = form.time_in(line)
    else:
        found = wrapper.time_in(line) if wrapper.timed else form.time_in(unwrapped(wrapper, line))
    if found is None or names_zone(found):
        return None
    if form.zone is None:
        return (to_local(at).utcoffset() or timedelta()) // timedelta(microseconds=1)
    near = form.zone.offset(at // SECOND)
    return form.zone.offset((at + near) // SECOND)


def names_zone(found: Found) -> bool:
    """Whether a time is the same in every zone: it names one, or counts from the epoch."""
    return found.shape.zone is not None or any(name in "ex" for name, _, _ in found.shape.parts)
