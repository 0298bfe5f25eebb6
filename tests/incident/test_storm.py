"""Many hands at once, one of them killed again and again; `STORM_WRITES=2500 STORM_ROUNDS=200` makes it a long one."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

import pytest

from tests.incident.storm import WRITERS, journal_storm, notes_storm

WRITES = int(os.environ.get("STORM_WRITES", "150"))
ROUNDS = int(os.environ.get("STORM_ROUNDS", "12"))


def test_every_acknowledged_entry_is_there_once_and_all_see_the_same_though_one_is_killed(tmp_path: Path) -> None:
    found = journal_storm(tmp_path, WRITES, 1.0 if WRITES > 1000 else 0.25)
    assert found.acknowledged == WRITES * WRITERS
    assert (found.lost, found.twice, found.states) == (0, 0, 1)
    assert found.unsaid <= found.kills  # on disk, but killed before it said so


@pytest.mark.skipif(shutil.which("vim") is None, reason="vim is not installed")
def test_no_line_of_the_notes_is_lost_though_two_cockpits_and_vim_save_at_once(tmp_path: Path) -> None:
    found = notes_storm(tmp_path, ROUNDS, "vim")
    assert found.acknowledged == ROUNDS * 3
    assert found.lost == 0, found.examples
