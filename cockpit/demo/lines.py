"""What the shop's three logs look like: a function each, that gives the time, the log and the text of an entry. Pure.

The application's log is JSON in UTC, the access log is the combined format with request id and seconds at its end,
the worker's log is plain text in the host's own zone, without an offset: three clocks, as one finds them.
"""

from __future__ import annotations

import json
from functools import lru_cache
from typing import Literal

from cockpit.clock import SECOND, to_datetime, to_local

LOGS = ("app.jsonl", "access.log", "worker.log")
APP, ACCESS, WORKER = range(3)

Entry = tuple[int, int, str]
"""Time (microseconds since the epoch, UTC), number of the log in LOGS, whole lines with their newlines."""

Level = Literal["info", "warning", "error"]

_MONTHS = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]
_AGENTS = (
    "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/131.0.0.0 Safari/537.36",
    "Mozilla/5.0 (iPhone; CPU iPhone OS 18_1 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) "
    "Version/18.1 Mobile/15E148 Safari/604.1",
    "Mozilla/5.0 (X11; Linux x86_64; rv:132.0) Gecko/20100101 Firefox/132.0",
    "Mozilla/5.0 (Linux; Android 14; Pixel 8) AppleWebKit/537.36 (KHTML, like Gecko) "
    "Chrome/131.0.0.0 Mobile Safari/537.36",
)
_NETWORKS = ("203.0.113", "198.51.100", "192.0.2")


def app(at: int, level: Level, logger: str, message: str, fields: str, traceback: str = "") -> Entry:
    """A line of the application's log. `fields`: JSON members, each with `, ` before it, or nothing."""
    trace = f', "exc_info": {_quoted(traceback)}' if traceback else ""
    text = (
        f'{{"ts": "{_utc(at // SECOND)}.{at % SECOND:06d}Z", "level": "{level}", "logger": "{logger}", '
        f'"msg": "{message}"{fields}{trace}}}\n'
    )
    return at, APP, text


def access(at: int, user: int, request: str, status: int, size: int, request_id: str, took: int) -> Entry:
    """A line of the access log; `took` in microseconds, `at` the end of the request."""
    return (
        at,
        ACCESS,
        (
            f'{_address(user)} - - [{_access(at // SECOND)}] "{request} HTTP/1.1" {status} {size} "-" '
            f'"{_agent(user)}" {request_id} {took // 1000 / 1000:.3f}\n'
        ),
    )


def worker(at: int, level: str, logger: str, request_id: str, message: str, traceback: str = "") -> Entry:
    """A line of the worker's log, with the lines of a traceback below it."""
    stamp = f"{_local(at // SECOND)},{at % SECOND // 1000:03d}"
    tail = f"\n{traceback}\n" if traceback else "\n"
    return at, WORKER, f"{stamp} {level} {logger} [{request_id}] {message}{tail}"


@lru_cache(8192)
def _utc(second: int) -> str:
    return to_datetime(second * SECOND).strftime("%Y-%m-%dT%H:%M:%S")


@lru_cache(8192)
def _local(second: int) -> str:
    return to_local(second * SECOND).strftime("%Y-%m-%d %H:%M:%S")


@lru_cache(8192)
def _access(second: int) -> str:
    moment = to_datetime(second * SECOND)  # not %b: the host may speak another language
    return f"{moment.day:02d}/{_MONTHS[moment.month - 1]}/{moment.year} {moment:%H:%M:%S} +0000".replace(" ", ":", 1)


@lru_cache(64)
def _quoted(text: str) -> str:
    return json.dumps(text)


@lru_cache(32768)
def _address(user: int) -> str:
    """A user's address, from the networks kept for documentation; user 0 is the load balancer."""
    if user == 0:
        return "10.0.3.7"
    return f"{_NETWORKS[user % 3]}.{user * 2654435761 % 2**32 % 254 + 1}"


@lru_cache(32768)
def _agent(user: int) -> str:
    return "kube-probe/1.30" if user == 0 else _AGENTS[user * 40503 % 65521 % len(_AGENTS)]
