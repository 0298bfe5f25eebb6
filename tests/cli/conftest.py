"""The command, as a person types it, without a screen; and an incident to use it on."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest
from click.testing import CliRunner, Result

from cockpit import paths
from cockpit.cli.root import cockpit
from cockpit.clock import SystemClock
from cockpit.incident.library import remember_opened
from cockpit.incident.store import Incident

Typed = Callable[..., Result]


@pytest.fixture
def typed(monkeypatch: pytest.MonkeyPatch) -> Typed:
    """Runs `cockpit` with these words, and bytes on its standard input."""
    monkeypatch.setenv("COCKPIT_USER", "ana")

    def run(*words: str, given: str | bytes = b"") -> Result:
        return CliRunner().invoke(cockpit, words, input=given, prog_name="cockpit")

    return run


@pytest.fixture
def incident() -> Incident:
    """The incident in use."""
    made = opened("Checkout 500s")
    remember_opened(paths.incidents_dir(), made.folder)
    return made


@pytest.fixture
def shown(typed: Typed) -> Callable[[], dict[str, Any]]:
    """What `cockpit show --json` says of the incident in use."""

    def show() -> dict[str, Any]:
        result = typed("show", "--json")
        assert result.exit_code == 0
        found: dict[str, Any] = json.loads(result.stdout)
        return found

    return show


def opened(title: str) -> Incident:
    """A new incident; the one in use stays what it was."""
    return Incident.create(paths.incidents_dir(), title, SystemClock(), "ana@web-1")


def refusal(result: Result) -> str:
    """The one sentence with which a command was refused."""
    assert (result.exit_code, result.stdout) == (2, "")
    assert isinstance(result.exception, SystemExit)
    assert result.stderr.startswith("cockpit: ")
    assert result.stderr.count("\n") == 1
    return result.stderr.removeprefix("cockpit: ").rstrip("\n")
