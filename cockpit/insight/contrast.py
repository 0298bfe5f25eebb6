"""What tells failing requests from others: values, thresholds, lengths, missing values, odd characters. Pure.

Every factor is tested for independence (G-test, one degree of freedom), corrected for all that were tried (Bonferroni).
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from cockpit.insight import naming
from cockpit.insight.requests import Request
from cockpit.insight.sample import spread
from cockpit.insight.signature import template_of

_FEW = 5  # failing requests that must meet a factor
_SHARE = 0.05  # of requests, that must have a field
_MESSAGE = 120  # characters of a message, by which records are of one kind
_VALUES = 200  # different values of a field that are tried
_NULLS = frozenset({"", "null", "none", "nil", "-", "nan", "undefined", "n/a", "<nil>", "(null)"})
_CERTAIN = 1e-4
_STEADY = 0.9  # correlation with time above which a number counts up, and tells nothing but when it was

Number = npt.NDArray[np.float64]
Mask = npt.NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class Factor:
    """op: `=`, `>`, `<=`, `length >`, `is` (value: null, missing, not ASCII).

    errors_share, others_share: of the requests that have the field, how many meet it; lift: how many times as often a
    request fails that meets it; p: the chance of such a contrast where there is none, corrected; failing: how many.
    """

    field: str
    op: str
    value: str
    errors_share: float
    others_share: float
    lift: float
    p: float
    failing: int

    @property
    def contrast(self) -> float:
        """−1 to 1: how well it tells failing requests from others."""
        return self.errors_share - self.others_share

    def described(self, ours: str = "errors", others: str = "others") -> str:
        """`items > 1000: 98 % of errors, 0.4 % of others`"""
        return f"{self.condition()}: {percent(self.errors_share)} of {ours}, {percent(self.others_share)} of {others}"

    def condition(self) -> str:
        if self.op == "length >":
            return f"length of {self.field} > {self.value}"
        return f"{self.field} {self.op} {self.value}"


def contrast(failing: Sequence[Request], others: Sequence[Request], about: Callable[[str], bool]) -> list[Factor]:
    """Factors that tell the two groups apart, the clearest first. about: which fields are compared, by name."""
    if len(failing) < _FEW or len(others) < _FEW:
        return []
    names = Counter(name for each in (*failing, *others) for name in each.fields if about(name))
    enough = _SHARE * (len(failing) + len(others))
    tried: list[_Tried] = []
    for name, count in names.items():
        if count >= max(2 * _FEW, enough) or count >= 0.5 * len(failing):
            tried += _of_field(name, failing, others)
    tried += _missing(failing, others, about)
    tests = sum(each.tries for each in tried)
    found = [factor for each in tried if (factor := _factor(each, tests)) is not None]
    return _distinct(sorted(found, key=lambda each: (-round(each.contrast, 2), _SIMPLEST.index(each.op), each.p)))


class _Tried(NamedTuple):
    """A condition, and how many of the failing requests and of the others that have the field meet it.

    tries: among how many conditions it was chosen.
    """

    field: str
    op: str
    value: str
    met: int
    failing: int
    others_met: int
    others: int
    tries: int = 1


_SIMPLEST = ("=", "is", ">", "<=", "length >")


def _of_field(name: str, failing: Sequence[Request], others: Sequence[Request]) -> list[_Tried]:
    """All that is tried of a field."""
    values = [[each.fields[name] for each in group if name in each.fields] for group in (failing, others)]
    if len(values[0]) < _FEW or len(values[1]) < _FEW:
        return []
    sizes = len(values[0]), len(values[1])
    found: list[_Tried] = []

    def tell(op: str, value: str, holds: Callable[[str], bool]) -> None:
        met = [sum(map(holds, group)) for group in values]
        found.append(_Tried(name, op, value, met[0], sizes[0], met[1], sizes[1]))

    nulls = [sum(value.strip().lower() in _NULLS for value in group) for group in values]
    if sum(nulls):
        tell("is", "null", lambda value: value.strip().lower() in _NULLS)
    if any(not value.isascii() for group in values for value in group):
        tell("is", "not ASCII", lambda value: not value.isascii())
    counts = [Counter(group) for group in values]
    for value, times in counts[0].most_common(_VALUES):
        if times >= _FEW and value.strip().lower() not in _NULLS:
            found.append(_Tried(name, "=", value, times, sizes[0], counts[1][value], sizes[1]))
    numbers = [_numbers(group) for group in values]
    known = [np.isfinite(each) for each in numbers]
    if all(each.mean() > 0.8 for each in known) and not naming.is_id(name):
        stamps = np.array([each.at for each in others if name in each.fields], float)[known[1]]
        if not _counts_up(numbers[1][known[1]], stamps):
            found += _thresholds(name, ">", "<=", numbers[0][known[0]], numbers[1][known[1]])
    elif not any(each.mean() > 0.5 for each in known):
        lengths = [np.array([len(value) for value in group], float) for group in values]
        found += _thresholds(name, "length >", "", *lengths)
    return found


def _thresholds(name: str, above: str, below: str, failing: Number, others: Number) -> list[_Tried]:
    """The threshold that tells the groups apart best, in each direction."""
    every = np.unique(np.concatenate((failing, others)))
    if len(every) < 3:
        return []
    groups = np.sort(failing), np.sort(others)
    found = []
    for op, sign in ((above, 1), (below, -1)):
        if not op:
            continue
        best = _best_cut(every, groups, sign)
        low = float(every[best])
        high = float(every[best + 1]) if best + 1 < len(every) else low
        bound = _round_bound(low, high) if sign > 0 else low
        over = [len(each) - int(np.searchsorted(each, low, "right")) for each in groups]
        met = over if sign > 0 else [len(each) - more for each, more in zip(groups, over, strict=True)]
        found.append(_Tried(name, op, _plain(bound), met[0], len(failing), met[1], len(others), len(every)))
    return found


def _best_cut(every: Number, groups: tuple[Number, Number], sign: int) -> int:
    """The place of the value above which (sign 1) or up to which (−1) the groups (ascending) are most apart.

    every: all values, ascending, each once. Of very many some are tried, then those between the neighbours of the best.
    """
    tried = spread(len(every), 2 * _VALUES)
    best = _most_apart(every[tried], groups, sign)
    near = np.arange(tried[max(0, best - 1)], tried[min(len(tried) - 1, best + 1)] + 1)
    return int(near[_most_apart(every[near], groups, sign)])


def _most_apart(cuts: Number, groups: tuple[Number, Number], sign: int) -> int:
    over = [1.0 - np.searchsorted(each, cuts, "right") / len(each) for each in groups]
    return int(np.argmax(sign * (over[0] - over[1])))


def _round_bound(low: float, high: float) -> float:
    """The roundest number from one up to below another: between 993 and 1004, 1000."""
    for digits in range(-int(math.log10(max(abs(high), 1))), 4):
        rounded = math.ceil(round(low * 10.0**digits, 6)) / 10.0**digits
        if low <= rounded < high:
            return rounded
    return low


def _missing(failing: Sequence[Request], others: Sequence[Request], about: Callable[[str], bool]) -> list[_Tried]:
    """Fields that records of one message lack where the request fails, and have where it does not."""
    kept = [_by_message(group) for group in (failing, others)]
    found = []
    for message, wrong in kept[0].items():
        right = kept[1].get(message, [])
        if len(wrong) < _FEW or len(right) < _FEW:
            continue
        for name in {name for fields in right for name in fields if about(name)}:
            lacking = [sum(name not in fields for fields in group) for group in (wrong, right)]
            if lacking[0] >= _FEW:
                found.append(_Tried(name, "is", "missing", lacking[0], len(wrong), lacking[1], len(right)))
    return found


def _by_message(requests: Sequence[Request]) -> dict[str, list[dict[str, str]]]:
    """The fields of the records of each kind of message: numbers and ids in it masked, no further than that."""
    found: dict[str, list[dict[str, str]]] = {}
    for each in requests:
        for told in each.records:
            found.setdefault(template_of(told.message[:_MESSAGE]), []).append(told.fields)
    return found


def _factor(tried: _Tried, tests: int) -> Factor | None:
    name, op, value, met, failing, others_met, others, _ = tried
    if met < _FEW or met / failing <= others_met / others:
        return None
    p = min(1.0, g_test(met, failing, others_met, others) * tests)
    if p > _CERTAIN:
        return None
    apart = failing - met + others - others_met
    rate = met / max(1, met + others_met)
    rest = (failing - met + 0.5) / (apart + 1)
    return Factor(name, op, value, met / failing, others_met / others, rate / rest, p, met)


def _distinct(factors: Sequence[Factor]) -> list[Factor]:
    """The best of each field, and of each kind of condition on it."""
    found: dict[tuple[str, str], Factor] = {}
    for each in factors:
        found.setdefault((each.field, each.op if each.op != "=" else f"={each.value}"), each)
    return list(found.values())


def g_test(met: int, total: int, others_met: int, others: int) -> float:
    """The chance that two shares this different are of one: G-test of independence, one degree of freedom."""
    table = np.array([[met, total - met], [others_met, others - others_met]], float)
    expected = table.sum(1, keepdims=True) * table.sum(0, keepdims=True) / table.sum()
    known = table > 0
    g = 2.0 * float((table[known] * np.log(table[known] / expected[known])).sum())
    return math.erfc(math.sqrt(max(0.0, g) / 2.0))


def _numbers(values: Sequence[str]) -> Number:
    found = np.full(len(values), np.nan)
    for place, value in enumerate(values):
        try:
            found[place] = float(value)
        except ValueError:
            continue
    return found


def _counts_up(numbers: Number, times: Number) -> bool:
    """Whether a number mostly follows the time: a counter, a sequence, a gauge that creeps."""
    if len(numbers) < 8 or numbers.std() == 0 or times.std() == 0:
        return False
    ranks = [np.argsort(np.argsort(each)).astype(float) for each in (numbers, times)]
    return abs(float(np.corrcoef(ranks[0], ranks[1])[0, 1])) > _STEADY


def _plain(value: float) -> str:
    return f"{value:.0f}" if value == int(value) else f"{value:g}"


def percent(share: float) -> str:
    """`98 %`, `0.4 %`"""
    percent = share * 100
    if 0 < percent < 0.05:
        return "under 0.1 %"
    return f"{percent:.0f} %" if percent >= 10 or percent == 0 or percent == int(percent) else f"{percent:.1f} %"
