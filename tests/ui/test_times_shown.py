"""How the times of records are shown: T goes round, and what passes meanwhile is seen."""

from __future__ import annotations

import re
from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st

from cockpit.clock import DAY, HOUR, MINUTE, SECOND, FrozenClock, to_datetime
from cockpit.config import Config
from cockpit.ui import times
from cockpit.ui.widgets.log_view import LogView
from tests.support.screen import NOW, Cockpit, cockpit_on


def cursor_line(cockpit: Cockpit) -> str:
    return next(line for line in cockpit.text().split("\n") if "▌" in line)


def log_with(folder: Path, *moments: int) -> Path:
    path = folder / "app.log"
    lines = (f"{to_datetime(at):%Y-%m-%dT%H:%M:%S.%f}Z INFO done {nr}" for nr, at in enumerate(moments))
    path.write_text("\n".join(lines) + "\n")
    return path


async def test_the_key_goes_from_local_times_to_utc_from_now_from_the_row_above_and_round(
    tmp_path: Path, app_log: Path
) -> None:
    async with cockpit_on(tmp_path, app_log) as cockpit:
        assert "10:42:16.000 INFO" in cursor_line(cockpit)
        await cockpit.press("T")
        assert "· UTC ·" in cockpit.text()
        assert "10:42:16.000 INFO" in cursor_line(cockpit)
        await cockpit.press("T")
        assert "relative times" in cockpit.text()
        assert "▌      -1.0 s INFO" in cursor_line(cockpit)
        await cockpit.press("T")
        assert "delta times" in cockpit.text()
        assert "▌      +1.000 INFO" in cursor_line(cockpit)
        await cockpit.press("T")
        assert "delta times" not in cockpit.text()
        assert "10:42:16.000 INFO" in cursor_line(cockpit)


async def test_the_key_works_in_the_other_panes_too_and_u_is_free(tmp_path: Path, app_log: Path, repo: Path) -> None:
    async with cockpit_on(tmp_path, app_log, repo=repo) as cockpit:
        await cockpit.press("2", "u")
        assert "UTC" not in cockpit.text()
        await cockpit.press("T")
        assert "UTC" in cockpit.text()


async def test_utc_of_the_settings_is_where_it_begins_and_is_not_told(tmp_path: Path, app_log: Path) -> None:
    async with cockpit_on(tmp_path, app_log, config=Config(utc=True)) as cockpit:
        assert "UTC" not in cockpit.text()
        await cockpit.press("T", "T", "T")
        assert "local times" in cockpit.text()


async def test_times_from_now_grow_older_while_one_looks(tmp_path: Path, app_log: Path) -> None:
    async with cockpit_on(tmp_path, app_log) as cockpit:
        await cockpit.press("T", "T")
        clock = cockpit.session.clock
        assert isinstance(clock, FrozenClock)
        clock.advance(4 * MINUTE + 9 * SECOND)
        await cockpit.wait("▌   -4 m 10 s INFO")


async def test_the_row_above_is_the_one_shown_above_and_a_step_back_says_so(tmp_path: Path) -> None:
    path = log_with(tmp_path, NOW - HOUR, NOW - 30 * SECOND, NOW - 29 * SECOND, NOW - 31 * SECOND)
    async with cockpit_on(tmp_path, path) as cockpit:
        await cockpit.press("T", "T", "T")
        assert re.findall(r"([+-][0-9. mhsd]+) INFO", cockpit.text()) == ["+59 m 30 s", "+1.000", "-2.000"]
        await cockpit.answer("ampersand", "!done 1")
        await cockpit.wait("3 of 3 shown")
        assert re.findall(r"([+-][0-9. mhsd]+) INFO", cockpit.text()) == ["+59 m 31 s", "-2.000"]


async def test_a_long_gap_stands_out(tmp_path: Path) -> None:
    path = log_with(tmp_path, NOW - HOUR, NOW - 30 * SECOND, NOW - 29 * SECOND)
    async with cockpit_on(tmp_path, path) as cockpit:
        await cockpit.press("T", "T", "T")
        view = cockpit.app.screen.query_one(LogView)
        styles = {
            segment.text.strip(): bool(segment.style and segment.style.bold)
            for y in (1, 2)
            for segment in view.render_line(y)
        }
        assert (styles["+59 m 30 s"], styles["+1.000"]) == (True, False)


@given(st.integers(-400 * DAY, 400 * DAY))
def test_a_distance_is_always_as_wide_and_never_reads_sixty(length: int) -> None:
    for text in (times.distance(NOW + length, NOW), times.step(NOW + length, NOW)):
        assert len(text) == times.WIDTH
        assert not re.search(r"\b60\b(?! d)", re.sub(r"\.\d+", "", text))
        assert text.strip()[0] == ("-" if length < 0 else "+")
