"""Tags: the annotated ones of commits, with the time at which somebody set them."""

from __future__ import annotations

from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st

from cockpit.clock import SECOND
from cockpit.history.repository import Repository
from cockpit.history.tags import Tag, parse_tags
from tests.history.repositories import START, begin
from tests.support.service import git, make_repository


def test_annotated_tags_of_commits_are_listed_in_the_order_of_time(tmp_path: Path) -> None:
    shop = make_repository(tmp_path / "shop")
    first = git(shop, "rev-parse", "HEAD~1").strip()
    git(shop, "tag", "-a", "-m", "Carts are summed\n\nMore of it.", "v2.0", at=START + 900)
    git(shop, "tag", "-a", "-m", "Carts are counted", "team/v1.0", first, at=START + 100)
    git(shop, "tag", "nameless")
    git(shop, "tag", "-a", "-m", "no commit", "blob", f"{first}:cart.py", at=START + 200)
    assert Repository.find(shop).tags() == (
        Tag((START + 100) * SECOND, "team/v1.0", first, "Carts are counted"),
        Tag((START + 900) * SECOND, "v2.0", git(shop, "rev-parse", "HEAD").strip(), "Carts are summed"),
    )


def test_of_many_tags_the_newest_are_listed(tmp_path: Path) -> None:
    shop = make_repository(tmp_path / "shop")
    for number in (3, 1, 4, 2):
        git(shop, "tag", "-a", "-m", "x", f"v{number}", at=START + number)
    assert [tag.name for tag in Repository.find(shop).tags(2)] == ["v3", "v4"]


def test_a_repository_without_tags_has_none(tmp_path: Path) -> None:
    assert Repository.find(make_repository(tmp_path / "shop")).tags() == ()
    assert Repository.find(begin(tmp_path / "new")).tags() == ()


@given(
    st.binary(max_size=200)
    | st.lists(st.sampled_from(["v1", "\0", "17", "commit", "\n", "²"])).map("".join).map(str.encode)
)
def test_any_bytes_are_a_list_of_tags(data: bytes) -> None:
    assert [tag.at for tag in parse_tags(data)] == sorted(tag.at for tag in parse_tags(data))
