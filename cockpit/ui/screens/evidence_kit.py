"""The evidence kit as it stands over the list of evidence; and the window of an item taken anew by key."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence

from rich.text import Text
from textual.screen import Screen

from cockpit.clock import duration
from cockpit.incident.evidence import Evidence
from cockpit.incident.kit import State, hints, kit
from cockpit.incident.store import IncidentError
from cockpit.logs.printable import printable
from cockpit.rewindow import Rewound, next_width, rewindow, width_of
from cockpit.session import Session

_STYLES = {State.THERE: "green", State.PARTLY: "yellow", State.MISSING: "dim"}


def kit_of(items: Sequence[Evidence]) -> Text:
    """A line of the six kinds, and one for each that is not wholly there, with the key that gets it."""
    checks = kit(items)
    text = Text(" ")
    for check in checks:
        text.append(f"{check.state.value} {check.kind.name}  ", _STYLES[check.state])
    for hint in hints(checks):
        text.append(f"\n {printable(hint)}", "dim")
    return text


class Windows:
    """Takes windows anew, aside, one after the other; of keys pressed meanwhile only where they lead counts."""

    def __init__(self, session: Session, screen: Screen[None]) -> None:
        self._session = session
        self._screen = screen
        self._lock = asyncio.Lock()
        self._wanted: dict[str, int] = {}  # by item, the width (microseconds) on its way

    def step(self, item: Evidence, step: int) -> None:
        """Wider (1) or narrower (-1) by a step."""
        self._screen.run_worker(self._step(item, step))

    async def _step(self, item: Evidence, step: int) -> None:
        async with self._lock:
            busy = item.id in self._wanted
            now = self._wanted[item.id] if busy else await asyncio.to_thread(self._width, item)
            wanted = next_width(now, step) if now else None
            if wanted is not None:
                self._wanted[item.id] = wanted
        if wanted is None:
            self._screen.notify("That is as far as it goes." if now else "It has no window.", markup=False)
        elif not busy:
            await self._take(item)

    async def _take(self, item: Evidence) -> None:
        taken = None
        try:
            while taken is None or taken.width != self._wanted[item.id]:
                self._screen.notify(
                    f"{item.label}: taking {duration(self._wanted[item.id])} …", markup=False, timeout=1
                )
                taken = await asyncio.to_thread(self._rewound, item, self._wanted[item.id])
            self._screen.notify(f"{taken.sentence()}.", markup=False)
        except (IncidentError, OSError) as error:
            self._screen.notify(str(error), severity="error", markup=False, timeout=10)
        finally:
            self._wanted.pop(item.id, None)

    def _width(self, item: Evidence) -> int:
        return width_of(self._session, self._now(item))

    def _rewound(self, item: Evidence, width: int) -> Rewound:
        """Raises IncidentError."""
        return rewindow(self._session, self._now(item), width)

    def _now(self, item: Evidence) -> Evidence:
        """The item as it is now, which may have a window taken anew since."""
        return next((each for each in self._session.incident.evidence() if each.id == item.id), item)
