"""All signatures of the logs: new ones first; one shown alone, or hidden, with the keys."""

from __future__ import annotations

from pathlib import Path

import pytest

from cockpit.clock import to_datetime
from cockpit.logs.query import written
from cockpit.logs.saved_filters import SavedFilters
from cockpit.paths import filters_file
from tests.support.screen import NOW, Cockpit, cockpit_on, matches_snapshot

SIZES = {"wide": (140, 40), "narrow": (80, 24)}


@pytest.fixture
def shop_log(tmp_path: Path) -> Path:
    """Half an hour: a page twice a second, a health check every ten; in the last five minutes errors, and slow ones."""
    path = tmp_path / "shop.log"
    lines = []
    for second in range(1800):
        at = to_datetime(NOW - (1800 - second) * 1_000_000).strftime("%Y-%m-%dT%H:%M:%S.%fZ")
        lines.append(f"{at} INFO page {second} of shop rendered in {second % 40} ms")
        if second % 10 == 0:
            lines.append(f"{at} DEBUG health check {second} passed")
        if second % 100 == 7 or (second > 1500 and second % 4 == 0):
            lines.append(f"{at} WARNING query {second} was slow: {second} ms")
        if second > 1500 and second % 20 == 3:
            lines.append(f"{at} ERROR no price for item {second} of cart {second * 7}")
    path.write_text("\n".join(lines) + "\n")
    return path


async def listed(cockpit: Cockpit) -> str:
    """Open the list and wait until all is read."""
    await cockpit.press("I")
    await cockpit.wait("for example")
    for _ in range(50):
        cockpit.session.signatures.idle(5.0)
        await cockpit.settle()
        if "reading" not in cockpit.text():
            return cockpit.text()
    raise AssertionError(cockpit.text())


@pytest.mark.parametrize("size", SIZES)
async def test_the_list(tmp_path: Path, shop_log: Path, repo: Path, size: str) -> None:
    async with cockpit_on(tmp_path, shop_log, repo=repo, size=SIZES[size]) as cockpit:
        await listed(cockpit)
        assert matches_snapshot(cockpit, f"signatures-{size}")


async def test_new_ones_stand_first_and_rising_ones_next(tmp_path: Path, shop_log: Path) -> None:
    async with cockpit_on(tmp_path, shop_log) as cockpit:
        shown = await listed(cockpit)
        places = [shown.index(text) for text in ("no price for item", "was slow", "health check", "of shop rendered")]
        assert places[0] < places[1] < places[3]
        assert "new   ERROR" in shown
        assert "×" in shown[places[0] : places[1]]
        assert "for example: no price for item 1503 of cart 10521" in shown


async def test_many_records_and_their_rate_stand_apart(tmp_path: Path) -> None:
    log = tmp_path / "busy.log"
    begin = to_datetime(NOW - 60_000_000)
    log.write_text("".join(f"{begin:%Y-%m-%dT%H:%M}:{n // 2500:02}.{n % 1000:03}Z INFO tick\n" for n in range(120_000)))
    async with cockpit_on(tmp_path, log, size=(80, 24)) as cockpit:
        shown = await listed(cockpit)
        (row,) = (line for line in shown.splitlines() if "INFO" in line)
        assert row.strip("│ ┃▌").split()[1:4] == ["120", "000", "150k/min"]


async def test_enter_shows_only_it_in_the_logs(tmp_path: Path, shop_log: Path) -> None:
    async with cockpit_on(tmp_path, shop_log) as cockpit:
        await listed(cockpit)
        await cockpit.press("enter")
        await cockpit.wait("15 of 15 shown")
        assert "no price for item <*>" in cockpit.text()  # the chip
        (condition,) = cockpit.session.desk.shown.wanted.conditions
        assert written(cockpit.session.desk.shown.wanted) == f"signature={condition.value}"
        await cockpit.press("x")
        await cockpit.wait("of 2")
        assert not cockpit.session.desk.shown.wanted.conditions


async def test_x_hides_noise_and_shows_it_again(tmp_path: Path, shop_log: Path) -> None:
    async with cockpit_on(tmp_path, shop_log) as cockpit:
        await listed(cockpit)
        await cockpit.press("G", "x")
        await cockpit.wait("hidden")
        (condition,) = cockpit.session.desk.shown.wanted.conditions
        assert condition.negated
        await cockpit.press("escape")
        with cockpit.session.desk.shown.lock:
            rest = cockpit.session.desk.shown.view.count
        assert rest == 2087 - 180
        await cockpit.press("I")
        await cockpit.wait("hidden")
        await cockpit.press("G", "x")
        assert not cockpit.session.desk.shown.wanted.conditions


async def test_x_shows_one_of_several_that_are_hidden_together(tmp_path: Path, shop_log: Path) -> None:
    async with cockpit_on(tmp_path, shop_log) as cockpit:
        await listed(cockpit)
        first, second = (each.id for each in cockpit.session.signatures.listed.rows[:2])
        await cockpit.press("escape")
        await cockpit.answer("ampersand", f"-signature={first},{second}")
        await cockpit.press("I")
        await cockpit.wait("hidden")
        assert cockpit.text().count(" hidden ") == 2
        await cockpit.press("x")
        assert written(cockpit.session.desk.shown.wanted) == f"-signature={second}"


async def test_it_can_be_said_since_when_one_is_new(tmp_path: Path, shop_log: Path) -> None:
    async with cockpit_on(tmp_path, shop_log) as cockpit:
        await listed(cockpit)
        await cockpit.answer("n", "1m ago")
        cockpit.session.signatures.idle(5.0)
        await cockpit.settle()
        assert "new since 10:41" in cockpit.text()
        assert "new   ERROR" not in cockpit.text()
        await cockpit.answer("n", "gestern")
        await cockpit.wait("gestern")


async def test_what_is_logged_meanwhile_appears(tmp_path: Path, shop_log: Path) -> None:
    async with cockpit_on(tmp_path, shop_log) as cockpit:
        await listed(cockpit)
        at = to_datetime(NOW).strftime("%Y-%m-%dT%H:%M:%S.%fZ")
        with shop_log.open("a") as log:
            log.write(f"{at} CRITICAL the database is gone\n")
        await cockpit.wait("the database is gone")


async def test_a_filter_by_signature_can_be_saved_and_typed(tmp_path: Path, shop_log: Path) -> None:
    async with cockpit_on(tmp_path, shop_log) as cockpit:
        await listed(cockpit)
        await cockpit.press("enter")
        await cockpit.wait("15 of 15 shown")
        await cockpit.press("S")
        await cockpit.type("price")
        await cockpit.press("enter")
        await cockpit.wait("Saved as price")
        expression = SavedFilters(filters_file()).read()["price"]
    (tmp_path / "incidents" / "2026-11-23-checkout-500s").rename(tmp_path / "before")
    async with cockpit_on(tmp_path, shop_log) as cockpit:
        await cockpit.answer("ampersand", expression)
        await cockpit.wait("15 of 15 shown")


async def test_without_logs_it_says_so(tmp_path: Path) -> None:
    async with cockpit_on(tmp_path) as cockpit:
        await cockpit.press("I")
        await cockpit.wait("No records are open yet.")
        await cockpit.press("enter", "x", "l", "escape")


async def test_below_the_list_stands_what_varies_and_since_when_it_comes(tmp_path: Path, app_log: Path) -> None:
    async with cockpit_on(tmp_path, app_log) as cockpit:
        await listed(cockpit)
        await cockpit.press("j")
        await cockpit.wait("<1> 0 – 199, median")
        await cockpit.wait("It comes as it came from the first on")
