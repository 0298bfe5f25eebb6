"""cockpit scan: what was deployed, by tags, releases, and the command that the settings name."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.cli.conftest import Typed
from tests.support.logging import numbered
from tests.support.releases import lay_out
from tests.support.service import git, make_repository


@pytest.fixture
def served(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    shop = lay_out(tmp_path / "srv", ["20251124160500"], "20251124160500", 1_764_000_330)
    (shop / "current/app.log").write_text("".join(numbered(number) for number in range(500)))
    return shop


def test_releases_tags_and_the_command_are_markers(typed: Typed, served: Path, tmp_path: Path) -> None:
    shop = make_repository(tmp_path / "shop")
    git(shop, "tag", "-a", "-m", "long gone", "v0", at=1_700_000_000)
    (tmp_path / "own.toml").write_text('deploys = "echo 2025-11-24T17:00:00Z 77f0aa1 Next; echo what"\n')
    result = typed("scan", "srv/current/app.log", "--repo", "shop", "--config", "own.toml", "--json")
    assert result.exit_code == 0
    assert "printed one line that is not “TIME REF TITLE”: what" in result.stderr
    told = json.loads(result.stdout)["markers"]
    assert [(each["kind"], each["ref"]) for each in told] == [("deploy", "20251124160500"), ("deploy", "77f0aa1")]
    assert told[0]["at"] == "2025-11-24T16:05:30.000000Z"


def test_without_a_repository_releases_around_the_logs_are_told(typed: Typed, served: Path) -> None:
    result = typed("scan", "srv/current/app.log")
    assert (result.exit_code, result.stderr) == (0, "")
    assert "2025-11-24T16:05:30Z  release 20251124160500 made current" in result.stdout
