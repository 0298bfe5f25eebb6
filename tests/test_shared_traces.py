"""What is read of sources to see whether their clocks agree: requests of one found in another, near or far in time."""

from __future__ import annotations

import random
from collections.abc import Callable, Sequence
from pathlib import Path

import pytest

from cockpit.clock import HOUR, MINUTE, SECOND, FrozenClock, from_rfc3339, to_datetime
from cockpit.logs.file import LogFile
from cockpit.logs.formats import Teller
from cockpit.shared_traces import clocks
from cockpit.zones import parse_zone

BEGIN = from_rfc3339("2026-11-23T08:00:00Z")
Line = tuple[int, str]


def wall(at: int, zone: str = "Z") -> str:
    return f"{to_datetime(at):%Y-%m-%d %H:%M:%S.%f}"[:-3] + zone


def asked(count: int = 1500, every: float = 2.0, ids: str = "req-{:08}") -> list[tuple[int, str]]:
    """When requests came, and their ids."""
    chance, at, found = random.Random(3), BEGIN, []
    for n in range(count):
        at += round(chance.expovariate(1 / every) * SECOND)
        found.append((at, ids.format(n)))
    return found


def app(requests: Sequence[tuple[int, str]], zone: str = "Z", off: int = 0) -> list[Line]:
    """Two lines of each request; off: of its clock (microseconds)."""
    lines = []
    for at, name in requests:
        at += off
        lines += [(at, f"{wall(at, zone)} INFO request {name} begun")]
        lines += [(at + 300_000, f"{wall(at + 300_000, zone)} INFO request {name} done")]
    return lines


def access(requests: Sequence[tuple[int, str]]) -> list[Line]:
    """A web server's line of each request, written when it ended."""
    lines = []
    for nth, (at, name) in enumerate(requests):
        end = at + (nth % 9 + 1) * 100_000
        when = f"{to_datetime(end):%d/%b/%Y:%H:%M:%S +0000}"
        lines.append((end, f'10.0.0.1 - - [{when}] "GET /cart HTTP/1.1" 200 512 "-" "{name}" {(end - at) / 1e6:.3f}'))
    return lines


@pytest.fixture
def told(tmp_path: Path) -> Callable[..., tuple[str, ...]]:
    """What is said of logs of these lines, the times of which are read in a zone where they name none."""

    def tell(*logs: Sequence[Line], zone: str = "UTC") -> tuple[str, ...]:
        files = []
        for nth, lines in enumerate(logs):
            path = tmp_path / f"{'abcdef'[nth]}.log"
            path.write_text("".join(f"{text}\n" for _, text in sorted(lines)))
            file = LogFile(path, FrozenClock(BEGIN).now(), Teller(zone=parse_zone(zone)))
            while file.index_earlier():
                pass
            files.append(file)
        return clocks(files, lambda file: file.path.name)

    return tell


@pytest.mark.parametrize(
    ("off", "zone", "right"), [(2, "UTC", "+02:00"), (-5, "UTC", "-05:00"), (2, "+01:00", "+02:00")]
)
def test_a_zone_that_is_another_is_told_and_what_is_offered_sets_it_right(
    told: Callable[..., tuple[str, ...]], off: int, zone: str, right: str
) -> None:
    requests = asked()
    ours, theirs = app(requests), app(requests, zone="", off=off * HOUR)
    (sentence,) = told(ours, theirs, zone=zone)
    assert sentence.startswith("b.log is ")
    assert sentence.endswith(f"its zone may be another; try --zone b.log={right}")
    assert told(ours, theirs, zone=right) == ()
    (sentence,) = told(theirs, ours, zone=zone)
    assert sentence.startswith("a.log is ")
    assert sentence.endswith(f"its zone may be another; try --zone a.log={right}")


def test_a_clock_that_is_off_is_told(told: Callable[..., tuple[str, ...]]) -> None:
    requests = asked()
    (sentence,) = told(app(requests), app(requests, off=90 * SECOND))
    assert sentence.startswith("b.log's clock seems about 90 s ahead of a.log's: nearly all of ")
    (sentence,) = told(access(requests), app(requests, off=-5 * SECOND))
    assert sentence.startswith("b.log's clock is about ")
    assert "behind a.log's" in sentence


def test_nothing_is_said_where_they_agree(told: Callable[..., tuple[str, ...]]) -> None:
    requests = asked()
    assert told(app(requests), app(requests, off=20_000), access(requests)) == ()


def test_nothing_is_said_where_work_waits_in_a_queue(told: Callable[..., tuple[str, ...]]) -> None:
    requests, chance = asked(), random.Random(5)
    waited = [(at + chance.randrange(5 * SECOND, 12 * MINUTE), name) for at, name in requests]
    assert told(app(requests), app(waited, zone="")) == ()


def test_ids_that_are_of_no_request_say_nothing(told: Callable[..., tuple[str, ...]]) -> None:
    for ids in ("req-1234567x", "req-{:08}"):
        ours = asked(ids=ids)
        theirs = [(at, name if "x" in name else f"{name}9") for at, name in ours]
        assert told(app(ours), app(theirs, zone="", off=2 * HOUR)) == ()


def test_of_few_requests_and_of_lines_without_ids_or_times_nothing_is_said(
    told: Callable[..., tuple[str, ...]],
) -> None:
    few = asked(12)
    assert told(app(few), app(few, zone="", off=2 * HOUR)) == ()
    assert told([(n, f"INFO request req-{n:08} done") for n in range(500)], app(asked(500))) == ()
    assert told([(n, f"{wall(BEGIN + n)} INFO done") for n in range(500)], app(asked(500))) == ()
    assert told([], app(few)) == told() == ()


def test_each_source_is_compared_with_one_that_knows_its_requests(told: Callable[..., tuple[str, ...]]) -> None:
    requests, others = asked(), asked(ids="job-{:08}")
    jobs = [(at, f"{wall(at)} INFO job done job_id={name}") for at, name in others]
    sentences = told(app(requests), jobs, app(requests), app(requests[::3], zone="", off=HOUR))
    assert [each.partition(",")[0] for each in sentences] == ["d.log is 1 h ahead of a.log"]
