"""A real terminal for tests: a program in a tmux of its own, typed at and looked at."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import tempfile
import uuid
from collections.abc import Mapping
from pathlib import Path

import pytest

from tests.support.waiting import until

needs_tmux = pytest.mark.skipif(shutil.which("tmux") is None, reason="tmux is not installed")


class Terminal:
    """One tmux server with one window per program. `close` ends it and everything in it."""

    def __init__(self, width: int, height: int, environment: Mapping[str, str]) -> None:
        self._socket = f"cockpit-{uuid.uuid4().hex[:10]}"
        self._size = ("-x", str(width), "-y", str(height))
        self._environment = {**os.environ, "COLORTERM": "truecolor", **environment}
        for name in ("TMUX", "COLUMNS", "LINES"):
            self._environment.pop(name, None)
        self._statuses = Path(tempfile.mkdtemp(prefix="cockpit-statuses-"))

    def run(self, command: str, window: str = "main", folder: Path | None = None) -> None:
        """Start a program in a window of its own, which stays when the program ends.

        Its exit code is written to a file: tmux 3.3a now and then leaves a child unreaped, and then knows no code.
        """
        at = ["-c", str(folder)] if folder else []
        command = f"{command}\necho $? > {self._statuses / window}"
        with tempfile.NamedTemporaryFile("w", suffix=".conf") as settings:
            settings.write(f"set -g remain-on-exit on\nset -g default-size {self._size[1]}x{self._size[3]}\n")
            settings.flush()
            self._tmux("-f", settings.name, "new-session", "-d", "-s", window, *self._size, *at, command)

    def press(self, *keys: str, window: str = "main") -> None:
        """Press keys, by tmux's names (Enter, Escape, C-q, j)."""
        for key in keys:
            self._tmux("send-keys", "-t", window, key)

    def type(self, text: str, window: str = "main") -> None:
        """Type a text as it stands."""
        self._tmux("send-keys", "-t", window, "-l", text)

    def screen(self, window: str = "main") -> str:
        return self._tmux("capture-pane", "-p", "-t", window)

    def shows(self, pattern: str, window: str = "main", seconds: float = 15.0) -> bool:
        """Wait until the screen shows a regular expression."""
        return until(lambda: re.search(pattern, self.screen(window)), seconds)

    def expect(self, pattern: str, window: str = "main", seconds: float = 15.0) -> None:
        assert self.shows(pattern, window, seconds), f"never saw {pattern!r} in:\n{self.screen(window)}"

    def ended(self, window: str = "main", seconds: float = 15.0) -> bool:
        """Wait until the program has ended."""
        return until(lambda: self._tmux("display", "-p", "-t", window, "#{pane_dead}").strip() == "1", seconds)

    def status(self, window: str = "main") -> int:
        """The exit code of a program that has ended by itself."""
        written = self._statuses / window
        assert until(lambda: written.exists() and written.read_text().strip(), 5.0), "the program left no exit code"
        return int(written.read_text())

    def pid(self, window: str = "main") -> int:
        return int(self._tmux("display", "-p", "-t", window, "#{pane_pid}").strip())

    def resize(self, width: int, height: int, window: str = "main") -> None:
        self._tmux("resize-window", "-t", window, "-x", str(width), "-y", str(height))

    def close(self) -> None:
        subprocess.run(["tmux", "-L", self._socket, "kill-server"], capture_output=True, check=False)
        shutil.rmtree(self._statuses, ignore_errors=True)

    def _tmux(self, *arguments: str) -> str:
        done = subprocess.run(
            ["tmux", "-L", self._socket, *arguments], capture_output=True, text=True, env=self._environment, check=False
        )
        assert done.returncode == 0, f"tmux {arguments}: {done.stderr}"
        return done.stdout
