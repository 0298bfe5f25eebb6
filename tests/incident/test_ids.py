"""Ids: they sort by time, none comes twice, and a clock that goes backwards reorders nothing."""

from __future__ import annotations

import random
from concurrent.futures import ThreadPoolExecutor

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cockpit.clock import DAY, HOUR, MINUTE, SECOND, FrozenClock
from cockpit.incident.ids import Ids
from tests.incident.entries import AT


def ids(clock: FrozenClock, seed: int = 1) -> Ids:
    return Ids(clock, random.Random(seed).getrandbits)


def test_an_id_is_26_letters_and_the_same_for_the_same_time_and_chance() -> None:
    assert Ids(FrozenClock(AT), lambda bits: 5).new() == "01M83XP85R0000000000000005"
    assert Ids(FrozenClock(AT + SECOND), lambda bits: 5).new() == "01M83XP9500000000000000005"


@given(st.lists(st.integers(-HOUR, HOUR), max_size=50))
def test_each_id_is_greater_than_those_before_however_the_clock_steps(steps: list[int]) -> None:
    clock = FrozenClock(AT)
    making = ids(clock)
    made = [making.new()]
    for step in steps:
        clock.advance(step)
        made.append(making.new())
    assert made == sorted(set(made))


@given(st.integers(0, DAY), st.integers(1000, DAY), st.integers(0, 9), st.integers(0, 9))
def test_ids_of_two_hosts_sort_by_time(first: int, between: int, one: int, other: int) -> None:
    earlier = ids(FrozenClock(AT + first), one).new()
    later = ids(FrozenClock(AT + first + between), other).new()
    assert earlier < later


def test_hosts_that_make_ids_at_the_same_moment_make_different_ones() -> None:
    clock = FrozenClock(AT)
    hosts = [ids(clock, seed) for seed in range(20)]
    made = [host.new() for host in hosts for _ in range(100)]
    assert len(set(made)) == 2000


def test_threads_that_share_one_maker_get_different_ids() -> None:
    making = ids(FrozenClock(AT))
    with ThreadPoolExecutor(8) as pool:
        made = list(pool.map(lambda _: making.new(), range(2000)))
    assert len(set(made)) == 2000


def test_an_id_made_after_one_was_seen_is_greater_though_our_clock_is_behind() -> None:
    seen = ids(FrozenClock(AT + 10 * MINUTE), 2).new()
    making = ids(FrozenClock(AT))
    making.observe(seen)
    assert making.new() > seen
    assert making.new() > seen


def test_an_id_made_after_many_were_seen_is_greater_than_all_of_them_but_those_of_the_far_future() -> None:
    seen = [ids(FrozenClock(AT + minutes * MINUTE), minutes).new() for minutes in (3, 9, 1)]
    far = ids(FrozenClock(AT + 2 * DAY), 2).new()
    making = ids(FrozenClock(AT))
    making.observe(*seen, far, "no id", "~")
    assert max(seen) < making.new() < far


def test_an_earlier_id_that_is_seen_changes_nothing() -> None:
    seen = ids(FrozenClock(AT - HOUR), 2).new()
    making = Ids(FrozenClock(AT), lambda bits: 5)
    made = making.new()
    making.observe(seen)
    assert making.new() > made


def test_an_id_from_the_far_future_is_not_followed() -> None:
    far = ids(FrozenClock(AT + DAY + SECOND), 2).new()
    making, alone = ids(FrozenClock(AT)), ids(FrozenClock(AT))
    making.observe(far)
    ours = making.new()
    assert ours == alone.new()
    assert ours < far


def test_an_id_less_than_a_day_ahead_is_followed() -> None:
    ahead = ids(FrozenClock(AT + DAY - SECOND), 2).new()
    making = ids(FrozenClock(AT))
    making.observe(ahead)
    assert making.new() > ahead


@pytest.mark.parametrize("odd", ["", "Z", "u" * 26, "U" * 26, "0" * 27, "ÀÉ" * 13, f"{'0' * 25}\n"])
def test_what_is_no_id_is_not_followed(odd: str) -> None:
    making, alone = ids(FrozenClock(AT)), ids(FrozenClock(AT))
    making.observe(odd)
    assert making.new() == alone.new()
