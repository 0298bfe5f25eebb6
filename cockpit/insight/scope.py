"""Where the cause lies: deploy, data, load, dependency, each judged by itself. Pure."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import numpy.typing as npt

from cockpit.insight import naming
from cockpit.insight.contrast import contrast
from cockpit.insight.data import by_data
from cockpit.insight.dependency import by_dependency
from cockpit.insight.deploys import Marker, by_deploy, span
from cockpit.insight.load import Traffic, Vital, by_load, by_time_of_day
from cockpit.insight.requests import Told, joined, split
from cockpit.insight.shifts import Exposure, Shift, shift
from cockpit.insight.verdicts import SCOPES, Judged, judged, untold

Times = npt.NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Trouble:
    """What goes wrong: since and until when, its signatures (the strongest first), the times of their records.

    weight: 1 for errors, less for warnings.
    """

    shift: Shift
    signatures: tuple[int, ...]
    times: Times
    weight: float = 1.0


_TOGETHER = 10 * 60_000_000  # microseconds between onsets of signatures that are of one trouble
_WHOLLY = 0.85  # of the records of a signature, that must lie in the trouble for it to be a part of that
_SEVERAL = 3  # things that go wrong at once, that are told apart
_BESIDE = 60.0  # how clearly (natural logarithm) another thing must have risen
_CONCURRENT = 30  # requests since the onset that do not fail, from which on only those are compared
_KNOWN = 15  # records of a kind, from which on the first of them may be the onset, …
_STRAY = 4  # … so many at least came up to where the rate turns, …
_LEAD = 20 * 60_000_000  # … at most so long before the rate turns, …
_UNSEEN = 3  # … and where it had not come for so many times as long
_WARNED = 0.55  # of a score, where only warnings came more often
_MOSTLY = 0.5  # of all records, from which on errors that came all the time did not "come as before"
_MOST, _FEW = 0.9, 5  # of the errors, and at least so many, that must have come …
_BRIEF = 2 * 60_000_000  # … within so many microseconds to be a burst, or the beginning of something …
_RECENT = 60_000_000  # … where the last of them came so short a time ago
_WEAKEST = 0.05  # of the strongest gain, that a signature of the same trouble has


def troubles(
    risen: Sequence[tuple[int, float, Shift, Times]], series: Mapping[int, Times], exposure: Exposure
) -> list[Trouble]:
    """What goes wrong, apart where it began at different times: the first to begin first, at most three.

    risen: (signature, weight of its level, shift, times); series: times by signature of all that may belong to it,
    however few.
    """
    found: list[tuple[float, Trouble]] = []
    rest = [each for each in risen if each[1] == max(every[1] for every in risen)]
    while rest and len(found) < _SEVERAL:
        gain = max(each[2].gain for each in rest)
        if found and gain < _BESIDE:
            break
        one = _trouble(rest, series, exposure)
        found.append((gain, one))
        rest = [each for each in rest if each[0] not in one.signatures]
    return sorted((each for _, each in found), key=lambda each: each.shift.at)


def _trouble(
    risen: Sequence[tuple[int, float, Shift, Times]], series: Mapping[int, Times], exposure: Exposure
) -> Trouble:
    """What rose most clearly, with all that came with it.

    Its onset is that of all of them together: each by itself may have begun by chance a little earlier or later.
    """
    number, weight, clearest, own = max(risen, key=lambda each: each[2].gain)
    same = [each for each in risen if _overlap(each[2], clearest) and each[2].gain >= _WEAKEST * clearest.gain]
    same.sort(key=lambda each: -each[2].gain)
    members = [each[0] for each in same if each[0] >= 0]
    low, high = clearest.at - _TOGETHER, max(each[2].until for each in same)
    if members:
        others = {each[0] for each in risen}
        beside = ((each, times) for each, times in series.items() if each not in others)
        members += [each for each, times in beside if _within(times, low, high) >= _WHOLLY * len(times)]
    times = np.sort(np.concatenate([series[each] for each in members])) if members else own
    whole = shift(times, exposure) or clearest
    if not whole.at - _TOGETHER <= clearest.at <= whole.until:
        whole, times = clearest, own
    whole = replace(whole, at=_first(same, whole, exposure.since))
    return Trouble(whole, tuple(members) or (number,), times, weight)


def _first(same: Sequence[tuple[int, float, Shift, Times]], whole: Shift, since: int) -> int:
    """When the first record of it came, where one of its kinds had not come before: a rise may begin slowly."""
    at = whole.at
    for _, _, _, times in same:
        first = int(times[0])
        lead = whole.at - first
        early = _within(times, first, at)
        if len(times) >= _KNOWN and early >= _STRAY and 0 < lead <= _LEAD and first - since >= _UNSEEN * lead:
            at = min(at, first)
    return at


def _within(times: Times, low: int, high: int) -> int:
    """How many of these times (ascending) lie between two."""
    return int(np.searchsorted(times, high, "right") - np.searchsorted(times, low))


def _overlap(one: Shift, other: Shift) -> bool:
    return abs(one.at - other.at) <= _TOGETHER


def scope(
    found: Trouble,
    sampled: Sequence[Told],
    traffic: Traffic,
    markers: Sequence[Marker],
    since: int,
    until: int,
    vitals: Sequence[Vital] = (),
) -> dict[str, Judged]:
    """The four verdicts on what goes wrong, by scope."""
    requests = joined(sampled)
    failing, others = split(requests)
    begun = found.shift.at
    everywhere = [each for each in requests if not each.failing and each.at >= begun]
    concurrent = [each for each in others if each.at >= begun]
    compared = concurrent if len(concurrent) >= _CONCURRENT else others
    versions = contrast(failing, compared, naming.is_version)
    judged = {
        "deploy": by_deploy(markers, begun, found.times, since, until, versions),
        "data": by_data(failing, compared, everywhere),
        "load": by_load(traffic, begun, found.shift.until, sampled, failing, vitals),
        "dependency": by_dependency(failing, compared),
    }
    return judged if found.weight >= 1 else {name: each.scaled(_WARNED) for name, each in judged.items()}


def strongest(verdicts: Sequence[Mapping[str, Judged]]) -> dict[str, Judged]:
    """Of several things that go wrong, the strongest verdict on each scope."""
    return {name: max((each[name] for each in verdicts), key=lambda each: each.score) for name in SCOPES}


def nothing(
    errors: int, records: int, traffic: Traffic | None = None, wrong: Times | None = None, until: int = 0
) -> dict[str, Judged]:
    """The four verdicts where nothing began to go wrong. errors: records that tell of something wrong all the same;
    wrong: their times, ascending; until: the end of the logs (microseconds).
    """
    if not errors:
        why = "There are no errors." if records else "There are no records."
        return {name: untold(name, why, "", _EMPTY[name]) for name in SCOPES}
    if errors > _MOSTLY * records:
        first = (
            f"{errors} of {records} records are errors, from the first on"
            if records > 1
            else "The only record is an error"
        )
        why = f"{first}: it began before what was read."
        test = "Open older logs, and see when it was not so."
        return {name: untold(name, why, test, _EMPTY[name]) for name in SCOPES}
    gathered = _gathered(wrong) if wrong is not None else None
    if gathered is not None and until - gathered[1] <= _RECENT:
        last = span(until - gathered[0])
        why = f"{errors} errors, most of them in the last {last}: too soon to tell a rise from a burst."
        return {name: untold(name, why, "Wait a minute, and look again.", _EMPTY[name]) for name in SCOPES}
    come = "errors come" if errors > 1 else "error comes"
    why = f"Nothing began to go wrong: the {errors} {come} as before."
    if gathered is not None:
        brief, over = span(gathered[1] - gathered[0]), span(until - gathered[1])
        why = f"Nothing lasting began: most of the {errors} errors came within {brief}, over {over} before the end."
    found = {name: judged(name, 0.0, [why], "", _EMPTY[name]) for name in SCOPES}
    daily = by_time_of_day(traffic) if traffic is not None else None
    return found if daily is None else {**found, "load": daily}


def _gathered(wrong: Times) -> tuple[int, int] | None:
    """From when to when most of these errors came, where that is short; None where they come one by one."""
    most = math.ceil(_MOST * len(wrong))
    if most < _FEW:
        return None
    lengths = wrong[most - 1 :] - wrong[: len(wrong) - most + 1]
    first = int(np.argmin(lengths))
    return (int(wrong[first]), int(wrong[first + most - 1])) if lengths[first] <= _BRIEF else None


def untimed(errors: int, records: int, sampled: Sequence[Told]) -> dict[str, Judged]:
    """The four verdicts where no record has a time: by what those that fail say, and have in common."""
    if not errors:
        return nothing(errors, records)
    requests = joined(sampled)
    failing, others = split(requests)
    everywhere = [each for each in requests if not each.failing]
    why, test = "No record has a time, so that since when cannot be told.", "Log a time with each record."
    told = {name: untold(name, why, test, _EMPTY[name]) for name in ("deploy", "load")}
    return {**told, "data": by_data(failing, others, everywhere), "dependency": by_dependency(failing, others)}


_EMPTY: dict[str, dict[str, Any]] = {
    "deploy": {"marker": None, "rate_ratio": None},
    "data": {"factors": []},
    "load": {"latency_ms": None},
    "dependency": {"peers": []},
}
