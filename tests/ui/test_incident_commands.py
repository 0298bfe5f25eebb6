"""What the command palette does with the incident as a whole."""

from __future__ import annotations

from pathlib import Path

from cockpit.clock import SystemClock
from cockpit.incident.library import list_incidents
from cockpit.incident.show import as_dict
from cockpit.incident.store import Incident
from cockpit.syncing import join
from tests.support.screen import Cockpit, cockpit_on
from tests.support.travelling import bare


async def command(cockpit: Cockpit, name: str) -> None:
    await cockpit.press("colon")
    await cockpit.type(name)
    await cockpit.wait(name)
    await cockpit.pilot.pause(0.5)
    await cockpit.press("enter")


async def test_an_incident_is_closed_still_written_to_and_reopened(tmp_path: Path, app_log: Path) -> None:
    async with cockpit_on(tmp_path, app_log) as cockpit:
        store = cockpit.session.incident.store
        await command(cockpit, "Close the incident")
        await cockpit.wait("closed 10:42")
        (summary,) = list_incidents(store.folder.parent)
        assert summary.closed
        assert as_dict(store)["incident"]["closed_at"].startswith("2026-11-23T10:42")
        await cockpit.answer("h", "still a guess")
        await cockpit.wait("50% still a guess")
        cockpit.session.incident.trials.undo()
        await cockpit.press("u")
        await cockpit.wait("Undone: incident closed")
        assert not list_incidents(store.folder.parent)[0].closed
        assert not store.state.closed
        await command(cockpit, "Close the incident")
        await cockpit.wait("closed 10:42")
        await command(cockpit, "Reopen the incident")
        await cockpit.wait("Open again.")
        assert not store.state.closed


async def test_an_incident_is_synced_and_says_what_came(tmp_path: Path, app_log: Path) -> None:
    remote = bare(tmp_path / "remote.git")
    async with cockpit_on(tmp_path, app_log) as cockpit:
        await command(cockpit, "Sync the incident")
        await cockpit.wait("Not synced: No remote is known")
        await command(cockpit, "Sync the incident with")
        await cockpit.wait("sync with")
        await cockpit.type(str(remote))
        await cockpit.press("enter")
        await cockpit.wait("Synced with")
        folder = join(tmp_path / "ben", str(remote), SystemClock(), "ben@web-2")
        ben = Incident.open(folder, SystemClock(), "ben@web-2")
        ben.add_hypothesis("the pool is empty")
        from cockpit.syncing import Syncing

        Syncing(ben, SystemClock()).sync(None)
        await command(cockpit, "Sync the incident")
        await cockpit.wait("50% the pool is empty")
