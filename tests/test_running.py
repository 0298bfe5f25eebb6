"""Running a command for evidence: it runs as it would, whatever becomes of the keeping."""

from __future__ import annotations

import errno
import os
import sys
from pathlib import Path
from typing import Any

import pytest

from cockpit.clock import SystemClock
from cockpit.incident.store import Incident
from cockpit.running import Ran, RunError, run


@pytest.fixture
def incident(tmp_path: Path) -> Incident:
    return Incident.create(tmp_path, "Checkout 500s", SystemClock(), "ana@web-1")


class Screen:
    """What a person sees."""

    def __init__(self) -> None:
        self.shown = b""

    def __call__(self, data: bytes) -> None:
        self.shown += data


def ran(incident: Incident, script: str, screen: Screen, most: int = 1 << 20) -> Ran:
    return run(incident, [sys.executable, "-c", script], "", SystemClock(), (screen, Screen()), most)


def content(incident: Incident) -> bytes:
    return (incident.folder / "evidence/E1.log").read_bytes()


def test_output_beyond_the_bound_is_shown_not_kept_and_counted(incident: Incident) -> None:
    screen = Screen()
    done = ran(incident, "print('x' * 999_999)", screen, most=1000)
    assert (len(screen.shown), len(content(incident)), done.cut) == (1_000_000, 1000, 999_000)


def test_a_full_disk_does_not_disturb_the_command(incident: Incident, monkeypatch: pytest.MonkeyPatch) -> None:
    real = os.write

    def full(fd: int, data: Any) -> int:
        if len(data) > 2:
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
        return real(fd, data)

    monkeypatch.setattr("cockpit.incident.keeping.os.write", full)
    screen = Screen()
    done = ran(incident, "print('shown all the same'); raise SystemExit(7)", screen)
    assert (screen.shown, done.code, done.evidence) == (b"shown all the same\n", 7, None)
    assert "No space left on device" in done.why
    assert not list((incident.folder / "evidence").iterdir())


def test_where_nobody_reads_any_more_the_output_is_still_kept(incident: Incident) -> None:
    def gone(data: bytes) -> None:
        raise BrokenPipeError

    done = run(incident, ["echo", "kept"], "", SystemClock(), (gone, gone))
    assert (done.code, content(incident)) == (0, b"kept\n")


def test_a_command_that_says_nothing_is_evidence_too(incident: Incident) -> None:
    done = ran(incident, "", Screen())
    assert (done.code, content(incident)) == (0, b"")
    assert done.evidence is not None
    assert done.evidence.parts[0].name == "output"


@pytest.mark.parametrize("command", [["/nowhere/x"], ["a\0b"], ["/"]])
def test_what_is_no_command_is_told(incident: Incident, command: list[str]) -> None:
    with pytest.raises(RunError, match="cannot be run"):
        run(incident, command, "", SystemClock(), (Screen(), Screen()))
