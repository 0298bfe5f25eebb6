"""The requests that a service answers: when they come, from whom, how large, how long they take."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt

from cockpit.clock import HOUR, MINUTE
from tests.incidents.failures import Failure
from tests.incidents.service import COUNTRIES, PLANS, Service

Numbers = npt.NDArray[np.int64]
Reals = npt.NDArray[np.float64]

FIRST = (
    "Ana",
    "Ben",
    "Carla",
    "Dmitri",
    "Elif",
    "Femi",
    "Greta",
    "Hugo",
    "Ines",
    "Jonas",
    "Kim",
    "Lena",
    "Mara",
    "Noah",
)
LAST = ("Smith", "Meyer", "Rossi", "Novak", "Silva", "Okafor", "Jansen", "Dubois", "Larsen", "Khan", "Weber", "Lopez")
NULL, MISSING = "\0null", "\0missing"


@dataclass(slots=True)
class Surge:
    """A time in which requests come `factor` times as often; it takes `ramp` to get there (microseconds)."""

    start: int
    stop: int
    factor: float
    ramp: int


@dataclass(slots=True)
class Requests:
    """One column per attribute, one row per request, in the order of time.

    at: int64[n], microseconds UTC, when it came. latency: float64[n], milliseconds. failure: int64[n], index into
    `failures`, -1 where it did not fail. fault: bool[n], whether the fault made it fail. The texts are object[n].
    """

    at: Numbers
    endpoint: Numbers
    user: Numbers
    tenant: npt.NDArray[np.object_]
    country: npt.NDArray[np.object_]
    plan: npt.NDArray[np.object_]
    items: Numbers
    size: Numbers
    name: npt.NDArray[np.object_]
    optional: npt.NDArray[np.object_]
    latency: Reals
    failure: Numbers
    fault: npt.NDArray[np.bool_]
    failures: list[Failure] = field(default_factory=list)

    def fail(self, rows: Numbers, failure: Failure, fault: bool) -> None:
        """Let some requests fail; those that already do keep their failure."""
        free = rows[self.failure[rows] < 0]
        self.failures.append(failure)
        self.failure[free] = len(self.failures) - 1
        self.fault[free] = fault


def arrivals(
    start: int, stop: int, count: int, surges: list[Surge], swing: float, chance: np.random.Generator
) -> Numbers:
    """Times of about `count` requests in the order of time.

    `swing`: how much more come by day, and less by night (0 to 1).
    """
    step = 10_000_000
    grid = np.arange(start, stop, step)
    hour = (grid % (24 * HOUR)) / HOUR
    rate = 1 + swing * np.sin((hour - 9) / 24 * 2 * np.pi)
    drift = np.repeat(chance.gamma(40, 1 / 40, len(grid) // 12 + 1), 12)[: len(grid)]
    rate = rate * drift
    rate /= rate.mean()
    for surge in surges:
        rising = np.clip((grid - surge.start) / surge.ramp, 0, 1) * np.clip((surge.stop - grid) / surge.ramp, 0, 1)
        rate *= 1 + (surge.factor - 1) * rising
    least = 12 * step / MINUTE  # requests in a step on a usual day, so that a fault can be seen
    counts = chance.poisson(rate * max(count / rate.sum(), least))
    times = np.repeat(grid, counts) + chance.integers(0, step, counts.sum())
    return np.sort(times.astype(np.int64))


def requests(at: Numbers, service: Service, chance: np.random.Generator) -> Requests:
    """What comes at these times while nothing is wrong."""
    count = len(at)
    endpoint = chance.choice(len(service.endpoints), count, p=[each.share for each in service.endpoints])
    users = int(max(50, count // 12))
    user = np.minimum((chance.pareto(1.1, count) * 8).astype(np.int64), users)
    of_tenant = chance.integers(0, len(service.tenants), users + 1)
    of_country = chance.choice(len(COUNTRIES), users + 1, p=_falling(len(COUNTRIES)))
    of_plan = chance.choice(len(PLANS), users + 1, p=_falling(len(PLANS)))
    first, last = chance.integers(0, len(FIRST), users + 1), chance.integers(0, len(LAST), users + 1)
    names = np.array([f"{FIRST[a]} {LAST[b]}" for a, b in zip(first, last, strict=True)], object)
    median = np.array([each.latency for each in service.endpoints])[endpoint]
    items = np.maximum(1, chance.lognormal(1.6, 0.9, count)).astype(np.int64)
    optional = np.array([f"V{number:05d}" for number in chance.integers(0, 99_999, count)], object)
    return Requests(
        at,
        endpoint,
        user + 1000,
        np.array(service.tenants, object)[of_tenant[user]],
        np.array(COUNTRIES, object)[of_country[user]],
        np.array(PLANS, object)[of_plan[user]],
        items,
        (items * chance.lognormal(4.5, 0.5, count)).astype(np.int64) + 40,
        names[user],
        optional,
        median * chance.lognormal(0, 0.35, count),
        np.full(count, -1, np.int64),
        np.zeros(count, bool),
    )


def recent(at: Numbers, within: int = MINUTE) -> Numbers:
    """int64[n]: how many requests came in the time (microseconds) up to each."""
    return np.arange(1, len(at) + 1) - np.searchsorted(at, at - within)


def _falling(count: int) -> Reals:
    weights = 1 / np.arange(1, count + 1)
    return np.asarray(weights / weights.sum(), np.float64)
