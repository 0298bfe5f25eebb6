"""Finding: what a person names becomes files, and each file a short name of its own."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cockpit.logs.file import SourceError
from cockpit.logs.find import expand, looks_like_log, names_for

PATHS = st.lists(
    st.lists(st.sampled_from(["a", "b", "app.log"]), min_size=1, max_size=4).map(lambda parts: Path("/srv", *parts)),
    unique=True,
    max_size=12,
)


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder of logs and other things; one stands in it."""
    for name in (
        "b.log",
        "a.log",
        "App.LOG",
        "events.jsonl",
        "app.log.1",
        "old.log.gz",
        "notes.md",
        "syslog",
        "web/nginx.log",
    ):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).touch()
    (tmp_path / "folder.log").mkdir()
    monkeypatch.chdir(tmp_path)
    return tmp_path


def names(found: list[Path]) -> list[str]:
    return [path.name for path in found]


def test_a_file_is_itself_whether_or_not_it_is_there(folder: Path) -> None:
    assert expand("a.log") == [Path("a.log")]
    assert expand("notes.md") == [Path("notes.md")]
    assert expand("nowhere/late.log") == [Path("nowhere/late.log")]


def test_a_folder_is_the_logs_in_it(folder: Path) -> None:
    assert names(expand(str(folder))) == ["App.LOG", "a.log", "b.log", "events.jsonl", "syslog"]
    assert expand(".") == [Path(name) for name in ("App.LOG", "a.log", "b.log", "events.jsonl", "syslog")]


@pytest.mark.parametrize(
    ("pattern", "found"),
    [
        ("*.log", ["a.log", "b.log"]),
        ("?.log", ["a.log", "b.log"]),
        ("[ab].log", ["a.log", "b.log"]),
        ("*.log*", ["a.log", "app.log.1", "b.log", "old.log.gz"]),
        ("**/*.log", ["a.log", "b.log", "nginx.log"]),
        ("web/*", ["nginx.log"]),
    ],
)
def test_a_pattern_is_the_files_that_fit_it(folder: Path, pattern: str, found: list[str]) -> None:
    assert names(expand(pattern)) == found
    assert names(expand(str(folder / pattern))) == found


def test_a_file_whose_name_looks_like_a_pattern_is_that_file(folder: Path) -> None:
    Path("[ab].log").touch()
    assert expand("[ab].log") == [Path("[ab].log")]


def test_a_path_may_begin_at_home(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HOME", str(folder))
    assert expand("~/a.log") == [folder / "a.log"]
    assert expand("~/*.log") == [folder / "a.log", folder / "b.log"]
    assert expand("~/web") == [folder / "web/nginx.log"]


@pytest.mark.parametrize(
    ("source", "told"),
    [
        ("empty", "no logs in this directory"),
        ("*.nothing", "no file fits this pattern"),
    ],
)
def test_what_names_no_file_is_told_in_a_sentence(folder: Path, source: str, told: str) -> None:
    (folder / "empty").mkdir()
    with pytest.raises(SourceError, match=told) as caught:
        expand(source)
    assert str(caught.value).startswith(source)
    assert str(caught.value).endswith(".")


@pytest.mark.parametrize(
    ("name", "log"),
    [
        ("app.log", True),
        ("APP.LOG", True),
        ("stderr.err", True),
        ("messages", True),
        ("access_log", True),
        ("events.ndjson", True),
        ("app.log.1", False),
        ("app.log.gz", False),
        ("catalog", False),
        ("app.py", False),
        ("mysyslog", False),
    ],
)
def test_a_log_is_told_by_its_name(name: str, log: bool) -> None:
    assert looks_like_log(Path("/var/log") / name) is log


def test_a_name_is_as_short_as_it_can_be() -> None:
    paths = [Path("/srv/shop/app.log"), Path("/srv/pay/app.log"), Path("/srv/pay/nginx.log"), Path("/var/shop/app.log")]
    assert names_for(paths) == ["srv/shop/app.log", "pay/app.log", "nginx.log", "var/shop/app.log"]
    assert names_for([Path("app.log")]) == ["app.log"]
    assert names_for([]) == []


@given(PATHS)
def test_no_two_files_share_a_name(paths: list[Path]) -> None:
    found = names_for(paths)
    assert len(set(found)) == len(paths)
    assert all(str(path).endswith(name.removeprefix("/")) for path, name in zip(paths, found, strict=True))
