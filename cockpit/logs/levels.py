"""Levels of log lines: one scale for every spelling, and the guards against words that only look like one."""

from __future__ import annotations

import random
import re
import threading
from collections.abc import Mapping
from enum import IntEnum

import numpy as np
import numpy.typing as npt

Levels = npt.NDArray[np.uint8]


class Level(IntEnum):
    """How bad a record says it is. NONE: it does not say."""

    NONE = 0
    TRACE = 1
    DEBUG = 2
    INFO = 3
    NOTICE = 4
    WARNING = 5
    ERROR = 6
    CRITICAL = 7

    @property
    def word(self) -> str:
        """`error`; empty for NONE."""
        return self.name.lower() if self else ""


_WORDS: dict[Level, tuple[str, ...]] = {
    Level.TRACE: ("trace", "trc", "finest", "finer", "verbose", "vrb"),
    Level.DEBUG: ("debug", "dbg", "fine", "debug1", "debug2", "debug3", "debug4", "debug5"),
    Level.INFO: ("info", "inf", "information", "log", "config"),
    Level.NOTICE: ("notice", "note"),
    Level.WARNING: ("warn", "warning", "wrn"),
    Level.ERROR: ("error", "err", "severe", "failure", "fail"),
    Level.CRITICAL: ("critical", "crit", "fatal", "ftl", "panic", "emerg", "emergency", "alert", "dpanic"),
}
BY_WORD: dict[str, Level] = {word: level for level, words in _WORDS.items() for word in words}
_LETTERS = {
    "t": Level.TRACE,
    "v": Level.TRACE,
    "d": Level.DEBUG,
    "i": Level.INFO,
    "n": Level.NOTICE,
    "w": Level.WARNING,
    "e": Level.ERROR,
    "f": Level.CRITICAL,
    "c": Level.CRITICAL,
}

UPPER_WORDS = rb"TRACE|DEBUG|INFO|NOTICE|WARN(?:ING)?|ERROR|ERR|SEVERE|FATAL|CRITICAL|CRIT|PANIC|EMERG|ALERT"
"""Levels as a line of text says them."""
_COLOURED = rb"(?<=\x1b\[\dm)|(?<=\x1b\[\d\dm)|(?<=\x1b\[\d;\d\dm)"
SEARCHED = re.compile(
    rb"(?:(?<![\w=./-])(?<!\bNO )(?<!\b0 )|%s)"
    rb"(%s)(?![\w=./-])"
    rb"|(?:(?<=[\[<|])|%s)(?:\w+:)?(trace|debug|info|notice|warn(?:ing)?|error|err|crit(?:ical)?|fatal|panic|alert"
    rb"|emerg|Trace|Debug|Info|Information|Notice|Warn(?:ing)?|Error|Crit(?:ical)?|Fatal)(?=[\]>|\x1b]| +\])"
    rb"|(?<![\w.-])level=\"?(\w+)" % (_COLOURED, UPPER_WORDS, _COLOURED)
)
"""Where a line of text says its level: an upper-case word by itself, one in brackets, or `level=`.

Not a level: `errors=0`, `0 ERROR`, `ERROR_LOG`, `deferred`, `warn=True`, a path, part of a word.
"""

THROWN = re.compile(
    rb"^Traceback \(most recent call last\):|^\s+\+ Exception Group Traceback|^Caused by: |^\s+at [\w$.<>/]+\("
    rb"|^\s+at \S+ (?:\[as \w+\] )?\(|^panic: |^goroutine \d+ \[|^fatal error: |^thread '[^']*'.* panicked at "
    rb"|^\tfrom \S+:\d+:in |^terminate called after |^   at [\w.]+\.\w+",
    re.MULTILINE,
)
"""Lines that only an exception writes: a record that holds one and names no level is an error."""


def level_of_word(word: str) -> Level:
    """The level a word or letter stands for, in any case; NONE for any other word."""
    lowered = word.strip().lower()
    return BY_WORD.get(lowered) or _LETTERS.get(lowered, Level.NONE)


_MONOLOG = ((500, Level.CRITICAL), (400, Level.ERROR), (300, Level.WARNING), (250, Level.NOTICE), (200, Level.INFO))


def level_of_number(number: float) -> Level:
    """The level of a number as bunyan and pino count (10 trace … 60 fatal), as Monolog does (100 debug … 600 emergency)
    or as syslog does (0 … 7 debug).
    """
    if number >= 100:
        return next((level for least, level in _MONOLOG if number >= least), Level.DEBUG)
    if number >= 10:
        steps = (Level.TRACE, Level.DEBUG, Level.INFO, Level.WARNING, Level.ERROR, Level.CRITICAL)
        return steps[min(int(number) // 10, 6) - 1]
    syslog = (Level.CRITICAL,) * 3 + (Level.ERROR, Level.WARNING, Level.NOTICE, Level.INFO, Level.DEBUG)
    return syslog[int(number)] if 0 <= number < 8 else Level.NONE


def level_of_status(status: int) -> Level:
    """The level of an HTTP status: 5xx an error, 4xx a warning, the others information."""
    return Level.ERROR if status >= 500 else Level.WARNING if status >= 400 else Level.INFO


Words = npt.NDArray[np.uint64]


class LevelWords:
    """Tells the levels of many words at once, by a table of the first eight bytes of each word it knows."""

    def __init__(self, words: Mapping[bytes, Level]) -> None:
        """`words`: what each means, in lower case; letters and digits, or one sign."""
        signs = {word: level for word, level in words.items() if not word.isalnum()}
        self._signs = np.zeros(256, np.uint8)
        self._signs[[word[0] for word in signs]] = list(signs.values())
        packed = {_packed(word): level for word, level in words.items() if word not in signs}
        self._shift = np.uint64(52 if len(packed) <= 100 else 47)
        self._factor = self._spreading(list(packed))
        self._keys = np.zeros(1 << (64 - int(self._shift)), np.uint64)
        self._levels = np.zeros(len(self._keys), np.uint8)
        slots = self._slots(np.array(list(packed), np.uint64))
        self._keys[slots] = list(packed)
        self._levels[slots] = list(packed.values())
        self._seen = np.zeros(len(self._keys), np.uint64)  # eight bytes as they came, for logs repeat themselves
        self._seen_levels = np.zeros(len(self._keys), np.uint8)
        self._learning = threading.Lock()

    def levels_of(self, words: Words) -> npt.NDArray[np.uint8]:
        """uint8[n]: levels of uint64[n], eight bytes each, the first lowest; 0 where they begin with no level word.

        Case does not matter; a word ends before the first byte that is neither letter nor digit.
        """
        slots = self._slots(words)
        levels = self._seen_levels[slots]
        new = self._seen[slots] != words
        if new.any():
            levels[new] = self._told(words[new], slots[new])
        return levels

    def _told(self, words: Words, places: npt.NDArray[np.intp]) -> npt.NDArray[np.uint8]:
        """The levels of words not seen before. A place that is free remembers one of them for ever."""
        found = _first_word(words)
        slots = self._slots(found)
        levels = np.where(self._keys[slots] == found, self._levels[slots], self._signs[words & np.uint64(0xFF)])
        places, first = np.unique(places, return_index=True)
        with self._learning:
            free = self._seen[places] == 0
            places, first = places[free], first[free]
            self._seen_levels[places] = levels[first]  # before the word: who finds that finds its level
            self._seen[places] = words[first]
        return levels

    def _slots(self, words: Words) -> npt.NDArray[np.intp]:
        return ((words * self._factor) >> self._shift).astype(np.intp)

    def _spreading(self, keys: list[int]) -> np.uint64:
        """A factor that gives each word a slot of its own."""
        chance = random.Random(1)
        while True:
            factor = chance.getrandbits(64) | 1
            if len({(key * factor & 0xFFFFFFFFFFFFFFFF) >> int(self._shift) for key in keys}) == len(keys):
                return np.uint64(factor)


def _packed(word: bytes) -> int:
    return int.from_bytes(word[:8].ljust(8, b"\0"), "little")


def _first_word(words: Words) -> Words:
    """The letters (in lower case) and digits that eight bytes begin with; zero after them."""
    seven = words & np.uint64(0x7F7F7F7F7F7F7F7F)
    lowered = seven | np.uint64(0x2020202020202020)
    letter = _between(lowered, ord("a"), ord("z"))
    digit = _between(seven, ord("0"), ord("9"))
    joining = _between(seven, ord("_"), ord("_")) | _between(seven, ord("="), ord("="))  # ERROR_LOG is another word
    other = ~((letter | digit | joining) & ~words) & np.uint64(0x8080808080808080)
    first = other & (~other + np.uint64(1))
    within = (first >> np.uint64(7)) - np.uint64(1)
    return np.asarray((lowered & within), np.uint64)


def _between(words: Words, low: int, high: int) -> Words:
    """The high bit of each byte (all below 128) that lies between two, both included."""
    ones = 0x0101010101010101
    reached = words + np.uint64((128 - low) * ones)
    passed = words + np.uint64((127 - high) * ones)
    return np.asarray(reached & ~passed, np.uint64)


NUMBERS = {
    str(number).encode(): level_of_number(number) for number in (*range(8), *range(10, 61, 10), *range(100, 601, 50))
}
USUAL_WORDS = {**{word.encode(): level for word, level in BY_WORD.items()}, **NUMBERS}
LEVEL_WORDS = LevelWords(USUAL_WORDS)
"""Tells the usual words, and the numbers of bunyan, pino and syslog."""
