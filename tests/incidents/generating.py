"""Generates incidents: a folder of logs of a fictional service in which something goes wrong, and the truth of it."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path
from random import Random

import numpy as np

from cockpit.clock import DAY, HOUR, MINUTE, from_rfc3339
from tests.incidents import noise
from tests.incidents.faults import VARIANTS, strike
from tests.incidents.layouts import access_layout, layout_for
from tests.incidents.service import Service, invent
from tests.incidents.story import Event, Story, Struck, Wanted
from tests.incidents.telling import Manner, finish, invent_manner, records, tell
from tests.incidents.traffic import Surge, arrivals, requests
from tests.incidents.truth import SCOPE_OF, Kind, Truth

_BASE = from_rfc3339("2026-03-02T00:00:00Z")


@dataclass(frozen=True, slots=True)
class Incident:
    """A story that is told, before its logs are written."""

    story: Story
    wanted: tuple[Wanted, ...]
    struck: tuple[Struck, ...]


def generate(seed: int, kind: Kind, folder: Path) -> Truth:
    """Write the logs of an incident into the folder (made if missing); the same for the same seed and kind."""
    chance = chance_of(seed, kind)
    incident = build(chance, kind)
    paths = _write(incident.story, folder, chance)
    story, wanted, struck = incident.story, incident.wanted, incident.struck
    markers = tuple(sorted(story.markers)) if chance.random() < 0.5 else ()
    onsets = tuple(sorted(_first_record(story, each) for each in struck))
    factors = [each.factor for each in struck if each.factor is not None]
    return Truth(
        seed,
        kind,
        "+".join(each.variant for each in wanted) or "nothing",
        frozenset("load" if each.scope == "leak" else each.scope for each in wanted),
        onsets[0] if onsets else None,
        onsets,
        factors[0] if factors else None,
        markers,
        tuple(paths),
        "; ".join(each.notes for each in struck) or "nothing is wrong",
    )


def _first_record(story: Story, struck: Struck) -> int:
    """When the first record of a fault was written: a little after its first request came."""
    return min((event.at for event in story.events if event.fault and event.at >= struck.onset), default=struck.onset)


def chance_of(seed: int, kind: Kind) -> Random:
    """What decides everything about an incident."""
    return Random(f"{seed} {kind}")


def build(chance: Random, kind: Kind) -> Incident:
    """Make up the service, its requests, its faults and its noise."""
    numbers = np.random.default_rng(chance.getrandbits(32))
    service = invent(chance)
    while kind in (Kind.DEPENDENCY, Kind.TWO) and not service.peers:
        service = invent(chance)
    manner = invent_manner(chance, service.jobs)
    total = int(np.clip(chance.lognormvariate(9.6, 0.5), 5000, 40_000))
    if chance.random() < 0.02:
        total = 100_000
    count = int(total / (records(manner, 1000) / 1000))
    longest = min(8.0, count / 15 / 60)
    start = _BASE + chance.randrange(0, 25) * DAY + chance.randrange(0, 86_400) * 1_000_000
    shortest = min(3.0, longest) if kind == Kind.LEAK else 1.0
    stop = start + int(max(shortest, chance.uniform(1.0, longest)) * HOUR)
    wanted = _wanted(chance, kind, start, stop)
    swing = chance.uniform(0.1, 0.25) if any(each.scope == "load" for each in wanted) else chance.uniform(0.2, 0.7)
    at = arrivals(start, stop, count, _surges(chance, wanted, start, stop), swing, numbers)
    story = Story(chance, numbers, service, start, stop, requests(at, service, numbers))
    story.running = story.version()
    noise.background(story)
    struck = tuple(strike(story, each) for each in wanted)
    _around(story, manner, tuple(each.onset for each in struck))
    return Incident(story, wanted, struck)


def _around(story: Story, manner: Manner, onsets: tuple[int, ...]) -> None:
    chance = story.chance
    noise.around(story, onsets, chance.choice((0, 1, 1, 2, 3)))
    tell(story, manner)
    if not manner.access:
        story.events = [event for event in story.events if event.place != "access"]
    finish(story)
    if chance.random() < 0.15:
        _gap(story, onsets)


def _gap(story: Story, onsets: tuple[int, ...]) -> None:
    """Some minutes of the log are lost, not around an onset."""
    length = int(story.chance.uniform(4, 15) * MINUTE)
    at = int(story.chance.uniform(story.start, story.stop - length))
    if all(onset < at - 10 * MINUTE or onset > at + length + 20 * MINUTE for onset in onsets):
        story.events = [event for event in story.events if not at <= event.at < at + length]
        story.markers = [marker for marker in story.markers if not at <= marker[0] < at + length]


def _wanted(chance: Random, kind: Kind, start: int, stop: int) -> tuple[Wanted, ...]:
    if kind == Kind.NONE:
        return ()
    if kind == Kind.TWO:
        first, second = chance.sample(("deploy", "data", "load", "dependency"), 2)
        return (
            _one(chance, first, start, stop, chance.uniform(0.25, 0.42)),
            _one(chance, second, start, stop, chance.uniform(0.6, 0.8)),
        )
    begin = chance.uniform(0.6, 0.8) if kind == Kind.LEAK else chance.uniform(0.2, 0.8)
    return (_one(chance, "leak" if kind == Kind.LEAK else SCOPE_OF[kind], start, stop, begin),)


def _one(chance: Random, scope: str, start: int, stop: int, begin: float) -> Wanted:
    at = start + int((stop - start) * begin)
    until = stop
    if scope != "leak" and chance.random() < 0.35:
        until = min(stop, at + int(max(15 * MINUTE, (stop - at) * chance.uniform(0.3, 0.8))))
    if scope == "load":
        until = min(until, at + int(chance.uniform(20, 80) * MINUTE))
    return Wanted(scope, chance.choice(VARIANTS[scope]), at, until)


def _surges(chance: Random, wanted: tuple[Wanted, ...], start: int, stop: int) -> list[Surge]:
    made = [
        Surge(each.start, each.stop + 10 * MINUTE, chance.uniform(3.5, 6.0), int(chance.uniform(1, 6) * MINUTE))
        for each in wanted
        if each.scope == "load"
    ]
    if not made and chance.random() < 0.3:
        at = int(chance.uniform(start, stop))
        made.append(Surge(at, at + int(chance.uniform(10, 40) * MINUTE), chance.uniform(1.4, 2.0), 4 * MINUTE))
    return made


def _write(story: Story, folder: Path, chance: Random) -> list[Path]:
    folder.mkdir(parents=True, exist_ok=True)
    layout = layout_for(story.service, chance)
    own = [event for event in story.events if event.place == "app"]
    texts = [layout(event) for event in own]
    paths = []
    name = chance.choice((f"{story.service.name}.log", "app.log", "service.log"))
    if chance.random() < 0.25:
        cut = int(len(texts) * chance.uniform(0.15, 0.85))
        paths.append(_file(folder / f"{name}.1", texts[:cut], own[cut - 1].at))
        texts = texts[cut:]
    paths.append(_file(folder / name, texts, own[-1].at))
    access = [event for event in story.events if event.place == "access"]
    if access:
        access_lines = access_layout(chance)
        paths.append(_file(folder / "access.log", [access_lines(event) for event in access], access[-1].at))
    if chance.random() < 0.3:
        paths.append(_second_service(story, folder, chance))
    return paths


def _second_service(story: Story, folder: Path, chance: Random) -> Path:
    """The log of another service on the same host, which is well."""
    other: Service = invent(chance)
    layout = layout_for(other, chance)
    events: list[Event] = []
    at = story.start
    while at < story.stop:
        at += int(chance.expovariate(1) * 8_000_000)
        fields = {other.words.items: chance.randrange(1, 60), other.words.latency: chance.lognormvariate(4, 0.4)}
        events.append(Event(at, "INFO", chance.choice(other.modules), "batch done", fields))
        if chance.random() < 0.004:
            events.append(Event(at + 900, "ERROR", other.modules[0], f"batch {chance.randrange(9999)} was put back"))
    name = "worker.log" if other.name in story.service.name else f"{other.name}.log"
    return _file(folder / f"other-{name}", [layout(event) for event in events], events[-1].at)


def _file(path: Path, texts: list[str], last: int) -> Path:
    path.write_text("".join(texts), encoding="utf-8")
    os.utime(path, ns=(last * 1000, last * 1000))
    return path
