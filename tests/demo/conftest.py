"""One demo for all tests that only read it, and the time it was made for."""

from __future__ import annotations

from pathlib import Path

import pytest

from cockpit.clock import from_rfc3339
from cockpit.demo.build import Demo, build
from cockpit.demo.story import Story, tell

NOW = from_rfc3339("2026-11-25T10:42:00.123456Z")


@pytest.fixture(scope="session")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Demo:
    """A demo on disk. Not to be written to."""
    return build(tmp_path_factory.mktemp("demo"), 7, NOW)


@pytest.fixture(scope="session")
def told() -> Story:
    return tell(7, NOW)


@pytest.fixture(scope="session")
def history(demo: Demo) -> tuple[list[str], ...]:
    """The lines of the three logs."""
    return tuple(path.read_text("utf-8").splitlines() for path in demo.logs)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "incident"
