"""How a source writes its lines: detected from a sample, described as data, with the reason in words."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from enum import Enum

import msgspec

from cockpit.logs.levels import SEARCHED
from cockpit.logs.spellings import SPELLINGS, Found, Spelling, find_time

TIME_KEYS = (
    "timestamp|@timestamp|ts|time|datetime|date|@t|t|asctime|eventTime|event_time|timeStamp|logged_at|created_at"
    "|__REALTIME_TIMESTAMP|instant"
)
LEVEL_KEYS = (
    "level|severity|lvl|levelname|log_level|loglevel|log\\.level|@l|severity_text|severityText|PRIORITY|logLevel"
    "|levelno"
)
MESSAGE_KEYS = ("message", "msg", "event", "@m", "@mt", "MESSAGE", "short_message", "log", "body", "text", "error")


class Kind(Enum):
    """How lines of a format become records and fields."""

    JSON = "JSON lines"
    LOGFMT = "logfmt"
    ACCESS = "access log"
    TEXT = "text with times"
    PLAIN = "text without times"


@dataclass(frozen=True, slots=True)
class Format:
    """What a source's lines look like.

    `time_before` must stand right before a line's time (None: the time is where a spelling finds it first);
    `level_at` finds the level, as the last group that took part. `why` says in words how it was told.
    """

    kind: Kind
    spellings: tuple[Spelling, ...]
    time_before: re.Pattern[bytes] | None
    level_at: re.Pattern[bytes] | None
    often_levelled: bool
    why: str

    @property
    def name(self) -> str:
        return self.kind.value


_JSON_TIME = re.compile(rb'"(?:%s)"\s*:\s*"?' % TIME_KEYS.encode())
_JSON_LEVEL = re.compile(rb'"(?:%s)"\s*:\s*"?(\w+)' % LEVEL_KEYS.encode())
_LOGFMT_TIME = re.compile(rb'(?:^|(?<= ))(?:%s)="?' % TIME_KEYS.encode())
_LOGFMT_LEVEL = re.compile(rb'(?:^|(?<= ))(?:%s)="?(\w+)' % LEVEL_KEYS.encode())
_LOGFMT_PAIR = re.compile(rb'(?:^|(?<= ))[A-Za-z_][\w.]*=(?:"(?:[^"\\]|\\.)*"|[^" ]*)(?= |$)')
_ACCESS = re.compile(rb'^\S+ \S+ .{0,80}\[[^\]]{10,40}\] "[^"]*" \d{3} ')
_ACCESS_LEVEL = re.compile(rb'" ([1-5]\d\d) ')


def detect(sample: Sequence[bytes]) -> Format:
    """The format of a source from some of its lines. Never fails: at worst, text without times."""
    lines = [line for line in sample if line.strip()]
    heads = [line for line in lines if line[:1] not in b" \t"] or lines
    total = max(1, len(heads))
    if (count := sum(map(_is_json, heads))) * 2 > total:
        return _made(Kind.JSON, heads, _JSON_TIME, _JSON_LEVEL, f"{count} of {total} lines are JSON objects")
    if (count := sum(_ACCESS.match(line) is not None for line in heads)) * 2 > total:
        return _made(Kind.ACCESS, heads, None, _ACCESS_LEVEL, f"{count} of {total} lines are access-log lines")
    if (count := sum(map(_is_logfmt, heads))) * 2 > total:
        return _made(Kind.LOGFMT, heads, _LOGFMT_TIME, _LOGFMT_LEVEL, f"{count} of {total} lines are key=value pairs")
    count = sum(find_time(line) is not None for line in heads)
    if count * 10 >= total:
        return _made(Kind.TEXT, heads, None, SEARCHED, f"{count} of {total} lines hold a time")
    return _made(Kind.PLAIN, heads, None, SEARCHED, f"none of the known forms; {count} of {total} lines hold a time")


def _made(
    kind: Kind, lines: Sequence[bytes], before: re.Pattern[bytes] | None, level: re.Pattern[bytes], why: str
) -> Format:
    spelt = Counter[str]()
    levelled = 0
    for line in lines:
        found = find_in(line, before, SPELLINGS)
        if found is not None:
            spelt[found.spelling.name] += 1
        levelled += level.search(line) is not None
    names = [name for name, count in spelt.most_common() if count * 100 >= len(lines)] if kind is not Kind.PLAIN else []
    by_name = {spelling.name: spelling for spelling in SPELLINGS}
    if names:
        why += f"; times as {', '.join(names)}"
    return Format(kind, tuple(by_name[name] for name in names), before, level, levelled * 50 >= max(1, len(lines)), why)


def find_in(line: bytes, before: re.Pattern[bytes] | None, spellings: tuple[Spelling, ...]) -> Found | None:
    """A line's time: where a spelling finds it first, or, with `before`, right after what that finds."""
    if before is None:
        return find_time(line, spellings)
    for match in before.finditer(line):
        found = find_time(line[match.end() : match.end() + 48], spellings)
        if found is not None and found.start == 0:
            return Found(match.end(), match.end() + found.end, found.spelling, found.shape)
    return None


def _is_json(line: bytes) -> bool:
    if not line.startswith(b"{"):
        return False
    try:
        return isinstance(msgspec.json.decode(line), dict)
    except msgspec.DecodeError:
        return False


def _is_logfmt(line: bytes) -> bool:
    pairs = _LOGFMT_PAIR.findall(line)
    return len(pairs) >= 2 and sum(map(len, pairs)) * 2 > len(line)
