"""The moves of HEAD in a checkout: when this server came to stand on which commit. Pure."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass

from cockpit.clock import SECOND

_LINE = re.compile(r"^([0-9a-f]{40,64}) ([0-9a-f]{40,64}) (.*?) ?<[^>]*> (\d{1,12}) [+-]\d{4}(?:\t(.*))?$")

_WORKED = ("commit", "rebase", "cherry-pick", "revert", "am:")


@dataclass(frozen=True, slots=True)
class HeadMove:
    """HEAD came to stand on another commit. at: microseconds; how: what the reflog says (`pull: Fast-forward`)."""

    at: int
    sha: str
    short: str
    from_sha: str
    how: str
    who: str

    @property
    def worked(self) -> bool:
        """Whether somebody worked in the checkout; else it may be a deploy."""
        return self.how.startswith(_WORKED)


def parse_reflog(data: bytes) -> tuple[HeadMove, ...]:
    """Moves to another commit, oldest first, from the bytes of logs/HEAD. Lines that are none are passed over."""
    moves = []
    for line in data.decode("utf-8", "replace").split("\n"):
        match = _LINE.match(line)
        if match is not None and match[1] != match[2]:
            how = match[5] or "moved"
            moves.append(HeadMove(int(match[4]) * SECOND, match[2], match[2][:9], match[1], how, match[3]))
    return tuple(sorted(moves, key=lambda move: move.at))


def deployed_at(moves: Sequence[HeadMove], at: int) -> HeadMove | None:
    """The last move at or before a time (microseconds); None before the first."""
    place = bisect_right(moves, at, key=lambda move: move.at)
    return moves[place - 1] if place else None
