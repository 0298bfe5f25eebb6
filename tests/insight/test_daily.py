"""Errors that come at one time of the day, told from those that come at any."""

from __future__ import annotations

import numpy as np
import pytest

from cockpit.clock import DAY, HOUR, MINUTE
from cockpit.insight.daily import time_of_day

WIDTH = 20 * MINUTE


def bins(days: int) -> np.ndarray[tuple[int], np.dtype[np.int64]]:
    return np.arange(0, days * DAY, WIDTH, dtype=np.int64)


def at_hour(
    starts: np.ndarray[tuple[int], np.dtype[np.int64]], hour: int
) -> np.ndarray[tuple[int], np.dtype[np.float64]]:
    return np.where((starts % DAY) // HOUR == hour, 9.0, 0.0)


def test_the_hours_are_named_with_their_days() -> None:
    starts = bins(5)
    share, sentence = time_of_day(starts, np.full(len(starts), 50.0), at_hour(starts, 2))
    assert share == 1.0
    assert sentence == "100 % of the errors come between 01:00 and 03:00 UTC, on 5 of 5 days."


def test_hours_around_midnight_are_on_end() -> None:
    starts = bins(4)
    _, sentence = time_of_day(starts, np.full(len(starts), 50.0), at_hour(starts, 23) + at_hour(starts, 0))
    assert "between 23:00 and 01:00 UTC" in sentence


@pytest.mark.parametrize("days", [0, 1, 2])
def test_of_few_days_nothing_is_told(days: int) -> None:
    starts = bins(days)
    assert time_of_day(starts, np.full(len(starts), 50.0), at_hour(starts, 2)) == (0.0, "")


def test_errors_at_any_time_keep_to_none() -> None:
    starts = bins(5)
    assert time_of_day(starts, np.full(len(starts), 50.0), np.ones(len(starts))) == (0.0, "")


def test_one_bad_night_is_no_habit() -> None:
    starts = bins(5)
    wrong = np.where(starts < DAY, at_hour(starts, 2), 0.0)
    assert time_of_day(starts, np.full(len(starts), 50.0), wrong) == (0.0, "")


def test_where_all_happens_at_that_time_errors_are_no_news() -> None:
    starts = bins(5)
    assert time_of_day(starts, at_hour(starts, 2) * 50, at_hour(starts, 2)) == (0.0, "")
