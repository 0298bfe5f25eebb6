"""Makes the pictures in screenshots/ from the demo: `python -m tests.screenshots`."""

from __future__ import annotations

import asyncio
import os
import tempfile
import time
from collections.abc import Awaitable, Callable
from pathlib import Path

os.environ.update({"TEXTUAL_ANIMATIONS": "none", "TZ": "UTC", "COLORTERM": "truecolor"})
os.environ.pop("NO_COLOR", None)
time.tzset()

from textual.pilot import Pilot  # noqa: E402

from cockpit.clock import FrozenClock, from_rfc3339  # noqa: E402
from cockpit.config import Config  # noqa: E402
from cockpit.demo.build import Demo, build  # noqa: E402
from cockpit.incident.store import Incident  # noqa: E402
from cockpit.session import Session  # noqa: E402
from cockpit.ui.app import CockpitApp  # noqa: E402
from cockpit.ui.widgets.rows import RowList  # noqa: E402

FOLDER = Path(__file__).resolve().parent.parent / "screenshots"
NOW = from_rfc3339("2026-11-23T10:42:17Z")
WIDE, NARROW = (160, 44), (80, 24)

_NAMES = {">": "greater_than_sign", "=": "equals_sign", "-": "minus", "~": "tilde"}
Scene = Callable[[Pilot[None]], Awaitable[None]]


async def _cockpit(pilot: Pilot[None]) -> None:
    await pilot.press("E", "E")


async def _diff(pilot: Pilot[None]) -> None:
    await pilot.press("2", "j", "j", "enter")


async def _record(pilot: Pilot[None]) -> None:
    await pilot.press("E", "enter")


async def _search(pilot: Pilot[None]) -> None:
    await pilot.press("slash", *"TypeError")


async def _filters(pilot: Pilot[None]) -> None:
    for text in ("items>=500", "-msg~updated"):
        await pilot.press("ampersand", *(_NAMES.get(letter, letter) for letter in text), "enter")
    await pilot.pause(1.0)


async def _why(pilot: Pilot[None]) -> None:
    await pilot.press("l", "l", "l", "l", "E", "i")


async def _scope(pilot: Pilot[None]) -> None:
    await _listed(pilot, "s")
    await pilot.press("j")


async def _signatures(pilot: Pilot[None]) -> None:
    await _listed(pilot, "I")


async def _compare(pilot: Pilot[None]) -> None:
    await pilot.press("ampersand", *(_NAMES.get(letter, letter) for letter in "level>=error"), "enter")
    await pilot.pause(1.0)
    await _listed(pilot, "D")


async def _trace(pilot: Pilot[None]) -> None:
    await pilot.press("E", "E", "t")
    await pilot.pause(3.0)


async def _listed(pilot: Pilot[None], key: str) -> None:
    """Press a key and wait until the list that it opens is there."""
    await pilot.press(key)
    await pilot.pause(0.5)
    for _ in range(200):
        if pilot.app.screen.query_one(RowList).source.count():
            break
        await pilot.pause(0.1)


async def _help(pilot: Pilot[None]) -> None:
    await pilot.press("question_mark")


SCENES: dict[str, tuple[tuple[int, int], Scene]] = {
    "cockpit": (WIDE, _cockpit),
    "narrow": (NARROW, _cockpit),
    "diff": (WIDE, _diff),
    "record": (WIDE, _record),
    "search": (WIDE, _search),
    "filters": (WIDE, _filters),
    "why": (WIDE, _why),
    "scope": (WIDE, _scope),
    "signatures": (WIDE, _signatures),
    "compare": (WIDE, _compare),
    "trace": (WIDE, _trace),
    "help": (WIDE, _help),
}


def _session(demo: Demo, incidents: Path) -> Session:
    clock = FrozenClock(NOW - 42 * 60_000_000)
    incident = Incident.create(incidents, "checkout-500s", clock, "ana@web-1")
    clock.at = NOW - 30 * 60_000_000
    incident.add_note("Checkout answers 500 for some users since about 10:02")
    first = incident.add_hypothesis("users with > 1000 items in the cart", 70)
    second = incident.add_hypothesis("the 10:01 deploy broke the sum", 30)
    third = incident.add_hypothesis("database pool exhausted", 5)
    incident.refresh()
    incident.edit_hypothesis(first, status="testing")
    incident.edit_hypothesis(third, status="refuted", observation="11 of 30 in use")
    incident.add_marker("flag off", "mitigation", NOW - 9 * 60_000_000)
    incident.add_note("pool is fine: 11 of 30 in use")
    assert second
    clock.at = NOW
    session = Session(incident, Config(), clock)
    session.open_sources([str(path) for path in demo.logs])
    session.open_repository(str(demo.repo), [])
    return session


async def _picture(demo: Demo, incidents: Path, size: tuple[int, int], scene: Scene) -> str:
    session = _session(demo, incidents)
    app = CockpitApp(session)
    try:
        async with app.run_test(size=size, notifications=True) as pilot:
            while session.desk.sources.progress() < 1 or not session.history.count() or not session.vitals.recent:
                await pilot.pause(0.05)
            await asyncio.to_thread(session.desk.idle, 10.0)
            await pilot.pause(1.2)
            await scene(pilot)
            await pilot.pause(0.5)
            return app.export_screenshot(title="cockpit", simplify=True)
    finally:
        session.close()


def main() -> None:
    """Make all pictures anew."""
    with tempfile.TemporaryDirectory() as folder:
        demo = build(Path(folder) / "shop", 1, NOW)
        for name, (size, scene) in SCENES.items():
            svg = asyncio.run(_picture(demo, Path(folder) / name, size, scene))
            (FOLDER / f"{name}.svg").write_text(svg)


if __name__ == "__main__":
    main()
