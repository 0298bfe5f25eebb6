"""What the command palette does with the incident as a whole: sync it, close it, open it again."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterator
from typing import Protocol

from textual.app import App, SystemCommand

from cockpit.incident.journal import JournalError
from cockpit.incident.notes import NotesError
from cockpit.incident.store import IncidentError
from cockpit.session import Session
from cockpit.ui.widgets.prompt import Prompt, Question

_TOLD = 12.0  # seconds that what came of a sync stays on the screen


class Saving(Protocol):
    """What brings typed notes to the disk."""

    async def save(self) -> bool: ...


class IncidentCommands:
    """Offers them; each runs aside, and says in a sentence what came of it."""

    def __init__(self, app: App[None], session: Session, notes: Saving) -> None:
        self._app = app
        self._session = session
        self._notes = notes

    def offered(self) -> Iterator[SystemCommand]:
        yield SystemCommand(
            "Sync the incident", "With the remote that is remembered, as cockpit sync does", lambda: self._begin(None)
        )
        yield SystemCommand("Sync the incident with …", "Name a path or a URL of a git repository", self._ask)
        guidance = self._session.incident.guidance
        if self._session.incident.store.state.closed:
            yield SystemCommand(
                "Reopen the incident",
                "It is closed",
                lambda: self._do(guidance.reopen, "Open again."),
            )
        else:
            done = "Closed; what is added still counts. u takes it back."
            yield SystemCommand(
                "Close the incident", "Say that it is over; it can be reopened", lambda: self._do(guidance.close, done)
            )

    def _ask(self) -> None:
        async def submit(text: str) -> None:
            self._begin(text.strip())

        hint = "the path or the URL of a git repository that all can reach; it is remembered"
        self._app.screen_stack[0].query_one(Prompt).ask(Question("sync with", submit, hint=hint))

    def _begin(self, remote: str | None) -> None:
        self._app.run_worker(self._sync(remote), group="sync", exclusive=False)

    async def _sync(self, remote: str | None) -> None:
        from cockpit.history.copy import CopyError
        from cockpit.incident.placing import PlacingError
        from cockpit.syncing import SyncError, Syncing

        store, clock = self._session.incident.store, self._session.clock
        self._app.notify("Syncing …", markup=False)
        await self._notes.save()
        try:
            done = await asyncio.to_thread(lambda: Syncing(store, clock).sync(remote))
        except (SyncError, CopyError, PlacingError, JournalError, NotesError, OSError) as error:
            self._app.notify(f"Not synced: {error}", severity="error", markup=False, timeout=_TOLD)
            return
        await asyncio.wrap_future(self._session.incident.later(self._session.incident.refresh))
        told = "\n".join(done.sentences(store.folder))
        odd = bool(done.conflicts or done.broken or done.twice)
        self._app.notify(
            f"Synced with {done.remote}. {told}",
            severity="warning" if odd else "information",
            markup=False,
            timeout=_TOLD,
        )

    def _do(self, verb: Callable[[], object], done: str) -> None:
        async def run() -> None:
            try:
                await asyncio.wrap_future(self._session.incident.later(verb))
            except IncidentError as error:
                self._app.notify(str(error), severity="warning", markup=False)
            else:
                self._app.notify(done, markup=False)

        self._app.run_worker(run(), group="journal")
