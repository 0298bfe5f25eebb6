"""Histograms: every record with a time stands in one bucket, and in no other."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from cockpit.clock import DAY, HOUR, MINUTE, SECOND, from_rfc3339
from cockpit.logs.histogram import Histogram, bucket_width, histogram
from cockpit.logs.levels import Level
from cockpit.logs.packed import PackedTimes
from cockpit.logs.parts import Part
from cockpit.logs.times import NONE

BASE = from_rfc3339("2026-11-23T10:00:00Z")
RECORDS = st.lists(
    st.tuples(st.integers(BASE - 3 * DAY, BASE + 3 * DAY) | st.just(NONE), st.sampled_from(Level)), max_size=40
)


def part(records: Sequence[tuple[int, Level]], first: int = 0) -> Part:
    """A part of an index that holds records of these times and levels."""
    times = np.array([time for time, _ in records], np.int64)
    levels = np.array([level for _, level in records], np.uint8)
    starts, lines = np.arange(len(records), dtype=np.uint32), np.ones(len(records), np.uint32)
    return Part(first, 0, starts, PackedTimes(times), levels, lines, len(records), NONE, closed=True)


def counted(records: Sequence[tuple[int, Level]], low: int, high: int, buckets: int) -> Histogram:
    return histogram([part(records)], low, high, buckets)


def test_lines_and_errors_stand_at_their_times() -> None:
    records = [
        (BASE, Level.INFO),
        (BASE + 500_000, Level.ERROR),
        (BASE + 2 * SECOND, Level.CRITICAL),
        (BASE + 2 * SECOND, Level.WARNING),
        (BASE + 4 * SECOND, Level.NONE),
    ]
    found = counted(records, BASE, BASE + 4 * SECOND, 5)
    assert (found.start, found.width) == (BASE, SECOND)
    assert found.lines.tolist() == [2, 0, 2, 0, 1]
    assert found.errors.tolist() == [1, 0, 1, 0, 0]
    assert found.stop == BASE + 5 * SECOND


def test_a_record_without_a_time_stands_nowhere() -> None:
    found = counted([(NONE, Level.ERROR), (BASE, Level.INFO)], BASE, BASE, 10)
    assert (found.lines.sum(), found.errors.sum()) == (1, 0)


def test_where_nothing_was_logged_there_is_nothing() -> None:
    assert histogram([], BASE, BASE + HOUR, 60).lines.tolist() == [0] * 60
    assert counted([], BASE, BASE, 1).lines.tolist() == [0]


def test_a_time_outside_has_no_bucket() -> None:
    found = counted([], BASE, BASE + 4 * SECOND, 5)
    assert [found.bucket_of(BASE + after * SECOND) for after in (-1, 0, 4, 5)] == [None, 0, 4, None]
    assert found.bucket_of(BASE - 1) is None
    assert found.bucket_of(found.stop - 1) == 4


@given(st.lists(RECORDS, max_size=4), st.integers(BASE - DAY, BASE + DAY), st.integers(0, DAY), st.integers(1, 300))
def test_counts_add_up(parts: list[list[tuple[int, Level]]], low: int, span: int, buckets: int) -> None:
    found = histogram([part(records, 1000 * n) for n, records in enumerate(parts)], low, low + span, buckets)
    records = [record for records in parts for record in records if found.start <= record[0] < found.stop]
    assert len(found.lines) == len(found.errors) == buckets
    assert found.lines.sum() == len(records)
    assert found.errors.sum() == sum(level >= Level.ERROR for _, level in records)
    assert (found.errors <= found.lines).all()
    by_hand = [0] * buckets
    for time, _ in records:
        bucket = found.bucket_of(time)
        assert bucket is not None
        by_hand[bucket] += 1
    assert found.lines.tolist() == by_hand


@given(st.integers(BASE - DAY, BASE + DAY), st.integers(0, 400 * DAY), st.integers(2, 300))
def test_both_ends_are_in_sight_and_the_last_bucket_holds_the_end(low: int, span: int, buckets: int) -> None:
    found = counted([], low, low + span, buckets)
    assert found.bucket_of(low) is not None
    assert found.bucket_of(low + span) == buckets - 1
    assert found.start % found.width == 0


@given(st.integers(1, 2000 * DAY), st.integers(1, 300))
def test_so_many_buckets_hold_the_span_and_hardly_more(span: int, buckets: int) -> None:
    width = bucket_width(span, buckets)
    assert width * buckets >= span
    assert width <= max(SECOND, 4 * span // buckets + 1)


@pytest.mark.parametrize(
    ("span", "buckets", "width"),
    [
        (1, 100, SECOND),
        (100 * SECOND, 100, SECOND),
        (100 * SECOND + 1, 100, 2 * SECOND),
        (HOUR, 60, MINUTE),
        (HOUR + 1, 60, 90 * SECOND),
        (DAY, 24, HOUR),
        (30 * DAY, 90, 12 * HOUR),
        (365 * DAY, 1, 365 * DAY),
        (10_000 * DAY, 3, 10 * 365 * DAY),
    ],
)
def test_widths_are_those_a_person_counts_in(span: int, buckets: int, width: int) -> None:
    assert bucket_width(span, buckets) == width
