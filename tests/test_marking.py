"""Markers from all that tells of deploys but the logs: each deploy once, and what cannot be asked is a sentence."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from cockpit.clock import DAY, MINUTE, SECOND, from_rfc3339, to_rfc3339
from cockpit.history.repository import Repository
from cockpit.insight.deploys import Marker
from cockpit.marking import folders_of, markers_of, told_by
from tests.history.repositories import START
from tests.support.releases import lay_out, service
from tests.support.service import git, make_repository

NOW = from_rfc3339("2026-11-24T12:00:00Z")
TEN = from_rfc3339("2026-11-24T10:15:00Z")


def found_in(*repositories: Path, folders: tuple[Path, ...] = (), command: str = "") -> list[Marker]:
    found, problems = markers_of([Repository.find(each) for each in repositories], folders, command, NOW)
    assert problems == []
    return found


def kinds(markers: list[Marker]) -> list[tuple[str, str]]:
    return [(each.kind, each.ref) for each in markers]


@pytest.fixture
def shop(tmp_path: Path) -> Path:
    return make_repository(tmp_path / "code/shop")


def tag(shop: Path, name: str, at: int, commit: str = "HEAD") -> None:
    git(shop, "tag", "-a", "-m", f"Name {name}", name, commit, at=at)


def test_a_tag_of_what_was_committed_here_that_day_is_a_deploy(shop: Path) -> None:
    tag(shop, "v1", START + 3600)
    assert found_in(shop) == [Marker((START + 3600) * SECOND, "deploy", "v1", "tag v1: Name v1")]


def test_a_tag_of_another_time_or_of_a_commit_that_never_stood_here_is_a_tag(shop: Path, tmp_path: Path) -> None:
    tag(shop, "late", START + 120 + DAY // SECOND + 1)
    git(tmp_path, "clone", "-q", str(shop), "copy", at=START + 7200)
    tag(tmp_path / "copy", "old", START + 7000, "HEAD~1")
    assert kinds(found_in(shop)) == [("tag", "late")]
    found = found_in(tmp_path / "copy")
    assert [each.ref for each in found if each.kind == "tag"] == ["old", "late"]


def test_a_tag_whose_commit_was_deployed_by_a_move_is_no_second_deploy(shop: Path) -> None:
    first = git(shop, "rev-parse", "HEAD~2").strip()
    tag(shop, "v1", START + 5400, first)
    git(shop, "checkout", "-q", "v1", at=START + 7200)
    assert kinds(found_in(shop)) == [("tag", "v1"), ("deploy", first[:9])]


def test_only_tags_of_the_time_of_the_logs_are_told(shop: Path) -> None:
    for name, after in (("v1", 100), ("v2", 200), ("v3", 300)):
        tag(shop, name, START + after)
    span = ((START + 150) * SECOND, (START + 250) * SECOND)
    found, _ = markers_of([Repository.find(shop)], [], "", NOW, span)
    assert kinds(found) == [("deploy", "v2")]


def test_tags_that_cannot_be_read_are_a_sentence(shop: Path) -> None:
    repository = Repository.find(shop)
    tag(shop, "v1", START + 100)
    (shop / ".git/packed-refs").write_text("nonsense\n")
    found, problems = markers_of([repository], [], "", NOW)
    assert found == []
    assert len(problems) == 1
    assert problems[0].startswith("The tags of shop cannot be read: ")


def test_releases_around_sources_and_repositories_are_deploys_told_once(tmp_path: Path) -> None:
    names = ["20261124090000", "20261124101500"]
    shop = lay_out(tmp_path / "srv", names, "20261124101500", TEN // SECOND + 30)
    folders = folders_of([str(shop / "current")], [str(shop / "current/app.py"), str(shop / "releases")])
    assert found_in(folders=tuple(folders)) == [
        Marker(from_rfc3339("2026-11-24T09:00:00Z"), "deploy", names[0], f"release {names[0]}"),
        Marker(TEN + 30 * SECOND, "deploy", names[1], f"release {names[1]} made current"),
    ]


def test_a_release_that_a_command_or_a_move_tells_of_is_told_once(tmp_path: Path) -> None:
    shop = lay_out(tmp_path / "srv", ["20261124101500"])
    told = f"echo {to_rfc3339(TEN + MINUTE)} 4f2c1a9 Sum the cart"
    found = found_in(folders=(shop / "releases/20261124101500",), command=told)
    assert found == [Marker(TEN + MINUTE, "deploy", "4f2c1a9", "deploy 4f2c1a9: Sum the cart")]
    make_repository(tmp_path / "code")
    git(tmp_path, "clone", "-q", "code", "srv/repo", at=TEN // SECOND - 60)
    (found_move,) = found_in(tmp_path / "srv/repo")
    assert found_move.title.startswith("deploy ")


def test_a_command_that_tells_of_a_move_tells_nothing_new(shop: Path) -> None:
    first = git(shop, "rev-parse", "HEAD~2").strip()
    git(shop, "checkout", "-q", first, at=TEN // SECOND)
    command = f"echo {to_rfc3339(TEN + MINUTE)} {first} by pull; echo {to_rfc3339(TEN + 9 * MINUTE)} other"
    assert kinds(found_in(shop, command=command)) == [("deploy", first[:9]), ("deploy", "other")]


def test_processes_of_repository_and_release_are_restarts(shop: Path, tmp_path: Path) -> None:
    lay_out(tmp_path / "srv", ["v1"], "v1", 1000)
    (shop / "app.py").write_text((tmp_path / "srv/current/app.py").read_text())
    with service(str(shop / "app.py"), cwd=tmp_path) as one, service("app.py", cwd=tmp_path / "srv/current") as two:
        (found,) = [each for each in found_in(shop, folders=(tmp_path / "srv/current",)) if each.kind == "restart"]
    assert found.ref in (str(one), str(two))
    assert found.title == f"{Path(sys.executable).name} app.py started (pid {found.ref} and 1 more)"


def test_nothing_that_a_terminal_would_obey_is_told(tmp_path: Path) -> None:
    shop = lay_out(tmp_path / "srv", ["v1\x1b]0;x\x07"])
    (shop / "repo").mkdir()
    found = found_in(folders=(shop / "repo",), command=f"printf '{to_rfc3339(TEN)} a\\033[2Jb \\033[31mred\\n'")
    assert len(found) == 2
    assert all((each.ref + each.title).isprintable() for each in found)


def test_what_a_command_does_wrong_is_told_in_a_sentence() -> None:
    found, problems = told_by("echo REVISION; echo 10:15 7 roll out; echo x; echo no access >&2; exit 2", NOW)
    assert found == [Marker(TEN, "deploy", "7", "deploy 7: roll out")]
    assert problems == [
        "The command for deploys ended with code 2: no access",
        "The command for deploys printed 2 lines that are not “TIME REF TITLE”: REVISION",
    ]


def test_a_command_that_does_not_end_is_ended_and_what_it_told_counts() -> None:
    found, problems = told_by("echo 10:15 7 roll out; printf '10:20 8 ha'; sleep 60", NOW, 1.0)
    assert [each.ref for each in found] == ["7"]
    assert problems == ["The command for deploys was ended: it did not end within 1 s."]


def test_without_a_command_nothing_is_run() -> None:
    assert told_by("  ", NOW) == ([], [])


def test_folders_stay_as_they_were_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "logs").mkdir()
    (tmp_path / "current").symlink_to("logs")
    named = folders_of(["", "current"], ["-", "current/app.log", "logs", "cmd:date", "ssh://web-1/var/log/app.log", ""])
    assert named == [tmp_path / "current", tmp_path / "logs"]
