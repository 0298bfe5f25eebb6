"""D: what tells the records that are shown from the others, on the screen, by keys."""

from __future__ import annotations

from pathlib import Path

import pytest

from cockpit.logs.query import written
from tests.support.screen import cockpit_on, matches_snapshot
from tests.test_comparing import log, order

SIZES = {"wide": (110, 32), "narrow": (80, 24)}


@pytest.fixture
def orders(tmp_path: Path) -> Path:
    path = tmp_path / "orders.log"
    log(path, 1_000, order).close()
    return path


@pytest.mark.parametrize("size", SIZES)
async def test_what_is_shown_is_compared_with_the_rest(tmp_path: Path, orders: Path, size: str) -> None:
    async with cockpit_on(tmp_path, orders, size=SIZES[size]) as cockpit:
        await cockpit.press("&", *"status=500", "enter", "D")
        await cockpit.wait("items > ")
        assert "status = 500" in cockpit.text()
        assert matches_snapshot(cockpit, f"compare-{size}")


async def test_enter_narrows_the_logs_to_what_tells_them_apart(tmp_path: Path, orders: Path) -> None:
    async with cockpit_on(tmp_path, orders) as cockpit:
        await cockpit.press("&", *"status=500", "enter", "D")
        await cockpit.wait("items > ")
        await cockpit.press("enter")
        await cockpit.wait("1 Logs")
        assert written(cockpit.session.desk.shown.wanted).startswith("status=500 items>")


async def test_without_a_filter_after_the_cursor_is_compared_with_before(tmp_path: Path, orders: Path) -> None:
    async with cockpit_on(tmp_path, orders) as cockpit:
        await cockpit.press("@", *"500", "enter", "D")
        await cockpit.wait("from 2026-11-23 10:12:")
        await cockpit.wait("Nothing tells them apart")
        await cockpit.press("b")
        await cockpit.wait("No filter is in force")


async def test_b_goes_from_the_filter_to_the_time_and_back(tmp_path: Path, orders: Path) -> None:
    async with cockpit_on(tmp_path, orders) as cockpit:
        await cockpit.press("&", *"items>500", "enter", "@", *"500", "enter", "D")
        await cockpit.wait("the rest")
        await cockpit.press("b")
        await cockpit.wait("before 2026-11-23")
        await cockpit.press("b")
        await cockpit.wait("the rest")


async def test_what_only_messages_say_is_no_filter(tmp_path: Path) -> None:
    path = tmp_path / "words.log"
    lines = [
        f"2026-11-23 10:00:{number % 60:02} {('bad', 'good')[number % 2]} cart of {number % 2 + 3} items"
        for number in range(200)
    ]
    path.write_text("\n".join(lines) + "\n")
    async with cockpit_on(tmp_path, path) as cockpit:
        await cockpit.press("&", *"bad", "enter", "D")
        await cockpit.wait("items = 3")
        await cockpit.press("enter")
        await cockpit.wait("is only said in messages")


async def test_y_copies_it_as_text(tmp_path: Path, orders: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("TMUX", raising=False)
    async with cockpit_on(tmp_path, orders) as cockpit:
        await cockpit.press("&", *"status=500", "enter", "D")
        await cockpit.wait("items > ")
        await cockpit.press("y")
        await cockpit.wait("Copied")
        assert "100 % of these, 0 % of the others" in cockpit.app.clipboard


async def test_what_goes_wrong_is_told_and_the_cockpit_goes_on(
    tmp_path: Path, orders: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def clumsy(*_: object) -> None:
        raise ValueError("no such thing")

    monkeypatch.setattr("cockpit.ui.screens.compare.against_rest", clumsy)
    async with cockpit_on(tmp_path, orders) as cockpit:
        await cockpit.press("&", *"status=500", "enter", "D")
        await cockpit.wait("That went wrong: no such thing.")
        await cockpit.press("escape")
        await cockpit.wait("1 Logs")
