"""The usual causes of a fault that shows itself only in production, and what in the evidence speaks for each. Pure.

Words of the evidence and times are all that is looked at: a reason is a guess, and says so.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from cockpit.clock import HOUR, duration

_SHORTLY = 2 * HOUR  # how long before a record a deploy is worth a word
_QUOTED = 40  # characters


@dataclass(frozen=True, slots=True)
class Fact:
    """What an item of evidence says. text: its title and first part; source: of its record, or "".

    at: time of its record, deployed_at: of the deploy in force then; microseconds, None where that is not told.
    """

    label: str
    text: str
    at: int | None = None
    deployed_at: int | None = None
    source: str = ""


@dataclass(frozen=True, slots=True)
class Starter:
    """A cause to begin with. cost: minutes; reason: what speaks for it, "" where nothing does."""

    text: str
    prediction: str
    cost: int
    reason: str = ""


@dataclass(frozen=True, slots=True)
class _Cause:
    text: str
    prediction: str
    cost: int
    words: re.Pattern[str] | None = None


def _words(*parts: str) -> re.Pattern[str]:
    return re.compile("|".join(parts), re.IGNORECASE)


_DEPLOY = _Cause(
    "a recent deployment introduced a bug", "the errors began with the deploy, and a rollback in staging ends them", 10
)
_CAUSES = (
    _DEPLOY,
    _Cause(
        "the database connection pool is exhausted",
        "connections in use stand at the limit while it fails, and not before",
        5,
        _words(
            r"queuepool", r"too many (?:clients|connections)", r"(?:connection )?pool\b[^\n]{0,40}", r"no connection"
        ),
    ),
    _Cause(
        "a third-party API changed its behaviour",
        "the same call made by hand gets another answer than the code expects",
        10,
        _words(
            r"\b429\b", r"rate.?limit\w*", r"bad gateway", r"certificate\b[^\n]{0,20}", r"jsondecodeerror", r"upstream"
        ),
    ),
    _Cause(
        "memory leaks, or another limit is reached, under high load",
        "memory or open files grow with the requests until it fails, and a restart helps for a while",
        15,
        _words(r"memoryerror", r"out of memory", r"\boom\b", r"cannot allocate memory", r"too many open files"),
    ),
    _Cause(
        "concurrent requests race",
        "two requests at once for the same thing fail, one after the other do not",
        30,
        _words(r"deadlock\w*", r"duplicate key", r"integrityerror", r"stale\w*", r"concurren\w+", r"already exists"),
    ),
    _Cause(
        "it fails only for certain data",
        "the same request with the data of a failing one fails, with those of another it does not",
        10,
        _words(r"nonetype", r"\bnull\b", r"unicode\w*error", r"keyerror", r"indexerror", r"valueerror", r"too long"),
    ),
    _Cause(
        "a timeout is shorter than the work takes under load",
        "the failing requests all took as long as the timeout",
        10,
        _words(r"timed? ?out\w*", r"deadline exceeded"),
    ),
    _Cause(
        "the environment differs: version, variable, zone or permission",
        "it fails on some hosts and not on others that serve the same requests",
        10,
        _words(r"permission denied", r"modulenotfounderror", r"importerror", r"environment variable", r"no such file"),
    ),
)


def starters(facts: Sequence[Fact]) -> list[Starter]:
    """All causes: those that something speaks for first, else in the order of the usual."""
    found = [Starter(each.text, each.prediction, each.cost, _reason(each, facts)) for each in _CAUSES]
    return sorted(found, key=lambda each: not each.reason)


def _reason(cause: _Cause, facts: Sequence[Fact]) -> str:
    if cause is _DEPLOY:
        return _deployed(facts)
    for fact in facts:
        found = cause.words.search(fact.text) if cause.words is not None else None
        if found is not None:
            return f"a guess: {fact.label} says “{found[0][:_QUOTED].strip()}”"
    return ""


def _deployed(facts: Sequence[Fact]) -> str:
    """The deploy that came most shortly before a record."""
    near = [
        (fact.at - fact.deployed_at, fact.label)
        for fact in facts
        if fact.at is not None and fact.deployed_at is not None and 0 <= fact.at - fact.deployed_at <= _SHORTLY
    ]
    if not near:
        return ""
    after, label = min(near)
    return f"a guess: {label} was logged {duration(after)} after a deploy"
