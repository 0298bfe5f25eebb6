"""Commits: newest first, no more than are asked for, found by words, author and path."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cockpit.clock import SECOND
from cockpit.history.commits import Query, parse_commits, parse_query
from cockpit.history.repository import Repository
from tests.history.repositories import START, begin, commit, commit_many, subjects
from tests.support.service import git, make_repository


@pytest.fixture(scope="module")
def shop(tmp_path_factory: pytest.TempPathFactory) -> Repository:
    """A repository whose commits differ in words, authors and paths. Not to be written to."""
    folder = begin(tmp_path_factory.mktemp("history") / "shop")
    commit(folder, "Serve the shop\n\nBecause of Ticket-7.", {"shop/app.py": "1\n", "README.md": "shop\n"}, 0, "Ana")
    commit(folder, "Sum the [cart] in 50% of the time", {"shop/cart.py": "1\n"}, 1, "Ben")
    commit(folder, "Keep a name that is a pattern", {"odd/[abc]*?.py": "1\n", "odd/a.py": "1\n"}, 2, "Åsa O'Neil")
    commit(folder, "Move money", {"my money/über pay.py": "1\n", "back\\slash.py": "1\n"}, 3, "Ben")
    commit(folder, "Say nothing new", {}, 4, "Ana")
    return Repository.find(folder)


def test_the_newest_comes_first(shop: Repository) -> None:
    assert subjects(shop) == [
        "Say nothing new",
        "Move money",
        "Keep a name that is a pattern",
        "Sum the [cart] in 50% of the time",
        "Serve the shop",
    ]


def test_a_commit_tells_who_when_and_where_it_stands(tmp_path: Path) -> None:
    folder = make_repository(tmp_path / "shop")
    git(folder, "tag", "v1.0")
    git(folder, "branch", "release")
    listed = Repository.find(folder).commits()
    listed.more(10)
    newest, before = listed[0], listed[1]
    assert (newest.author, newest.email, newest.subject) == ("Cho", "cho@shop.example", "Sum the [cart] in one pass")
    assert newest.at == newest.authored_at == (START + 120) * SECOND
    assert sorted(newest.refs) == ["main", "release", "v1.0"]
    assert newest.parents == (before.sha,)
    assert newest.sha.startswith(newest.short)
    assert listed[2].parents == ()


def test_asking_for_fifty_of_thousands_reads_no_more_than_it_needs(tmp_path: Path) -> None:
    folder = begin(tmp_path / "old")
    commit_many(folder, 4000)
    listed = Repository.find(folder).commits()
    assert len(listed) == 0
    assert listed.more(50) >= 50
    assert 50 <= len(listed) < 1000
    assert not listed.done
    assert [listed[index].subject for index in range(50)] == [f"Commit {3999 - index}" for index in range(50)]
    while not listed.done:
        listed.more(500)
    assert [listed[index].subject for index in range(4000)] == [f"Commit {3999 - index}" for index in range(4000)]
    assert listed.more(50) == 0


def test_a_search_that_finds_little_can_be_called_off(tmp_path: Path) -> None:
    folder = begin(tmp_path / "old")
    commit_many(folder, 2000)
    listed = Repository.find(folder).commits("no-such-word")
    asked = 0

    def enough() -> bool:
        nonlocal asked
        asked += 1
        return asked > 2

    assert listed.more(50, enough) == 0
    assert not listed.done
    listed.close()
    assert listed.done


def test_what_is_loaded_can_be_read_after_the_list_is_closed(shop: Repository) -> None:
    listed = shop.commits()
    listed.more(10)
    listed.close()
    listed.close()
    assert listed[0].subject == "Say nothing new"
    assert listed.more(10) == 0


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("", 5),
        ("   ", 5),
        ("CART", 1),
        ("[cart]", 1),
        ("50% sum", 1),
        ("sum nothing", 0),
        ("ticket-7", 1),
        ("ben@shop", 2),
        ("author:ben", 2),
        ("author:BEN money", 1),
        ("author:[b", 0),
        ("author:ben@shop.example", 2),
        ("author:o'neil", 1),
        ("author:--all", 0),
        ("path:cart.py", 1),
        ("path:SHOP/", 2),
        ("path:shop/cart.py author:ana", 0),
        ("path:[abc]*?", 1),
        ("path:*?.py", 1),
        ("path:[abc].py", 0),
        ("path:back\\slash", 1),
        ("path:über", 1),
        ("path:money/über", 1),
        ("path:no-such-file", 0),
        ("path:../..", 0),
        ("author: path:", 5),
    ],
)
def test_commits_are_found_by_words_author_and_path(shop: Repository, query: str, found: int) -> None:
    assert len(subjects(shop, query)) == found


def test_a_commit_is_found_by_the_beginning_of_its_hash(shop: Repository) -> None:
    listed = shop.commits()
    listed.more(10)
    assert subjects(shop, listed[1].sha[:7]) == ["Move money"]
    assert subjects(shop, listed[1].sha.upper()[:12]) == ["Move money"]


def test_a_merge_stands_among_the_commits_of_both_sides(tmp_path: Path) -> None:
    folder = make_repository(tmp_path / "shop")
    git(folder, "checkout", "-q", "-b", "side", "HEAD~1")
    commit(folder, "Work aside", {"side.py": "1\n"}, 3)
    git(folder, "checkout", "-q", "main")
    git(folder, "merge", "-q", "--no-ff", "-m", "Bring in the side", "side", at=START + 300)
    repository = Repository.find(folder)
    assert subjects(repository)[:3] == ["Bring in the side", "Work aside", "Sum the [cart] in one pass"]
    listed = repository.commits()
    listed.more(1)
    assert len(listed[0].parents) == 2


def test_settings_of_the_person_change_nothing(shop: Repository) -> None:
    settings = "[log]\n\tshowSignature = true\n\tdecorate = full\n\tdate = relative\n[color]\n\tui = always\n"
    settings += (
        "[format]\n\tpretty = raw\n[core]\n\tpager = false\n\tabbrev = 40\n[i18n]\n\tlogOutputEncoding = latin1\n"
    )
    (Path.home() / ".gitconfig").write_text(settings)
    assert len(subjects(shop)) == 5
    assert subjects(shop, "path:über") == ["Move money"]
    listed = shop.commits("author:åsa")
    assert listed.more(10) in (0, 1)  # whether the case of an Å counts is git's business
    assert subjects(shop, "author:Åsa") == ["Keep a name that is a pattern"]


def test_a_query_is_what_was_typed() -> None:
    assert parse_query("Cart author:Ana path:Shop/cart.py SUM") == Query(("cart", "sum"), "Ana", "Shop/cart.py")
    assert parse_query("author:ana author:ben") == Query((), "ben", "")
    assert parse_query("\t\n") == Query()


@given(st.text())
def test_any_text_is_a_query(text: str) -> None:
    wanted = parse_query(text)
    assert all(word == word.strip() and word for word in wanted.words)


@given(st.binary(max_size=2000) | st.lists(st.sampled_from([b"\x1f", b"\0", b"1", b"a", b"\n", b"-"])).map(b"".join))
def test_what_is_no_commit_is_passed_over(data: bytes) -> None:
    for found, body in parse_commits(data):
        assert isinstance(body, str)
        assert found.at >= 0
