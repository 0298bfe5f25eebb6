"""The people in an incident: says that we are here as long as we are, and notices who else comes and goes."""

from __future__ import annotations

import threading
from pathlib import Path

from cockpit.aside import Aside, Cancelled
from cockpit.bus import Bus
from cockpit.clock import Clock
from cockpit.events import PeopleChanged
from cockpit.incident.presence import Person, Place, Presence
from cockpit.watch import Watch, Watcher

_BEAT = 5.0  # seconds
_APART = 0.1  # seconds between two places that are told, however fast the cursor moves


class People:
    """Who has the incident open. `others` are those besides us, as last seen."""

    def __init__(self, folder: Path, by: str, bus: Bus, watcher: Watcher, clock: Clock) -> None:
        self.others: tuple[Person, ...] = ()
        self._presence = Presence(folder, by, clock)
        self._bus = bus
        self._watcher = watcher
        self._folder = folder
        self._pane = "logs"
        self._place: Place | None = None
        self._point: Place | None = None
        self._watch: Watch | None = None
        self._closing = threading.Event()
        self._aside = Aside("presence")
        self._heart = threading.Thread(target=self._beat, name="presence", daemon=True)

    def start(self) -> None:
        """Begin to be seen, and to see."""
        self._look_around()
        self._heart.start()
        self._watch = self._watcher.watch(self._folder, self._look_around)

    def close(self) -> None:
        """Leave."""
        self._closing.set()
        if self._watch is not None:
            self._watch.close()
        self._aside.close()
        if self._heart.ident is not None:
            self._heart.join(2.0)
            self._presence.leave()

    def stand_in(self, pane: str) -> None:
        """Tell the others which pane one is in."""
        if pane != self._pane:
            self._pane = pane
            self._tell()

    def stand_at(self, place: Place) -> None:
        """Tell the others where in the logs one is."""
        if place != self._place:
            self._place = place
            self._tell()

    def point_at(self, place: Place | None) -> None:
        """Make a record light up for all; None: no more."""
        self._point = place
        self._tell()

    @property
    def pointed(self) -> Place | None:
        """What we point at."""
        return self._point

    @property
    def host(self) -> str:
        """Where files are numbered as here."""
        return self._presence.host

    def _tell(self) -> None:
        if self._heart.ident is not None:
            self._aside.ask("tell", self._say_once)

    def _say_once(self, replaced: Cancelled) -> None:
        self._say()
        self._closing.wait(_APART)

    def _say(self) -> None:
        self._presence.beat(self._pane, self._place, self._point)

    def _beat(self) -> None:
        while not self._closing.is_set():
            self._say()
            self._look_around()
            self._closing.wait(_BEAT)

    def _look_around(self) -> None:
        people = tuple(self._presence.others())
        if people != self.others:
            self.others = people
            self._bus.publish(PeopleChanged())
