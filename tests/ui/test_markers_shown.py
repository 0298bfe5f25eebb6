"""What a command tells of deploys stands on the timeline, and is asked again by r on the Scope screen."""

from __future__ import annotations

from pathlib import Path

from cockpit.config import Config
from tests.support.screen import cockpit_on
from tests.support.waiting import until


async def test_deploys_that_a_command_tells_of_stand_on_the_timeline(tmp_path: Path, app_log: Path) -> None:
    runs = tmp_path / "runs"
    command = f"echo run >> {runs}; echo 2026-11-23T10:41:00Z r$(wc -l < {runs})"
    async with cockpit_on(tmp_path, app_log, size=(160, 40), config=Config(deploys=command)) as cockpit:
        await cockpit.wait("⚑ 10:41 deploy r1")
        await cockpit.press("s")
        await cockpit.wait("dependency")
        await cockpit.press("r")
        assert until(lambda: [mark.ref for mark in cockpit.session.marks()] == ["r2"])
