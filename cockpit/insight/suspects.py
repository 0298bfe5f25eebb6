"""Commits ranked as causes of an error, each with its reasons in words. Pure.

A conditional logit: every reason adds its weight, and the score is the commit's share among all that were looked at
and one more, `none of these`. See `clues` for the weights.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from cockpit.history.changes import Change
from cockpit.insight.closeness import KnownFrame, Near, nearness
from cockpit.insight.clues import NONE_OF_THESE, NONE_WITH_FRAMES, Clue, clues_of
from cockpit.insight.diff_words import changed_words, rarities

_TOLD = 6  # reasons of a suspect


@dataclass(frozen=True, slots=True)
class Deploy:
    """When a revision began to run (microseconds), and which commits it brought."""

    at: int
    sha: str
    brought: frozenset[str]


@dataclass(frozen=True, slots=True)
class Case:
    """What is known of an error and of the code it came from.

    frames: innermost first; onset: microseconds, None: unknown; words: of the message; packages: libraries whose code
    stands in the trace; deploys: before the onset, the newest first.
    """

    frames: tuple[KnownFrame, ...]
    onset: int | None
    words: tuple[str, ...]
    packages: frozenset[str] = frozenset()
    deploys: tuple[Deploy, ...] = ()


@dataclass(frozen=True, slots=True)
class Reason:
    """Why a commit is suspected, as a phrase. weight: what it adds (natural logarithm of odds); below 0: against it."""

    text: str
    weight: float


@dataclass(frozen=True, slots=True)
class Suspect:
    """A commit. score: 0 to 1; reasons: heaviest first; path, line: where to open its diff; path may be empty."""

    sha: str
    short: str
    subject: str
    author: str
    at: int
    score: float
    reasons: tuple[Reason, ...]
    path: str
    line: int
    repository: str


@dataclass(frozen=True, slots=True)
class Weighed:
    """A commit with what speaks for and against it, before it is compared with others."""

    change: Change
    clues: tuple[Clue, ...]
    path: str
    line: int
    repository: str = ""
    weight: float = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "weight", sum(clue.weight for clue in self.clues))


def weigh(case: Case, changes: Sequence[Change], repository: str = "") -> list[Weighed]:
    """What speaks for and against each of these commits (newest first), in their order."""
    near = nearness(case.frames, [(change.commit.sha, change.files) for change in changes])
    words = {change.commit.sha: changed_words(change.files, case.words) for change in changes}
    rarity = rarities(case.words, list(words.values()))
    newest = max((change.commit.at for change in changes), default=0)
    found = []
    for change in changes:
        own = near.get(change.commit.sha, [])
        clues = clues_of(case, change, own, _said(words[change.commit.sha], rarity), newest)
        path, line = _place(own)
        found.append(Weighed(change, tuple(clues), path, line, repository))
    return found


def rank(weighed: Sequence[Weighed], top: int, *, with_frames: bool) -> tuple[Suspect, ...]:
    """The likeliest, best first; of commits that weigh the same, the one that came first in the list.

    with_frames: the trace has frames in the repository.
    """
    none = NONE_WITH_FRAMES if with_frames else NONE_OF_THESE
    most = max((each.weight for each in weighed), default=none)
    most = max(most, none)
    whole = sum(math.exp(each.weight - most) for each in weighed) + math.exp(none - most)
    best = sorted(weighed, key=lambda each: -each.weight)[:top]
    return tuple(_suspect(each, math.exp(each.weight - most) / whole) for each in best)


def _suspect(weighed: Weighed, score: float) -> Suspect:
    commit = weighed.change.commit
    told = sorted((clue for clue in weighed.clues if clue.text), key=lambda clue: -abs(clue.weight))
    reasons = tuple(Reason(clue.text, round(clue.weight, 2)) for clue in told[:_TOLD])
    where = (weighed.path, weighed.line)
    about = (commit.sha, commit.short, commit.subject, commit.author, commit.at)
    return Suspect(*about, round(score, 4), reasons, *where, weighed.repository)


def _said(found: frozenset[str], rarity: Mapping[str, float]) -> dict[str, float]:
    return {word: rarity[word] for word in sorted(found, key=lambda word: -rarity[word])}


def _place(near: Sequence[Near]) -> tuple[str, int]:
    """The hunk nearest to the innermost frame."""
    touched = [each.touched for each in near if each.touched is not None]
    return (touched[0].path, touched[0].line) if touched else ("", 1)
