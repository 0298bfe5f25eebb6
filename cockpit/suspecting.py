"""Which commits are suspected of an error: joins its trace, its onset and the deploys with what git says. No screen."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import Any

from cockpit.clock import to_rfc3339
from cockpit.history.changes import (
    Change,
    Changes,
    Deadline,
    Tree,
    Written,
    blame,
    carried,
    changes_in,
    known,
    recent_changes,
    text_at,
    tree,
)
from cockpit.history.lineage import Lineage, blame_in, lineage
from cockpit.history.repository import Repository
from cockpit.insight.closeness import KnownFrame
from cockpit.insight.diff_words import words_of
from cockpit.insight.frames import Frame, StackTrace, foreign, package_of, read_trace
from cockpit.insight.functions import function_around, function_named
from cockpit.insight.placing import Files, PlacedFrame, placed
from cockpit.insight.suspects import Case, Deploy, Suspect, Weighed, rank, weigh

PATIENCE = 1.8  # seconds for which git may read
_RECENT = 150  # commits that are looked at whatever they change
_WALKED = 1000  # commits on the files of the trace that are found, merges among them
_OF_FILES = 300  # of these, how many are looked at
_WALKING = 0.7  # of the time: until when these are looked for
_BLAMING = 0.85  # until when it is read who wrote which line
_FRAMES = 4  # frames whose code is looked at
_DEPLOYS = 3  # deploys before the onset that are looked at
_BLAMED = 40  # lines on either side of a frame's


@dataclass(frozen=True, slots=True)
class Asked:
    """What is known of an error. onset: microseconds; deploys: when which revision began to run, oldest first.

    deploys: none: the moves of HEAD; path_map: roots it was deployed under, and what they are in the repository;
    revision: from which commits are looked at, HEAD where it is empty; frames: instead of a trace.
    """

    trace: str = ""
    message: str = ""
    onset: int | None = None
    deploys: tuple[tuple[int, str], ...] = ()
    path_map: tuple[tuple[str, str], ...] = ()
    top: int = 10
    frames: tuple[Frame, ...] = ()
    revision: str = ""


@dataclass(frozen=True, slots=True)
class Found:
    """Suspects, best first; the frames and where they stand; sentences on what to know of the answer."""

    suspects: tuple[Suspect, ...]
    frames: tuple[PlacedFrame, ...]
    notes: tuple[str, ...]


def suspects(repositories: Sequence[Repository], asked: Asked, patience: float = PATIENCE) -> Found:
    """The commits likeliest to have caused an error. Blocks for little more than `patience` seconds.

    Raises RepositoryError where a repository cannot be read.
    """
    trace = read_trace(asked.trace) if not asked.frames else StackTrace(asked.frames, "")
    notes = [] if not asked.trace or trace.language else [_unread(trace)]
    weighed: list[Weighed] = []
    frames: tuple[PlacedFrame, ...] = ()
    with _Times.of(patience) as times, ThreadPoolExecutor(4) as pool:
        for repository in repositories:
            search = _Search(repository, asked, trace, times, pool)
            weighed += search.weighed(repository.name if len(repositories) > 1 else "")
            frames = _merged(frames, search.frames)
            notes += search.notes
    if trace.frames and frames and not any(each.path for each in frames):
        notes.append(_unplaced(frames))
    return Found(
        rank(weighed, asked.top, with_frames=any(each.path for each in frames)), frames, tuple(dict.fromkeys(notes))
    )


def as_object(found: Found) -> dict[str, Any]:
    """Suspects, frames and notes as they are printed in JSON."""
    return {
        "suspects": [
            {
                "sha": each.sha,
                "subject": each.subject,
                "author": each.author,
                "at": to_rfc3339(each.at),
                "score": each.score,
                "reasons": [reason.text for reason in each.reasons],
                "weights": [reason.weight for reason in each.reasons],
                **({"path": each.path, "line": each.line} if each.path else {}),
                **({"repository": each.repository} if each.repository else {}),
            }
            for each in found.suspects
        ],
        "frames": [
            {
                "path": each.frame.path,
                "line": each.frame.line,
                "function": each.frame.function,
                "file": each.path or None,
            }
            for each in found.frames
        ],
        "notes": list(found.notes),
    }


@dataclass(frozen=True, slots=True)
class _Times:
    """Until when git may read: all; the walk to the commits of files; blames, so that time is left for what they name.

    alone: the blame of the line that failed, from the beginning on, should the walk not come to its end.
    """

    all: Deadline
    walking: Deadline
    blaming: Deadline
    alone: Deadline

    @classmethod
    @contextmanager
    def of(cls, patience: float) -> Iterator[_Times]:
        walking, blaming = Deadline(patience * _WALKING), Deadline(patience * _BLAMING)
        with Deadline(patience) as all_, walking, blaming, Deadline(patience * _BLAMING) as alone:
            yield cls(all_, walking, blaming, alone)


class _Search:
    """One repository asked about one error. notes: sentences on what could not be read."""

    def __init__(
        self,
        repository: Repository,
        asked: Asked,
        trace: StackTrace,
        times: _Times,
        pool: ThreadPoolExecutor,
    ) -> None:
        self.frames: tuple[PlacedFrame, ...] = ()
        self.notes: list[str] = []
        self._repository = repository
        self._asked = asked
        self._trace = trace
        self._times = times
        self._deadline = times.all
        self._start = ""
        self._last: Future[Changes] | None = None
        self._pool = pool

    def weighed(self, name: str) -> list[Weighed]:
        """The commits of the repository with what speaks for and against each."""
        state = self._repository.state()
        if state.sha is None:
            self.notes.append(f"{self._repository.name} has no commits yet.")
            return []
        start = self._asked.revision or state.sha
        self._start = start
        deploys, deployed = self._deploys() if not self._asked.revision else ([], "")
        revision = deployed or start
        stands = tree(self._repository, revision, self._deadline)
        self.frames = placed(self._trace.frames, Files(stands.files), self._asked.path_map)
        frames, of_files = self._known(revision)
        read = self._recent().result()
        changes = _merged_changes(read.changes, of_files)
        self._tell(state.shallow, stands, read.cut)
        packages = frozenset(map(package_of, self._trace.frames)) - {""}
        words = words_of(f"{self._asked.message}\n{_said(self._asked.trace)}")
        case = Case(tuple(frames), self._asked.onset, words, packages, tuple(deploys))
        return weigh(case, changes, name)

    def _deploys(self) -> tuple[list[Deploy], str]:
        """The deploys before the onset whose revisions are here, the newest first; the revision that ran then."""
        own = tuple((move.at, move.sha) for move in self._repository.moves() if not move.worked)
        moves = self._asked.deploys or own
        onset = self._asked.onset
        before = [move for move in moves if onset is None or move[0] <= onset][-_DEPLOYS - 1 :]
        here = [move for move in before if known(self._repository, move[1], self._deadline)]
        found = []
        for (_, old), (at, new) in pairwise(here):
            found.append(Deploy(at, new, carried(self._repository, old, new, self._deadline)))
        return found[::-1], here[-1][1] if here else ""

    def _known(self, revision: str) -> tuple[list[KnownFrame], tuple[Change, ...]]:
        """The innermost frames with the code around them, and the commits on their files."""
        stand = [each for each in self.frames if each.path][:_FRAMES]
        paths = list(dict.fromkeys(each.path for each in stand))
        if not paths:
            return [], ()
        walk = self._pool.submit(lineage, self._repository, revision, paths, _WALKED, self._times.walking)
        texts = {path: text_at(self._repository, revision, path, self._deadline) for path in paths}
        frames = [_located(each, texts[each.path]) for each in stand]
        line, alone = frames[0].line, self._times.alone
        spare = self._pool.submit(blame, self._repository, revision, frames[0].placed.path, (line, line), alone)
        found = walk.result()
        if not found.cut:
            alone.end()
        self._recent()
        history = self._pool.submit(changes_in, self._repository, found.shas[:_OF_FILES], found.names, self._deadline)
        blamed = frames[:1] if found.cut else frames  # where time is short, the innermost gets what there is
        blames = [self._blame(found, each, len(texts[each.placed.path])) for each in blamed]
        written = [*(each.result() for each in blames), *({} for _ in frames[len(blamed) :])]
        written[0] = spare.result() | written[0]
        moved = self._origin(written[0].get(frames[0].line)) if frames[0].exact else None
        frames = [
            replace(each, blamed={line: wrote.sha for line, wrote in own.items()})
            for each, own in zip(frames, written, strict=True)
        ]
        frames[0] = replace(frames[0], origin=moved.sha if moved is not None else "")
        wrote = {each for own in written for each in own.values()} | ({moved} if moved is not None else set())
        missing = list(dict.fromkeys(each.sha for each in wrote if each.sha not in found.shas[:_OF_FILES]))
        names = list(dict.fromkeys((*paths, *(each.path for each in wrote))))
        older = changes_in(self._repository, missing, names, self._deadline)
        if found.cut:
            self.notes.append("The history of the trace's files was read only in part: there was no more time.")
        return frames, _merged_changes(history.result(), older)

    def _recent(self) -> Future[Changes]:
        """The last commits whatever they changed; not read before the walk, which needs the machine more."""
        if self._last is None:
            self._last = self._pool.submit(recent_changes, self._repository, self._start, _RECENT, self._deadline)
        return self._last

    def _blame(self, found: Lineage, frame: KnownFrame, count: int) -> Future[dict[int, Written]]:
        first = max(1, min(frame.span.first, frame.line), frame.line - _BLAMED)
        last = min(count, max(frame.span.last, frame.line), frame.line + _BLAMED)
        lines = (first, max(first, last))
        return self._pool.submit(blame_in, self._repository, found, frame.placed.path, lines, self._times.blaming)

    def _origin(self, wrote: Written | None) -> Written | None:
        """Who wrote a line before the commit that is blamed for it moved it."""
        if wrote is None:
            return None
        lines = (max(1, wrote.line - 2), wrote.line + 2)
        where = (self._repository, wrote.sha, wrote.path, lines, self._times.blaming)
        return blame(*where, moved=True).get(wrote.line)

    def _tell(self, shallow: bool, stands: Tree, cut: bool) -> None:
        if shallow:
            self.notes.append(
                f"The history of {self._repository.name} is shallow: what is older than its end is not seen."
            )
        if cut:
            self.notes.append("The last commits were read only in part: there was no more time.")
        for frame in self.frames:
            for folder in stands.submodules if not frame.path else ():
                if (
                    f"/{folder}/" in f"/{frame.frame.path}"
                    or f"/{folder.rpartition('/')[2]}/" in f"/{frame.frame.path}"
                ):
                    said = f"{frame.told} may stand in {folder}, a submodule; name it too: --repo {folder}"
                    self.notes.append(said)


def _located(frame: PlacedFrame, lines: list[str]) -> KnownFrame:
    """A frame in the code of a revision: by its line, or where that has moved by the name of its function."""
    named = frame.frame.function
    line = min(max(1, frame.frame.line or 1), max(1, len(lines)))
    span = function_around(lines, line)
    if named and named != span.name and (other := function_named(lines, named, frame.frame.line)) is not None:
        if not other.first <= line <= other.last:
            return KnownFrame(frame, other.first, other, exact=False)
        span = other
    return KnownFrame(frame, line, span)


def _merged_changes(one: Sequence[Change], other: Sequence[Change]) -> tuple[Change, ...]:
    """Both, each commit once (whole where one is), newest first."""
    found = {change.commit.sha: change for change in other} | {change.commit.sha: change for change in one}
    return tuple(sorted(found.values(), key=lambda change: -change.commit.at))


def _merged(one: tuple[PlacedFrame, ...], other: tuple[PlacedFrame, ...]) -> tuple[PlacedFrame, ...]:
    """Frames as two repositories know them: the first that has the file says where it is."""
    if not one:
        return other
    return tuple(mine if mine.path else yours for mine, yours in zip(one, other, strict=False)) or one


def _said(trace: str) -> str:
    """What a trace says besides its frames: the exception and its message."""
    lines = trace.split("\n")
    said = "\n".join(line for line in lines if line and not line[0].isspace() and "Traceback" not in line)
    return re.sub(r"\S*[/\\]\S*", "", said[:8000])


def _unread(trace: StackTrace) -> str:
    if trace.frames:
        return "The trace is of a form that is not known; files with a line in it were taken as its frames."
    return "The text names no file with a line, so there are no frames to go by."


def _unplaced(frames: Sequence[PlacedFrame]) -> str:
    named = ", ".join(each.told for each in frames if not foreign(each.frame)) or ", ".join(
        each.told for each in frames
    )
    return f"No frame names a file of the repository: {named[:300]}. A path map may help: --map /srv/app=DIR"
