"""What records tell of their request."""

from __future__ import annotations

from cockpit.logs.record import Record
from cockpit.logs.request import request_of


def record(*fields: tuple[str, str], told: tuple[tuple[str, str], ...] = ()) -> Record:
    return Record("m", fields, (), True, told)


def test_fields_of_a_request_are_found_by_name_however_they_are_written() -> None:
    found = request_of(
        [
            record(("http.method", "POST"), ("user_id", "7"), ("colour", "red"), ("password", "x")),
            record(("statusCode", "502"), ("User-Id", "7"), told=(("path", "/checkout"),)),
        ]
    )
    assert found == {
        "http.method": ["POST"],
        "user_id": ["7"],
        "path": ["/checkout"],
        "statusCode": ["502"],
        "User-Id": ["7"],
    }


def test_different_values_are_kept_up_to_five_and_none_twice() -> None:
    found = request_of(record(("status", str(number % 8))) for number in range(20))
    assert found == {"status": ["0", "1", "2", "3", "4"]}


def test_long_and_empty_values_are_cut_and_left_out() -> None:
    assert request_of([record(("path", "x" * 9000), ("user", "  "))]) == {"path": ["x" * 500]}


def test_what_a_message_says_is_asked_counts_where_no_field_does() -> None:
    said = Record("shop: POST /checkout?cart=7 failed", (("status", "500"),), (), False)
    assert request_of([said]) == {"status": ["500"], "method": ["POST"], "path": ["/checkout?cart=7"]}
    both = Record("POST /checkout failed", (("method", "PUT"),), (), False)
    assert request_of([both]) == {"method": ["PUT"]}
