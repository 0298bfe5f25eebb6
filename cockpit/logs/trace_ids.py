"""Which values of a record are trace ids: what a request, a job or a transaction is called in all its records."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Collection
from functools import lru_cache

import re2

from cockpit.logs.file import LogFile
from cockpit.logs.parts import Part
from cockpit.logs.places import Pattern, Rows, holding
from cockpit.logs.record import Record, plain_name

_NAMES = frozenset(
    {
        *("traceid", "ddtraceid", "xtraceid", "xb3traceid", "traceparent", "xid", "txn", "txnid", "transactionid"),
        *("requestid", "xrequestid", "reqid", "xreqid", "rid", "awsrequestid", "cfray", "jobid", "taskid"),
        *("correlationid", "xcorrelationid", "operationid", "opid"),
    }
)
_BARE = ("trace", "correlation")  # names that say it only alone, not at the end of a path
_SHAPED = re.compile(
    r"(?<![\w-])(?:req-)?[0-9a-fA-F]{8}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{12}(?![\w-])"
    r"|(?<![\w-])(?:[0-9a-f]{32}|[0-9a-f]{16})(?![\w-])"
    r"|(?<![\w-])req[-_][A-Za-z0-9]{6,40}(?![\w-])"
)
_LETTER = re.compile(r"[a-z]")
_EMPTY = re.compile(r"(?:[0-]*|null|nil|none|undefined|unknown|true|false|\(null\)|<nil>)", re.IGNORECASE)
_SHORTEST = len("req-") + 6  # characters of an id that is told by its shape
_SEARCHED = 4096  # characters of a value in which ids are looked for by their shape
LOOKED_FOR = (
    "fields named like trace_id, request_id, correlation_id, x-request-id, traceparent, job_id, txn or opid, "
    "and values that look like a UUID, 16 or 32 hexadecimal digits, or req-…"
)
"""What is taken for a trace id, in words."""
_MOST = 16
_SHORT = 14  # characters


def trace_ids(record: Record) -> tuple[tuple[str, str], ...]:
    """The trace ids of a record as (field, value), those of named fields first, each value once; at most 16.

    By name: trace_id, traceId, request_id, x-request-id, correlation_id, opid, txn … but never a span's. By shape, in
    the message and the other fields' values (field: the empty text for the message): a UUID, 16 or 32 hexadecimal
    digits with a letter among them, `req-…`.
    """
    found: dict[str, str] = {}
    fields = (*record.told, *record.fields)
    for name, value in fields:
        if not _is_named(name):
            continue
        said = _of_parent(name, value)
        if 4 <= len(said) <= 128 and said.split() == [said] and not _EMPTY.fullmatch(said):
            found.setdefault(said, name)
    for name, value in (("", record.message), *fields):
        if len(value) < _SHORTEST or "span" in name.lower() or plain_name(name) == "parentid":
            continue
        for match in _SHAPED.finditer(value[:_SEARCHED]):
            text = match[0]
            if not _EMPTY.fullmatch(text) and (len(text) not in (16, 32) or _LETTER.search(text)):
                found.setdefault(text, name)
    return tuple((name, value) for value, name in found.items())[:_MOST]


def holding_trace(file: LogFile, part: Part, rows: Rows, ids: Collection[str], stop: Callable[[], bool]) -> Rows:
    """int64[m]: which of these rows of a part hold one of these trace ids as a whole word, in its first line or later.

    The ids are looked for as plain bytes; only the few records that hold one are looked at more closely.
    """
    spellings = [spelling for each in ids for spelling in _spellings(each)]
    words = tuple(each.encode("utf-8", "surrogateescape") for each in spellings)
    escaped = "|".join(re2.escape(each) for each in spellings)
    rows = rows[holding(file, part, rows, Pattern(escaped, escaped, True, words), stop)]
    whole = rf"(?:^|[^0-9A-Za-z_])(?:{escaped})(?:$|[^0-9A-Za-z_])"
    return rows[holding(file, part, rows, Pattern(whole, whole, False), stop)]


def short_trace(trace: str) -> str:
    """`7f3a9c01b2d44…`: as much of a trace id as a line has room for."""
    return trace if len(trace) <= _SHORT else f"{trace[: _SHORT - 1]}…"


def _spellings(value: str) -> list[str]:
    """A value as it may stand in a log: as it is, or escaped as JSON in one way or the other."""
    escaped = [json.dumps(value, ensure_ascii=only)[1:-1] for only in (False, True)]
    return sorted({value, *escaped, *(each.replace("/", "\\/") for each in escaped)})


@lru_cache(4096)
def _is_named(name: str) -> bool:
    """Whether a field of this name holds a trace id; of a path the last name counts, or the last two (`trace.id`)."""
    lowered = name.lower()
    if "span" in lowered:
        return False
    last_two = re.sub(r"[^a-z0-9]", "", "".join(lowered.split(".")[-2:]))
    return plain_name(name) in _NAMES or last_two in _NAMES or lowered in _BARE


def _of_parent(name: str, value: str) -> str:
    """The trace id in a W3C traceparent (version-trace-span-flags); any other value as it is."""
    parts = value.split("-")
    return parts[1] if plain_name(name) == "traceparent" and len(parts) == 4 else value
