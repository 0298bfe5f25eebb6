"""Times: every spelling of the table is read, one by one and in blocks."""

from __future__ import annotations

import time

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from cockpit.clock import from_rfc3339, to_datetime
from cockpit.logs.spellings import SPELLINGS, Spelling, find_time
from cockpit.logs.times import NONE, decode, decode_one

NOW = from_rfc3339("2026-11-23T17:00:00Z")

WANTED = {
    "ISO 8601": "2026-11-23T10:02:11.201000Z",
    "access log": "2026-11-23T10:02:11Z",
    "ctime": "2026-11-23T10:02:11.123456Z",
    "month day year": "2026-11-23T22:02:11Z",
    "syslog": "2026-11-23T10:02:11Z",
    "day month year": "2026-11-23T10:02:11.201000Z",
    "day month two-digit year": "2026-11-23T10:02:11Z",
    "day month": "2026-11-23T10:02:11.201000Z",
    "year month day": "2026-11-23T10:02:11.201000Z",
    "date-hour.minute.second": "2005-06-03T15:42:50.675872Z",
    "compact date, time and milliseconds": "2017-12-23T22:15:29.606000Z",
    "compact date and time": "2026-11-23T10:02:11.201000Z",
    "compact": "2026-11-23T10:02:11Z",
    "day.month.year": "2026-11-23T10:02:11.201000Z",
    "US date": "2026-11-23T22:02:11Z",
    "day/month/year": "2026-11-23T10:02:11Z",
    "two-digit year with slashes": "2017-06-09T20:10:40Z",
    "US date with two-digit year": "2026-11-23T22:02:11Z",
    "six digits and six digits": "2008-11-09T20:36:15Z",
    "six digits and a clock": "2026-11-23T10:02:11Z",
    "month-day": "2026-03-17T16:13:38.811000Z",
    "glog": "2026-11-23T10:02:11.201000Z",
    "ISO 8601 to the minute": "2026-11-23T10:02:00Z",
    "epoch and nanoseconds": "2025-11-24T16:00:00.123000Z",
    "epoch with fraction": "2025-11-24T16:00:00.123000Z",
    "epoch in milliseconds with fraction": "2025-11-24T16:00:00.123000Z",
    "epoch": "2025-11-24T16:00:00.123000Z",
    "TAI64N": "2025-11-25T18:30:24.123000Z",
}


def read(text: str, reference: int = NOW) -> int:
    found = find_time(text.encode())
    assert found is not None, text
    return decode_one(text.encode()[found.start : found.end], found.shape, reference)


@pytest.mark.parametrize("spelling", SPELLINGS, ids=lambda spelling: spelling.name)
def test_a_spelling_reads_its_own_example(spelling: Spelling) -> None:
    found = find_time(spelling.example.encode(), (spelling,))
    assert found is not None
    assert read(spelling.example) == from_rfc3339(WANTED[spelling.name])


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("2026-11-23 10:02:11,201 ERROR x", "2026-11-23T10:02:11.201Z"),
        ("2026/11/23 10:02:11 x", "2026-11-23T10:02:11Z"),
        ("2026-11-23T10:02:11+02:00 x", "2026-11-23T08:02:11Z"),
        ("2026-11-23T10:02:11.123456789Z x", "2026-11-23T10:02:11.123456Z"),
        ('1.2.3.4 - - [23/Nov/2026:10:02:11 -0530] "GET', "2026-11-23T15:32:11Z"),
        ("11/23/2026 12:02:11 AM x", "2026-11-23T00:02:11Z"),
        ("1764000000 x", "2025-11-24T16:00:00Z"),
        ("1764000000123456 x", "2025-11-24T16:00:00.123456Z"),
    ],
)
def test_a_time_is_read_in_the_spellings_people_use(text: str, wanted: str) -> None:
    assert read(text) == from_rfc3339(wanted)


@pytest.mark.parametrize("text", ["no time here", "version 1.2.3", "2026-13-45 10:02:11", "10.0.0.1", "id=17640000001"])
def test_what_is_no_time_is_not_taken_for_one(text: str) -> None:
    assert find_time(text.encode()) is None


def test_a_year_left_out_is_the_latest_that_is_not_in_the_future() -> None:
    assert read("Dec 31 23:59:59 host x", from_rfc3339("2027-01-01T00:10:00Z")) == from_rfc3339("2026-12-31T23:59:59Z")
    assert read("Jan 1 00:00:01 host x", from_rfc3339("2027-01-01T00:10:00Z")) == from_rfc3339("2027-01-01T00:00:01Z")


def test_a_time_without_a_zone_is_the_hosts(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TZ", "Europe/Berlin")
    time.tzset()
    try:
        from cockpit.logs import times

        times._offsets.clear()
        times._minute_of.cache_clear()
        assert read("2026-11-23 10:02:11 x") == from_rfc3339("2026-11-23T09:02:11Z")
        assert read("2026-07-01 10:02:11 x") == from_rfc3339("2026-07-01T08:02:11Z")
    finally:
        monkeypatch.setenv("TZ", "UTC")
        time.tzset()
        times._offsets.clear()
        times._minute_of.cache_clear()


@given(st.lists(st.integers(0, 4_102_444_800_000_000), min_size=1, max_size=30))
def test_a_block_is_read_as_its_lines_are(moments: list[int]) -> None:
    lines = [to_datetime(at).strftime("%Y-%m-%dT%H:%M:%S.%fZ").encode() for at in moments]
    found = find_time(lines[0])
    assert found is not None
    block = np.frombuffer(b"".join(lines), np.uint8).reshape(len(lines), -1)
    assert decode(block, found.shape, NOW).tolist() == moments


def test_a_row_of_another_shape_has_no_time() -> None:
    found = find_time(b"2026-11-23T10:02:11Z")
    assert found is not None
    block = np.frombuffer(b"2026-11-23T10:02:11Zat org.example.Main.", np.uint8).reshape(2, 20)
    assert decode(block, found.shape, NOW)[1] == NONE
