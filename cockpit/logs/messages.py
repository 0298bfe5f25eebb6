"""The messages of many records at once, as bytes: what `parse` gives for each, at a fraction of the price.

A block is read by one expression or one decoder run over all of it; only where that does not fit is a record read by
itself. Of access logs it is the request and what came of it, without what may stand behind it.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from itertools import pairwise
from operator import attrgetter
from typing import Any

import msgspec
import numpy as np

from cockpit.logs.described import MESSAGE_KEYS, Format, Reader, Wrapper
from cockpit.logs.file import LogFile
from cockpit.logs.formats import unwrapped
from cockpit.logs.levels import UPPER_WORDS
from cockpit.logs.parts import Part
from cockpit.logs.places import slices
from cockpit.logs.printable import COLOURS, text_of
from cockpit.logs.record import parse, unquoted
from cockpit.logs.sieve import trimmed

LONGEST = 2000
"""Bytes of a message that are given."""

_AT_ONCE = 1 << 20  # bytes; an expression that runs over them holds up the other threads
_NAMED = re.compile(rb"\(\?P<(\w+)>")
_BLANKS = b" \t\r\f\v\x1c\x1d\x1e\x1f"  # in text
_SEPARATORS = rb"[\]|,:%s-]*" % _BLANKS
_LEVEL = rb"(?:(?:%s)(?![\w=./-])(?=[^\n])%s)?" % (UPPER_WORDS, _SEPARATORS)
_VALUE = rb'"(?:[^"\\\n]|\\.)*"|[^\s"]*'
_PAIR = rb"[A-Za-z_][\w.\-]*=(?:%s)" % _VALUE
_REQUEST = re.compile(rb"([A-Z]{3,10} \S+)(?: HTTP/[\d.]+)?$")
_NOTHING = (b"-", b"")

Lines = Sequence[bytes]
Found = list[bytes | None]
"""Messages as far as they could be read at once; None for those of records that must be read by themselves."""


@dataclass(frozen=True, slots=True)
class Slice:
    """The messages of rows `first` to `stop - 1` of a part, each ended by a newline; none holds one."""

    first: int
    stop: int
    messages: bytes


def messages_of(file: LogFile, part: Part, first: int, stop: int, cancelled: Callable[[], bool]) -> Iterator[Slice]:
    """The messages of these rows of a part, a megabyte of the file at a time."""
    form = file.forms.of(part.first)
    objects = form.known.reader is Reader.JSON and form.wrapper is None
    several = part.long_rows
    for low, high, begin, data in slices(file, part, np.arange(first, stop), cancelled, _AT_ONCE):
        low, high = low + first, high + first
        alone = not np.any((several >= low) & (several < high))
        found = _of_objects(data, form.known.message_keys, high - low) if objects and alone else None
        if found is None:
            starts = (part.starts[low:high].astype(np.int64) - (begin - part.base)).tolist()
            lines = data.removesuffix(b"\n").split(b"\n") if alone else []
            records: Lines = lines
            if len(lines) != high - low:
                records = [data[start:stop] for start, stop in pairwise((*starts, len(data)))]
                lines = [record.partition(b"\n")[0] for record in records]
            found = joined(messages(lines, records, form))
        yield Slice(low, high, found)


def joined(found: list[bytes]) -> bytes:
    """Messages, each cut to the longest that is given and ended by a newline."""
    if max(map(len, found), default=0) > LONGEST:
        found = [each[:LONGEST] for each in found]
    return b"\n".join(found) + b"\n" if found else b""


def messages(lines: Lines, records: Lines, form: Format) -> list[bytes]:
    """The messages of records of a format. lines: the first line of each, without its newline; records: all of each."""
    bulk = _in_bulk(lines, form) if form.wrapper is None else _inner(lines, form, form.wrapper)
    found = bulk if bulk is not None else [None] * len(lines)
    return [_alone(record, form) if each is None else each for each, record in zip(found, records, strict=True)]


def _alone(record: bytes, form: Format) -> bytes:
    return parse(record, form).message.replace("\n", " ").encode("utf-8", "replace")


def _inner(lines: Lines, form: Format, wrapper: Wrapper) -> Found | None:
    """Of what a collector wrote a line around."""
    inner = [unwrapped(wrapper, line) for line in lines]
    return None if any(b"\n" in line for line in inner) else _in_bulk(inner, replace(form, wrapper=None))


def _in_bulk(lines: Lines, form: Format) -> Found | None:
    """The messages of lines of a format; None where they cannot be read at once."""
    known = form.known
    text = b"\n".join(lines)
    if known.reader is Reader.JSON:
        titles = _each_object(lines, known.message_keys)
        return [each and each[1].partition("\n")[0].encode("utf-8", "replace") for each in titles]
    if b"\r" in text:
        lines = [line.rstrip(b"\r") for line in lines]
        text = b"\n".join(lines)
    if known.reader is Reader.LOGFMT:
        return _of_pairs(lines, text)
    if known.level_below or (known.line is not None and known.line.flags):
        return None
    if known.line is not None and known.status_at is not None and known.has("request"):
        regex = _requests(known.line.pattern)
        status, request = (regex.groupindex[name] - 1 for name in ("level", "request"))
        return [_request(each[status], each[request]) for each in _matched(regex, lines, text)]
    if known.line is not None:
        if not known.has("message"):
            return None
        return _shown([each[0] for each in _matched(_line(known.line.pattern), lines, text)], text, COLOURS)
    if not form.spellings:
        return _shown(list(lines), text, None)
    if len(form.spellings) > 1:  # which of them counts is told line by line
        return None
    found = [each[-1] for each in _matched(_after_time(form.spellings[0].pattern.pattern), lines, text)]
    return _shown([None if each is None or each[:1] > b"\x7f" else each for each in found], text, None)


def _matched(regex: re.Pattern[bytes], lines: Lines, text: bytes) -> list[Sequence[bytes | None]]:
    """The groups of an expression in each line; `text` is the lines, joined. None for each where it does not match."""
    found = regex.findall(text)
    if len(found) == len(lines):
        return [(each,) for each in found] if regex.groups == 1 else found
    missing = (None,) * regex.groups
    matches = [regex.match(line) for line in lines]
    return [missing if match is None else match.groups(b"") for match in matches]


def _shown(found: Found, text: bytes, without: re.Pattern[str] | None) -> Found:
    """Messages as they are shown: as text, and without what is to be left out; None for those that say nothing."""
    if text.isascii() and b"\x1b" not in text:
        return [each if each and each.strip(_BLANKS) else None for each in found]
    shown: Found = []
    for each in found:
        drawn = text_of(each or b"")
        drawn = without.sub("", drawn) if without is not None else drawn
        shown.append(drawn.encode("utf-8", "replace") if drawn.strip() else None)
    return shown


def _request(status: bytes | None, request: bytes | None) -> bytes | None:
    """`500 GET /cart`"""
    if status is None or request is None:
        return None
    asked = _REQUEST.match(request)
    shown = asked[1] if asked is not None else b"" if request in _NOTHING else request
    return (b"" if status in _NOTHING else status) + b" " + shown


def _of_objects(data: bytes, own_keys: tuple[str, ...], count: int) -> bytes | None:
    """Of so many lines of JSON objects whose messages are one line of text each, and under one key; else None."""
    keys = (*own_keys, *MESSAGE_KEYS)
    first = _each_object([data.partition(b"\n")[0]], own_keys)[0]
    if first is None:
        return None
    title, keys = first[0], keys[: keys.index(first[0]) + 1]
    decoder, attributes = _decoder(keys)
    try:
        objects = decoder.decode_lines(data)
        values = list(map(attrgetter(attributes[title]), objects))
        text = "\n".join(values)
        others = {value for name in attributes if name != title for value in map(attrgetter(attributes[name]), objects)}
    except (ValueError, TypeError, RecursionError):
        return None
    if len(values) != count or others > {msgspec.UNSET}:
        return None
    if text.count("\n") != count - 1 or max(map(len, values)) > LONGEST // 4:
        return None
    return text.encode("utf-8", "replace") + b"\n"


def _each_object(lines: Lines, own_keys: tuple[str, ...]) -> list[tuple[str, str] | None]:
    """Of JSON objects, one by one: the first of the keys for messages that an object has, and its value.

    Two empty texts where it has none of them, None where it is no object.
    """
    keys = (*own_keys, *MESSAGE_KEYS)
    decoder, attributes = _decoder(keys)
    found: list[tuple[str, str] | None] = []
    for line in lines:
        each = _decoded(decoder, line)
        values = {name: getattr(each, attribute) for name, attribute in attributes.items()} if each is not None else {}
        found.append(_title(values, keys) if each is not None else None)
    return found


def _decoded(decoder: msgspec.json.Decoder[Any], line: bytes) -> Any:
    try:
        return decoder.decode(line) if line.startswith(b"{") else None
    except (ValueError, RecursionError):
        return None


def _title(values: dict[str, Any], keys: tuple[str, ...]) -> tuple[str, str]:
    """The first of these keys that has a value which is no object with fields of its own, and that."""
    for key in keys:
        value = values.get(key, msgspec.UNSET)
        if value is msgspec.UNSET and "." in key:
            value = values
            for name in key.split("."):
                value = value.get(name, msgspec.UNSET) if isinstance(value, dict) else msgspec.UNSET
        if value is not msgspec.UNSET and not (isinstance(value, dict) and value):
            return key, value if isinstance(value, str) else msgspec.json.encode(value).decode()
    return "", ""


@lru_cache(maxsize=64)
def _decoder(keys: tuple[str, ...]) -> tuple[msgspec.json.Decoder[Any], dict[str, str]]:
    """Reads of an object no more than these keys and what they begin with; and the attributes in which it puts them."""
    names = dict.fromkeys((*keys, *(key.partition(".")[0] for key in keys)))
    attributes = {name: f"key_{nth}" for nth, name in enumerate(names)}
    fields = [(attribute, Any, msgspec.UNSET) for attribute in attributes.values()]
    renamed = {attribute: name for name, attribute in attributes.items()}
    return msgspec.json.Decoder(msgspec.defstruct("Object", fields, rename=renamed, gc=False)), attributes


def _of_pairs(lines: Lines, text: bytes) -> Found | None:
    """Of key=value pairs, where a line holds nothing else."""
    keys = [key.encode() for key in MESSAGE_KEYS if key[0].isalpha()]
    title = next((key for key in keys if re.search(rb"(?m)(?:^|[ \t])%s=" % key, text)), None)
    if title is None:
        return None
    found = [each[0] for each in _matched(_pairs(title), lines, text)]
    return [each if each is None else _unquoted(each) for each in found]


def _unquoted(value: bytes) -> bytes | None:
    if not value.startswith(b'"'):
        return value if value.isascii() else text_of(value).encode("utf-8", "replace")
    if b"\\" in value or not value.isascii():
        return unquoted(text_of(value)).partition("\n")[0].encode("utf-8", "replace")
    return value[1:-1]


@lru_cache(maxsize=64)
def _pairs(title: bytes) -> re.Pattern[bytes]:
    before, after = rb"(?:(?!%s=)%s[ \t]+)*" % (title, _PAIR), rb"(?:[ \t]+%s)*[ \t]*$" % _PAIR
    return re.compile(rb"(?m)^[ \t]*" + before + rb"%s=(%s)" % (title, _VALUE) + after)


@lru_cache(maxsize=64)
def _line(expression: bytes) -> re.Pattern[bytes]:
    """Finds the message of each of many lines that an expression fits."""
    return re.compile(b"(?m)^(?:" + _only(trimmed(expression, "message"), b"message") + b")")


@lru_cache(maxsize=64)
def _requests(expression: bytes) -> re.Pattern[bytes]:
    """Finds status and request of each of many lines."""
    last = "level" if expression.index(b"(?P<level>") > expression.index(b"(?P<request>") else "request"
    return re.compile(b"(?m)^(?:" + _only(trimmed(expression, last), b"level", b"request") + b")")


@lru_cache(maxsize=64)
def _after_time(expression: bytes) -> re.Pattern[bytes]:
    """Finds what follows a time at the beginning of each of many lines, and a level behind that."""
    time = _only(expression, b"s")  # what other pieces of a time refer to
    return re.compile(b"(?m)^[^\n]??" + time + _SEPARATORS + _LEVEL + b"(.*)")


def _only(expression: bytes, *groups: bytes) -> bytes:
    """An expression that finds only these groups."""
    return _NAMED.sub(lambda match: match[0] if match[1] in groups else b"(?:", expression)
