"""`cockpit suspects`, as a person types it."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.cli.conftest import Typed, refusal
from tests.support.service import git, make_repository

TRACE = 'Traceback (most recent call last):\n  File "/srv/app/cart.py", line 5, in total_1\n    return x\nKeyError: x\n'


@pytest.fixture
def shop(tmp_path: Path) -> Path:
    return make_repository(tmp_path / "shop")


def test_it_prints_a_table_with_the_reasons_below(typed: Typed, shop: Path) -> None:
    result = typed("suspects", "--repo", str(shop), "--trace", "-", "--top", "1", given=TRACE)
    assert (result.exit_code, result.stderr) == (0, "")
    first, *reasons = result.stdout.splitlines()
    assert "Ben  Count the carts" in first
    assert git(shop, "rev-parse", "--short", "HEAD~1").strip() in first
    assert any("changes total_1, frame 1 of the trace (cart.py:5)" in line for line in reasons)
    assert all(line.startswith("        ") for line in reasons)


def test_as_json_from_a_file(typed: Typed, shop: Path, tmp_path: Path) -> None:
    file = tmp_path / "trace.txt"
    file.write_text(TRACE)
    result = typed("suspects", "--repo", str(shop), "--trace", str(file), "--onset", "2025-11-24T17:00:00Z", "--json")
    told = json.loads(result.stdout)
    assert told["suspects"][0]["subject"] == "Count the carts"
    assert {"sha", "subject", "author", "at", "score", "reasons"} <= set(told["suspects"][0])
    assert told["notes"] == []


def test_what_is_not_known_is_said_beside(typed: Typed, shop: Path) -> None:
    result = typed("suspects", "--repo", str(shop), "--trace", "-", given="at other.py:3")
    assert result.exit_code == 0
    assert "No frame names a file of the repository: other.py:3." in result.stderr
    assert "Sum the [cart] in one pass" in result.stdout


def test_a_map_is_given_by_its_two_ends(typed: Typed, shop: Path) -> None:
    given = TRACE.replace("/srv/app/cart.py", "/srv/x/kart.py")
    result = typed("suspects", "--repo", str(shop), "--map", "/srv/x/kart.py=cart.py", "--trace", "-", given=given)
    assert "frame 1 of the trace (cart.py:5)" in result.stdout


def test_what_cannot_be_done_is_said_in_a_sentence(typed: Typed, shop: Path, tmp_path: Path) -> None:
    (tmp_path / "bare").mkdir()
    here = ("suspects", "--repo", str(shop))
    assert refusal(typed(*here)).startswith("There is nothing to go by.")
    assert refusal(typed(*here, "--onset", "soon")).startswith("--onset: 'soon' is not a time.")
    assert refusal(typed(*here, "--map", "x", "--onset", "10:00")).startswith("--map: 'x' is no map.")
    assert refusal(typed(*here, "--trace", str(tmp_path / "none"))).endswith("No such file or directory.")
    assert "is in no git repository" in refusal(typed("suspects", "--repo", str(tmp_path / "bare"), "--onset", "10:00"))
