"""Reads one record: its message, its fields, the lines that continue it. Done only for records that are looked at."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Any

import msgspec

from cockpit.logs.described import LEVEL_KEYS, MESSAGE_KEYS, TIME_KEYS, Format, Reader, Wrapper
from cockpit.logs.formats import unwrapped
from cockpit.logs.levels import SEARCHED
from cockpit.logs.printable import COLOURS, text_of

_SHOWN_ELSEWHERE = frozenset(f"{TIME_KEYS}|{LEVEL_KEYS}".replace("\\", "").split("|"))
_TRACES = ("exc_info", "exception", "stack", "stack_trace", "stacktrace", "traceback", "error.stack", "err.stack")
_REQUEST = re.compile(r"^(?P<method>[A-Z]{3,10}) (?P<path>\S+)(?: (?P<protocol>HTTP/[\d.]+))?$")
_NAMED = re.compile(r', ([a-z]+): ("[^"]*"|[^,]+)')
_DEEP = 40  # levels of a JSON object that become fields; what is deeper stays JSON
_ESCAPED = re.compile(r"\\(.)", re.DOTALL)
_ESCAPES = {"n": "\n", "t": "\t", "r": "\r"}
_NO_TEXT = "\ufffd"  # what stands for bytes that are no UTF-8
_PAIR = re.compile(r'(?<![\w.\-])([A-Za-z_][\w.\-]*)=("(?:[^"\\]|\\.)*"|[^\s"]*)')
_AFTER_TIME = re.compile(r"^[\]\s|,:-]*")
_EXCEPTION = re.compile(
    r"^(?:[\w$.]+(?:Error|Exception|Warning|Exit|Interrupt|Failure|Timeout)\b.*|panic: .*|[\w.$]+: .*)$"
)


Fields = tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Record:
    """A record as a person reads it.

    message: its first line without the time and level in front; fields: (name, value) in the record's own order;
    more: the lines after the first, or the stack trace that a field held; structured: whether fields are all of it;
    told: fields that the message tells already.
    """

    message: str
    fields: Fields
    more: tuple[str, ...]
    structured: bool
    told: Fields = ()

    @property
    def gist(self) -> str:
        """The one line that sums up the lines after the first: what was thrown, or the last of them."""
        for line in reversed(self.more):
            if line[:1].strip() and _EXCEPTION.match(line):
                return line
        return next((line.strip() for line in reversed(self.more) if line.strip()), "")


def parse(data: bytes, form: Format) -> Record:
    """Read the bytes of a record. Never fails: at worst the message is the first line as it stands."""
    if form.wrapper is not None:
        return _unwrapped(data, form, form.wrapper)
    first, _, rest = data.rstrip(b"\r\n").partition(b"\n")
    more = tuple(line.rstrip("\r") for line in text_of(rest).split("\n")) if rest else ()
    reader = form.known.reader
    if reader is Reader.JSON and first.startswith(b"{"):
        found = _json(first, more, form.known.message_keys)
        if found is not None:
            return found
    first = first.rstrip(b"\r")
    line = text_of(first)
    if reader is Reader.LOGFMT:
        pairs = [(name, unquoted(value)) for name, value in _PAIR.findall(line)]
        if not _PAIR.sub("", line).strip():
            return _structured(pairs, more)
        return Record(line, (), more, False, tuple(pairs))  # there is text between the pairs, or no pair at all
    known = form.known
    match = known.line.match(first) if known.line is not None else None
    if match is not None and known.status_at is not None and known.has("request"):
        return _access(match, first)
    if match is not None and known.level_below and more:
        found = _groups(match, line, ())
        return replace(found, message=more[0].partition(": ")[2] or more[0], more=more[1:])
    if match is not None:
        return _groups(match, line, more, _NAMED if known.name.startswith("nginx") else None)
    message = _message(first, line, form)
    return Record(message, (), more, False, tuple((name, unquoted(value)) for name, value in _PAIR.findall(message)))


@lru_cache(4096)
def plain_name(name: str) -> str:
    """The name of a field without what people write differently: of `http.Request-Id`, `requestid`."""
    return re.sub(r"[^a-z0-9]", "", name.rpartition(".")[2].lower())


def pretty(data: bytes) -> str | None:
    """A JSON record's first line, indented; None where it is none."""
    first = data.partition(b"\n")[0].strip()
    if not first.startswith(b"{"):
        return None
    try:
        return text_of(msgspec.json.format(first, indent=2))
    except (ValueError, RecursionError):
        return None


def typed_fields(data: bytes) -> dict[str, Any]:
    """The fields of a JSON record, nested ones by their path, with the types they have; empty where it is none."""
    first = data.partition(b"\n")[0]
    if not first.startswith(b"{"):
        return {}
    value = _decoded(first)
    return dict(_typed("", value)) if isinstance(value, dict) else {}


def _typed(prefix: str, value: dict[str, Any], depth: int = 0) -> Iterator[tuple[str, Any]]:
    for key, inner in value.items():
        if isinstance(inner, dict) and inner and depth < _DEEP:
            yield from _typed(f"{prefix}{key}.", inner, depth + 1)
        else:
            yield f"{prefix}{key}", inner


def _unwrapped(data: bytes, form: Format, wrapper: Wrapper) -> Record:
    """A record without what a collector wrote around each of its lines; that becomes fields."""
    lines = data.rstrip(b"\r\n").split(b"\n")
    inner = parse(b"\n".join(unwrapped(wrapper, line) for line in lines) + b"\n", replace(form, wrapper=None))
    match = wrapper.line.match(lines[0])
    groups = match.groupdict() if match is not None else {}
    if wrapper.escaped:
        outer = _decoded(lines[0])
        groups = dict(outer) if isinstance(outer, dict) else {}
    kept = [(name, value) for name, value in groups.items() if value and name not in ("log", "time", "part")]
    fields = tuple((name, text_of(value) if isinstance(value, bytes) else str(value)) for name, value in kept)
    return replace(inner, fields=(*inner.fields, *fields))


def _json(first: bytes, more: tuple[str, ...], message_keys: tuple[str, ...] = ()) -> Record | None:
    value = _decoded(first)
    return _structured(list(_flat("", value)), more, message_keys) if isinstance(value, dict) else None


def _decoded(line: bytes) -> Any:
    """What a line of JSON says; None where it is none. Bytes that are no UTF-8 become a sign for that."""
    try:
        return msgspec.json.decode(line)
    except (ValueError, RecursionError):  # of bytes that are no UTF-8 versions of msgspec raise different ones
        text = line.decode("utf-8", "replace")
    try:
        return msgspec.json.decode(text) if _NO_TEXT in text else None
    except (ValueError, RecursionError):
        return None


def _structured(pairs: list[tuple[str, str]], more: tuple[str, ...], message_keys: tuple[str, ...] = ()) -> Record:
    names = {name for name, _ in pairs}
    title = next((key for key in (*message_keys, *MESSAGE_KEYS) if key in names), None)
    message = next((value for name, value in pairs if name == title), "")
    first, *following = message.split("\n") if "\n" in message else (message,)
    traces = [line for name, value in pairs if name in _TRACES and "\n" in value for line in value.split("\n")]
    fields = tuple(
        (name, value)
        for name, value in pairs
        if name != title and name not in _SHOWN_ELSEWHERE and not (name in _TRACES and "\n" in value)
    )
    shown = set(fields)
    told = tuple(pair for pair in pairs if pair not in shown)
    return Record(first, fields, (*following, *traces, *more), True, told)


def _flat(prefix: str, value: dict[str, Any]) -> Iterator[tuple[str, str]]:
    for name, inner in _typed(prefix, value):
        yield name, inner if isinstance(inner, str) else msgspec.json.encode(inner).decode()


def _access(match: re.Match[bytes], first: bytes) -> Record:
    groups = {name: text_of(value) for name, value in match.groupdict().items() if value not in (None, b"-", b"")}
    request = groups.get("request", "")
    status = groups.get("level", "")
    asked = _REQUEST.match(request)
    apart = ("request", "level", "time", "ident")
    fields = tuple((name, value) for name, value in groups.items() if name not in apart)
    told = (("status", status), *(asked.groupdict("").items() if asked is not None else (("request", request),)))
    more = text_of(first[match.end() :].rstrip(b"\r")).strip()
    shown = f"{asked['method']} {asked['path']}" if asked is not None else request
    return Record(f"{status} {shown}{'  ' + more if more else ''}", fields, (), False, told)


def _groups(match: re.Match[bytes], line: str, more: tuple[str, ...], named: re.Pattern[str] | None = None) -> Record:
    """A record from the groups of a format's expression; a message may hold key=value pairs of its own."""
    groups = {name: COLOURS.sub("", text_of(value)) for name, value in match.groupdict().items() if value}
    message = groups.pop("message", "")
    message = message if message.strip() else line
    pairs = named.findall(message) if named is not None else []
    told = tuple((name, value.strip('"')) for name, value in pairs)
    told += tuple((name, unquoted(value)) for name, value in _PAIR.findall(message))
    fields = tuple((name, value.strip()) for name, value in groups.items() if name not in ("time", "level"))
    return Record(message.rstrip("\r"), fields, more, False, told)


def _message(first: bytes, line: str, form: Format) -> str:
    """The line without a time in front of it and a level right after; anywhere else they are part of the message."""
    found = form.time_in(first[:256])
    if found is None or found.start > 1:
        return line
    end = found.end
    rest = text_of(first[end:])
    rest = rest[_AFTER_TIME.match(rest).end() :]  # type: ignore[union-attr]
    level = SEARCHED.match(rest.encode("utf-8", "replace")) if rest[:1].isupper() else None
    if level is not None and level.end() < len(rest):
        rest = rest[level.end() :]
        rest = rest[_AFTER_TIME.match(rest).end() :]  # type: ignore[union-attr]
    return rest or line


def unquoted(value: str) -> str:
    """The value of a pair without the quotes around it and what is escaped in it."""
    if not value.startswith('"'):
        return value
    return _ESCAPED.sub(lambda match: _ESCAPES.get(match[1], match[1]), value[1:-1])
