"""The same surroundings for every test: UTC, no animation, a home of its own."""

from __future__ import annotations

import os
import time
from pathlib import Path

import pytest

os.environ.update(
    {"TEXTUAL_ANIMATIONS": "none", "TZ": "UTC", "LC_ALL": "C.UTF-8", "COLORTERM": "truecolor", "TERM": "xterm-256color"}
)
for name in ("NO_COLOR", "SSH_CONNECTION", "SSH_TTY"):
    os.environ.pop(name, None)
for name in [name for name in os.environ if name.startswith(("COCKPIT_", "GIT_")) and name != "COCKPIT_LOGHUB"]:
    os.environ.pop(name)
time.tzset()


@pytest.fixture(autouse=True)
def _own_home(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> Path:
    """No test reads or writes the person's own settings and incidents."""
    home = tmp_path_factory.mktemp("home")
    monkeypatch.setenv("HOME", str(home))
    for variable in ("XDG_CONFIG_HOME", "XDG_DATA_HOME", "XDG_STATE_HOME"):
        monkeypatch.setenv(variable, str(home / variable.lower()))
    return home
