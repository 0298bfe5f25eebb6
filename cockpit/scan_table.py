"""All records of some logs as columns, in order of time, and what single ones of them tell; without a screen."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import numpy.typing as npt

from cockpit.cataloguing import Catalogue
from cockpit.clock import HOUR
from cockpit.insight.causes import cause_of
from cockpit.insight.miner import Mined
from cockpit.insight.requests import Told, said
from cockpit.insight.sample import spread
from cockpit.logs.file import LogFile
from cockpit.logs.record import Record, parse
from cockpit.logs.times import NONE
from cockpit.logs.trace_ids import trace_ids

Numbers = npt.NDArray[np.int64]

_READ = 1 << 14  # bytes of a record that are read
_UNSIGNED = -1  # of a record whose signature was not asked for
_CAUSES = 8_000  # wrong records that are read for what they say caused them
_STRAYS = 5  # records, or one of a hundred, that may stand apart from all others …
_FAR = 24 * HOUR  # … by so much, and by ten times as long as all these took
_VALUES = re.compile(r'=(?:"[^"]*"|[^\s,;)"]*)')


@dataclass(frozen=True, slots=True)
class Table:
    """All records in order of time. int64[n] times (microseconds), uint8[n] levels, int32[n] signatures; where each
    stands: int32[n] number of its file in `opened`, int64[n] number of the record in that. timed: whether any record
    names a time.
    """

    opened: list[LogFile]

    times: Numbers
    levels: npt.NDArray[np.uint8]
    signatures: npt.NDArray[np.int32]
    files: npt.NDArray[np.int32]
    numbers: Numbers
    timed: bool = True

    def alike(self, mined: Sequence[Mined]) -> Table:
        """The same, with one number for signatures that differ in values of `name=value` only: the most frequent's."""
        counts = np.bincount(self.signatures)
        families: dict[str, int] = {}
        number_of = np.arange(max(len(counts), max((each.number for each in mined), default=0) + 1), dtype=np.int32)
        for each in sorted(mined, key=lambda each: -int(counts[each.number]) if each.number < len(counts) else 0):
            number_of[each.number] = families.setdefault(_VALUES.sub("=", each.template), each.number)
        return replace(self, signatures=number_of[self.signatures])

    def since(self, at: int | None) -> Table:
        """Its records from a time (microseconds) on."""
        return self if at is None else self._cut(int(np.searchsorted(self.times, at)), len(self.times))

    def together(self) -> Table:
        """Without the few records at either end that stand far from all others: their clock was not set."""
        count = len(self.times)
        few = max(_STRAYS, count // 100)
        if count < 4 * few:
            return self
        far = np.diff(self.times) > max(_FAR, 10 * int(self.times[-1 - few] - self.times[few]))
        first, last = np.flatnonzero(far[:few]), np.flatnonzero(far[-few:])
        begin = int(first[-1]) + 1 if len(first) else 0
        end = count - few + int(last[0]) if len(last) else count
        return self if (begin, end) == (0, count) else self._cut(begin, end)

    def _cut(self, begin: int, end: int) -> Table:
        kept = slice(begin, end)
        times, levels, signatures = self.times[kept], self.levels[kept], self.signatures[kept]
        return replace(
            self, times=times, levels=levels, signatures=signatures, files=self.files[kept], numbers=self.numbers[kept]
        )

    def __len__(self) -> int:
        return len(self.times)


def table_of(catalogue: Catalogue) -> Table:
    """The records of a catalogue that have a time, or stand after one that has, in the order of these."""
    files: list[LogFile] = []
    columns: list[tuple[Any, ...]] = []
    timed = False
    for each in catalogue.parts():
        if each.file not in files:
            files.append(each.file)
        count = len(each.numbers)
        own = each.part.unpacked()[:count]
        timed |= bool((own != NONE).any())
        keys = _filled(own, each.file.index.keys(each.part)[:count])
        number = np.full(count, files.index(each.file), np.int32)
        columns.append((keys, each.part.levels[:count], each.numbers, number, each.part.first + np.arange(count)))
    if not columns:
        empty = np.empty(0, np.int64)
        small = empty.astype(np.int32)
        return Table(files, empty, empty.astype(np.uint8), small, small, empty, timed=False)
    joined = [np.concatenate(each) for each in zip(*columns, strict=True)]
    placed = joined[0] != NONE
    order = np.argsort(joined[0], kind="stable")
    order = order[placed[order]]
    times, levels, signatures, opened, numbers = (each[order] for each in joined)
    return Table(files, times, levels, signatures, opened, numbers, timed)


def _filled(own: Numbers, keys: Numbers) -> Numbers:
    """The time of each record, or of the last before it that has one. Not its key: one time that is far ahead holds
    the keys of all that follow.
    """
    last = np.maximum.accumulate(np.where(own != NONE, np.arange(len(own)), -1))
    return np.where(last >= 0, own[last], keys)


def record_at(table: Table, place: int) -> Record:
    """One record of a table, read from its file."""
    file, number = table.opened[int(table.files[place])], int(table.numbers[place])
    return parse(file.read(number, _READ), file.forms.of(number))


def told_of(table: Table, place: int, *, wrong: bool = False) -> Told:
    """What one record of a table tells; whether it is of what goes wrong."""
    file, number = table.opened[int(table.files[place])], int(table.numbers[place])
    told, _ = read_told(file, number, int(table.times[place]), int(table.levels[place]))
    if file.forms.of(number).known.status_at is not None and "bytes" in told.fields:
        told.fields["bytes_sent"] = told.fields.pop("bytes")  # of the answer: nothing that a request brought along
    told.signature, told.source, told.wrong = int(table.signatures[place]), int(table.files[place]), wrong
    return told


def read_told(file: LogFile, number: int, at: int, level: int) -> tuple[Told, set[str]]:
    """What a record of a file tells, of a time (microseconds) and a level; and which names are fields of it.

    The other names are only said in its message.
    """
    record = parse(file.read(number, _READ), file.forms.of(number))
    fields = dict(reversed((*record.fields, *record.told)))
    names = set(fields)
    for name, value in said(record.message).items():
        fields.setdefault(name, value)
    traces = tuple(value for _, value in trace_ids(record))
    return Told(at, level, _UNSIGNED, 0, record.message, fields, traces, record.gist), names


def by_cause(table: Table, wrong: npt.NDArray[np.bool_]) -> tuple[Table, dict[int, int]]:
    """The table with one number for all wrong records that tell the same cause, whatever their message.

    And for each such number the signature that most of its records have.
    """
    places = np.flatnonzero(wrong)
    if len(places) > _CAUSES:
        places = places[spread(len(places), _CAUSES)]
    numbers = table.signatures.copy()
    base = int(numbers.max()) + 1
    known: dict[str, int] = {}
    members: dict[int, Counter[int]] = {}
    for place in places.tolist():
        record = record_at(table, place)
        cause = cause_of(record.gist if record.more else "", record.fields + record.told)
        if cause:
            numbers[place] = kind = known.setdefault(cause, base + len(known))
            members.setdefault(kind, Counter())[int(table.signatures[place])] += 1
    if len(places) < int(wrong.sum()):
        _fill(numbers, table.signatures, places, wrong)
    return replace(table, signatures=numbers), {kind: each.most_common(1)[0][0] for kind, each in members.items()}


def _fill(
    numbers: npt.NDArray[np.int32],
    signatures: npt.NDArray[np.int32],
    read: npt.NDArray[np.intp],
    wrong: npt.NDArray[np.bool_],
) -> None:
    """Give wrong records that were not read the cause of the last one read before them of the same signature."""
    for signature in np.unique(signatures[read]):
        known = read[signatures[read] == signature]
        rest = np.flatnonzero(wrong & (signatures == signature))
        numbers[rest] = numbers[known[np.maximum(np.searchsorted(known, rest, "right") - 1, 0)]]
