"""Where the cause lies: deploy, data, load, dependency, each judged by itself, from what was counted and sampled. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from cockpit.insight import naming
from cockpit.insight.contrast import contrast
from cockpit.insight.data import by_data
from cockpit.insight.dependency import by_dependency
from cockpit.insight.deploys import Marker, by_deploy
from cockpit.insight.load import Traffic, by_load
from cockpit.insight.requests import Told, joined, split
from cockpit.insight.shifts import Exposure, Shift, shift
from cockpit.insight.verdicts import SCOPES, Judged, untold

Times = npt.NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Trouble:
    """What goes wrong: since and until when, its signatures (the strongest first), and the times of their records."""

    shift: Shift
    signatures: tuple[int, ...]
    times: Times


_TOGETHER = 10 * 60_000_000  # microseconds between onsets of signatures that are of one trouble
_WHOLLY = 0.85  # of the records of a signature, that must lie in the trouble for it to be a part of that
_WEAKEST = 0.05  # of the strongest gain, that a signature of the same trouble has


def trouble(
    risen: Sequence[tuple[int, float, Shift, Times]], series: Mapping[int, Times], exposure: Exposure
) -> Trouble | None:
    """What rose most clearly, with all that came with it. risen: (signature, weight of its level, shift, times);
    series: times by signature of all that may belong to it, however few.

    Its onset is that of all of them together: each by itself may have begun by chance a little earlier or later.
    """
    if not risen:
        return None
    heaviest = max(each[1] for each in risen)
    risen = [each for each in risen if each[1] == heaviest]
    number, _, strongest, own = max(risen, key=lambda each: each[2].gain)
    same = [each for each in risen if _overlap(each[2], strongest) and each[2].gain >= _WEAKEST * strongest.gain]
    same.sort(key=lambda each: -each[2].gain)
    members = [each[0] for each in same if each[0] >= 0]
    low, high = strongest.at - _TOGETHER, max(each[2].until for each in same)
    if members:
        beside = ((each, times) for each, times in series.items() if each not in members)
        members += [each for each, times in beside if _within(times, low, high) >= _WHOLLY * len(times)]
    times = np.sort(np.concatenate([series[each] for each in members])) if members else own
    whole = shift(times, exposure) or strongest
    if not whole.at - _TOGETHER <= strongest.at <= whole.until:
        whole, times = strongest, own
    return Trouble(whole, tuple(members) or (number,), times)


def _within(times: Times, low: int, high: int) -> int:
    """How many of these times (ascending) lie between two."""
    return int(np.searchsorted(times, high, "right") - np.searchsorted(times, low))


def _overlap(one: Shift, other: Shift) -> bool:
    return abs(one.at - other.at) <= _TOGETHER


def scope(
    found: Trouble | None,
    sampled: Sequence[Told],
    traffic: Traffic,
    markers: Sequence[Marker],
    since: int,
    until: int,
    errors: int,
) -> dict[str, Judged]:
    """The four verdicts, by scope. errors: records of level error in all, whether they rose or not."""
    if found is None:
        why = "Nothing began to go wrong in what was read." if errors else "There are no errors."
        return {
            each: Judged(
                each,
                untold(each, why, "").verdict if not errors else _unlikely(each, why).verdict,
                0.0,
                (why,),
                "",
                _EMPTY[each],
            )
            for each in SCOPES
        }
    failing, others = split(joined(sampled))
    begun = found.shift.at
    concurrent = [each for each in others if each.at >= begun]
    compared = concurrent if len(concurrent) >= 30 else others
    versions = contrast(failing, compared, naming.is_version)
    return {
        "deploy": by_deploy(markers, begun, found.times, since, until, versions),
        "data": by_data(failing, compared),
        "load": by_load(traffic, begun, found.shift.until, sampled, failing),
        "dependency": by_dependency(failing, compared),
    }


def _unlikely(name: str, why: str) -> Judged:
    from cockpit.insight.verdicts import judged

    return judged(name, 0.0, [why], "", _EMPTY[name])


_EMPTY: dict[str, dict[str, object]] = {
    "deploy": {"marker": None, "rate_ratio": None},
    "data": {"factors": []},
    "load": {"latency_ms": None},
    "dependency": {"peers": []},
}
