"""Suspects on real history in the time that the command gives git; how long a ranking takes in a large repository."""

from __future__ import annotations

import os
import random
import statistics
import subprocess
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

from cockpit.history.repository import Repository
from cockpit.suspecting import PATIENCE, Asked, Found, suspects
from tests.bench.fixes import Case, cases, git

TUNED_ON = ("curl", "ovs", "frr")
SEEN = ("dpdk", "git")  # cases of these were looked at before, weights were not fitted to them
UNSEEN = ("u-boot", "iproute2", "barebox")
_CASES = 75  # of each clone
_SEED = 7
_TOP = 10
_COMMITS = 100_000


@dataclass(slots=True)
class Score:
    """Ranks (from 1; 0: not among the first ten) of what a way of looking found."""

    ranks: list[int] = field(default_factory=list)

    def add(self, order: Sequence[str], culprits: frozenset[str]) -> None:
        self.ranks.append(next((place for place, sha in enumerate(order[:_TOP], 1) if sha in culprits), 0))

    def line(self, name: str) -> str:
        """hit@1, hit@5 and mean reciprocal rank, in print."""
        count = max(1, len(self.ranks))
        first, five = sum(rank == 1 for rank in self.ranks), sum(0 < rank <= 5 for rank in self.ranks)
        mean = sum(1 / rank for rank in self.ranks if rank) / count
        return f"  {name:<34} hit@1 {first / count:6.1%}   hit@5 {five / count:6.1%}   MRR {mean:.3f}"


def run(folder: Path, megabytes: int) -> None:
    """COCKPIT_CLONES names a folder of clones; those that are missing are skipped."""
    _speed(folder / "large")
    clones = os.environ.get("COCKPIT_CLONES")
    if not clones:
        print("accuracy: skipped; COCKPIT_CLONES names no folder of clones")
        return
    for title, names in (("tuned on", TUNED_ON), ("seen before", SEEN), ("unseen", UNSEEN)):
        for name in names:
            clone = next(
                (each for each in Path(clones).iterdir() if each.name.lower().removesuffix(".git") == name), None
            )
            if clone is None:
                print(f"{name}: skipped, no clone of it in the folder")
            else:
                _accuracy(clone, f"{name} ({title})")


def _accuracy(clone: Path, title: str) -> None:
    found = cases(clone, _CASES, _SEED)
    repository = Repository.find(clone)
    ours, newest, blamed, seconds, cut = Score(), Score(), Score(), [], 0
    for case in found:
        begun = time.perf_counter()
        answer = suspects([repository], Asked(frames=(case.frame,), revision=case.parent, top=_TOP))
        seconds.append(time.perf_counter() - begun)
        cut += _in_part(answer)
        ours.add([each.sha for each in answer.suspects], case.culprits)
        by_newest = _newest(clone, case)
        newest.add(by_newest, case.culprits)
        blamed.add(list(dict.fromkeys((*_blame(clone, case), *by_newest))), case.culprits)
    took = f"{statistics.median(seconds):.2f} s each (median), {max(seconds):.2f} s at most"
    print(f"{title}: {len(found)} cases, {took}, {cut} read in part, patience {PATIENCE} s")
    print(newest.line("newest commit touching the file"))
    print(blamed.line("blame of the line, then the newest"))
    print(ours.line("suspects"))


def _in_part(answer: Found) -> bool:
    """Whether there was no time to read all, as the answer says itself."""
    return any("in part" in note for note in answer.notes)


def _newest(clone: Path, case: Case) -> list[str]:
    return git(clone, "log", "--no-merges", f"-{_TOP}", "--format=%H", case.parent, "--", case.frame.path).split()


def _blame(clone: Path, case: Case) -> list[str]:
    line = case.frame.line
    told = git(clone, "blame", "--porcelain", "-L", f"{line},{line}", case.parent, "--", case.frame.path)
    return told.split()[:1]


def _speed(folder: Path) -> None:
    """The first ranking in a repository made for it, beside one `git log` of the same file."""
    _make(folder, _COMMITS)
    git(folder, "log", "-1")
    trace = "".join(
        f'  File "/srv/app/releases/42/src/part{part}/file{part}.py", line 25, in work\n' for part in (3, 7, 11)
    )
    begun = time.perf_counter()
    answer = suspects([Repository.find(folder)], Asked(trace="Traceback (most recent call last):\n" + trace))
    ours = time.perf_counter() - begun
    begun = time.perf_counter()
    git(folder, "log", "--format=%H", "--", "src/part3/file3.py")
    theirs = time.perf_counter() - begun
    cut = "; in part" if _in_part(answer) else ""
    print(f"{_COMMITS:,} commits: first ranking {ours:.2f} s{cut}; git log of one of its three files {theirs:.2f} s")


def _make(folder: Path, count: int) -> None:
    """A history of so many commits on 400 files in 40 folders, each changes a line of one."""
    subprocess.run(["git", "init", "-q", "--bare", str(folder)], check=True)
    feed = subprocess.Popen(["git", "-C", str(folder), "fast-import", "--quiet"], stdin=subprocess.PIPE)
    assert feed.stdin is not None
    random_ = random.Random(_SEED)
    texts = {part: [f"    value_{line} = {line}" for line in range(60)] for part in range(400)}
    for number in range(count):
        part = number if number < 400 else random_.randrange(400)
        texts[part][random_.randrange(60)] = f"    value = {number}"
        content = ("def work():\n" + "\n".join(texts[part]) + "\n").encode()
        message = f"Change {number}".encode()
        feed.stdin.write(
            b"commit refs/heads/master\ncommitter Ana <ana@shop.example> %d +0000\ndata %d\n%s\n"
            % (1_600_000_000 + 600 * number, len(message), message)
        )
        feed.stdin.write(
            b"M 100644 inline src/part%d/file%d.py\ndata %d\n%s\n" % (part % 40, part, len(content), content)
        )
    feed.stdin.close()
    feed.wait()
    git(folder, "symbolic-ref", "HEAD", "refs/heads/master")
