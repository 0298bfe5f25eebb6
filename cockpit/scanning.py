"""Scans logs for what went wrong: signatures, onset, markers, and the verdict on each scope, without a screen."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt

from cockpit.cataloguing import Catalogue
from cockpit.insight.deploy_rates import Rated, rated
from cockpit.insight.deploys import STARTING, Marker, merged, started
from cockpit.insight.load import Traffic, Vital
from cockpit.insight.miner import CATCH_ALL, Mined
from cockpit.insight.naming import is_version
from cockpit.insight.requests import Told
from cockpit.insight.sample import spread
from cockpit.insight.scope import Trouble, nothing, scope, strongest, troubles, untimed
from cockpit.insight.shifts import Exposure, Shift, shift
from cockpit.insight.symptoms import WRONG
from cockpit.insight.verdicts import Judged
from cockpit.logs.file import LogFile
from cockpit.logs.levels import Level
from cockpit.scan_table import Numbers, Table, by_cause, record_at, table_of, told_of
from cockpit.shared_traces import clocks

_ALL = 12_000  # records, up to which all are read
_WRONG = 240  # failing records around which others are read
_AROUND = 40  # records before and after each
_BEFORE = 40  # stretches before the onset
_STRETCH = 80  # records in each
_CANDIDATES = 400  # signatures whose rates are looked at, those of errors and the most frequent first
_STARTS = 400  # records of a start-up signature, at most: of a service that starts over and over too
_WIDTH = 60_000_000  # microseconds of a bin of the traffic, at least
_BINS = 480
_SHARE = 0.2  # of the records of what goes wrong, that tell a cause which is looked at by itself
_PART = 0.9  # of a score, where only a part of what goes wrong is looked at
_EXAMPLES = 200  # signatures of which an example is read
_TRACES = 24  # records among which the one with the longest stack trace is taken
_OWN = -1  # stands for all errors together


@dataclass(frozen=True, slots=True)
class Counted:
    """One signature. level: its worst; first, last: microseconds; new: none of it came before the onset; since:
    records from the onset on.
    """

    mined: Mined
    level: int
    count: int
    first: int
    last: int
    new: bool
    since: int
    example: str

    @property
    def told(self) -> str:
        """Its template; of what is of no kept shape an example."""
        return self.example if self.mined.number == CATCH_ALL else self.mined.template


@dataclass(slots=True)
class Scanned:
    """What a scan found. since, until: of the records, microseconds; errors: how many tell of something wrong; message,
    trace: of an example of what goes wrong, the trace with all lines of the record; timed: whether any record has a
    time; strays: records so far from all others in time that no rate counts them; rates: of errors around each deploy.
    clocks: sentences on sources whose clock or zone seems off.
    """

    since: int
    until: int
    records: int
    errors: int
    signatures: list[Counted]
    troubles: list[Trouble]
    markers: list[Marker]
    scope: dict[str, Judged]
    message: str = ""
    trace: str = ""
    timed: bool = True
    strays: int = 0
    rates: tuple[Rated, ...] = ()
    clocks: tuple[str, ...] = ()

    @property
    def trouble(self) -> Trouble | None:
        """What goes wrong, the first where it is several things."""
        return self.troubles[0] if self.troubles else None


def scan(
    catalogue: Catalogue,
    markers: Sequence[Marker],
    stop: Callable[[], bool] = lambda: False,
    since: int | None = None,
    vitals: Sequence[Vital] = (),
    named: Callable[[LogFile], str] = lambda file: file.path.name,
) -> Scanned | None:
    """Look through all records of a catalogue that has been grown, or those from a time (microseconds) on.

    vitals: what the host did, where the logs are its own; named: the source that a file is of.

    None where `stop` said so. Takes 0.1 to 2 s.
    """
    with catalogue.lock:
        mined = catalogue.signatures()  # first: a file that is truncated meanwhile is left out of what is read later
        table = table_of(catalogue).since(since)
    if not len(table):
        return Scanned(0, 0, 0, 0, [], [], list(markers), nothing(0, 0), timed=False)
    if not table.timed:
        return _untimed(table, mined, markers, stop)
    whole, table = table, table.together()
    since, until = int(table.times[0]), int(table.times[-1])
    wrong = _wrong(table, mined)
    table, kinds = by_cause(table.alike(mined), wrong)
    exposure = Exposure(table.times[~wrong], since, until)
    risen, series = _risen(table, wrong, exposure)
    found = troubles(risen, series, exposure)
    if stop():
        return None
    known = merged([*markers, *_started(whole, mined)])
    troubled = np.concatenate([each.times for each in found]) if found else table.times[:0]
    traffic, errors = _traffic(table, troubled), int(wrong.sum())
    verdicts = []
    for each in found:
        sampled = _sampled(table, each, _mine(table, each, wrong))
        if stop():
            return None
        verdicts.append(scope(each, sampled, traffic, known, since, until, vitals))
        for cause in _large_causes(each, table, kinds):
            apart = [replace(told, wrong=told.wrong and told.signature == cause) for told in sampled]
            part = scope(each, apart, traffic, known, since, until, vitals)
            verdicts.append({name: judged.scaled(_PART) for name, judged in part.items()})
    amiss = table.times[wrong]
    judged = strongest(verdicts) if verdicts else nothing(errors, len(table), _traffic(table, amiss), amiss, until)
    told = [replace(each, signatures=tuple(dict.fromkeys(kinds.get(n, n) for n in each.signatures))) for each in found]
    counted = _counted(whole, mined, told[0] if told else None)
    message, trace = _example(table, _mine(table, found[0], wrong)) if found else ("", "")
    if told and CATCH_ALL in told[0].signatures:
        counted = [replace(each, example=message) if each.mined.number == CATCH_ALL else each for each in counted]
    disagreeing = clocks(table.opened, named, stop)
    strays, rates = len(whole) - len(table), tuple(rated(known, table.times[wrong], since, until))
    return Scanned(
        since, until, len(whole), errors, counted, told, known, judged, message, trace, True, strays, rates, disagreeing
    )


def _untimed(
    table: Table, mined: Sequence[Mined], markers: Sequence[Marker], stop: Callable[[], bool]
) -> Scanned | None:
    """What can be told of records without times: their signatures, and what those that fail have in common."""
    wrong = _wrong(table, mined)
    sampled = _told(table, _around(len(table), np.flatnonzero(wrong)), wrong)
    if stop():
        return None
    errors, counted = int(wrong.sum()), _counted(table, mined, None)
    judged = untimed(errors, len(table), sampled)
    message, trace = _example(table, wrong) if errors else ("", "")
    return Scanned(0, 0, len(table), errors, counted, [], list(markers), judged, message, trace, timed=False)


def _large_causes(found: Trouble, table: Table, kinds: Mapping[int, int]) -> list[int]:
    """Causes that a good part of its records tell, where these tell several: what goes wrong may be two things."""
    counts = {each: int(np.count_nonzero(table.signatures == each)) for each in found.signatures if each in kinds}
    total = sum(counts.values())
    large = [each for each, count in counts.items() if count >= _SHARE * total]
    return large if len(large) > 1 else []


def _wrong(table: Table, mined: Sequence[Mined]) -> npt.NDArray[np.bool_]:
    """Which records tell of something wrong: by their level; where records have none, by their words."""
    wrong = table.levels >= Level.ERROR
    unlevelled = table.levels == 0
    if unlevelled.mean() > 0.02:
        size = max(int(table.signatures.max()), *(each.number for each in mined)) + 1
        words = np.zeros(size, bool)
        for each in mined:
            words[each.number] = bool(WRONG.search(each.template))
        wrong |= unlevelled & words[table.signatures]
    return np.asarray(wrong)


def _risen(
    table: Table, wrong: npt.NDArray[np.bool_], exposure: Exposure
) -> tuple[list[tuple[int, float, Shift, Numbers]], dict[int, Numbers]]:
    """Signatures of errors (of warnings, where none of errors rose) that rose, or all errors together where no single
    one did; and the times of each that was looked at.
    """
    for mask, weight in ((wrong, 1.0), ((table.levels == Level.WARNING) & ~wrong, 0.3)):
        series = _series(table.times[mask], table.signatures[mask])
        risen = [(number, weight, rise, times) for number, times in series.items() if (rise := shift(times, exposure))]
        if not risen and weight == 1.0 and (rise := shift(table.times[mask], exposure)):
            risen.append((_OWN, weight, rise, table.times[mask]))
        if risen:
            return risen, series
    return [], {}


def _series(times: Numbers, signatures: npt.NDArray[np.int32]) -> dict[int, Numbers]:
    """Times by signature, of the most frequent ones."""
    order = np.argsort(signatures, kind="stable")
    numbers, starts, counts = np.unique(signatures[order], return_index=True, return_counts=True)
    kept = np.argsort(-counts, kind="stable")[:_CANDIDATES]
    return {int(numbers[n]): times[order[starts[n] : starts[n] + counts[n]]] for n in kept}


def _traffic(table: Table, troubled: Numbers) -> Traffic:
    """Records in each bin of time, beside those at the times of what goes wrong (microseconds)."""
    since, until = int(table.times[0]), int(table.times[-1])
    width = max(_WIDTH, -(-(until - since + 1) // _BINS))
    bins = max(1, -(-(until - since + 1) // width))
    starts = since + width * np.arange(bins, dtype=np.int64)
    right = table.levels < Level.WARNING
    rate = np.bincount((table.times[right] - since) // width, minlength=bins)[:bins].astype(float)
    wrong = np.bincount((troubled - since) // width, minlength=bins)[:bins].astype(float)
    return Traffic(starts, rate, wrong)


def _started(table: Table, mined: Sequence[Mined]) -> list[Marker]:
    """Markers of start-up lines: of signatures that say so and are seldom."""
    counts = np.bincount(table.signatures, minlength=max((each.number for each in mined), default=0) + 1)
    lines: list[tuple[int, str, str]] = []
    for each in mined:
        if not STARTING.search(each.template) or not 0 < counts[each.number] <= _STARTS:
            continue
        for place in np.flatnonzero(table.signatures == each.number):
            told = told_of(table, int(place))
            if told.level < Level.WARNING:
                version = next((f" version {value}" for name, value in told.fields.items() if is_version(name)), "")
                lines.append(
                    (told.at, table.opened[int(table.files[place])].path.name.split(".")[0], told.message + version)
                )
    return [each for each in started(lines) if each.ref]


def _mine(table: Table, found: Trouble, wrong: npt.NDArray[np.bool_]) -> npt.NDArray[np.bool_]:
    """Which records are of what goes wrong, from its onset on and before."""
    if found.signatures[0] < 0:
        return wrong
    mine = np.isin(table.signatures, found.signatures)
    return mine & wrong if (mine & wrong).any() else mine


def _sampled(table: Table, found: Trouble, mine: npt.NDArray[np.bool_]) -> list[Told]:
    """Records around the failing ones, and from before the onset: all where there are few."""
    picked = _around(
        len(table), np.flatnonzero(mine & (table.times >= found.shift.at) & (table.times <= found.shift.until))
    )
    onset = int(np.searchsorted(table.times, found.shift.at))
    for place in spread(max(1, onset - _STRETCH), _BEFORE):
        picked[place : place + _STRETCH] = True
    return _told(table, picked, mine)


def _around(count: int, failing: npt.NDArray[np.intp]) -> npt.NDArray[np.bool_]:
    """Which of so many records are read for these failing ones: all where there are few."""
    picked = np.full(count, count <= _ALL)
    for place in failing[spread(len(failing), _WRONG)]:
        picked[max(0, place - _AROUND) : place + _AROUND] = True
    return picked


def _told(table: Table, picked: npt.NDArray[np.bool_], wrong: npt.NDArray[np.bool_]) -> list[Told]:
    return [told_of(table, int(place), wrong=bool(wrong[place])) for place in np.flatnonzero(picked)]


def _counted(table: Table, mined: Sequence[Mined], found: Trouble | None) -> list[Counted]:
    """Each signature with its counts: those of what goes wrong first, then the worst and most frequent."""
    size = max((each.number for each in mined), default=0) + 1
    counts = np.bincount(table.signatures, minlength=size)
    levels = np.zeros(size, np.uint8)
    np.maximum.at(levels, table.signatures, table.levels)
    numbers, firsts = np.unique(table.signatures, return_index=True)
    first = dict(zip(numbers.tolist(), firsts.tolist(), strict=True))
    numbers, lasts = np.unique(table.signatures[::-1], return_index=True)
    last = {number: len(table) - 1 - place for number, place in zip(numbers.tolist(), lasts.tolist(), strict=True)}
    onset = int(np.searchsorted(table.times, found.shift.at)) if found is not None else len(table)
    after = np.bincount(table.signatures[onset:], minlength=size)
    ours = {number: place for place, number in enumerate(found.signatures)} if found is not None else {}
    known = [each for each in mined if counts[each.number]]
    known.sort(
        key=lambda each: (ours.get(each.number, len(ours)), -int(levels[each.number]), -int(counts[each.number]))
    )
    return [
        Counted(
            each,
            int(levels[each.number]),
            int(counts[each.number]),
            int(table.times[first[each.number]]),
            int(table.times[last[each.number]]),
            found is not None and first[each.number] >= onset,
            int(after[each.number]),
            record_at(table, first[each.number]).message if place < _EXAMPLES else each.template,
        )
        for place, each in enumerate(known)
    ]


def _example(table: Table, mine: npt.NDArray[np.bool_]) -> tuple[str, str]:
    """The message and all lines of the record of what goes wrong that tells most, of some."""
    places = np.flatnonzero(mine)
    best: tuple[str, str] = ("", "")
    for place in places[spread(len(places), _TRACES)]:
        record = record_at(table, int(place))
        text = "\n".join((record.message, *record.more))
        if len(record.more) > best[1].count("\n") or not best[0]:
            best = (f"{record.message} {record.gist}".strip(), text)
    return best
