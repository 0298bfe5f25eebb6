"""Which commits changed what: of some files, and the most recent ones. Reads as much as git gives in a set time."""

from __future__ import annotations

import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from cockpit.history.commits import FORMAT, Commit, parse_commits
from cockpit.history.diff import FileChange, parse_patch
from cockpit.history.repository import PLAIN, Repository

_LANGUAGES = Path(__file__).with_name("languages.gitattributes")
_MOST_BYTES = 16_000_000  # of patches that are read
_MOST_TEXT = 4_000_000  # bytes of a file that is read
_END = b"\x1e"


@dataclass(frozen=True, slots=True)
class Change:
    """A commit and files that it changed, their hunks without lines around them. paths: of these files.

    whole: they are all that it changed.
    """

    commit: Commit
    files: tuple[FileChange, ...]
    paths: tuple[str, ...]
    whole: bool


@dataclass(frozen=True, slots=True)
class Changes:
    """Changes, newest first, without merges: what they merged counts. cut: there was no time to read them all."""

    changes: tuple[Change, ...]
    cut: bool


@dataclass(frozen=True, slots=True)
class Tree:
    """The files of a revision, and the folders that are repositories of their own (submodules)."""

    files: tuple[str, ...]
    submodules: tuple[str, ...]


class Deadline:
    """Ends every git that still runs when a time is up. A context; `passed`: it is up."""

    def __init__(self, seconds: float) -> None:
        self.passed = False
        self._running: list[Any] = []
        self._lock = threading.Lock()
        self._timer = threading.Timer(seconds, self.end)
        self._timer.daemon = True

    def __enter__(self) -> Deadline:
        self._timer.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._timer.cancel()

    @contextmanager
    def watching(self, process: Any) -> Iterator[None]:
        """End this process when the time is up, and in any case when the block is left."""
        with self._lock:
            self._running.append(process)
            if self.passed:
                process.terminate()
        try:
            yield
        finally:
            with self._lock:
                self._running.remove(process)
            process.terminate()

    def end(self) -> None:
        """End them now."""
        with self._lock:
            self.passed = True
            for process in self._running:
                process.terminate()


def tree(repository: Repository, revision: str, deadline: Deadline) -> Tree:
    """What stands in a revision; empty where it cannot be read."""
    data = read(repository, deadline, "ls-tree", "-r", "-z", "--full-tree", "--end-of-options", revision)
    files: list[str] = []
    submodules: list[str] = []
    for entry in data.split(b"\0"):
        head, separator, name = entry.partition(b"\t")
        if separator:
            path = name.decode("utf-8", "replace")
            (submodules if head.startswith(b"160000") else files).append(path)
    return Tree(tuple(files), tuple(submodules))


def text_at(repository: Repository, revision: str, path: str, deadline: Deadline) -> list[str]:
    """The lines of a file as it stands in a revision; none where it is binary or cannot be read."""
    data = read(repository, deadline, "cat-file", "blob", f"{revision}:{path}", most=_MOST_TEXT)
    return [] if b"\0" in data[:8000] else data.decode("utf-8", "replace").split("\n")


def recent_changes(repository: Repository, revision: str, count: int, deadline: Deadline) -> Changes:
    """The last commits that a revision reaches, whole."""
    return _changes(repository, (f"--max-count={count}", revision, "--"), deadline, whole=True)


def changes_in(
    repository: Repository, shas: Sequence[str], paths: Sequence[str], deadline: Deadline
) -> tuple[Change, ...]:
    """What these commits changed in these files."""
    if not shas:
        return ()
    arguments = ("--no-walk=unsorted", *shas, "--", *literal(paths))
    return _changes(repository, arguments, deadline, whole=False).changes


@dataclass(frozen=True, slots=True)
class Written:
    """Who wrote a line: the commit, the file that it wrote it in, and where the line stood there."""

    sha: str
    path: str
    line: int = field(default=0, compare=False)


def blame(
    repository: Repository,
    revision: str,
    path: str,
    lines: tuple[int, int],
    deadline: Deadline,
    *,
    moved: bool = False,
    ancestry: str = "",
) -> dict[int, Written]:
    """Who wrote each of these lines (1-based, both included), spaces aside; lines not known are left out.

    moved: who wrote it before it was moved, within the file or from another that the same commit changed; ancestry: a
    file that says which commits follow which.
    """
    first, last = lines
    how = ("-w", *(("-C",) if moved else ()), *(("-S", ancestry) if ancestry else ()))
    where = ("-L", f"{first},{last}", revision, "--", path)
    data = read(repository, deadline, "-c", "blame.ignoreRevsFile=", "blame", "--incremental", *how, *where)
    found: dict[int, Written] = {}
    sha, was, begin, count = "", 0, 0, 0
    for line in data.decode("utf-8", "replace").split("\n"):
        name, _, rest = line.partition(" ")
        numbers = rest.split(" ")
        if len(name) >= 40 and len(numbers) == 3 and rest.replace(" ", "").isdigit():
            sha, (was, begin, count) = name, map(int, numbers)
        elif name == "filename":
            found |= {begin + each: Written(sha, rest, was + each) for each in range(count)}
    return found


def carried(repository: Repository, before: str, after: str, deadline: Deadline, most: int = 2000) -> frozenset[str]:
    """The commits that a deploy brought: reached from the one after, not from the one before."""
    arguments = ("rev-list", "--no-merges", f"--max-count={most}", after, f"^{before}", "--")
    return frozenset(read(repository, deadline, *arguments).decode().split())


def known(repository: Repository, sha: str, deadline: Deadline) -> bool:
    """Whether the repository has this commit."""
    return bool(read(repository, deadline, "rev-parse", "--quiet", "--verify", f"{sha}^{{commit}}"))


def _changes(repository: Repository, arguments: Sequence[str], deadline: Deadline, *, whole: bool) -> Changes:
    data = read(
        repository,
        deadline,
        *("-c", f"core.attributesFile={_LANGUAGES}", "-c", "diff.renameLimit=200", "log", "--no-merges"),
        *(f"--format=%x00{FORMAT}%x1e", "--encoding=UTF-8", "-p", "-U0", "-M", "--submodule=short", *PLAIN, *arguments),
        most=_MOST_BYTES,
    )
    cut = deadline.passed or len(data) >= _MOST_BYTES
    found = []
    for record in data.split(b"\0"):
        head, separator, patch = record.partition(_END)
        listed = next(parse_commits(head), None) if separator else None
        if listed is not None:
            files = parse_patch(patch)
            paths = tuple(dict.fromkeys(path for each in files for path in (each.path, each.old_path)))
            found.append(Change(listed[0], files, paths, whole))
    return Changes(tuple(found), cut)


def literal(paths: Sequence[str]) -> list[str]:
    """Paths as git takes them literally, from the root of the repository."""
    return [f":(top,literal){path}" for path in paths]


def read(repository: Repository, deadline: Deadline, *arguments: str, most: int = _MOST_BYTES) -> bytes:
    """What git prints until it ends or the time is up; nothing where it fails."""
    process = repository.start(*arguments)
    with deadline.watching(process):
        data: bytes = process.stdout.read(most)
        return data
