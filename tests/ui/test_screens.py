"""What the screens look like: each held against a kept text of it, wide and narrow."""

from __future__ import annotations

from pathlib import Path

import pytest

from cockpit.config import Config
from tests.support.screen import cockpit_on, matches_snapshot

SIZES = {"wide": (140, 40), "narrow": (80, 24)}


@pytest.mark.parametrize("size", SIZES)
async def test_the_cockpit(tmp_path: Path, app_log: Path, access_log: Path, repo: Path, size: str) -> None:
    async with cockpit_on(tmp_path, app_log, access_log, repo=repo, size=SIZES[size]) as cockpit:
        await cockpit.answer("h", "users with large carts")
        await cockpit.answer("a", "only some users")
        if size == "wide":
            await cockpit.wait("ana: only some users")
        await cockpit.wait("keep an error")
        await cockpit.press("E")
        assert matches_snapshot(cockpit, f"cockpit-{size}")


@pytest.mark.parametrize("size", SIZES)
async def test_a_record(tmp_path: Path, app_log: Path, size: str) -> None:
    async with cockpit_on(tmp_path, app_log, size=SIZES[size]) as cockpit:
        await cockpit.press("E", "enter")
        shown = cockpit.text()
        assert "TypeError: no sum" in shown
        assert "checkout failed" in shown


@pytest.mark.parametrize("size", SIZES)
async def test_a_diff(tmp_path: Path, app_log: Path, repo: Path, size: str) -> None:
    async with cockpit_on(tmp_path, app_log, repo=repo, size=SIZES[size]) as cockpit:
        await cockpit.press("2", "enter")
        await cockpit.wait("def total_2")
        assert matches_snapshot(cockpit, f"diff-{size}")


@pytest.mark.parametrize("size", SIZES)
async def test_the_help(tmp_path: Path, app_log: Path, repo: Path, size: str) -> None:
    async with cockpit_on(tmp_path, app_log, repo=repo, size=SIZES[size]) as cockpit:
        await cockpit.press("question_mark")
        assert matches_snapshot(cockpit, f"help-{size}")


async def test_an_empty_cockpit_says_what_to_do(tmp_path: Path) -> None:
    async with cockpit_on(tmp_path) as cockpit:
        shown = cockpit.text()
        assert "No log is open" in shown
        assert "What might it be?" in shown


@pytest.mark.parametrize("size", [(20, 5), (1, 1), (40, 10), (250, 70)])
async def test_any_size_will_do(tmp_path: Path, app_log: Path, repo: Path, size: tuple[int, int]) -> None:
    async with cockpit_on(tmp_path, app_log, repo=repo, size=size) as cockpit:
        for keys in (
            ("E",),
            ("enter",),
            ("q",),
            ("2",),
            ("3",),
            ("4",),
            ("escape",),
            ("z",),
            ("question_mark",),
            ("q",),
        ):
            await cockpit.press(*keys)
        await cockpit.pilot.resize_terminal(120, 40)
        await cockpit.settle()
        await cockpit.press("z")
        assert "2 Commits" in cockpit.text()


@pytest.mark.parametrize("theme", ["cockpit-dark", "cockpit-light", "cockpit-ansi"])
async def test_the_cockpit_opens_in_each_theme_it_brings(theme: str, tmp_path: Path) -> None:
    log = tmp_path / "app.log"
    log.write_text("2026-11-23 10:00:00,000 ERROR shop cart failed\n")
    async with cockpit_on(tmp_path, log, config=Config(theme=theme)) as cockpit:
        assert cockpit.session.problems == []
        assert cockpit.app.theme == theme
        assert "cart failed" in cockpit.text()
