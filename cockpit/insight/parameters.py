"""What stands in the places of a template that vary: the values of some messages of a signature. Pure."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import re2

_HOLE = "<*>"
_LONGEST = 2000  # characters of a message that are looked at
_MANY = 8  # different numbers, from which on they are told as a range
_NUMERIC = 0.9  # of the values, that must be numbers for that
_TOLD = 3  # values
_WIDE = 40  # characters of one
_NUMBER = re.compile(r"([+-]?[0-9]+(?:\.[0-9]+)?)\s*([a-zA-Zµ%]{0,3})")


@dataclass(frozen=True, slots=True)
class Parameter:
    """place: which `<*>` of the template it is, from 1; values: of each message that was looked at."""

    place: int
    values: tuple[str, ...]

    def told(self) -> str:
        """`<1> 3 – 980, median 41` of numbers, else the most frequent values: `<2> eu-1 80 %, us-1 20 %`."""
        return f"<{self.place}> {self._range() or self._frequent()}"

    def _range(self) -> str:
        found = [match for each in self.values if (match := _NUMBER.fullmatch(each.strip())) is not None]
        units = {match[2] for match in found}
        if len(found) < _NUMERIC * len(self.values) or len(units) != 1 or len({match[1] for match in found}) < _MANY:
            return ""
        numbers = np.array([float(match[1]) for match in found])
        unit = f" {units.pop()}".rstrip()
        low, middle, high = (f"{each:g}" for each in (numbers.min(), np.median(numbers), numbers.max()))
        return f"{low} – {high}{unit}, median {middle}"

    def _frequent(self) -> str:
        counts = Counter(self.values)
        if len(counts) == len(self.values) > 1:
            return f"{self.values[0][:_WIDE]} … each another"
        told = [f"{value[:_WIDE]} {count / len(self.values) * 100:.0f} %" for value, count in counts.most_common(_TOLD)]
        more = len(counts) - _TOLD
        return ", ".join(told) + (f" and {more} more" if more > 0 else "")


def parameters(template: str, messages: Sequence[str]) -> list[Parameter]:
    """The places of a template that vary, with what stands there in messages of its signature; in their order.

    Messages that the template does not fit are left out; none, where it fits none.
    """
    pieces = template.split(_HOLE)
    if len(pieces) == 1:
        return []
    constant = [r"\s*".join(map(re2.escape, each.split())) for each in pieces]
    last = r"\s*(.*)" if not pieces[-1].strip() else r"\s*(.*?)\s*" + constant[-1]
    whole = r"(?s)^\s*" + r"\s*(.*?)\s*".join(constant[:-1]) + last
    fitting = re2.compile(whole)
    found = [match.groups() for each in messages if (match := fitting.match(each[:_LONGEST])) is not None]
    columns = zip(*found, strict=True)
    return [Parameter(nth, tuple(value.strip() for value in column)) for nth, column in enumerate(columns, 1)]
