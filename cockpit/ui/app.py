"""The Textual application: themes, the bridge, the first screen, and leaving."""

from __future__ import annotations

import asyncio
import gc
from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING, ClassVar

from textual import events, on
from textual.app import App, SystemCommand
from textual.screen import Screen

from cockpit.session import Session
from cockpit.ui.bridge import Bridge
from cockpit.ui.incident_commands import IncidentCommands
from cockpit.ui.screens.cockpit import CockpitScreen
from cockpit.ui.screens.sheet import Sheet
from cockpit.ui.terminal import watch_terminal
from cockpit.ui.theme import ThemeError, choose, find_themes
from cockpit.ui.type_ahead import KeyDone, TypeAhead

if TYPE_CHECKING:
    from textual.command import Provider

    from cockpit.incident.evidence import Evidence
    from cockpit.logs.view import Row

_SURE = 3.0  # seconds within which a second q quits
_LOOK_FOR_GARBAGE = (5000, 10, 20)  # seldom: a look while lines pour in is a frame that comes late


def _key_commands() -> type[Provider]:
    from cockpit.ui.palette import KeyCommands

    return KeyCommands


class CockpitApp(App[None]):
    """Shows one session."""

    CSS_PATH = "styles.tcss"
    TITLE = "cockpit"
    COMMANDS: ClassVar[set[type[Provider] | Callable[[], type[Provider]]]] = {*App.COMMANDS, _key_commands}
    ENABLE_COMMAND_PALETTE = True

    def __init__(self, session: Session) -> None:
        super().__init__()
        self.session = session
        self.bridge = Bridge(self, session.bus)
        self._asked_at = -_SURE
        self._type_ahead = TypeAhead(self, self._settled)
        found = find_themes(session.problems)
        for theme in found.values():
            self.register_theme(theme)
        try:
            self.theme = choose(session.config.theme, found)
        except ThemeError as error:
            session.problems.append(str(error))
            self.theme = "cockpit-dark" if "cockpit-dark" in found else "textual-dark"

    def get_default_screen(self) -> Screen[None]:
        return CockpitScreen(self.session, self.bridge)

    def on_mount(self) -> None:
        self.call_after_refresh(self._started)

    def _keep(self, row: Row) -> Evidence:
        from cockpit.capture import capture

        return capture(self.session, [row]).evidence

    def _started(self) -> None:
        """The first picture stands: now the threads may have the processor."""
        gc.freeze()
        gc.set_threshold(*_LOOK_FOR_GARBAGE)
        gc.enable()
        self.session.experiments.keep = self._keep
        self.session.start()
        self._type_ahead.begin()
        if not self.is_headless:
            loop = asyncio.get_running_loop()
            watch_terminal(
                lambda: loop.call_soon_threadsafe(self.call_later, self._leave_at_once), self.session.experiments.close
            )

    async def _leave_at_once(self) -> None:
        """Nobody will press a key any more: save what is typed, and end."""
        await self.save()
        self.bridge.close()
        self.exit()

    async def save(self) -> bool:
        """Bring what is typed to the disk; True when all of it is there."""
        screen = self.screen_stack[0] if self.screen_stack else None
        return not isinstance(screen, CockpitScreen) or await screen.save()

    async def on_event(self, event: events.Event) -> None:
        if isinstance(event, events.Key) and not event.is_forwarded:
            if self._type_ahead.take(event):
                await super().on_event(event)
                self._type_ahead.follow()
        else:
            await super().on_event(event)

    @on(KeyDone)
    def _key_done(self, event: KeyDone) -> None:
        self._type_ahead.arrived(event)

    def _settled(self) -> bool:
        return not (isinstance(self.screen, Sheet) and self.screen.closing)

    def get_system_commands(self, screen: Screen[object]) -> Iterable[SystemCommand]:
        yield from IncidentCommands(self, self.session, self).offered()
        yield SystemCommand("Change theme", "Choose other colours", self.action_change_theme)
        yield SystemCommand("Save a screenshot", "Write this screen as an SVG file", self._picture)

    async def action_quit(self) -> None:
        """Leave, once what is typed is on disk."""
        if not await self.save() and not self._sure():
            self.notify("The notes could not be saved; press again to quit without them.", severity="error")
            return
        self.bridge.close()
        self.exit()

    async def action_quit_asking(self) -> None:
        if self._sure():
            await self.action_quit()
        else:
            count = self.session.experiments.commands
            ends = f" and end {count} running command{'s' if count > 1 else ''}" if count else ""
            self.notify(f"Press q again to quit{ends}. Everything is on disk.", markup=False, timeout=_SURE)

    def _sure(self) -> bool:
        now = self.session.clock.now() / 1e6
        sure = now - self._asked_at < _SURE
        self._asked_at = now
        return sure

    def _picture(self) -> None:
        path = self.save_screenshot(path=str(self.session.incident.store.folder))
        self.notify(f"Saved as {path}", markup=False)
