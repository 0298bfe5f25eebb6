"""One running cockpit without a screen: an incident, its sources, its repository, its host, wired to one bus.

Everything the screen does, a test can do here.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from cockpit.bus import Bus
from cockpit.clock import Clock
from cockpit.config import Config
from cockpit.events import Failed
from cockpit.history.desk import HistoryDesk
from cockpit.host.vitals import VitalsSampler
from cockpit.incident.desk import IncidentDesk
from cockpit.incident.store import Incident
from cockpit.logs.desk import LogDesk
from cockpit.logs.feeds.standard_input import StandardInput
from cockpit.logs.file import SourceError
from cockpit.logs.find import STDIN, expand, names_for
from cockpit.watch import Watcher


@dataclass(frozen=True, slots=True)
class Mark:
    """A marker on the time axis, whatever it comes from: at (microseconds), kind, text, and what it points to.

    `ref` is the full hash of the commit of a deploy seen in the reflog, else the id of a marker set by a person.
    """

    at: int
    kind: str
    text: str
    ref: str


class Session:
    """Opens, wires and closes the parts. `problems` are sentences about what could not be opened."""

    def __init__(self, incident: Incident, config: Config, clock: Clock) -> None:
        self.bus = Bus()
        self.clock = clock
        self.config = config
        self.watcher = Watcher(config.poll_seconds)
        self.desk = LogDesk(self.bus, self.watcher, clock)
        self.history = HistoryDesk(self.bus, self.watcher)
        self.incident = IncidentDesk(incident, self.bus, self.watcher, clock)
        self.vitals = VitalsSampler(self.bus, clock)
        self.problems: list[str] = []
        self._feeds: list[StandardInput] = []

    def open_sources(self, sources: Sequence[str], standard_input: int | None = None) -> None:
        """Open files, folders, patterns; `-` is standard input, read from the descriptor given.

        What cannot be opened becomes a sentence in `problems`; the rest opens. A missing file is waited for.
        """
        paths: list[Path] = []
        for source in sources:
            if source == STDIN:
                if standard_input is not None:
                    self._open_spool(standard_input)
                continue
            try:
                paths += [path for path in expand(source) if path not in paths]
            except SourceError as error:
                self.problems.append(str(error))
        for path, name in zip(paths, names_for(paths), strict=True):
            try:
                self.desk.add(path, name)
            except SourceError as error:
                self.problems.append(str(error))

    def open_repository(self, named: str, sources: Sequence[str]) -> None:
        """Open the repository named, else the one around the first source or the current folder. Aside."""
        first = next((Path(source).expanduser() for source in sources if source != STDIN), None)
        around = first.parent if first is not None and not first.is_dir() else first
        if named:
            self.history.open(Path(named).expanduser())
        else:
            self.history.open_nearest([around, Path.cwd()] if around is not None else [Path.cwd()])

    def start(self) -> None:
        """Begin to follow, watch and sample."""
        self.desk.start()
        self.incident.start()
        self.vitals.start()

    def close(self) -> None:
        """Stop all threads and release everything; what was acknowledged is on disk already."""
        self.watcher.close()
        self.vitals.close()
        self.desk.close()
        self.history.close()
        self.incident.close()
        for feed in self._feeds:
            feed.close(keep=False)

    def marks(self) -> list[Mark]:
        """All markers, oldest first: deploys from the reflog, and those that people set."""
        deploys = [Mark(move.at, "deploy", f"deploy {move.short[:8]}", move.sha) for move in self.history.moves]
        own = [Mark(marker.at, marker.kind, marker.text, marker.id) for marker in self.incident.markers()]
        return sorted(deploys + own, key=lambda mark: mark.at)

    def deployed_at(self, at: int) -> Mark | None:
        """What was deployed at a time (microseconds): the last move of HEAD before it."""
        move = self.history.deployed_at(at)
        return Mark(move.at, "deploy", move.how, move.sha) if move is not None else None

    def mark_beside(self, at: int, step: int) -> Mark | None:
        """The nearest marker after (1) or before (-1) a time."""
        marks = self.marks()
        later = [mark for mark in marks if mark.at > at]
        earlier = [mark for mark in marks if mark.at < at]
        return (later[0] if later else None) if step > 0 else (earlier[-1] if earlier else None)

    def _open_spool(self, descriptor: int) -> None:
        path = self.incident.store.folder / "spool" / "stdin.log"
        try:
            feed = StandardInput(descriptor, path, self.clock)
        except OSError as error:
            self.problems.append(f"standard input: cannot be kept in {path}: {error.strerror}.")
            return
        self._feeds.append(feed)
        feed.start()
        try:
            self.desk.add(path, "stdin", lambda: feed.live)
        except SourceError as error:
            self.bus.publish(Failed(str(error)))
