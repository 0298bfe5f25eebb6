"""The code that the frames of a stack trace stand in, who wrote each line, and the last commits on each file."""

from __future__ import annotations

from dataclasses import dataclass

from cockpit.history.changes import Change, Deadline, Written, blame, changes_in, changes_of, text_at, tree
from cockpit.history.commits import Commit
from cockpit.history.repository import Repository
from cockpit.insight.frames import read_trace
from cockpit.insight.placing import Files, PlacedFrame, placed

_AROUND = 12  # lines on either side of a frame's
_FRAMES = 6
_COMMITS = 6  # on a file


@dataclass(frozen=True, slots=True)
class CodeLine:
    """A line of a file. commit: which wrote it; None where that is not known in the time given."""

    number: int
    text: str
    commit: Commit | None


@dataclass(frozen=True, slots=True)
class SeenFrame:
    """A frame with the lines around it, and the last commits that changed its file, newest first."""

    placed: PlacedFrame
    lines: tuple[CodeLine, ...]
    commits: tuple[Commit, ...]


def code_of(repository: Repository, revision: str, trace: str, patience: float = 3.0) -> tuple[SeenFrame, ...]:
    """The frames of a trace that stand in a file of a revision, innermost first. Blocks for `patience` seconds."""
    with Deadline(patience) as deadline:
        files = Files(tree(repository, revision, deadline).files)
        frames = [each for each in placed(read_trace(trace).frames, files) if each.path][:_FRAMES]
        return tuple(_seen(repository, revision, each, deadline) for each in frames)


def _seen(repository: Repository, revision: str, frame: PlacedFrame, deadline: Deadline) -> SeenFrame:
    texts = text_at(repository, revision, frame.path, deadline)
    line = min(frame.frame.line or 1, max(1, len(texts)))
    first, last = max(1, line - _AROUND), min(len(texts), line + _AROUND)
    wrote = blame(repository, revision, frame.path, (first, max(first, last)), deadline)
    recent = changes_of(repository, revision, [frame.path], _COMMITS, deadline).changes
    commits = _commits(repository, recent, set(wrote.values()), deadline)
    numbers = range(first, last + 1)
    lines = (
        CodeLine(number, texts[number - 1], commits.get(wrote[number].sha) if number in wrote else None)
        for number in numbers
    )
    return SeenFrame(frame, tuple(lines), tuple(change.commit for change in recent[:_COMMITS]))


def _commits(
    repository: Repository, recent: tuple[Change, ...], wrote: set[Written], deadline: Deadline
) -> dict[str, Commit]:
    known = {change.commit.sha: change.commit for change in recent}
    missing = [each for each in wrote if each.sha not in known]
    paths = sorted({each.path for each in missing})
    older = changes_in(repository, sorted({each.sha for each in missing}), paths, deadline)
    return known | {change.commit.sha: change.commit for change in older}
