"""Fields as columns, hidden, or as laid out: chosen from what the records around the cursor have."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cockpit.clock import to_rfc3339
from cockpit.config import Config, Fields
from cockpit.ui.widgets.columns import Choice
from tests.support.screen import NOW, cockpit_on


@pytest.fixture
def shop_log(tmp_path: Path) -> Path:
    """Thirty records with user, pid, and every third a path; users of one to three digits."""
    path = tmp_path / "shop.jsonl"
    lines = []
    for number in range(30):
        at = to_rfc3339(NOW - (30 - number) * 1_000_000)
        fields = {"ts": at, "level": "info", "msg": f"served {number}", "user_id": number * number, "pid": 4711}
        lines.append(json.dumps(fields | ({"path": f"/cart/{number}"} if number % 3 == 0 else {})))
    path.write_text("\n".join(lines) + "\n")
    return path


async def test_a_field_becomes_a_column_then_is_hidden_then_is_as_it_was(tmp_path: Path, shop_log: Path) -> None:
    async with cockpit_on(tmp_path, shop_log, size=(240, 40)) as cockpit:
        assert "INFO  served 29  user_id=841  pid=4711" in cockpit.text()
        await cockpit.press("K")
        await cockpit.wait("in 30 records")
        assert re.search(r" path +10×  /cart/27 ", cockpit.text())
        await cockpit.type("user")
        await cockpit.press("space")
        assert "column 1" in cockpit.text()
        await cockpit.press("escape")
        assert "INFO  user_id=841  served 29  pid=4711" in cockpit.text()
        assert "INFO  user_id=4    served 2  pid=4711" in cockpit.text()
        await cockpit.press("K")
        await cockpit.wait("in 30 records")
        await cockpit.type("user")
        await cockpit.press("space")
        assert "hidden" in cockpit.text()
        await cockpit.press("escape")
        assert "INFO  served 29  pid=4711" in cockpit.text()
        await cockpit.press("r")
        assert '"user_id": 841' in cockpit.text()
        await cockpit.press("r", "K")
        await cockpit.wait("in 30 records")
        await cockpit.type("user")
        await cockpit.press("space", "escape")
        assert "INFO  served 29  user_id=841  pid=4711" in cockpit.text()


async def test_columns_stand_in_the_order_chosen_and_blank_where_a_record_lacks_one(
    tmp_path: Path, shop_log: Path
) -> None:
    async with cockpit_on(tmp_path, shop_log, size=(160, 40)) as cockpit:
        await cockpit.press("K")
        await cockpit.wait("in 30 records")
        await cockpit.type("path")
        await cockpit.press("space", *["backspace"] * 4)
        await cockpit.type("user")
        await cockpit.press("space", "escape")
        assert "INFO  path=/cart/27  user_id=729  served 27  pid=4711" in cockpit.text()
        assert "INFO                 user_id=784  served 28  pid=4711" in cockpit.text()


async def test_the_settings_choose_for_the_start(tmp_path: Path, shop_log: Path) -> None:
    config = Config(fields=Fields(show=("user_id",), hide=("pid",)))
    async with cockpit_on(tmp_path, shop_log, config=config, size=(160, 40)) as cockpit:
        assert "INFO  user_id=729  served 27  path=/cart/27" in cockpit.text()
        assert "pid" not in cockpit.text()
        await cockpit.press("K")
        await cockpit.wait("hidden")


async def test_a_choice_is_that_of_its_format_alone(tmp_path: Path, shop_log: Path) -> None:
    other = tmp_path / "other.log"
    at = to_rfc3339(NOW)
    other.write_text(f"time={at} level=info msg=polled user_id=7\ntime={at} level=info msg=polled user_id=8\n")
    async with cockpit_on(tmp_path, shop_log, other, size=(160, 40)) as cockpit:
        await cockpit.press("K")
        await cockpit.wait("logfmt · in 2 records")
        await cockpit.press("space", "escape")
        assert "user_id=8  polled" in cockpit.text()
        assert "served 29  user_id=841" in cockpit.text()


async def test_what_the_message_tells_can_be_a_column_too(tmp_path: Path, access_log: Path) -> None:
    async with cockpit_on(tmp_path, access_log, size=(160, 40)) as cockpit:
        await cockpit.press("K")
        await cockpit.wait("in 100 records")
        await cockpit.type("method")
        assert "told" in cockpit.text()
        await cockpit.press("space", "escape")
        assert "method=POST  200 POST /checkout" in cockpit.text()


NAMES = st.sampled_from(["a", "b", "c"])


@given(st.lists(st.tuples(NAMES, st.booleans())))
def test_a_field_is_never_both_and_three_turns_bring_it_back(turns: list[tuple[str, bool]]) -> None:
    choice = Choice()
    for name, hideable in turns:
        choice = choice.turned(name, hideable=hideable)
        assert not set(choice.show) & choice.hide
        assert len(set(choice.show)) == len(choice.show)
    for name in "abc":
        again = choice
        for _ in range(3):
            again = again.turned(name, hideable=True)
        assert again.hide == choice.hide
        assert set(again.show) == set(choice.show)
