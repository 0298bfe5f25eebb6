"""The demo on disk: a repository that git believes, the same for the same seed, and nobody's files written over."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from cockpit.clock import SECOND, from_rfc3339
from cockpit.demo import DemoError
from cockpit.demo.build import MARKER, Demo, build, locked, read
from cockpit.demo.story import Story

NOW = from_rfc3339("2026-11-24T08:00:00Z")


def _git(demo: Demo, *arguments: str) -> str:
    done = subprocess.run(["git", "-C", str(demo.repo), *arguments], capture_output=True, text=True, check=True)
    return done.stdout


def test_git_believes_the_repository(demo: Demo, told: Story) -> None:
    assert _git(demo, "fsck", "--strict") == ""
    assert _git(demo, "status", "--porcelain") == ""
    subjects = _git(demo, "log", "--reverse", "--format=%an %at %s").splitlines()
    assert subjects == [f"{commit.author} {commit.at // SECOND} {commit.subject}" for commit in told.commits]
    assert _git(demo, "show", "-s", "--format=%s", demo.faulty).strip() == "Sum the cart in one pass"


def test_the_deploys_are_in_the_reflog_and_tagged(demo: Demo, told: Story) -> None:
    moves = _git(demo, "reflog", "--date=unix", "--format=%H %gd %gs", "HEAD").splitlines()
    expected = [
        f"{version} HEAD@{{{deploy.at // SECOND}}} pull: Fast-forward"
        for version, deploy in zip(demo.versions, told.deploys, strict=True)
    ]
    assert moves[:-1] == expected[:0:-1]
    assert "clone: from" in moves[-1]
    assert _git(demo, "rev-parse", "HEAD").strip() == demo.versions[-1]
    for version, deploy in zip(demo.versions, told.deploys, strict=True):
        assert _git(demo, "rev-parse", deploy.version + "^{commit}").strip() == version


def test_the_work_tree_is_what_was_deployed(demo: Demo, told: Story) -> None:
    for path, text in told.deploys[-1].tree.items():
        assert (demo.repo / path).read_text("utf-8") == text


def test_the_same_seed_makes_the_same_incident(
    demo: Demo, folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings = tmp_path / "gitconfig"
    settings.write_text("[user]\n\tname = somebody\n[commit]\n\tgpgSign = true\n[core]\n\tautocrlf = true\n")
    monkeypatch.setenv("GIT_CONFIG_GLOBAL", str(settings))
    monkeypatch.setenv("GIT_DIR", str(tmp_path))
    again = build(folder, demo.seed, demo.now)
    assert again.versions == demo.versions
    assert again.faulty == demo.faulty
    for one, other in zip(demo.logs, again.logs, strict=True):
        assert one.read_bytes() == other.read_bytes()


def test_a_demo_is_made_anew_and_leaves_other_files_alone(demo: Demo, folder: Path) -> None:
    shutil.copytree(demo.folder, folder)
    first = read(folder)
    (folder / "notes.md").write_text("mine")
    (first.logs[0].parent / "app.jsonl.1").write_text("rotated")
    second = build(folder, 2, NOW)
    assert read(folder) == second
    assert first.versions != second.versions
    assert (folder / "notes.md").read_text() == "mine"
    assert sorted(path.name for path in second.logs[0].parent.iterdir()) == ["access.log", "app.jsonl", "worker.log"]


def test_a_folder_with_other_files_is_refused(tmp_path: Path) -> None:
    (tmp_path / "logs").mkdir()
    (tmp_path / "logs" / "precious").write_text("x")
    with pytest.raises(DemoError, match="not empty and holds no demo"):
        build(tmp_path, 1, NOW)
    assert (tmp_path / "logs" / "precious").read_text() == "x"
    assert not (tmp_path / MARKER).exists()


def test_a_file_in_place_of_the_folder_is_refused(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("x")
    with pytest.raises(DemoError, match="not a folder"):
        build(tmp_path / "file", 1, NOW)
    with pytest.raises(DemoError, match="cannot be written"):
        build(tmp_path / "file" / "below", 1, NOW)


@pytest.mark.skipif(os.geteuid() == 0, reason="root writes anywhere")
def test_a_folder_that_cannot_be_written_is_refused(tmp_path: Path) -> None:
    tmp_path.chmod(0o500)
    with pytest.raises(DemoError, match="cannot be written"):
        build(tmp_path / "new", 1, NOW)


def test_without_git_the_person_is_told(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", "/nowhere")
    with pytest.raises(DemoError, match="needs git"):
        build(folder, 1, NOW)
    with pytest.raises(DemoError, match="not finished"):
        read(folder)
    monkeypatch.undo()
    assert build(folder, 1, NOW) == read(folder)


def test_a_demo_in_use_is_not_made_anew(folder: Path) -> None:
    folder.mkdir()
    code = (
        "import sys, pathlib; from cockpit.demo.build import locked\n"
        "with locked(pathlib.Path(sys.argv[1])): print('held', flush=True); sys.stdin.read()"
    )
    holder = subprocess.Popen(
        [sys.executable, "-c", code, str(folder)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )
    assert holder.stdout is not None
    assert holder.stdout.readline() == "held\n"
    with pytest.raises(DemoError, match="stop it first"):
        build(folder, 1, NOW)
    holder.communicate()
    with locked(folder):
        pass


def test_a_folder_without_a_demo_cannot_be_read(tmp_path: Path) -> None:
    with pytest.raises(DemoError, match="holds no demo"):
        read(tmp_path)
    for text in ("", "{}", "[]", json.dumps({"seed": 1})):
        (tmp_path / MARKER).write_text(text)
        with pytest.raises(DemoError, match="not finished"):
            read(tmp_path)
