"""Marking records in the logs pane, and going from one to the next."""

from __future__ import annotations

from bisect import bisect_right
from pathlib import Path

from cockpit.ui.widgets.log_view import LogView
from tests.support.screen import Cockpit, cockpit_on


def marked(cockpit: Cockpit) -> list[str]:
    """The messages' numbers of the rows that show a mark."""
    return [
        line.split("checkout ")[1].split(" ")[0] for line in cockpit.text().split("\n") if "◆" in line.split(":")[0]
    ]


def cursor_line(cockpit: Cockpit) -> str:
    return next(line for line in cockpit.text().split("\n") if line[1:2] == "▌")


async def test_marks_are_set_gone_to_and_removed(tmp_path: Path, app_log: Path) -> None:
    async with cockpit_on(tmp_path, app_log) as cockpit:
        await cockpit.press("apostrophe")
        await cockpit.wait("Nothing is marked; M marks a record.")
        await cockpit.press("M", "k", "k", "M", "g", "j", "M")
        assert "▌◆" in cursor_line(cockpit)
        await cockpit.press("apostrophe")
        assert "checkout 197 done" in cursor_line(cockpit)
        assert marked(cockpit) == ["197", "199"]
        await cockpit.press("apostrophe")
        assert "checkout 199 done" in cursor_line(cockpit)
        await cockpit.press("apostrophe")
        await cockpit.wait("From the beginning again.")
        assert "checkout 1 done" in cursor_line(cockpit)
        await cockpit.press("quotation_mark")
        await cockpit.wait("From the end again.")
        assert "checkout 199 done" in cursor_line(cockpit)
        await cockpit.press("quotation_mark", "M")
        assert marked(cockpit) == ["199"]


async def test_marks_outlive_filters_and_are_gone_to_only_where_they_are_shown(tmp_path: Path, app_log: Path) -> None:
    async with cockpit_on(tmp_path, app_log) as cockpit:
        await cockpit.press("M")
        await cockpit.press("l", "l", "l", "l")
        await cockpit.wait("5 of 5 shown")
        await cockpit.press("apostrophe")
        await cockpit.wait("No marked record is shown (there is 1).")
        await cockpit.press("M", "x")
        await cockpit.wait("of 200")
        await cockpit.press("g", "apostrophe")
        assert "checkout failed" in cursor_line(cockpit)
        await cockpit.press("apostrophe")
        assert "checkout 199 done" in cursor_line(cockpit)


async def test_all_of_a_selection_is_marked_and_unmarked(tmp_path: Path, app_log: Path) -> None:
    async with cockpit_on(tmp_path, app_log) as cockpit:
        await cockpit.press("k", "M", "j", "v", "k", "k", "M")
        await cockpit.wait("3 records marked.")
        assert marked(cockpit) == ["197", "198", "199"]
        assert "┃◆" in cockpit.text()
        await cockpit.press("M")
        await cockpit.wait("3 marks removed.")
        assert marked(cockpit) == []


async def test_marks_stand_at_the_first_line_of_a_folded_record(tmp_path: Path, app_log: Path) -> None:
    async with cockpit_on(tmp_path, app_log, size=(60, 30)) as cockpit:
        await cockpit.press("w", "M")
        assert len(marked(cockpit)) == 1


def bar(cockpit: Cockpit) -> str:
    """The cells of the logs' scroll bar, from the top."""
    region = cockpit.app.screen.query_one("#log-view").region
    rows = cockpit.text().split("\n")[region.y : region.bottom]
    return "".join(row.ljust(region.right)[region.right - 1] for row in rows)


async def shows(cockpit: Cockpit, signs: str) -> bool:
    """Whether the bar comes to hold just these signs, from the top."""
    for _ in range(200):
        await cockpit.settle()
        if "".join(cell for cell in bar(cockpit) if cell in "◆▐") == signs:
            return True
    return False


async def test_hits_and_marks_are_shown_on_the_scroll_bar(tmp_path: Path, app_log: Path) -> None:
    async with cockpit_on(tmp_path, app_log) as cockpit:
        await cockpit.answer("slash", "checkout 100 ")
        assert await shows(cockpit, "▐")
        assert bar(cockpit).index("▐") == len(bar(cockpit)) // 2
        await cockpit.press("g", "M")
        assert await shows(cockpit, "◆▐")
        await cockpit.press("x")
        assert await shows(cockpit, "◆")
        await cockpit.press("M")
        assert await shows(cockpit, "")


async def test_errors_tint_the_scroll_bar_and_a_click_on_it_still_scrolls(tmp_path: Path, app_log: Path) -> None:
    async with cockpit_on(tmp_path, app_log) as cockpit:
        view = cockpit.app.screen.query_one(LogView)
        red = view.get_component_rich_style("log--bar-error").bgcolor
        for _ in range(200):
            await cockpit.settle()
            strips = view.vertical_scrollbar.render_lines(view.vertical_scrollbar.size.region)
            tinted = [nth for nth, strip in enumerate(strips) if any(s.style and s.style.bgcolor == red for s in strip)]
            if tinted:
                break
        edges = [200 * (cell + 1) // len(strips) for cell in range(len(strips))]
        assert tinted == [bisect_right(edges, row) for row in (30, 70, 110, 150)]  # the fifth is under the thumb
        await cockpit.pilot.click(view.vertical_scrollbar, offset=(0, 1))
        await cockpit.settle()
        assert "PAUSED" in cockpit.text()
