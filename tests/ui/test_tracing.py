"""The path of a trace on its screen: from a record to its request, along it, beside a good one, and back."""

from __future__ import annotations

from pathlib import Path

from cockpit.ui.screens.trace import TraceScreen
from tests.support.screen import Cockpit, cockpit_on, matches_snapshot
from tests.test_trace import shop


def cursor_line(cockpit: Cockpit) -> str:
    return next(line for line in cockpit.text().split("\n") if "▌" in line[:3])


async def traced(cockpit: Cockpit) -> None:
    """The trace of the record at the cursor, with what is usual."""
    await cockpit.press("t")
    await cockpit.wait("other traces.")


async def to_slow_one(cockpit: Cockpit) -> None:
    await cockpit.answer("slash", "item 41")
    await cockpit.wait("no price for item 41")


async def test_a_key_shows_the_request_of_an_error_through_all_sources(tmp_path: Path, repo: Path) -> None:
    async with cockpit_on(tmp_path, *shop(tmp_path), repo=repo, size=(120, 32)) as cockpit:
        await to_slow_one(cockpit)
        await traced(cockpit)
        shown = cockpit.text()
        assert "Trace req-00000029 · 3 records of app.log and pay.log · 730 ms" in shown
        assert "+720 ms▲" in shown
        assert "No record after step 3 (app.log)" in shown
        await cockpit.press("k")
        await cockpit.wait("took 15 ms (duration_ms) · ▲ unusual: else 20 ms, p95 20 ms after the step above")
        assert matches_snapshot(cockpit, "trace")


async def test_a_good_one_stands_beside_it_and_below_it_where_the_screen_is_narrow(tmp_path: Path, repo: Path) -> None:
    for size, name in (((160, 30), "trace-beside"), ((120, 30), "trace-beside-120"), ((80, 24), "trace-below")):
        folder = tmp_path / name
        folder.mkdir()
        async with cockpit_on(folder, *shop(folder), repo=repo, size=size) as cockpit:
            await to_slow_one(cockpit)
            await traced(cockpit)
            await cockpit.press("b")
            assert "good one to compare" in cockpit.text()
            assert "order placed" in cockpit.text()
            assert cockpit.text().count("━") >= 2 or size[0] == 120, "a bar of each where there is room"
            assert matches_snapshot(cockpit, name)
            await cockpit.press("b")
            assert "good one to compare" not in cockpit.text()


async def test_the_next_failing_one_is_a_key_away_and_enter_leads_to_its_record(tmp_path: Path) -> None:
    async with cockpit_on(tmp_path, *shop(tmp_path), size=(120, 32)) as cockpit:
        await to_slow_one(cockpit)
        await traced(cockpit)
        await cockpit.press("n")
        await cockpit.wait("req-00000033")
        await cockpit.wait("other traces.")
        await cockpit.press("enter")
        await cockpit.settle()
        assert "no price for item 51" in cursor_line(cockpit)


async def test_what_a_terminal_would_obey_in_an_id_is_only_shown(tmp_path: Path, app_log: Path) -> None:
    async with cockpit_on(tmp_path, app_log) as cockpit:
        row = cockpit.session.desk.shown.view.row(0)
        assert row is not None
        cockpit.app.push_screen(TraceScreen(cockpit.session, "r\x1b]0;owned\x07", row, utc=True))
        await cockpit.wait("No record with r␛]0;owned␇ is left")


async def test_escape_goes_back_and_a_hidden_record_is_shown_again(tmp_path: Path) -> None:
    async with cockpit_on(tmp_path, *shop(tmp_path), size=(120, 32)) as cockpit:
        await cockpit.answer("ampersand", "level>=error")
        await cockpit.wait("10 of 10 shown")
        await traced(cockpit)
        await cockpit.press("escape")
        assert "10 of 10 shown" in cockpit.text()
        await traced(cockpit)
        await cockpit.press("g", "enter")
        await cockpit.wait("all is shown again")
        assert "checkout begun" in cursor_line(cockpit)


async def test_a_record_without_a_trace_id_says_what_was_looked_for(tmp_path: Path, app_log: Path) -> None:
    async with cockpit_on(tmp_path, app_log, size=(120, 32)) as cockpit:
        await cockpit.press("t")
        await cockpit.wait("names no trace id. Looked for")


async def test_a_trace_that_has_no_error_has_no_next_one(tmp_path: Path) -> None:
    async with cockpit_on(tmp_path, *shop(tmp_path), size=(120, 32)) as cockpit:
        await traced(cockpit)
        await cockpit.press("n")
        await cockpit.wait("No record of this trace is an error")


async def test_leaving_gives_up_what_is_being_read_and_looking_again_finds_what_came_since(tmp_path: Path) -> None:
    app, pay = shop(tmp_path)
    async with cockpit_on(tmp_path, app, pay, size=(120, 32)) as cockpit:
        await cockpit.press("t")
        screen = cockpit.app.screen
        await cockpit.press("escape")
        assert screen._stop.is_set()  # type: ignore[attr-defined]
        await traced(cockpit)
        with pay.open("a") as file:
            file.write("2026-11-23T09:43:57.000000Z INFO receipt sent request_id=req-00000063\n")
        await cockpit.wait("No record after step 3")
        for _ in range(100):
            await cockpit.press("r")
            if "4 records" in cockpit.text():
                break
        await cockpit.wait("receipt sent")


async def test_a_failing_source_of_skewed_time_is_hinted_at(tmp_path: Path) -> None:
    app, pay = tmp_path / "app.log", tmp_path / "pay.log"
    app.write_text(
        "2026-11-23T10:00:00.001Z INFO checkout begun request_id=req-12345678 span_id=s1\n"
        "2026-11-23T10:00:00.501Z INFO checkout done request_id=req-12345678 span_id=s1\n"
    )
    pay.write_text("2026-11-23T09:59:58.101Z INFO charge begun request_id=req-12345678 span_id=s2 parent_id=s1\n")
    async with cockpit_on(tmp_path, app, pay, size=(120, 32)) as cockpit:
        await cockpit.press("t")
        await cockpit.wait("−1.90 s")
        await cockpit.wait("pay.log is at least 1.90 s behind app.log, by their clocks")
