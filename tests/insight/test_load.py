"""Whether there is too much to do, or something fills up."""

from __future__ import annotations

import numpy as np
import pytest

from cockpit.clock import DAY, HOUR, MINUTE, SECOND
from cockpit.insight.load import Traffic, Vital, by_load, latency_of
from cockpit.insight.requests import Request, Told
from cockpit.insight.verdicts import Judged, Verdict
from tests.insight.tellings import failing, saying, told

MINUTES = 120
ONSET = 90 * MINUTE
END = MINUTES * MINUTE


def traffic(surge: float = 1.0, wrong: float = 20.0) -> Traffic:
    """About a hundred records a minute, from the onset on so many times as many; and what goes wrong a minute."""
    chance = np.random.default_rng(1)
    starts = np.arange(MINUTES, dtype=np.int64) * MINUTE
    late = starts >= ONSET
    return Traffic(
        starts, chance.poisson(np.where(late, 100.0 * surge, 100.0)).astype(float), np.where(late, wrong, 0.0)
    )


def by(wrong: list[Request] | None = None, sampled: list[Told] | None = None, among: Traffic | None = None) -> Judged:
    return by_load(among or traffic(), ONSET, END, sampled or [], wrong or failing(*[{}] * 20))


def series(name: str, before: float, after: float) -> list[Told]:
    """Records that tell of a number, one a minute; it varies a little."""
    return [
        told(minute * 60, fields={name: round((before if minute < 90 else after) * (1 + minute % 5 / 50), 3)})
        for minute in range(MINUTES)
    ]


@pytest.mark.parametrize(
    "message",
    [
        "QueuePool limit of size 5 overflow 10 reached, connection timed out",
        "java.lang.OutOfMemoryError: Java heap space",
        "accept: too many open files",
        "task queue is full, rejected",
        "Cannot allocate memory",
    ],
)
def test_errors_that_tell_of_something_full_make_it_likely(message: str) -> None:
    found = by(saying(message))
    assert found.verdict is Verdict.LIKELY
    assert found.why[0].startswith("100 % of the errors say “")


def test_as_before_it_is_unlikely_and_says_what_was_looked_at() -> None:
    found = by()
    assert found.verdict is Verdict.UNLIKELY
    assert found.why[0].startswith("Nothing is fuller or slower: request rate, latencies, gauges are as before")
    assert found.facts == {"latency_ms": None}


def test_a_surge_of_requests_raises_it() -> None:
    found = by(among=traffic(3.0))
    assert found.score > by().score
    assert found.verdict is not Verdict.UNLIKELY
    assert any("times as many records a minute as is usual" in why for why in found.why)


def test_a_share_of_errors_that_follows_the_rate_raises_it() -> None:
    waves = 100 + 90 * np.sin(np.arange(MINUTES) / 5)
    errors = np.maximum(waves - 120, 0.0) ** 1.5
    among = Traffic(np.arange(MINUTES, dtype=np.int64) * MINUTE, waves, errors)
    assert any("The share of errors follows the rate" in why for why in by(among=among).why)


def test_what_does_not_fail_is_slower() -> None:
    found = by(sampled=series("duration_ms", 20.0, 90.0))
    assert any("takes 4.5 times as long" in why for why in found.why)
    before, after = found.facts["latency_ms"]["before"], found.facts["latency_ms"]["after"]
    assert 20 <= before <= 22
    assert 90 <= after <= 98
    assert found.score > by().score
    same = by(sampled=series("duration_ms", 20.0, 20.0))
    assert same.facts["latency_ms"] is not None
    assert same.verdict is Verdict.UNLIKELY


def test_a_gauge_outside_of_what_it_was() -> None:
    found = by(sampled=series("pool_in_use", 5.0, 20.0))
    assert any(why.startswith("pool_in_use: ") for why in found.why)
    assert found.score > by().score


def test_a_gauge_that_creeps_up_to_the_onset() -> None:
    creeping = [told(minute * 60, fields={"rss_mb": 200 + 5 * minute}) for minute in range(MINUTES)]
    assert any(why.startswith("rss_mb: ") for why in by(sampled=creeping).why)


def test_a_gauge_as_before_tells_nothing() -> None:
    assert by(sampled=series("pool_in_use", 5.0, 5.0)).verdict is Verdict.UNLIKELY
    assert by(sampled=series("pool_in_use", 5.0, 5.0)).why == by().why


@pytest.mark.parametrize("odd", ["nan", "inf", "-inf"])
def test_a_gauge_that_is_no_number_tells_nothing(odd: str) -> None:
    odd_ones = [told(minute * 60, fields={"pool_in_use": odd}) for minute in range(91, 99)]
    assert by(sampled=[*series("pool_in_use", 5.0, 5.0), *odd_ones]).why == by().why


def test_full_and_crowded_is_likelier_than_full() -> None:
    wrong = saying("no free connection in pool")
    assert by(wrong, among=traffic(3.0)).score > by(wrong).score


def test_little_or_nothing_to_go_by() -> None:
    empty = Traffic(np.empty(0, np.int64), np.empty(0), np.empty(0))
    assert by_load(empty, 0, 0, [], []).verdict is Verdict.UNLIKELY
    one = Traffic(np.zeros(1, np.int64), np.ones(1), np.ones(1))
    assert by_load(one, 0, SECOND, series("pool", 1, 1)[:3], []).verdict is Verdict.UNLIKELY


@pytest.mark.parametrize(
    ("name", "value", "expected"),
    [
        ("duration_ms", "12", 12.0),
        ("duration", "1.5s", 1500.0),
        ("elapsed", "250 µs", 0.25),
        ("latency_us", "3000", 3.0),
        ("request_time", "0.020", 20.0),
        ("took_seconds", "2", 2000.0),
        ("latency", "12", 12.0),
        ("latency", "0.25", 250.0),
        ("duration", "soon", None),
        ("items", "12", None),
        ("duration_ms", "", None),
        ("duration_ms", "-", None),
    ],
)
def test_how_long_by_name_and_unit(name: str, value: str, expected: float | None) -> None:
    assert latency_of(told(fields={name: value})) == (None if expected is None else pytest.approx(expected))


def test_how_long_by_the_words_of_a_message() -> None:
    assert latency_of(told(message="page rendered in 38 ms")) == 38.0
    assert latency_of(told(message="done, took 1.5s")) == 1500.0
    assert latency_of(told(message="nothing")) is None


def vital(before: float, after: float, samples: int = 30) -> Vital:
    """A processor that was so busy before the onset, and so much after it, every minute."""
    times = ONSET + (np.arange(2 * samples, dtype=np.int64) - samples) * MINUTE
    return Vital("CPU", " %", 90.0, times, np.where(times < ONSET, before, after))


def with_vitals(*vitals: Vital) -> Judged:
    return by_load(traffic(), ONSET, END, [], failing(*[{}] * 20), vitals)


def test_a_host_that_is_used_up_since_the_onset_speaks_for_load() -> None:
    found = with_vitals(vital(20.0, 99.0))
    assert found.verdict is Verdict.POSSIBLE
    assert "CPU of this host: 99 % since the onset, 20 % before." in found.why


def test_a_host_that_was_busy_before_says_less() -> None:
    assert with_vitals(vital(97.0, 99.0)).score < with_vitals(vital(20.0, 99.0)).score


def test_of_a_host_that_was_not_looked_at_before_only_what_was_seen_is_told() -> None:
    seen = vital(20.0, 99.0)
    late = Vital(seen.name, seen.unit, seen.full, seen.times[30:], seen.values[30:])
    found = with_vitals(late)
    assert "CPU of this host: 99 % as long as it was seen." in found.why
    assert found.score < with_vitals(seen).score


def test_a_host_with_much_to_spare_says_nothing() -> None:
    assert with_vitals(vital(2.0, 50.0)).score == by().score
    assert with_vitals(vital(2.0, 99.0, samples=1)).score == by().score


def test_errors_at_one_time_of_the_day_are_told() -> None:
    starts = np.arange(0, 5 * DAY, 20 * MINUTE, dtype=np.int64)
    nightly = np.where((starts % DAY) // HOUR == 2, 9.0, 0.0)
    found = by_load(Traffic(starts, np.full(len(starts), 50.0), nightly), 2 * HOUR, 3 * HOUR, [], [])
    assert "100 % of the errors come between 01:00 and 03:00 UTC, on 5 of 5 days." in found.why
