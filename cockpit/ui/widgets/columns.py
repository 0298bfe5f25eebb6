"""Which fields of records are drawn as columns, which not at all, and how wide the columns are; format by format."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace

WIDEST = 40
"""Cells of a value; what is longer is cut, and whole in the record's detail."""


@dataclass(frozen=True, slots=True)
class Choice:
    """show: names of fields in the order of their columns; hide: fields that are left out. All others: as laid out."""

    show: tuple[str, ...] = ()
    hide: frozenset[str] = frozenset()

    def turned(self, name: str, *, hideable: bool) -> Choice:
        """With the next of: as laid out, a column, hidden (where it can be), as laid out …"""
        if name in self.hide:
            return replace(self, hide=self.hide - {name})
        if name not in self.show:
            return replace(self, show=(*self.show, name))
        shown = tuple(each for each in self.show if each != name)
        return Choice(shown, self.hide | {name} if hideable else self.hide)


class Columns:
    """The choices in force and the widths that values have had; these only grow, so that rows keep their columns."""

    def __init__(self, show: Iterable[str] = (), hide: Iterable[str] = ()) -> None:
        """show, hide: for formats for which nothing else is chosen."""
        self._default = Choice(tuple(show), frozenset(hide))
        self._chosen: dict[str, Choice] = {}
        self._widths: dict[tuple[str, str], int] = {}
        self._grown = False

    def of(self, form: str) -> Choice:
        """What is chosen for a format."""
        return self._chosen.get(form, self._default)

    def choose(self, form: str, choice: Choice) -> None:
        self._chosen[form] = choice

    def width(self, form: str, name: str) -> int:
        """How many cells the values of a column take."""
        return self._widths.get((form, name), 0)

    def widen(self, form: str, name: str, width: int) -> None:
        """A value of a column takes so many cells."""
        if width > self.width(form, name):
            self._widths[form, name] = width
            self._grown = True

    def grown(self) -> bool:
        """Whether a column has become wider since this was asked last: what was drawn must be drawn again."""
        grown, self._grown = self._grown, False
        return grown

    def look(self, form: str) -> tuple[object, ...]:
        """What tells how records of a format are drawn now."""
        choice = self.of(form)
        return choice, tuple(self.width(form, name) for name in choice.show)
