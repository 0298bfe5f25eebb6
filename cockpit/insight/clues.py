"""What in a commit speaks for or against its being the cause, with the weight of each and a phrase. Pure."""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from cockpit.clock import DAY, HOUR, duration
from cockpit.history.changes import Change
from cockpit.insight.closeness import Near
from cockpit.insight.kinds import Kind, kind_of, kinds_of

if TYPE_CHECKING:
    from cockpit.insight.suspects import Case

NONE_OF_THESE = 3.9
NONE_WITH_FRAMES = 5.75
"""What stands against all suspects together: that the cause is in none of them; where frames say more, it is more."""

WEIGHTS: dict[str, float] = {
    "moved line": 2.7,
    "near": 2.4,
    "newest in file": 1.9,
    "late in file": 1.85,
    "line": 1.65,
    "share": 1.25,
    "newest in function": 1.2,
    "function": 0.8,
    "tidying": -1.4,
    "made the file": -1.4,
    # What history cannot teach, for its fixes tell neither a message nor when the error began: judged.
    "package": 4.5,
    "deployed": 3.0,
    "words": 2.0,
    "migration": 1.2,
    "recent": 1.0,
    "dependencies": 1.0,
    "configuration": 0.8,
    "file": 0.5,
    "age": -2.0,
    "harmless": -3.0,
    "after": -20.0,
}
"""Weight of each clue per unit of its strength: above, fitted to fixes that name what they fix; below, judged."""


@dataclass(frozen=True, slots=True)
class Clue:
    """name: of WEIGHTS; strength: mostly 0 to 1; text: a phrase for people, empty where it is not worth one."""

    name: str
    strength: float
    text: str

    @property
    def weight(self) -> float:
        return WEIGHTS[self.name] * self.strength


def clues_of(
    case: Case, change: Change, near: Sequence[Near], words: Mapping[str, float], newest: int
) -> Iterator[Clue]:
    """The clues of one commit. newest: when the newest of all that are looked at was made (microseconds)."""
    yield from _of_frames(near)
    yield from _of_time(case, change, newest)
    yield from _of_words(words)
    yield from _of_kind(case, change)


def _decay(rank: int) -> float:
    """How much a frame counts: the innermost in the service most."""
    return 1.0 / (1.0 + 0.5 * rank)


def _of_frames(near: Sequence[Near]) -> Iterator[Clue]:
    """Of each clue the frame at which it is strongest."""
    for name, strength_of, told in _OF_FRAMES:
        strength, best = max(((_decay(each.rank) * strength_of(each), -each.rank) for each in near), default=(0.0, 0))
        if strength > 0:
            yield Clue(name, strength, told(next(each for each in near if each.rank == -best)))


def _closeness(near: Near) -> float:
    """1 at the very line; where only the function is known, what is in it counts as some lines away."""
    if not near.known.exact:
        return 0.8 * near.within
    return math.exp(-near.away / 10) if near.away is not None else 0.0


def _newness_in_function(near: Near) -> float:
    touched = near.touched
    return 1.0 / (1 + touched.function_order) if touched is not None and touched.within else 0.0


def _lateness(near: Near) -> float:
    """1 for the last commit on a file, less for those before it; the same whatever the pace of the repository."""
    return max(0.0, 1 - math.log2(1 + near.touched.order) / 10) if near.touched is not None else 0.0


def _newness_in_file(near: Near) -> float:
    """1 for the last commit on a file. Who wrote the line is suspected for that, however old the line is."""
    return 1.0 / (1 + near.touched.order) if near.touched is not None and not near.wrote_line else 0.0


def _frame(near: Near) -> str:
    placed = near.known.placed
    return f"frame {placed.number} of the trace ({placed.told})"


def _told_line(near: Near) -> str:
    return f"wrote the line of {_frame(near)} as it stands now"


def _told_origin(near: Near) -> str:
    return f"wrote the line of {_frame(near)} before it was moved"


def _told_share(near: Near) -> str:
    return f"wrote {near.share:.0%} of the code right around {_frame(near)}" if near.share >= 0.1 else ""


def _told_function(near: Near) -> str:
    return f"changes {near.known.function or 'the function'}, {_frame(near)}"


def _told_near(near: Near) -> str:
    if near.away is None or near.away > 20 or not near.known.exact:
        return ""
    away = "the very line" if near.away == 0 else "1 line" if near.away == 1 else f"{near.away} lines"
    return f"changes {away}{'' if near.away == 0 else ' away from that'} of {_frame(near)}"


def _told_file(near: Near) -> str:
    return f"changes {near.known.placed.path}, the file of frame {near.known.placed.number}"


def _told_newest(near: Near) -> str:
    touched = near.touched
    if touched is None or touched.function_order > 0:
        return ""
    return f"is the last that changed {near.known.function or 'the code around it'}"


def _told_made(near: Near) -> str:
    return f"made {near.known.placed.path}"


def _untold(near: Near) -> str:
    return ""


_OF_FRAMES: tuple[tuple[str, Callable[[Near], float], Callable[[Near], str]], ...] = (
    ("line", lambda near: float(near.wrote_line), _told_line),
    ("moved line", lambda near: float(near.wrote_first), _told_origin),
    ("share", lambda near: near.share, _told_share),
    ("function", lambda near: float(near.within), _told_function),
    ("near", _closeness, _told_near),
    ("file", lambda near: float(near.touched is not None), _told_file),
    ("newest in function", _newness_in_function, _told_newest),
    ("late in file", _lateness, _untold),
    ("newest in file", _newness_in_file, _untold),
    ("made the file", lambda near: float(near.touched is not None and near.touched.created), _told_made),
)


def _of_time(case: Case, change: Change, newest: int) -> Iterator[Clue]:
    """Against the onset, or where it is not known against the newest commit."""
    commit = change.commit
    until = case.onset if case.onset is not None else newest
    age = until - commit.at
    if case.onset is not None and age < 0:
        yield Clue("after", 1.0, f"committed {duration(age)} after the onset")
        return
    days = max(0, age) / DAY
    told = f"committed {duration(age)} before the onset"
    if case.onset is not None:
        yield Clue("recent", math.exp(-days / 7), told if days < 14 else "")
        yield Clue("age", math.log2(1 + days) / 10, told if days >= 14 else "")
    for order, deploy in enumerate(case.deploys):
        if commit.sha in deploy.brought:
            hours = (until - deploy.at) / HOUR
            since = duration(until - deploy.at)
            told = f"deployed {since} before the onset" if case.onset is not None else f"deployed {since} ago"
            strength = (0.3 + 0.7 * math.exp(-hours / 12)) / (1 + order)
            yield Clue("deployed", strength, f"{told} (with {deploy.sha[:9]})")
            break


def _of_words(words: Mapping[str, float]) -> Iterator[Clue]:
    """words: those that the diff adds or removes, each with how rare it is, the rarest first."""
    if words:
        strength = 1.0 - math.prod(1.0 - 0.6 * rarity for rarity in words.values())
        named = ", ".join(list(words)[:3])
        yield Clue(
            "words", strength, f"adds or removes {named}, {'a word' if len(words) == 1 else 'words'} of the message"
        )


_TIDYING = re.compile(
    r"\b(?:refactor\w*|rename\w*|reformat\w*|reindent\w*|clean ?-?ups?|whitespace|style|styles|typos?|"
    r"spelling|indent\w*|"
    r"copyright|licen[cs]e|lint|checksrc|comments?|black|prettier|clang-format|"
    r"move[sd]? .* to|doc(?:s|umentation)?|cosmetic)\b",
    re.IGNORECASE,
)


def _of_kind(case: Case, change: Change) -> Iterator[Clue]:
    kinds = kinds_of(change.paths)
    if change.paths and change.whole and not set(kinds) - {Kind.TESTS, Kind.DOCUMENTATION}:
        yield Clue("harmless", 1.0, "changes only tests or documentation")
    if Kind.DEPENDENCIES in kinds:
        yield from _of_dependencies(case, change, kinds[Kind.DEPENDENCIES])
    for kind, told in ((Kind.CONFIGURATION, "changes configuration"), (Kind.MIGRATION, "brings a migration")):
        if kind in kinds:
            yield Clue(kind.value, 1.0, f"{told}: {kinds[kind][0]}")
    if _TIDYING.search(change.commit.subject):
        yield Clue("tidying", 1.0, "says of itself that it only tidies")


def _of_dependencies(case: Case, change: Change, paths: Sequence[str]) -> Iterator[Clue]:
    lines = [
        line.text
        for each in change.files
        if kind_of(each.path) is Kind.DEPENDENCIES
        for hunk in each.hunks
        for line in hunk.lines
        if line.kind in "+-"
    ]
    named = next((name for name in sorted(case.packages) if any(name in line for line in lines)), "")
    yield Clue("dependencies", 1.0, f"changes dependencies: {paths[0]}")
    if named:
        yield Clue("package", 1.0, f"changes {named}, whose code stands in the trace")
