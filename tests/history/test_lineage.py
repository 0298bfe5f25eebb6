"""Who wrote a line, told from the commits on its file alone: the same as git tells from the whole history."""

from __future__ import annotations

import random
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from cockpit.history.changes import Deadline, Written, blame
from cockpit.history.lineage import blame_in, lineage
from cockpit.history.repository import Repository
from tests.history.repositories import begin, commit, standing
from tests.support.service import git, make_repository

LINES = [f"price_of_the_item_{number} = {number}" for number in range(40)]


def text(*changed: tuple[int, str]) -> str:
    lines = LINES.copy()
    for place, line in changed:
        lines[place] = line
    return "\n".join(lines) + "\n"


@pytest.fixture
def deadline() -> Iterator[Deadline]:
    with Deadline(60) as made:
        yield made


def same(folder: Path, path: str, deadline: Deadline, count: int = 100) -> dict[int, Written]:
    """Who wrote each line of a file, once both ways agree on it."""
    repository = Repository.find(folder)
    found = lineage(repository, "HEAD", [path], count, deadline)
    wrote = blame_in(repository, found, path, (1, 40), deadline)
    assert wrote == blame(repository, "HEAD", path, (1, 40), deadline)
    return wrote


@pytest.mark.parametrize("count", [2, 4, 100])
def test_among_many_commits_on_other_files(tmp_path: Path, deadline: Deadline, count: int) -> None:
    folder, random_ = begin(tmp_path / "shop"), random.Random(7)
    now = text()
    commit(folder, "Price", {"prices.py": now})
    for number in range(1, 12):
        lines = now.splitlines()
        lines[random_.randrange(40)] = f"price = {number}"
        now = "\n".join(lines) + "\n"
        commit(folder, f"Price {number}", {"prices.py": now}, 2 * number)
        commit(folder, f"Turn a knob {number}", {"knob.py": f"{number}\n"}, 2 * number + 1)
    assert len(set(same(folder, "prices.py", deadline, count).values())) > 5


def test_through_merges(tmp_path: Path, deadline: Deadline) -> None:
    folder = begin(tmp_path / "shop")
    first = commit(folder, "Price", {"prices.py": text()})
    git(folder, "checkout", "-q", "-b", "side")
    side = commit(folder, "Side", {"prices.py": text((3, "side"))}, 1)
    git(folder, "checkout", "-q", "main")
    main = commit(folder, "Main", {"prices.py": text((30, "main"))}, 2)
    git(folder, "merge", "-q", "--no-ff", "-m", "Merge side", "side")
    commit(folder, "Tell", {"readme.md": "A shop.\n"}, 3)
    wrote = same(folder, "prices.py", deadline)
    assert (wrote[1].sha, wrote[4].sha, wrote[31].sha) == (first, side, main)


def test_through_the_names_that_a_file_had(tmp_path: Path, deadline: Deadline) -> None:
    folder = begin(tmp_path / "shop")
    commit(folder, "Price", {"prices.py": text()})
    commit(folder, "First", {"prices.py": text((3, "first"))}, 1)
    commit(folder, "Tell", {"readme.md": "A shop.\n"}, 2)
    commit(folder, "Move", {"prices.py": None, "shop/costs.py": text((3, "first"))}, 3)
    commit(folder, "Second", {"shop/costs.py": text((3, "first"), (9, "second"))}, 4)
    wrote = same(folder, "shop/costs.py", deadline)
    assert {each.path for each in wrote.values()} == {"prices.py", "shop/costs.py"}
    found = lineage(Repository.find(folder), "HEAD", ["shop/costs.py"], 100, deadline)
    assert (len(found.shas), found.names, found.cut) == (4, ("shop/costs.py", "prices.py"), False)


def test_of_two_files_at_once_one_of_which_is_younger(tmp_path: Path, deadline: Deadline) -> None:
    folder = begin(tmp_path / "shop")
    commit(folder, "Price", {"prices.py": text()})
    commit(folder, "First", {"prices.py": text((3, "first"))}, 1)
    commit(folder, "Cost", {"prices.py": None, "costs.py": text((3, "first")), "größe.py": text((5, "other"))}, 2)
    commit(folder, "Second", {"größe.py": text((5, "other"), (6, "second"))}, 3)
    repository = Repository.find(folder)
    found = lineage(repository, "HEAD", ["größe.py", "costs.py"], 100, deadline)
    for path in ("größe.py", "costs.py"):
        wrote = blame_in(repository, found, path, (1, 40), deadline)
        assert wrote == blame(repository, "HEAD", path, (1, 40), deadline)


def test_where_nothing_can_be_written_as_on_a_full_disk(
    tmp_path: Path, deadline: Deadline, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = begin(tmp_path / "shop")
    for number in range(6):
        commit(folder, f"Price {number}", {"prices.py": text((number, "changed"))}, number)
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path / "none"))
    same(folder, "prices.py", deadline)


def test_where_there_is_no_such_file(tmp_path: Path, deadline: Deadline) -> None:
    repository = Repository.find(make_repository(tmp_path / "shop"))
    found = lineage(repository, "HEAD", ["none.py"], 100, deadline)
    assert (found.shas, blame_in(repository, found, "none.py", (1, 2), deadline)) == ((), {})


def test_in_a_shallow_clone_and_without_a_trace_of_it(tmp_path: Path, deadline: Deadline) -> None:
    folder = begin(tmp_path / "shop")
    for number in range(6):
        commit(folder, f"Price {number}", {"prices.py": text((number, "changed"))}, number)
    git(tmp_path, "clone", "-q", "--depth", "3", f"file://{folder}", "shallow")
    before = standing(tmp_path / "shallow")
    same(tmp_path / "shallow", "prices.py", deadline)
    assert standing(tmp_path / "shallow") == before


def test_when_the_time_is_up_it_says_so(tmp_path: Path) -> None:
    repository = Repository.find(make_repository(tmp_path / "shop"))
    with Deadline(60) as over:
        over.passed = True
        assert lineage(repository, "HEAD", ["cart.py"], 100, over).cut
