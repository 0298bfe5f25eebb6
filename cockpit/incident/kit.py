"""The evidence kit: the six kinds of evidence that a cause is found by, which of them are there, and how to get others.

Pure: a fold of the items, each of which says what it covers.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import Enum
from typing import Any

from cockpit.incident.evidence import Evidence


class State(Enum):
    """Whether a kind of evidence is there; the value is the sign of it."""

    THERE = "✓"
    PARTLY = "◐"
    MISSING = "○"


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of evidence. what: in full; how: the key or the command that gets it; more: what gets what is lacking."""

    name: str
    what: str
    how: str
    more: str = ""


@dataclass(frozen=True, slots=True)
class Check:
    """A kind, and how it stands. items: labels of those that cover it best; lacking: what they do not have."""

    kind: Kind
    state: State
    items: tuple[str, ...] = ()
    lacking: str = ""

    @property
    def how(self) -> str:
        """The key or the command that gets it, or what it lacks; empty where it is all there."""
        if self.state is State.THERE:
            return ""
        return (self.state is State.PARTLY and self.kind.more) or self.kind.how


KINDS = (
    Kind("error", "the exact error text", "e, then c, in the logs"),
    Kind("trace", "the full stack trace", "c on an error with one"),
    Kind("logs", "the logs five minutes before and after", "c in the logs", "- in the item: narrower"),
    Kind("request", "the data of the request", "c on a record with a request id"),
    Kind("environment", "the host, and the commit that is deployed", "cockpit --repo DIR, then c"),
    Kind(
        "timing",
        "first seen, rate before and after, the deploy before",
        "c on a record with a time",
        "cockpit capture LOG --line N",
    ),
)
"""In the order in which they are shown."""


def kit(items: Sequence[Evidence]) -> tuple[Check, ...]:
    """How each of KINDS stands: partly there where every item that covers it lacks something."""
    return tuple(_check(kind, [(each.label, dict(each.covers)) for each in items]) for kind in KINDS)


def complete(items: Sequence[Evidence]) -> bool:
    """Whether all six kinds are there."""
    return all(check.state is State.THERE for check in kit(items))


def shown(check: Check) -> dict[str, Any]:
    """A check as `cockpit show --json` has it."""
    return {
        "kind": check.kind.name,
        "what": check.kind.what,
        "state": check.state.name.lower(),
        "evidence": list(check.items),
        "lacking": check.lacking or None,
        "how": check.how or None,
    }


def line(checks: Sequence[Check]) -> str:
    """`✓ error  ✓ trace  ✓ logs  ✓ request  ○ environment  ✓ timing`"""
    return "  ".join(f"{check.state.value} {check.kind.name}" for check in checks)


def hints(checks: Sequence[Check]) -> list[str]:
    """A line for each kind that is not wholly there: what is missing, and what gets it; one where nothing is there."""
    if all(check.state is State.MISSING for check in checks):
        return ["e, then c, in the logs: keeps an error, and all else that is known of it"]
    return [
        f"{check.state.value} {check.kind.name}: {check.lacking or check.kind.what} → {check.how}"
        for check in checks
        if check.state is not State.THERE
    ]


def _check(kind: Kind, covers: Sequence[tuple[str, Mapping[str, str]]]) -> Check:
    covering = [(label, each[kind.name]) for label, each in covers if kind.name in each]
    whole = tuple(label for label, lacking in covering if not lacking)
    if whole:
        return Check(kind, State.THERE, whole)
    if covering:
        return Check(kind, State.PARTLY, tuple(label for label, _ in covering), covering[-1][1])
    return Check(kind, State.MISSING)
