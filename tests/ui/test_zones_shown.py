"""The zone of a source, where one asks why a record stands where it does."""

from __future__ import annotations

from pathlib import Path

from cockpit.config import Config
from tests.support.screen import cockpit_on


async def test_why_says_in_which_zone_a_time_was_read(tmp_path: Path) -> None:
    log = tmp_path / "db.log"
    log.write_text("2026-11-23 11:42:16 INFO done\n2026-11-23T10:42:17Z INFO done\n")
    async with cockpit_on(tmp_path, log, config=Config(zones={"db.log": "Europe/Berlin"}), size=(160, 40)) as cockpit:
        assert "10:42:16.000 INFO" in cockpit.text()
        await cockpit.press("i")
        assert "its own zone" in cockpit.text()
        await cockpit.press("escape", "o")
        assert "Europe/Berlin, for times that name none" in cockpit.text()
        await cockpit.press("escape", "k", "i")
        assert "read in Europe/Berlin as set: 2026-11-23T10:42:16" in cockpit.text()
