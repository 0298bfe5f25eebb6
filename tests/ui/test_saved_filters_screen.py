"""Filters kept by name: saved, taken and removed with the keys."""

from __future__ import annotations

from pathlib import Path

from cockpit.logs.saved_filters import SavedFilters
from cockpit.paths import filters_file
from tests.support.screen import cockpit_on
from tests.support.waiting import until


async def test_a_filter_is_saved_under_a_name_and_taken_again(tmp_path: Path, app_log: Path) -> None:
    async with cockpit_on(tmp_path, app_log) as cockpit:
        await cockpit.press("S")
        await cockpit.wait("No filter is saved yet")
        await cockpit.press("escape")
        await cockpit.press("l", "l", "l", "l")
        await cockpit.answer("ampersand", "items>=1100")
        await cockpit.wait("3 of 3 shown")
        await cockpit.press("S")
        await cockpit.type("many items")
        assert "save what is shown now as many items" in cockpit.text()
        await cockpit.press("enter")
        await cockpit.wait("Saved as many items")
        assert filters_file().read_text().endswith('"many items" = "level>=error items>=1100"\n')
        await cockpit.press("x")
        await cockpit.wait("of 200")
        await cockpit.press("S")
        await cockpit.wait("many items")
        await cockpit.press("enter")
        await cockpit.wait("3 of 3 shown, 200 in all")


async def test_taking_one_replaces_the_filter_in_force(tmp_path: Path, app_log: Path) -> None:
    SavedFilters(filters_file()).save("eleven", '"checkout 11"')
    SavedFilters(filters_file()).save("errors", "level>=error")
    async with cockpit_on(tmp_path, app_log) as cockpit:
        await cockpit.answer("ampersand", "1190")
        await cockpit.wait("1 of 1 shown")
        await cockpit.press("S")
        await cockpit.wait("errors")
        await cockpit.press("down", "enter")
        await cockpit.wait("5 of 5 shown")


async def test_a_typed_name_narrows_and_an_old_one_can_be_saved_over(tmp_path: Path, app_log: Path) -> None:
    for name in ("errors", "errors in cart", "slow"):
        SavedFilters(filters_file()).save(name, "level>=error")
    async with cockpit_on(tmp_path, app_log) as cockpit:
        await cockpit.answer("ampersand", "items>=1100")
        await cockpit.press("S")
        await cockpit.type("errors")
        assert "slow" not in cockpit.text()
        assert "save what is shown now over errors" in cockpit.text()
        await cockpit.press("down", "enter")
        await cockpit.wait("Saved as errors")
        assert SavedFilters(filters_file()).read()["errors"] == "items>=1100"


async def test_del_removes_one_and_says_what_it_was(tmp_path: Path, app_log: Path) -> None:
    filters = SavedFilters(filters_file())
    filters.save("slow", "took>=500")
    filters.save("errors", "level>=error")
    async with cockpit_on(tmp_path, app_log) as cockpit:
        await cockpit.press("S")
        await cockpit.wait("took>=500")
        await cockpit.press("delete")
        await cockpit.wait("Removed slow; it was: took>=500")
        assert until(lambda: list(filters.read()) == ["errors"])


async def test_a_file_that_cannot_be_read_is_told_and_stays(tmp_path: Path, app_log: Path) -> None:
    filters_file().parent.mkdir(parents=True)
    filters_file().write_text("errors = level>=error\n")
    async with cockpit_on(tmp_path, app_log) as cockpit:
        await cockpit.press("l", "S")
        await cockpit.wait("not valid TOML")
        await cockpit.type("new")
        await cockpit.press("enter")
        await cockpit.settle()
        assert filters_file().read_text() == "errors = level>=error\n"


async def test_an_expression_that_cannot_be_read_is_told(tmp_path: Path, app_log: Path) -> None:
    SavedFilters(filters_file()).save("odd", "status>=many")
    async with cockpit_on(tmp_path, app_log) as cockpit:
        await cockpit.press("S")
        await cockpit.wait("status>=many")
        await cockpit.press("enter")
        await cockpit.wait("is no number")
        assert "Saved filters" in cockpit.text()
