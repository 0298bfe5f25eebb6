"""Whether the time of a line names its zone, and in which it was read where not."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from cockpit.clock import HOUR, from_rfc3339
from cockpit.logs.formats import Teller
from cockpit.logs.zoned import ahead_of_utc
from cockpit.zones import Zone, parse_zone

SUMMER, WINTER = from_rfc3339("2026-07-01T10:00:00Z"), from_rfc3339("2026-12-01T10:00:00Z")
BARE = ["2026-07-01 10:00:00,123 INFO done", "2026-07-01 10:00:01,123 INFO done"]


def ahead(lines: Sequence[str], zone: Zone | None = None, at: int = SUMMER) -> int | None:
    sample = [line.encode() for line in lines]
    return ahead_of_utc(Teller(zone=zone)(sample), sample[0], at)


@pytest.mark.parametrize(
    "line",
    [
        "2026-07-01T10:00:00Z INFO done",
        "2026-07-01T10:00:00+02:00 INFO done",
        '{"time":1782900000.123,"level":"info","msg":"done"}',
        '10.0.0.1 - - [01/Jul/2026:10:00:00 +0200] "GET / HTTP/1.1" 200 1 "-" "-"',
        "INFO done",
    ],
)
def test_of_a_line_that_names_its_zone_or_has_no_time_there_is_nothing_to_tell(line: str) -> None:
    assert ahead([line] * 3) is None


def test_of_others_it_is_that_of_the_source_or_of_the_host() -> None:
    assert ahead(BARE) == 0
    assert ahead(BARE, parse_zone("-05:00")) == -5 * HOUR
    assert [ahead(BARE, parse_zone("Europe/Berlin"), at) for at in (SUMMER, WINTER)] == [2 * HOUR, HOUR]


def test_what_a_collector_writes_around_a_line_counts() -> None:
    docker = '{"log":"2026-07-01 10:00:00,123 INFO done\\n","stream":"stdout","time":"2026-07-01T10:00:00.1Z"}'
    assert ahead([docker] * 3) is None
    assert ahead([f"app-1  | {line}" for line in BARE]) == 0
