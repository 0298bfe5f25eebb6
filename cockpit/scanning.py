"""Scans logs for what went wrong: signatures, onset, markers, and the verdict on each scope, without a screen."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from cockpit.cataloguing import Catalogue, Mined
from cockpit.clock import to_rfc3339
from cockpit.insight.deploys import STARTING, Marker, merged, started
from cockpit.insight.load import Traffic
from cockpit.insight.requests import Told, said
from cockpit.insight.scope import Trouble, scope, trouble
from cockpit.insight.shifts import Exposure, Shift, shift
from cockpit.insight.symptoms import WRONG
from cockpit.insight.verdicts import Judged
from cockpit.logs.file import LogFile
from cockpit.logs.levels import Level
from cockpit.logs.record import parse
from cockpit.logs.times import NONE
from cockpit.logs.trace_ids import trace_ids

Numbers = npt.NDArray[np.int64]

_READ = 1 << 14  # bytes of a record that are read
_ALL = 12_000  # records, up to which all are read
_WRONG = 240  # failing records around which others are read
_AROUND = 40  # records before and after each
_BEFORE = 40  # stretches before the onset
_STRETCH = 80  # records in each
_CANDIDATES = 400  # signatures whose rates are looked at, those of errors and the most frequent first
_STARTS = 60  # records of a start-up signature, at most
_WIDTH = 60_000_000  # microseconds of a bin of the traffic, at least
_BINS = 480
DEBUG: list = []
_OWN = -1  # stands for all errors together


@dataclass(slots=True)
class Table:
    """All records in order of time. int64[n] times (microseconds), uint8[n] levels, int32[n] signatures; where each
    stands: int32[n] number of its part, int64[n] number of the record in its file.
    """

    times: Numbers
    levels: npt.NDArray[np.uint8]
    signatures: npt.NDArray[np.int32]
    files: npt.NDArray[np.int32]
    numbers: Numbers

    def __len__(self) -> int:
        return len(self.times)


@dataclass(slots=True)
class Scanned:
    """What a scan found. signatures: with count, level, first, last, whether new since the onset."""

    table: Table
    signatures: list[Mined]
    trouble: Trouble | None
    markers: list[Marker]
    scope: dict[str, Judged]
    shifts: dict[int, Shift] = field(default_factory=dict)
    sampled: list[Told] = field(default_factory=list)


def scan(catalogue: Catalogue, markers: Sequence[Marker], stop: Callable[[], bool] = lambda: False) -> Scanned:
    """Look through all records of a catalogue that has been grown. Takes 0.1 to 2 s."""
    table, files = table_of(catalogue)
    mined = catalogue.signatures()
    if not len(table):
        return Scanned(table, mined, None, list(markers), scope(None, [], _traffic(table, None, 0, 0), markers, 0, 0, 0))
    since, until = int(table.times[0]), int(table.times[-1])
    wrong = _wrong(table, mined)
    exposure = Exposure(table.times[~wrong], since, until)
    risen, series = _risen(table, wrong, exposure)
    found = trouble(risen, series, exposure)
    DEBUG[:] = [(n, round(w, 1), round(r.gain), to_rfc3339(r.at)[11:19], to_rfc3339(r.until)[11:19], r.count, round(r.before, 2), round(r.after, 2), next((m.template[:90] for m in mined if m.number == n), "")) for n, w, r, _ in risen]
    known = merged([*markers, *_started(table, files, mined)])
    sampled = [] if found is None else _sampled(table, files, found, wrong)
    traffic = _traffic(table, found, since, until)
    judged = scope(found, sampled, traffic, known, since, until, int(wrong.sum()))
    return Scanned(table, mined, found, known, judged, {each[0]: each[2] for each in risen}, sampled)


def table_of(catalogue: Catalogue) -> tuple[Table, list[LogFile]]:
    """The records of a catalogue that have a time, in its order."""
    files: list[LogFile] = []
    columns: list[tuple[Any, ...]] = []
    for each in catalogue.parts():
        if each.file not in files:
            files.append(each.file)
        count = len(each.numbers)
        keys = each.file.index.keys(each.part)[:count]
        number = np.full(count, files.index(each.file), np.int32)
        columns.append((keys, each.part.levels[:count], each.numbers, number, each.part.first + np.arange(count)))
    if not columns:
        empty = np.empty(0, np.int64)
        return Table(empty, empty.astype(np.uint8), empty.astype(np.int32), empty.astype(np.int32), empty), files
    joined = [np.concatenate(each) for each in zip(*columns, strict=True)]
    timed = joined[0] != NONE
    order = np.argsort(joined[0], kind="stable")
    order = order[timed[order]]
    return Table(*(each[order] for each in joined)), files


def _wrong(table: Table, mined: Sequence[Mined]) -> npt.NDArray[np.bool_]:
    """Which records tell of something wrong: by their level; where records have none, by their words."""
    wrong = table.levels >= Level.ERROR
    unlevelled = table.levels == 0
    if unlevelled.mean() > 0.02:
        size = int(table.signatures.max()) + 1
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


def _traffic(table: Table, found: Trouble | None, since: int, until: int) -> Traffic:
    width = max(_WIDTH, -(-(until - since + 1) // _BINS))
    bins = max(1, -(-(until - since + 1) // width))
    starts = since + width * np.arange(bins, dtype=np.int64)
    if not len(table):
        return Traffic(starts, np.zeros(bins), np.zeros(bins))
    right = table.levels < Level.WARNING
    rate = np.bincount((table.times[right] - since) // width, minlength=bins)[:bins].astype(float)
    wrong = np.zeros(bins) if found is None else np.bincount((found.times - since) // width, minlength=bins)[:bins].astype(float)
    return Traffic(starts, rate, wrong)


def _started(table: Table, files: Sequence[LogFile], mined: Sequence[Mined]) -> list[Marker]:
    """Markers of start-up lines: of signatures that say so and are seldom."""
    counts = np.bincount(table.signatures)
    lines: list[tuple[int, str, str]] = []
    for each in mined:
        if not STARTING.search(each.template) or not 0 < counts[each.number] <= _STARTS:
            continue
        for place in np.flatnonzero(table.signatures == each.number):
            told = told_of(table, files, int(place))
            if told.level < Level.WARNING:
                version = next((f" version {value}" for name, value in told.fields.items() if _versioned(name)), "")
                lines.append((told.at, files[int(table.files[place])].path.name.split(".")[0], told.message + version))
    return [each for each in started(lines) if each.ref]


def _versioned(name: str) -> bool:
    from cockpit.insight.naming import is_version

    return is_version(name)


def _sampled(table: Table, files: Sequence[LogFile], found: Trouble, wrong: npt.NDArray[np.bool_]) -> list[Told]:
    """Records around the failing ones, and from before the onset: all where there are few."""
    count = len(table)
    mine = np.isin(table.times, found.times) & (np.isin(table.signatures, found.signatures) if found.signatures[0] >= 0 else wrong)
    mine &= wrong | ~(wrong & mine).any()
    if count <= _ALL:
        places = np.arange(count)
    else:
        failing = np.flatnonzero(mine & (table.times >= found.shift.at) & (table.times <= found.shift.until))
        failing = failing[np.linspace(0, len(failing) - 1, min(_WRONG, len(failing))).astype(int)] if len(failing) else failing
        onset = int(np.searchsorted(table.times, found.shift.at))
        before = np.linspace(0, max(0, onset - _STRETCH), _BEFORE).astype(int)
        picked = np.zeros(count, bool)
        for place in failing:
            picked[max(0, place - _AROUND) : place + _AROUND] = True
        for place in before:
            picked[place : place + _STRETCH] = True
        places = np.flatnonzero(picked)
    return [replace(told_of(table, files, int(place)), wrong=bool(mine[place])) for place in places]


def told_of(table: Table, files: Sequence[LogFile], place: int) -> Told:
    """What one record of a table tells."""
    file, number = files[int(table.files[place])], int(table.numbers[place])
    record = parse(file.read(number, _READ), file.forms.of(number))
    fields = dict(reversed((*record.fields, *record.told)))
    for name, value in said(record.message).items():
        fields.setdefault(name, value)
    traces = tuple(value for _, value in trace_ids(record))
    return Told(
        int(table.times[place]),
        int(table.levels[place]),
        int(table.signatures[place]),
        int(table.files[place]),
        record.message,
        fields,
        traces,
        record.gist,
    )


def as_data(scanned: Scanned) -> dict[str, Any]:
    """For `--json`: onset, markers, scope; times are RFC 3339."""
    found = scanned.trouble
    names = {each.number: each for each in scanned.signatures}
    onset = None
    if found is not None:
        first = names.get(found.signatures[0])
        onset = {
            "at": to_rfc3339(found.shift.at),
            "signature": first.id if first is not None else None,
            "before_per_min": round(found.shift.before, 3),
            "after_per_min": round(found.shift.after, 3),
            "confidence": round(found.shift.confidence, 4),
        }
    return {
        "onset": onset,
        "markers": [each.as_data() for each in scanned.markers],
        "scope": {name: each.as_data() for name, each in scanned.scope.items()},
    }


def diagnose(paths: Sequence[Path], markers: Sequence[tuple[int, str, str]]) -> dict[str, Any]:
    """Scan files: for those who have paths and markers (at, kind, ref) and want what `--json` prints."""
    from cockpit.clock import SystemClock

    files = [LogFile(path, SystemClock().now()) for path in paths]
    try:
        for file in files:
            while file.index_earlier():
                pass
        catalogue = Catalogue(files)
        while catalogue.grow(lambda: False):
            pass
        given = [Marker(at, kind, ref, f"{kind} {ref}".strip()) for at, kind, ref in markers]
        return as_data(scan(catalogue, given))
    finally:
        for file in files:
            file.close()
