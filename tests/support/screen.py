"""A cockpit on a screen of the test's own: opened on files, pressed, and read as text or as a picture."""

from __future__ import annotations

import os
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from textual.app import App
from textual.pilot import Pilot

from cockpit.clock import FrozenClock, from_rfc3339
from cockpit.config import Config
from cockpit.incident.store import Incident
from cockpit.session import Session
from cockpit.ui.app import CockpitApp

NOW = from_rfc3339("2026-11-23T10:42:17Z")
SNAPSHOTS = Path(__file__).resolve().parent.parent / "snapshots"


class Cockpit:
    """What a test does with an open cockpit: press keys, wait, look."""

    def __init__(self, app: CockpitApp, session: Session, pilot: Pilot[None]) -> None:
        self.app = app
        self.session = session
        self.pilot = pilot

    async def press(self, *keys: str) -> None:
        await self.pilot.press(*keys)
        await self.settle()

    async def type(self, text: str) -> None:
        names = {" ": "space", "/": "slash", "[": "left_square_bracket", "]": "right_square_bracket", ">": ">"}
        await self.press(*(names.get(letter, letter) for letter in text))

    async def answer(self, key: str, text: str) -> None:
        """Press a key that asks, and answer."""
        await self.press(key)
        await self.type(text)
        await self.press("enter")

    async def settle(self) -> None:
        """Until nothing is on its way from the threads to the screen."""
        for _ in range(3):
            self.session.desk.idle(5.0)
            self.session.history.idle(5.0)
            self.app.bridge.flush()
            await self.pilot.pause()

    async def wait(self, sign: str) -> None:
        """Until the screen shows a text."""
        for _ in range(200):
            if sign in self.text():
                return
            await self.pilot.pause(0.02)
        raise AssertionError(f"never saw {sign!r} in:\n{self.text()}")

    def text(self) -> str:
        return text_of(self.app)

    def picture(self) -> str:
        return self.app.export_screenshot(title="cockpit", simplify=True)


@asynccontextmanager
async def cockpit_on(
    folder: Path,
    *sources: Path,
    repo: Path | None = None,
    size: tuple[int, int] = (120, 40),
    config: Config | None = None,
) -> AsyncIterator[Cockpit]:
    """A cockpit on these files, at a fixed time, without the host's vitals."""
    clock = FrozenClock(NOW)
    incident = Incident.create(folder / "incidents", "checkout-500s", clock, "ana@web-1")
    session = Session(incident, config or Config(), clock)
    session.vitals.start = lambda: None  # type: ignore[method-assign]  # what this host does is no test's business
    session.open_sources([str(source) for source in sources])
    session.open_repository(str(repo or folder / "nowhere"), [])
    app = CockpitApp(session)
    try:
        async with app.run_test(size=size, notifications=True) as pilot:
            cockpit = Cockpit(app, session, pilot)
            await cockpit.settle()
            yield cockpit
    finally:
        session.close()


def text_of(app: App[None]) -> str:
    """The screen as lines of text. The one place that knows Textual's compositor."""
    strips = app.screen._compositor.render_strips()
    return "\n".join(strip.text.rstrip() for strip in strips)


def matches_snapshot(cockpit: Cockpit, name: str) -> bool:
    """Whether the screen is as it was; `UPDATE_SNAPSHOTS=1` keeps the new one, else it is left beside for a look."""
    path = SNAPSHOTS / f"{name}.txt"
    shown = cockpit.text() + "\n"
    if os.environ.get("UPDATE_SNAPSHOTS"):
        SNAPSHOTS.mkdir(exist_ok=True)
        path.write_text(shown)
    if path.exists() and path.read_text() == shown:
        return True
    path.with_suffix(".new.txt").write_text(shown)
    (path.with_suffix(".new.svg")).write_text(cockpit.picture())
    return False
