"""Errors a minute before and after each deploy, with how sure it is that they differ."""

from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from cockpit.clock import HOUR, MINUTE
from cockpit.insight.deploy_rates import rated
from cockpit.insight.deploys import Marker

END = 6 * HOUR


def deploy(at: int, kind: str = "deploy") -> Marker:
    return Marker(at, kind, "4f2c1a9", "deploy 4f2c1a9")


def every(step: int, since: int, until: int) -> np.ndarray[tuple[int], np.dtype[np.int64]]:
    return np.arange(since, until, step, dtype=np.int64)


def test_a_deploy_that_broke_something_has_its_rates() -> None:
    wrong = np.concatenate((every(10 * MINUTE, 0, 3 * HOUR), every(MINUTE // 10, 3 * HOUR, END)))
    (found,) = rated([deploy(3 * HOUR)], wrong, 0, END)
    assert (round(found.before, 1), round(found.after, 1)) == (0.1, 10.0)
    assert found.ratio is not None
    assert round(found.ratio) == 100
    assert found.confidence > 0.9999
    assert found.told() == "0.1 → 10 errors/min (100 ×, confidence 1.00)"


def test_a_deploy_that_changed_nothing_is_told_to() -> None:
    (found,) = rated([deploy(3 * HOUR)], every(MINUTE, 0, END), 0, END)
    assert (found.before, found.after) == (1.0, 1.0)
    assert found.confidence < 0.1


def test_each_side_reaches_to_the_deploy_beside_it() -> None:
    wrong = every(MINUTE, 3 * HOUR, 3 * HOUR + 20 * MINUTE)
    before, broken, mended = rated([deploy(3 * HOUR), deploy(HOUR), deploy(3 * HOUR + 20 * MINUTE)], wrong, 0, END)
    assert (before.before, before.after) == (0.0, 0.0)
    assert (broken.before, broken.after, broken.ratio) == (0.0, 1.0, None)
    assert (mended.before, mended.after) == (1.0, 0.0)
    assert mended.told() == "1 → 0 errors/min (confidence 1.00)"


def test_only_deploys_within_the_log_are_rated() -> None:
    markers = [deploy(-HOUR), deploy(0), deploy(END), deploy(HOUR, "restart"), deploy(HOUR, "start")]
    assert [each.marker.kind for each in rated(markers, every(MINUTE, 0, END), 0, END)] == ["start"]


@given(st.lists(st.integers(-10, 1000), max_size=40), st.lists(st.integers(0, 1000), max_size=60), st.integers(1, 1000))
def test_rates_are_never_negative_and_confidences_are_shares(at: list[int], errors: list[int], until: int) -> None:
    found = rated([deploy(each) for each in at], np.array(sorted(errors), np.int64), 0, until)
    assert len(found) <= 20
    assert all(each.before >= 0 and each.after >= 0 and 0 <= each.confidence <= 1 for each in found)
