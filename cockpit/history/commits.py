"""Commits of a branch, read from git as they are needed: a hundred thousand cost no more than fifty."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import IO, Protocol

from cockpit.clock import SECOND

FORMAT = "%H%x1f%h%x1f%an%x1f%ae%x1f%ct%x1f%at%x1f%D%x1f%P%x1f%s%n%b"
"""What git is asked to print of a commit; commits end in NUL."""


@dataclass(frozen=True, slots=True)
class Commit:
    """A commit in a list. at: when it was committed, authored_at: when it was written (microseconds)."""

    sha: str
    short: str
    author: str
    email: str
    at: int
    authored_at: int
    subject: str
    refs: tuple[str, ...]
    parents: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Query:
    """What commits are looked for: words that all stand in message, author or hash; an author; a part of a path."""

    words: tuple[str, ...] = ()
    author: str = ""
    path: str = ""

    def fits(self, commit: Commit, body: str) -> bool:
        """Whether all words stand in the commit (author and path are left to git)."""
        text = f"{commit.subject}\n{body}\n{commit.author} {commit.email}".lower()
        return all(word in text or commit.sha.startswith(word) for word in self.words)


def parse_query(text: str) -> Query:
    """A query from what a person typed: `cart author:ana path:shop/cart.py`."""
    words, author, path = [], "", ""
    for word in text.split():
        if word.startswith("author:"):
            author = word.removeprefix("author:")
        elif word.startswith("path:"):
            path = word.removeprefix("path:")
        else:
            words.append(word.lower())
    return Query(tuple(words), author, path)


def parse_commits(data: bytes) -> Iterator[tuple[Commit, str]]:
    """Commits and their bodies from what git printed with FORMAT and -z. What is no commit is passed over."""
    for record in data.split(b"\0"):
        fields = record.decode("utf-8", "replace").lstrip("\n").split("\x1f", 8)
        if len(fields) == 9 and fields[4].isdigit() and fields[5].lstrip("-").isdigit():
            sha, short, author, email, committed, authored, refs, parents, message = fields
            subject, _, body = message.partition("\n")
            commit = Commit(
                sha,
                short,
                author,
                email,
                int(committed) * SECOND,
                int(authored) * SECOND,
                subject,
                tuple(_refs(refs)),
                tuple(parents.split()),
            )
            yield commit, body


def _refs(text: str) -> Iterator[str]:
    for name in text.split(", "):
        shown = name.removeprefix("HEAD -> ").removeprefix("tag: ").strip()
        if shown and shown != "HEAD":
            yield shown


class Output(Protocol):
    """A running git whose output is read bit by bit."""

    @property
    def stdout(self) -> IO[bytes] | None: ...

    def terminate(self) -> None: ...

    def wait(self) -> int:
        """Wait for its end; raises where it failed."""
        ...


class CommitList:
    """Commits, newest first, as far as they have been loaded. One thread loads; any may read.

    `done`: there are no more; `failed`: what git broke off with (None: it did not). git waits in the pipe while nobody
    asks for more.
    """

    def __init__(self, start: Callable[[], Output], query: Query) -> None:
        self.done = False
        self.failed: Exception | None = None
        self._start = start
        self._query = query
        self._process: Output | None = None
        self._commits: list[Commit] = []
        self._rest = b""
        self._lock = threading.Lock()

    def __len__(self) -> int:
        return len(self._commits)

    def __getitem__(self, index: int) -> Commit:
        return self._commits[index]

    def more(self, count: int, cancelled: Callable[[], bool] = lambda: False) -> int:
        """Load up to so many more; returns how many came. Blocks."""
        with self._lock:
            before = len(self._commits)
            if self._process is None and not self.done:
                self._process = self._start()
            while not self.done and len(self._commits) < before + count and not cancelled():
                self._read()
            return len(self._commits) - before

    def close(self) -> None:
        """End git. What is loaded can still be read."""
        self.done = True
        process, self._process = self._process, None
        if process is not None:
            process.terminate()

    def _ended(self, process: Output | None) -> None:
        self.done = True
        try:
            if process is not None:
                process.wait()
        except Exception as error:  # whatever the library makes of git's exit code
            self.failed = error

    def _read(self) -> None:
        process = self._process
        stream = process.stdout if process is not None else None
        data = stream.read1(1 << 15) if stream is not None and hasattr(stream, "read1") else b""
        if not data and not self.done:
            self._ended(process)
        complete, _, self._rest = (self._rest + data).rpartition(b"\0") if data else (self._rest, b"", b"")
        for commit, body in parse_commits(complete):
            if self._query.fits(commit, body):
                self._commits.append(commit)
