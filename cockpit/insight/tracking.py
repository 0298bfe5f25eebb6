"""Lines of a file followed back through the hunks of the commits that changed it. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from cockpit.history.diff import FileChange, Hunk


@dataclass(frozen=True, slots=True)
class Touched:
    """How near a commit came to a line. order: how many commits on the file are newer.

    away: lines between it and the line, as the file was then; within: it changed the function; function_order: how
    many newer ones did; line: where its nearest hunk begins, in the file after it.
    """

    sha: str
    path: str
    order: int
    away: int
    within: bool
    function_order: int
    line: int
    created: bool


def followed(
    history: Sequence[tuple[str, Sequence[FileChange]]], path: str, line: int, span: tuple[int, int], function: str
) -> Iterator[Touched]:
    """What each commit (hash, files) of a history, newest first, did near a line and the function around it.

    The commits of branches that were merged count as if one had followed the other; so places are not exact there.
    """
    order = function_order = 0
    first, last = span
    for sha, files in history:
        change = next((each for each in files if each.path == path), None)
        if change is None:
            continue
        hunks = change.hunks
        nearest = min(hunks, key=lambda hunk: _away(hunk, line), default=None)
        within = any(_meets(hunk, first, last) or (function and _names(hunk, function)) for hunk in hunks)
        away = _away(nearest, line) if nearest is not None else 1 << 30
        begins = max(1, nearest.new_start) if nearest is not None else 1
        yield Touched(sha, path, order, away, within, function_order, begins, change.status == "A")
        order, function_order = order + 1, function_order + within
        first, last, line = _before(hunks, first), _before(hunks, last), _before(hunks, line)
        if change.status in "RC":
            path = change.old_path


def _counts(hunk: Hunk) -> tuple[int, int]:
    """Lines removed and added."""
    removed = sum(line.kind == "-" for line in hunk.lines)
    return removed, sum(line.kind == "+" for line in hunk.lines)


def _meets(hunk: Hunk, first: int, last: int) -> bool:
    _, added = _counts(hunk)
    if added == 0:
        return first <= hunk.new_start < last
    return hunk.new_start <= last and hunk.new_start + added - 1 >= first


def _away(hunk: Hunk, line: int) -> int:
    _, added = _counts(hunk)
    if added == 0:
        return hunk.new_start - line + 1 if line <= hunk.new_start else line - hunk.new_start
    end = hunk.new_start + added - 1
    return 0 if hunk.new_start <= line <= end else min(abs(line - hunk.new_start), abs(line - end))


def _names(hunk: Hunk, function: str) -> bool:
    """Whether git found the function before the hunk."""
    before, found, after = hunk.heading.partition(function)
    return (
        bool(found)
        and not before[-1:].isalnum()
        and before[-1:] != "_"
        and not (after[:1].isalnum() or after[:1] == "_")
    )


def _before(hunks: Sequence[Hunk], line: int) -> int:
    """Where a line stood before a change."""
    moved = 0
    for hunk in hunks:
        removed, added = _counts(hunk)
        start = hunk.new_start if added else hunk.new_start + 1
        if line < start:
            break
        if added and line < start + added:
            return max(1, hunk.old_start + min(line - start, max(0, removed - 1)))
        moved += removed - added
    return max(1, line + moved)
