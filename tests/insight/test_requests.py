"""Records joined to requests, what their words name, and the places by which they are compared."""

from __future__ import annotations

import pytest

from cockpit.insight.requests import Request, joined, said, split
from tests.insight.tellings import failing, others, told


def test_records_of_one_trace_id_are_one_request() -> None:
    records = [
        told(3, "failed", {"code": 500}, wrong=True, traces=["a"]),
        told(1, "received", {"items": 3}, traces=["a"]),
        told(2, "received", {"items": 9}, traces=["b"]),
    ]
    first, second = joined(records)
    assert [each.message for each in first.records] == ["received", "failed"]
    assert (first.failing, first.fields) == (True, {"items": "3", "code": "500"})
    assert (second.failing, second.fields) == (False, {"items": "9"})


def test_two_ids_that_meet_in_one_record_are_one_request() -> None:
    records = [told(1, traces=["request-1"]), told(2, traces=["request-1", "span-7"]), told(3, traces=["span-7"])]
    assert [len(each.records) for each in joined(records)] == [3]


def test_a_record_without_an_id_is_a_request_by_itself() -> None:
    assert len(joined([told(1), told(2), told(3, traces=["a"])])) == 3
    assert joined([]) == []


def test_the_first_value_of_a_field_counts() -> None:
    (request,) = joined([told(1, fields={"items": 3}, traces=["a"]), told(2, fields={"items": 4}, traces=["a"])])
    assert request.fields == {"items": "3"}


def test_an_id_that_never_ends_is_none_of_a_request() -> None:
    found = joined([told(at, traces=["worker-1"]) for at in range(2000)])
    assert len(found) > 1
    assert max(len(each.records) for each in found) <= 400
    assert sum(len(each.records) for each in found) == 2000


@pytest.mark.parametrize(
    ("message", "known"),
    [
        ("cart of user 88 has 1204 items", {"user": "88", "items": "1204"}),
        ("no price for tenant 'acme inc'", {"tenant": "acme inc"}),
        ("order: 12 took 88 ms", {"order": "12"}),
        ("retried after 3 on line 7", {}),
        ("kept under 1000", {}),
        ("connect to 10.0.0.1:443", {}),
        ("", {}),
    ],
)
def test_what_the_words_of_a_message_name(message: str, known: dict[str, str]) -> None:
    assert said(message) == known


def test_a_very_long_message_is_read_in_part() -> None:
    assert said("x" * 10_000_000 + " user 88") == {}


def test_the_place_of_a_request_is_the_code_and_not_the_thing() -> None:
    (request,) = others({"http.path": "/orders/8812/items?page=3"})
    assert request.place == "/orders/*/items"
    (request,) = others({"items": 3})
    assert request.place == ""


def test_failing_requests_are_compared_with_others_of_the_same_place() -> None:
    wrong = failing(*[{"path": "/checkout"}] * 10)
    right = others(*[{"path": "/checkout"}] * 30, *[{"path": "/products"}] * 500)
    assert [len(each) for each in split([*right, *wrong])] == [10, 30]


def test_with_all_others_where_the_place_has_too_few_or_none_is_named() -> None:
    wrong = failing(*[{"path": "/checkout"}] * 10)
    right = others(*[{"path": "/checkout"}] * 3, *[{"path": "/products"}] * 500)
    assert len(split([*right, *wrong])[1]) == 503
    nowhere = failing(*[{"items": 3}] * 10)
    assert len(split([*right, *nowhere])[1]) == 503
    assert split([]) == ([], [])


def test_a_request_fails_where_one_record_goes_wrong() -> None:
    request = Request(0)
    request.add(told(0))
    assert not request.failing
    request.add(told(1, wrong=True))
    request.add(told(2))
    assert request.failing
