"""How long a record says that something took: with its unit, or not at all."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cockpit.clock import from_rfc3339
from cockpit.insight.took import begun, took


@pytest.mark.parametrize(
    ("name", "value", "length"),
    [
        ("duration_ms", "65.6", 65_600),
        ("durationMs", "12", 12_000),
        ("http.latency_us", "350", 350),
        ("elapsed", "1.2s", 1_200_000),
        ("took", "350 µs", 350),
        ("latency", "1m2.5s", 62_500_000),
        ("elapsed_seconds", "3", 3_000_000),
        ("duration_ns", "1500000", 1500),
        ("request_time", "0.250", 250_000),
        ("responseTimeMs", "7", 7000),
        ("time_ms", "7", 7000),
    ],
)
def test_a_field_with_its_unit_tells(name: str, value: str, length: int) -> None:
    found = took("", [("user_id", "7"), (name, value)])
    assert found is not None
    assert (found.length, found.told_by) == (length, name)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("duration", "12"),
        ("elapsed", "soon"),
        ("took", "12 parsecs"),
        ("time", "2026-11-23T10:00:00Z"),
        ("time", "12"),
        ("items_ms", "3"),
        ("timeout_ms", "3000"),
        ("duration_ms", "-3"),
        ("duration_s", "9" * 40),
    ],
)
def test_no_unit_or_another_name_tells_nothing(name: str, value: str) -> None:
    assert took("", [(name, value)]) is None


@pytest.mark.parametrize(
    ("message", "length"),
    [
        ("receipt sent to user 7 in 0.10 s", 100_000),
        ("query took 12ms", 12_000),
        ("SELECT 1 (3.5ms)", 3500),
        ("timed out after 30 s", 30_000_000),
        ("retrying in 5 s", None),
        ("will expire in 5 s", None),
        ("in 5 steps", None),
        ("", None),
    ],
)
def test_a_message_tells_what_is_over_not_what_is_to_come(message: str, length: int | None) -> None:
    found = took(message, [])
    assert (found.length if found is not None else None) == length


def test_an_access_log_ends_with_its_seconds() -> None:
    line = "504 POST /checkout  req-a82f91021937 5.036"
    found = took(line, [], access=True)
    assert found is not None
    assert found.length == 5_036_000
    assert took(line, []) is None


def test_a_beginning_is_a_time_not_any_value() -> None:
    at = "2026-11-23T10:00:00.250000Z"
    assert begun([("start", "3"), ("span.started_at", at)]) == from_rfc3339(at)
    assert begun([("started_at", "Tuesday")]) is None


@given(st.text(max_size=40), st.lists(st.tuples(st.text(max_size=20), st.text(max_size=20)), max_size=5))
def test_whatever_a_record_says_it_is_a_length_or_nothing(message: str, fields: list[tuple[str, str]]) -> None:
    found = took(message, fields)
    assert found is None or found.length >= 0
