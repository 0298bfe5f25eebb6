"""Masks, in the bytes of many messages at once, every word that holds a digit: what most of them vary in. Pure.

It works on a block as a whole (classes of bytes, where words begin and end), so that messages of one shape become the
same bytes and cost one look into a dictionary.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

_NUMBER = ord("0")
_DIGIT, _LETTER = 3, 1
_LETTERS = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz_"


@dataclass(frozen=True, slots=True)
class Masking:
    """Which bytes make a word. `classes`: 256 of them; `keeps_first`: the first word of a message is not masked."""

    classes: bytes
    keeps_first: bool = False

    def lines(self, messages: bytes) -> list[bytes]:
        """Messages, each ended by a newline, as they are but for words with a digit, which become `0`."""
        data = b"\n" + messages
        array = np.frombuffer(data, np.uint8)
        classes = np.frombuffer(data.translate(self.classes), np.uint8)
        word = classes > 0
        edges = np.flatnonzero(word[1:] != word[:-1]) + 1
        if not len(edges):
            return messages.split(b"\n")[:-1]
        numeric = np.maximum.reduceat(classes, edges)[::2] == _DIGIT
        starts, stops = edges[::2][numeric], edges[1::2][numeric]
        if self.keeps_first:
            inner = array[starts - 1] != 10
            starts, stops = starts[inner], stops[inner]
        kept = array.copy()
        kept[starts] = _NUMBER
        return kept[_outside(starts + 1, stops, len(array))][1:].tobytes().split(b"\n")[:-1]


def _outside(starts: npt.NDArray[np.int64], stops: npt.NDArray[np.int64], size: int) -> npt.NDArray[np.bool_]:
    """bool[size]: which places lie in none of these spans, which do not overlap."""
    steps = np.zeros(size + 1, np.int8)
    steps[starts] += 1
    steps[stops] -= 1
    return np.asarray(np.cumsum(steps[:-1], dtype=np.int8) == 0)


def _classes(signs: bytes) -> bytes:
    table = bytearray(128) + bytearray([_LETTER]) * 128  # what is no ASCII is part of a word
    for byte in _LETTERS + signs:
        table[byte] = _LETTER
    for byte in b"0123456789":
        table[byte] = _DIGIT
    return bytes(table)


WORDS = Masking(_classes(b".-/\\@$#*+%&~?"))
"""Of messages: a path, an address, a number with its unit is one word."""

SEGMENTS = Masking(_classes(b".-@$#*+%~:!'(),;"), keeps_first=True)
"""Of requests: each piece of a path is a word; the status in front stands as it is."""
