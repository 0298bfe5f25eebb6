"""Makes the shop's git repository: the story's commits, tagged releases, the deployed work tree, deploys in the reflog.

Runs the git executable without any settings of the person or the host, so the same story gives the same commits.
"""

from __future__ import annotations

import os
import subprocess
from pathlib import Path

from cockpit.clock import SECOND
from cockpit.demo import DemoError
from cockpit.demo.story import AUTHORS, Story

BRANCH = "main"
_REMOTE = "git@git.shop.invalid:shop/shop.git"
_DEPLOYER = "deploy <deploy@web-1.shop.example>"
_CONFIG = f"""\
[gc]
\tauto = 0
[remote "origin"]
\turl = {_REMOTE}
\tfetch = +refs/heads/*:refs/remotes/origin/*
[branch "{BRANCH}"]
\tremote = origin
\tmerge = refs/heads/{BRANCH}
"""


def make(folder: Path, story: Story) -> tuple[str, ...]:
    """Make the repository in a folder that is not there yet; returns the full commit ids, oldest first.

    Raises DemoError where git is missing or refuses, OSError where the folder cannot be written.
    """
    folder.mkdir(parents=True)
    _git(folder, "init", "-q", "--template=")
    _git(folder, "symbolic-ref", "HEAD", f"refs/heads/{BRANCH}")
    _git(folder, "-c", "fastimport.unpackLimit=1", "fast-import", "--quiet", stdin=_stream(story))
    _git(folder, "read-tree", "-u", "--reset", "HEAD")
    commits = tuple(_git(folder, "rev-list", "--reverse", BRANCH).split())
    metadata = folder / ".git"
    with (metadata / "config").open("a", encoding="utf-8") as config:
        config.write(_CONFIG)
    reflog = _reflog(story, commits)
    for name in ("HEAD", f"refs/heads/{BRANCH}"):
        path = metadata / "logs" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(reflog, "utf-8")
    return commits


def _stream(story: Story) -> bytes:
    """The story as `git fast-import` reads it."""
    parts: list[bytes] = []
    for number, commit in enumerate(story.commits, start=1):
        who = f"{commit.author} <{commit.author}@shop.example> {commit.at // SECOND} {AUTHORS[commit.author]}"
        parts.append(f"commit refs/heads/{BRANCH}\nmark :{number}\nauthor {who}\ncommitter {who}\n".encode())
        parts.append(_data(commit.message))
        for path, text in sorted(commit.changed.items()):
            parts.append(f"M 100644 inline {path}\n".encode() + _data(text))
    for deploy in story.deploys:
        tagger = f"tagger {_DEPLOYER} {deploy.at // SECOND} +0000"
        parts.append(f"tag {deploy.version}\nfrom :{deploy.commit + 1}\n{tagger}\n".encode())
        parts.append(_data(f"Release {deploy.version}\n"))
    parts.append(f"reset refs/remotes/origin/{BRANCH}\nfrom :{len(story.commits)}\n".encode())
    return b"".join(parts)


def _data(text: str) -> bytes:
    content = text.encode()
    return b"data %d\n%b\n" % (len(content), content)


def _reflog(story: Story, commits: tuple[str, ...]) -> str:
    """How HEAD moved on the host: cloned once, then pulled at every deploy."""
    lines: list[str] = []
    before = "0" * len(commits[0])
    for deploy in story.deploys:
        after = commits[deploy.commit]
        what = "pull: Fast-forward" if lines else f"clone: from {_REMOTE}"
        lines.append(f"{before} {after} {_DEPLOYER} {deploy.at // SECOND} +0000\t{what}\n")
        before = after
    return "".join(lines)


def _git(folder: Path, *arguments: str, stdin: bytes = b"") -> str:
    """The output of one git command."""
    try:
        done = subprocess.run(
            ["git", *arguments], cwd=folder, env=_environment(), input=stdin, capture_output=True, check=True
        )
    except FileNotFoundError:
        raise DemoError("The demo needs git, and there is none on the PATH: install it and try again.") from None
    except subprocess.CalledProcessError as error:
        said = error.stderr.decode(errors="replace").strip().partition("\n")[0]
        raise DemoError(f"git {arguments[0]} failed in {folder}: {said or 'it gave no reason'}.") from None
    return done.stdout.decode()


def _environment() -> dict[str, str]:
    """The environment of git: nobody's settings, no other repository, messages in English."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("GIT_")}
    fixed = {"GIT_CONFIG_GLOBAL": os.devnull, "GIT_CONFIG_SYSTEM": os.devnull, "GIT_CONFIG_NOSYSTEM": "1"}
    return {**kept, **fixed, "GIT_TERMINAL_PROMPT": "0", "LC_ALL": "C"}
