"""What tells some records from others: those a filter keeps from the rest, or those after a time from those before.

Records of one request are compared as one. Of many a sample is read: around records of the first group, spread over
all of it, and over all of the rest.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass, replace
from typing import Any

from cockpit.insight import naming
from cockpit.insight.contrast import Factor, contrast
from cockpit.insight.requests import Told, joined
from cockpit.insight.sample import spread
from cockpit.logs.fields import Condition
from cockpit.logs.places import compile_pattern
from cockpit.logs.record import plain_name
from cockpit.logs.rows import matched
from cockpit.logs.search import Filter
from cockpit.logs.source import Named, Stop
from cockpit.logs.view import Row, View
from cockpit.scan_table import read_told

_ALL = 8_000  # records, up to which all are read
_CLUSTERS = 160  # places in each group, around which records are read
_AROUND = 12  # of those on either side: the rest of a request stands near by
_FACTORS = 40
_OF_FIELD = 2  # factors of one field
_LEAST = 5  # requests of a group
_SOURCE = "source"
_NOT_ASCII = r"[^\x00-\x7f]"
_NULL = r"^(?i:|null|none|nil|-|nan|undefined|n/a|<nil>|\(null\))$"
_LEVELS = {"level", "levelname", "lvl", "severity"}


@dataclass(frozen=True, slots=True)
class Compared:
    """What tells one group from the other, the clearest first.

    ours, others: what the groups are, in words; records: how many each holds; requests: how many of each were
    compared; fields: how many fields were; filterable: names that a filter can ask for, the others are only said in
    messages; by_source: whether `source` is that of the logs, no field of theirs; complete: whether all were read.
    """

    ours: str
    others: str
    records: tuple[int, int]
    requests: tuple[int, int]
    fields: int
    factors: tuple[Factor, ...]
    filterable: frozenset[str]
    by_source: bool
    complete: bool

    def narrowed(self, wanted: Filter, factor: Factor) -> Filter:
        """A filter that shows of its records those that meet a factor."""
        if self.by_source and factor.field == _SOURCE:
            return replace(wanted, sources=(factor.value,))
        return replace(wanted, conditions=(*wanted.conditions, condition_of(factor)))

    @property
    def nothing(self) -> str:
        """Why there are no factors; empty where there are some."""
        if self.factors:
            return ""
        for count, name in zip(self.requests, (self.ours, self.others), strict=True):
            if count < _LEAST:
                return f"There is too little to compare: {count} of “{name}”, {_LEAST} are needed."
        if not self.fields:
            return "Their records have no fields to compare."
        return f"Nothing tells them apart ({self.fields} fields compared)."

    def as_data(self) -> dict[str, Any]:
        """As it is printed in JSON."""
        groups = zip(("ours", "others"), (self.ours, self.others), self.records, self.requests, strict=True)
        return {
            **{key: {"group": name, "records": records, "compared": count} for key, name, records, count in groups},
            "complete": self.complete,
            "fields": self.fields,
            "factors": [
                {
                    "field": each.field,
                    "op": each.op,
                    "value": each.value,
                    "share": round(each.errors_share, 4),
                    "others_share": round(each.others_share, 4),
                    "lift": round(each.lift, 2),
                    "p": each.p,
                }
                for each in self.factors
            ],
        }

    def page(self) -> str:
        """As plain text, to be pasted into a chat."""
        lines = [f"{self.ours} ({self.records[0]} records) against {self.others} ({self.records[1]})"]
        if not self.complete:
            lines.append(f"A sample: {self.requests[0]} and {self.requests[1]} of them were compared.")
        told = [f"  {each.described('these', 'the others')}" for each in self.factors]
        return "\n".join([*lines, "", *(told or [self.nothing])]) + "\n"


def against_rest(
    view: View, named: Named, stop: Stop = lambda: False, lock: AbstractContextManager[object] | None = None
) -> Compared | None:
    """Compare the records that a filter keeps with the others of the same sources and time. None where `stop` said so.

    view: the filtered one; lock: of whoever owns it, taken for moments.
    """
    held = lock or nullcontext()
    wanted = view.wanted
    frame = Filter(since=wanted.since, until=wanted.until, sources=wanted.sources)
    if frame == replace(wanted, context=0):
        frame = Filter()
    named_files = [file for file in view.files if not frame.sources or named(file) in frame.sources]
    pool = View(named_files, frame)
    pool.finish()
    with held:
        count = sum(part.count if kept is None else len(kept) for rows in view.rows for part, kept in matched(rows))
        places = spread(view.count, _CLUSTERS).tolist()
        own = [row for place in places if (row := view.row(place)) is not None and row.match]

    rows_of = {id(rows.file): rows for rows in view.rows}

    def mine(row: Row) -> bool:
        rows = rows_of.get(id(row.file))
        with held:
            return rows is not None and rows.keeps(row.number)

    middles = [place for row in own if (place := pool.place_of(row)) is not None]
    told = _sample(pool, [*middles, *spread(pool.count, _CLUSTERS).tolist()], mine, stop)
    if told is None:
        return None
    without = {plain_name(each.field) for each in wanted.conditions} | (_LEVELS if wanted.level else set())
    chosen = replace(wanted, context=0).described() or "all"
    return _compared(pool, told, (chosen, "the rest"), (count, pool.count - count), without, named)


def after_against_before(
    view: View, at: int, told_at: str, named: Named, stop: Stop = lambda: False
) -> Compared | None:
    """Compare the records from a time (microseconds; `told_at`: in words) on with those before. None: stopped.

    view: one's own, of all records that are compared.
    """
    border = sum(rows.rank_at(at) for rows in view.rows)
    later = border + spread(view.count - border, _CLUSTERS)
    middles = [*spread(border, _CLUSTERS).tolist(), *later.tolist()]
    told = _sample(view, middles, lambda row: row.key >= at, stop)
    if told is None:
        return None
    groups = f"from {told_at} on", f"before {told_at}"
    return _compared(view, told, groups, (view.count - border, border), set(), named)


def condition_of(factor: Factor) -> Condition:
    """What a filter says of the records that meet a factor."""
    field, value = factor.field, factor.value
    if factor.op in ("=", ">", "<="):
        return Condition(field, factor.op, value)
    if factor.op == "length >":
        return _holding(field, f"^.{{{int(float(value)) + 1},}}")
    if value == "missing":
        return replace(_holding(field, ""), negated=True)
    return _holding(field, _NULL if value == "null" else _NOT_ASCII)


def _holding(field: str, expression: str) -> Condition:
    return Condition(field, "~", expression, pattern=compile_pattern(expression))


def _sample(
    pool: View, middles: Iterable[int], mine: Callable[[Row], bool], stop: Stop
) -> list[tuple[Row, bool]] | None:
    """Rows around these places of a view, all where there are few, and whether each is of the first group."""
    if pool.count <= _ALL:
        places = list(range(pool.count))
    else:
        near = {at for place in middles for at in range(max(0, place - _AROUND), place + _AROUND + 1)}
        places = sorted(near)
    found = []
    for place in places:
        if stop():
            return None
        row = pool.row(place)
        if row is not None:
            found.append((row, mine(row)))
    return found


def _compared(
    pool: View,
    sample: Sequence[tuple[Row, bool]],
    groups: tuple[str, str],
    records: tuple[int, int],
    without: set[str],
    named: Named,
) -> Compared:
    filterable: set[str] = set()
    told: list[Told] = []
    for row, mine in sample:
        one, names = read_told(row.file, row.number, row.key, row.level)
        filterable |= names
        one.wrong = mine
        told.append(one)
    by_source = _SOURCE not in filterable and len({named(file) for file in pool.files}) > 1
    if by_source:
        filterable.add(_SOURCE)
        for one, (row, _) in zip(told, sample, strict=True):
            one.fields[_SOURCE] = named(row.file)
    requests = joined(told)
    ours = [each for each in requests if each.failing]
    others = [each for each in requests if not each.failing]

    def about(name: str) -> bool:
        return not naming.is_time(name) and plain_name(name) not in without

    factors = _few_of_each(contrast(ours, others, about))[:_FACTORS]
    fields = {name for each in requests for name in each.fields if about(name)}
    counts = len(ours), len(others)
    complete = len(sample) >= pool.count
    return Compared(*groups, records, counts, len(fields), tuple(factors), frozenset(filterable), by_source, complete)


def _few_of_each(factors: Sequence[Factor]) -> list[Factor]:
    """Without those that say of a field again what clearer ones have said."""
    counts: Counter[str] = Counter()
    valued = {each.field for each in factors if each.op == "="}
    found = []
    for each in factors:
        counts[each.field] += 1
        if counts[each.field] <= _OF_FIELD and not (each.op == "length >" and each.field in valued):
            found.append(each)
    return found
