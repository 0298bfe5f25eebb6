"""The words of an error's message that say something, and which of them a diff adds or removes. Pure."""

from __future__ import annotations

import math
import re
from collections.abc import Collection, Iterable, Mapping, Sequence

from cockpit.history.diff import FileChange

_WORD = re.compile(r"[A-Za-z_$][\w$]{2,63}")
_COMMON = """
    a an and any are args assert async attempt await bad been but call called can cannot case catch class code const
    could def default did does done due during else end err error errors exc except exception fail failed failure
    false file for from func function get got had has have header here host http https include info int into invalid
    its java lang last length let line log main message method missing most name new nil none not null object
    occurred off one only operand org out raise raised recent request response return self set should str string
    struct than that the their then there this thread throw time timeout trace traceback true try type unable
    undefined unexpected unhandled unsupported use used value values void warn warning was were what when where
    which while who will with without would you your
"""
_LONGEST = 8000  # characters of a message that are looked at
_MOST = 60  # words


def words_of(message: str) -> tuple[str, ...]:
    """The words that may stand in the code: names, and long words that are not in every message."""
    common = frozenset(_COMMON.split())
    found = dict.fromkeys(_WORD.findall(message[:_LONGEST]))
    return tuple(word for word in found if word.lower() not in common)[:_MOST]


def changed_words(files: Iterable[FileChange], words: Collection[str]) -> frozenset[str]:
    """Which of the words stand in lines that were added or removed."""
    if not words:
        return frozenset()
    wanted = frozenset(words)
    found: set[str] = set()
    for change in files:
        for hunk in change.hunks:
            for line in hunk.lines:
                if line.kind in "+-":
                    found |= wanted.intersection(_WORD.findall(line.text[:2000]))
    return frozenset(found)


def rarities(words: Sequence[str], diffs: Sequence[frozenset[str]]) -> Mapping[str, float]:
    """How much it says that a diff has a word: the fewer have it, the more; 0 to 1, and 0 where none has it."""
    if not diffs:
        return {}
    counts = {word: sum(word in each for each in diffs) for word in words}
    most = math.log(1 + len(diffs))
    return {word: math.log((1 + len(diffs)) / count) / most if count else 0.0 for word, count in counts.items()}
