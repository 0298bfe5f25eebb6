"""Time: what a person types becomes a moment, and a moment is written so that it can be read again."""

from __future__ import annotations

import contextlib
import re
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cockpit.clock import (
    DAY,
    HOUR,
    MINUTE,
    SECOND,
    FrozenClock,
    SystemClock,
    duration,
    from_datetime,
    from_rfc3339,
    parse_time,
    to_datetime,
    to_local,
    to_rfc3339,
    zone_offset,
)

NOW = from_rfc3339("2026-11-23T10:42:17.500000Z")
MOMENTS = st.integers(from_rfc3339("1000-01-01T00:00:00Z"), from_rfc3339("9999-12-31T23:59:59.999999Z"))


@pytest.fixture
def zone(monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[[str], None]]:
    """Puts the host into a zone for one test."""

    def put(name: str) -> None:
        monkeypatch.setenv("TZ", name)
        time.tzset()

    yield put
    monkeypatch.undo()
    time.tzset()


@pytest.mark.parametrize(
    ("text", "before"),
    [
        ("now", 0),
        (" NOW ", 0),
        ("", 0),
        ("10:02", 40 * MINUTE + 17 * SECOND + 500_000),
        ("10:02:11", 40 * MINUTE + 6 * SECOND + 500_000),
        ("9:5", 97 * MINUTE + 17 * SECOND + 500_000),
        ("10:42:17", 500_000),
        ("-15m", 15 * MINUTE),
        ("15m", 15 * MINUTE),
        ("15m ago", 15 * MINUTE),
        ("15M AGO", 15 * MINUTE),
        ("90s", 90 * SECOND),
        ("1.5h", 90 * MINUTE),
        ("0.5s ago", 500_000),
        ("2d", 2 * DAY),
        ("2026-11-23 10:02", 40 * MINUTE + 17 * SECOND + 500_000),
        ("2026-11-23T10:02:11Z", 40 * MINUTE + 6 * SECOND + 500_000),
        ("2026-11-23T10:02:11.5Z", 40 * MINUTE + 6 * SECOND),
        ("2026-11-23T12:02:11+02:00", 40 * MINUTE + 6 * SECOND + 500_000),
        ("2026-11-23", 10 * HOUR + 42 * MINUTE + 17 * SECOND + 500_000),
        ("2026-11-24T10:42:17.5Z", -DAY),
    ],
)
def test_a_time_may_be_typed_in_many_ways(text: str, before: int) -> None:
    assert NOW - parse_time(text, NOW) == before


def test_a_time_of_day_later_than_now_was_yesterday() -> None:
    assert to_rfc3339(parse_time("10:42:18", NOW)) == "2026-11-22T10:42:18.000000Z"
    assert to_rfc3339(parse_time("23:59", NOW)) == "2026-11-22T23:59:00.000000Z"


def test_a_time_of_day_is_that_of_the_hosts_zone(zone: Callable[[str], None]) -> None:
    zone("Asia/Kolkata")
    assert to_rfc3339(parse_time("16:00", NOW)) == "2026-11-23T10:30:00.000000Z"
    assert to_rfc3339(parse_time("16:30", NOW)) == "2026-11-22T11:00:00.000000Z"
    assert to_rfc3339(parse_time("2026-11-23 16:00", NOW)) == "2026-11-23T10:30:00.000000Z"
    assert to_rfc3339(parse_time("2026-11-23T10:30:00Z", NOW)) == "2026-11-23T10:30:00.000000Z"


@pytest.mark.parametrize(
    "text",
    ["later", "15 minutes", "25:00", "10:60", "10:02:61", "-", "m", "2026-13-01", "10:02:11:5", "yesterday", "[/b]"],
)
def test_what_is_no_time_is_told_in_a_sentence(text: str) -> None:
    with pytest.raises(ValueError, match=r"is (no time of day|not a time\. Examples: 10:02, .*)\.$") as caught:
        parse_time(text, NOW)
    assert repr(text) in str(caught.value)


@given(st.integers(0, 100_000), st.sampled_from("smhd"), st.sampled_from(["{}", "-{}", "{} ago", " {} "]))
def test_an_age_is_counted_back_from_now(count: int, unit: str, spelling: str) -> None:
    size = {"s": SECOND, "m": MINUTE, "h": HOUR, "d": DAY}[unit]
    assert parse_time(spelling.format(f"{count}{unit}"), NOW) == NOW - count * size


@given(st.integers(0, 23), st.integers(0, 59), st.integers(0, 59), MOMENTS)
def test_a_time_of_day_is_the_most_recent_one(hour: int, minute: int, second: int, now: int) -> None:
    at = parse_time(f"{hour}:{minute:02d}:{second:02d}", now)
    assert now - DAY < at <= now
    assert (at // SECOND) % 86400 == hour * 3600 + minute * 60 + second


@given(st.text(alphabet="0123456789:-. +TZsmhdagonw", max_size=12) | st.text(max_size=12))
def test_any_text_is_a_time_or_is_refused(text: str) -> None:
    with contextlib.suppress(ValueError):
        assert isinstance(parse_time(text, NOW), int)


@given(MOMENTS)
def test_a_moment_written_is_the_moment_read(at: int) -> None:
    written = to_rfc3339(at)
    assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}Z", written)
    assert from_rfc3339(written) == at


@given(MOMENTS, MOMENTS)
def test_written_moments_sort_as_moments(one: int, two: int) -> None:
    assert (one < two) == (to_rfc3339(one) < to_rfc3339(two))


@given(st.datetimes(datetime(1000, 1, 2), datetime(9999, 12, 30)), st.integers(-14 * 60, 14 * 60))  # noqa: DTZ001
def test_a_datetime_of_any_zone_survives(moment: datetime, minutes: int) -> None:
    aware = moment.replace(tzinfo=timezone(timedelta(minutes=minutes)))
    assert to_datetime(from_datetime(aware)) == aware
    assert from_rfc3339(aware.isoformat()) == from_datetime(aware)


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("2026-11-23T10:02:11Z", "2026-11-23T10:02:11.000000Z"),
        ("2026-11-23T10:02:11.2Z", "2026-11-23T10:02:11.200000Z"),
        ("2026-11-23T10:02:11.123456789Z", "2026-11-23T10:02:11.123456Z"),
        ("2026-11-23T10:02:11", "2026-11-23T10:02:11.000000Z"),
        ("2026-11-23T10:02:11-05:30", "2026-11-23T15:32:11.000000Z"),
        ("1969-12-31T23:59:59.5Z", "1969-12-31T23:59:59.500000Z"),
    ],
)
def test_rfc_3339_is_read_with_any_fraction_and_offset(text: str, wanted: str) -> None:
    assert to_rfc3339(from_rfc3339(text)) == wanted


@pytest.mark.parametrize("text", ["", "now", "2026-11-23T25:00:00Z", "2026-11-23T10:02:60Z", "1764000000"])
def test_what_is_not_rfc_3339_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r"\w"):
        from_rfc3339(text)


@pytest.mark.parametrize(
    ("length", "told"),
    [
        (0, "0 s"),
        (999_999, "0 s"),
        (41 * SECOND, "41 s"),
        (-41 * SECOND, "41 s"),
        (59 * SECOND + 999_999, "59 s"),
        (MINUTE, "1 min"),
        (4 * MINUTE + 59 * SECOND, "4 min"),
        (HOUR, "1 h"),
        (HOUR + 59 * SECOND, "1 h"),
        (2 * HOUR + 5 * MINUTE, "2 h 05 min"),
        (23 * HOUR + 59 * MINUTE, "23 h 59 min"),
        (DAY, "1 d 0 h"),
        (3 * DAY + 4 * HOUR + 59 * MINUTE, "3 d 4 h"),
        (400 * DAY, "400 d 0 h"),
    ],
)
def test_a_length_of_time_is_told_in_at_most_two_units(length: int, told: str) -> None:
    assert duration(length) == told


@given(st.integers(0, 10**16))
def test_a_length_of_time_is_never_told_longer_than_it_is(length: int) -> None:
    sizes = {"s": SECOND, "min": MINUTE, "h": HOUR, "d": DAY}
    words = duration(length).split()
    told = sum(int(count) * sizes[unit] for count, unit in zip(words[::2], words[1::2], strict=True))
    assert told <= length < told + sizes[words[-1]] * (60 if words[-1] == "h" else 24 if words[-1] == "d" else 1)


def test_the_zone_is_ahead_by_what_it_was_when_the_clock_showed_that(zone: Callable[[str], None]) -> None:
    zone("Europe/Berlin")
    summer = int(datetime(2026, 7, 1, 12, tzinfo=UTC).timestamp())
    winter = int(datetime(2026, 12, 1, 12, tzinfo=UTC).timestamp())
    assert (zone_offset(summer), zone_offset(winter)) == (2 * HOUR, HOUR)
    zone("Asia/Kolkata")
    assert zone_offset(summer) == 5 * HOUR + 30 * MINUTE
    assert zone_offset(10**15) == zone_offset(-(10**15)) == 0


def test_the_hosts_zone_shows_the_same_moment(zone: Callable[[str], None]) -> None:
    zone("America/St_Johns")
    assert f"{to_local(NOW):%H:%M:%S}" == "07:12:17"
    assert from_datetime(to_local(NOW)) == NOW


def test_a_frozen_clock_moves_only_when_told_to() -> None:
    clock = FrozenClock(NOW)
    assert clock.now() == clock.now() == NOW
    clock.advance(3 * SECOND)
    assert clock.now() == NOW + 3 * SECOND


def test_the_systems_clock_tells_microseconds_since_the_epoch() -> None:
    clock = SystemClock()
    before = datetime.now(UTC)
    assert from_datetime(before) - SECOND <= clock.now() <= from_datetime(before) + 60 * SECOND


@pytest.mark.parametrize(("typed", "wanted"), [("14:00", "2026-10-24T12:00:00Z"), ("01:30", "2026-10-24T23:30:00Z")])
def test_a_time_of_day_is_that_of_its_own_day_when_the_clocks_change(
    monkeypatch: pytest.MonkeyPatch, typed: str, wanted: str
) -> None:
    monkeypatch.setenv("TZ", "Europe/Berlin")
    time.tzset()
    try:
        assert parse_time(typed, from_rfc3339("2026-10-25T11:00:00Z")) == from_rfc3339(wanted)
    finally:
        monkeypatch.setenv("TZ", "UTC")
        time.tzset()
