"""The logs tell one story: in order, correlated, the same for the same seed, and failing where the plot says so."""

from __future__ import annotations

import json
import re
from collections import Counter
from datetime import datetime
from itertools import pairwise

import pytest

from cockpit.clock import MINUTE, SECOND, from_datetime, from_rfc3339
from cockpit.demo import traffic
from cockpit.demo.build import Demo
from cockpit.demo.lines import ACCESS, APP, WORKER
from cockpit.demo.story import tell
from cockpit.demo.traffic import Plot

NOW = from_rfc3339("2026-11-25T10:42:00.123456Z")  # as in conftest.py
ACCESS_LINE = re.compile(
    r'[\d.]+ - - \[(?P<time>[^]]+)\] "(?P<request>\S+ \S+) HTTP/1\.1" (?P<status>\d{3}) \d+ "-" "[^"]+" '
    r"(?P<id>req-[0-9a-f]{12}) (?P<seconds>\d+\.\d{3})"
)
WORKER_LINE = re.compile(
    r"(?P<time>\d{4}-\d\d-\d\d \d\d:\d\d:\d\d,\d{3}) (?P<level>[A-Z]+) worker\.\w+ \[(?P<id>req-\w{12}|-)\] .+"
)


def _plot(seed: int) -> Plot:
    return traffic.plot(tell(seed, NOW), [f"{number:07x}" for number in range(8)])


@pytest.fixture(scope="module")
def app(history: tuple[list[str], ...]) -> list[dict[str, object]]:
    return [json.loads(line) for line in history[APP]]


def test_sixty_to_a_hundred_thousand_lines_of_four_hours(history: tuple[list[str], ...]) -> None:
    assert 60_000 < sum(map(len, history)) < 110_000
    first, last = (from_rfc3339(json.loads(history[APP][at])["ts"]) for at in (0, -1))
    assert abs(first - (NOW - 4 * 60 * MINUTE)) < 10 * SECOND
    assert 0 < NOW - last < 10 * SECOND


def test_every_line_has_its_form_and_comes_in_time(
    history: tuple[list[str], ...], app: list[dict[str, object]]
) -> None:
    times = [str(line["ts"]) for line in app]
    assert times == sorted(times)
    matches = [ACCESS_LINE.fullmatch(line) for line in history[ACCESS]]
    assert all(matches)
    served = [datetime.strptime(match["time"], "%d/%b/%Y:%H:%M:%S %z") for match in matches if match]
    assert served == sorted(served)
    heads = [match["time"] for line in history[WORKER] if (match := WORKER_LINE.fullmatch(line))]
    assert heads == sorted(heads)
    assert len(heads) > 0.9 * len(history[WORKER])


def test_the_worker_writes_local_time(history: tuple[list[str], ...]) -> None:
    last = next(match for line in reversed(history[WORKER]) if (match := WORKER_LINE.fullmatch(line)))
    at = from_datetime(datetime.strptime(last["time"], "%Y-%m-%d %H:%M:%S,%f"))  # noqa: DTZ007 - local on purpose
    assert 0 < NOW - at < 10 * SECOND


def test_a_failing_request_is_in_all_three_logs(history: tuple[list[str], ...], app: list[dict[str, object]]) -> None:
    failed = [str(line["request_id"]) for line in app if line["msg"] == "unhandled exception in handler"][:-1]
    served = {match["id"]: match["status"] for line in history[ACCESS] if (match := ACCESS_LINE.fullmatch(line))}
    worked = {match["id"]: match["level"] for line in history[WORKER] if (match := WORKER_LINE.fullmatch(line))}
    assert len(failed) >= 20
    assert {served[name] for name in failed} == {"500"}
    assert {worked[name] for name in failed} == {"ERROR"}
    assert sum(status == "500" for status in served.values()) in (len(failed), len(failed) + 1)


def test_exactly_the_large_carts_fail_and_only_after_the_deploy(demo: Demo, app: list[dict[str, object]]) -> None:
    deployed = demo.plot().releases[-1].at
    sizes = {str(line["request_id"]): int(str(line["items"])) for line in app if line["msg"] == "checkout started"}
    times = {str(line["request_id"]): from_rfc3339(str(line["ts"])) for line in app if "request_id" in line}
    failed = {str(line["request_id"]) for line in app if line["msg"] == "unhandled exception in handler"}
    placed = {str(line["request_id"]) for line in app if line["msg"] == "order placed"}
    large = {name for name, items in sizes.items() if items > 1000}
    after = {name for name in large if times[name] > deployed}
    assert failed <= after
    assert len(after - failed) <= 1, "one may be under way when the history ends"
    assert len(large - after) > 100
    assert len((large - after) & placed) > 0.95 * len(large - after)
    assert 0.01 < len(large - after) / len(sizes) < 0.025
    assert any(900 < sizes[name] <= 1000 and times[name] > deployed for name in placed)


def test_background_errors_are_steady(demo: Demo, app: list[dict[str, object]]) -> None:
    kinds = Counter(str(line["msg"]) for line in app)
    assert 0.0015 < kinds["payment provider timed out"] / kinds["checkout started"] < 0.005
    assert kinds["card declined"] > 20
    assert kinds["slow query"] > 10
    assert kinds["stock is low"] > 5


def test_every_deploy_in_the_history_logs_its_start(demo: Demo, app: list[dict[str, object]]) -> None:
    starts = [line["msg"] for line in app if str(line["msg"]).startswith("starting shop")]
    assert starts == [f"starting shop version={version[:7]}" for version in demo.versions[-2:] for _ in range(2)]


def test_the_onset_follows_the_deploy_within_a_minute_for_any_seed() -> None:
    for seed in range(12):
        plot = _plot(seed)
        deployed = plot.releases[-1].at
        entries = traffic.lines(plot, deployed, deployed + MINUTE)
        errors = [at for at, log, text in entries if log == APP and "unhandled exception" in text]
        assert errors, f"seed {seed}"
        assert errors[0] - deployed > 1_500_000


def test_pieces_make_the_whole() -> None:
    plot = _plot(3)
    cuts = [plot.now - 4 * MINUTE, plot.now - 3 * MINUTE - 1, plot.now - 77_777_777, plot.now - 1, plot.now]
    whole = list(traffic.lines(plot, cuts[0], cuts[-1]))
    pieces = [list(traffic.lines(plot, start, end)) for start, end in pairwise(cuts)]
    assert whole == [entry for piece in pieces for entry in piece]
    assert whole == sorted(whole)
    assert all(cuts[0] <= at < cuts[-1] for at, _, _ in whole)


def test_speed_multiplies_what_comes_after_the_history() -> None:
    plot = _plot(3)
    minutes = (plot.now - 5 * MINUTE, plot.now), (plot.now, plot.now + 5 * MINUTE)
    (before, slow), (same, fast) = (
        [sum(1 for _ in traffic.lines(plot, start, end, speed)) for start, end in minutes] for speed in (1.0, 10.0)
    )
    assert before == same
    assert 8 < fast / slow < 12


def test_another_seed_writes_other_lines() -> None:
    a, b = ([text for *_, text in traffic.lines(_plot(seed), NOW - MINUTE, NOW)] for seed in (1, 2))
    assert a != b
    assert a == [text for *_, text in traffic.lines(_plot(1), NOW - MINUTE, NOW)]
