"""Cases from real history: commits that name the commit they fix, each with the function they repair as a frame."""

from __future__ import annotations

import random
import re
import subprocess
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from cockpit.history.changes import Deadline, changes_in, text_at
from cockpit.history.diff import FileChange
from cockpit.history.repository import Repository
from cockpit.insight.frames import Frame
from cockpit.insight.functions import function_around
from cockpit.insight.kinds import Kind, kind_of

_NAMES = (
    r"(?:fixes|fixed|follow-?up to|regression (?:in|from|since)|regressed (?:in|by|since)|introduced (?:in|by|with)|"
    r"broken (?:in|by|since)|caused by|bug (?:in|from))"
)
_NAMED = re.compile(rf"\b{_NAMES}[: ]+(?:commit )?[\"'(]?([0-9a-f]{{7,40}})\b", re.IGNORECASE)
_SOURCE = re.compile(r"\.(?:c|h|cc|cpp|py|go|js|ts|java|rb|rs|pl|php)$")


@dataclass(frozen=True, slots=True)
class Case:
    """A fix: where it was made from, the frame in what it repaired, and the commits it names."""

    fix: str
    parent: str
    frame: Frame
    culprits: frozenset[str]


def cases(folder: Path, count: int, seed: int) -> list[Case]:
    """So many cases of a clone, drawn with a seed."""
    repository = Repository.find(folder)
    named = list(_named(folder))
    random.Random(seed).shuffle(named)
    found: list[Case] = []
    with Deadline(3600) as deadline:
        for fix, shas in named:
            case = _case(repository, folder, fix, shas, deadline)
            if case is not None:
                found.append(case)
            if len(found) == count:
                break
    return found


def git(folder: Path, *arguments: str) -> str:
    """What git prints; empty where it fails."""
    done = subprocess.run(["git", "-C", str(folder), *arguments], capture_output=True, check=False)
    return done.stdout.decode("utf-8", "replace") if done.returncode == 0 else ""


def _named(folder: Path) -> Iterator[tuple[str, list[str]]]:
    listed = git(folder, "log", "--no-merges", "-i", "-E", f"--grep={_NAMES.replace('?:', '')}", "--format=%x00%H%n%B")
    for record in listed.split("\0"):
        fix, _, message = record.partition("\n")
        shas = [match[1] for match in _NAMED.finditer(message)]
        if 0 < len(shas) <= 3:
            yield fix, shas


def _case(repository: Repository, folder: Path, fix: str, shas: Sequence[str], deadline: Deadline) -> Case | None:
    parent = git(folder, "rev-parse", "--verify", "--quiet", f"{fix}^").strip()
    culprits = {git(folder, "rev-parse", "--verify", "--quiet", f"{sha}^{{commit}}").strip() for sha in shas}
    if not parent or not all(culprits) or not all(_before(folder, sha, parent) for sha in culprits):
        return None
    change = next(iter(changes_in(repository, [fix], [], deadline)), None)
    frame = _frame(repository, parent, change.files, deadline) if change is not None else None
    return Case(fix, parent, frame, frozenset(culprits)) if frame is not None else None


def _before(folder: Path, sha: str, parent: str) -> bool:
    """Whether a commit that is no merge is reached from another."""
    parents = git(folder, "rev-list", "--parents", "-1", sha).split()
    done = subprocess.run(["git", "-C", str(folder), "merge-base", "--is-ancestor", sha, parent], check=False)
    return len(parents) == 2 and done.returncode == 0


def _frame(repository: Repository, parent: str, files: Sequence[FileChange], deadline: Deadline) -> Frame | None:
    """The first hunk of a fix that stands in a function of the code: its first line, as the file was before."""
    for change in files:
        if (
            change.status not in "MR"
            or kind_of(change.old_path) is not Kind.CODE
            or not _SOURCE.search(change.old_path)
        ):
            continue
        lines = text_at(repository, parent, change.old_path, deadline)
        for hunk in change.hunks:
            line = max(1, hunk.old_start)
            function = function_around(lines, line).name
            if function and function in hunk.heading:
                return Frame(change.old_path, line, function)
    return None
