"""Three-way merge of texts by line. Pure. Loses no line that either side wrote."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from itertools import takewhile

MINE = "<<<<<<< mine"
MIDDLE = "======="
THEIRS = ">>>>>>> theirs"
_MOST = 4000  # changed lines beyond which the middle is compared as one piece


@dataclass(frozen=True, slots=True)
class Merged:
    """A merged text; `conflicts` counts the places where both sides changed the same lines, kept and marked."""

    text: str
    conflicts: int


@dataclass(frozen=True, slots=True)
class _Change:
    """Lines start to stop of the base became `lines`."""

    start: int
    stop: int
    lines: tuple[str, ...]


def merge(base: str, mine: str, theirs: str, names: tuple[str, str] = ("mine", "theirs")) -> Merged:
    """What `base` becomes when both changes are made. Insertions at the same place are both kept: mine, then theirs.

    names: what stands on the marks of a conflict.
    """
    if mine == theirs or theirs == base:
        return Merged(mine, 0)
    if mine == base:
        return Merged(theirs, 0)
    (lines, _), (our_lines, ours_ended), (their_lines, theirs_ended) = map(_lines, (base, mine, theirs))
    left, right = list(_changes(lines, our_lines)), list(_changes(lines, their_lines))
    result: list[str] = []
    conflicts = 0
    position = 0
    for start, stop, ours, others in _together(left, right):
        result += lines[position:start]
        position = stop
        if not others or not ours:
            result += _applied(lines, start, stop, ours or others)
            continue
        one, two = _applied(lines, start, stop, ours), _applied(lines, start, stop, others)
        if one == two:
            result += one
        elif (both := _both_kept(lines[start:stop], one, two)) is not None:
            result += both
        else:
            conflicts += 1
            result += [f"<<<<<<< {names[0]}", *one, MIDDLE, *two, f">>>>>>> {names[1]}"]
    result += lines[position:]
    ended = ours_ended if result[-1:] == our_lines[-1:] else theirs_ended
    return Merged("\n".join(result) + ("\n" if ended and result else ""), conflicts)


def in_common(one: str, two: str) -> str:
    """The lines that two texts share, in their order: what they may both have come from, where nobody knows."""
    lines, others = one.splitlines(keepends=True), two.splitlines(keepends=True)
    if len(lines) + len(others) > _MOST:
        pairs = zip(lines, others, strict=False)
        return "".join(line for line, _ in takewhile(lambda pair: pair[0] == pair[1], pairs))
    blocks = SequenceMatcher(None, lines, others, autojunk=False).get_matching_blocks()
    return "".join(line for block in blocks for line in lines[block.a : block.a + block.size])


def _lines(text: str) -> tuple[list[str], bool]:
    """The lines of a text, and whether the last one is ended: what is typed after a last newline is a line more."""
    lines = text.split("\n")
    return (lines[:-1], True) if not lines[-1] else (lines, False)


def _changes(base: Sequence[str], other: Sequence[str]) -> Iterator[_Change]:
    start = 0
    limit = min(len(base), len(other))
    while start < limit and base[start] == other[start]:
        start += 1
    tail = 0
    while tail < limit - start and base[-1 - tail] == other[-1 - tail]:
        tail += 1
    old, new = base[start : len(base) - tail], other[start : len(other) - tail]
    if len(old) + len(new) > _MOST:
        yield _Change(start, start + len(old), tuple(new))
        return
    for tag, low, high, first, last in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        if tag != "equal":
            yield _Change(start + low, start + high, tuple(new[first:last]))


def _together(left: list[_Change], right: list[_Change]) -> Iterator[tuple[int, int, list[_Change], list[_Change]]]:
    """Changes of both sides, those that touch the same lines in one group: (start, stop, left ones, right ones)."""
    waiting = sorted(
        [(change, 0) for change in left] + [(change, 1) for change in right],
        key=lambda each: (each[0].start, each[0].stop),
    )
    while waiting:
        change, side = waiting.pop(0)
        start, stop = change.start, change.stop
        sides: tuple[list[_Change], list[_Change]] = ([], [])
        sides[side].append(change)
        while waiting and (waiting[0][0].start < stop or waiting[0][0].start == start):
            change, side = waiting.pop(0)
            stop = max(stop, change.stop)
            sides[side].append(change)
        yield start, stop, sides[0], sides[1]


def _applied(base: Sequence[str], start: int, stop: int, changes: Sequence[_Change]) -> list[str]:
    result: list[str] = []
    for change in changes:
        result += base[start : change.start]
        result += change.lines
        start = change.stop
    return result + list(base[start:stop])


def _both_kept(base: Sequence[str], one: Sequence[str], two: Sequence[str]) -> list[str] | None:
    """Both sides only added around the same base lines: the additions of both. None where either changed a line."""
    for lines in (one, two):
        if list(lines[: len(base)]) != list(base) and list(lines[len(lines) - len(base) :]) != list(base):
            return None
    if list(one[: len(base)]) == list(base) and list(two[: len(base)]) == list(base):
        added = list(one[len(base) :])
        return [*one, *([] if list(two[len(base) :]) == added else two[len(base) :])]
    if base and list(one[len(one) - len(base) :]) == list(base) and list(two[len(two) - len(base) :]) == list(base):
        return [*one[: len(one) - len(base)], *two]
    return None
