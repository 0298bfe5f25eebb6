"""What a record says caused it."""

from __future__ import annotations

from cockpit.insight.causes import cause_of


def test_the_exception_below_a_record_without_what_varies() -> None:
    one, other = (cause_of(f"KeyError: no sku {number} in cart", []) for number in (88121, 4))
    assert one == other
    assert one.startswith("KeyError: no sku")


def test_the_field_that_names_the_error_where_nothing_stands_below() -> None:
    fields = [("user", "88"), ("http.error", "connection refused by 10.0.0.7"), ("detail", "later")]
    assert cause_of("", fields).startswith("connection refused by")
    assert cause_of("", fields) == cause_of("", [("error", "connection refused by 10.0.0.99")])


def test_the_first_line_of_a_stack_trace_in_a_field() -> None:
    assert cause_of("", [("stack", "TypeError: x is undefined\n    at a.js:3\n    at b.js:9")]) == (
        "TypeError: x is undefined"
    )


def test_nothing_is_said() -> None:
    assert cause_of("", []) == ""
    assert cause_of("", [("error", "17"), ("err", ""), ("items", "many words here")]) == ""
    assert cause_of("--- 12", [("code", "500")]) == ""


def test_a_very_long_cause_is_cut() -> None:
    assert len(cause_of("Error: " + "so bad " * 100_000, [])) < 1000
