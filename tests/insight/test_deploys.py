"""Deploys told by start-up lines, and whether something began with one."""

from __future__ import annotations

import time
from typing import Any

import numpy as np
import pytest

from cockpit.clock import HOUR, MINUTE, SECOND
from cockpit.insight.contrast import Factor
from cockpit.insight.deploys import Marker, beside, by_deploy, merged, ref_in, span, started, version_in
from cockpit.insight.verdicts import Judged, Verdict

DAY = 8 * HOUR
ONSET = 5 * HOUR


def deploy(at: int, ref: str = "4f2c1a9") -> Marker:
    return Marker(at, "deploy", ref, f"deploy {ref}")


def by(*markers: Marker, versions: tuple[Factor, ...] = (), wrong: Any = None) -> Judged:
    times = np.arange(ONSET, DAY, 10 * SECOND) if wrong is None else wrong
    return by_deploy(markers, ONSET, times, 0, DAY, versions)


def test_right_after_the_only_deploy_it_is_likely() -> None:
    found = by(deploy(ONSET - 41 * SECOND))
    assert found.verdict is Verdict.LIKELY
    assert found.why[0] == "It began 41 s after deploy 4f2c1a9."
    assert found.why[1] == "Of moments picked at random, 0.3 % lie as near to a deploy."
    assert found.facts["marker"]["ref"] == "4f2c1a9"
    assert found.facts["rate_ratio"] is None
    assert "0 a minute before it, 5.98 after" in found.why[2]


def test_the_rates_before_and_after_it() -> None:
    slow = np.arange(0, ONSET, MINUTE)
    found = by(deploy(ONSET - SECOND), wrong=np.concatenate((slow, np.arange(ONSET, DAY, 5 * SECOND))))
    assert 11 < found.facts["rate_ratio"] < 13


@pytest.mark.parametrize("delay", [20 * MINUTE, HOUR, 4 * HOUR])
def test_long_after_a_deploy_it_is_unlikely(delay: int) -> None:
    assert by(deploy(ONSET - delay)).verdict is Verdict.UNLIKELY


def test_a_deploy_after_the_onset_did_not_begin_it() -> None:
    found = by(deploy(ONSET + 10 * MINUTE))
    assert found.verdict is Verdict.UNLIKELY
    assert found.why == ("No deploy stands before the onset; the first is 10 min after it.",)


def test_a_marker_may_be_written_a_little_late() -> None:
    found = by(deploy(ONSET + 5 * SECOND))
    assert found.verdict is Verdict.LIKELY
    assert "It began 5 s before deploy" in found.why[0]


def test_the_nearer_it_is_the_likelier() -> None:
    delays = (30 * SECOND, 3 * MINUTE, 8 * MINUTE, 30 * MINUTE)
    scores = [by(deploy(ONSET - delay)).score for delay in delays]
    assert scores == sorted(scores, reverse=True)
    assert len(set(scores)) == len(scores)


def test_where_deploys_are_frequent_being_near_one_tells_little() -> None:
    often = [deploy(at, f"{at:07x}"[-7:]) for at in range(2 * MINUTE, DAY, 5 * MINUTE)]
    alone, among = by(deploy(ONSET - 3 * MINUTE)), by(*often)
    assert among.score < alone.score
    assert among.verdict is not Verdict.LIKELY


@pytest.mark.parametrize("every", [1, 2, 3, 5, 10, 20, 60])
def test_what_begins_at_any_moment_is_seldom_put_down_to_a_deploy_however_frequent_they_are(every: int) -> None:
    often = [deploy(at, f"{at:07x}"[-7:]) for at in range(MINUTE // 2, DAY, every * MINUTE)]
    moments = range(HOUR, DAY - HOUR, 97 * SECOND)
    judged = [by_deploy(often, at, np.arange(at, DAY, 10 * SECOND), 0, DAY, ()) for at in moments]
    assert sum(each.verdict is Verdict.LIKELY for each in judged) <= 0.16 * len(judged)


def test_deploys_that_come_after_it_do_not_speak_for_chance() -> None:
    mending = [deploy(ONSET + minute * MINUTE, f"{minute:07x}") for minute in range(3, 150, 3)]
    assert by(deploy(ONSET - 20 * SECOND), *mending).verdict is Verdict.LIKELY


def test_a_restart_weighs_less_than_a_deploy() -> None:
    restart = Marker(ONSET - 30 * SECOND, "restart", "", "restart")
    found = by(restart)
    assert found.verdict is not Verdict.LIKELY
    assert found.score < by(deploy(ONSET - 30 * SECOND)).score
    both = by(deploy(ONSET - 60 * SECOND), restart)
    assert both.facts["marker"]["kind"] == "deploy"


def test_the_last_deploy_before_the_onset_is_named_and_not_a_later_one() -> None:
    found = by(deploy(HOUR, "aaaaaaa"), deploy(ONSET - 30 * SECOND, "bbbbbbb"), deploy(ONSET + HOUR, "ccccccc"))
    assert found.facts["marker"]["ref"] == "bbbbbbb"


def test_without_any_marker_it_cannot_be_told() -> None:
    found = by()
    assert found.verdict is Verdict.CANNOT_TELL
    assert "cockpit mark" in found.test
    assert by(Marker(ONSET, "mitigation", "", "scaled up")).verdict is Verdict.CANNOT_TELL


def test_a_version_that_only_failing_requests_have_is_likely_without_a_marker() -> None:
    factor = Factor("version", "=", "2.4.1", 1.0, 0.02, 900.0, 1e-30, 80)
    found = by(versions=(factor,))
    assert found.verdict is Verdict.LIKELY
    assert found.why[0] == "version = 2.4.1: 100 % of errors, 2 % of others."
    assert by(deploy(HOUR), versions=(factor,)).verdict is Verdict.LIKELY


@pytest.mark.parametrize(
    ("text", "version"),
    [
        ("starting shop version 2.4.1", "2.4.1"),
        ("Started release=4f2c1a9 in 3 s", "4f2c1a9"),
        ("listening, build: 4711", "4711"),
        ("image registry.example.com/shop:v1.8.0-rc1 started", "v1.8.0-rc1"),
        ("boot v3.2", "v3.2"),
        ("server started on port 8080", ""),
        ("started deadbeef00", "deadbeef00"),
        ("ready", ""),
    ],
)
def test_the_version_in_a_line(text: str, version: str) -> None:
    assert version_in(text) == version


def test_the_first_start_is_a_start_another_version_a_deploy_the_same_a_restart() -> None:
    lines = [
        (0, "shop", "starting version 1.0.0"),
        (HOUR, "shop", "starting version 1.0.0"),
        (2 * HOUR, "shop", "starting version 1.1.0"),
        (3 * HOUR, "mail", "starting version 7.0.0"),
    ]
    found = started(lines)
    assert [(each.kind, each.ref) for each in found] == [
        ("start", "1.0.0"),
        ("restart", "1.0.0"),
        ("deploy", "1.1.0"),
        ("start", "7.0.0"),
    ]
    assert found[2].title == "shop: starting version 1.1.0"


def test_a_line_that_speaks_of_a_deploy_is_one_though_it_is_the_first() -> None:
    assert [each.kind for each in started([(0, "shop", "deployed version 1.0.0")])] == ["deploy"]


def test_several_lines_of_one_start_are_one_marker() -> None:
    lines = [(at * SECOND, "shop", "worker started, version 1.1.0") for at in range(8)]
    assert len(started(lines)) == 1
    assert started([]) == []


def test_the_same_deploy_told_twice_is_one_and_a_deploy_weighs_more_than_a_start() -> None:
    start = Marker(HOUR + 20 * SECOND, "start", "4f2c1a98b", "shop: started 4f2c1a98b")
    found = merged([start, deploy(HOUR, "4f2c1a9"), deploy(3 * HOUR, "4f2c1a9"), deploy(HOUR, "81ab332")])
    assert [(each.at, each.ref) for each in found] == [(HOUR, "4f2c1a9"), (HOUR, "81ab332"), (3 * HOUR, "4f2c1a9")]
    early = Marker(HOUR - 20 * SECOND, "start", "4f2c1a98b", "shop: started")
    assert [each.kind for each in merged([early, deploy(HOUR)])] == ["deploy"]
    assert merged([]) == []


def test_merged_they_stand_in_their_order_whatever_told_of_one_before() -> None:
    told = [Marker(0, "restart", "4f2c1a9", ""), Marker(60 * SECOND, "deploy", "77f0aa1", "")]
    found = merged([*told, Marker(100 * SECOND, "deploy", "4f2c1a9", "")])
    assert [(each.at, each.ref) for each in found] == [(60 * SECOND, "77f0aa1"), (100 * SECOND, "4f2c1a9")]


def test_many_thousand_deploys_are_merged_at_once() -> None:
    many = [deploy(minute * 5 * MINUTE, f"{minute:07x}") for minute in range(6000)]
    again = [Marker(each.at + 30 * SECOND, "restart", "", "restart") for each in many]
    used = time.process_time()
    assert merged([*many, *again]) == many
    assert beside(many, again) == []
    assert time.process_time() - used < 1.0


def test_where_the_logs_begin_after_a_deploy_its_rate_before_is_not_made_up() -> None:
    found = by_deploy([deploy(0)], HOUR + MINUTE, np.arange(HOUR + MINUTE, DAY, 10 * SECOND), HOUR, DAY, ())
    assert found.facts["rate_ratio"] is None
    assert found.why[-1] == "The logs begin after it."


@pytest.mark.parametrize(
    ("microseconds", "text"),
    [(41 * SECOND, "41 s"), (12 * MINUTE, "12 min"), (150 * MINUTE, "2.5 h"), (0, "0 s"), (220 * HOUR, "9 days")],
)
def test_a_span_in_words(microseconds: int, text: str) -> None:
    assert span(microseconds) == text


@pytest.mark.parametrize(
    ("text", "ref"),
    [("deploy 4f2c1a9", "4f2c1a9"), ("v42", "v42"), ("rollout done", ""), ("", ""), ("rolled back to 2.3.1", "2.3.1")],
)
def test_a_persons_words_name_what_was_deployed_or_do_not(text: str, ref: str) -> None:
    assert ref_in(text) == ref
