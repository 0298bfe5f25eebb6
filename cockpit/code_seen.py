"""The code that the frames of a stack trace stand in, who wrote each line, and the last commits on each file."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from cockpit.history.changes import Change, Deadline, Written, blame, changes_in, text_at, tree
from cockpit.history.commits import Commit
from cockpit.history.deploys import deployed_at
from cockpit.history.lineage import changes_of
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
    """A frame with the lines around it, and the last commits that changed its file, newest first.

    repository: its name, where there are several.
    """

    placed: PlacedFrame
    lines: tuple[CodeLine, ...]
    commits: tuple[Commit, ...]
    repository: str = ""


def code_of(
    repositories: Sequence[Repository],
    trace: str,
    at: int | None,
    path_map: Sequence[tuple[str, str]] = (),
    patience: float = 3.0,
) -> tuple[SeenFrame, ...]:
    """The frames of a trace that stand in a file of one of these repositories, innermost first.

    The code is that of the revision that ran at a time (microseconds; None: now). path_map: roots it was deployed
    under, and what they are in the repository. Blocks for `patience` seconds. Raises RepositoryError.
    """
    with Deadline(patience) as deadline:
        found: dict[int, tuple[PlacedFrame, Repository, str]] = {}
        for repository in repositories:
            ran = deployed_at(repository.moves(), at) if at is not None else None
            revision = ran.sha if ran is not None else "HEAD"
            files = Files(tree(repository, revision, deadline).files)
            for frame in placed(read_trace(trace).frames, files, path_map):
                if frame.path:
                    found.setdefault(frame.number, (frame, repository, revision))
        several = len(repositories) > 1
        return tuple(_seen(*found[number], deadline, several) for number in sorted(found)[:_FRAMES])


def _seen(frame: PlacedFrame, repository: Repository, revision: str, deadline: Deadline, several: bool) -> SeenFrame:
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
    commits_seen = tuple(change.commit for change in recent[:_COMMITS])
    return SeenFrame(frame, tuple(lines), commits_seen, repository.name if several else "")


def _commits(
    repository: Repository, recent: tuple[Change, ...], wrote: set[Written], deadline: Deadline
) -> dict[str, Commit]:
    known = {change.commit.sha: change.commit for change in recent}
    missing = [each for each in wrote if each.sha not in known]
    paths = sorted({each.path for each in missing})
    older = changes_in(repository, sorted({each.sha for each in missing}), paths, deadline)
    return known | {change.commit.sha: change.commit for change in older}
