"""What happens in every log and means nothing: background errors, bursts of warnings, deploys, cron jobs, bots."""

from __future__ import annotations

from dataclasses import replace

from cockpit.clock import MINUTE, SECOND
from tests.incidents.failures import BACKGROUND
from tests.incidents.story import Event, Story

_WARNINGS = (
    "slow query: {} ms, SELECT * FROM sessions WHERE id = {}",
    "cache miss for key user:{}:{}, reading through",
    "deprecated parameter page_token used by client {} (call {})",
    "rate of client {} is near its limit: {} calls",
    "retry {} of message {} succeeded",
    "clock of host {} is ahead by {} ms",
)
_SCANS = ("/wp-login.php", "/.env", "/phpmyadmin/index.php", "/.git/config", "/admin.php", "/actuator/env")


def background(story: Story) -> None:
    """A few errors that have nothing to do with anything, at a steady low rate. They come before any fault's."""
    chance, found = story.chance, story.requests
    rows = story.between(story.start, story.stop)
    for concept in chance.sample(BACKGROUND, chance.randrange(2, 5)):
        failure = story.service.failure(concept, chance, chance.choice((500, 500, 502)))
        found.fail(story.some(rows, chance.uniform(0.0005, 0.004)), failure, False)
    if story.service.peers and chance.random() < 0.5:
        failure = story.service.failure("peer timeout", chance, 504)
        failure = replace(failure, text=failure.text.replace("{peer}", chance.choice(story.service.peers)))
        found.fail(story.some(rows, chance.uniform(0.0002, 0.0015)), failure, False)


def around(story: Story, onsets: tuple[int, ...], deploys: int) -> None:
    """Everything else: `deploys` harmless deploys, restarts, cron, warnings, heart beats, bots."""
    chance = story.chance
    for _ in range(deploys):
        story.deploy(_away(story, onsets), story.version())
    if chance.random() < 0.4:
        story.restarts.append(_away(story, onsets))
    story.write_restarts()
    for at in _times(story, chance.randrange(0, 4)):
        _burst(story, at)
    _steady(story)
    if chance.random() < 0.7:
        _cron(story)
    if chance.random() < 0.6:
        _beat(story, "INFO", "health", chance.choice(("health check ok", "readiness probe: ok", "still alive")))
    for at in _times(story, chance.randrange(0, 3)):
        _scan(story, at)
    if chance.random() < 0.3:
        _blip(story, _away(story, onsets))
    if chance.random() < 0.3:
        _refusals(story, _away(story, onsets))


def _away(story: Story, onsets: tuple[int, ...]) -> int:
    """A time that is not shortly before an onset, but for few."""
    chance = story.chance
    near = [(onset - 20 * MINUTE, onset + 3 * MINUTE) for onset in onsets]
    if onsets and chance.random() < 0.03:
        return onsets[0] - int(chance.uniform(3, 15) * MINUTE)
    for _ in range(100):
        at = int(chance.uniform(story.start + 2 * MINUTE, story.stop - 2 * MINUTE))
        if not any(first <= at <= last for first, last in near):
            return at
    return story.start + 2 * MINUTE


def _times(story: Story, count: int) -> list[int]:
    return sorted(int(story.chance.uniform(story.start, story.stop)) for _ in range(count))


def _burst(story: Story, at: int) -> None:
    chance = story.chance
    text = chance.choice(_WARNINGS)
    for _ in range(chance.randrange(15, 120)):
        at += int(chance.expovariate(1) * 2 * SECOND)
        if at < story.stop:
            story.say(at, "WARNING", "runtime", text.format(chance.randrange(1, 9999), chance.randrange(1, 99_999)))


def _steady(story: Story) -> None:
    chance = story.chance
    for text in chance.sample(_WARNINGS, chance.randrange(1, 4)):
        every = chance.uniform(0.5, 8) * MINUTE
        at = story.start + int(chance.expovariate(1) * every)
        while at < story.stop:
            story.say(at, "WARNING", "runtime", text.format(chance.randrange(1, 9999), chance.randrange(1, 99_999)))
            at += int(chance.expovariate(1) * every)


def _cron(story: Story) -> None:
    """A job every few minutes; it always has an error or two of its own, or only sometimes."""
    chance = story.chance
    every = chance.choice((5, 10, 15, 30)) * MINUTE
    name = chance.choice(("cleanup", "reconcile", "report", "warm-cache"))
    often = chance.choice((0.3, 1.0))
    failure = story.service.failure(chance.choice(BACKGROUND), chance)
    for at in range(story.start - story.start % every + every, story.stop - 10 * SECOND, every):
        story.say(at, "INFO", "cron", f"job {name} started")
        if chance.random() < often:
            for number in range(chance.randrange(1, 3)):
                event = Event(at + (number + 1) * SECOND, "ERROR", "cron", f"job {name}: one entry was skipped")
                event.failure, event.failure_text = failure, failure.text
                story.events.append(event)
        story.say(at + 5 * SECOND, "INFO", "cron", f"job {name} finished, {chance.randrange(10, 900)} entries")


def _beat(story: Story, level: str, logger: str, text: str) -> None:
    for at in range(
        story.start + story.chance.randrange(0, MINUTE), story.stop, story.chance.choice((30, 60)) * SECOND
    ):
        story.say(at, level, logger, text)


def _blip(story: Story, at: int) -> None:
    """Two or three errors of a peer within seconds, and then never again."""
    if not story.service.peers:
        return
    failure = story.service.failure("peer reset", story.chance, 502)
    text = failure.text.replace("{peer}", story.chance.choice(story.service.peers))
    for _ in range(story.chance.randrange(2, 4)):
        at += int(story.chance.uniform(0.5, 8) * SECOND)
        if at < story.stop:
            story.events.append(Event(at, "ERROR", "client", "call was not answered", {}, failure, text))


def _refusals(story: Story, at: int) -> None:
    """One client sends what the service rightly refuses, for some minutes."""
    chance = story.chance
    user = chance.randrange(1000, 1400)
    for _ in range(chance.randrange(30, 150)):
        at += int(chance.expovariate(1) * 3 * SECOND)
        if at < story.stop:
            fields: dict[str, object] = {story.service.words.user: user, "reason": "signature"}
            story.events.append(Event(at, "WARNING", "auth", "request was refused", fields))


def _scan(story: Story, at: int) -> None:
    """A bot tries addresses that do not exist."""
    if story.service.jobs:
        return
    chance = story.chance
    for _ in range(chance.randrange(20, 90)):
        at += int(chance.expovariate(1) * SECOND)
        fields = {"method": "GET", "path": chance.choice(_SCANS), "status": 404, "latency": chance.uniform(0.3, 2)}
        if at < story.stop:
            story.events.append(Event(at, "", "", "", fields, place="access"))
