"""How often a record's like was seen in the open logs: first, last, how many, and since when more of them.

The longest constant words of its message are searched for; the records that hold them are read, or a sample of those
of a stretch with very many. It takes no more than the time it is given, and says what it did not look at.
"""

from __future__ import annotations

import time
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import numpy.typing as npt
import re2

from cockpit.clock import to_rfc3339
from cockpit.exposed import exposure_of
from cockpit.insight.onset import Onset, Rate, onset
from cockpit.insight.signature import Signature, signature_of, template_of
from cockpit.logs.file import LogFile
from cockpit.logs.parts import Part, times_between
from cockpit.logs.places import Pattern, Rows, holding
from cockpit.logs.record import parse
from cockpit.logs.times import NONE, Times
from cockpit.logs.view import Row

_READ = 1 << 14  # bytes of a record that are read to see its message
_FEW = 96  # records of a part, up to which all are read
_SAMPLES = (32, 256)  # of more, how many are read; the second where not all of the first are alike
_ENDS = 4  # of those, how many at either end
_GOLDEN = (5**0.5 - 1) / 2
_SELDOM = 2000  # records, of which one at most is of the level, where those of the level are read one by one
_READERS = 2
_NEWEST = 0.85  # of the time, for going back from the newest; the rest is for the very first

_Places = tuple[LogFile, Part]


@dataclass(slots=True)
class Seen:
    """What was found. count: records; about: some were not read, but taken to be like those beside them.

    looked_back_to: microseconds, where not everything was looked at, the time from which on all was (`count` is only
    of what was looked at); first: None where it is not known; times: int64[n], ascending, from looked_back_to on.
    """

    signature: Signature
    count: int = 0
    about: bool = False
    looked_back_to: int | None = None
    first: int | None = None
    last: int | None = None
    times: Times = field(default_factory=lambda: np.empty(0, np.int64))
    onset: Onset | None = None

    def as_data(self) -> dict[str, Any]:
        """For the provenance of an item; times are RFC 3339."""
        back = self.looked_back_to
        return {
            "template": self.signature.template,
            "count": self.count,
            "exact": not self.about,
            "complete": back is None,
            "counted_from": _told(back),
            "first_seen": _told(self.first),
            "last_seen": _told(self.last),
            "onset": None
            if self.onset is None
            else {
                "at": to_rfc3339(self.onset.at),
                "how": self.onset.how.value,
                "before": _rate(self.onset.before) if self.onset.before is not None else None,
                "after": _rate(self.onset.after),
            },
        }


@dataclass(frozen=True, slots=True)
class _Found:
    """What a part holds: int64[n] keys of its records of the signature, ascending; whether some were not read."""

    keys: Times
    sampled: bool


def occurrences(files: Sequence[LogFile], row: Row, patience: float) -> Seen | None:
    """Count the records that have the message of a record but for what varies, and its level, in these files.

    patience: seconds. None where the record is gone or says nothing that is constant.
    """
    data = row.file.read(row.number, _READ)
    record = parse(data, row.file.forms.of(row.number))
    signature = signature_of(record.message)
    word = next((each for each in signature.words if each.encode() in data), None)
    facts = row.file.index.facts(row.number)
    if word is None or facts is None:
        return None
    seen = Seen(signature)
    search = _Search(signature.template, Pattern(word, re2.escape(word), True, (word.encode(),)), facts[1])
    begun = time.monotonic()
    waiting = _newest_first(files)
    found = search.all(waiting, lambda: time.monotonic() > begun + patience * _NEWEST)
    rest = waiting[len(found) :]
    seen.times = _joined(found)
    seen.count = len(seen.times)
    seen.about = any(each.sampled for each in found)
    unread = [file.index.lead for file in files if file.earlier]
    if rest or unread:
        seen.looked_back_to = max([*(_last_key(each) for each in rest), *unread])
    if rest and not unread:
        first = search.first(reversed(rest), lambda: time.monotonic() > begun + patience)
        if first is not None:
            seen.first, seen.count, seen.about = int(first.keys[0]), seen.count + len(first.keys), True
    if not rest and not unread and len(seen.times):
        seen.first = int(seen.times[0])
    if len(seen.times):
        seen.last = int(seen.times[-1])
    since, until = _looked_at(files, seen.looked_back_to)
    if since != NONE:
        seen.times = seen.times[seen.times >= since]
        seen.onset = onset(seen.times, exposure_of(files, since, until), whole=seen.looked_back_to is None)
    else:  # no record has a time
        seen.first = seen.last = None
    return seen


@dataclass(frozen=True, slots=True)
class _Search:
    """What tells a record of the signature: how its message prints, a word that it holds, and its level."""

    template: str
    pattern: Pattern
    level: int

    def all(self, waiting: Sequence[_Places], stop: Callable[[], bool]) -> list[_Found]:
        """What these parts hold, in their order, until `stop` says so."""
        found: list[_Found] = []
        with ThreadPoolExecutor(_READERS, "signature") as pool:
            reading = deque[Future[_Found]]()
            for nth in range(len(waiting)):
                while len(reading) < 2 * _READERS and nth + len(reading) < len(waiting):
                    reading.append(pool.submit(self.part, *waiting[nth + len(reading)], stop))
                one = reading.popleft().result()
                if stop():
                    break
                found.append(one)
        return found

    def first(self, waiting: Iterator[_Places], stop: Callable[[], bool]) -> _Found | None:
        """What the part with the earliest of them holds; None where there is none, or no time to find it."""
        earliest: _Found | None = None
        for file, part in waiting:
            if earliest is not None and part.latest >= int(earliest.keys[0]):
                continue
            found = self.part(file, part, stop)
            if stop():
                return None
            if len(found.keys) and (earliest is None or found.keys[0] < earliest.keys[0]):
                earliest = found
        return earliest

    def part(self, file: LogFile, part: Part, stop: Callable[[], bool]) -> _Found:
        """What a part holds. Worthless where `stop` said so."""
        of_level = part.levels == self.level
        rows = np.flatnonzero(of_level) if int(of_level.sum()) * _SELDOM < part.count else np.arange(part.count)
        rows = rows[holding(file, part, rows, self.pattern, stop)]
        rows = rows[of_level[rows]]
        if not len(rows) or stop():
            return _Found(np.empty(0, np.int64), False)
        keys = file.index.keys(part)
        if len(rows) <= _FEW:
            return _Found(keys[rows[self._alike(file, part, rows)]], False)
        for size in _SAMPLES:
            taken = _sample(len(rows), size)
            alike = self._alike(file, part, rows[taken])
            if alike.all() or stop():
                break
        wanted = round(len(rows) * int(alike.sum()) / len(taken))
        if wanted < len(rows):  # some are others: as many, spread evenly between the first and the last that is not
            low, high = taken[alike][[0, -1]] if wanted else (0, 0)
            rows = rows[np.linspace(low, high, wanted).astype(np.int64)]
        return _Found(keys[rows], True)

    def _alike(self, file: LogFile, part: Part, rows: Rows) -> npt.NDArray[np.bool_]:
        """bool[len(rows)]: which of these records have the signature."""
        form = file.forms.of(part.first)
        spans = ((part.start_of(row), part.start_of(row + 1)) for row in rows.tolist())
        data = (file.read_span(start, min(stop, start + _READ)) for start, stop in spans)
        return np.array([template_of(parse(each, form).message) == self.template for each in data], bool)


def _sample(count: int, size: int) -> Rows:
    """Places among so many, ascending: both ends, and others that follow no rhythm (additive recurrence)."""
    spread = (np.arange(1, size - 2 * _ENDS + 1) * _GOLDEN % 1.0 * count).astype(np.int64)
    return np.unique(np.concatenate((np.arange(_ENDS), spread, np.arange(count - _ENDS, count))))


def _newest_first(files: Sequence[LogFile]) -> list[_Places]:
    found = [(file, part) for file in files for part in file.index.parts() if part.count]
    return sorted(found, key=_last_key, reverse=True)


def _last_key(each: _Places) -> int:
    return each[1].last_key(each[0].index.lead)


def _joined(found: Sequence[_Found]) -> Times:
    keys = [each.keys for each in found]
    return np.sort(np.concatenate(keys), kind="stable") if keys else np.empty(0, np.int64)


def _looked_at(files: Sequence[LogFile], back_to: int | None) -> tuple[int, int]:
    """The stretch of time that was looked at (microseconds); (NONE, NONE) where records have no times."""
    ends = [times_between(file.index.parts()) for file in files]
    ends = [each for each in ends if each[0] != NONE]
    if not ends:
        return NONE, NONE
    since = min(low for low, _ in ends)
    return since if back_to is None else max(since, back_to), max(high for _, high in ends)


def _told(at: int | None) -> str | None:
    return None if at is None else to_rfc3339(at)


def _rate(rate: Rate) -> dict[str, Any]:
    return {
        "from": to_rfc3339(rate.since),
        "to": to_rfc3339(rate.until),
        "records": rate.records,
        "per_minute": round(rate.per_minute, 3),
    }
