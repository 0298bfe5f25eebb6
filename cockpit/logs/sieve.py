"""Sieves the bytes of many records for those whose line may have a field of some value: what must be read is few.

The expression of a format's lines is turned into one for RE2 that runs over a whole block and in which the group of
the field takes only what may meet the condition. It finds at least all lines that do; the rest it leaves to others.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Any

import re2

_AHEAD = re.compile(rb"\(\?<?[=!]")
_NAMED = re.compile(rb"\(\?P<(\w+)>")
_CLASSES = {b"s": rb"[\t\r\f\x0b ]", b"S": rb"[^\t\n\r\f\x0b ]", b"D": rb"[^0-9\n]", b"W": rb"[^\w\n]"}
_GREEDY = {rb"\S+": rb"[\s\x0b]", rb"\d+": rb"[^0-9]", rb"\w+": rb"\W"}  # and what ends each
_REFUSED = re.compile(rb"\\[0-9nAZ]|\(\?(?!P<|:|<?[=!])")  # of other lines, of other groups, of other flags
_NUMERIC = re.compile(rb"(?:\\d|\\\.|\d|[-+*?{},|()\[\]:])*")  # nothing but digits, points and signs
_WORD = re.compile(rb"(?:\\[Sdw.]|\[[^\]^\\ ]*\]|[\w+*?{},|:-])*")  # nothing that takes a blank
_WHOLE = re.compile(r"(\d*)(?:\.\d*)?")


class _NoSieve(Exception):
    """An expression that cannot be run over many lines."""


def numbers_like(operator: str, value: str) -> bytes:
    """An expression of at least all plain decimal numbers that are > >= < or <= a value."""
    match = _WHOLE.fullmatch(value.removeprefix("+"))
    below = operator in ("<", "<=")
    if match is None:
        return rb"[0-9.]+"
    digits = match[1].lstrip("0")
    if not digits:
        return rb"0*(?:\.\d*)?" if below else rb"[0-9.]+"
    count = len(digits)
    ways = [digits]
    for place, digit in enumerate(digits):
        low, high = ("0", chr(ord(digit) - 1)) if below else (chr(ord(digit) + 1), "9")
        if low <= high:
            ways.append(f"{digits[:place]}[{low}-{high}]" + rf"\d{{{count - place - 1}}}")
    ways.append(rf"\d{{0,{count - 1}}}" if below else rf"[1-9]\d{{{count},}}")
    return rf"0*(?:{'|'.join(ways)})(?:\.\d*)?".encode()


def comparing(operator: str, value: str, group: bytes) -> bytes:
    """What a group may take whose value, read as a number, is > >= < or <= another; `group`: the group's expression."""
    plain = numbers_like(operator, value)
    if _NUMERIC.fullmatch(group):
        return plain + rb"|[-+][0-9.]*"
    blank, other = (b"", rb"[^\s\x0b]") if _WORD.fullmatch(group) else (rb"\t\r\f\x0b ", rb"[^\n]")
    odd = rb"_eE+\x80-\xff" + blank + b"-"  # what else Python reads as a number
    ways = (plain, rb"[0-9.]*[%s][0-9.%s]*" % (odd, odd), rb"[+%s-]*(?i:inf|nan)[a-zA-Z%s]*" % (blank, blank))
    return b"|".join((*ways, rb"%s*\x1b%s*" % (other, other)))


def equalling(value: str, group: bytes) -> bytes:
    """What a group may take whose value is a text."""
    blank, other = (b"", rb"[^\s\x0b]") if _WORD.fullmatch(group) else (rb"[\t\r\f\x0b ]*", rb"[^\n]")
    return rb"%s%s%s|%s*\x1b%s*" % (blank, re2.escape(value.encode()), blank, other, other)


@lru_cache(maxsize=64)
def sieve(expression: bytes, flags: int, group: str, operator: str, value: str) -> Any:
    """Compiled for bytes: begins a match at each line that may meet the condition; None where that cannot be told.

    expression, flags: Python's, of a line from its beginning; group: the name of the group compared; operator: > >= <
    <= or =.
    """
    if flags:
        return None
    try:
        text = _over_lines(trimmed(expression, group), group.encode(), operator, value)
        options = re2.Options()
        options.log_errors = False
        return re2.compile(text, options=options)
    except (_NoSieve, re2.error):
        return None


@lru_cache(maxsize=64)
def trimmed(expression: bytes, group: str) -> bytes:
    """An expression without what may be left out at its end, behind a group: the group matches the same without it."""
    wanted, ends, place = b"(?P<%s>" % group.encode(), [], 0
    while place < len(expression):
        byte, start = expression[place : place + 1], place
        if byte == b"|":
            return expression
        if byte == b"(":
            place = _group_end(expression, place)
        else:
            place = _class_end(expression, place) if byte == b"[" else place + (2 if byte == b"\\" else 1)
        ends.append((start, place, byte))
    while len(ends) > 1 and ends[-1][2] == b"?" and ends[-2][2] == b"(":
        start, stop, _ = ends[-2]
        if wanted in expression[start:stop]:
            break
        expression = expression[:start]
        del ends[-2:]
    return expression


def _over_lines(expression: bytes, wanted: bytes, operator: str, value: str) -> bytes:
    """The expression, so that it neither leaves its line nor looks around, with the wanted group narrowed."""
    if _REFUSED.search(expression.replace(rb"\\", b"")):
        raise _NoSieve
    found = bytearray(b"(?m)^(?:")
    holding: list[bool] = []  # of each group that is open, whether the wanted one is in it
    place = 0
    while place < len(expression):
        byte = expression[place : place + 1]
        if byte == b"\\":
            escaped = expression[place + 1 : place + 2]
            found += _CLASSES.get(escaped, b"\\" + escaped)
            place += 2
        elif byte == b"[":
            end = _class_end(expression, place)
            found += _one_line_class(expression[place:end])
            place = end
        elif _AHEAD.match(expression, place):
            place = _group_end(expression, place)
        elif (named := _NAMED.match(expression, place)) is not None and named[1] == wanted:
            end = _group_end(expression, place)
            inner = expression[named.end() : end - 1]
            found += b"(?:%s)" % (equalling(value, inner) if operator == "=" else comparing(operator, value, inner))
            if end == len(expression) and inner in _GREEDY:  # nothing follows, so it takes all it can
                found += b"(?:%s|$)" % _GREEDY[inner]
            holding = [True] * len(holding)
            place = _needed(expression, end, found)
        elif byte == b"(":
            holding.append(False)
            found += b"(?:"
            place = (
                named.end() if named is not None else place + (3 if expression[place + 1 : place + 2] == b"?" else 1)
            )
        elif byte == b")":
            found += byte
            place = _needed(expression, place + 1, found) if holding.pop() else place + 1
        else:
            found += rb"\r*$" if byte == b"$" else byte
            place += 1
    return bytes(found) + b")"


def _needed(expression: bytes, place: int, found: bytearray) -> int:
    """Past the sign that lets the group before be left out; for the wanted one must not be."""
    sign = expression[place : place + 1]
    if sign == b"{":
        raise _NoSieve
    if sign == b"*":
        found += b"+"
    lazy = sign in (b"?", b"*") and expression[place + 1 : place + 2] == b"?"
    return place + (2 if lazy else 1 if sign in (b"?", b"*") else 0)


def _class_end(expression: bytes, place: int) -> int:
    place += 2 if expression[place + 1 : place + 2] == b"^" else 1
    place += 1 if expression[place : place + 1] == b"]" else 0
    while expression[place : place + 1] != b"]":
        place += 2 if expression[place : place + 1] == b"\\" else 1
    return place + 1


def _group_end(expression: bytes, place: int) -> int:
    depth = 0
    while True:
        byte = expression[place : place + 1]
        if byte == b"\\":
            place += 2
            continue
        if byte == b"[":
            place = _class_end(expression, place)
            continue
        depth += (byte == b"(") - (byte == b")")
        place += 1
        if not depth:
            return place


def _one_line_class(text: bytes) -> bytes:
    """A class of bytes without the end of a line."""
    if re.search(rb"\\[SDW]|\\x0|\\[trfv0]-|[\x00-\x1f]", text):
        raise _NoSieve
    text = text.replace(rb"\s", rb"\t\r\f\x0b ")
    return text[:-1] + rb"\n]" if text.startswith(b"[^") else text
