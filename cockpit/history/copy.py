"""A folder of ours as a git repository: commits of what it holds, made without touching a file of it."""

from __future__ import annotations

import contextlib
import fcntl
import os
import shutil
import subprocess
import time
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from cockpit.history.repository import sentence_from

_ENVIRONMENT = {"GIT_OPTIONAL_LOCKS": "0", "GIT_PAGER": "cat", "LC_ALL": "C.UTF-8"}
_QUIET = (
    *("-c", "core.quotepath=false", "-c", "core.fsmonitor=false", "-c", "core.excludesFile="),
    *("-c", "gc.auto=0", "-c", "maintenance.auto=false", "-c", "fetch.recurseSubmodules=false", "--no-pager"),
)
_INDEX = "cockpit.index"
_MERGING = "refs/cockpit/merging"
_BEGUN = ("MERGE_HEAD", "rebase-merge", "rebase-apply", "CHERRY_PICK_HEAD", "REVERT_HEAD")
_HELD = 2.0  # seconds after which a lock on a ref is one that a killed git left


_ELSEWHERE = ("DIR", "WORK_TREE", "INDEX_FILE", "OBJECT_DIRECTORY", "COMMON_DIR", "NAMESPACE", "PREFIX")


class CopyError(Exception):
    """The folder's repository cannot do it, in one sentence; `said`: all that git said."""

    def __init__(self, sentence: str, said: str = "") -> None:
        super().__init__(sentence)
        self.said = said


class FolderCopy:
    """The repository in `folder`/.git. A tree is a dict: paths in the folder, and the objects of their bytes.

    All calls block, and raise CopyError.
    """

    def __init__(self, folder: Path) -> None:
        if shutil.which("git") is None:
            raise CopyError("git is not installed here; incidents travel by it.")
        self.folder = folder
        self._directory = folder / ".git"
        self._read: tuple[str, bytes] = ("", b"")

    @contextlib.contextmanager
    def alone(self) -> Iterator[None]:
        """Keep out other processes that do this; what a killed one left half done is cleared."""
        if not (self._directory / "HEAD").exists() and (outer := _tracked_by(self.folder)):
            raise CopyError(f"{self.folder} is tracked in the repository {outer}; let that one travel instead.")
        if self._directory.is_file():
            raise CopyError(f"{self.folder} is a work tree of a repository elsewhere; sync from a clone of its own.")
        try:
            self._directory.mkdir(mode=0o700, exist_ok=True)
            fd = os.open(self._directory / "cockpit.lock", os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        except OSError as error:
            raise CopyError(f"{self.folder} cannot become a git repository: {error.strerror}.") from None
        try:
            try:
                fcntl.flock(fd, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except OSError:
                raise CopyError(f"{self.folder.name} is being synced already; wait for that to end.") from None
            yield
        finally:
            os.close(fd)

    def prepare(self) -> bool:
        """Make the folder a repository where it is none; whether it was made."""
        made = not (self._directory / "HEAD").exists()
        if made:
            self.run("init", "--quiet", str(self.folder))
        for name in _BEGUN:
            if (self._directory / name).exists():
                raise CopyError(f"A merge begun with git is not finished in {self.folder}; end it and sync again.")
        for lock in [*self._directory.glob("cockpit.index.lock"), *self._directory.glob("refs/cockpit/*.lock")]:
            lock.unlink(missing_ok=True)
        return made

    def branch(self) -> str:
        """The branch that the folder is on."""
        name = self.run("symbolic-ref", "--quiet", "--short", "HEAD", may_fail=True).decode().strip()
        if not name:
            raise CopyError(f"The repository in {self.folder} is on no branch; check one out and sync again.")
        return name

    def on_branch(self, name: str) -> None:
        """Be on a branch; only where there is no commit yet."""
        self.run("symbolic-ref", "HEAD", f"refs/heads/{name}")

    def head(self) -> str | None:
        """The last commit; None before the first."""
        return self._commit_at("HEAD")

    def move_head(self, new: str, old: str | None) -> None:
        """Let the branch stand at another commit than `old`; the folder's own index follows."""
        ref = f"refs/heads/{self.branch()}"
        _clear_lock(self._directory / f"{ref}.lock")
        self.run("update-ref", "-m", "cockpit sync", ref, new, old or "0" * 40)
        self.run("read-tree", new, may_fail=True)

    @property
    def merging(self) -> str | None:
        """The commit that was being brought into the folder when that broke off."""
        return self._commit_at(_MERGING)

    @merging.setter
    def merging(self, commit: str | None) -> None:
        if commit is None:
            self.run("update-ref", "-d", _MERGING)
        else:
            self.run("update-ref", _MERGING, commit)

    def tree(self, commit: str | None) -> dict[str, str]:
        """The plain files of a commit; links and other repositories in it are left out."""
        if commit is None:
            return {}
        listed = self.run("ls-tree", "-r", "-z", "--full-tree", commit).split(b"\0")
        rows = [line.partition(b"\t") for line in listed if line.startswith(b"100")]
        return {os.fsdecode(path): about.split()[2].decode() for about, _, path in rows}

    def read(self, blob: str) -> bytes:
        """The bytes of an object."""
        if self._read[0] != blob:
            self._read = blob, self.run("cat-file", "blob", blob)
        return self._read[1]

    def keep(self, data: bytes) -> str:
        """Keep bytes as an object; its name."""
        return self.run("hash-object", "-w", "--stdin", given=data).decode().strip()

    def keep_files(self, paths: Sequence[str]) -> dict[str, str]:
        """Keep files of the folder, byte by byte as they are."""
        if not paths:
            return {}
        given = "".join(f"{path}\n" for path in paths)
        said = self.run("hash-object", "-w", "--no-filters", "--stdin-paths", given=os.fsencode(given))
        return dict(zip(paths, said.decode().split(), strict=True))

    def ignored(self, paths: Sequence[str]) -> set[str]:
        """Those of the paths that the folder's own .gitignore names."""
        given = os.fsencode("".join(f"{path}\0" for path in paths))
        said = self.run("check-ignore", "--no-index", "-z", "--stdin", given=given, may_fail=True)
        return {os.fsdecode(path) for path in said.split(b"\0") if path}

    def commit(self, tree: Mapping[str, str], parents: Sequence[str], by: str, at: int, message: str) -> str:
        """Make a commit that no branch knows yet. by: `ana@web-1`; at: microseconds."""
        index = self._directory / _INDEX
        index.unlink(missing_ok=True)
        rows = b"".join(f"100644 {blob}\t".encode() + os.fsencode(path) + b"\0" for path, blob in tree.items())
        try:
            with_index = {"GIT_INDEX_FILE": str(index)}
            self.run("update-index", "-z", "--index-info", given=rows, more=with_index)
            made = self.run("write-tree", more=with_index).decode().strip()
        finally:
            index.unlink(missing_ok=True)
        who: dict[str, str] = {}
        for role in ("AUTHOR", "COMMITTER"):
            who[f"GIT_{role}_NAME"] = by.partition("@")[0] or "cockpit"
            who[f"GIT_{role}_EMAIL"] = by
            who[f"GIT_{role}_DATE"] = f"{at // 1_000_000} +0000"
        given = [word for parent in parents for word in ("-p", parent)]
        return self.run("commit-tree", made, *given, "-m", message, more=who).decode().strip()

    def author(self, commit: str) -> str:
        """Who made a commit: `ana@web-1`."""
        return self.run("log", "-1", "--format=%ae", commit).decode("utf-8", "replace").strip() or "there"

    def in_common(self, one: str, two: str) -> str | None:
        """The last commit that both hold; None where they never met."""
        return self.run("merge-base", one, two, may_fail=True).decode().split("\n")[0] or None

    def run(
        self, *words: str, given: bytes | None = None, more: Mapping[str, str] | None = None, may_fail: bool = False
    ) -> bytes:
        """Run git on this repository and no other; what it printed."""
        where = () if words[0] == "init" else (f"--git-dir={self._directory}", f"--work-tree={self.folder}")
        own = {name: value for name, value in os.environ.items() if name not in {f"GIT_{each}" for each in _ELSEWHERE}}
        done = subprocess.run(
            ["git", *_QUIET, *where, *words],
            cwd=self.folder,
            input=given or b"",
            capture_output=True,
            env={**own, **_ENVIRONMENT, **(more or {})},
            check=False,
        )
        if done.returncode and not may_fail:
            said = done.stderr.decode("utf-8", "replace")
            raise CopyError(sentence_from(said), said)
        return b"" if done.returncode else done.stdout

    def _commit_at(self, ref: str) -> str | None:
        said = self.run("rev-parse", "--quiet", "--verify", f"{ref}^{{commit}}", may_fail=True)
        return said.decode().strip() or None


def _tracked_by(folder: Path) -> str | None:
    """The repository around a folder that has the incident in it, where there is one."""
    around = ["git", "-C", str(folder)]
    listing = [*around, "ls-files", "--error-unmatch", "journal.jsonl"]
    if subprocess.run(listing, capture_output=True, check=False).returncode:
        return None
    top = [*around, "rev-parse", "--show-toplevel"]
    return subprocess.run(top, capture_output=True, text=True, check=False).stdout.strip()


def _clear_lock(lock: Path) -> None:
    """git holds such a lock for milliseconds; one that stays was left by a git that was killed."""
    with contextlib.suppress(FileNotFoundError):
        there = lock.stat()
        time.sleep(_HELD)
        if lock.stat().st_ino == there.st_ino:
            lock.unlink()
