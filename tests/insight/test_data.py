"""Whether it is what requests bring along."""

from __future__ import annotations

from cockpit.insight.data import by_data
from cockpit.insight.verdicts import Verdict
from tests.insight.tellings import failing, others

RIGHT = [{"items": 1 + number * 7 % 990, "plan": ("free", "pro")[number % 2]} for number in range(300)]


def test_a_value_that_only_failing_requests_have_is_likely() -> None:
    wrong = [{"items": 1100 + number * 37 % 800, "plan": ("free", "pro")[number % 2]} for number in range(40)]
    found = by_data(failing(*wrong), others(*RIGHT))
    assert found.verdict is Verdict.LIKELY
    assert found.why == ("items > 1000: 100 % of errors, 0 % of others.",)
    (factor,) = found.facts["factors"]
    assert set(factor) == {"field", "op", "value", "errors_share", "others_share", "lift", "p"}
    assert (factor["field"], factor["op"], factor["value"]) == ("items", ">", "1000")
    assert factor["lift"] > 10
    assert factor["p"] < 1e-6


def test_a_value_of_which_a_part_of_the_errors_tells_weighs_less() -> None:
    whole = by_data(failing(*[{"plan": "trial"}] * 40), others(*RIGHT))
    part = by_data(failing(*[{"plan": "trial"}] * 20, *[{"plan": "pro"}] * 20), others(*RIGHT))
    assert whole.score > part.score > 0


def test_no_value_tells_them_apart() -> None:
    wrong = RIGHT[5:200:5]
    found = by_data(failing(*wrong), others(*RIGHT))
    assert found.verdict is Verdict.UNLIKELY
    assert found.why == ("No value tells failing requests from others (2 fields compared).",)
    assert found.facts == {"factors": []}


def test_the_place_of_all_that_fail_is_named_where_no_value_tells_them_apart() -> None:
    bought = [{"method": "POST", "path": "/checkout", **each} for each in RIGHT]
    looked = [{"method": "GET", "path": f"/items/{number}", **each} for number, each in enumerate(RIGHT)]
    without = by_data(failing(*bought[5:200:5]), others(*bought))
    told = by_data(failing(*bought[5:200:5]), others(*bought), others(*bought[:88], *looked))
    assert without.why == ("No value tells failing requests from others (2 fields compared).",)
    assert told.why == (*without.why, "All failing requests are POST /checkout (23 % of others).")
    assert (told.score, told.facts) == (without.score, without.facts)
    several = by_data(failing(*bought[5:200:5], looked[0]), others(*bought), others(*bought, *looked))
    everywhere = by_data(failing(*bought[5:200:5]), others(*bought), others(*bought))
    assert several.why == everywhere.why == without.why


def test_the_place_may_be_a_job() -> None:
    jobs = [{"job": "mail-" + "ab"[number % 2], **each} for number, each in enumerate(RIGHT)]
    told = by_data(failing(*jobs[::6]), others(*jobs[::2]), others(*jobs))
    assert told.why[1:] == ("All failing requests are of mail-a (50 % of others).",)


def test_what_cannot_be_told() -> None:
    without = by_data(failing(*[{"status": 500}] * 40), others(*RIGHT))
    assert without.verdict is Verdict.CANNOT_TELL
    assert without.why == ("Failing requests have no fields to compare.",)
    assert "Log the fields" in without.test
    alone = by_data(failing(*[{"items": 3}] * 40), [])
    assert alone.verdict is Verdict.CANNOT_TELL
    assert alone.why == ("Nothing succeeds that could be compared.",)
    assert by_data([], others(*RIGHT)).verdict is Verdict.CANNOT_TELL


def test_an_address_that_people_live_at_is_data_and_one_of_a_host_is_not() -> None:
    living = [{"address": f"{number} High Street"} for number in range(200)]
    found = by_data(failing(*[{"address": f"{number} 東京都"} for number in range(40)]), others(*living))
    assert found.verdict is Verdict.LIKELY
    assert found.why[0] == "address is not ASCII: 100 % of errors, 0 % of others."
    hosts = [{"address": f"10.0.0.{number}:5432"} for number in range(200)]
    found = by_data(failing(*[{"address": "10.0.0.7:5432"}] * 40), others(*hosts))
    assert found.verdict is Verdict.CANNOT_TELL
