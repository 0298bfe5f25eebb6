"""Repositories of every kind: found, told in a sentence where they cannot be read, and never written to."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from cockpit.bus import Bus
from cockpit.history.desk import HistoryDesk
from cockpit.history.repository import HeadState, Repository, RepositoryError
from cockpit.watch import Watcher
from tests.history.repositories import START, begin, commit, standing, subjects
from tests.support.service import git, make_repository

ALL = ["Sum the [cart] in one pass", "Count the carts", "Serve the shop"]


def with_submodule(folder: Path, other: Path) -> Path:
    begin(folder)
    git(folder, "-c", "protocol.file.allow=always", "submodule", "add", "-q", str(other), "deep/the shop")
    git(folder, "commit", "-q", "-m", "Use the shop")
    return folder / "deep/the shop"


def test_a_repository_is_found_from_anywhere_inside(tmp_path: Path) -> None:
    folder = make_repository(tmp_path / "the shop")
    (folder / "deep/er").mkdir(parents=True)
    for where in (folder, folder / "deep/er", folder / "cart.py", folder / ".git"):
        assert Repository.find(where).git_dir == folder / ".git"
    found = Repository.find(folder / "deep")
    assert (found.root, found.name) == (folder, "the shop")


def test_head_stands_on_a_branch(tmp_path: Path) -> None:
    folder = make_repository(tmp_path / "shop")
    git(folder, "checkout", "-q", "-b", "fix/the-cart")
    sha = git(folder, "rev-parse", "HEAD").strip()
    assert Repository.find(folder).state() == HeadState("fix/the-cart", sha, sha[:9], False, False)


def test_a_detached_head_lists_what_it_reaches(tmp_path: Path) -> None:
    folder = make_repository(tmp_path / "shop")
    git(folder, "checkout", "-q", "HEAD~1")
    repository = Repository.find(folder)
    assert repository.state().branch is None
    assert repository.state().sha == git(folder, "rev-parse", "HEAD").strip()
    assert subjects(repository) == ALL[1:]


def test_a_repository_without_commits_is_empty(tmp_path: Path) -> None:
    repository = Repository.find(begin(tmp_path / "new"))
    assert repository.state() == HeadState("main", None, "", False, False)
    assert subjects(repository) == []
    assert subjects(repository, "path:cart author:ana") == []
    with pytest.raises(RepositoryError):
        repository.detail("HEAD")


def test_a_shallow_history_says_where_it_ends(tmp_path: Path) -> None:
    folder = make_repository(tmp_path / "shop")
    git(tmp_path, "clone", "-q", "--depth", "2", f"file://{folder}", "shallow")
    repository = Repository.find(tmp_path / "shallow")
    assert repository.state().shallow
    listed = repository.commits()
    listed.more(10)
    assert [listed[index].subject for index in range(len(listed))] == ALL[:2]
    assert "shallow" in repository.detail(listed[1].sha).note
    assert repository.detail(listed[0].sha).note == ""


def test_a_bare_repository_is_as_good_as_any(tmp_path: Path) -> None:
    make_repository(tmp_path / "shop")
    git(tmp_path, "clone", "-q", "--bare", "shop", "shop.git")
    repository = Repository.find(tmp_path / "shop.git")
    assert (repository.state().bare, repository.state().branch, repository.name) == (True, "main", "shop.git")
    assert subjects(repository) == ALL
    assert repository.detail("HEAD").files[0].path == "cart.py"
    assert repository.moves() == ()


def test_a_worktree_has_a_head_of_its_own(tmp_path: Path) -> None:
    folder = make_repository(tmp_path / "shop")
    git(folder, "worktree", "add", "-q", "-b", "aside", str(tmp_path / "aside"), "HEAD~1", at=START + 900)
    assert (tmp_path / "aside/.git").is_file()
    repository = Repository.find(tmp_path / "aside")
    assert (repository.state().branch, repository.root) == ("aside", tmp_path / "aside")
    assert subjects(repository) == ALL[1:]
    assert repository.moves()[-1].sha == repository.state().sha
    commit(tmp_path / "aside", "Work aside", {"aside.py": "1\n"}, 20)
    assert subjects(repository)[0] == repository.detail("HEAD").message == "Work aside"
    assert folder / ".git/refs/heads/aside" in [path.resolve() for path in repository.watched()]
    assert subjects(Repository.find(folder)) == ALL


def test_a_submodule_is_a_repository_of_its_own(tmp_path: Path) -> None:
    shop = make_repository(tmp_path / "shop")
    inside = with_submodule(tmp_path / "outer", shop)
    repository = Repository.find(inside)
    assert repository.root == inside
    assert subjects(repository) == ALL
    assert len(repository.moves()) >= 1
    outer = Repository.find(tmp_path / "outer")
    assert subjects(outer) == ["Use the shop"]
    assert [each.path for each in outer.detail("HEAD").files] == [".gitmodules", "deep/the shop"]


@pytest.mark.parametrize("where", ["", "no/such/folder"])
def test_where_there_is_no_repository_a_sentence_says_so(tmp_path: Path, where: str) -> None:
    with pytest.raises(RepositoryError, match=r"is in no git repository\.$"):
        Repository.find(tmp_path / where)


def test_where_there_is_no_git_a_sentence_says_so(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = make_repository(tmp_path / "shop")
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(RepositoryError, match="git is not installed"):
        Repository.find(folder)


def test_a_repository_of_another_user_says_how_to_allow_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = make_repository(tmp_path / "shop")
    monkeypatch.setenv("GIT_TEST_ASSUME_DIFFERENT_OWNER", "1")
    with pytest.raises(RepositoryError, match=r"safe\.directory"):
        Repository.find(folder)


@pytest.mark.parametrize(
    "breaking",
    [
        lambda git_dir: (git_dir / "HEAD").write_bytes(b"\x00\xffgarbage\n"),
        lambda git_dir: (git_dir / "HEAD").write_bytes(b""),
        lambda git_dir: shutil.rmtree(git_dir / "objects"),
        lambda git_dir: shutil.rmtree(git_dir / "refs"),
        lambda git_dir: (git_dir / "config").write_bytes(b"[core\n\xff\xfe"),
        lambda git_dir: (git_dir / "config").write_text("[core]\n\trepositoryformatversion = 9\n"),
    ],
    ids=["HEAD is garbage", "HEAD is empty", "no objects", "no refs", "no settings", "a newer git made it"],
)
def test_a_broken_repository_is_told_in_one_sentence(tmp_path: Path, breaking: Callable[[Path], object]) -> None:
    folder = make_repository(tmp_path / "shop")
    breaking(folder / ".git")
    with pytest.raises(RepositoryError) as caught:
        Repository.find(folder)
    assert "\n" not in str(caught.value)
    assert str(caught.value).endswith(".")


def test_a_worktree_whose_repository_is_gone_is_told_in_a_sentence(tmp_path: Path) -> None:
    folder = make_repository(tmp_path / "shop")
    git(folder, "worktree", "add", "-q", "-b", "aside", str(tmp_path / "aside"))
    shutil.rmtree(folder)
    with pytest.raises(RepositoryError, match="is in no git repository"):
        Repository.find(tmp_path / "aside")


@pytest.mark.parametrize("kind", ["usual", "bare", "shallow", "worktree", "submodule", "detached"])
def test_nothing_in_the_repository_is_ever_written(tmp_path: Path, kind: str) -> None:
    folder = make_repository(tmp_path / "all/shop")
    where = folder
    if kind == "bare":
        git(folder, "clone", "-q", "--bare", ".", "../bare")
        where = folder.parent / "bare"
    elif kind == "shallow":
        git(folder, "clone", "-q", "--depth", "1", f"file://{folder}", "../shallow")
        where = folder.parent / "shallow"
    elif kind == "worktree":
        where = folder.parent / "aside"
        git(folder, "worktree", "add", "-q", "-b", "aside", str(where))
    elif kind == "submodule":
        where = with_submodule(folder.parent / "outer", folder)
    elif kind == "detached":
        git(folder, "checkout", "-q", "HEAD~1")
    if kind != "bare":
        (where / "cart.py").write_text("# a change that nobody committed makes git want to refresh its index\n")
    before = standing(folder.parent)
    read_all(where)
    assert standing(folder.parent) == before


def read_all(where: Path) -> None:
    """Ask a repository everything that the cockpit ever asks."""
    repository = Repository.find(where)
    repository.state()
    repository.moves()
    repository.watched()
    for query in ("", "cart", "author:ana", "path:cart"):
        listed = repository.commits(query)
        listed.more(10)
        for index in range(len(listed)):
            repository.detail(listed[index].sha)
        listed.close()
    watcher = Watcher(0.1)
    desk = HistoryDesk(Bus(), watcher)
    desk.open(where)
    desk.search("cart")
    desk.more()
    assert desk.idle(10)
    desk.close()
    watcher.close()


def broken_head(repo: Path) -> None:
    head = git(repo, "rev-parse", "HEAD").strip()
    (repo / ".git/objects" / head[:2] / head[2:]).unlink()


def garbage_in_the_branch(repo: Path) -> None:
    (repo / ".git/refs/heads/main").write_text("garbage\n")


def head_at_no_commit(repo: Path) -> None:
    (repo / ".git/HEAD").write_text("0123456789" * 4 + "\n")


@pytest.mark.parametrize("harm", [broken_head, garbage_in_the_branch, head_at_no_commit])
def test_a_head_that_cannot_be_read_is_no_empty_repository(tmp_path: Path, harm: Callable[[Path], None]) -> None:
    repo = make_repository(tmp_path / "repo")
    found = Repository.find(repo)
    harm(repo)
    with pytest.raises(RepositoryError, match="cannot be read"):
        found.state()


def test_a_diff_whose_file_is_missing_is_refused(tmp_path: Path) -> None:
    repo = make_repository(tmp_path / "repo")
    blob = git(repo, "rev-parse", "HEAD:cart.py").strip()
    (repo / ".git/objects" / blob[:2] / blob[2:]).unlink()
    found = Repository.find(repo)
    with pytest.raises(RepositoryError, match="diff cannot be read"):
        found.detail(git(repo, "rev-parse", "HEAD").strip())


def test_a_history_with_a_hole_says_so(tmp_path: Path) -> None:
    repo = make_repository(tmp_path / "repo")
    old = git(repo, "rev-parse", "HEAD~2").strip()
    (repo / ".git/objects" / old[:2] / old[2:]).unlink()
    listed = Repository.find(repo).commits()
    while not listed.done:
        listed.more(100)
    assert listed.failed is not None


@pytest.mark.parametrize("setting", [("log.showRoot", "false"), ("log.follow", "true"), ("diff.orderFile", "/no/such")])
def test_settings_of_the_person_hide_nothing(tmp_path: Path, setting: tuple[str, str]) -> None:
    repo = make_repository(tmp_path / "repo")
    git(repo, "config", *setting)
    found = Repository.find(repo)
    first = git(repo, "rev-parse", "HEAD~2").strip()
    assert [change.path for change in found.detail(first).files] == ["cart.py"]
    assert len(subjects(found, "path:cart")) == 3


def test_a_subject_may_hold_anything(tmp_path: Path) -> None:
    repo = begin(tmp_path / "repo")
    commit(repo, "odd \x1f subject\n\nand \x1f body", {"a": "1"})
    assert subjects(Repository.find(repo)) == ["odd \x1f subject"]
