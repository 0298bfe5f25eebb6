"""When something began to come, or to come more often; and that a steady rate has no onset."""

from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from cockpit.clock import HOUR, MINUTE, SECOND
from cockpit.insight.onset import How, Onset
from cockpit.insight.onset import onset as onset_in
from cockpit.insight.shifts import Exposure, Times


def times(*stretches: tuple[int, int, int]) -> np.ndarray[tuple[int], np.dtype[np.int64]]:
    """From, to and how many, each spread evenly (microseconds)."""
    return np.sort(np.concatenate([np.linspace(low, high, count, dtype=np.int64) for low, high, count in stretches]))


def onset(found: Times, since: int, until: int, *, whole: bool = True) -> Onset | None:
    """In a log in which all else comes steadily."""
    usual = np.linspace(since, until, 5000, dtype=np.int64)
    return onset_in(found, Exposure(usual, since, until), whole=whole)


def test_the_first_of_them_is_the_onset_where_none_was_before() -> None:
    found = onset(times((6 * HOUR, 7 * HOUR, 600)), 0, 7 * HOUR)
    assert found is not None
    assert found.before is not None
    assert (found.how, found.at) == (How.APPEARED, 6 * HOUR)
    assert (found.before.records, found.after.records) == (0, 600)
    assert round(found.after.per_minute, 1) == 10.0


def test_a_rise_is_found_where_it_is_with_its_numbers() -> None:
    found = onset(times((0, 10 * HOUR, 300), (6 * HOUR, 10 * HOUR, 4000)), 0, 10 * HOUR)
    assert found is not None
    assert found.before is not None
    assert found.how is How.ROSE
    assert abs(found.at - 6 * HOUR) <= 2 * MINUTE
    assert (found.before.since, found.before.until) == (0, found.at)
    assert (found.after.since, found.after.until) == (found.at, 10 * HOUR)
    assert found.before.records + found.after.records == 4300
    assert 0.4 < found.before.per_minute < 0.6
    assert 16 < found.after.per_minute < 18


def test_a_short_log_is_looked_at_by_the_second() -> None:
    found = onset(times((0, 10 * MINUTE, 10), (5 * MINUTE, 10 * MINUTE, 300)), 0, 10 * MINUTE)
    assert found is not None
    assert abs(found.at - 5 * MINUTE) <= 5 * SECOND


def test_a_steady_rate_has_no_onset() -> None:
    found = onset(times((0, 10 * HOUR, 1000)), 0, 10 * HOUR)
    assert found is not None
    assert (found.how, found.before, found.after.records) == (How.STEADY, None, 1000)


def test_the_first_that_was_looked_at_is_not_taken_for_the_first_of_all() -> None:
    late = times((6 * HOUR, 7 * HOUR, 3))
    whole, part = onset(late, 0, 7 * HOUR), onset(late, 0, 7 * HOUR, whole=False)
    assert whole is not None
    assert part is not None
    assert (whole.how, part.how) == (How.APPEARED, How.STEADY)


def test_nothing_has_no_onset_and_one_moment_has() -> None:
    assert onset(np.empty(0, np.int64), 0, HOUR) is None
    found = onset(np.array([5]), 5, 5)
    assert found is not None
    assert found.after.per_minute == 0.0


@given(st.lists(st.integers(0, 10**12), max_size=50), st.integers(0, 10**12), st.integers(0, 10**12))
def test_every_record_is_before_or_after_or_came_when_the_rise_was_over(at: list[int], one: int, other: int) -> None:
    since, until = sorted((one, other))
    found = onset(np.array(sorted(at), np.int64), since, until)
    inside = sum(since <= each <= until for each in at)
    counted = 0 if found is None else found.after.records + (found.before.records if found.before is not None else 0)
    later = 0 if found is None else sum(found.after.until < each <= until for each in at)
    assert counted + later == inside
