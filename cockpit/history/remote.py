"""The other end of a folder's repository: what it holds, fetched; what it lacks, pushed. Nothing is ever forced."""

from __future__ import annotations

import os
import re
import sys
from dataclasses import dataclass

from cockpit.history.copy import CopyError, FolderCopy
from cockpit.paths import expanded

_KEY = "cockpit.remote"
_THEIRS = "refs/cockpit/theirs"
_SECRET = re.compile(r"(?<=://)([^/@\s:]*):[^/@\s]*@")
_RACE = (
    "fetch first",
    "non-fast-forward",
    "cannot lock ref",
    "failed to update ref",
    "incorrect old value",
    "stale info",
)


class Raced(Exception):
    """Somebody else pushed first; fetch and try again."""


@dataclass(frozen=True, slots=True)
class Remote:
    """An address that git understands: a name that the repository has, a path or a URL."""

    copy: FolderCopy
    address: str

    @classmethod
    def of(cls, copy: FolderCopy, said: str | None) -> Remote:
        """The remote that a person named, else the one remembered, else where the repository was cloned from."""
        if said:
            return cls(copy, _address(copy, said))
        known = copy.run("config", "--local", "--get", _KEY, may_fail=True).decode().strip()
        names = copy.run("remote", may_fail=True).decode().split()
        if not known and names:
            known = "origin" if "origin" in names else names[0]
        if not known:
            raise CopyError("No remote is known for this incident; name one: cockpit sync PATH-OR-URL")
        return cls(copy, known)

    @property
    def name(self) -> str:
        """As it may be shown: without a password."""
        return _plain(self.address)

    def remember(self) -> bool:
        """Let the next sync use it; whether it was not so before. A password in it is not kept."""
        if self.copy.run("config", "--local", "--get", _KEY, may_fail=True).decode().strip() == self.name:
            return False
        self.copy.run("config", "--local", _KEY, self.name)
        return True

    def fetch(self, branch: str) -> tuple[str, str | None]:
        """Fetch a branch, or the only one there is; its name and its commit. None where the remote is empty."""
        heads = self._heads()
        if not heads:
            return branch, None
        if branch not in heads:
            if len(heads) > 1:
                raise CopyError(
                    f"{self.name} has no branch {branch}, but {', '.join(sorted(heads)[:6])}; check one out."
                )
            branch = next(iter(heads))
        self._run("fetch", "--quiet", "--no-tags", "--no-write-fetch-head", "--", f"+refs/heads/{branch}:{_THEIRS}")
        return branch, self.copy.run("rev-parse", _THEIRS).decode().strip()

    def push(self, commit: str, branch: str) -> None:
        """Let the remote's branch move on to a commit. Raises Raced, CopyError."""
        try:
            self._run("push", "--quiet", "--", f"{commit}:refs/heads/{branch}")
        except CopyError as error:
            if any(sign in error.said for sign in _RACE):
                raise Raced from None
            raise CopyError(f"{self.name} takes nothing: {_refusal(error)} What came is here; sync again.") from None

    def _heads(self) -> dict[str, str]:
        try:
            said = self._run("ls-remote", "--quiet", "--heads", "--").decode("utf-8", "replace")
        except CopyError as error:
            raise CopyError(
                f"{self.name} cannot be reached: {_plain(str(error))} Everything is kept here; sync again when it can."
            ) from None
        rows = [line.split("\t") for line in said.splitlines() if "\trefs/heads/" in line]
        return {ref.removeprefix("refs/heads/"): sha for sha, ref in rows}

    def _run(self, *words: str) -> bytes:
        """Run git with the address behind `--`; it asks for a password only where somebody sits."""
        at = words.index("--") + 1
        asks = "1" if sys.stdin is not None and sys.stdin.isatty() else "0"
        return self.copy.run(*words[:at], self.address, *words[at:], more={"GIT_TERMINAL_PROMPT": asks})


def _plain(text: str) -> str:
    """Without passwords in addresses."""
    return _SECRET.sub(r"\1@", text)


def _refusal(error: CopyError) -> str:
    """Why a push was refused, as the other end says it."""
    if "checked out" in error.said:
        return "its files are checked out; use a bare repository (git init --bare DIR)."
    lines = [line.strip() for line in error.said.splitlines()]
    told = [line for line in lines if line.startswith("remote:") and line.removeprefix("remote:").strip()]
    why = (told or [line for line in lines if "rejected]" in line] or [str(error)])[0]
    return _plain(why.removeprefix("remote:").strip()).rstrip(".") + "."


def _address(copy: FolderCopy, said: str) -> str:
    """A name of the repository's own stays; a path is made absolute, so that it holds from anywhere."""
    if said in copy.run("remote", may_fail=True).decode().split():
        return said
    path = expanded(said)
    if path.exists() or (":" not in said and "::" not in said):
        if not path.is_dir():
            raise CopyError(f"There is no git repository at {said}. Make one: git init --bare {said}")
        return os.path.abspath(path)
    return said
