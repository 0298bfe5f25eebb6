"""What goes wrong, told apart where it is several things, and the four verdicts on it."""

from __future__ import annotations

import numpy as np

from cockpit.clock import HOUR, MINUTE, SECOND
from cockpit.insight.scope import Trouble, nothing, strongest, troubles
from cockpit.insight.shifts import Exposure, Shift, Times, shift
from cockpit.insight.verdicts import SCOPES, Verdict, judged, untold

LENGTH = 4 * HOUR
EXPOSURE = Exposure(np.arange(0, LENGTH, SECOND), 0, LENGTH)


def every(seconds: float, since: int, until: int = LENGTH) -> Times:
    return np.arange(since, until, round(seconds * SECOND), dtype=np.int64)


def rises(series: dict[int, Times], weight: float = 1.0) -> list[tuple[int, float, Shift, Times]]:
    return [(n, weight, rise, times) for n, times in series.items() if (rise := shift(times, EXPOSURE)) is not None]


def found(series: dict[int, Times]) -> list[Trouble]:
    return troubles(rises(series), series, EXPOSURE)


def test_signatures_that_rise_together_are_one_trouble() -> None:
    (one,) = found({1: every(5, 2 * HOUR), 2: every(7, 2 * HOUR + 20 * SECOND), 3: every(90, 0)})
    assert set(one.signatures) == {1, 2}
    assert abs(one.shift.at - 2 * HOUR) <= MINUTE
    assert len(one.times) == len(every(5, 2 * HOUR)) + len(every(7, 2 * HOUR + 20 * SECOND))


def test_signatures_that_rise_apart_are_two_the_first_to_begin_first() -> None:
    one, other = found({1: every(4, 3 * HOUR), 2: every(6, HOUR)})
    assert (one.signatures[0], other.signatures[0]) == (2, 1)
    assert one.shift.at < other.shift.at


def test_a_seldom_signature_that_comes_with_it_belongs_to_it() -> None:
    seldom = np.array([2 * HOUR + MINUTE, 3 * HOUR])
    (one,) = found({1: every(5, 2 * HOUR), 2: seldom})
    assert set(one.signatures) == {1, 2}


def test_at_most_three_are_told_apart() -> None:
    series = {n: every(4, n * 35 * MINUTE) for n in range(1, 7)}
    assert 1 <= len(found(series)) <= 3


def test_where_nothing_rose_there_is_no_trouble() -> None:
    assert troubles([], {}, EXPOSURE) == []


def test_of_several_verdicts_the_strongest_counts() -> None:
    weak = {name: judged(name, 0.1, ["weak"], "") for name in SCOPES}
    strong = {**weak, "data": judged("data", 0.9, ["strong"], "")}
    assert strongest([weak, strong])["data"].why == ("strong",)
    assert strongest([weak, strong])["load"].why == ("weak",)


def test_where_nothing_began_to_go_wrong() -> None:
    assert {each.why for each in nothing(0, 0).values()} == {("There are no records.",)}
    assert {each.verdict for each in nothing(0, 900).values()} == {Verdict.CANNOT_TELL}
    assert {each.verdict for each in nothing(17, 900).values()} == {Verdict.UNLIKELY}
    assert "17 errors" in nothing(17, 900)["load"].why[0]


def test_where_it_went_wrong_from_the_first_record_on() -> None:
    assert {each.verdict for each in nothing(800, 900).values()} == {Verdict.CANNOT_TELL}
    assert nothing(800, 900)["load"].why[0].startswith("800 of 900 records are errors")
    assert nothing(1, 1)["load"].why[0].startswith("The only record is an error")


def test_a_verdict_with_less_behind_it() -> None:
    assert judged("load", 0.8, ["why"], "").scaled(0.5).verdict is Verdict.POSSIBLE
    assert judged("load", 7.0, [], "").score == 1.0
    unknown = untold("load", "why", "")
    assert unknown.scaled(2.0) is unknown
