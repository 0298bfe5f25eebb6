"""Writes the shop's day: all entries of its logs between two times, in order. Pure; the same plot, the same bytes.

Time is cut into blocks, each with dice of its own, so that the live service can go on in the middle of the story
exactly where the history ended, without telling it again from the start.
"""

from __future__ import annotations

import heapq
import math
from bisect import bisect_left
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import chain
from random import Random

from cockpit.clock import HOUR, MINUTE, SECOND
from cockpit.demo import visits
from cockpit.demo.lines import Entry
from cockpit.demo.story import HISTORY, Story
from cockpit.demo.tracebacks import tracebacks
from cockpit.demo.visits import Checkout, Release

BLOCK = 5 * SECOND
MEAN_RATE = 3.5
"""Requests a second at speed 1."""
_WARM_UP = 3 * MINUTE  # retries and slow requests reach from one block into later ones, at most this far
_PROBE = 10 * SECOND


@dataclass(frozen=True, slots=True)
class Plot:
    """What the traffic needs of the story. `first_failure`: when a large cart surely meets the fault."""

    seed: int
    start: int
    now: int
    releases: tuple[Release, ...]
    first_failure: int


def plot(story: Story, versions: Sequence[str]) -> Plot:
    """The traffic's plot. `versions`: the short commit of each deploy of the story."""
    releases = tuple(
        Release(deploy.at, version, tracebacks(deploy.tree))
        for deploy, version in zip(story.deploys, versions, strict=True)
        if deploy.at >= story.deploys[-3].at  # earlier ones are before the history, and lack some of the lines
    )
    wait = Random(f"first failure {story.seed}").randrange(12 * SECOND, 50 * SECOND)
    return Plot(story.seed, story.now - HISTORY, story.now, releases, releases[-1].at + wait)


def lines(plot: Plot, start: int, end: int, speed: float = 1.0) -> Iterator[Entry]:
    """Every entry with start <= time < end, in the order of time. After `plot.now`, `speed` times as many."""
    return chain.from_iterable(blocks(plot, start, end, speed))


def blocks(plot: Plot, start: int, end: int, speed: float = 1.0) -> Iterator[list[Entry]]:
    """The same in lists of about one block each, which is faster."""
    first = max(0, (start - _WARM_UP - plot.start) // BLOCK)
    waiting: list[Entry] = []
    again: list[Checkout] = []
    for number in range(first, (end - plot.start - 1) // BLOCK + 1):
        begin = plot.start + number * BLOCK
        _block(plot, number, speed if begin >= plot.now else 1.0, again, waiting)
        waiting.sort()
        count = bisect_left(waiting, (begin + BLOCK,))
        ready, waiting = waiting[:count], waiting[count:]
        yield [entry for entry in ready if start <= entry[0] < end]


def rate(plot: Plot, at: int) -> float:
    """Requests a second at a time, at speed 1: slow waves of the day, and a quiet quarter of an hour."""
    hours = (at - plot.start) / HOUR
    phase = plot.seed % 9973
    waves = (
        0.22 * math.sin(math.tau * hours / 5 + phase)
        + 0.09 * math.sin(math.tau * hours * 1.7 + 2 * phase)
        + 0.06 * math.sin(math.tau * hours * 6.1 + 3 * phase)
    )
    quiet = 0.5 * math.exp(-(((hours - 1.6) / 0.2) ** 2))
    return MEAN_RATE * (1 + waves) * (1 - quiet)


def _block(plot: Plot, number: int, speed: float, again: list[Checkout], into: list[Entry]) -> None:
    """All that begins in one block."""
    begin = plot.start + number * BLOCK
    end = begin + BLOCK
    dice = Random(plot.seed << 40 | number)
    _clockwork(plot, dice, begin, end, into)
    if begin <= plot.first_failure < end:
        heapq.heappush(again, visits.large_cart(dice, plot.first_failure))
    per_microsecond = rate(plot, begin) * speed / SECOND
    at = begin + int(dice.expovariate(per_microsecond))
    while at < end:
        _visit(plot, dice, at, again, into)
        at += int(dice.expovariate(per_microsecond)) + 1
    while again and again[0].at < end:
        _check_out(plot, dice, heapq.heappop(again), again, into)


def _clockwork(plot: Plot, dice: Random, begin: int, end: int, into: list[Entry]) -> None:
    """What happens by the clock: restarts, probes, the minute's job."""
    for release in plot.releases:
        if begin <= release.at < end:
            visits.restart(release, into)
    if begin % _PROBE < BLOCK:
        visits.health(dice, begin + 1_700_000, into)
    if begin % MINUTE < BLOCK:
        visits.sync_stock(dice, begin, into)


def _visit(plot: Plot, dice: Random, at: int, again: list[Checkout], into: list[Entry]) -> None:
    """One request of some kind."""
    kind = dice.random()
    if kind > 0.76:
        _check_out(plot, dice, visits.somebodys_cart(dice, at), again, into)
    elif _restarting(plot, at):
        visits.refused(dice, at, "GET /products", visits.anyone(dice), into)
    elif kind > 0.58:
        visits.fill_cart(dice, at, into)
    else:
        visits.browse(dice, at, into)


def _check_out(plot: Plot, dice: Random, visit: Checkout, again: list[Checkout], into: list[Entry]) -> None:
    if _restarting(plot, visit.at):
        visits.refused(dice, visit.at, "POST /checkout", visit.user, into)
        return
    release = next(release for release in reversed(plot.releases) if release.at <= visit.at)
    retry = visits.check_out(dice, visit, release, into)
    if retry is not None:
        heapq.heappush(again, retry)


def _restarting(plot: Plot, at: int) -> bool:
    return any(0 <= at - release.at < visits.RESTART for release in plot.releases)
