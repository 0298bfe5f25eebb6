"""Zones of time: named by a person, applied to whole blocks of times, and chosen source by source."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from cockpit.clock import HOUR, MINUTE, from_datetime, from_rfc3339
from cockpit.logs.file import LogFile
from cockpit.logs.formats import Teller
from cockpit.logs.spellings import find_time
from cockpit.logs.times import decode, decode_one
from cockpit.zones import ALL, Zone, ZoneError, Zones, over, parse_zone, read_zones

NOW = from_rfc3339("2026-11-23T17:00:00Z")


@pytest.mark.parametrize(
    ("text", "zone"),
    [
        ("UTC", Zone("UTC", 0)),
        ("z", Zone("UTC", 0)),
        ("+02:00", Zone("+02:00", 2 * HOUR)),
        ("-0530", Zone("-05:30", -5 * HOUR - 30 * MINUTE)),
        ("UTC+2", Zone("+02:00", 2 * HOUR)),
        (" Europe/Berlin ", Zone("Europe/Berlin")),
    ],
)
def test_a_zone_is_named_or_an_offset(text: str, zone: Zone) -> None:
    assert parse_zone(text) == zone


@pytest.mark.parametrize(
    ("text", "hint"),
    [
        ("Europe/Berln", "did you mean 'Europe/Berlin'?"),
        ("berlin", "did you mean 'Europe/Berlin'?"),
        ("new york", "did you mean 'America/New_York'?"),
        ("europe/PARIS", "did you mean 'Europe/Paris'?"),
        ("+27:00", "+02:00"),
        ("../etc/passwd", "write one like"),
        ("Europe", "did you mean"),
        ("", "write one like"),
    ],
)
def test_what_is_no_zone_is_refused_with_the_nearest(text: str, hint: str) -> None:
    with pytest.raises(ZoneError, match=re.escape(f"There is no zone {text!r};")) as caught:
        parse_zone(text)
    assert hint in str(caught.value)


ZONES = st.sampled_from(["Europe/Berlin", "America/New_York", "Australia/Lord_Howe", "Asia/Kathmandu", "+05:45", "UTC"])


@given(ZONES, st.lists(st.integers(0, 4_102_444_800), min_size=1, max_size=60))
def test_times_of_a_zone_are_read_right_on_both_sides_of_every_change(name: str, seconds: list[int]) -> None:
    zone = parse_zone(name)
    walls = [datetime(1970, 1, 1, tzinfo=UTC).replace(tzinfo=None) + timedelta(seconds=each) for each in seconds]
    lines = [f"{wall:%Y-%m-%d %H:%M:%S}".encode() for wall in walls]
    if zone.fixed is None:
        wanted = [from_datetime(wall.replace(tzinfo=ZoneInfo(name))) for wall in walls]
    else:
        wanted = [each * 1_000_000 - zone.fixed for each in seconds]
    found = find_time(lines[0])
    assert found is not None
    block = np.frombuffer(b"".join(lines), np.uint8).reshape(len(lines), -1)
    assert decode(block, found.shape, NOW, zone).tolist() == wanted
    assert [decode_one(line, found.shape, NOW, zone) for line in lines] == wanted


def test_two_files_side_by_side_are_read_in_their_own_zones(tmp_path: Path) -> None:
    text = "2026-03-29 01:59:59 before\n2026-03-29 03:00:00 after\n2026-03-29T03:00:00+00:00 its own\n"
    (tmp_path / "app.log").write_text(text)
    berlin, utc = (LogFile(tmp_path / "app.log", NOW, Teller(zone=parse_zone(each))) for each in ("Europe/Berlin", "Z"))
    assert [berlin.index.key_of(nr) - utc.index.key_of(nr) for nr in range(2)] == [-HOUR, -2 * HOUR]
    assert berlin.index.facts(1)[0] - berlin.index.facts(0)[0] == 1_000_000  # type: ignore[index]
    assert berlin.index.facts(2) == utc.index.facts(2)
    berlin.close()
    utc.close()


def test_a_year_left_out_is_settled_in_the_zone(tmp_path: Path) -> None:
    (tmp_path / "syslog").write_text("Jan  1 00:00:01 host sshd[1]: hello\n" * 3)
    reference = from_rfc3339("2026-12-31T16:00:00Z")
    file = LogFile(tmp_path / "syslog", reference, Teller(zone=parse_zone("Asia/Tokyo")))
    assert file.index.key_of(0) == from_rfc3339("2026-12-31T15:00:01Z")
    file.close()


def test_the_nearest_name_counts() -> None:
    zones = Zones({ALL: "UTC", "db*": "+01:00", "/var/log/db/*.log": "+02:00", "db.log": "+03:00"})
    assert zones.of("db.log", Path("/var/log/db/db.log")) == parse_zone("+03:00")
    assert zones.of("old.log", Path("/var/log/db/old.log")) == parse_zone("+02:00")
    assert zones.of("db2.log", Path("/srv/db2.log")) == parse_zone("+01:00")
    assert zones.of("stdin", Path("/spool/stdin")) == parse_zone("UTC")
    assert Zones({"app.log": "UTC"}).of("other.log", Path("other.log")) is None


def test_what_is_said_of_all_goes_before_what_stands_below() -> None:
    assert read_zones(["app.log=+02:00", "UTC"]) == {"app.log": "+02:00", ALL: "UTC"}
    assert over({"app.log": "UTC"}, {"db.log": "+01:00"}) == {"app.log": "UTC", "db.log": "+01:00"}
    assert over({"app.log": "UTC"}, {ALL: "+01:00"}) == {ALL: "+01:00"}
