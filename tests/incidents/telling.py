"""Turns requests into the records that a service writes about them, each service in a manner of its own."""

from __future__ import annotations

from dataclasses import dataclass
from random import Random

from cockpit.clock import SECOND
from tests.incidents.failures import Failure
from tests.incidents.story import Event, Story
from tests.incidents.traffic import MISSING, NULL


@dataclass(frozen=True, slots=True)
class Manner:
    """What a service writes about a request.

    `ids`: request ids. `starts`: a record when it comes. `middle`: records on the way. `bare_errors`: an error tells
    nothing but the request id. `single`: the error is the request's last record. `bad_level`: that of the last record
    of a request that failed. `instance`: the field that names the host that answered, or empty.
    """

    ids: bool
    starts: bool
    middle: int
    bare_errors: bool
    single: bool
    bad_level: str
    access: bool
    instance: str


def invent_manner(chance: Random, jobs: bool) -> Manner:
    ids = chance.random() < 0.8
    return Manner(
        ids,
        chance.random() < 0.35,
        chance.choice((0, 0, 1)),
        ids and chance.random() < 0.5,
        chance.random() < 0.3,
        chance.choice(("ERROR", "WARNING", "INFO")),
        not jobs and chance.random() < 0.5,
        chance.choice(("", "instance", "pod", "hostname")),
    )


def records(manner: Manner, requests: int) -> int:
    """About how many records so many requests make."""
    return int(requests * (1 + manner.starts + manner.middle + manner.access))


def tell(story: Story, manner: Manner) -> None:
    """Write the records of all requests to the story's events."""
    for row in range(len(story.requests.at)):
        _request(story, manner, row)


def _request(story: Story, manner: Manner, row: int) -> None:
    found, service, chance = story.requests, story.service, story.chance
    endpoint, words = service.endpoints[found.endpoint[row]], service.words
    path = endpoint.path.replace("{n}", str(int(found.user[row]) % 977))
    at, took = int(found.at[row]), float(found.latency[row])
    end = at + int(took * 1000)
    failed = found.failure[row] >= 0
    failure = found.failures[found.failure[row]] if failed else None
    fault = bool(found.fault[row])
    ident: dict[str, object] = {words.request: f"{chance.getrandbits(64):016x}"} if manner.ids else {}
    logger = service.modules[found.endpoint[row] % len(service.modules)]
    about = {**ident, **_about(story, row)}
    if manner.instance:
        about[manner.instance] = service.hosts[int(found.user[row] + row) % len(service.hosts)]
    request = f"{endpoint.method} {path}" if not service.jobs else f"job {endpoint.path}"
    if manner.starts:
        story.events.append(Event(at, "INFO", logger, f"{request} started", dict(ident), fault=False))
    if manner.middle:
        calls = f"calling {endpoint.peer}" if endpoint.peer else "loaded from store"
        peer: dict[str, object] = {words.peer: endpoint.peer} if endpoint.peer else {}
        story.events.append(Event(at + int(took * 300), "DEBUG", logger, calls, {**ident, **peer}))
    if failure is not None and (failure.exception or failure.text):
        text = _filled(failure.text, chance)
        fields = dict(ident) if manner.bare_errors else dict(about)
        if manner.single:
            fields = {**about, words.status: failure.status, words.latency: took}
        event = Event(end - 200, failure.level, logger, f"{request} failed", fields, failure, text, fault)
        story.events.append(event)
    status = 200 if failure is None else failure.status
    if failure is None and not service.jobs:
        status = 404 if row % 97 == 5 else 201 if endpoint.method == "POST" and row % 3 == 0 else 200
    if failure is None or not manner.single or not (failure.exception or failure.text):
        level = "INFO" if failure is None else manner.bad_level if failure.exception or failure.text else "ERROR"
        fields = {**about, words.endpoint: endpoint.path if service.jobs else path, words.latency: took}
        if service.jobs:
            fields["state"] = "done" if failure is None else "failed"
        else:
            fields[words.status] = status
        story.events.append(Event(end, level, logger, f"{request} finished", fields, fault=fault))
    if manner.access:
        line = {
            "method": endpoint.method,
            "path": path,
            "status": status,
            "latency": took,
            "id": ident.get(words.request),
        }
        story.events.append(Event(end + 300, "", "", "", line, fault=fault, place="access"))


def _about(story: Story, row: int) -> dict[str, object]:
    """The fields that say who asked for what."""
    found, words = story.requests, story.service.words
    fields: dict[str, object] = {
        words.user: int(found.user[row]),
        words.tenant: found.tenant[row],
        words.country: found.country[row],
        words.plan: found.plan[row],
        words.items: int(found.items[row]),
        words.size: int(found.size[row]),
        words.name: found.name[row],
    }
    optional = found.optional[row]
    if optional != MISSING:
        fields[words.optional] = None if optional == NULL else optional
    return fields


def _filled(text: str, chance: Random) -> str:
    if "{" not in text:
        return text
    values = {
        "{n}": str(chance.randrange(1000, 999_999)),
        "{small}": str(chance.randrange(10, 99)),
        "{hex}": f"{chance.getrandbits(32):08x}",
        "{port}": str(chance.randrange(32_000, 60_000)),
    }
    for place, value in values.items():
        text = text.replace(place, value)
    return text


def finish(story: Story) -> None:
    """Fill in what other records' errors leave open, and put all in the order of time."""
    for event in story.events:
        if event.failure is not None:
            event.failure_text = _filled(event.failure_text or event.failure.text, story.chance)
    story.events = [event for event in story.events if story.start - 60 * SECOND <= event.at]
    story.events.sort(key=lambda event: event.at)


def trace_of(failure: Failure, text: str, language: str, package: str) -> list[str]:
    """The lines of a stack trace."""
    head = f"{failure.exception}: {text}" if failure.exception else text
    if language == "python":
        lines = ["Traceback (most recent call last):"]
        for file, function, line in failure.frames:
            lines += [
                f'  File "/{package}/{file}.py", line {line}, in {function}',
                f"    return self.{function}(value)",
            ]
        return [*lines, head]
    if language == "java":
        inner = "com.acme." + package.rsplit("/", 1)[-1].replace("_", "")
        return [head] + [
            f"\tat {inner}.{file.title()}Service.{function}({file.title()}Service.java:{line})"
            for file, function, line in reversed(failure.frames)
        ]
    if language == "node":
        return [head] + [
            f"    at {function} (/{package}/src/{file}.js:{line}:{line % 40 + 3})"
            for file, function, line in reversed(failure.frames)
        ]
    return []
