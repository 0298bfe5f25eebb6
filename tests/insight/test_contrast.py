"""What tells failing requests from others; and that chance, counters and ids tell nothing."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cockpit.clock import SECOND
from cockpit.insight.contrast import Factor, contrast, g_test, percent
from cockpit.insight.naming import is_data
from cockpit.insight.requests import Request
from tests.insight.tellings import failing, others, told

Fields = Mapping[str, object]


def factors(wrong: Sequence[Fields], right: Sequence[Fields]) -> list[Factor]:
    return contrast(failing(*wrong), others(*right), is_data)


def conditions(wrong: Sequence[Fields], right: Sequence[Fields]) -> list[str]:
    return [each.condition() for each in factors(wrong, right)]


def first(wrong: Sequence[Fields], right: Sequence[Fields]) -> Factor:
    found = factors(wrong, right)
    assert found
    return found[0]


def shuffled(values: Sequence[int], seed: int = 1) -> list[int]:
    return [int(each) for each in np.random.default_rng(seed).permutation(values)]


def test_a_number_above_a_threshold_is_told_with_a_round_bound() -> None:
    wrong = [{"items": 1004 + 7 * number} for number in shuffled(range(40))]
    right = [{"items": 1 + number % 994} for number in shuffled(range(2000))]
    found = first(wrong, right)
    assert found.described() == "items > 1000: 100 % of errors, 0 % of others"
    assert found.lift > 100


def test_the_bound_is_round_for_small_and_for_large_numbers() -> None:
    def bound(low: float, high: float) -> str:
        wrong = [{"weight": high + number / 1000 * high} for number in shuffled(range(40))]
        right = [{"weight": low - number / 1000 * low} for number in shuffled(range(200))]
        return first(wrong, right).value

    assert bound(993, 1004) == "1000"
    assert bound(0.47, 0.52) == "0.5"
    assert bound(64, 65) == "64"
    assert bound(48_000_000, 53_000_000) == "50000000"


def test_a_number_at_or_below_a_threshold() -> None:
    wrong = [{"amount": -number} for number in shuffled(range(40))]
    right = [{"amount": 1 + number} for number in shuffled(range(400))]
    assert conditions(wrong, right)[0] == "amount <= 0"


def test_a_share_of_the_others_may_meet_it_too() -> None:
    wrong = [{"items": 1100 + number} for number in shuffled(range(50))]
    right = [{"items": 5 + number} for number in shuffled(range(900))] + [{"items": 1150 + n} for n in range(9)]
    found = first(wrong, right)
    assert (found.field, found.op, found.errors_share) == ("items", ">", 1.0)
    assert found.described() == "items > 1000: 100 % of errors, 1.0 % of others"


def test_a_category() -> None:
    wrong = [{"country": "CH", "plan": ("free", "pro")[number % 2]} for number in range(40)]
    right = [
        {"country": ("DE", "AT", "FR", "CH")[number % 4], "plan": ("free", "pro")[number % 2]} for number in range(400)
    ]
    assert conditions(wrong, right) == ["country = CH"]
    assert first(wrong, right).errors_share == 1.0
    assert first(wrong, right).others_share == 0.25


def test_one_tenant_among_many_is_an_id_and_told_as_a_value() -> None:
    wrong = [{"tenant_id": 17} for _ in range(40)]
    right = [{"tenant_id": number % 50} for number in range(1000)]
    assert conditions(wrong, right) == ["tenant_id = 17"]


def test_a_length() -> None:
    wrong = [{"comment": "ab" * (130 + number)} for number in shuffled(range(40))]
    right = [{"comment": "x" * (1 + number)} for number in shuffled(range(255))]
    found = first(wrong, right)
    assert (found.field, found.op) == ("comment", "length >")
    assert 255 <= int(found.value) <= 260
    assert found.condition() == f"length of comment > {found.value}"


@pytest.mark.parametrize("null", ["null", "None", "", "nil", "NaN", "undefined"])
def test_a_null(null: str) -> None:
    wrong = [{"coupon": null} for _ in range(40)]
    right = [{"coupon": f"C{number % 30}"} for number in range(400)]
    assert conditions(wrong, right)[0] == "coupon is null"


def test_characters_beyond_ascii() -> None:
    wrong = [{"city": name} for name in ("Zürich", "Genève", "São Paulo", "東京", "Malmö") * 8]
    right = [{"city": name} for name in ("Bern", "Basel", "Paris", "Rome", "Lyon") * 80]
    assert conditions(wrong, right)[0] == "city is not ASCII"


def requests_of_two(wrong: bool, count: int, fields: Fields) -> list[Request]:
    """Requests that tell their fields with their first record, and how they ended with a second."""
    made = []
    for at in range(count):
        each = Request(at * SECOND)
        each.add(told(at, "order received", fields))
        each.add(told(at, "order failed" if wrong else "order placed", {}, wrong=wrong))
        made.append(each)
    return made


def test_a_field_is_missing_from_records_of_the_same_message() -> None:
    wrong = requests_of_two(True, 30, {"items": 3})
    right = requests_of_two(False, 300, {"items": 3, "zip": "8001"})
    found = contrast(wrong, right, is_data)
    assert [each.condition() for each in found] == ["zip is missing"]


def test_a_field_that_only_another_message_has_is_not_missing() -> None:
    wrong = requests_of_two(True, 30, {"items": 3})
    right = requests_of_two(False, 300, {"items": 3})
    for each in right:
        each.add(told(0, "order placed", {"zip": "8001"}))
    assert contrast(wrong, right, is_data) == []


@pytest.mark.parametrize("name", ["status", "http_code", "duration_ms", "error", "timestamp", "pod", "rss", "version"])
def test_what_came_of_a_request_is_not_what_it_brought_along(name: str) -> None:
    wrong = [{name: 500 + number} for number in range(40)]
    assert factors(wrong, [{name: number} for number in range(400)]) == []


def test_ids_are_never_thresholds() -> None:
    wrong = [{"user_id": 50_000 + number, "order": 9000 + number} for number in shuffled(range(60))]
    right = [{"user_id": number, "order": number} for number in shuffled(range(600))]
    assert factors(wrong, right) == []


def test_a_number_that_counts_up_with_time_is_none() -> None:
    right = [{"total": number} for number in range(600)]
    wrong = [{"total": 600 + number} for number in range(60)]
    assert factors(wrong, right) == []
    assert len(factors(wrong, [{"total": number} for number in shuffled(range(600))])) == 1


@settings(max_examples=40, deadline=None)
@given(st.integers(0, 2**32 - 1), st.integers(5, 200), st.integers(30, 600))
def test_chance_gives_no_factor(seed: int, wrong: int, right: int) -> None:
    assert factors(noise(seed, wrong, 12), noise(seed + 1, right, 12)) == []


def test_many_fields_are_allowed_for() -> None:
    found = [each for seed in range(4) for each in factors(noise(seed, 60, 200), noise(seed + 100, 300, 200))]
    assert found == []


def test_one_true_factor_stands_out_of_two_hundred_fields() -> None:
    wrong = [{**each, "currency": "CHF"} for each in noise(1, 60, 200)]
    right = [{**each, "currency": ("EUR", "USD", "CHF")[number % 3]} for number, each in enumerate(noise(2, 300, 200))]
    assert conditions(wrong, right) == ["currency = CHF"]


def noise(seed: int, count: int, width: int) -> list[dict[str, object]]:
    """Requests with so many fields of numbers, categories, texts and nulls by chance."""
    chance = np.random.default_rng(seed)
    made: list[dict[str, object]] = [{} for _ in range(count)]
    for column in range(width):
        name = "abcdefghij"[column % 10] + "qwx"[column // 10 % 3] + "lmnrvyz"[column // 30]
        values: list[object]
        if column % 4 == 0:
            values = [int(each) for each in chance.integers(0, 10_000, count)]
        elif column % 4 == 1:
            values = [("red", "green", "blue")[each] for each in chance.integers(0, 3, count)]
        elif column % 4 == 2:
            values = ["y" * int(each) for each in chance.integers(1, 90, count)]
        else:
            values = [None if each < 0.3 else "söme" if each < 0.5 else "some" for each in chance.random(count)]
        for fields, value in zip(made, values, strict=True):
            fields[name] = value
    return made


@pytest.mark.parametrize(("wrong", "right"), [(0, 50), (4, 50), (50, 4), (0, 0)])
def test_too_few_tell_nothing(wrong: int, right: int) -> None:
    assert factors([{"country": "CH"}] * wrong, [{"country": "DE"}] * right) == []


def test_requests_without_fields_tell_nothing() -> None:
    assert factors([{}] * 50, [{}] * 50) == []


def test_numbers_that_are_none_are_borne() -> None:
    odd = ("inf", "-inf", "1e400", "nan", "0x10", "1_000", "１２", "--", "9" * 400)
    wrong = [{"size": odd[number % len(odd)]} for number in range(90)]
    right = [{"size": odd[(number + 1) % len(odd)]} for number in range(90)]
    assert factors(wrong, right) == []
    assert factors([{"size": "inf"}] * 30, [{"size": number} for number in range(300)])


@given(st.integers(1, 500), st.integers(1, 500), st.data())
def test_the_test_of_independence_is_a_chance(total: int, rest: int, data: st.DataObject) -> None:
    met, rest_met = data.draw(st.integers(0, total)), data.draw(st.integers(0, rest))
    assert 0.0 <= g_test(met, total, rest_met, rest) <= 1.0
    assert g_test(total, total, rest, rest) == 1.0


@pytest.mark.parametrize(
    ("share", "told"), [(0.0, "0 %"), (1.0, "100 %"), (0.98, "98 %"), (0.004, "0.4 %"), (0.0003, "under 0.1 %")]
)
def test_a_share_in_words(share: float, told: str) -> None:
    assert percent(share) == told
