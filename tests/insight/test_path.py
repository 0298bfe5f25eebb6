"""The path of a trace: order, gaps, bars, and what is said where clocks disagree."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cockpit.insight.path import Path, Step, bar, extent, path_of, place, spoken
from cockpit.insight.path_told import left_out, stopped, text
from cockpit.insight.usual import beside, good_one, usuals

MS = 1000
NOW = 1_764_000_000_000_000

steps = st.lists(
    st.builds(
        Step,
        source=st.sampled_from(["a", "b"]),
        at=st.none() | st.integers(NOW, NOW + 10_000_000),
        level=st.integers(0, 7),
        message=st.sampled_from(["begun", "asked 1", "asked 2", "done", ""]),
        took=st.none() | st.integers(0, 20_000_000),
        span=st.sampled_from(["", "s1", "s2"]),
        parent=st.sampled_from(["", "s1", "s2"]),
    ),
    max_size=12,
)


def step(at: int | None, message: str, *, source: str = "app", level: int = 3, **more: object) -> Step:
    return Step(source, None if at is None else NOW + at * MS, level, message, **more)  # type: ignore[arg-type]


def trace(*told: tuple[int, str], level: int = 3) -> Path:
    return path_of([step(at, message, level=level) for at, message in told])


@given(steps)
def test_every_record_is_a_step_once_and_gaps_are_differences(given_steps: list[Step]) -> None:
    path = path_of(given_steps)
    assert sorted(path.order) == list(range(len(given_steps)))
    assert path.steps == tuple(given_steps[nth] for nth in path.order)
    assert len(path.gaps) == len(given_steps)
    assert path.gaps[:1] in ((), (None,))
    for nth in range(1, len(path.steps)):
        here, before = path.steps[nth].at, path.steps[nth - 1].at
        assert path.gaps[nth] == (None if here is None or before is None else here - before)


@given(steps, st.integers(1, 80))
def test_a_bar_lies_within_the_width_and_is_seen(given_steps: list[Step], width: int) -> None:
    whole = extent(given_steps)
    for each in given_steps:
        if whole is not None and each.at is not None:
            assert 0 <= place(whole, each.at, width) < width
            cells = bar(each, whole, width)
            assert cells is None or 0 <= cells[0] < cells[1] <= width


@given(steps, st.lists(steps, max_size=4))
def test_what_is_usual_is_told_for_every_step_and_texts_never_fail(own: list[Step], others: list[list[Step]]) -> None:
    path, paths = path_of(own), [path_of(each) for each in others]
    found = usuals(path, paths)
    assert len(found.usual) == len(found.alone) == len(own)
    assert all(each is None or each.median <= each.p95 for each in found.usual)
    assert text("id", path, len(own), found, stopped(path, found, NOW)).count("\n") > len(own)
    good = good_one(path, paths)
    assert good is None or all(each.level < 5 for each in paths[good].steps)


@given(steps, steps)
def test_two_traces_side_by_side_lose_no_step(own: list[Step], other: list[Step]) -> None:
    pairs = beside(path_of(own), path_of(other))
    assert [one for one, _ in pairs if one is not None] == list(range(len(own)))
    assert [two for _, two in pairs if two is not None] == list(range(len(other)))


def test_gaps_are_counted_from_the_step_before() -> None:
    path = path_of([step(0, "begun"), step(None, "no time"), step(12, "asked"), step(500, "done")])
    assert path.gaps == (None, None, None, 488 * MS)
    assert (path.started, path.ended) == (NOW, NOW + 500 * MS)


def test_a_source_that_is_whole_quarters_of_an_hour_away_may_be_of_another_zone() -> None:
    asked = [step(0, "begun"), step(300, "done")]
    late = [step(7_200_020 + each, "charged", source="pay", ahead=0) for each in (0, 9)]
    assert path_of([*asked, *late]).hints == (
        "pay is 2 h ahead of app: its zone may be another; try --zone pay=+02:00",
    )
    early = [step(-5_399_980, "charged", source="pay", ahead=1_800_000_000), step(100, "asked", source="shop", ahead=0)]
    assert path_of([early[0], *asked[:1], early[1], *asked[1:]]).hints == (
        "pay is 1 h 30 min behind app: its zone may be another; try --zone pay=-01:00",
    )


@pytest.mark.parametrize(
    "late",
    [
        step(7_200_020, "charged", source="pay"),  # it names its zone
        step(6_900_020, "charged", source="pay", ahead=0),
        step(200, "charged", source="pay", ahead=0),
        step(None, "charged", source="pay", ahead=0),
    ],
)
def test_of_any_other_nothing_is_said_about_zones(late: Step) -> None:
    assert path_of([step(0, "begun"), step(300, "done"), late]).hints == ()


def test_of_a_source_in_another_zone_not_much_more_is_said() -> None:
    early = [step(-7_199_900, "charging", source="pay", ahead=0), step(-7_199_800, "charged", source="pay", ahead=0)]
    (hint,) = path_of([*early, step(300, "GET /cart", took=300 * MS, access=True)]).hints
    assert hint == "pay is 2 h behind app: its zone may be another; try --zone pay=-02:00"


def test_a_step_before_its_cause_stands_after_it_with_a_negative_gap_and_a_hint() -> None:
    path = path_of(
        [
            step(-1200, "charge", source="pay", span="s2", parent="s1"),
            step(-1100, "charged", source="pay", span="s2"),
            step(1, "checkout", span="s1"),
        ]
    )
    assert [each.message for each in path.steps] == ["checkout", "charge", "charged"]
    assert path.gaps == (None, -1_201_000, 100_000)
    assert path.hints == ("pay is at least 1.20 s behind app, by their clocks: a step comes before what caused it.",)


def test_a_source_that_goes_back_in_time_keeps_its_order_and_is_named() -> None:
    path = path_of([step(500, "begun"), step(100, "done")])
    assert path.gaps == (None, -400_000)
    assert path.hints == ("app goes back in time by 400 ms: its clock was set, or several write to it.",)


def test_a_parent_that_tells_its_span_at_the_end_has_no_skewed_clock() -> None:
    path = path_of(
        [
            step(10, "charge", source="pay", span="s2", parent="s1"),
            step(50, "done", span="s1", took=50 * MS),
        ]
    )
    assert path.order == (0, 1)
    assert path.hints == ()


def test_all_of_a_source_before_the_request_began_is_hinted_at() -> None:
    early = [step(-800, "begun", source="app"), step(-700, "done", source="app")]
    access = step(101, "200 GET /", source="proxy", took=100 * MS, access=True)
    (hint,) = path_of([*early, access]).hints
    assert hint == (
        "All of app stands before the request began, as proxy tells it; its clock may be 701 ms behind, or more."
    )
    done = step(501, "done", source="shop", took=500 * MS)
    assert path_of([*early, step(2, "asked", source="shop"), done]).hints[0].startswith("All of app stands before")
    assert path_of([*early[:1], step(2, "asked", source="shop"), done]).hints == ()
    inside = [step(100, "begun", source="app"), step(200, "done", source="app")]
    assert path_of([step(2, "asked", source="shop"), *inside, done]).hints == ()


def test_a_source_of_whole_seconds_is_named() -> None:
    path = path_of([step(0, "200 GET /", source="access"), step(345, "begun")])
    assert path.coarse == ("access",)
    assert path.hints == ("access tells whole seconds only: its steps may stand up to a second too early.",)


def test_what_took_far_longer_than_in_other_traces_stands_out() -> None:
    others = [trace((0, "begun"), (10 + nth % 3, "asked 1"), (20 + nth, "done")) for nth in range(20)]
    own = trace((0, "begun"), (11, "asked 7"), (900, "done"))
    found = usuals(own, others)
    second, third = found.usual[1:]
    assert second is not None
    assert (second.median, second.p95, second.traces) == (11 * MS, 12 * MS, 20)
    assert third is not None
    assert third.traces == 20
    assert [found.unusual(own, nth) for nth in range(3)] == [False, False, True]


def test_few_other_traces_make_nothing_unusual() -> None:
    own = trace((0, "begun"), (900, "done"))
    assert not usuals(own, [trace((0, "begun"), (1, "done"))] * 4).unusual(own, 1)


def test_where_it_stopped_and_where_others_go_on() -> None:
    others = [trace((0, "begun"), (10, "order placed"))] * 9 + [trace((0, "begun"))]
    own = trace((0, "begun"))
    assert stopped(own, usuals(own, others), NOW + 60_000_000) == [
        "No record after step 1 (app), though its logs go on for 1 min 00 s.",
        "Others of this kind go on to: “order placed” (9), of 10 that were looked at.",
        "Others of this kind end here too: 1 of 10.",
    ]
    failed = path_of([step(0, "begun"), step(1, "no price", level=6)])
    others.append(failed)
    found = usuals(failed, others)
    said = stopped(failed, found, NOW + 2 * MS)
    assert said[0] == "No record after step 2 (app), but its logs end 1.0 ms later: it may go on."
    assert said[1].startswith("After step 1 others of this kind that went well go on to: “order placed” (9), of 10")


def test_a_step_that_no_other_trace_has_stands_out() -> None:
    own = trace((0, "begun"), (1, "no price"))
    found = usuals(own, [trace((0, "begun"), (10, "order placed"))] * 5)
    assert [found.is_new(nth) for nth in range(2)] == [False, True]


def test_a_good_one_is_whole_near_and_without_warnings() -> None:
    own = path_of([step(100, "begun"), step(101, "no price", level=6)])
    whole = [trace((at, "begun"), (at + 5, "done")) for at in (0, 90, 150)]
    torn, bad = trace((101, "begun")), trace((100, "begun"), (101, "done"), level=5)
    assert good_one(own, [*whole, torn, bad]) == 1
    assert good_one(own, [bad]) is None


def test_what_is_left_out_is_told_counted_and_makes_no_gap() -> None:
    assert left_out(trace((0, "begun"), (1, "done"))) == []
    path = path_of([step(0, "begun"), step(1, "asked 1"), step(900, "asked 99"), step(901, "done")], 13_411, 2)
    assert path.gaps == (None, 1000, None, 1000)
    assert [path.number(nth) for nth in range(4)] == [1, 2, 13_414, 13_415]
    assert left_out(path) == ["13 411 records between step 2 and step 13414 are left out: too many to read."]
    assert "13415  " in text("id", path, 13_415, None, [])


@pytest.mark.parametrize(
    ("length", "words"),
    [
        (0, "0 µs"),
        (950, "950 µs"),
        (4600, "4.6 ms"),
        (9990, "10 ms"),
        (999_900, "999 ms"),
        (1_204_000, "1.20 s"),
        (59_990_000, "59.9 s"),
        (125_000_000, "2 min 05 s"),
        (-346_000, "−346 ms"),
        (10_920_000_000, "3 h 02 min"),
    ],
)
def test_lengths_are_short(length: int, words: str) -> None:
    assert spoken(length) == words
