"""Many hands at once, one of them killed again and again; `STORM_WRITES=2500 STORM_ROUNDS=200` makes it a long one."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

import pytest

from tests.incident.storm import WRITERS, Editor, journal_storm, notes_storm, saved_by_rename, saved_by_vim

WRITES = int(os.environ.get("STORM_WRITES", "150"))
ROUNDS = int(os.environ.get("STORM_ROUNDS", "12"))


def test_every_acknowledged_entry_is_there_once_and_all_see_the_same_though_one_is_killed(tmp_path: Path) -> None:
    found = journal_storm(tmp_path, WRITES, 1.0 if WRITES > 1000 else 0.25)
    assert found.acknowledged == WRITES * WRITERS
    assert (found.lost, found.twice, found.states) == (0, 0, 1)
    assert found.unsaid <= found.kills  # on disk, but killed before it said so


@pytest.mark.parametrize("editor", [saved_by_rename, *([saved_by_vim] if shutil.which("vim") else [])])
def test_every_line_of_the_notes_is_there_once_though_two_cockpits_and_an_editor_save_at_once(
    tmp_path: Path, editor: Editor
) -> None:
    found = notes_storm(tmp_path, ROUNDS, editor)
    assert found.acknowledged == ROUNDS * 3
    assert (found.lost, found.twice) == (0, 0), found.examples
