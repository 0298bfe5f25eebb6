"""The path of an incident, in a real terminal: keys in, screen out, and everything there again afterwards."""

from __future__ import annotations

import json
import os
import re
import signal
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.e2e.conftest import COCKPIT
from tests.support.service import growing_log, make_repository
from tests.support.terminal import Terminal, needs_tmux
from tests.support.waiting import until

pytestmark = [pytest.mark.tmux, needs_tmux]


def shell(environment: dict[str, str], *words: str, said: str = "") -> subprocess.CompletedProcess[str]:
    """Run cockpit in another shell."""
    command = [sys.executable, "-m", "cockpit", *words]
    return subprocess.run(
        command, env={**os.environ, **environment}, input=said, capture_output=True, text=True, check=False, timeout=30
    )


def shown(environment: dict[str, str], *words: str) -> dict[str, object]:
    done = shell(environment, "show", "--json", *words)
    assert done.returncode == 0, done.stderr
    value = json.loads(done.stdout)
    assert isinstance(value, dict)
    return value


def says(terminal: Terminal, key: str, text: str) -> None:
    """Press a key that asks, and answer."""
    terminal.press(key)
    terminal.expect("esc cancel")
    terminal.type(text)
    terminal.expect(re.escape(text[:20]))
    terminal.press("Enter")
    assert until(lambda: "esc cancel" not in terminal.screen())


@pytest.mark.parametrize(("width", "height"), [(200, 50), (80, 24)])
def test_an_incident_from_its_opening_to_its_reopening(
    terminal_of: Callable[[int, int], Terminal], environment: dict[str, str], tmp_path: Path, width: int, height: int
) -> None:
    repo = make_repository(tmp_path / "repo")
    log = tmp_path / "app.log"
    terminal = terminal_of(width, height)
    command = f"{COCKPIT} {log} --repo {repo} --incident checkout-500s"
    with growing_log(log):
        terminal.run(command)
        terminal.expect(r"Request 3\d\d\d handled")
        terminal.expect("FOLLOW")
        before = terminal.screen()
        assert until(lambda: terminal.screen() != before)

        terminal.press("/")
        terminal.type("request 2500")
        terminal.expect(r"▌.*Request 2500 ")
        terminal.press("Enter")
        terminal.expect("PAUSED")
        terminal.press("e")
        terminal.expect(r"▌.*ERROR .*Request 2995")
        terminal.press("Enter")
        terminal.expect(r"TypeError: None")
        terminal.expect(r"format +text with times")
        terminal.press("q")
        terminal.press("G")
        terminal.expect("FOLLOW")

        terminal.press("2")
        terminal.expect(r"Sum the \[cart\] in one pass")
        terminal.press("Enter")
        terminal.expect(r"Because number 2")
        terminal.expect(r"\+ def total_2")
        terminal.press("q")

        for text in ("the pool is exhausted", "carts > 1000 items", "deploy broke [sum]"):
            says(terminal, "h", text)
        terminal.press("3")
        terminal.expect(r"50% the pool is exhausted")
        terminal.press("j")
        for _ in range(4):
            terminal.press("+")
        terminal.expect(r"70% carts > 1000 items")
        terminal.press("t")
        terminal.expect(r"carts > 1000 items.*testing")
        says(terminal, "a", "only large carts fail?")
        terminal.press("4")
        terminal.type("\n# What we know\n")
        terminal.expect("What we know")
        assert until(lambda: "What we know" in json.dumps(shown(environment)))
        terminal.press("Escape")
        terminal.expect("FOLLOW")
        terminal.press("C-q")
        assert terminal.ended()
        assert terminal.status() == 0

        terminal.run(command, window="again")
        terminal.expect(r"Request 3\d\d\d handled", "again")
        terminal.press("3", window="again")
        terminal.expect(r"◐ +H2 +70% carts > 1000 items", "again")
        terminal.expect(r"○ +H1 +50% the pool is exhausted", "again")
        terminal.expect(r"deploy broke \[sum\]", "again")
        terminal.press("4", window="again")
        terminal.expect("only large carts fail", "again")
        terminal.expect("# What we know", "again")
    state = shown(environment)
    hypotheses = state["hypotheses"]
    assert isinstance(hypotheses, list)
    assert hypotheses[0]["text"] == "carts > 1000 items"
    assert len(list(environment and (tmp_path / "data/cockpit/incidents").glob("*-checkout-500s"))) == 1


def test_two_cockpits_and_a_shell_see_each_other(
    terminal_of: Callable[[int, int], Terminal], environment: dict[str, str], tmp_path: Path
) -> None:
    log = tmp_path / "app.log"
    terminal = terminal_of(160, 40)
    with growing_log(log):
        terminal.run(f"{COCKPIT} {log} --incident shared")
        terminal.expect("FOLLOW")
        terminal.run(f"env COCKPIT_USER=ben {COCKPIT} {log} --incident shared", window="ben")
        terminal.expect("FOLLOW", "ben")
        terminal.expect(r"\+ ben \(logs\)")
        terminal.expect(r"\+ ana \(logs\)", "ben")
        says(terminal, "h", "the cache is cold")
        terminal.expect("50% the cache is cold", "ben", seconds=1.0)
        terminal.press("a", window="ben")
        terminal.expect("note", "ben")
        terminal.type("warm it", window="ben")
        terminal.press("Enter", window="ben")
        terminal.expect("ben: warm it", seconds=1.0)
        assert shell(environment, "note", "from a third [shell]").returncode == 0
        for window in ("main", "ben"):
            terminal.expect(r"ana: from a third \[shell\]", window, seconds=1.0)
        assert shell(environment, "hypothesis", "a shell's guess", "--likelihood", "90").returncode == 0
        for window in ("main", "ben"):
            terminal.expect(r"90% a shell's guess", window, seconds=1.0)
        terminal.press("C-q", window="ben")
        assert until(lambda: "+ ben" not in terminal.screen())


def test_what_was_shown_is_there_after_kill_9(
    terminal_of: Callable[[int, int], Terminal], environment: dict[str, str], tmp_path: Path
) -> None:
    log = tmp_path / "app.log"
    terminal = terminal_of(160, 40)
    with growing_log(log):
        terminal.run(f"exec {COCKPIT} {log} --incident hard")
        terminal.expect("FOLLOW")
        terminal.press("h")
        terminal.type("power may fail")
        terminal.press("Enter")
        terminal.expect("50% power may fail")
        os.kill(terminal.pid(), signal.SIGKILL)
        assert terminal.ended()
        terminal.run(f"{COCKPIT} {log} --incident hard", window="again")
        terminal.expect("50% power may fail", "again")


def test_standard_input_is_read_and_the_keys_still_work(
    terminal_of: Callable[[int, int], Terminal], tmp_path: Path
) -> None:
    terminal = terminal_of(120, 30)
    source = "for n in $(seq 1 500); do echo 2026-11-23 10:02:11 INFO piped line $n; sleep 0.01; done"
    terminal.run(f"sh -c '{source}' | {COCKPIT} - --incident piped")
    terminal.expect("piped line 2")
    terminal.expect(r"stdin")
    terminal.expect("piped line 500")
    terminal.press("g")
    terminal.expect("piped line 1$|piped line 1 ")
    terminal.press("C-q")
    assert terminal.ended()
    assert not list((tmp_path / "data").rglob("stdin.log"))


def test_a_tiny_terminal_and_a_large_one_again(terminal_of: Callable[[int, int], Terminal], tmp_path: Path) -> None:
    log = tmp_path / "app.log"
    with growing_log(log):
        terminal = terminal_of(120, 40)
        terminal.run(f"{COCKPIT} {log} --incident tiny")
        terminal.expect("FOLLOW")
        terminal.resize(20, 5)
        assert until(lambda: all(len(line) <= 20 for line in terminal.screen().split("\n")))
        terminal.expect(r"\d\d:\d\d")
        terminal.press("2", "3", "4", "Escape", "1")
        terminal.resize(120, 40)
        terminal.expect("2 Commits")
        terminal.expect("Request 3")
        terminal.press("C-q")
        assert terminal.ended()
        assert terminal.status() == 0


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        ("missing.log", "missing.log: there is no such file"),
        ("empty-folder", "no logs in this directory"),
        ("binary.log", "looks binary"),
        ("'none*.log'", "no file fits this pattern"),
        ("app.log --config missing.toml", "there is no such settings file"),
        ("app.log --config broken.toml", "broken.toml: not valid TOML"),
        ("app.log --config unknown.toml", "unknown setting 'them'; did you mean 'theme'"),
        ("app.log --incidents /proc/nowhere", "cannot hold an incident"),
        ("-", "Pipe something in"),
    ],
)
def test_bad_input_is_one_sentence_and_exit_code_2(
    terminal_of: Callable[[int, int], Terminal], tmp_path: Path, arguments: str, sentence: str
) -> None:
    (tmp_path / "app.log").write_text("2026-11-23 10:02:11 INFO fine\n")
    (tmp_path / "empty-folder").mkdir()
    (tmp_path / "binary.log").write_bytes(bytes(range(256)) * 100)
    (tmp_path / "broken.toml").write_text("theme = [")
    (tmp_path / "unknown.toml").write_text('them = "x"')
    terminal = terminal_of(200, 24)
    terminal.run(f"{COCKPIT} {arguments}; echo status $?; sleep 60", folder=tmp_path)
    terminal.expect("status 2")
    assert sentence in terminal.screen()
    assert "Traceback" not in terminal.screen()
