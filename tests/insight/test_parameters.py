"""What stands in the places of a template that vary."""

from __future__ import annotations

import time

from hypothesis import given
from hypothesis import strategies as st

from cockpit.insight.parameters import parameters


def told(template: str, *messages: str) -> list[str]:
    return [each.told() for each in parameters(template, messages)]


def test_numbers_are_told_as_a_range_with_their_unit() -> None:
    messages = [f"cart {number} failed after {number * 3} ms" for number in range(1, 50)]
    assert told("cart <*> failed after <*>", *messages) == ["<1> 1 – 49, median 25", "<2> 3 – 147 ms, median 75"]


def test_words_are_told_with_their_shares() -> None:
    messages = ["shard eu-1 is slow"] * 8 + ["shard us-1 is slow"] * 2
    assert told("shard <*> is slow", *messages) == ["<1> eu-1 80 %, us-1 20 %"]
    many = [f"shard s-{number % 5} is slow" for number in range(10)]
    assert told("shard <*> is slow", *many) == ["<1> s-0 20 %, s-1 20 %, s-2 20 % and 2 more"]


def test_what_is_always_another_is_told_by_the_first() -> None:
    assert told("user=<*> left", "user=a7 left", "user=b8 left") == ["<1> a7 … each another"]


def test_a_place_may_stand_at_either_end_or_hold_several_words() -> None:
    assert told("<*> items [<*>]", "3 items [1, 2, 7]", "3 items [1, 2, 7]") == ["<1> 3 100 %", "<2> 1, 2, 7 100 %"]
    assert told("took <*>", "took 3 ms") == ["<1> 3 ms 100 %"]


def test_signs_of_expressions_are_plain_signs() -> None:
    assert told("a+b (x) <*>? [c]", "a+b (x) 7? [c]") == ["<1> 7 100 %"]


def test_what_does_not_fit_is_left_out() -> None:
    assert told("cart <*> failed", "cart 7 failed", "something else") == ["<1> 7 100 %"]
    assert told("cart <*> failed", "something else") == []
    assert told("nothing varies", "nothing varies") == []


def test_the_query_of_a_request_is_not_in_its_way() -> None:
    assert told("500 GET /cart/<*>/x", "500 GET /cart/7/x?page=2") == ["<1> 7 100 %"]


def test_a_message_made_to_be_slow_is_not() -> None:
    since = time.perf_counter()
    parameters("<*> a " * 40 + "b", ["a " * 1000] * 50)
    assert time.perf_counter() - since < 20


@given(st.text(max_size=60), st.lists(st.text(max_size=60), max_size=8))
def test_any_template_and_any_messages_are_told_of(template: str, messages: list[str]) -> None:
    for each in parameters(template, messages):
        assert each.told().startswith(f"<{each.place}> ")
