"""What is true of a generated incident: the answer that a diagnosis is scored against."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import NamedTuple


class Kind(StrEnum):
    """What went wrong."""

    DEPLOY = "deploy"
    DATA = "data"
    LOAD = "load"
    DEPENDENCY = "dependency"
    LEAK = "leak"
    TWO = "two"
    NONE = "none"


SCOPE_OF = {
    Kind.DEPLOY: "deploy",
    Kind.DATA: "data",
    Kind.LOAD: "load",
    Kind.DEPENDENCY: "dependency",
    Kind.LEAK: "load",
}


class Factor(NamedTuple):
    """What the failing requests have in common, in the words of the log.

    `op`: "=" (equal), ">" (a number above), "longer" (a text of more characters than), "null", "missing" or
    "unicode" (characters beyond ASCII); the last three have no value.
    """

    field: str
    op: str
    value: str | int | None


Marker = tuple[int, str, str]
"""Microseconds UTC, the kind (deploy, restart), the reference (a short hash)."""


@dataclass(frozen=True, slots=True)
class Truth:
    """`onset`: microseconds UTC of the first record of the (first) fault, or of a leak's first error; None without one.

    `variant` names how the kind shows (of two faults: both, joined by `+`). `paths` are to be given to the diagnosis,
    and `markers` with them. `onsets` are those of all faults. `notes` is a sentence for people.
    """

    seed: int
    kind: Kind
    variant: str
    scopes: frozenset[str]
    onset: int | None
    onsets: tuple[int, ...]
    factor: Factor | None
    markers: tuple[Marker, ...]
    paths: tuple[Path, ...]
    notes: str
