"""Selecting records in the logs pane, copying and writing them."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from cockpit.ui.panes import log_copies
from tests.support.screen import Cockpit, cockpit_on


@pytest.fixture
def copied(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """What was copied, instead of a terminal's clipboard."""
    found: list[str] = []

    def keep(app: object, text: str) -> str:
        found.append(text)
        return "Copied."

    monkeypatch.setattr(log_copies, "copy", keep)
    return found


def edges(cockpit: Cockpit, edge: str) -> list[str]:
    return [line for line in cockpit.text().split("\n") if edge in line]


def lines_of(path: Path) -> list[str]:
    return path.read_text().splitlines()


def appended(path: Path, message: str) -> None:
    with path.open("a") as file:
        file.write(f'{{"ts":"2026-11-23T10:42:18Z","level":"info","msg":"{message}"}}\n')


async def test_moves_extend_a_selection_and_escape_drops_it(tmp_path: Path, app_log: Path) -> None:
    async with cockpit_on(tmp_path, app_log) as cockpit:
        await cockpit.press("v")
        assert "PAUSED · 1 selected" in cockpit.text()
        await cockpit.press("k", "k")
        assert "3 selected" in cockpit.text()
        assert "checkout 197 done" in edges(cockpit, "▌")[0]
        assert [line.split("checkout ")[1][:3] for line in edges(cockpit, "┃")] == ["198", "199"]
        await cockpit.press("j", "j", "j", "g")
        assert "200 selected" in cockpit.text()
        await cockpit.press("pagedown", "escape")
        assert "selected" not in cockpit.text()
        assert not edges(cockpit, "┃")
        await cockpit.press("v", "j", "v")
        assert "selected" not in cockpit.text()


async def test_lines_that_arrive_do_not_extend_it_and_the_end_is_gone_to_without_following(
    tmp_path: Path, app_log: Path
) -> None:
    async with cockpit_on(tmp_path, app_log) as cockpit:
        await cockpit.press("v", "k")
        appended(app_log, "one more")
        await cockpit.wait("PAUSED +1 new")
        assert "2 selected" in cockpit.text()
        await cockpit.press("G")
        assert "PAUSED" in cockpit.text()
        assert "2 selected" in cockpit.text()
        assert "one more" in edges(cockpit, "▌")[0]
        appended(app_log, "yet another")
        await cockpit.wait("of 202")
        await cockpit.press("f")
        assert "3 selected" in cockpit.text()
        await cockpit.press("escape", "f")
        assert "FOLLOW" in cockpit.text()


async def test_another_filter_leaves_what_it_shows_and_adds_nothing(tmp_path: Path, app_log: Path) -> None:
    async with cockpit_on(tmp_path, app_log) as cockpit:
        await cockpit.answer("ampersand", "checkout 1")
        await cockpit.press("g", "v")
        await cockpit.press(*"jjj")
        await cockpit.wait("4 selected")  # 1, 10, 11, 12
        await cockpit.answer("ampersand", "!checkout 11")
        await cockpit.wait("3 selected")
        await cockpit.press("x")
        await cockpit.wait("4 selected")
        await cockpit.press("l", "l", "l", "l")
        await cockpit.wait("0 selected")
        await cockpit.press("y")
        await cockpit.wait("None of the selected records is shown")


async def test_the_mouse_extends_with_shift(tmp_path: Path, app_log: Path) -> None:
    async with cockpit_on(tmp_path, app_log) as cockpit:
        await cockpit.press("g")
        await cockpit.pilot.click("#log-view", offset=(10, 4), shift=True)
        await cockpit.settle()
        assert "5 selected" in cockpit.text()
        await cockpit.pilot.click("#log-view", offset=(10, 1))
        await cockpit.settle()
        assert "2 selected" in cockpit.text()


async def test_the_selected_text_and_objects_are_copied(tmp_path: Path, app_log: Path, copied: list[str]) -> None:
    async with cockpit_on(tmp_path, app_log) as cockpit:
        written = lines_of(app_log)
        await cockpit.press("v", "k", "k", "y")
        await cockpit.wait("3 records. Copied.")
        assert copied[-1] == "\n".join(written[-3:])
        await cockpit.press("Y")
        found = json.loads(copied[-1])
        assert [each["message"] for each in found] == [f"checkout {n} done" for n in (197, 198, 199)]
        assert [each["line"] for each in found] == [198, 199, 200]
        await cockpit.press("escape", "Y", "y")
        assert json.loads(copied[-2])["message"] == "checkout 197 done"
        assert copied[-1] == written[-3]


async def test_more_than_a_clipboard_takes_is_cut_and_said(tmp_path: Path, copied: list[str]) -> None:
    path = tmp_path / "wide.log"
    path.write_text("".join(f"2026-11-23 10:00:{n % 60:02d} INFO {n:03d} {'x' * 1000}\n" for n in range(300)))
    async with cockpit_on(tmp_path, path) as cockpit:
        await cockpit.press("g", "v", "G", "y")
        await cockpit.wait("Only the first 9")
        assert copied[-1].split("\n") == path.read_text().split("\n")[: len(copied[-1].split("\n"))]
        assert 98_000 < len(copied[-1]) <= 100_000


async def test_only_the_selected_bytes_are_written(tmp_path: Path, app_log: Path) -> None:
    async with cockpit_on(tmp_path, app_log) as cockpit:
        await cockpit.press("g", "v", "j", "j", "W")
        assert "write 3 selected to" in cockpit.text()
        await cockpit.type(str(app_log))
        await cockpit.press("enter")
        await cockpit.wait("File exists")
        cockpit.app.screen.query_one("#prompt-input").value = str(tmp_path / "three.log")  # type: ignore[attr-defined]
        await cockpit.press("enter")
        await cockpit.wait("3 records written")
        assert (tmp_path / "three.log").read_text() == "\n".join(lines_of(app_log)[:3]) + "\n"
