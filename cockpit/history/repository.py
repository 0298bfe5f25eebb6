"""The repository of the service, read and never written: the only place that runs git."""

from __future__ import annotations

import os
import shutil
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from cockpit.history.commits import FORMAT, CommitList, parse_commits, parse_query
from cockpit.history.deploys import HeadMove, parse_reflog
from cockpit.history.diff import CommitDetail, parse_patch
from cockpit.history.tags import FORMAT as TAG_FORMAT
from cockpit.history.tags import Tag, parse_tags

if TYPE_CHECKING:
    import git

_ENVIRONMENT = {
    "GIT_OPTIONAL_LOCKS": "0",
    "GIT_TERMINAL_PROMPT": "0",
    "GIT_NO_LAZY_FETCH": "1",
    "GIT_PAGER": "cat",
    "LC_ALL": "C.UTF-8",
}
_QUIET = (
    *("-c", "core.fsmonitor=false", "-c", "core.quotepath=false", "-c", "log.showSignature=false"),
    *("-c", "core.untrackedCache=false", "-c", "diff.submodule=short", "-c", "log.showRoot=true"),
    *("-c", "log.follow=false", "-c", f"diff.orderFile={os.devnull}", "--no-pager"),
)
PLAIN = ("--no-color", "--no-ext-diff", "--no-textconv", "--src-prefix=a/", "--dst-prefix=b/")
_MOST = 4_000_000  # bytes of a diff that are read


class RepositoryError(Exception):
    """The repository cannot be read, in one sentence."""


@dataclass(frozen=True, slots=True)
class HeadState:
    """Where HEAD stands. branch: None where it is detached; sha: None where there are no commits."""

    branch: str | None
    sha: str | None
    short: str
    shallow: bool
    bare: bool


class Repository:
    """A git repository. All calls block and may be made from any thread."""

    def __init__(self, repo: git.Repo) -> None:
        self._repo = repo
        self.git_dir = Path(repo.git_dir)
        self.common_dir = Path(repo.common_dir)
        self.root = Path(repo.working_tree_dir or repo.git_dir)
        self.name = self.root.name

    @classmethod
    def find(cls, where: Path) -> Repository:
        """The repository around a path. Raises RepositoryError where there is none, or git cannot read it."""
        if shutil.which("git") is None:
            raise RepositoryError("git is not installed here, so there are no commits to show.")
        os.environ.setdefault("GIT_PYTHON_REFRESH", "quiet")
        import git

        try:
            found = cls(git.Repo(where, search_parent_directories=True))
        except (git.InvalidGitRepositoryError, git.NoSuchPathError):
            raise RepositoryError(f"{where} is in no git repository.") from None
        except (git.GitError, OSError, ValueError) as error:
            raise RepositoryError(f"{where}: the repository cannot be read: {_sentence(error)}") from None
        found._run("rev-parse", "--git-dir")
        return found

    def state(self) -> HeadState:
        """Where HEAD stands now."""
        branch = self._run("symbolic-ref", "--quiet", "--short", "HEAD", may_fail=True).strip() or None
        sha = self._run("rev-parse", "--quiet", "--verify", "HEAD^{commit}", may_fail=True).strip() or None
        if sha is None and not self._unborn():
            raise RepositoryError(f"{self.root}: what HEAD points to cannot be read; try: git fsck")
        shallow = (self.common_dir / "shallow").exists()
        return HeadState(branch, sha, sha[:9] if sha else "", shallow, self._repo.bare)

    def _unborn(self) -> bool:
        """Whether HEAD names a branch that has no commit yet: the one good reason for having none."""
        branch = self._run("symbolic-ref", "--quiet", "HEAD", may_fail=True).strip()
        if not branch or not self.git_dir.is_dir():
            return False
        if (self.common_dir / branch).exists():
            return False
        return not self._run("for-each-ref", "--format=x", branch, may_fail=True).strip()

    def commits(self, query: str = "") -> CommitList:
        """The commits that HEAD reaches, newest first, loaded as they are asked for; `query` as in parse_query."""
        wanted = parse_query(query)
        arguments = ["log", "-z", f"--format={FORMAT}", "--encoding=UTF-8", "--no-color"]
        if wanted.author:
            arguments += ["-i", "--fixed-strings", f"--author={wanted.author}"]
        arguments += ["HEAD", "--"]
        if wanted.path:
            arguments.append(f":(icase)*{_escaped(wanted.path)}*")
        listed = CommitList(lambda: self.start(*arguments), wanted)
        if self.state().sha is None:
            listed.close()
        return listed

    def detail(self, sha: str) -> CommitDetail:
        """A commit's message and what it changed; a merge against its first parent. Raises RepositoryError."""
        only = ("--end-of-options", sha, "--")
        listed = self._run("log", "-1", "-z", f"--format={FORMAT}", "--encoding=UTF-8", *only, binary=True)
        found = next(parse_commits(listed), None)
        if found is None:
            raise RepositoryError(f"There is no commit {sha[:12]} here.")
        commit, body = found
        process = self.start("show", "--format=", "--patch", "-M", "-m", "--first-parent", *PLAIN, *only)
        data = process.stdout.read(_MOST + 1)
        cut = len(data) > _MOST
        if cut:
            data = data[:_MOST].rpartition(b"\n")[0]
            process.terminate()
        else:
            _finish(process)
        message = f"{commit.subject}\n\n{body}".strip() if body.strip() else commit.subject
        note = "A merge; what is shown is the difference from its first parent." if len(commit.parents) > 1 else ""
        shallow = not commit.parents and (self.common_dir / "shallow").exists()
        if shallow:
            note = "The history is shallow and ends here; the whole tree shows as added."
        return CommitDetail(commit, message, parse_patch(data), note, cut)

    def moves(self) -> tuple[HeadMove, ...]:
        """The moves of HEAD, oldest first; empty where the repository keeps no reflog."""
        try:
            return parse_reflog((self.git_dir / "logs" / "HEAD").read_bytes())
        except OSError:
            return ()

    def tags(self, most: int = 200) -> tuple[Tag, ...]:
        """The annotated tags of commits, oldest first, of many the newest. Raises RepositoryError."""
        listed = ("--sort=-taggerdate", f"--count={most}", f"--format={TAG_FORMAT}", "refs/tags")
        return parse_tags(self._run("for-each-ref", *listed, binary=True))

    def watched(self) -> tuple[Path, ...]:
        """The files whose change means that HEAD or its branch moved."""
        branch = self._run("symbolic-ref", "--quiet", "HEAD", may_fail=True).strip()
        paths = [self.git_dir / "HEAD", self.git_dir / "logs" / "HEAD", self.common_dir / "packed-refs"]
        if branch:
            paths.append(self.common_dir / branch)
        return tuple(paths)

    def start(self, *arguments: str) -> Any:
        """Run git with its output in a pipe; for this room only."""
        command = ["git", *_QUIET, *arguments]
        return self._repo.git.execute(command, as_process=True, env=_ENVIRONMENT)

    def _run(self, *arguments: str, may_fail: bool = False, binary: bool = False) -> Any:
        import git

        try:
            return self._repo.git.execute(
                ["git", *_QUIET, *arguments],
                env=_ENVIRONMENT,
                stdout_as_string=not binary,
                strip_newline_in_stdout=False,
                kill_after_timeout=None,
            )
        except git.GitCommandError as error:
            if may_fail:
                return b"" if binary else ""
            raise RepositoryError(_sentence(error)) from None


def sentence_of(error: Exception) -> str:
    """What git broke off with, in a sentence."""
    return f"The history cannot be read to its end: {_sentence(error)}"


def _finish(process: Any) -> None:
    """Wait for a git whose output is read. Raises RepositoryError where it failed."""
    import git

    try:
        process.wait()
    except git.GitCommandError as error:
        raise RepositoryError(f"The diff cannot be read: {_sentence(error)}") from None


def _escaped(path: str) -> str:
    """A part of a path as git takes it literally in a pattern."""
    return "".join(f"\\{letter}" if letter in "*?[\\" else letter for letter in path)


def _sentence(error: Exception) -> str:
    """What git said, as a sentence with what to do."""
    said = str(getattr(error, "stderr", "") or error).strip().removeprefix("stderr: ").strip()
    said = said[1:-1].strip() if said[:1] in "'\"" and said[:1] == said[-1:] else said
    return sentence_from(said) if said else f"{type(error).__name__}."


def sentence_from(said: str) -> str:
    """What git said on its standard error, as a sentence with what to do."""
    if "dubious ownership" in said:
        return "git reads no repository of another user; allow it: git config --global --add safe.directory DIR"
    lines = [line for line in said.split("\n") if line.strip()]
    return (lines[0].removeprefix("fatal: ") if lines else "git failed and did not say why").rstrip(".") + "."
