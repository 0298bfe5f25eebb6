"""Suspects in the Commits pane: ranked for the error at the log cursor, opened at the hunk, dropped again."""

from __future__ import annotations

from pathlib import Path

import pytest

from cockpit.clock import to_datetime
from cockpit.config import Config
from tests.support.screen import NOW, cockpit_on
from tests.support.service import git, make_repository

CART = """\
def total(items):
    result = 0
    for item in items:
        result += item
    return result


def count(items):
    return len(items)
"""


@pytest.fixture
def shop(tmp_path: Path) -> Path:
    """Four commits; the third, `Double the price`, wrote the line that fails."""
    folder = tmp_path / "shop"
    folder.mkdir()
    seconds = NOW // 1_000_000
    git(folder, "init", "-q", "-b", "main", at=seconds - 90 * 86_400)
    texts = (
        ("Serve the shop", CART.replace("+= item", "+= 0"), 80 * 86_400),
        ("Greet", CART.replace("+= item", "+= 0") + "\n\ndef greet():\n    return 1\n", 40 * 86_400),
        ("Double the price", CART + "\n\ndef greet():\n    return 1\n", 600),
        ("Greet twice", CART + "\n\ndef greet():\n    return 2\n", 300),
    )
    for subject, text, ago in texts:
        (folder / "cart.py").write_text(text)
        git(folder, "add", ".", at=seconds)
        git(folder, "commit", "-q", "-m", subject, at=seconds - ago, who="ben")
    return folder


@pytest.fixture
def failing_log(tmp_path: Path) -> Path:
    """A hundred records, a second apart; the last ten failed in cart.py."""
    path = tmp_path / "app.log"
    lines = []
    for number in range(100):
        at = to_datetime(NOW - (100 - number) * 1_000_000).strftime("%Y-%m-%d %H:%M:%S")
        if number < 90:
            lines.append(f"{at} INFO checkout {number} done")
        else:
            lines.append(f"{at} ERROR checkout failed\nTraceback (most recent call last):")
            lines.append(
                '  File "/srv/app/releases/42/cart.py", line 4, in total\n    result += item\nTypeError: no sum'
            )
    path.write_text("\n".join(lines) + "\n")
    return path


async def test_the_error_at_the_cursor_has_its_suspects(tmp_path: Path, shop: Path, failing_log: Path) -> None:
    async with cockpit_on(tmp_path, failing_log, repo=shop) as cockpit:
        await cockpit.press("g", "e", "R")
        await cockpit.wait("2 Suspects")
        await cockpit.wait("TypeError: no sum")
        lines = [line for line in cockpit.text().split("\n") if "Double the price" in line or "Greet" in line]
        assert "Double the price" in lines[0]
        assert "█" in lines[0]
        await cockpit.press("2")
        await cockpit.wait("changes the very line of frame 1")


async def test_enter_opens_the_diff_at_the_hunk_of_the_frame(tmp_path: Path, shop: Path, failing_log: Path) -> None:
    async with cockpit_on(tmp_path, failing_log, repo=shop) as cockpit:
        await cockpit.press("g", "e", "R")
        await cockpit.wait("2 Suspects · 10:")
        await cockpit.press("2", "enter")
        await cockpit.wait("Suspected, with a score of")
        await cockpit.wait("+         result += item")
        assert "frame 1 of the trace (cart.py:4)" in cockpit.text()
        await cockpit.press("escape")
        await cockpit.wait("2 Suspects")


async def test_all_commits_come_back(tmp_path: Path, shop: Path, failing_log: Path) -> None:
    async with cockpit_on(tmp_path, failing_log, repo=shop) as cockpit:
        await cockpit.press("g", "e", "R")
        await cockpit.wait("2 Suspects · 10:")
        await cockpit.press("2", "x")
        await cockpit.wait("2 Commits · main")
        assert "Suspects" not in cockpit.text()


async def test_the_error_of_a_service_in_a_second_repository_is_followed_there(
    tmp_path: Path, shop: Path, failing_log: Path
) -> None:
    (shop / "lib").mkdir()
    git(shop, "mv", "cart.py", "lib/sums.py")
    git(shop, "commit", "-q", "-m", "Move the sums", at=NOW // 1_000_000 - 200)
    root, pay = "/srv/app/releases/42/cart.py", make_repository(tmp_path / "pay")
    config = Config(repos=(str(shop), str(tmp_path / "gone")), path_map={root: "lib/sums.py"})
    async with cockpit_on(tmp_path, failing_log, repo=pay, config=config) as cockpit:
        await cockpit.wait("in no git repository.")
        await cockpit.press("g", "e", "R")
        await cockpit.wait("2 Suspects · 10:")
        await cockpit.wait("shop Double the")
        assert "pay Sum the" in cockpit.text()
        await cockpit.press("2", "enter")
        await cockpit.wait("Suspected, with a score of")
        await cockpit.wait("+         result += item")
        await cockpit.press("escape", "1", "enter")
        await cockpit.wait("TypeError: no sum")
        await cockpit.press("o")
        await cockpit.wait("frame 1: shop: lib/sums.py:4 in total")
        await cockpit.wait("last commits on lib/sums.py")


async def test_without_a_repository_it_says_so(tmp_path: Path, failing_log: Path) -> None:
    async with cockpit_on(tmp_path, failing_log) as cockpit:
        await cockpit.press("g", "e", "R")
        await cockpit.wait("is in no git repository")
        assert "Suspects" not in cockpit.text()


async def test_a_record_without_a_trace_is_ranked_by_what_there_is(
    tmp_path: Path, shop: Path, failing_log: Path
) -> None:
    async with cockpit_on(tmp_path, failing_log, repo=shop) as cockpit:
        await cockpit.press("g", "R")
        await cockpit.wait("2 Suspects")
        await cockpit.wait("names no file with a line")


async def test_a_record_leads_to_the_code_of_its_trace(tmp_path: Path, shop: Path, failing_log: Path) -> None:
    async with cockpit_on(tmp_path, failing_log, repo=shop) as cockpit:
        await cockpit.press("g", "e", "enter", "o")
        await cockpit.wait("frame 1: cart.py:4 in total")
        shown = cockpit.text()
        line = next(line for line in shown.split("\n") if "▶" in line)
        assert "result += item" in line
        assert "ben" in line
        assert "last commits on cart.py" in shown
        assert shown.index("Greet twice") < shown.index("Serve the shop")
        await cockpit.press("escape")
        await cockpit.wait("as it stands in the file")


async def test_a_record_without_a_trace_has_no_code(tmp_path: Path, shop: Path, failing_log: Path) -> None:
    async with cockpit_on(tmp_path, failing_log, repo=shop) as cockpit:
        await cockpit.press("g", "enter", "o")
        assert "Code of the stack trace" not in cockpit.text()
