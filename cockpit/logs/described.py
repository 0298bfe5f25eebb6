"""How formats are described, as data: what a format's lines look like, and what one source's lines look like."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import Enum
from functools import lru_cache

from cockpit.logs.levels import LEVEL_WORDS, SEARCHED, USUAL_WORDS, Level, LevelWords, level_of_number, level_of_status
from cockpit.logs.levels import level_of_word as usual_level
from cockpit.logs.spellings import SPELLINGS, Found, Spelling, find_time
from cockpit.zones import Zone

TIME_KEYS = (
    "timestamp|@timestamp|ts|time|datetime|date|@t|t|asctime|eventTime|event_time|timeStamp|logged_at|created_at"
    "|__REALTIME_TIMESTAMP|instant|epochSecond|timeMillis|timeUnixNano|observedTimeUnixNano|time_unix_nano|log_time"
)
LEVEL_KEYS = (
    "level|severity|lvl|levelname|log_level|loglevel|log\\.level|@l|severity_text|severityText|PRIORITY|logLevel"
    "|levelno|level_name"
)
MESSAGE_KEYS = ("message", "msg", "event", "@m", "@mt", "MESSAGE", "short_message", "log", "body", "text", "error")
_BEGINS = 2  # how far into a line a time may stand that begins it
_TIME_ROOM = 72  # bytes in which the longest time ends


class Heads(Enum):
    """Which lines begin a record; all others continue the one before."""

    TIMED = "those with a time at the format's place"
    LEVELLED = "those with a level at the format's place"
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
    instead, in formats whose fields come in any order; `level_at` is searched from the message on where `line` names
    no level. `status_at`: where an HTTP status stands that tells the level. `telling`: what a line of a dialect
    holds, where `line` does not say. `levels`: what level words (in lower case) mean here that mean otherwise, or
    nothing, elsewhere. `continuing`: levels that a line of the record before names, not a record. `message_keys`:
    where a dialect keeps its message. `level_below`: whether the level stands in the record's second line.
    Samples are tests.
    """

    name: str
    heads: Heads
    reader: Reader
    line: re.Pattern[bytes] | None = None
    time_before: re.Pattern[bytes] | None = None
    level_at: re.Pattern[bytes] | None = None
    status_at: re.Pattern[bytes] | None = None
    telling: re.Pattern[bytes] | None = None
    levels: Mapping[bytes, Level] = field(default_factory=dict)
    continuing: tuple[bytes, ...] = ()
    message_keys: tuple[str, ...] = ()
    level_below: bool = False
    samples: tuple[Sample, ...] = ()

    def has(self, group: str) -> bool:
        """Whether the expression of its lines names this group."""
        return self.line is not None and group in self.line.groupindex


@dataclass(frozen=True, slots=True)
class Wrapper:
    """What a collector writes around each line of a program.

    line: what stands before the program's own line, from the beginning; named groups are fields, `time` the time.
    That ends right after the `count`-th byte `mark` of the line. `time_before`: where the collector's time stands
    instead. `escaped`: whether the program's line is the beginning of a JSON string.
    """

    name: str
    line: re.Pattern[bytes]
    mark: bytes
    count: int
    time_before: re.Pattern[bytes] | None = None
    escaped: bool = False
    samples: tuple[Sample, ...] = ()

    @property
    def timed(self) -> bool:
        return self.time_before is not None or "time" in self.line.groupindex

    def time_in(self, line: bytes) -> Found | None:
        """Where the collector says the time."""
        if self.time_before is not None:
            return _time_after(self.time_before, line, SPELLINGS)
        match = self.line.match(line)
        return _within(line, *match.span("time"), SPELLINGS) if match is not None else None

    def inner(self, line: bytes) -> bytes:
        """The program's own line (of a JSON string: its bytes as escaped, up to the end of the line)."""
        match = self.line.match(line)
        return line[match.end() :] if match is not None else line


@dataclass(frozen=True, slots=True)
class Format:
    """What one source's lines look like: a known format, the spellings of its times, and `why` it was taken for it.

    `often_levelled`: whether most lines say a level where this format has it. `reach`: a time that begins further
    into a line than this begins no record. `wrapper`: what a collector wrote around each line of the known format.
    `zone`: in which times are read that name none (None: the host's).
    """

    known: Known
    spellings: tuple[Spelling, ...]
    often_levelled: bool
    why: str
    words: LevelWords = LEVEL_WORDS
    reach: int = 4096
    wrapper: Wrapper | None = None
    zone: Zone | None = None

    @property
    def name(self) -> str:
        return self.known.name if self.wrapper is None else f"{self.known.name} in {self.wrapper.name}"

    @property
    def heads(self) -> Heads:
        return self.known.heads

    def time_in(self, line: bytes) -> Found | None:
        """Where a line (without what is wrapped around it) says its time, counted from the line's beginning."""
        if not self.spellings:
            return None
        found = time_in(self.known, line, self.spellings)
        if found is None and self.known.line is not None and self.heads is Heads.TIMED:
            found = find_time(line[:_TIME_ROOM], self.spellings)  # a line unlike the others that yet begins with a time
            return found if found is not None and found.start <= _BEGINS else None
        return found if found is not None and found.start <= self.reach else None

    def level_in(self, data: bytes, start: int, stop: int) -> tuple[int, bytes] | None:
        """Where (a position in data) the line from start to stop says its level, and the word it says."""
        found = level_in(self.known, data, start, stop)
        if found is None and self.known.line is not None and self.known.line.match(data, start, stop) is None:
            match = SEARCHED.search(data, start, stop)  # a line unlike the others may yet say one
            return (match.start(match.lastindex), match[match.lastindex]) if match and match.lastindex else None
        return found

    def level_of(self, word: bytes) -> Level:
        """The level that a word or number stands for in this format."""
        return level_of(self.known, word)


def time_in(known: Known, line: bytes, spellings: tuple[Spelling, ...]) -> Found | None:
    """Where a line of a known format says its time, in one of these spellings."""
    if known.line is not None:
        match = known.line.match(line) if known.has("time") else None
        return _within(line, *match.span("time"), spellings) if match is not None and match["time"] else None
    if known.time_before is None:
        return find_time(line, spellings)
    return _time_after(known.time_before, line, spellings)


def level_in(known: Known, data: bytes, start: int, stop: int) -> tuple[int, bytes] | None:
    """Where (a position in data) a line of a known format says its level, and the word it says."""
    searched = start
    if known.line is not None:
        match = known.line.match(data, start, stop)
        if match is None:
            return None
        if "level" in known.line.groupindex and match["level"]:
            return match.start("level"), match["level"]
        if "message" in known.line.groupindex and match["message"] is not None:
            searched = match.start("message")
    match = known.level_at.search(data, searched, stop) if known.level_at is not None else None
    if match is None or match.lastindex is None:
        return None
    return match.start(match.lastindex), match[match.lastindex]


def level_of(known: Known, word: bytes) -> Level:
    """The level that a word or number stands for in a known format."""
    level = known.levels.get(word.lower())
    if level is not None:
        return level
    if word.isdigit():
        return level_of_status(int(word)) if known.status_at is not None else level_of_number(int(word))
    return usual_level(word.decode("latin-1"))


def words_of(known: Known) -> LevelWords:
    """What tells the level words of a known format at once."""
    return _words(tuple(sorted(known.levels.items()))) if known.levels else LEVEL_WORDS


@lru_cache(maxsize=32)
def _words(levels: tuple[tuple[bytes, Level], ...]) -> LevelWords:
    return LevelWords({**USUAL_WORDS, **dict(levels)})


def _within(line: bytes, start: int, stop: int, spellings: tuple[Spelling, ...]) -> Found | None:
    for begin in (start, max(0, start - 1)):  # some spellings are known by the letter before them
        found = find_time(line[begin:stop], spellings)
        if found is not None and begin + found.start >= start:
            return Found(begin + found.start, begin + found.end, found.spelling, found.match)
    return None


def _time_after(key: re.Pattern[bytes], line: bytes, spellings: tuple[Spelling, ...]) -> Found | None:
    for match in key.finditer(line):
        found = find_time(line[match.end() : match.end() + _TIME_ROOM], spellings)
        if found is not None and found.start == 0:
            return Found(match.end(), match.end() + found.end, found.spelling, found.match)
    return None
