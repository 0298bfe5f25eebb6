"""The repository beside a running cockpit: opened aside, followed as HEAD moves, loaded page by page."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from cockpit.bus import Bus
from cockpit.clock import SECOND
from cockpit.events import CommitsListed, Event, MarkersChanged, RepositoryChanged
from cockpit.history.desk import PAGE, HistoryDesk
from cockpit.history.repository import RepositoryError
from cockpit.watch import Watcher
from tests.history.repositories import START, begin, commit, commit_many
from tests.support.service import git, make_repository
from tests.support.waiting import until

Heard = list[type[Event]]


@pytest.fixture
def bus() -> Bus:
    return Bus()


@pytest.fixture
def heard(bus: Bus) -> Heard:
    """The kinds of all events, as they are published."""
    kinds: Heard = []
    bus.subscribe(Event, lambda event: kinds.append(type(event)))
    return kinds


@pytest.fixture
def watcher() -> Iterator[Watcher]:
    watcher = Watcher(0.1)
    yield watcher
    watcher.close()


@pytest.fixture
def desk(bus: Bus, watcher: Watcher) -> Iterator[HistoryDesk]:
    desk = HistoryDesk(bus, watcher)
    yield desk
    desk.close()


def opened(desk: HistoryDesk, where: Path) -> Path:
    """Open a repository and wait until it is read."""
    desk.open(where)
    assert desk.idle(10)
    return where


def listed(desk: HistoryDesk) -> list[str]:
    found = [desk.commit(index) for index in range(desk.count())]
    return [each.subject for each in found if each is not None]


def test_a_repository_is_opened_aside_and_told(desk: HistoryDesk, heard: Heard, tmp_path: Path) -> None:
    desk.open(make_repository(tmp_path / "shop"))
    assert desk.idle(10)
    assert heard == [RepositoryChanged, MarkersChanged]
    assert listed(desk) == ["Sum the [cart] in one pass", "Count the carts", "Serve the shop"]
    assert (desk.error, desk.loading) == ("", False)
    assert desk.state is not None
    assert desk.state.branch == "main"
    assert desk.commit(-1) is None
    assert desk.commit(3) is None


def test_no_repository_is_an_error_in_a_sentence_and_nothing_else(
    desk: HistoryDesk, heard: Heard, tmp_path: Path
) -> None:
    desk.open(tmp_path)
    assert desk.idle(10)
    assert heard == [RepositoryChanged]
    assert "is in no git repository" in desk.error
    assert (desk.loading, desk.count(), desk.moves, desk.state) == (False, 0, (), None)
    assert desk.commit(0) is None
    assert desk.deployed_at(START * SECOND) is None
    with pytest.raises(RepositoryError, match="No repository is open"):
        desk.detail("HEAD")
    desk.search("cart")
    desk.more()
    desk.refresh()
    assert desk.idle(10)


def test_the_nearest_of_several_places_is_opened(desk: HistoryDesk, tmp_path: Path) -> None:
    shop = make_repository(tmp_path / "shop")
    desk.open_nearest([tmp_path, tmp_path / "nowhere", shop])
    assert desk.idle(10)
    assert (desk.error, desk.count()) == ("", 3)


def test_where_no_place_has_a_repository_the_person_is_told_how_to_name_one(desk: HistoryDesk, tmp_path: Path) -> None:
    desk.open_nearest([tmp_path, tmp_path / "nowhere"])
    assert desk.idle(10)
    assert f"{tmp_path} is in no git repository" in desk.error
    assert "--repo DIR" in desk.error


def test_a_commit_made_meanwhile_appears(desk: HistoryDesk, heard: Heard, tmp_path: Path) -> None:
    shop = make_repository(tmp_path / "shop")
    opened(desk, shop)
    heard.clear()
    sha = commit(shop, "Fix the cart", {"cart.py": "1\n"}, 30)
    assert until(lambda: listed(desk)[:1] == ["Fix the cart"])
    assert until(lambda: {RepositoryChanged, MarkersChanged} <= set(heard))
    assert until(lambda: desk.moves[-1].sha == sha)
    assert desk.deploy_of(sha) == (START + 1800) * SECOND


def test_a_checkout_and_a_reset_are_deploys(desk: HistoryDesk, tmp_path: Path) -> None:
    shop = make_repository(tmp_path / "shop")
    opened(desk, shop)
    git(shop, "checkout", "-q", "HEAD~2", at=START + 3600)
    assert until(lambda: listed(desk) == ["Serve the shop"])
    assert desk.state is not None
    assert desk.state.branch is None
    git(shop, "checkout", "-q", "main", at=START + 3700)
    assert until(lambda: len(listed(desk)) == 3)
    git(shop, "reset", "-q", "--hard", "HEAD~1", at=START + 3800)
    assert until(lambda: listed(desk) == ["Count the carts", "Serve the shop"])
    assert until(lambda: [move.how.partition(":")[0] for move in desk.moves[-3:]] == ["checkout", "checkout", "reset"])
    last = desk.deployed_at((START + 9999) * SECOND)
    assert last is not None
    assert (last.at, last.sha) == ((START + 3800) * SECOND, desk.state.sha)
    before = desk.deployed_at((START + 3650) * SECOND)
    assert before is not None
    assert before.how.startswith("checkout")


def test_a_branch_begun_later_is_followed_too(desk: HistoryDesk, tmp_path: Path) -> None:
    shop = make_repository(tmp_path / "shop")
    opened(desk, shop)
    git(shop, "checkout", "-q", "-b", "fix/cart")
    assert until(lambda: desk.state is not None and desk.state.branch == "fix/cart")
    commit(shop, "Fix the cart", {"cart.py": "1\n"}, 30)
    assert until(lambda: listed(desk)[:1] == ["Fix the cart"])


def test_the_first_commit_of_an_empty_repository_appears(desk: HistoryDesk, tmp_path: Path) -> None:
    new = begin(tmp_path / "new")
    opened(desk, new)
    assert (desk.error, desk.count(), desk.moves) == ("", 0, ())
    commit(new, "Begin", {"a.py": "1\n"})
    assert until(lambda: listed(desk) == ["Begin"])


def test_a_push_into_a_bare_repository_appears(desk: HistoryDesk, tmp_path: Path) -> None:
    shop = make_repository(tmp_path / "shop")
    git(tmp_path, "clone", "-q", "--bare", "shop", "shop.git")
    opened(desk, tmp_path / "shop.git")
    commit(shop, "Fix the cart", {"cart.py": "1\n"}, 30)
    git(shop, "push", "-q", str(tmp_path / "shop.git"), "main")
    assert until(lambda: listed(desk)[:1] == ["Fix the cart"])


def test_branches_packed_away_lose_nothing(desk: HistoryDesk, tmp_path: Path) -> None:
    shop = make_repository(tmp_path / "shop")
    git(shop, "pack-refs", "--all")
    git(shop, "gc", "-q")
    opened(desk, shop)
    assert desk.count() == 3
    commit(shop, "Fix the cart", {"cart.py": "1\n"}, 30)
    assert until(lambda: desk.count() == 4)


def test_commits_are_loaded_a_page_at_a_time(desk: HistoryDesk, heard: Heard, tmp_path: Path) -> None:
    old = begin(tmp_path / "old")
    commit_many(old, 1500)
    opened(desk, old)
    seen = desk.count()
    assert PAGE <= seen < 1500
    while seen < 1500:
        desk.more()
        assert desk.idle(10)
        assert desk.count() > seen
        assert heard[-1] is CommitsListed
        seen = desk.count()
    assert listed(desk) == [f"Commit {1499 - number}" for number in range(1500)]
    told = len(heard)
    desk.more()
    desk.more()
    assert desk.idle(10)
    assert desk.count() == 1500
    assert len(heard) <= told + 1


def test_a_search_lists_what_fits_and_an_empty_one_lists_all(desk: HistoryDesk, heard: Heard, tmp_path: Path) -> None:
    opened(desk, make_repository(tmp_path / "shop"))
    heard.clear()
    desk.search("  author:ben ")
    assert until(lambda: listed(desk) == ["Count the carts"])
    assert desk.query == "author:ben"
    desk.search("")
    assert until(lambda: desk.count() == 3)
    assert RepositoryChanged in heard


def test_only_the_last_of_many_searches_counts(desk: HistoryDesk, tmp_path: Path) -> None:
    old = begin(tmp_path / "old")
    commit_many(old, 3000)
    opened(desk, old)
    for number in range(10):
        desk.search(f"nothing-{number}")
    desk.search("commit 17")
    assert desk.idle(20)
    assert listed(desk)[-1] == "Commit 17"
    assert not desk.loading


def test_a_search_outlives_a_move_of_head(desk: HistoryDesk, tmp_path: Path) -> None:
    shop = make_repository(tmp_path / "shop")
    opened(desk, shop)
    desk.search("carts")
    assert until(lambda: desk.count() == 1)
    commit(shop, "Mend the carts", {"cart.py": "1\n"}, 30)
    commit(shop, "Unrelated", {"other.py": "1\n"}, 31)
    assert until(lambda: listed(desk) == ["Mend the carts", "Count the carts"])
    assert until(lambda: len(desk.moves) == 5)


def test_after_closing_nothing_is_told(desk: HistoryDesk, heard: Heard, watcher: Watcher, tmp_path: Path) -> None:
    shop = make_repository(tmp_path / "shop")
    opened(desk, shop)
    heard.clear()
    desk.close()
    commit(shop, "Too late", {"cart.py": "1\n"}, 30)
    watcher.look()
    desk.refresh()
    desk.search("cart")
    assert heard == []
    assert desk.count() == 3


def test_a_branch_that_came_later_is_followed_too(desk: HistoryDesk, watcher: Watcher, tmp_path: Path) -> None:
    repo = make_repository(tmp_path / "repo")
    git(repo, "branch", "other", "HEAD~1")
    git(repo, "config", "core.logAllRefUpdates", "false")
    desk.open(repo)
    assert desk.idle(10)
    git(repo, "symbolic-ref", "HEAD", "refs/heads/other")
    assert until(lambda: desk.state is not None and desk.state.branch == "other")
    assert desk.idle(10)
    newest = git(repo, "rev-parse", "main").strip()
    git(repo, "update-ref", "refs/heads/other", newest)
    assert until(lambda: desk.state is not None and desk.state.sha == newest)


def test_another_repository_takes_the_place_of_the_first(desk: HistoryDesk, watcher: Watcher, tmp_path: Path) -> None:
    first, second = make_repository(tmp_path / "one"), make_repository(tmp_path / "two")
    desk.open(first)
    assert desk.idle(10)
    watched = len(watcher._watches)
    desk.open(second)
    assert desk.idle(10)
    assert len(watcher._watches) == watched
    desk.open(tmp_path / "nowhere")
    assert desk.idle(10)
    assert desk.error
    assert desk.count() == 0
