"""Filters kept by name: nothing is lost, whoever writes, and what cannot be read stays as it is."""

from __future__ import annotations

import os
import threading
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from cockpit.logs.saved_filters import SavedFilters, SavedFiltersError

ANY = {"suppress_health_check": [HealthCheck.function_scoped_fixture], "deadline": None, "max_examples": 60}


def test_what_is_saved_is_read_again_and_only_the_person_may(tmp_path: Path) -> None:
    filters = SavedFilters(tmp_path / "own/filters.toml")
    assert filters.read() == {}
    assert not filters.path.parent.exists()
    filters.save("errors in cart", 'level>=error "cart failed"')
    filters.save("slow", "took>=500")
    assert SavedFilters(filters.path).read() == {"errors in cart": 'level>=error "cart failed"', "slow": "took>=500"}
    assert filters.path.stat().st_mode & 0o777 == 0o600
    filters.remove("slow")
    assert list(filters.read()) == ["errors in cart"]


def test_what_the_person_wrote_around_it_stays(tmp_path: Path) -> None:
    path = tmp_path / "filters.toml"
    path.write_text('# mine\nslow = "took>=500"  # of the shop\n\nbad = "status>=500"')
    filters = SavedFilters(path)
    filters.save("new", "x=1")
    filters.save("bad", "status>=400")
    assert path.read_text() == '# mine\nslow = "took>=500"  # of the shop\n\nbad = "status>=400"\nnew = "x=1"\n'
    filters.remove("bad")
    assert path.read_text() == '# mine\nslow = "took>=500"  # of the shop\n\nnew = "x=1"\n'


def test_a_value_over_several_lines_is_replaced_whole(tmp_path: Path) -> None:
    path = tmp_path / "filters.toml"
    path.write_text('long = """\\\n  status>=500 \\\n  path~cart"""\nother = "x=1"\n')
    filters = SavedFilters(path)
    filters.save("long", "y=2")
    assert filters.read() == {"long": "y=2", "other": "x=1"}


@pytest.mark.parametrize(
    ("content", "why"),
    [
        (b"slow = took", "not valid TOML"),
        (b"slow = 5", "Expected `str`, got `int`"),
        (b'[slow]\na = "x"', "Expected `str`, got `object`"),
        (b'slow = "\xff"', "is no UTF-8 text"),
        (b'slow = "a"\nslow = "b"', "not valid TOML"),
    ],
)
def test_a_file_that_cannot_be_read_is_told_and_never_written_over(tmp_path: Path, content: bytes, why: str) -> None:
    path = tmp_path / "filters.toml"
    path.write_bytes(content)
    filters = SavedFilters(path)
    for verb in (filters.read, lambda: filters.save("new", "x=1"), lambda: filters.remove("slow")):
        with pytest.raises(SavedFiltersError) as caught:
            verb()
        assert str(caught.value).startswith(f"{path}: ")
        assert why in str(caught.value)
    assert path.read_bytes() == content


def test_a_folder_that_cannot_be_written_is_told(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(SavedFiltersError, match="cannot be"):
        SavedFilters(tmp_path / "file/filters.toml").save("new", "x=1")


def test_a_name_that_is_none_is_told_with_the_nearest(tmp_path: Path) -> None:
    filters = SavedFilters(tmp_path / "filters.toml")
    with pytest.raises(SavedFiltersError, match="holds none"):
        filters.named("cart")
    filters.save("cart errors", "x=1")
    with pytest.raises(SavedFiltersError, match="did you mean 'cart errors'"):
        filters.named("cart error")


def test_cockpits_that_save_at_once_lose_nothing_of_each_other(tmp_path: Path) -> None:
    path = tmp_path / "filters.toml"

    def save(who: int) -> None:
        for nth in range(15):
            SavedFilters(path).save(f"{who}-{nth}", f"user={who}")

    threads = [threading.Thread(target=save, args=(who,)) for who in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(SavedFilters(path).read()) == 60
    assert sorted(os.listdir(tmp_path)) == [".filters.toml.lock", "filters.toml"]


def test_a_link_to_a_file_kept_elsewhere_stays_a_link(tmp_path: Path) -> None:
    (tmp_path / "dotfiles").mkdir()
    (tmp_path / "dotfiles/filters.toml").write_text('a = "x=1"\n')
    (tmp_path / "filters.toml").symlink_to("dotfiles/filters.toml")
    SavedFilters(tmp_path / "filters.toml").save("b", "x=2")
    assert (tmp_path / "filters.toml").is_symlink()
    assert SavedFilters(tmp_path / "dotfiles/filters.toml").read() == {"a": "x=1", "b": "x=2"}


@settings(**ANY)  # type: ignore[arg-type]
@given(st.lists(st.tuples(st.text(min_size=1).filter(str.strip), st.none() | st.text()), max_size=8))
def test_any_names_and_texts_survive(
    tmp_path_factory: pytest.TempPathFactory, changes: list[tuple[str, str | None]]
) -> None:
    filters = SavedFilters(tmp_path_factory.mktemp("own") / "filters.toml")
    wanted: dict[str, str] = {}
    for name, text in changes:
        if text is None:
            filters.remove(name.strip())
            wanted.pop(name.strip(), None)
        else:
            filters.save(name, text)
            wanted[name.strip()] = text
        assert filters.read() == wanted
