"""The diagnosis names the right scope first on an incident of each kind, and alarms nobody where nothing is wrong."""

from __future__ import annotations

from pathlib import Path

import pytest

from cockpit.scan_report import diagnose
from tests.incidents.scoring import kind_of, try_seeds

SEEDS = range(7, 14)


@pytest.mark.parametrize("seed", SEEDS, ids=lambda seed: f"{seed}-{kind_of(seed)}")
def test_the_right_scope_comes_first(tmp_path: Path, seed: int) -> None:
    (found,) = try_seeds([seed], diagnose, tmp_path)
    assert found.trouble == ""
    assert found.right, (found.first, found.truth.notes)
    assert found.near, (found.apart, found.truth.notes)
