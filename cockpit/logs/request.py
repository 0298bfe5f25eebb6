"""What records tell of the request they belong to: who asked for what, and what came of it. By the names of fields."""

from __future__ import annotations

import re
from collections.abc import Iterable

from cockpit.logs.record import Record, plain_name

_NAMES = frozenset(
    {
        *("method", "httpmethod", "requestmethod", "verb", "request", "path", "url", "uri", "requesturi"),
        *("requestpath", "endpoint", "route", "operation", "status", "statuscode", "httpstatus", "responsestatus"),
        *("user", "userid", "uid", "username", "customerid", "accountid", "tenant", "tenantid", "orgid", "orderid"),
        *("cartid", "items", "ip", "clientip", "remoteaddr", "remoteaddress", "client", "useragent", "referer"),
        *("duration", "durationms", "elapsed", "elapsedms", "latency", "latencyms", "requestid", "traceid"),
        *("correlationid", "version", "release"),
    }
)
_SAID = re.compile(r"\b(GET|HEAD|POST|PUT|PATCH|DELETE|OPTIONS) (/[^\s\"']*|https?://[^\s\"']+)")
_ASKED = ("method", "httpmethod", "requestmethod", "verb", "request")
_VALUES = 5
_LONGEST = 500  # characters


def request_of(records: Iterable[Record]) -> dict[str, list[str]]:
    """By the name of a field, the different values that records give it, at most five, each at most 500 characters."""
    found: dict[str, list[str]] = {}
    for record in records:
        for name, value in (*record.told, *record.fields, *_said(record)):
            short = value.strip()[:_LONGEST]
            if short and _is_asked(name):
                values = found.setdefault(name, [])
                if short not in values and len(values) < _VALUES:
                    values.append(short)
    return found


def _said(record: Record) -> tuple[tuple[str, str], ...]:
    """Method and path, where no field has them but the message: `POST /checkout failed`."""
    if any(plain_name(name) in _ASKED for name, _ in (*record.told, *record.fields)):
        return ()
    match = _SAID.search(record.message[:_LONGEST])
    return () if match is None else (("method", match[1]), ("path", match[2]))


def _is_asked(name: str) -> bool:
    return plain_name(name) in _NAMES
