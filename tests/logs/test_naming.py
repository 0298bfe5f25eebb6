"""What a person names: files, folders, patterns, programs, other hosts; and what appears later."""

from __future__ import annotations

import os
import resource
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from cockpit.logs.arrivals import Arrivals
from cockpit.logs.file import SourceError
from cockpit.logs.find import Kind, gather, most_files, parse_source
from cockpit.watch import Watcher
from tests.support.waiting import until


@pytest.mark.parametrize(
    ("text", "kind", "target", "name"),
    [
        ("-", Kind.STDIN, "-", "stdin"),
        ("/var/log/new.log", Kind.FILE, "/var/log/new.log", "new.log"),
        ("/no/such/*.log", Kind.PATTERN, "/no/such/*.log", "*.log"),
        ("cmd:dmesg --follow | cat", Kind.COMMAND, "dmesg --follow | cat", "dmesg --follow | cat"),
        ("journal:nginx.service", Kind.JOURNAL, "nginx.service", "nginx.service"),
        ("docker:checkout_1", Kind.DOCKER, "checkout_1", "checkout_1"),
        ("k8s:app=shop,tier!=db", Kind.KUBERNETES, "app=shop,tier!=db", "app=shop,tier!=db"),
        ("web-1:/var/log/app.log", Kind.REMOTE, "/var/log/app.log", "web-1:app.log"),
        ("ana@web-1.example:/a b/app.log", Kind.REMOTE, "/a b/app.log", "web-1.example:app.log"),
        ("ssh://ana@web-1:2222/var/log/app%20x.log", Kind.REMOTE, "/var/log/app x.log", "web-1:app x.log"),
        ("ssh://web-1/~/app.log", Kind.REMOTE, "~/app.log", "web-1:app.log"),
        ("[::1]:/app.log", Kind.REMOTE, "/app.log", "[::1]:app.log"),
    ],
)
def test_a_source_is_what_it_says(text: str, kind: Kind, target: str, name: str) -> None:
    named = parse_source(text)
    assert (named.kind, named.target, named.name) == (kind, target, name)


def test_a_remote_file_has_a_host_a_user_and_a_port() -> None:
    named = parse_source("ssh://ana@web-1:2222/x.log")
    assert (named.host, named.port) == ("ana@web-1", 2222)
    assert parse_source("k8s:shop:app.kubernetes.io/name=cart").namespace == "shop"


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("", "no source"),
        ("  ", "no source"),
        ("cmd:", "cmd:COMMAND"),
        ("journal: ", "journal:UNIT"),
        ("docker:-it", "no name of a container"),
        ("k8s:shop:", "no selector"),
        ("ssh://web-1", "ssh://"),
        ("ssh://-oProxyCommand=x/y", "no remote file"),
        ("ssh://web-1:99999/x", "no remote file"),
        ("https://shop.example/log", "cannot be followed"),
        ("jornal:nginx", "did you mean journal:nginx"),
    ],
)
def test_nonsense_is_refused_with_an_example(text: str, sentence: str) -> None:
    with pytest.raises(SourceError, match=sentence):
        parse_source(text)


def test_no_host_is_taken_for_an_option() -> None:
    assert parse_source("-oProxyCommand=x:/y").kind is Kind.FILE


def test_a_path_that_exists_always_wins(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    for name in ("cmd:x", "app[1].log"):
        Path(name).touch()
        assert parse_source(name).kind is Kind.FILE
    Path("web-1:").mkdir()
    Path("web-1:/app.log").touch()
    assert parse_source("web-1:/app.log").kind is Kind.FILE
    assert parse_source("web-1:").kind is Kind.FOLDER


def test_the_files_written_last_are_opened_where_there_are_too_many(tmp_path: Path) -> None:
    for number in range(10):
        (tmp_path / f"{number}.log").touch()
        os.utime(tmp_path / f"{number}.log", (100 + number, 100 + number))
    gathered = gather(parse_source(str(tmp_path)), most=3)
    assert [path.name for path in gathered.paths] == ["7.log", "8.log", "9.log"]
    assert "10 files; only the 3 written last" in gathered.left_out


def test_no_more_files_than_the_limit_allows() -> None:
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (200, hard))
    try:
        assert 1 <= most_files() < 70
    finally:
        resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))


class Told:
    """Remembers what it was told."""

    def __init__(self) -> None:
        self.names: list[str] = []
        self.sentences: list[str] = []

    def arrived(self, paths: list[Path]) -> None:
        self.names += [path.name for path in paths]


Watching = Callable[..., Told]


@pytest.fixture
def watching() -> Iterator[Watching]:
    """Watches folders and patterns for what arrives."""
    watcher = Watcher(0.1)
    opened: list[Arrivals] = []

    def watch(text: str, most: int | None = None) -> Told:
        told, named = Told(), parse_source(text)
        known = gather(named).paths
        opened.append(
            Arrivals(
                named,
                watcher,
                told.arrived,
                known=known,
                most=most,
                too_many=told.sentences.append,
                poll_seconds=0.2,
            )
        )
        return told

    yield watch
    for arrivals in opened:
        arrivals.close()
    watcher.close()


def test_a_log_that_appears_in_a_folder_arrives_once(watching: Watching, tmp_path: Path) -> None:
    (tmp_path / "a.log").write_text("first\n")
    told = watching(str(tmp_path))
    (tmp_path / "b.log").write_text("second\n")
    (tmp_path / "picture.png").touch()
    assert until(lambda: told.names == ["b.log"])
    (tmp_path / "b.log").unlink()
    (tmp_path / "b.log").write_text("again\n")
    (tmp_path / "c.log").touch()
    assert until(lambda: told.names == ["b.log", "c.log"])


def test_a_log_that_comes_to_fit_a_pattern_arrives_from_deeper_folders_too(watching: Watching, tmp_path: Path) -> None:
    (tmp_path / "one").mkdir()
    (tmp_path / "one" / "app.log").touch()
    told = watching(f"{tmp_path}/*/app*.log")
    (tmp_path / "two").mkdir()
    (tmp_path / "two" / "app-2.log").touch()
    assert until(lambda: told.names == ["app-2.log"])


def test_a_rotated_log_is_none_that_arrived(watching: Watching, tmp_path: Path) -> None:
    path = tmp_path / "app.log"
    path.write_text("first\n")
    told = watching(str(tmp_path))
    path.rename(tmp_path / "app-2026-11-23.log")
    path.write_text("next\n")
    (tmp_path / "new.log").touch()
    assert until(lambda: told.names == ["new.log"])


def test_what_is_too_much_is_told_once(watching: Watching, tmp_path: Path) -> None:
    (tmp_path / "a.log").touch()
    told = watching(str(tmp_path), most=2)
    for name in "bcd":
        (tmp_path / f"{name}.log").touch()
    assert until(lambda: told.sentences and told.names)
    assert told.names == ["b.log"]
    assert len(told.sentences) == 1
