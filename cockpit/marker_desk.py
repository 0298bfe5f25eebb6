"""The markers of a running cockpit that neither the reflog nor a person tells: looked for aside, kept up."""

from __future__ import annotations

import threading
from collections.abc import Sequence
from pathlib import Path

from cockpit.aside import Aside, Cancelled
from cockpit.bus import Bus, Subscription
from cockpit.clock import Clock
from cockpit.events import Failed, MarkersChanged, RepositoryChanged
from cockpit.history.desk import HistoryDesk
from cockpit.history.repository import Repository
from cockpit.host.releases import Releases
from cockpit.insight.deploys import Marker, merged
from cockpit.marking import folders_of, found_releases, moves_beside, others_of, told_by
from cockpit.watch import Watch, Watcher


class MarkerDesk:
    """`found`, oldest first, is replaced as a whole, then MarkersChanged is published.

    It looks when it starts, when HEAD moves and when a release comes; the command runs at the start and when asked for.
    """

    def __init__(self, bus: Bus, watcher: Watcher, history: HistoryDesk, clock: Clock, command: str) -> None:
        self.found: tuple[Marker, ...] = ()
        self._bus = bus
        self._watcher = watcher
        self._history = history
        self._clock = clock
        self._command = command
        self._folders: list[Path] = []
        self._told: list[Marker] = []
        self._said: set[str] = set()
        self._seen: object = None
        self._watches: list[Watch] = []
        self._heard: Subscription | None = None
        self._looking = threading.Lock()
        self._aside = Aside("markers")

    def stand_in(self, named: Sequence[str], sources: Sequence[str]) -> None:
        """Say where to look: the repositories named, and the folders of the sources; where there are none, here."""
        self._folders = folders_of(named, sources) or [Path.cwd()]

    def start(self) -> None:
        """Look, and go on looking when something moved."""
        self._heard = self._bus.subscribe(RepositoryChanged, lambda event: self._moved())
        self._aside.ask("look", self._look)
        if self._command.strip():
            self._aside.ask("run", self.again)

    def again(self, cancelled: Cancelled) -> None:
        """Run the command and look for all anew. Blocks, some five seconds at most."""
        told, problems = told_by(self._command, self._clock.now(), cancelled=cancelled)
        if cancelled():
            return
        self._told = told
        self._say(problems)
        self._look(cancelled)

    def wait(self, cancelled: Cancelled, seconds: float) -> None:
        """Wait until what is being looked for is known, at most so long."""
        for _ in range(round(seconds * 10)):
            if cancelled() or self._aside.idle(0.1):
                return

    def idle(self, timeout: float) -> bool:
        """Wait until nothing is looked for (for tests)."""
        return self._aside.idle(timeout)

    def close(self) -> None:
        if self._heard is not None:
            self._heard.close()
        self._aside.close()
        for watch in self._watches:
            watch.close()

    def _moved(self) -> None:
        """Look again where HEAD moved or the repository is another; commits that are only listed anew say nothing."""
        seen = (self._history.repositories, self._history.moves)
        if seen != self._seen:
            self._seen = seen
            self._aside.ask("look", self._look)

    def _look(self, cancelled: Cancelled) -> None:
        with self._looking:
            repositories, others = self._history.repositories, self._history.others
            self._watch(found_releases(repositories, self._folders), others)
            found, problems = others_of(repositories, self._folders, self._told)
            found = merged([*moves_beside(others), *found])
            changed, self.found = tuple(found) != self.found, tuple(found)
        self._say(problems)
        if changed:
            self._bus.publish(MarkersChanged())

    def _watch(self, releases: Sequence[Releases], others: Sequence[Repository]) -> None:
        """Watch where a release would appear, what points to the current one, and HEAD of repositories beside."""
        wanted = [path for each in releases for path in (each.folder, *each.links)]
        wanted += [path for each in others for path in each.watched()]
        if [watch.path for watch in self._watches] != wanted:
            old, self._watches = self._watches, [self._watcher.watch(path, self._released) for path in wanted]
            for watch in old:
                watch.close()

    def _released(self) -> None:
        self._aside.ask("look", self._look)

    def _say(self, problems: Sequence[str]) -> None:
        """Tell each problem once."""
        for each in problems:
            if each not in self._said:
                self._said.add(each)
                self._bus.publish(Failed(each))
