"""Reads what a person types to narrow the logs: `level>=warn status>=500 path~cart -logger=health last 15m "a b"`.

And writes a filter so that it is read back as the same.
"""

from __future__ import annotations

import difflib
import re
from dataclasses import replace

from cockpit.clock import parse_time, to_rfc3339
from cockpit.logs.fields import Condition
from cockpit.logs.levels import BY_WORD, Level, level_of_word
from cockpit.logs.places import compile_pattern
from cockpit.logs.search import Filter

_TOKEN = re.compile(
    r"""\s*(?P<no>[-!])?(?:
        (?P<field>[A-Za-z_@][\w.@-]*)(?P<operator>!=|>=|<=|=|>|<|!~|~)(?P<value>"(?:[^"\\]|\\.)*"|\S+)
        | "(?P<quoted>(?:[^"\\]|\\.)*)" | ±(?P<around>\d{1,4}) | (?P<word>\S+))(?=\s|$)""",
    re.VERBOSE | re.DOTALL,
)
_QUOTED = re.compile(r'(?<![^\s=~<>!-])"(?:[^"\\]|\\.)*"(?=\s|$)', re.DOTALL)
_PLAIN = re.compile(r"[\w/:@%+-][\w/:@%+.,-]*")  # values that need no quotes, unless two points make a window of them
_LAST = re.compile(r"(?:^|(?<=\s))last\s+(\d+(?:\.\d+)?\s*[smhd])(?=\s|$)", re.IGNORECASE)
_WITHIN = re.compile(r"(?:^|(?<=\s))around\s+(\d+(?:\.\d+)?\s*[smhd])(?=\s|$)", re.IGNORECASE)
_BETWEEN = re.compile(r"(?:^|(?<=\s))([^\s=<>~]*\d[^\s=<>~]*)?\.\.([^\s=<>~]*\d[^\s=<>~]*)?(?=\s|$)")


class QueryError(Exception):
    """An expression that cannot be understood, in one sentence."""


def parse_level(word: str) -> Level:
    """The level a person names. Raises QueryError with the nearest known one."""
    level = level_of_word(word) if len(word) > 1 else Level.NONE
    if level:
        return level
    near = difflib.get_close_matches(word.lower(), BY_WORD, 1)
    hint = f"did you mean {near[0]!r}?" if near else "known: trace debug info notice warning error critical."
    raise QueryError(f"{word!r} is no level; {hint}")


def is_expression(text: str) -> bool:
    """Whether a text says more than words to look for."""
    telling = ("field", "quoted", "around")
    return any(match[name] for match in _TOKEN.finditer(text) for name in telling) or bool(
        _LAST.search(text) or _WITHIN.search(text) or _BETWEEN.search(text)
    )


def narrowed(wanted: Filter, text: str, now: int, here: int | None = None) -> Filter:
    """The filter, narrowed by what a person typed. `now`, and `here`, around which `around 5m` is: microseconds.

    Raises QueryError.

    Words without an operator are looked for as one text where there is nothing else, else each by itself.
    """
    text = text.strip()
    if not is_expression(text):
        return _with_text(wanted, text.removeprefix("!").removeprefix("-"), hidden=text[:1] in ("!", "-"))
    text, wanted = _with_window(text, wanted, now, here)
    position = 0
    while position < len(text):
        match = _TOKEN.match(text, position)
        if match is None:
            if not text[position:].strip():
                break
            rest = text[position:].strip()[:40]
            raise QueryError(f"{rest!r} cannot be read; write field=value, field~text or words.")
        position = match.end()
        hidden = match["no"] is not None
        if match["around"]:
            wanted = replace(wanted, context=int(match["around"]))
        elif match["field"]:
            wanted = _with_condition(wanted, match["field"], match["operator"], _plain(match["value"]), hidden)
        else:
            said = match["word"] if match["quoted"] is None else _unescaped(match["quoted"])
            wanted = _with_text(wanted, said, hidden=hidden)
    return wanted


def written(wanted: Filter) -> str:
    """The expression that `narrowed` reads as this filter; empty where everything is shown. Times are absolute."""
    parts = [f"level>={wanted.level.word}"] if wanted.level else []
    parts += [f"source={_value(name)}" for name in wanted.sources]
    parts += [f"trace={_value(trace)}" for trace in wanted.traces]
    if wanted.since is not None or wanted.until is not None:
        parts.append("..".join("" if at is None else to_rfc3339(at) for at in (wanted.since, wanted.until)))
    for condition in wanted.conditions:
        sign = "-" if condition.negated else ""
        parts.append(f"{sign}{condition.field}{condition.operator}{_value(condition.value)}")
    parts += [_quoted(pattern.text) for pattern in wanted.within]
    parts += [f"-{_quoted(pattern.text)}" for pattern in wanted.without]
    if wanted.context:
        parts.append(f"±{wanted.context}")
    return " ".join(parts)


def _value(text: str) -> str:
    return text if _PLAIN.fullmatch(text) and ".." not in text else _quoted(text)


def _quoted(text: str) -> str:
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'


def _with_text(wanted: Filter, text: str, *, hidden: bool) -> Filter:
    if not text.strip():
        raise QueryError("There is nothing to look for.")
    pattern = compile_pattern(text)
    if hidden:
        return replace(wanted, without=(*wanted.without, pattern))
    return replace(wanted, within=(*wanted.within, pattern))


def _with_condition(wanted: Filter, field: str, operator: str, value: str, hidden: bool) -> Filter:
    if operator in ("!=", "!~"):
        operator, hidden = operator[1], not hidden
    if field == "level":
        if operator in ("=", ">=") and not hidden:
            return replace(wanted, level=parse_level(value))
        raise QueryError("Say level>=warning, or level=warning, which means the same.")
    if field == "source" and operator == "=" and not hidden:
        return replace(wanted, sources=(*wanted.sources, value))
    if field == "trace" and operator == "=":
        return _with_trace(wanted, value, hidden=hidden)
    if operator in (">", ">=", "<", "<="):
        try:
            float(value)
        except ValueError:
            raise QueryError(f"{field} {operator} {value}: {value!r} is no number.") from None
    pattern = compile_pattern(value) if operator == "~" else None
    return replace(wanted, conditions=(*wanted.conditions, Condition(field, operator, value, hidden, pattern)))


def _with_trace(wanted: Filter, trace: str, *, hidden: bool) -> Filter:
    if hidden:
        raise QueryError(f"A trace can be shown, not hidden; hide what holds the text instead: -{trace}")
    if not trace:
        raise QueryError("trace= names no trace id.")
    return replace(wanted, traces=(*(each for each in wanted.traces if each != trace), trace))


def _with_window(text: str, wanted: Filter, now: int, here: int | None) -> tuple[str, Filter]:
    """The text without what it says of time, and the filter with it."""
    try:
        seen = _QUOTED.sub(lambda match: '"' * len(match[0]), text)  # what is quoted says nothing of time
        last = _LAST.search(seen)
        if last is not None:
            wanted = replace(wanted, since=parse_time(last[1].replace(" ", ""), now), until=None)
            text, seen = (each[: last.start()] + each[last.end() :] for each in (text, seen))
        around = _WITHIN.search(seen)
        if around is not None:
            if here is None:
                raise QueryError("There is no record to look around; write a window: 10:00..10:20.")
            reach = now - parse_time(around[1].replace(" ", ""), now)
            wanted = replace(wanted, since=here - reach, until=here + reach + 1)
            text, seen = (each[: around.start()] + each[around.end() :] for each in (text, seen))
        between = _BETWEEN.search(seen)
        if between is not None and (between[1] or between[2]):
            since = parse_time(between[1], now) if between[1] else None
            until = parse_time(between[2], now) if between[2] else None
            wanted = replace(wanted, since=since, until=until)
            text = text[: between.start()] + text[between.end() :]
    except ValueError as error:
        raise QueryError(str(error)) from None
    return text, wanted


def _plain(value: str) -> str:
    return _unescaped(value[1:-1]) if len(value) > 1 and value[0] == value[-1] == '"' else value


def _unescaped(text: str) -> str:
    return re.sub(r'\\(["\\])', r"\1", text)
