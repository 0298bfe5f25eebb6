"""Folders of releases: found from wherever a person stands, each release with its time."""

from __future__ import annotations

import os
import time
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cockpit.clock import HOUR, MINUTE, SECOND, from_rfc3339
from cockpit.host.releases import Release, Releases, releases_around, releases_in, stamp
from tests.support.releases import lay_out, switch

TEN = from_rfc3339("2026-11-24T10:15:00Z")


@pytest.fixture
def shop(tmp_path: Path) -> Path:
    """Three releases; the last became current four minutes after it was made."""
    names = ["20261123080000", "20261124090000", "20261124101500"]
    found = lay_out(tmp_path / "shop", names, "20261124101500", TEN // SECOND + 240)
    (found / "shared/log").mkdir(parents=True)
    (found / "repo").mkdir()
    return found


@pytest.mark.parametrize(
    "name",
    ["20261124101500", "20261124101500Z", "2026-11-24T10-15-00", "2026-11-24_1015", "shop-20261124.101500-4f2c1a9"],
)
def test_a_name_tells_the_time_of_a_release_in_utc(name: str) -> None:
    assert stamp(name, 0) == TEN


@pytest.mark.parametrize("name", ["v1.2.3", "4f2c1a9", "20261324101500", "120261124101500", "20261124", "current", ""])
def test_other_names_tell_no_time(name: str) -> None:
    assert stamp(name, 0) is None


@given(st.text(max_size=30) | st.from_regex(r"\d{8,16}Z?", fullmatch=True))
def test_any_name_can_be_asked(name: str) -> None:
    assert stamp(name, 0) is None or isinstance(stamp(name, 0), int)


def test_a_stamp_in_the_hosts_zone_is_known_by_when_the_folder_was_changed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TZ", "Europe/Berlin")
    time.tzset()
    try:
        assert stamp("20261124101500", TEN - HOUR + MINUTE) == TEN - HOUR
        assert stamp("20261124101500", TEN + MINUTE) == TEN
        assert stamp("20261124101500", TEN + 50 * HOUR) == TEN
        assert stamp("20261124101500Z", TEN - HOUR + MINUTE) == TEN
    finally:
        monkeypatch.undo()
        time.tzset()


@pytest.mark.parametrize(
    "place",
    ["current", "current/app", "releases/20261124090000", "repo", "shared/log", "shared", "releases", "."],
)
def test_releases_are_found_from_wherever_one_stands(shop: Path, place: str) -> None:
    (shop / "releases/20261124101500/app").mkdir()
    assert [each.folder for each in releases_around(shop / place)] == [shop / "releases"]
    (found,) = releases_around(shop / place)
    assert [link.name for link in found.links] == ["current"]


def test_a_link_that_is_elsewhere_leads_to_the_releases(shop: Path, tmp_path: Path) -> None:
    (tmp_path / "www").symlink_to(shop / "current")
    (found,) = releases_around(tmp_path / "www/log")
    assert found.folder == shop / "releases"
    assert {link.name for link in found.links} == {"www", "current"}


def test_a_folder_of_releases_beside_a_repository_needs_no_link(tmp_path: Path) -> None:
    lay_out(tmp_path / "shop", ["v1", "v2"])
    (tmp_path / "shop/repo").mkdir()
    assert releases_around(tmp_path / "shop/repo") == [Releases(tmp_path / "shop/releases", ())]


@pytest.mark.parametrize("place", ["elsewhere", "project/src/log", "gone/away"])
def test_where_nothing_is_released_nothing_is_found(tmp_path: Path, place: str) -> None:
    (tmp_path / "project/releases/linux").mkdir(parents=True)
    (tmp_path / "project/src/log").mkdir(parents=True)
    (tmp_path / "elsewhere").mkdir()
    assert releases_around(tmp_path / place / "x") == []


def test_links_that_lead_nowhere_are_passed_over(tmp_path: Path) -> None:
    (tmp_path / "loop").symlink_to("loop")
    (tmp_path / "gone").symlink_to("releases/20261124101500")
    (tmp_path / "releases").mkdir()
    (tmp_path / "releases/20261124090000").mkdir()
    assert releases_around(tmp_path / "loop/log") == []
    for name in ("loop", "gone"):
        assert releases_around(tmp_path / name) == [Releases(tmp_path / "releases", ())]


def test_a_release_counts_once_from_when_it_became_current(shop: Path) -> None:
    (found,) = releases_around(shop / "current")
    assert releases_in(found) == [
        Release(from_rfc3339("2026-11-23T08:00:00Z"), "20261123080000", stamped=True),
        Release(from_rfc3339("2026-11-24T09:00:00Z"), "20261124090000", stamped=True),
        Release(TEN + 4 * MINUTE, "20261124101500", stamped=True, current=True),
    ]


def test_going_back_to_an_old_release_is_told_beside_its_making(shop: Path) -> None:
    switch(shop, "20261123080000", TEN // SECOND + 3600)
    (found,) = releases_around(shop / "current")
    told = releases_in(found)
    assert [each.name for each in told] == ["20261123080000", "20261124090000", "20261124101500", "20261123080000"]
    assert (told[-1].at, told[-1].current, told[0].current) == (TEN + HOUR, True, False)


def test_a_name_without_a_time_goes_by_when_the_folder_was_changed(tmp_path: Path) -> None:
    shop = lay_out(tmp_path / "shop", ["v1", "v2", "v3"])
    for name, at in (("v1", 3_000_000), ("v2", 1_000_000), ("v3", 9_000_000)):
        os.utime(shop / "releases" / name, (at, at))
    switch(shop, "v3", 8_000_000)
    (shop / "releases/notes.txt").write_text("no release")
    (shop / "releases/latest").symlink_to("v2")
    (found,) = releases_around(shop / "current")
    assert [(each.name, each.at // SECOND) for each in releases_in(found)] == [
        ("v2", 1_000_000),
        ("v1", 3_000_000),
        ("v3", 8_000_000),
    ]


def test_of_many_releases_the_newest_are_told(tmp_path: Path) -> None:
    shop = lay_out(tmp_path / "shop", [f"20261124{number:02d}0000" for number in range(24)])
    told = releases_in(Releases(shop / "releases", ()), 5)
    assert [each.name for each in told] == [f"20261124{number}0000" for number in range(19, 24)]
    assert releases_in(Releases(shop / "gone", ())) == []
