"""Whether there is too much to do, or something fills up: rates, latencies, gauges, and what errors say. Pure."""

from __future__ import annotations

import math
import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from cockpit.clock import MINUTE
from cockpit.insight import naming
from cockpit.insight.daily import time_of_day
from cockpit.insight.dependency import telling, texts_of
from cockpit.insight.requests import Request, Told
from cockpit.insight.symptoms import SATURATED, TIMED_OUT, example, share
from cockpit.insight.took import took
from cockpit.insight.verdicts import Judged, judged

Series = npt.NDArray[np.float64]

_FEW = 12
_SAMPLES = 4  # of a vital, from which on it is judged
_BARE = re.compile(r"[0-9]+(?:\.[0-9]+)?$")


@dataclass(frozen=True, slots=True)
class Traffic:
    """Records and failures per bin of time. rate: all that is logged when nothing is wrong; wrong: what goes wrong."""

    starts: npt.NDArray[np.int64]
    rate: Series
    wrong: Series


def latency_of(told: Told) -> float | None:
    """How long what a record tells of took, in milliseconds; None where it does not say.

    A number of a field named like a length, without a unit: seconds where it has a fraction, else milliseconds.
    """
    found = took(told.message, told.fields.items())
    if found is not None:
        return found.length / 1000
    for name, value in told.fields.items():
        if naming.is_latency(name) and _BARE.match(value):
            return float(value) * (1000.0 if "." in value else 1.0)
    return None


@dataclass(frozen=True, slots=True)
class Vital:
    """What this host was doing. name: in words; unit: behind a value; full: from which value on it is used up.

    int64[n] times (microseconds), ascending, float64[n] values.
    """

    name: str
    unit: str
    full: float
    times: npt.NDArray[np.int64]
    values: Series


def by_load(
    traffic: Traffic,
    onset: int,
    until: int,
    sampled: Sequence[Told],
    failing: Sequence[Request],
    vitals: Sequence[Vital] = (),
) -> Judged:
    """Judge by the rate of what is logged, by latencies and gauges of sampled records, by what the errors say, by the
    host's vitals where they are known, and by the time of day.
    """
    test = "Let less in (rate limit, another instance, a larger pool): do the errors follow? Look at its limits."
    texts = texts_of(telling(failing))
    full = share(texts, SATURATED)
    why: list[str] = []
    if full:
        why.append(
            f"{full * 100:.0f} % of the errors say “{example(texts, SATURATED)}” or the like: something is full."
        )
    surge, told = _surge(traffic, onset, until)
    why += told
    follows, told = _follows(traffic)
    why += told
    gauge, told = _gauges(sampled, onset)
    why += told
    slower, told, facts = _latency([each for each in sampled if not each.wrong], onset)
    why += told
    used_up, told = _used_up(vitals, onset, until)
    why += told
    daily, sentence = time_of_day(traffic.starts, traffic.rate, traffic.wrong)
    why += [sentence] if sentence else []
    timeouts = share(texts, TIMED_OUT) * (1 - full)
    score = 0.6 * full + 0.25 * surge + 0.2 * follows + 0.25 * gauge + 0.15 * slower
    score += 0.1 * timeouts * max(surge, slower) + 0.3 * used_up + 0.1 * daily
    if not why:
        why.append("Nothing is fuller or slower: request rate, latencies, gauges are as before, and no error says so.")
    return judged("load", score, why, test, facts)


def by_time_of_day(traffic: Traffic) -> Judged | None:
    """What is said of the load where errors only come at one time of the day, as they did on the days before."""
    share, sentence = time_of_day(traffic.starts, traffic.rate, traffic.wrong)
    if not sentence:
        return None
    test = "See what runs at that time: cron, backups, a batch, a peak of requests."
    return judged("load", 0.4 * share, [sentence], test, {"latency_ms": None})


def _surge(traffic: Traffic, onset: int, until: int) -> tuple[float, list[str]]:
    """How far the rate of records around the onset exceeds all that was before."""
    before = traffic.rate[traffic.starts < onset - 2 * MINUTE]
    width = int(traffic.starts[1] - traffic.starts[0]) if len(traffic.starts) > 1 else MINUTE
    near = traffic.rate[
        (traffic.starts > onset - 4 * MINUTE - width) & (traffic.starts <= min(until, onset + 15 * MINUTE))
    ]
    if len(before) < 4 or not len(near) or before.sum() == 0:
        return 0.0, []
    usual, high, now = float(np.median(before[before > 0])), float(np.quantile(before, 0.98)), float(np.median(near))
    ratio = now / max(usual, 1e-9)
    beyond = now / max(high, 1e-9)
    strength = min(1.0, max(0.0, (beyond - 1.0) / 0.5)) if ratio > 1.3 else 0.0
    if strength < 0.1:
        return 0.0, []
    return strength, [f"{ratio:.1f} times as many records a minute as is usual, {beyond:.1f} times the most before."]


def _follows(traffic: Traffic) -> tuple[float, list[str]]:
    """How far the share of failures goes up and down with the rate (rank correlation), beyond chance."""
    known = traffic.rate > 0
    if known.sum() < _FEW or traffic.wrong[known].sum() < _FEW:
        return 0.0, []
    ratio = traffic.wrong[known] / traffic.rate[known]
    if (ratio > 0).mean() < 0.03:
        return 0.0, []
    correlation = _ranked(traffic.rate[known], ratio)
    if correlation < 0.4:
        return 0.0, []
    return min(1.0, (correlation - 0.3) / 0.4), [
        f"The share of errors follows the rate (rank correlation {correlation:.2f})."
    ]


def _gauges(sampled: Sequence[Told], onset: int) -> tuple[float, list[str]]:
    """How far a gauge that records tell (pool, heap, queue …) stands outside of what it was before the onset."""
    best = 0.0
    told: list[str] = []
    names = {name for each in sampled for name in each.fields if naming.is_gauge(name)}
    for name in names:
        known = [
            (each.at, number)
            for each in sampled
            if name in each.fields and (number := _number(each.fields[name])) is not None
        ]
        before = np.array([value for at, value in known if at < onset - 2 * MINUTE])
        after = np.array([value for at, value in known if at >= onset - MINUTE])
        if len(before) < 6 or len(after) < 3 or (before.std() == 0 and after.std() == 0):
            continue
        low, high = (float(each) for each in np.quantile(before, (0.05, 0.95)))
        now = float(np.median(after))
        spread = max(high - low, abs(float(np.median(before))) * 0.1, 1e-9)
        beyond = max(now - high, low - now) / spread
        times = np.array([at for at, _ in known if at < onset], float)
        creeping = abs(_ranked(times, np.array([value for at, value in known if at < onset])))
        strength = min(1.0, max(beyond, 0.0))
        if len(times) >= _FEW and creeping > 0.7:
            strength = max(strength, creeping)
        if strength > max(best, 0.3):
            best = strength
            told = [f"{name}: {now:g} (median since the onset), {np.median(before):g} before."]
    return best, told


def _used_up(vitals: Sequence[Vital], onset: int, until: int) -> tuple[float, list[str]]:
    """1 where something of the host is used up since the onset that was not before; 0.5 where it was then too, or that
    is not known.
    """
    best, told = 0.0, []
    for each in vitals:
        since = each.values[(each.times >= onset) & (each.times <= until)]
        before = each.values[each.times < onset - MINUTE]
        if len(since) < _SAMPLES or (now := float(np.median(since))) < each.full:
            continue
        then = float(np.median(before)) if len(before) >= _SAMPLES else None
        best = max(best, 1.0 if then is not None and then < 0.9 * each.full else 0.5)
        since_when = f"since the onset, {then:.3g}{each.unit} before" if then is not None else "as long as it was seen"
        told.append(f"{each.name} of this host: {now:.3g}{each.unit} {since_when}.")
    return best, told


def _latency(sampled: Sequence[Told], onset: int) -> tuple[float, list[str], dict[str, Any]]:
    """How much slower what does not fail has become."""
    known = [(each.at, took) for each in sampled if (took := latency_of(each)) is not None]
    before = [took for at, took in known if at < onset - 2 * MINUTE]
    after = [took for at, took in known if at >= onset - MINUTE]
    if len(before) < _FEW or len(after) < _FEW:
        return 0.0, [], {"latency_ms": None}
    medians = float(np.median(before)), float(np.median(after))
    facts = {"latency_ms": {"before": round(medians[0], 3), "after": round(medians[1], 3)}}
    ratio = medians[1] / max(medians[0], 1e-9)
    if ratio < 1.3:
        return 0.0, [], facts
    return (
        min(1.0, (ratio - 1.2) / 1.0),
        [f"What does not fail takes {ratio:.1f} times as long ({medians[1]:.0f} ms, {medians[0]:.0f} ms before)."],
        facts,
    )


def _ranked(one: Series, other: Series) -> float:
    """Spearman's rank correlation; ties in the order they come."""
    if len(one) < 4 or one.std() == 0 or other.std() == 0:
        return 0.0
    ranks = [_ranks(each) for each in (one, other)]
    return float(np.corrcoef(ranks[0], ranks[1])[0, 1])


def _ranks(values: Series) -> Series:
    _, places, counts = np.unique(values, return_inverse=True, return_counts=True)
    ends = np.cumsum(counts)
    return np.asarray((ends - (counts - 1) / 2.0)[places], float)


def _number(value: str) -> float | None:
    try:
        number = float(value.rstrip("%MGKBmi"))
    except ValueError:
        return None
    return number if math.isfinite(number) else None
