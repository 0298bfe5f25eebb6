"""Makes records and requests for tests of what is judged by them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from cockpit.clock import SECOND
from cockpit.insight.requests import Request, Told
from cockpit.logs.levels import Level

FAILED = "could not be done"
DONE = "done"


def told(
    at: int = 0,
    message: str = DONE,
    fields: Mapping[str, object] | None = None,
    *,
    wrong: bool = False,
    traces: Iterable[str] = (),
    gist: str = "",
) -> Told:
    """A record; at: seconds."""
    level = Level.ERROR if wrong else Level.INFO
    given = {name: str(value) for name, value in (fields or {}).items()}
    return Told(at * SECOND, level, int(wrong), 0, message, given, tuple(traces), gist, wrong)


def request(
    at: int = 0,
    fields: Mapping[str, object] | None = None,
    *,
    wrong: bool = False,
    message: str = "",
    gist: str = "",
) -> Request:
    """A request of one record."""
    made = Request(at * SECOND)
    made.add(told(at, message or (FAILED if wrong else DONE), fields, wrong=wrong, gist=gist))
    return made


def failing(*fields: Mapping[str, object]) -> list[Request]:
    """Requests that fail, one a second, with these fields."""
    return [request(at, each, wrong=True) for at, each in enumerate(fields)]


def others(*fields: Mapping[str, object]) -> list[Request]:
    """Requests that do not fail, one a second, with these fields."""
    return [request(at, each) for at, each in enumerate(fields)]


def saying(message: str, count: int = 20, gist: str = "") -> list[Request]:
    """Requests that fail with a message."""
    return [request(at, wrong=True, message=message, gist=gist) for at in range(count)]
