"""A terminal and the command for end-to-end tests."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.support.terminal import Terminal

COCKPIT = f"{sys.executable} -m cockpit"


@pytest.fixture
def environment(tmp_path: Path) -> dict[str, str]:
    """A home of its own, so that programs started in the terminal touch nothing of the person's."""
    home = {f"XDG_{kind}_HOME": str(tmp_path / kind.lower()) for kind in ("CONFIG", "DATA", "STATE")}
    return {**home, "HOME": str(tmp_path), "TZ": "UTC", "PYTHONPATH": os.getcwd(), "COCKPIT_USER": "ana"}


@pytest.fixture
def terminal_of(environment: dict[str, str]) -> Iterator[Callable[[int, int], Terminal]]:
    """Opens terminals of a size, and closes them after the test."""
    opened: list[Terminal] = []

    def open_terminal(width: int, height: int) -> Terminal:
        opened.append(Terminal(width, height, environment))
        return opened[-1]

    yield open_terminal
    for terminal in opened:
        terminal.close()
