"""One running cockpit without a screen: an incident, its sources, its repository, its host, wired to one bus.

Everything the screen does, a test can do here.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from cockpit import paths
from cockpit.bus import Bus
from cockpit.clock import Clock, parse_time
from cockpit.config import Config
from cockpit.events import Failed
from cockpit.experimenter import Experimenter
from cockpit.history.desk import HistoryDesk
from cockpit.host.vitals import VitalsSampler
from cockpit.incident.desk import IncidentDesk
from cockpit.incident.store import Incident
from cockpit.insight.deploys import Marker, beside, ref_in
from cockpit.logs.desk import LogDesk
from cockpit.logs.find import STDIN
from cockpit.logs.opener import Opener
from cockpit.logs.own_formats import teller
from cockpit.logs.saved_filters import SavedFilters
from cockpit.marker_desk import MarkerDesk
from cockpit.paths import expanded
from cockpit.signatures import Signatures
from cockpit.watch import Watcher
from cockpit.zones import Zones


@dataclass(frozen=True, slots=True)
class Mark:
    """A marker on the time axis, whatever it comes from: at (microseconds), kind, text, and what it points to.

    `ref` is the full hash of the commit of a deploy seen in the reflog, the id of a marker set by a person, else what
    was deployed, tagged or started: a release, a tag, a process.
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
        self.watcher = Watcher(config.poll_seconds, waits=True)
        self.desk = LogDesk(self.bus, self.watcher, clock)
        self.history = HistoryDesk(self.bus, self.watcher, self._not_opened)
        self.markers = MarkerDesk(self.bus, self.watcher, self.history, clock, config.deploys)
        self.incident = IncidentDesk(incident, self.bus, self.watcher, clock)
        self.experiments = Experimenter(self.incident, self.desk, self.bus, clock)
        self.vitals = VitalsSampler(self.bus, clock)
        self.signatures = Signatures(self.desk, self.bus, self._last_deploy)
        self.filters = SavedFilters(paths.filters_file())
        """The filters that the person keeps by name."""
        self.problems: list[str] = []
        spools = incident.folder / "spool"
        self._opener = Opener(self.desk, self.watcher, clock, spools, self._not_opened)

    def open_sources(self, sources: Sequence[str], standard_input: int | None = None) -> None:
        """Open files, folders, patterns, commands, other hosts; `-` is standard input, read from the descriptor given.

        What cannot be opened becomes a sentence in `problems`; the rest opens. A missing file is waited for.
        """
        self.desk.tell = teller(paths.own_formats_dir(), self.config.format, self.problems)
        self.desk.zones = Zones(self.config.zones)
        if self.config.since:
            try:
                self.desk.since = parse_time(self.config.since, self.clock.now())
            except ValueError as error:
                self.problems.append(f"--since: {error} Everything is read.")
        self._opener.open(sources, standard_input, history=self.config.history, follow=self.config.follow)
        self.desk.opened()
        self.watcher.begin()

    def open_repository(self, named: str, sources: Sequence[str]) -> None:
        """Open the repository named, else the one around the first source or the current folder. Aside."""
        self.watcher.begin()
        self.markers.stand_in([named, *self.config.repos], sources)
        others = [expanded(each) for each in self.config.repos]
        first = next((expanded(source) for source in sources if source != STDIN), None)
        around = first.parent if first is not None and not first.is_dir() else first
        if named:
            self.history.open(expanded(named), others)
        else:
            self.history.open_nearest([around, Path.cwd()] if around is not None else [Path.cwd()], others)

    def start(self) -> None:
        """Begin to follow, watch and sample."""
        self.watcher.begin()
        self.desk.start(follow=self.config.follow)
        self.incident.start()
        self.markers.start()
        self.experiments.resume()
        self.vitals.start()

    def close(self) -> None:
        """Stop all threads and release everything; what was acknowledged is on disk already."""
        self.experiments.close()
        self.markers.close()
        self.watcher.close()
        self.vitals.close()
        self.signatures.close()
        self.desk.close()
        self.history.close()
        self.incident.close()
        self._opener.close(keep=False)

    def _not_opened(self, sentence: str) -> None:
        """Before the screen stands it is a problem to be shown there; later it is told on the bus."""
        self.problems.append(sentence)
        self.bus.publish(Failed(sentence))

    def _last_deploy(self, until: int) -> tuple[int, str] | None:
        """Of those up to a time (microseconds)."""
        deploys = [mark for mark in self.marks() if mark.kind == "deploy" and mark.at <= until]
        return (deploys[-1].at, deploys[-1].text) if deploys else None

    def marks(self) -> list[Mark]:
        """All markers, oldest first: deploys from the reflog, those that people set, and what else tells of one."""
        deploys = [Mark(move.at, "deploy", f"deploy {move.short[:8]}", move.sha) for move in self.history.moves]
        own = [Mark(marker.at, marker.kind, marker.text, marker.id) for marker in self.incident.markers()]
        set_by_people = [Marker(each.at, each.kind, ref_in(each.text), each.text) for each in own]
        found = beside(set_by_people, self.markers.found)
        others = [Mark(each.at, each.kind, each.title, each.ref) for each in found]
        return sorted(deploys + own + others, key=lambda mark: mark.at)

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
