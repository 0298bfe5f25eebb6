"""Since when something comes more often, told apart from chance, bursts, quiet nights and gaps."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cockpit.clock import HOUR, MINUTE, SECOND
from cockpit.insight.shifts import Exposure, Shift, Times, shift

SEEDS = st.integers(0, 2**32 - 1)
LENGTH = 4 * HOUR


def poisson(chance: np.random.Generator, since: int, until: int, per_minute: float) -> Times:
    """Times of a steady rate by chance."""
    count = chance.poisson(per_minute * (until - since) / MINUTE)
    return np.sort(chance.integers(since, until, count))


def together(*parts: Times) -> Times:
    return np.sort(np.concatenate(parts))


def steady(chance: np.random.Generator, per_minute: float = 60.0, until: int = LENGTH) -> Exposure:
    """A log in which all else comes steadily."""
    return Exposure(poisson(chance, 0, until, per_minute), 0, until)


def found(times: Times, exposure: Exposure) -> Shift:
    rise = shift(times, exposure)
    assert rise is not None
    return rise


def test_a_steady_rate_has_almost_never_a_rise() -> None:
    chance = np.random.default_rng(5)
    rises = [shift(poisson(chance, 0, LENGTH, float(rate)), steady(chance)) for rate in chance.uniform(0.1, 20.0, 300)]
    assert sum(rise is not None for rise in rises) <= 3


@settings(max_examples=60, deadline=None, derandomize=True)
@given(SEEDS, st.integers(20, 200), st.floats(0.0, 1.0), st.floats(8.0, 60.0))
def test_a_clear_rise_is_found_within_seconds(seed: int, minute: int, before: float, after: float) -> None:
    chance = np.random.default_rng(seed)
    at = minute * MINUTE
    times = together(poisson(chance, 0, LENGTH, before), poisson(chance, at, LENGTH, after))
    rise = found(times, steady(chance))
    assert abs(rise.at - at) <= 90 * SECOND
    assert rise.until == LENGTH
    assert rise.before < 2 * before + 0.3
    assert 0.6 * after < rise.after < 1.7 * (after + before)
    assert rise.confidence > 0.99


@settings(max_examples=40, deadline=None, derandomize=True)
@given(SEEDS, st.integers(10, 230), st.floats(5.0, 30.0))
def test_what_is_new_begins_with_its_first_record(seed: int, minute: int, rate: float) -> None:
    chance = np.random.default_rng(seed)
    times = poisson(chance, minute * MINUTE, LENGTH, rate)
    rise = found(times, steady(chance))
    assert rise.new
    assert (rise.at, rise.before, rise.count) == (int(times[0]), 0.0, len(times))


def test_what_was_there_before_is_not_new() -> None:
    chance = np.random.default_rng(1)
    times = together(poisson(chance, 0, LENGTH, 0.5), poisson(chance, 3 * HOUR, LENGTH, 20.0))
    assert not found(times, steady(chance)).new


def test_a_rise_that_ends_has_an_end() -> None:
    chance = np.random.default_rng(2)
    times = together(poisson(chance, 0, LENGTH, 0.2), poisson(chance, 2 * HOUR, 2 * HOUR + 20 * MINUTE, 15.0))
    rise = found(times, steady(chance))
    assert abs(rise.at - 2 * HOUR) <= 30 * SECOND
    assert abs(rise.until - (2 * HOUR + 20 * MINUTE)) <= MINUTE


def test_a_morning_after_a_quiet_night_has_almost_never_a_rise() -> None:
    rises = 0
    for seed in range(100):
        chance = np.random.default_rng(seed)
        rest = together(poisson(chance, 0, 2 * HOUR, 10.0), poisson(chance, 2 * HOUR, LENGTH, 100.0))
        failing = rest[chance.random(len(rest)) < chance.uniform(0.02, 0.1)]
        rises += shift(failing, Exposure(rest, 0, LENGTH)) is not None
    assert rises <= 2


@settings(max_examples=40, deadline=None, derandomize=True)
@given(SEEDS, st.integers(20, 120), st.integers(10, 100))
def test_a_gap_in_the_log_is_no_rise_after_it(seed: int, minute: int, length: int) -> None:
    chance = np.random.default_rng(seed)
    gap = minute * MINUTE, (minute + length) * MINUTE

    def outside(times: Times) -> Times:
        return times[(times < gap[0]) | (times > gap[1])]

    exposure = Exposure(outside(poisson(chance, 0, LENGTH, 60.0)), 0, LENGTH)
    assert shift(outside(poisson(chance, 0, LENGTH, 3.0)), exposure) is None


@settings(max_examples=40, deadline=None, derandomize=True)
@given(SEEDS, st.integers(10, 220), st.integers(20, 400))
def test_a_burst_of_twenty_seconds_is_no_rise(seed: int, minute: int, count: int) -> None:
    chance = np.random.default_rng(seed)
    burst = np.sort(chance.integers(minute * MINUTE, minute * MINUTE + 20 * SECOND, count))
    assert shift(together(poisson(chance, 0, LENGTH, 0.3), burst), steady(chance)) is None
    assert shift(burst, steady(chance)) is None


def test_a_series_of_bursts_is_no_rise_where_one_is_a_little_larger() -> None:
    chance = np.random.default_rng(3)
    bursts = [
        chance.integers(at, at + 10 * SECOND, 20 + 10 * (number == 20))
        for number, at in enumerate(range(0, LENGTH, 6 * MINUTE))
    ]
    assert shift(together(*bursts), steady(chance)) is None


def test_a_rise_in_the_last_minute_is_found_while_it_goes_on() -> None:
    chance = np.random.default_rng(4)
    begun = LENGTH - 25 * SECOND
    rise = found(np.arange(begun, LENGTH, SECOND // 2), steady(chance))
    assert (rise.at, rise.until, rise.new) == (begun, LENGTH, True)


@pytest.mark.parametrize(
    "times",
    [
        np.empty(0, np.int64),
        np.array([HOUR]),
        np.full(500, HOUR),
        np.full(500, 0),
        np.full(500, LENGTH),
        np.arange(4) * HOUR,
    ],
    ids=["none", "one", "one moment", "the first moment", "the last moment", "four"],
)
def test_too_little_to_tell(times: Times) -> None:
    assert shift(times, steady(np.random.default_rng(6))) is None


def test_nothing_else_is_logged() -> None:
    times = np.arange(2 * HOUR, LENGTH, 5 * SECOND)
    empty = Exposure(np.empty(0, np.int64), 0, LENGTH)
    rise = shift(times, empty)
    assert rise is None or rise.at == 2 * HOUR
    assert shift(times, Exposure(np.empty(0, np.int64), 0, 0)) is None
    assert shift(np.full(100, 7), Exposure(np.full(100, 7), 7, 7)) is None


@settings(max_examples=60, deadline=None, derandomize=True)
@given(
    st.lists(st.integers(-HOUR, 2 * HOUR), max_size=80),
    st.lists(st.integers(-HOUR, 2 * HOUR), max_size=80),
    st.integers(0, HOUR),
)
def test_any_times_even_out_of_range_are_borne(times: list[int], rest: list[int], until: int) -> None:
    exposure = Exposure(np.array(sorted(rest), np.int64), 0, until)
    rise = shift(np.array(sorted(times), np.int64), exposure)
    if rise is not None:
        assert rise.at <= rise.until
        assert rise.count > 0
        assert rise.after > 0
        assert 0.0 <= rise.confidence <= 1.0
