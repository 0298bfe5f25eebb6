"""What is new, what rises, and in what order signatures are looked at."""

from __future__ import annotations

import pytest

from cockpit.clock import MINUTE
from cockpit.insight.standing import Stand, Standing, Stretch, in_order

HOUR = Stretch(0, 30 * MINUTE, 60 * MINUTE)


@pytest.mark.parametrize(
    ("first", "count", "after", "stand"),
    [
        (31 * MINUTE, 1, 1, Stand.NEW),
        (0, 100, 50, Stand.STEADY),
        (0, 130, 100, Stand.RISING),
        (0, 4, 3, Stand.STEADY),  # too few to be sure
        (0, 100, 0, Stand.STEADY),
        (-1, 10, 0, Stand.STEADY),  # without times
    ],
)
def test_stands(first: int, count: int, after: int, stand: Stand) -> None:
    assert HOUR.stand(first, count, after) is stand


def test_nothing_is_new_where_nothing_is_known_of_before() -> None:
    assert Stretch(10 * MINUTE, 0, 60 * MINUTE).stand(11 * MINUTE, 5, 5) is Stand.STEADY


def test_rates_are_by_the_minute() -> None:
    assert HOUR.rates(90, 60) == (1.0, 2.0)


def standing(name: str, stand: Stand, level: int, count: int, ratio: float = 1.0) -> Standing:
    return Standing(name, 1, name, level, count, 0, 0, stand, 1.0, ratio)


def test_new_ones_come_first_then_those_that_rise_most_then_the_worst() -> None:
    found = [
        standing("usual", Stand.STEADY, 3, 900),
        standing("usual error", Stand.STEADY, 6, 5),
        standing("rises", Stand.RISING, 3, 50, 3.0),
        standing("rises more", Stand.RISING, 3, 20, 9.0),
        standing("new", Stand.NEW, 3, 100),
        standing("new error", Stand.NEW, 6, 1),
    ]
    names = [each.id for each in in_order(found)]
    assert names == ["new error", "new", "rises more", "rises", "usual error", "usual"]
