"""What a generated incident is made of while it is written: its service, its requests, its other records."""

from __future__ import annotations

from dataclasses import dataclass, field
from random import Random

import numpy as np

from tests.incidents.failures import Failure
from tests.incidents.service import Service
from tests.incidents.traffic import Numbers, Requests
from tests.incidents.truth import Factor, Marker


@dataclass(slots=True)
class Event:
    """A record to be written. `at`: microseconds UTC. `place`: which file (app, access, worker)."""

    at: int
    level: str
    logger: str
    text: str
    fields: dict[str, object] = field(default_factory=dict)
    failure: Failure | None = None
    failure_text: str = ""
    fault: bool = False
    place: str = "app"


@dataclass(slots=True)
class Wanted:
    """A fault to be made: between these times (microseconds UTC)."""

    scope: str
    variant: str
    start: int
    stop: int


@dataclass(slots=True)
class Struck:
    """What a fault turned out to be: when it began, and how it is told."""

    onset: int
    notes: str
    factor: Factor | None = None


@dataclass(slots=True)
class Story:
    """An incident in the making. `start`, `stop`: microseconds UTC."""

    chance: Random
    numbers: np.random.Generator
    service: Service
    start: int
    stop: int
    requests: Requests
    events: list[Event] = field(default_factory=list)
    markers: list[Marker] = field(default_factory=list)
    running: str = "0000000"
    """The version that runs at the start."""
    restarts: list[int] = field(default_factory=list)
    """When the service starts again without a change; written last, when all deploys are known."""

    def between(self, start: int, stop: int) -> Numbers:
        """The requests that came then."""
        first, last = np.searchsorted(self.requests.at, [start, stop])
        return np.arange(first, last)

    def some(self, rows: Numbers, share: float) -> Numbers:
        """A part of them, by chance."""
        return rows[self.numbers.random(len(rows)) < share]

    def version(self) -> str:
        return f"{self.chance.getrandbits(28):07x}"

    def write_restarts(self) -> None:
        """Write the lines of starts of the version that runs then."""
        for at in self.restarts:
            deployed = [(when, version) for when, _, version in self.markers if when <= at]
            self._start(at, max(deployed)[1] if deployed else self.running)

    def deploy(self, at: int, version: str) -> None:
        """Write the lines of a start of another version, and mark it."""
        self._start(at, version)
        self.markers.append((at, "deploy", version))

    def _start(self, at: int, version: str) -> None:
        name, chance = self.service.name, self.chance
        texts = (
            f"starting {name} version {version}",
            f"{name} {version} starting up, pid {chance.randrange(300, 32_000)}",
            f"Booting {name} (build {version})",
            f"Started {name} {version} in {chance.uniform(1, 9):.3f} seconds",
        )
        text = texts[self._wording]
        if chance.random() < 0.6:
            self.say(at - chance.randrange(1_000_000, 6_000_000), "INFO", "main", "received SIGTERM, shutting down")
        for _ in range(chance.choice((0, 0, 1, 3))):
            self.say(at - chance.randrange(10_000, 900_000), "WARNING", "main", "a request was cut off by the shutdown")
        self.say(at, "INFO", "main", text)
        if chance.random() < 0.6:
            self.say(
                at + chance.randrange(100_000, 900_000), "INFO", "main", "configuration loaded, listening on :8080"
            )

    def say(self, at: int, level: str, logger: str, text: str, **fields: object) -> None:
        self.events.append(Event(at, level, logger, text, fields))

    @property
    def _wording(self) -> int:
        return len(self.service.tenants) % 4
