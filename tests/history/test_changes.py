"""What commits changed, from repositories of every kind: renames, merges, shallow ones, binary files, submodules."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from cockpit.history.changes import (
    Deadline,
    Written,
    blame,
    carried,
    changes_in,
    known,
    recent_changes,
    text_at,
    tree,
)
from cockpit.history.lineage import changes_of
from cockpit.history.repository import Repository
from tests.history.repositories import begin, commit, commit_many, standing
from tests.support.service import git, make_repository

CART = "def total(items):\n    result = 0\n    for item in items:\n        result += item\n    return result\n"


@pytest.fixture
def deadline() -> Iterator[Deadline]:
    with Deadline(60) as made:
        yield made


def test_changes_come_newest_first_with_the_function_of_each_hunk(tmp_path: Path, deadline: Deadline) -> None:
    folder = begin(tmp_path / "shop")
    commit(folder, "Count", {"cart.py": "class Cart:\n" + "".join(f"    {line}\n" for line in CART.splitlines())})
    commit(folder, "Double", {"cart.py": (folder / "cart.py").read_text().replace("+= item", "+= 2 * item")}, 1)
    commit(folder, "Tell", {"readme.md": "A shop.\n"}, 2)
    repository = Repository.find(folder)
    recent = recent_changes(repository, "HEAD", 10, deadline)
    assert [change.commit.subject for change in recent.changes] == ["Tell", "Double", "Count"]
    assert [change.paths for change in recent.changes] == [("readme.md",), ("cart.py",), ("cart.py",)]
    hunk = recent.changes[1].files[0].hunks[0]
    assert (hunk.heading, hunk.new_start, len(hunk.lines)) == ("def total(items):", 5, 2)
    of_cart = changes_of(repository, "HEAD", ["cart.py"], 10, deadline)
    assert ([change.commit.subject for change in of_cart.changes], of_cart.cut) == (["Double", "Count"], False)


def test_a_file_is_followed_through_its_names(tmp_path: Path, deadline: Deadline) -> None:
    folder = begin(tmp_path / "shop")
    commit(folder, "Count", {"cart.py": CART, "other.py": CART.replace("total", "other")})
    commit(folder, "Move", {"cart.py": None, "shop/basket.py": CART + "\n"}, 1)
    commit(folder, "Move again", {"shop/basket.py": None, "shop/order.py": CART + "\n"}, 2)
    commit(folder, "Double", {"shop/order.py": CART.replace("+= item", "+= 2 * item") + "\n"}, 3)
    found = changes_of(Repository.find(folder), "HEAD", ["shop/order.py"], 10, deadline).changes
    assert [change.commit.subject for change in found] == ["Double", "Move again", "Move", "Count"]
    moved = found[2].files[0]
    assert (moved.status, moved.old_path, moved.path, moved.added) == ("R", "cart.py", "shop/basket.py", 1)


def test_what_was_merged_counts_and_the_merge_does_not(tmp_path: Path, deadline: Deadline) -> None:
    folder = begin(tmp_path / "shop")
    commit(folder, "Count", {"cart.py": CART})
    git(folder, "checkout", "-q", "-b", "side")
    commit(folder, "Double", {"cart.py": CART.replace("+= item", "+= 2 * item")}, 1)
    git(folder, "checkout", "-q", "main")
    commit(folder, "Tell", {"readme.md": "A shop.\n"}, 2)
    git(folder, "merge", "-q", "--no-ff", "-m", "Merge side", "side")
    repository = Repository.find(folder)
    recent = recent_changes(repository, "HEAD", 10, deadline)
    assert {change.commit.subject for change in recent.changes} == {"Tell", "Double", "Count"}
    found = changes_of(repository, "HEAD", ["cart.py"], 10, deadline)
    assert [change.commit.subject for change in found.changes] == ["Double", "Count"]


def test_blame_tells_who_wrote_each_line_whatever_its_indentation(tmp_path: Path, deadline: Deadline) -> None:
    folder = begin(tmp_path / "shop")
    first = commit(folder, "Count", {"cart.py": CART})
    second = commit(folder, "Double", {"cart.py": CART.replace("+= item", "+= 2 * item")}, 1)
    text = "".join(f"    {line}\n" for line in (folder / "cart.py").read_text().splitlines())
    commit(folder, "Indent", {"cart.py": text}, 2)
    wrote = {3: Written(first, "cart.py"), 4: Written(second, "cart.py")}
    assert blame(Repository.find(folder), "HEAD", "cart.py", (3, 4), deadline) == wrote
    assert blame(Repository.find(folder), "HEAD", "none.py", (3, 4), deadline) == {}


def test_who_wrote_a_line_before_it_was_moved(tmp_path: Path, deadline: Deadline) -> None:
    folder = begin(tmp_path / "shop")
    text = "".join(f"price_of_the_item_{number} = {number}\n" for number in range(40))
    first = commit(folder, "Price", {"prices.py": text, "cart.py": CART})
    second = commit(folder, "Move", {"prices.py": text[300:], "cart.py": CART + text[:300]}, 1)
    repository = Repository.find(folder)
    assert blame(repository, "HEAD", "cart.py", (8, 10), deadline)[8] == Written(second, "cart.py")
    assert blame(repository, "HEAD", "cart.py", (8, 10), deadline, moved=True)[8] == Written(first, "prices.py")


def test_files_submodules_and_texts_of_a_revision(tmp_path: Path, deadline: Deadline) -> None:
    other = make_repository(tmp_path / "other")
    folder = begin(tmp_path / "shop")
    commit(folder, "Count", {"größe/cart.py": CART, "logo.png": b"\x89PNG\0\0"})
    git(folder, "-c", "protocol.file.allow=always", "submodule", "add", "-q", str(other), "libs/pay")
    git(folder, "commit", "-q", "-m", "Pay")
    repository = Repository.find(folder)
    stands = tree(repository, "HEAD", deadline)
    assert (set(stands.files), stands.submodules) == ({".gitmodules", "größe/cart.py", "logo.png"}, ("libs/pay",))
    assert text_at(repository, "HEAD", "größe/cart.py", deadline)[:2] == CART.split("\n")[:2]
    assert text_at(repository, "HEAD", "logo.png", deadline) == []
    assert recent_changes(repository, "HEAD~1", 5, deadline).changes[0].files[1].binary


def test_a_shallow_history_ends_where_it_ends(tmp_path: Path, deadline: Deadline) -> None:
    folder = make_repository(tmp_path / "shop")
    git(tmp_path, "clone", "-q", "--depth", "2", f"file://{folder}", "shallow")
    found = changes_of(Repository.find(tmp_path / "shallow"), "HEAD", ["cart.py"], 10, deadline)
    assert [change.commit.subject for change in found.changes] == ["Sum the [cart] in one pass", "Count the carts"]


def test_what_a_deploy_brought(tmp_path: Path, deadline: Deadline) -> None:
    folder = begin(tmp_path / "shop")
    shas = [commit(folder, f"Change {number}", {"cart.py": f"{number}\n"}, number) for number in range(4)]
    repository = Repository.find(folder)
    assert carried(repository, shas[0], shas[2], deadline) == {shas[1], shas[2]}
    assert carried(repository, shas[2], shas[0], deadline) == frozenset()
    assert known(repository, shas[1], deadline)
    assert not known(repository, "0" * 40, deadline)
    assert [change.commit.sha for change in changes_in(repository, [shas[1]], ["cart.py"], deadline)] == [shas[1]]


def test_when_the_time_is_up_what_was_read_is_given(tmp_path: Path) -> None:
    folder = begin(tmp_path / "shop")
    commit_many(folder, 300)
    with Deadline(60) as over:
        over.passed = True
        found = recent_changes(Repository.find(folder), "HEAD", 1000, over)
    assert found.cut
    assert len(found.changes) <= 300


def test_nothing_is_written(tmp_path: Path, deadline: Deadline) -> None:
    folder = make_repository(tmp_path / "shop")
    repository = Repository.find(folder)
    before = standing(folder)
    changes_of(repository, "HEAD", ["cart.py"], 10, deadline)
    recent_changes(repository, "HEAD", 10, deadline)
    blame(repository, "HEAD", "cart.py", (1, 2), deadline)
    tree(repository, "HEAD", deadline)
    assert standing(folder) == before
