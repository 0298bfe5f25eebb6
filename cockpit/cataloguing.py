"""Catalogues all records of logs by their signatures: a number a record, kept up as the logs grow. Without a screen.

How often a signature came, how bad, when first and last is counted from those numbers when it is asked for, so that
signatures which become one need nothing to be read again.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np
import numpy.typing as npt

from cockpit.insight.miner import Kind, Mined, Miner, Numbers
from cockpit.insight.sample import spread
from cockpit.logs.described import Format
from cockpit.logs.file import LogFile
from cockpit.logs.index import Index
from cockpit.logs.levels import Level, Levels
from cockpit.logs.messages import messages_of
from cockpit.logs.parts import Part
from cockpit.logs.places import Mask, Rows
from cockpit.logs.printable import printable
from cockpit.logs.times import NONE, Times
from cockpit.logs.view import Row

Counts = npt.NDArray[np.int64]
_LATE = np.iinfo(np.int64).max


@dataclass(frozen=True, slots=True)
class Numbered:
    """A part of a file as it was when it was read. numbers: int32[n], the signature of each of its records."""

    file: LogFile
    part: Part
    numbers: Numbers


@dataclass(frozen=True, slots=True)
class Tally:
    """Of each number of a signature: counts: int64[n]; levels: uint8[n], the worst; firsts, lasts: int64[n],
    microseconds, NONE where no record of it has a time.
    """

    counts: Counts
    levels: Levels
    firsts: Times
    lasts: Times


@dataclass
class _Reading:
    """What was read of a part: its numbers as they were given, and of a closed one what they sum up to."""

    file: LogFile
    index: Index
    part: Part
    given: Numbers

    @cached_property
    def sums(self) -> tuple[Numbers, Tally]:
        """The numbers in it, each once, and what the records of each of them sum up to."""
        numbers, places = np.unique(self.given, return_inverse=True)
        size = len(self.given)
        return numbers, _tally(places, len(numbers), self.part.levels[:size], self.part.unpacked()[:size])

    def holds(self, part: Part) -> bool:
        """Whether nothing of this part is still to be read."""
        same = len(self.given) == part.count
        return same and (part.closed or (not self.part.closed and self.part.stop == part.stop))


class Catalogue:
    """The signatures of the records of some files. Any thread may ask; two do not grow it faster than one.

    Numbers may become one: those that it gives are right until it grows again; ids stay. `lock`: hold it while asking
    several things that must fit together.
    """

    def __init__(self, files: Sequence[LogFile]) -> None:
        """Nothing is read yet. `files` may be changed at any time between two calls."""
        self.files = list(files)
        self.lock = threading.RLock()
        self._miner = Miner()
        self._read: dict[tuple[int, int, int], _Reading] = {}
        self._waiting: list[tuple[LogFile, Part]] = []

    def grow(self, cancelled: Callable[[], bool] = lambda: False) -> bool:
        """Read one part more, the earliest that is not read; False where there is none."""
        with self.lock:
            if not self._waiting:
                self._waiting = self._unread()[::-1]
            if not self._waiting or cancelled():
                return False
            file, part = self._waiting.pop()
        self._take(file, part, cancelled)
        return True

    @property
    def size(self) -> int:
        """Numbers of signatures are below this."""
        return self._miner.size

    def parts(self) -> Iterator[Numbered]:
        """What was read, in order of time."""
        for reading in self._readings():
            with self.lock:
                numbers = self._miner.resolved(reading.given)
            yield Numbered(reading.file, reading.part, numbers)

    def signatures(self) -> list[Mined]:
        """Those that are apart from each other and have records; the catch-all only where it has some."""
        with self.lock:
            counts = self.tally().counts
            found = [replace(each, count=int(counts[each.number])) for each in self._miner.signatures()]
        return [each for each in found if each.count]

    def id_of(self, file: LogFile, number: int) -> str | None:
        """The id of the signature of a record of a file; None where that is not read yet."""
        part = file.index.part_of(number)
        reading = self._read.get(_name(file, part)) if part is not None else None
        if part is None or reading is None or number - part.first >= len(reading.given):
            return None
        return self._miner.id_of(int(reading.given[number - part.first]))

    def tally(self) -> Tally:
        """What the records of each number sum up to."""
        with self.lock:
            sums = [reading.sums for reading in self._readings()]
            given = [self._miner.resolved(numbers) for numbers, _ in sums]
            return _total(given, [tally for _, tally in sums], self.size)

    def counts_since(self, since: int) -> Counts:
        """int64[size]: how many records of each number are of this time (microseconds) or later."""
        with self.lock:
            counts = np.zeros(self.size, np.int64)
            for reading in self._readings():
                if reading.part.high < since:
                    continue
                times = reading.part.unpacked()[: len(reading.given)]
                counts += np.bincount(self._miner.resolved(reading.given[times >= since]), minlength=self.size)
            return counts

    def having(self, file: LogFile, part: Part, rows: Rows, ids: Sequence[str], cancelled: Callable[[], bool]) -> Mask:
        """bool[len(rows)]: which of these records of a part have the signature of one of these ids. Reads what is not
        read yet.
        """
        reading = self._read.get(_name(file, part))
        if reading is None or len(reading.given) < part.count:
            self._take(file, part, cancelled)
            reading = self._read.get(_name(file, part))
        with self.lock:
            numbers = [number for id_ in ids if (number := self._miner.number_of(id_)) is not None]
            if not numbers or reading is None or not len(rows) or int(rows[-1]) >= len(reading.given):
                return np.zeros(len(rows), bool)
            return np.isin(self._miner.resolved(reading.given[rows]), numbers)

    def told(self, id_: str) -> str:
        """How the signature of an id prints; `signature 1a2b3c4d` where there is none."""
        number = self._miner.number_of(id_)
        return f"signature {id_}" if number is None else printable(self._miner.template_of(number))

    def template(self, number: int) -> str:
        """How the signature of a number prints."""
        with self.lock:
            return self._miner.template_of(number)

    def times(self, number: int) -> Times:
        """int64[n]: the times of the records of a signature, ascending; of those that have one."""
        found = [reading.part.unpacked()[rows] for reading, rows in self._rows(number)]
        times = np.sort(np.concatenate(found)) if found else np.empty(0, np.int64)
        return np.asarray(times[times != NONE])

    def sample(self, number: int, most: int) -> list[Row]:
        """Records of a signature, spread over all of it: so many at most, the first among them."""
        found = list(self._rows(number))
        ends = np.cumsum([len(rows) for _, rows in found])
        chosen = []
        for place in spread(int(ends[-1]), most).tolist() if found else []:
            nth = int(np.searchsorted(ends, place, "right"))
            reading, rows = found[nth]
            chosen.append(_row(reading, int(rows[place - int(ends[nth])])))
        return chosen

    def _rows(self, number: int) -> Iterator[tuple[_Reading, npt.NDArray[np.int64]]]:
        """The rows of a signature, part by part."""
        for reading in self._readings():
            with self.lock:
                rows = np.flatnonzero(self._miner.resolved(reading.given) == number)
            if len(rows):
                yield reading, rows

    def _readings(self) -> list[_Reading]:
        """What was read of the files as they are, in order of time."""
        found = [
            each for each in list(self._read.values()) if each.file.index is each.index and each.file in self.files
        ]
        return sorted(found, key=lambda each: each.part.last_key(each.index.lead))

    def _unread(self) -> list[tuple[LogFile, Part]]:
        """Parts of which something is to be read, in order of time. What is gone is forgotten."""
        known, self._read = self._read, {}
        found: list[tuple[LogFile, Part]] = []
        for file in self.files:
            for part in file.index.parts():
                reading = known.get(_name(file, part))
                if reading is not None:
                    self._read[_name(file, part)] = reading
                if part.count and (reading is None or not reading.holds(part)):
                    found.append((file, part))
        return sorted(found, key=lambda each: each[1].last_key(each[0].index.lead))

    def _take(self, file: LogFile, part: Part, cancelled: Callable[[], bool]) -> None:
        """Read what is new in a part, and the last record before that once more, for it may have grown."""
        index, name = file.index, _name(file, part)
        reading = self._read.get(name)
        first = 0 if reading is None else max(0, min(len(reading.given), part.count) - 1)
        given = np.zeros(part.count, np.int32)
        if reading is not None:
            given[:first] = reading.given[:first]
        kind, done = _kind(file.forms.of(part.first)), first
        for each in messages_of(file, part, first, part.count, cancelled):
            with self.lock:
                given[each.first : each.stop] = self._miner.take(each.messages, kind)
            done = each.stop
        if done == part.count:
            with self.lock:
                self._read[name] = _Reading(file, index, part, given)


def _row(reading: _Reading, row: int) -> Row:
    part = reading.part
    return Row(reading.file, part.first + row, int(reading.index.keys(part)[row]), Level(int(part.levels[row])))


def _name(file: LogFile, part: Part) -> tuple[int, int, int]:
    return id(file), id(file.index), part.first


def _kind(form: Format) -> Kind:
    known = form.known
    return Kind.REQUESTS if known.status_at is not None and known.has("request") else Kind.MESSAGES


def _tally(numbers: npt.NDArray[np.intp], size: int, levels: Levels, times: Times) -> Tally:
    worst = np.zeros(size, np.uint8)
    np.maximum.at(worst, numbers, levels)
    firsts, lasts = np.full(size, _LATE), np.full(size, NONE, np.int64)
    np.minimum.at(firsts, numbers, np.where(times == NONE, _LATE, times))
    np.maximum.at(lasts, numbers, times)
    firsts[firsts == _LATE] = NONE
    return Tally(np.bincount(numbers, minlength=size), worst, firsts, lasts)


def _total(numbers: Iterable[Numbers], sums: Sequence[Tally], size: int) -> Tally:
    """What the sums of several parts are together."""
    counts, worst = np.zeros(size, np.int64), np.zeros(size, np.uint8)
    firsts, lasts = np.full(size, _LATE), np.full(size, NONE, np.int64)
    for of, tally in zip(numbers, sums, strict=True):
        np.add.at(counts, of, tally.counts)
        np.maximum.at(worst, of, tally.levels)
        np.minimum.at(firsts, of, np.where(tally.firsts == NONE, _LATE, tally.firsts))
        np.maximum.at(lasts, of, tally.lasts)
    firsts[firsts == _LATE] = NONE
    return Tally(counts, worst, firsts, lasts)
