"""The signature of a message: its constant shape, with all that varies from record to record masked. Pure."""

from __future__ import annotations

import re
from dataclasses import dataclass

_LONGEST = 2000  # characters of a message that are looked at
_VARYING = re.compile(
    r"""
      (?:  "(?:[^"\\]|\\.)*" | (?<!\w)'(?:[^'\\]|\\.)*'(?!\w) )
    | (?: (?<=\w=)[^\s,;&"')\]}]+ )
    | (?:    (?<!\w)(?:
                   [0-9a-fA-F]{8}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{12}
                 | 0[xX][0-9a-fA-F]+
                 | (?=[a-fA-F]*[0-9])[0-9a-fA-F]{8,}
                 | (?=[A-Za-z_-]*[0-9])(?=[0-9_-]*[A-Za-z])[A-Za-z0-9][A-Za-z0-9_-]{10,}
                 )(?![\w-]) )
    | (?:    (?<![\w.])(?:[0-9]{1,3}(?:\.[0-9]{1,3}){3}|(?:[0-9a-fA-F]{1,4}:){3,7}:?[0-9a-fA-F]{1,4})
                 (?::[0-9]+)?(?![\w.]) )
    | (?:     [0-9]+(?:[.,:][0-9]+)* )
    """,
    re.VERBOSE,
)
_BROKEN = re.compile(r"""[^\x20-\x7e]|["'\\/<>&]""")  # what may be spelt otherwise in the bytes of a log
_LETTERS = re.compile(r"[A-Za-z]{2}")


@dataclass(frozen=True, slots=True)
class Signature:
    """template: how it prints, `Cart <*> of <*> failed`; words: constant pieces of it, the longest first.

    A record of this signature holds each of the words as it stands.
    """

    template: str
    words: tuple[str, ...]


def template_of(message: str) -> str:
    """A message with numbers, ids, addresses, quoted texts and the values of `name=value` masked."""
    return _VARYING.sub("<*>", message[:_LONGEST]).strip()


def signature_of(message: str) -> Signature:
    """What a message has in common with all others that are the same but for what varies."""
    cut = message[:_LONGEST]
    pieces, place = [], 0
    for match in _VARYING.finditer(cut):
        pieces.append(cut[place : match.start()])
        place = match.end()
    pieces.append(cut[place:])
    words = {word.strip() for piece in pieces for word in _BROKEN.split(piece)}
    useful = [word for word in words if _LETTERS.search(word)]
    return Signature(template_of(message), tuple(sorted(useful, key=lambda word: (-len(word), word))))
