"""Makes git repositories for tests: commits of any files, thousands of commits at once, a listing of what is there."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Iterator, Mapping
from pathlib import Path

from cockpit.history.repository import Repository
from tests.support.service import git

START = 1_764_000_000


def begin(folder: Path) -> Path:
    """An empty repository."""
    folder.mkdir(parents=True)
    git(folder, "init", "-q", "-b", "main")
    return folder


def commit(repo: Path, subject: str, files: Mapping[str, str | bytes | None], minute: int = 0, who: str = "Ana") -> str:
    """Write (or, for None, remove) files, commit them at a minute after START, and return the hash."""
    for name, content in files.items():
        path = repo / name
        if content is None:
            path.unlink()
        else:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(content.encode() if isinstance(content, str) else content)
    git(repo, "add", "-A")
    git(repo, "commit", "-q", "--allow-empty", "-m", subject, at=START + 60 * minute, who=who)
    return git(repo, "rev-parse", "HEAD").strip()


def commit_many(repo: Path, count: int) -> None:
    """So many commits on main at once, a second apart: `Commit 0` the oldest; each writes one of fifty files."""
    orders = bytearray()
    for number in range(count):
        message = f"Commit {number}".encode()
        orders += b"commit refs/heads/main\nmark :%d\n" % (number + 1)
        orders += b"committer Ana <ana@shop.example> %d +0000\n" % (START + number)
        orders += b"data %d\n%s\n" % (len(message), message)
        orders += b"from :%d\n" % number if number else b""
        orders += b"M 100644 inline file%d.py\ndata 2\nx\n\n" % (number % 50)
    subprocess.run(["git", "-C", str(repo), "fast-import", "--quiet"], input=orders, check=True)


def subjects(repository: Repository, query: str = "") -> list[str]:
    """The subjects of all commits that fit, in the order of the list."""
    listed = repository.commits(query)
    while not listed.done:
        listed.more(1000)
    found = [listed[index].subject for index in range(len(listed))]
    listed.close()
    return found


def standing(folder: Path) -> dict[str, tuple[int, int, int]]:
    """Every file and folder below one: size, time of its last change (ns) and mode."""
    return dict(_standing(folder))


def _standing(folder: Path) -> Iterator[tuple[str, tuple[int, int, int]]]:
    for path, folders, files in os.walk(folder):
        for name in (".", *folders, *files):
            stat = os.lstat(os.path.join(path, name))
            yield os.path.normpath(os.path.join(path, name)), (stat.st_size, stat.st_mtime_ns, stat.st_mode)
