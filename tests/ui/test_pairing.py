"""Two in one incident: going along with a colleague, and pointing at a record."""

from __future__ import annotations

import os
from pathlib import Path

from cockpit.clock import FrozenClock
from cockpit.incident.presence import Person, Place, Presence
from tests.support.screen import NOW, Cockpit, cockpit_on
from tests.ui.test_marking import cursor_line


class Ben:
    """A colleague's cockpit on another host, as far as others see it."""

    def __init__(self, cockpit: Cockpit) -> None:
        folder = cockpit.session.incident.store.folder / "presence"
        self._cockpit = cockpit
        self.presence = Presence(folder, "ben@web-2", FrozenClock(NOW))

    async def is_at(self, record: int, *, pointing: bool = False, end: bool = False) -> None:
        """Stand on the record of this number of the log, or point at it."""
        source = next(iter(self._cockpit.session.desk.sources))
        index = source.files[0].index
        span = index.span(record)
        assert span is not None
        place = Place(source.name, "another host's", span[0], index.key_of(record), f"record {record}", end)
        self.presence.beat("logs", place, place if pointing else None)
        self._cockpit.session.incident.people._look_around()
        await self._cockpit.settle()


def ana_as_others_see_her(cockpit: Cockpit) -> Person:
    folder = cockpit.session.incident.store.folder / "presence"
    cockpit.session.incident.people._aside.idle(5.0)
    (ana,) = Presence(folder, "ben@web-2", FrozenClock(NOW)).others()
    return ana


async def test_one_goes_where_a_colleague_goes_until_one_moves(tmp_path: Path, app_log: Path) -> None:
    async with cockpit_on(tmp_path, app_log) as cockpit:
        await cockpit.press("F")
        await cockpit.wait("Nobody else has this incident open.")
        ben = Ben(cockpit)
        await ben.is_at(50)
        assert "ben (logs 10:39)" in cockpit.text()
        await cockpit.press("F")
        await cockpit.wait("with ben")
        assert "checkout 50 done" in cursor_line(cockpit)
        await ben.is_at(120)
        assert "checkout 120 done" in cursor_line(cockpit)
        await cockpit.press("k")
        await ben.is_at(20)
        assert "checkout 119 done" in cursor_line(cockpit)
        assert "with ben" not in cockpit.text()


async def test_one_follows_the_end_with_a_colleague_who_does(tmp_path: Path, app_log: Path) -> None:
    async with cockpit_on(tmp_path, app_log) as cockpit:
        ben = Ben(cockpit)
        await ben.is_at(50)
        await cockpit.press("F")
        await ben.is_at(199, end=True)
        assert "FOLLOW" in cockpit.text()
        assert "with ben" in cockpit.text()


async def test_a_second_press_follows_nobody_and_one_who_left_is_let_go(tmp_path: Path, app_log: Path) -> None:
    async with cockpit_on(tmp_path, app_log) as cockpit:
        ben = Ben(cockpit)
        await ben.is_at(50)
        await cockpit.press("F")
        await cockpit.press("F")
        await cockpit.wait("Following nobody now.")
        await ben.is_at(60)
        assert "checkout 50 done" in cursor_line(cockpit)
        await cockpit.press("F")
        ben.presence.leave()
        cockpit.session.incident.people._look_around()
        await cockpit.wait("ben has left.")
        await cockpit.wait("PAUSED · 61 of 200")


async def test_what_a_colleague_points_at_lights_up(tmp_path: Path, app_log: Path) -> None:
    async with cockpit_on(tmp_path, app_log) as cockpit:
        ben = Ben(cockpit)
        await ben.is_at(195, pointing=True)
        await cockpit.wait("ben points at app.jsonl: record 195; F follows ben.")
        assert "checkout 195 done" in next(line for line in cockpit.text().split("\n") if "▶ben " in line)
        await ben.is_at(195)
        assert "▶ben " not in cockpit.text()


async def test_others_are_told_where_one_is_and_what_one_points_at(tmp_path: Path, app_log: Path) -> None:
    async with cockpit_on(tmp_path, app_log) as cockpit:
        await cockpit.press("k", "k", "P")
        assert "▶you " in cockpit.text()
        ana = ana_as_others_see_her(cockpit)
        assert (ana.name, ana.pid, ana.pane) == ("ana", os.getpid(), "logs")
        assert ana.place is not None
        assert ana.point is not None
        assert ana.place.byte == ana.point.byte
        assert "checkout 197 done" in ana.point.text
        await cockpit.press("P")
        assert "▶you " not in cockpit.text()
        assert ana_as_others_see_her(cockpit).point is None


async def test_a_place_in_a_log_that_is_not_open_here_is_gone_to_by_its_time(tmp_path: Path, app_log: Path) -> None:
    async with cockpit_on(tmp_path, app_log) as cockpit:
        ben = Ben(cockpit)
        index = cockpit.session.desk.sources.files()[0].index
        ben.presence.beat("logs", Place("other.log", "x", 7, index.key_of(80), "elsewhere"))
        cockpit.session.incident.people._look_around()
        await cockpit.press("F")
        assert "checkout 80 done" in cursor_line(cockpit)
