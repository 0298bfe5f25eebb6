"""The plot holds together whenever it is told."""

from __future__ import annotations

import ast
import subprocess
import sys

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cockpit.clock import DAY, HOUR, MINUTE, from_rfc3339
from cockpit.demo.story import AUTHORS, Story, tell


def test_about_forty_commits_of_every_author_over_three_weeks(told: Story) -> None:
    assert 38 <= len(told.commits) <= 44
    assert {commit.author for commit in told.commits} == set(AUTHORS)
    assert 20 * DAY < told.now - told.commits[0].at < 25 * DAY


def test_the_last_deploy_brings_the_fault_among_innocent_commits(told: Story) -> None:
    before, last = told.deploys[-2:]
    assert 38 * MINUTE < told.now - last.at < 42 * MINUTE
    assert before.commit < told.faulty < last.commit == len(told.commits) - 1
    assert last.commit - before.commit == 5
    assert told.now - 4 * HOUR < before.at


@pytest.mark.parametrize(
    "moment",
    [
        "2026-11-23T00:00:05Z",
        "2026-11-22T12:00:00Z",
        "2026-11-21T23:59:59Z",
        "2024-03-01T03:00:00Z",
        "2026-01-01T00:30:00Z",
    ],
)
def test_time_never_runs_backwards(moment: str) -> None:
    _in_order(tell(1, from_rfc3339(moment)))


@settings(max_examples=60, deadline=None)
@given(st.integers(0, 2**40), st.integers(1_500_000_000_000_000, 2_500_000_000_000_000))
def test_time_never_runs_backwards_for_any_now(seed: int, now: int) -> None:
    _in_order(tell(seed, now))


def _in_order(story: Story) -> None:
    times = [commit.at for commit in story.commits]
    assert times == sorted(times)
    deploys = [deploy.at for deploy in story.deploys]
    assert deploys == sorted(deploys)
    for deploy, later in zip(story.deploys, [*story.deploys[1:], None], strict=True):
        assert story.commits[deploy.commit].at < deploy.at <= story.now
        if later is not None:
            assert deploy.at < story.commits[deploy.commit + 1].at


def test_every_version_of_every_file_is_python(told: Story) -> None:
    texts = {text for commit in told.commits for path, text in commit.changed.items() if path.endswith(".py")}
    assert len(texts) > 40
    for text in texts:
        ast.parse(text)


def test_every_commit_changes_something(told: Story) -> None:
    tree: dict[str, str] = {}
    for commit in told.commits:
        assert any(tree.get(path) != text for path, text in commit.changed.items())
        tree |= commit.changed


def test_another_seed_or_time_is_another_story() -> None:
    now = from_rfc3339("2026-11-25T10:42:00Z")
    assert tell(1, now) == tell(1, now)
    assert tell(1, now) != tell(2, now)
    assert tell(1, now) != tell(1, now + HOUR)


def test_the_demo_is_cheap_to_import() -> None:
    code = (
        "import sys, cockpit.demo; print(sorted(set(sys.modules) & {'git', 'numpy', 'msgspec', 'json', 'subprocess'}))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
