"""Makes requests of a story fail as a fault of each scope would."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from cockpit.clock import MINUTE, SECOND
from tests.incidents.failures import Failure
from tests.incidents.service import COUNTRIES, PLANS
from tests.incidents.story import Event, Story, Struck, Wanted
from tests.incidents.traffic import MISSING, NULL, Numbers, recent
from tests.incidents.truth import Factor

VARIANTS = {
    "deploy": ("new-everywhere", "new-partial", "endpoint", "rise-of-old", "plain-5xx", "crash-loop"),
    "data": ("tenant", "country", "plan", "items", "payload", "null", "missing", "unicode", "long"),
    "load": ("pool", "memory", "queue", "files", "timeout", "shed"),
    "dependency": ("429", "timeout", "refused", "reset", "certificate", "dns", "503"),
    "leak": ("leaking-memory", "leaking-connections", "leaking-files"),
}
_ODD = ("José Muñoz", "Łukasz Żak", "李小龍", "Анна Иванова", "Zoë 🦊 Fox", "Þórdís Ægisdóttir", "Nguyễn Thị Hoa")


def strike(story: Story, wanted: Wanted) -> Struck:
    """Let the fault happen; its first failing request is the onset."""
    makers = {"deploy": _deploy, "data": _data, "load": _load, "dependency": _dependency, "leak": _leak}
    return makers[wanted.scope](story, wanted)


def _onset(story: Story, rows: Numbers) -> int:
    rows = rows[story.requests.fault[rows]]
    if not len(rows):
        raise ValueError("the fault hits no request")
    return int(story.requests.at[rows[0]])


def _deploy(story: Story, wanted: Wanted) -> Struck:
    chance, found = story.chance, story.requests
    version = story.version()
    story.deploy(wanted.start, version)
    rows = story.between(wanted.start + 1_500_000, wanted.stop)
    failure = story.service.failure(chance.choice(("none", "key", "column", "argument", "assertion")), chance)
    told = wanted.variant
    if told == "crash-loop":
        return _crash_loop(story, wanted, version, rows)
    if told == "new-everywhere":
        hit = story.some(rows, chance.uniform(0.75, 1.0))
    elif told == "new-partial":
        hit = story.some(rows, chance.uniform(0.12, 0.5))
    elif told == "endpoint":
        busiest = np.argsort(np.bincount(found.endpoint[rows], minlength=len(story.service.endpoints)))[-2:]
        hit = story.some(rows[found.endpoint[rows] == chance.choice(busiest.tolist())], chance.choice((1.0, 0.6)))
    elif told == "rise-of-old":
        failure = found.failures[0]
        hit = story.some(rows, chance.uniform(0.15, 0.4))
    else:
        failure = Failure("", "", chance.choice((500, 502)))
        hit = story.some(rows, chance.uniform(0.2, 0.7))
    found.fail(hit, failure, True)
    if wanted.stop < story.stop - MINUTE:
        story.deploy(wanted.stop, story.version())
    return Struck(_onset(story, rows), f"deploy {version} ({told}): {failure.exception or failure.status}")


def _crash_loop(story: Story, wanted: Wanted, version: str, rows: Numbers) -> Struck:
    """The new version dies again and again; between its deaths some requests are answered."""
    chance, found = story.chance, story.requests
    failure = story.service.failure("key", chance, 502)
    at = wanted.start
    while at < wanted.stop:
        at += int(chance.uniform(20, 50) * SECOND)
        story.events.append(_fatal(at, story.service.failure("key", chance)))
        story.say(at + 4 * SECOND, "INFO", "main", f"starting {story.service.name} version {version}")
    found.fail(story.some(rows, chance.uniform(0.3, 0.6)), failure, True)
    if wanted.stop < story.stop - MINUTE:
        story.deploy(wanted.stop + 60 * SECOND, story.version())
    first = min([_onset(story, rows), *(event.at for event in story.events if event.fault)])
    return Struck(first, f"deploy {version} (crash-loop)")


def _fatal(at: int, failure: Failure) -> Event:
    return Event(at, "CRITICAL", "main", "worker died of an unhandled error", {}, failure, failure.text, fault=True)


def _data(story: Story, wanted: Wanted) -> Struck:
    """Requests with the hurtful data come from the start on, or there always was a trickle of them that rises."""
    chance, found, told = story.chance, story.requests, wanted.variant
    rows = story.between(wanted.start, wanted.stop)
    per_minute = len(rows) / max(1, (wanted.stop - wanted.start) / MINUTE)
    hit = story.some(rows, min(0.35, max(chance.uniform(0.04, 0.2), 4 / per_minute)))
    before = story.between(story.start, wanted.start - 5 * MINUTE)
    trickle = story.some(before, 0.05 / per_minute) if chance.random() < 0.35 else before[:0]
    bearing = np.concatenate([trickle, hit])
    concept = {"tenant": "category", "country": "category", "plan": "category", "items": "large", "payload": "large"}
    concept |= {"null": "missing", "missing": "missing", "unicode": "unicode", "long": "long"}
    name = chance.choice(("category", "rounding")) if concept[told] == "category" else concept[told]
    failure = story.service.failure(name, chance, chance.choice((500, 500, 422, 400)) if told != "items" else 500)
    if failure.status < 500:
        failure = replace(failure, status=500)
    factor = _bear(story, told, bearing, wanted.start, before)
    found.fail(story.some(bearing, 1.0 if chance.random() < 0.7 else 0.92), failure, True)
    onset = _onset(story, hit)
    trickled = f", after a trickle of {len(trickle)}" if len(trickle) else ""
    return Struck(onset, f"{factor.field} {factor.op} {factor.value}{trickled}", factor)


def _bear(story: Story, told: str, rows: Numbers, start: int, before: Numbers) -> Factor:
    """Give these requests the hurtful data; no other request has it."""
    chance, found, words = story.chance, story.requests, story.service.words
    columns = {"tenant": found.tenant, "country": found.country, "plan": found.plan}
    if told in columns:
        column = columns[told]
        choices = {"tenant": story.service.tenants, "country": COUNTRIES, "plan": PLANS}[told]
        value = chance.choice(choices)
        others = [each for each in choices if each != value]
        same = np.flatnonzero(column == value)
        if chance.random() < 0.5 or len(story.between(start, story.stop)) < 200:
            column[same] = chance.choice(others)  # it comes only now
        else:  # its requests were well until then
            after = same[found.at[same] >= start]
            column[after] = chance.choice(others)
        column[rows] = value
        return Factor(getattr(words, told), "=", value)
    if told in ("items", "payload"):
        column_of = found.items if told == "items" else found.size
        limit = int(max(chance.choice((500, 1000, 2000)) if told == "items" else 1 << 16, 1.2 * column_of.max()))
        column_of[rows] = (limit * story.numbers.uniform(1.02, 4, len(rows))).astype(np.int64)
        return Factor(getattr(words, "items" if told == "items" else "size"), ">", limit)
    if told in ("null", "missing"):
        found.optional[rows] = NULL if told == "null" else MISSING
        return Factor(words.optional, told, None)
    if told == "unicode":
        found.name[rows] = [chance.choice(_ODD) for _ in rows]
        return Factor(words.name, "unicode", None)
    found.name[rows] = [f"{name} " * chance.randrange(10, 18) for name in found.name[rows]]
    return Factor(words.name, "longer", 64)


def _load(story: Story, wanted: Wanted) -> Struck:
    """Above what the service can bear, errors and latency follow the rate; the surge itself is in the requests."""
    chance, found = story.chance, story.requests
    rate = recent(found.at).astype(float)
    outside = (found.at < wanted.start) | (found.at > wanted.stop + 12 * MINUTE)
    limit = float(rate[outside].max()) * 1.15
    strain = rate / limit
    rows = np.flatnonzero((strain > 1) & (found.at >= wanted.start))
    failing = np.clip(0.1 + 0.6 * (strain[rows] - 1), 0, 0.75)
    hit = rows[story.numbers.random(len(rows)) < failing]
    status = {"shed": 503, "queue": 503, "timeout": 504}.get(wanted.variant, 500)
    found.fail(hit, story.service.failure(wanted.variant, chance, status), True)
    found.latency *= 1 + np.clip(strain - 0.75, 0, 1.5) * chance.uniform(3, 8)
    _complain(story, wanted, rows)
    return Struck(_onset(story, rows), f"more requests than it can bear ({wanted.variant})")


def _complain(story: Story, wanted: Wanted, rows: Numbers) -> None:
    """Warnings of the service itself while it is strained."""
    texts = {
        "pool": "connection pool: {} of 15 in use, {} waiting",
        "memory": "GC pause of {} ms, heap at 9{} %",
        "queue": "request queue is filling: {} of 1000, {} workers busy",
        "files": "open files: {} of 1024, {} sockets",
        "timeout": "event loop is {} ms behind, {} tasks",
        "shed": "in flight: {} of 128, {} queued",
    }
    if story.chance.random() < 0.6:
        for row in story.some(rows, 0.02):
            text = texts[wanted.variant].format(story.chance.randrange(10, 999), story.chance.randrange(1, 9))
            story.say(int(story.requests.at[row]), "WARNING", "runtime", text)


def _dependency(story: Story, wanted: Wanted) -> Struck:
    chance, found, service = story.chance, story.requests, story.service
    rows = story.between(wanted.start, wanted.stop)
    peer_of = np.array([endpoint.peer for endpoint in service.endpoints], object)[found.endpoint]
    peer = chance.choice(service.peers)
    using = rows[peer_of[rows] == peer]
    full = wanted.variant in ("certificate", "dns", "refused") and chance.random() < 0.8
    hit = story.some(using, 1.0 if full else chance.uniform(0.45, 0.95))
    status = {"timeout": 504, "429": 503}.get(wanted.variant, chance.choice((502, 500)))
    failure = service.failure(f"peer {wanted.variant}", chance, status)
    found.fail(hit, replace(failure, text=failure.text.replace("{peer}", peer)), True)
    if wanted.variant == "timeout":
        found.latency[hit] = 5000 + story.numbers.exponential(20, len(hit))
    if chance.random() < 0.5:
        _retries(story, peer, hit)
    return Struck(_onset(story, using), f"{peer}: {wanted.variant}")


def _retries(story: Story, peer: str, rows: Numbers) -> None:
    """Warnings of a client that tries again before it gives up."""
    text = story.chance.choice(("call to {} failed, attempt {} of 3", "{} did not answer as expected, retry {}"))
    for row in story.some(rows, 0.7):
        at = int(story.requests.at[row]) + 1000
        story.events.append(Event(at, "WARNING", "client", text.format(peer, story.chance.randrange(1, 3)), fault=True))


def _leak(story: Story, wanted: Wanted) -> Struck:
    """Something grows over hours until requests fail; a restart heals it for a while."""
    chance, found = story.chance, story.requests
    what = wanted.variant.removeprefix("leaking-")
    since = story.start + int((wanted.start - story.start) * chance.uniform(0.05, 0.2))
    restart = wanted.start + int((story.stop - wanted.start) * chance.uniform(0.5, 0.75))
    heals = chance.random() < 0.5
    fill = np.clip((found.at - since) / (wanted.start - since), 0, 1.6)
    if heals:
        fill = np.where(found.at > restart, np.clip((found.at - restart) / (wanted.start - since), 0, 1.6), fill)
        story.restarts.append(restart)
    found.latency *= 1 + fill**2 * chance.uniform(0.8, 2.5)
    rows = np.flatnonzero(fill >= 1)
    failing = np.clip(0.15 + 2.5 * (fill[rows] - 1), 0, 0.9)
    concept = {"memory": "memory", "connections": "pool", "files": "files"}[what]
    found.fail(rows[story.numbers.random(len(rows)) < failing], story.service.failure(concept, chance), True)
    if chance.random() < 0.7:
        _gauge(story, what, fill)
    return Struck(_onset(story, rows), f"{what} leak until the limit is reached")


def _gauge(story: Story, what: str, fill: np.ndarray) -> None:  # type: ignore[type-arg]
    """A line a minute that tells how full it is."""
    texts = {
        "memory": "resident memory {} MB of 2048 MB",
        "connections": "database connections in use: {} of 100",
        "files": "open file descriptors: {} of 4096",
    }
    most = {"memory": 2048, "connections": 100, "files": 4096}[what]
    for at in range(story.start, story.stop, MINUTE):
        row = min(int(np.searchsorted(story.requests.at, at)), len(fill) - 1)
        value = int(most * (0.2 + 0.8 * min(1.0, float(fill[row]))) * story.chance.uniform(0.97, 1.0))
        story.say(at, "WARNING" if value > most * 0.92 else "INFO", "runtime", texts[what].format(value))
