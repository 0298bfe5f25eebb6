"""Finds words that vary together in many shapes that begin alike and are as long: those of which a place has many."""

from __future__ import annotations

from collections import defaultdict

from cockpit.insight.shape import HOLE, Shape, bare, is_plain, with_hole

_FEW = 64  # shapes, below which nothing is told of them
_MOST = 4096  # shapes that are looked at
_VALUES = 8  # words at a place, and
_SHARE = 4  # shapes a word, up to which it is one that varies
_ALIKE = 8  # shapes that must become one, for others to be taken for the same
_PATTERNS = 32


class Crowd:
    """Shapes of one length and one first word; the patterns that were found in them."""

    def __init__(self, constant: int) -> None:
        """constant: how many words of a pattern must not vary."""
        self._constant = constant
        self._shapes: dict[Shape, int] = {}
        self._next = _FEW
        self._patterns: list[tuple[Shape, tuple[tuple[int, bytes], ...]]] = []  # and the words that stand in them

    def fitted(self, shape: Shape) -> Shape:
        """The pattern that a shape is a case of, or the shape."""
        for pattern, words in self._patterns:
            if all(bare(shape[nth]) == word for nth, word in words):
                return pattern
        return shape

    def add(self, shape: Shape, number: int) -> list[tuple[Shape, list[int]]]:
        """One shape more; now and then, patterns that it and others became, and the numbers of those."""
        if len(self._shapes) >= _MOST:
            return []
        self._shapes[shape] = number
        if len(self._shapes) < self._next or len(self._patterns) >= _PATTERNS:
            return []
        self._next *= 2
        found = [each for each in self._alike().items() if len(each[1]) >= _ALIKE]
        for pattern, members in found:
            words = tuple((nth, bare(word)) for nth, word in enumerate(pattern) if bare(word) != HOLE)
            self._patterns.append((pattern, words))
            for member in members:
                del self._shapes[member]
        return [(pattern, list(members.values())) for pattern, members in found]

    def _alike(self) -> dict[Shape, dict[Shape, int]]:
        """The shapes, by what becomes of them without the words that vary; those of which enough stays."""
        values = [{bare(word) for word in column} for column in zip(*self._shapes, strict=True)]
        many = [nth for nth, each in enumerate(values) if len(each) >= max(_VALUES, len(self._shapes) / _SHARE)]
        found: defaultdict[Shape, dict[Shape, int]] = defaultdict(dict)
        for shape, number in self._shapes.items():
            holes = [nth for nth in many if nth and is_plain(shape[nth])]
            pattern = shape
            for nth in holes:
                pattern = with_hole(pattern, nth)
            if holes and sum(map(is_plain, pattern)) >= max(self._constant, len(holes)):
                found[pattern][shape] = number
        return found
