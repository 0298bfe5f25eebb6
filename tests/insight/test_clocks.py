"""Two sources of the same requests: what is said where their clocks or zones disagree, and where nothing is."""

from __future__ import annotations

import random
from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cockpit.clock import HOUR, MINUTE, SECOND
from cockpit.insight.clocks import QUARTER, Heard, disagreement

NOW = 1_764_000_000_000_000


def heard(name: str, later: Callable[[int], float] = lambda n: 0, count: int = 200, **more: object) -> Heard:
    """A source that tells of one request a second, by so many seconds later."""
    begun = {f"req-{n:08}": NOW + n * SECOND + round(later(n) * SECOND) for n in range(count)}
    return Heard(name, begun, **more)  # type: ignore[arg-type]


def said(later: Callable[[int], float], count: int = 200, ahead: int | None = None, **more: object) -> str:
    return disagreement(heard("a.log", **more), heard("b.log", later, count, ahead=ahead))  # type: ignore[arg-type]


def test_a_source_that_is_read_in_another_zone_is_named_with_what_sets_it_right() -> None:
    assert said(lambda n: 7200.1, ahead=0) == (
        "b.log is 2 h ahead of a.log, by 200 requests that both tell of: "
        "its zone may be another; try --zone b.log=+02:00"
    )
    assert said(lambda n: -5.5 * 3600, ahead=0).startswith("b.log is 5 h 30 min behind a.log, by 200 requests")
    assert said(lambda n: -5.5 * 3600, ahead=0).endswith("its zone may be another; try --zone b.log=-05:30")
    assert said(lambda n: 3600, ahead=HOUR).endswith("try --zone b.log=+02:00")
    assert said(lambda n: 2700, ahead=0).endswith("try --zone b.log=+00:45")


def test_of_two_that_name_no_zone_either_may_be_the_one() -> None:
    one, other = heard("a.log", ahead=HOUR), heard("b log", lambda n: 3600, ahead=HOUR)
    assert disagreement(one, other).endswith(
        'the zone of either may be another; try --zone "b log=+02:00" or --zone a.log=+00:00'
    )
    assert disagreement(one, heard("b.log", lambda n: 3600)) == (
        "a.log is 1 h behind b.log, by 200 requests that both tell of: its zone may be another; try --zone a.log=+00:00"
    )


def test_where_both_name_their_zone_or_none_is_so_far_no_zone_is_offered() -> None:
    assert said(lambda n: 3600).endswith("one of the two clocks may be off, or the zone that its times name.")
    assert "--zone" not in said(lambda n: 26 * 3600, ahead=0)


@given(st.integers(-56, 56).filter(bool), st.integers(-20, 20))
def test_what_is_offered_sets_it_right(quarters: int, now: int) -> None:
    sentence = said(lambda n: quarters * 900 + n % 3, ahead=now * QUARTER)
    wanted = now + quarters
    if abs(wanted) <= 56:
        sign, hours, minutes = "-" if wanted < 0 else "+", *divmod(abs(wanted) * 15, 60)
        assert sentence.endswith(f"try --zone b.log={sign}{hours:02}:{minutes:02}")
    else:
        assert "--zone" not in sentence


@pytest.mark.parametrize(
    ("seconds", "told"), [(90, "90 s ahead of"), (-90, "90 s behind"), (-750, "12 min 30 s behind")]
)
def test_a_clock_that_is_off_is_told_where_nearly_all_are_as_far_apart(seconds: int, told: str) -> None:
    assert said(lambda n: seconds + n % 10 / 10) == (
        f"b.log's clock seems about {told} a.log's: nearly all of 200 requests that both tell of stand so far apart."
    )


def test_it_is_off_for_sure_where_requests_stand_before_they_began() -> None:
    assert said(lambda n: -4 + n % 10 / 10, access=True) == (
        "b.log's clock is about 4 s behind a.log's: nearly all of 200 requests that both tell of stand in b.log before "
        "they began by a.log."
    )
    assert said(lambda n: 4 + n % 10 / 10, access=True) == ""
    assert said(lambda n: -4 + n % 10 / 10) == ""


def test_nothing_is_said_where_they_agree_or_a_queue_may_be_the_reason() -> None:
    queue = random.Random(7)
    assert said(lambda n: 0.02, ahead=0) == ""
    assert said(lambda n: queue.uniform(0, 600), ahead=0) == ""
    assert said(lambda n: queue.uniform(60, 120), ahead=0) == ""
    assert said(lambda n: queue.uniform(600, 1200), ahead=0) == ""
    assert said(lambda n: queue.expovariate(1 / 900), ahead=0) == ""


def test_a_queue_beside_another_zone_hides_it_not() -> None:
    queue = random.Random(7)
    assert said(lambda n: 7200 + queue.expovariate(1 / 5), ahead=0).endswith("try --zone b.log=+02:00")


def test_a_few_that_are_told_anew_later_change_nothing() -> None:
    assert said(lambda n: 7200 if n % 10 else 90_000, ahead=0).endswith("try --zone b.log=+02:00")
    assert said(lambda n: 90 if n % 40 else 5000).startswith("b.log's clock seems about 90 s")


def test_too_few_say_nothing() -> None:
    assert said(lambda n: 7200, count=19, ahead=0) == ""
    assert said(lambda n: 15 * MINUTE / SECOND, count=20, ahead=0) != ""
    assert disagreement(Heard("a", {}), Heard("b", {})) == ""
