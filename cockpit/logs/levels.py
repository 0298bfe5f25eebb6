"""Levels of log lines: one scale for every spelling, and the guards against words that only look like one."""

from __future__ import annotations

import re
from enum import IntEnum

import numpy as np
import numpy.typing as npt


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
    Level.INFO: ("info", "inf", "information", "log", "statement", "default", "config"),
    Level.NOTICE: ("notice", "detail", "hint"),
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

SEARCHED = re.compile(
    rb"(?<![\w=./-])(TRACE|DEBUG|INFO|NOTICE|WARN(?:ING)?|ERROR|ERR|SEVERE|FATAL|CRITICAL|CRIT|PANIC|EMERG|ALERT)(?![\w=./-])"
    rb"|(?<=[\[<|])(?:\w+:)?(trace|debug|info|notice|warn(?:ing)?|error|err|crit(?:ical)?|fatal|panic|alert|emerg"
    rb"|Trace|Debug|Info|Information|Notice|Warn(?:ing)?|Error|Crit(?:ical)?|Fatal)(?=[\]>|])"
    rb"|(?<![\w.-])level=\"?(\w+)"
)
"""Where a line of text says its level: an upper-case word by itself, one in brackets, or `level=`.

Not a level: `errors=0`, `ERROR_LOG`, `deferred`, `warn=True`, a path, part of a word.
"""

THROWN = re.compile(
    rb"^Traceback \(most recent call last\):|^\s+\+ Exception Group Traceback|^Caused by: |^\s+at [\w$.<>]+\("
    rb"|^panic: |^thread '[^']*' panicked at ",
    re.MULTILINE,
)
"""Lines that only an exception writes: a record that holds one and names no level is an error."""


def level_of_word(word: str) -> Level:
    """The level a word or letter stands for, in any case; NONE for any other word."""
    lowered = word.strip().lower()
    return BY_WORD.get(lowered) or _LETTERS.get(lowered, Level.NONE)


def level_of_number(number: float) -> Level:
    """The level of a number as bunyan and pino count (10 trace … 60 fatal) or as syslog does (0 … 7 debug)."""
    if number >= 10:
        steps = (Level.TRACE, Level.DEBUG, Level.INFO, Level.WARNING, Level.ERROR, Level.CRITICAL)
        return steps[min(int(number) // 10, 6) - 1]
    syslog = (Level.CRITICAL,) * 3 + (Level.ERROR, Level.WARNING, Level.NOTICE, Level.INFO, Level.DEBUG)
    return syslog[int(number)] if 0 <= number < 8 else Level.NONE


def level_of_status(status: int) -> Level:
    """The level of an HTTP status: 5xx an error, 4xx a warning, the others information."""
    return Level.ERROR if status >= 500 else Level.WARNING if status >= 400 else Level.INFO


def _packed(word: str) -> int:
    return int.from_bytes(word.encode()[:8].ljust(8, b"\0"), "little")


_PACKED = sorted((_packed(word), int(level)) for word, level in BY_WORD.items())
_KEYS = np.array([key for key, _ in _PACKED], np.uint64)
_VALUES = np.array([level for _, level in _PACKED], np.uint8)


def levels_of_words(block: npt.NDArray[np.uint8]) -> npt.NDArray[np.uint8]:
    """Levels of many words at once.

    block: uint8[n, 9], each row beginning with what may be a level word in any case. Returns uint8[n]; 0 where the row
    begins with no level word (longer words than eight letters are told by their first eight).
    """
    lowered = block | 0x20
    letters = (lowered >= 97) & (lowered <= 122)
    within = np.logical_and.accumulate(letters[:, :8], axis=1)
    words = np.ascontiguousarray(np.where(within, lowered[:, :8], 0)).view(np.uint64).ravel()
    position = np.minimum(np.searchsorted(_KEYS, words), len(_KEYS) - 1)
    return np.where(_KEYS[position] == words, _VALUES[position], 0).astype(np.uint8)
