"""How a source writes its lines: detected from a sample, described as data, with the reason in words."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import Enum

import msgspec

from cockpit.logs.levels import (
    LEVEL_WORDS,
    SEARCHED,
    Level,
    LevelWords,
    level_of_number,
    level_of_status,
    level_of_word,
)
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


class Heads(Enum):
    """Which lines begin a record; all others continue the one before."""

    TIMED = "those with a time at the format's place"
    EVERY = "every line"
    OBJECTS = "those that begin with {, and those right after one"
    UNINDENTED = "those that are neither indented nor empty"


class Reader(Enum):
    """How a record's first line is taken apart into message and fields."""

    JSON = "JSON object"
    LOGFMT = "key=value pairs"
    LINE = "the groups of the format's expression"
    TEXT = "what follows time and level"


@dataclass(frozen=True, slots=True)
class Sample:
    """A line that a format must read so: time (RFC 3339 UTC, None: none), level's word, message, some fields."""

    line: str
    at: str | None
    level: str
    message: str
    fields: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Known:
    """A format of the table: what its lines look like, whoever writes them.

    line: what a record's first line matches from its beginning; its group `time` holds the time, `level` the level,
    `message` the message, every other named group a field. `time_before`, `level_at`: where time and level stand
    instead, in formats whose fields come in any order. `levels`: what level words mean here that mean otherwise, or
    nothing, elsewhere. Samples are tests.
    """

    name: str
    heads: Heads
    reader: Reader
    line: re.Pattern[bytes] | None = None
    time_before: re.Pattern[bytes] | None = None
    level_at: re.Pattern[bytes] | None = None
    levels: Mapping[bytes, Level] = field(default_factory=dict)
    samples: tuple[Sample, ...] = ()


@dataclass(frozen=True, slots=True)
class Format:
    """What one source's lines look like: a known format, the spellings of its times, and `why` it was taken for it.

    `often_levelled`: whether most lines say a level where this format has it.
    """

    known: Known
    spellings: tuple[Spelling, ...]
    often_levelled: bool
    why: str
    words: LevelWords = LEVEL_WORDS

    @property
    def name(self) -> str:
        return self.known.name

    @property
    def heads(self) -> Heads:
        return self.known.heads

    def time_in(self, line: bytes) -> Found | None:
        """Where a line says its time, counted from the line's beginning."""
        return _time_in(self.known, line, self.spellings) if self.spellings else None

    def level_in(self, data: bytes, start: int, stop: int) -> tuple[int, bytes] | None:
        """Where (a position in data) the line from start to stop says its level, and the word it says."""
        return _level_in(self.known, data, start, stop)

    def level_of(self, word: bytes) -> Level:
        """The level that a word or number stands for in this format."""
        return _level_of(self.known, word)


_JSON_TIME = re.compile(rb'"(?:%s)"\s*:\s*"?' % TIME_KEYS.encode())
_JSON_LEVEL = re.compile(rb'"(?:%s)"\s*:\s*"?(\w+)' % LEVEL_KEYS.encode())
_LOGFMT_TIME = re.compile(rb'(?:^|(?<= ))(?:%s)="?' % TIME_KEYS.encode())
_LOGFMT_LEVEL = re.compile(rb'(?:^|(?<= ))(?:%s)="?(\w+)' % LEVEL_KEYS.encode())
_LOGFMT_PAIR = re.compile(rb'(?:^|(?<= ))[A-Za-z_][\w.]*=(?:"(?:[^"\\]|\\.)*"|[^" ]*)(?= |$)')
_ACCESS = re.compile(
    rb"^(?P<client>\S+) (?P<ident>\S+) (?P<user>.{1,60}?) \[(?P<time>[^\]]{10,40})\] "
    rb'"(?P<request>[^"]*)" (?P<level>[1-5]\d\d) (?P<bytes>\S+)(?: "(?P<referer>[^"]*)" "(?P<agent>[^"]*)")?'
)

JSON = Known("JSON lines", Heads.OBJECTS, Reader.JSON, None, _JSON_TIME, _JSON_LEVEL)
LOGFMT = Known("logfmt", Heads.UNINDENTED, Reader.LOGFMT, None, _LOGFMT_TIME, _LOGFMT_LEVEL)
ACCESS = Known("access log", Heads.EVERY, Reader.LINE, _ACCESS)
TEXT = Known("text with times", Heads.TIMED, Reader.TEXT, None, None, SEARCHED)
PLAIN = Known("text without times", Heads.UNINDENTED, Reader.TEXT, None, None, SEARCHED)


def detect(sample: Sequence[bytes]) -> Format:
    """The format of a source from some of its lines. Never fails: at worst, text without times."""
    lines = [line for line in sample if line.strip()]
    heads = [line for line in lines if line[:1] not in b" \t"] or lines
    total = max(1, len(heads))
    if (count := sum(map(_is_json, heads))) * 2 > total:
        return _made(JSON, heads, f"{count} of {total} lines are JSON objects")
    if (count := sum(_ACCESS.match(line) is not None for line in heads)) * 2 > total:
        return _made(ACCESS, heads, f"{count} of {total} lines are access-log lines")
    if (count := sum(map(_is_logfmt, heads))) * 2 > total:
        return _made(LOGFMT, heads, f"{count} of {total} lines are key=value pairs")
    count = sum(find_time(line) is not None for line in heads)
    if count * 10 >= total:
        return _made(TEXT, heads, f"{count} of {total} lines hold a time")
    return _made(PLAIN, heads, f"none of the known forms; {count} of {total} lines hold a time")


def _made(known: Known, lines: Sequence[bytes], why: str) -> Format:
    spelt = Counter[str]()
    levelled = 0
    for line in lines:
        found = _time_in(known, line, SPELLINGS)
        if found is not None:
            spelt[found.spelling.name] += 1
        levelled += _level_in(known, line, 0, len(line)) is not None
    names = [name for name, count in spelt.most_common() if count * 100 >= len(lines)] if known is not PLAIN else []
    by_name = {spelling.name: spelling for spelling in SPELLINGS}
    if names:
        why += f"; times as {', '.join(names)}"
    return Format(known, tuple(by_name[name] for name in names), levelled * 50 >= max(1, len(lines)), why)


def _time_in(known: Known, line: bytes, spellings: tuple[Spelling, ...]) -> Found | None:
    if known.line is not None:
        match = known.line.match(line)
        if match is None:
            return None
        start, stop = match.span("time")
        found = find_time(line[start:stop], spellings)
        return Found(start + found.start, start + found.end, found.spelling, found.shape) if found else None
    if known.time_before is None:
        return find_time(line, spellings)
    for match in known.time_before.finditer(line):
        found = find_time(line[match.end() : match.end() + 48], spellings)
        if found is not None and found.start == 0:
            return Found(match.end(), match.end() + found.end, found.spelling, found.shape)
    return None


def _level_in(known: Known, data: bytes, start: int, stop: int) -> tuple[int, bytes] | None:
    if known.line is not None:
        match = known.line.match(data, start, stop)
        if match is None or "level" not in known.line.groupindex or match["level"] is None:
            return None
        return match.start("level"), match["level"]
    match = known.level_at.search(data, start, stop) if known.level_at is not None else None
    if match is None or match.lastindex is None:
        return None
    return match.start(match.lastindex), match[match.lastindex]


def _level_of(known: Known, word: bytes) -> Level:
    level = known.levels.get(word)
    if level is not None:
        return level
    if word.isdigit():
        return level_of_status(int(word)) if known is ACCESS else level_of_number(int(word))
    return level_of_word(word.decode("latin-1"))


def _is_json(line: bytes) -> bool:
    if not line.startswith(b"{"):
        return False
    try:
        return isinstance(msgspec.json.decode(line), dict)
    except (ValueError, RecursionError):
        return False


def _is_logfmt(line: bytes) -> bool:
    pairs = _LOGFMT_PAIR.findall(line)
    return len(pairs) >= 2 and sum(map(len, pairs)) * 2 > len(line)
