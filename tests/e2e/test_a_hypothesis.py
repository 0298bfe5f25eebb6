"""The article's own example in a real terminal, by keys alone: predict, try, observe, refine, confirm."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from tests.e2e.conftest import COCKPIT
from tests.e2e.test_an_incident import says, shell, shown
from tests.support.terminal import Terminal, needs_tmux
from tests.support.waiting import until

pytestmark = [pytest.mark.tmux, needs_tmux]

SHOP = """
if [ "$1" -gt 1000 ] && [ "$2" = same ]; then echo "HTTP 500 on $1 items"; exit 22; fi
echo "HTTP 200 on $1 items"
"""
LOG = "".join(
    f'{{"ts":"2026-11-23T10:02:{second:02d}Z","level":"{level}","msg":"{text}","request_id":"r-{second:04d}a7c1","items":{items}}}\n'
    for second, level, text, items in [
        (1, "info", "checkout done", 12),
        (2, "error", "checkout failed: HTTP 500", 1204),
        (3, "info", "checkout done", 7),
    ]
)


@pytest.mark.parametrize("size", [(80, 24), (200, 50)])
def test_from_a_guess_to_the_cause(
    terminal_of: Callable[[int, int], Terminal], environment: dict[str, str], tmp_path: Path, size: tuple[int, int]
) -> None:
    log = tmp_path / "app.log"
    log.write_text(LOG)
    (tmp_path / "shop.sh").write_text(SHOP)
    terminal = terminal_of(*size)
    terminal.run(f"{COCKPIT} {log} --incident large-carts", folder=tmp_path)
    terminal.expect("FOLLOW")
    terminal.press("E")
    terminal.expect("PAUSED")
    terminal.press("c")
    terminal.expect("E1 kept")

    says(terminal, "h", "fails when a user has > 1000 items")
    terminal.press("3")
    terminal.expect("H1 +50% fails when a user has")
    says(terminal, "P", "a test user with 1001 items fails")
    says(terminal, "x", "$ sh shop.sh 1001 mixed")
    terminal.expect(r"observed +exit 0 after .* HTTP 200 on 1001 items")
    terminal.press("Enter")
    assert until(lambda: "esc cancel" not in terminal.screen())
    terminal.press("r")
    terminal.expect(r"H1 is refuted by +exit 0 after")
    terminal.press("Enter")
    terminal.expect("refine H1")
    terminal.type(" of one kind")
    terminal.press("Enter")
    terminal.expect(r"H2 +50% fails when")
    terminal.press("x")
    terminal.expect("experiment for H2")
    terminal.type("$ sh shop.sh 1001 same")
    terminal.press("Enter")
    terminal.expect("if H2 is true, then")
    terminal.type("1001 items of one kind fail")
    terminal.press("Enter")
    terminal.expect(r"observed +exit 22 after .* HTTP 500 on 1001 items")
    terminal.press("Enter")
    assert until(lambda: "esc cancel" not in terminal.screen())
    says(terminal, "l", "E3 for 3")
    assert until(lambda: "esc cancel" not in terminal.screen())
    terminal.press("c")
    terminal.expect(r"H2 is confirmed by +exit 22")
    terminal.press("Enter")
    terminal.expect("✓")
    terminal.press("C-q")
    assert terminal.ended()

    state = shown(environment)
    by_text = {each["text"]: each for each in state["hypotheses"]}  # type: ignore[attr-defined]
    first = by_text["fails when a user has > 1000 items"]
    second = by_text["fails when a user has > 1000 items of one kind"]
    assert (first["status"], second["status"]) == ("refuted", "confirmed")
    assert second["parent"] == first["id"]
    assert [each["prediction"] for each in (first, second)] == [
        "a test user with 1001 items fails",
        "1001 items of one kind fail",
    ]
    kept = {each["id"]: each for each in state["evidence"]}  # type: ignore[attr-defined]
    for each, code, shop in ((first, 0, "mixed"), (second, 22, "same")):
        (test,) = each["experiments"]
        assert test["text"] == f"$ sh shop.sh 1001 {shop}"
        assert test["ran"]
        assert test["observation"].startswith(f"exit {code} after ")
        assert kept[test["evidence"]]["kind"] == "command"
    (link,) = second["evidence"]
    assert (link["relation"], link["weight"]) == ("for", 3)
    assert link["id"] == second["experiments"][0]["evidence"]
    assert second["likelihood"] > 50
    record = next(each for each in kept.values() if each["kind"] == "record")
    assert record["trace_id"] == "r-0002a7c1"
    assert len(record["sha256"]) == 64
    assert record["window"] is not None
    assert shell(environment, "evidence", "verify").returncode == 0
