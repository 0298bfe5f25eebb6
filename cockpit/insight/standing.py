"""How signatures stand: which are new since a time, which come more often, and in what order to look at them. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum

from cockpit.clock import MINUTE

_RATIO = 2.0  # how much more often
_SURELY = 4.0  # standard deviations (of a Poisson count) over what was to be expected


class Stand(Enum):
    """What became of a signature since a time, in the order in which one looks."""

    NEW = "new"
    RISING = "rising"
    STEADY = "steady"


@dataclass(frozen=True, slots=True)
class Standing:
    """A signature as a person looks at it.

    level: the worst of its records; first, last: microseconds, NONE (-1) where no record has a time; per_minute: since
    the time, or over all where there is none; ratio: of that to the rate before.
    """

    id: str
    number: int
    template: str
    level: int
    count: int
    first: int
    last: int
    stand: Stand
    per_minute: float
    ratio: float


@dataclass(frozen=True, slots=True)
class Stretch:
    """What was looked at: from `begin` to `end`, and the time `since` which things are new (microseconds)."""

    begin: int
    since: int
    end: int

    def rates(self, count: int, after: int) -> tuple[float, float]:
        """How many a minute before and after, of `count` in all and `after` since the time. A second at least."""
        before_minutes = max(1 / 60, (self.since - self.begin) / MINUTE)
        after_minutes = max(1 / 60, (self.end - self.since) / MINUTE)
        return (count - after) / before_minutes, after / after_minutes

    def stand(self, first: int, count: int, after: int) -> Stand:
        if self.since <= self.begin:
            return Stand.STEADY  # nothing is known of before
        if first >= self.since and after:
            return Stand.NEW
        expected = (count - after) * max(1, self.end - self.since) / (self.since - self.begin)
        rises = after >= _RATIO * expected and after - expected >= _SURELY * max(1.0, expected) ** 0.5
        return Stand.RISING if rises else Stand.STEADY


def in_order(found: list[Standing]) -> list[Standing]:
    """New ones first, the worst and most frequent of them at the top; then those that rise most; then the others."""
    order = list(Stand)

    def place(each: Standing) -> tuple[float, ...]:
        rises = -each.ratio if each.stand is Stand.RISING else 0.0
        return (order.index(each.stand), rises, -each.level, -each.count, each.number)

    return sorted(found, key=place)
