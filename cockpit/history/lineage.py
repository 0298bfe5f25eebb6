"""The commits on some files, found in one walk, as a history of their own: in it git finds fast who wrote a line."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field

from cockpit.history.changes import Changes, Deadline, Written, blame, changes_in, literal, read
from cockpit.history.repository import Repository

_MERGES = 3  # times as many commits are walked, for merges are among them
_NAMES = 4  # names of a file, one before the other, that are followed


@dataclass(frozen=True, slots=True)
class Descent:
    """How the commits on one file follow each other. tip: the newest, empty where there is none.

    parents: of each commit those before it that matter to the file, others left out; what is not in it has its own.
    """

    tip: str
    parents: Mapping[str, tuple[str, ...]]


@dataclass(frozen=True, slots=True)
class Lineage:
    """The commits on some files. shas: newest first, merges among them; names: those that the files have or had.

    cut: there was no time to find them all.
    """

    shas: tuple[str, ...]
    names: tuple[str, ...]
    descents: Mapping[str, Descent]
    cut: bool


@dataclass(frozen=True, slots=True)
class _Step:
    """A commit as the walk gives it. made: the files that it adds."""

    sha: str
    parents: tuple[str, ...]
    made: frozenset[str]


def lineage(repository: Repository, revision: str, paths: Sequence[str], count: int, deadline: Deadline) -> Lineage:
    """The last commits that changed any of these files, also where it had another name before."""
    steps = _walked(repository, revision, paths, count, deadline)
    with ThreadPoolExecutor(max(1, len(paths))) as pool:
        lines = list(pool.map(lambda path: _followed(repository, steps, path, count, deadline), paths))
    shas = dict.fromkeys((*(step.sha for step in steps), *(sha for line in lines for sha in line.shas)))
    names = dict.fromkeys((*paths, *(name for line in lines for name in line.names)))
    tip = steps[0].sha if steps else ""
    descents = {path: Descent(tip, line.parents) for path, line in zip(paths, lines, strict=True)}
    return Lineage(tuple(shas), tuple(names), descents, deadline.passed)


@dataclass(slots=True)
class _Line:
    """One file followed back. shas, names: those from before it had the name that was asked for."""

    parents: dict[str, tuple[str, ...]] = field(default_factory=dict)
    shas: list[str] = field(default_factory=list)
    names: list[str] = field(default_factory=list)


def _followed(repository: Repository, steps: Sequence[_Step], path: str, count: int, deadline: Deadline) -> _Line:
    """A file followed from the steps that know it by this name to the names that it had before.

    The commit that renames it keeps its true parents, and so git sees the rename itself.
    """
    line = _Line()
    for _ in range(_NAMES):
        begin = next((place for place, step in enumerate(steps) if path in step.made), None)
        line.parents |= {step.sha: step.parents for step in steps[:begin]}
        if begin is None or deadline.passed:
            break
        before = _before(repository, steps[begin].sha, path, deadline)
        if before is None:
            break
        parent, path = before
        steps = _walked(repository, parent, [path], count, deadline)
        if steps and steps[0].sha != parent:
            line.parents[parent] = (steps[0].sha,)
        line.shas += [step.sha for step in steps]
        line.names.append(path)
    return line


def changes_of(repository: Repository, revision: str, paths: Sequence[str], count: int, deadline: Deadline) -> Changes:
    """The last commits that changed any of these files, and what they changed in these."""
    found = lineage(repository, revision, paths, _MERGES * count, deadline)
    changes = changes_in(repository, found.shas, found.names, deadline)
    return Changes(changes[:count], deadline.passed)


def blame_in(
    repository: Repository, found: Lineage, path: str, lines: tuple[int, int], deadline: Deadline
) -> dict[int, Written]:
    """Who wrote each of these lines of one of the files, as `blame`, in the revision that its lineage was asked for."""
    descent = found.descents[path]
    if not descent.tip:
        return {}
    try:
        with _ancestry(descent) as file:
            return blame(repository, descent.tip, path, lines, deadline, ancestry=file)
    except OSError:  # no room for the file on a full disk: git walks further, and finds the same
        return blame(repository, descent.tip, path, lines, deadline)


@contextmanager
def _ancestry(descent: Descent) -> Iterator[str]:
    """A file that tells git which commits follow which."""
    with tempfile.NamedTemporaryFile("w", prefix="cockpit-", suffix=".revs", encoding="ascii") as file:
        file.writelines(f"{' '.join((sha, *parents))}\n" for sha, parents in descent.parents.items())
        file.flush()
        yield file.name


def _walked(
    repository: Repository, revision: str, paths: Sequence[str], count: int, deadline: Deadline
) -> tuple[_Step, ...]:
    """The commits on files by the names they have in a revision, and the merges that join them, newest first."""
    arguments = ("log", "--parents", "--format=%x1d%H %P%x1e", "--name-status", "--no-renames", "-z")
    data = read(repository, deadline, *arguments, f"--max-count={count}", revision, "--", *literal(paths))
    steps = []
    for record in data.decode("utf-8", "replace").split("\x1d"):
        head, separator, rest = record.partition("\x1e")
        if separator:
            sha, *parents = head.split()
            fields = rest.strip("\0\n").split("\0")
            made = frozenset(name for status, name in zip(fields[::2], fields[1::2], strict=False) if status == "A")
            steps.append(_Step(sha, tuple(parents), made))
    return tuple(steps)


def _before(repository: Repository, sha: str, path: str, deadline: Deadline) -> tuple[str, str] | None:
    """The commit before one that made a file, and the name that the file had there; None where it is new."""
    arguments = ("log", "-1", "--format=%P", "-z", "-M", "--diff-filter=R", "--name-status")
    data = read(repository, deadline, *arguments, sha, "--").decode("utf-8", "replace")
    parents, _, rest = data.partition("\0")
    fields = rest.strip("\0\n").split("\0")
    old = next((old for old, new in zip(fields[1::3], fields[2::3], strict=False) if new == path), "")
    return (parents.split()[0], old) if old and parents.split() else None
