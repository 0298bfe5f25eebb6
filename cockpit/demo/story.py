"""The plot of the demo as data: who committed what and when, what was deployed when, and which commit is at fault.

The chapters beside this file hold the code of the shop as edits; times in them are relative to `now`. Pure: touches
nothing but those chapters.
"""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from functools import cache
from pathlib import Path

from cockpit.clock import HOUR, MINUTE, SECOND, from_datetime, to_datetime

HISTORY = 4 * HOUR
"""How much of the past is in the logs."""
FAULTY_SUBJECT = "Sum the cart in one pass"
LARGEST_CART = 1000
"""Carts with more items than this fail once the faulty commit is deployed."""
AUTHORS = {"ana": "+0100", "ben": "+0000", "cho": "+0100", "dev": "+0200", "eli": "+0000"}
"""The people who commit, and the zones they do it in."""

Tree = dict[str, str]
"""The files of one version: path to text."""


@dataclass(frozen=True, slots=True)
class Commit:
    """One commit. `at`: microseconds since the epoch, UTC. `changed`: the files it writes, path to whole text."""

    author: str
    at: int
    message: str
    changed: Tree

    @property
    def subject(self) -> str:
        return self.message.partition("\n")[0]


@dataclass(frozen=True, slots=True)
class Deploy:
    """HEAD of the service's checkout moved. `commit`: number of the commit in the story; `tree`: its files."""

    at: int
    version: str
    commit: int
    tree: Tree


@dataclass(frozen=True, slots=True)
class Story:
    """All of the plot for one seed and one `now` (microseconds since the epoch, UTC), oldest first."""

    seed: int
    now: int
    commits: tuple[Commit, ...]
    deploys: tuple[Deploy, ...]

    @property
    def faulty(self) -> int:
        """The number of the commit that introduces the fault."""
        return next(number for number, commit in enumerate(self.commits) if commit.subject == FAULTY_SUBJECT)


@dataclass(slots=True)
class _Step:
    """One `@@ commit` or `@@ deploy` of a chapter, before its time is known."""

    kind: str
    who: str
    when: str
    message: str = ""
    changed: Tree = field(default_factory=dict)


def tell(seed: int, now: int) -> Story:
    """The story as of `now`. The same seed and `now` tell the same story, to the second."""
    dice = random.Random(f"story {seed}")
    commits: list[Commit] = []
    deploys: list[Deploy] = []
    tree: Tree = {}
    for step in _steps():
        at = _moment(step.when, now) + dice.randrange(59) * SECOND
        if step.kind == "deploy":
            deploys.append(Deploy(at, step.who, len(commits) - 1, dict(tree)))
        else:
            tree = tree | step.changed
            commits.append(Commit(step.who, at, step.message, step.changed))
    return Story(seed, now, tuple(commits), tuple(deploys))


def _moment(when: str, now: int) -> int:
    """`3d 10:42` is that time of day (UTC), three working days ago; `-2h38m` is that long before now."""
    if when.startswith("-"):
        hours, _, minutes = when[1:].removesuffix("m").rpartition("h")
        return (now - int(hours or 0) * HOUR - int(minutes) * MINUTE) // SECOND * SECOND
    days, _, time = when.partition("d ")
    hour, minute = time.split(":")
    day = to_datetime(now)
    for _ in range(int(days)):
        day = _working_day_before(day)
    return from_datetime(datetime(day.year, day.month, day.day, int(hour), int(minute), tzinfo=UTC))


def _working_day_before(day: datetime) -> datetime:
    return day - timedelta(days={0: 3, 6: 2}.get(day.weekday(), 1))


@cache
def _steps() -> tuple[_Step, ...]:
    """Every step of every chapter, with whole files where the chapters have edits."""
    tree: Tree = {}
    steps: list[_Step] = []
    for heading, body in _sections():
        kind, _, rest = heading.partition(" ")
        if kind in ("commit", "deploy"):
            who, _, when = rest.partition(" ")
            steps.append(_Step(kind, who, when, body.strip() + "\n"))
            continue
        text = body.strip("\n") + "\n" if kind == "file" and body.strip() else ""
        if kind == "edit":
            text = _edited(tree[rest], body, rest)
        tree[rest] = steps[-1].changed[rest] = text
    return tuple(steps)


def _sections() -> Iterator[tuple[str, str]]:
    """What follows each `@@ ` in the chapters: the rest of that line, and the lines below it."""
    folder = Path(__file__).parent / "chapters"
    for chapter in sorted(folder.glob("*.txt")):
        text = "\n" + chapter.read_text("utf-8")
        for section in text.split("\n@@ ")[1:]:
            heading, _, body = section.partition("\n")
            yield heading, body


def _edited(text: str, body: str, path: str) -> str:
    """A file after the edits of a section, each `<<<<` old `====` new `>>>>`. Old text must be there exactly once."""
    for block in body.split("<<<<\n")[1:]:
        old, _, rest = block.partition("\n====\n")
        new, _, _ = rest.partition("\n>>>>")
        if text.count(old) != 1:
            raise ValueError(f"{path}: the text to replace is there {text.count(old)} times: {old!r}")
        text = text.replace(old, new)
    return text
