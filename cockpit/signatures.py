"""The signatures of all open logs, for a screen: kept up aside while somebody looks, and put in order."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from cockpit.aside import Aside, Cancelled
from cockpit.bus import Bus
from cockpit.cataloguing import Catalogue
from cockpit.events import SignaturesCounted
from cockpit.exposed import exposure_of
from cockpit.insight.onset import Onset, onset
from cockpit.insight.parameters import parameters
from cockpit.insight.shifts import Exposure
from cockpit.insight.standing import Standing, Stretch, in_order
from cockpit.logs.desk import LogDesk
from cockpit.logs.parts import times_between
from cockpit.logs.printable import printable
from cockpit.logs.times import NONE
from cockpit.logs.view import Row

_TOLD_EVERY = 0.5  # seconds between two lists while records are still read
_QUARTER = 4
_SAMPLE = 300  # records of a signature that are read to tell what varies


@dataclass(frozen=True, slots=True)
class Listed:
    """The signatures at a time. since: what is newer is new (microseconds; NONE: no record has a time); why: in words,
    why since then; begins_before: whether there are records from before that; done: whether all is read.
    """

    rows: tuple[Standing, ...] = ()
    since: int = NONE
    why: str = ""
    begins_before: bool = False
    records: int = 0
    done: bool = False


@dataclass(frozen=True, slots=True)
class About:
    """One signature. example: the message of its first record, as it is in the file, empty where that is gone; values:
    what stands in each place that varies, in words; onset: None where its records have no times.
    """

    example: str
    values: tuple[str, ...]
    onset: Onset | None


class Signatures:
    """`listed` is replaced as a whole, then SignaturesCounted is published."""

    def __init__(self, desk: LogDesk, bus: Bus, deploy: Callable[[int], tuple[int, str] | None]) -> None:
        """deploy: the time (microseconds) and the name of the last deploy up to a time, where one is known."""
        self.catalogue = Catalogue(())
        self.listed = Listed()
        self.chosen: int | None = None
        """Since when things are new, as the person has said it (microseconds)."""
        self._desk = desk
        self._bus = bus
        self._deploy = deploy
        self._aside = Aside("signatures")
        self._growing = threading.Lock()
        self._exposure: tuple[object, Exposure] | None = None
        desk.shown.signer = self.catalogue

    def look(self) -> None:
        """Read what is not read, and list; told by SignaturesCounted."""
        self._aside.ask("look", self._look)

    def idle(self, timeout: float) -> bool:
        """Wait until nothing is asked any more; False where the timeout (seconds) came first."""
        return self._aside.idle(timeout)

    def close(self) -> None:
        self._aside.close()

    def about(self, number: int) -> About:
        """What there is to tell of a signature. Blocks: it reads some of its records."""
        messages = [self._message(row) for row in self.catalogue.sample(number, _SAMPLE)]
        found = parameters(self.catalogue.template(number), [each for each in messages if each])
        return About(messages[0] if messages else "", tuple(each.told() for each in found), self._onset(number))

    def _message(self, row: Row) -> str:
        from cockpit.logs.record import parse

        return parse(row.file.read(row.number, 1 << 14), row.file.forms.of(row.number)).message

    def _onset(self, number: int) -> Onset | None:
        files = self.catalogue.files
        since, until = times_between(part for file in files for part in file.index.parts())
        if since == NONE:
            return None
        state = (since, until, sum(file.index.stop for file in files))
        if self._exposure is None or self._exposure[0] != state:
            self._exposure = (state, exposure_of(files, since, until))
        return onset(self.catalogue.times(number), self._exposure[1])

    def grow(self, cancelled: Cancelled, told: Callable[[], None] = lambda: None) -> None:
        """Read what is not read of the records that are indexed; from any thread."""
        with self._growing:
            self.catalogue.files = self._desk.sources.files()
            since = time.monotonic()
            while self.catalogue.grow(cancelled):
                if time.monotonic() - since > _TOLD_EVERY:
                    told()
                    since = time.monotonic()

    def _look(self, cancelled: Cancelled) -> None:
        self.grow(cancelled, lambda: self._tell(done=False))
        if not cancelled():
            self._tell(done=self._desk.sources.progress() >= 1)

    def _tell(self, *, done: bool) -> None:
        self.listed = self._list(done)
        self._bus.publish(SignaturesCounted())

    def _list(self, done: bool) -> Listed:
        begin, end = times_between(part for file in self.catalogue.files for part in file.index.parts())
        since, why = self._since(begin, end)
        stretch = Stretch(begin, since, end)
        with self.catalogue.lock:
            mined, tally = self.catalogue.signatures(), self.catalogue.tally()
            after = self.catalogue.counts_since(since) if since != NONE else np.zeros(self.catalogue.size, np.int64)
        rows = []
        for each in mined:
            first, later = int(tally.firsts[each.number]), int(after[each.number])
            before_rate, rate = stretch.rates(each.count, later)
            rows.append(
                Standing(
                    each.id,
                    each.number,
                    printable(each.template),
                    int(tally.levels[each.number]),
                    each.count,
                    first,
                    int(tally.lasts[each.number]),
                    stretch.stand(first, each.count, later),
                    rate,
                    rate / before_rate if before_rate else 0.0,
                )
            )
        records = sum(each.count for each in mined)
        return Listed(tuple(in_order(rows)), since, why, begin < since, records, done)

    def _since(self, begin: int, end: int) -> tuple[int, str]:
        """Since when things are new: as was said, since the last deploy in the logs, or for a quarter of the time."""
        if end == NONE:
            return NONE, ""
        if self.chosen is not None:
            return self.chosen, ""
        deploy = self._deploy(end)
        if deploy is not None and begin < deploy[0]:
            return deploy
        return end - (end - begin) // _QUARTER, "the last quarter of the logs"
