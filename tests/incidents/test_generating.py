"""Generated incidents are the same for the same seed, can be read, and are what their truth says."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from cockpit.clock import MINUTE, from_rfc3339
from cockpit.logs.file import LogFile
from cockpit.logs.times import NONE
from tests.incidents.generating import build, chance_of, generate
from tests.incidents.story import Event
from tests.incidents.truth import Factor, Kind, Truth

NOW = from_rfc3339("2026-11-23T17:00:00Z")
MANY = [(seed, kind) for seed in range(3) for kind in Kind]


def times_of(path: Path) -> tuple[LogFile, np.ndarray]:  # type: ignore[type-arg]
    file = LogFile(path, NOW)
    while file.index_earlier():
        pass
    return file, np.concatenate([part.unpacked() for part in file.index.parts()])


def bears(event: Event, factor: Factor) -> bool:
    """Whether a record has the hurtful data."""
    field, op, value = factor
    if op == "missing":
        return field not in event.fields
    told = event.fields[field]
    if op in (">", "longer"):
        return (told if op == ">" else len(str(told))) > value  # type: ignore[operator]
    return {"=": told == value, "null": told is None, "unicode": not str(told).isascii()}[op]


@pytest.mark.parametrize("kind", list(Kind))
def test_the_same_seed_writes_the_same_logs(tmp_path: Path, kind: Kind) -> None:
    first, second = generate(7, kind, tmp_path / "a"), generate(7, kind, tmp_path / "b")
    assert [path.read_bytes() for path in first.paths] == [path.read_bytes() for path in second.paths]
    assert (first.onset, first.notes, first.markers) == (second.onset, second.notes, second.markers)
    other = generate(8, kind, tmp_path / "c")
    assert [path.read_bytes() for path in first.paths] != [path.read_bytes() for path in other.paths]


@pytest.mark.parametrize(("seed", "kind"), MANY)
def test_every_log_is_timed_and_in_order(tmp_path: Path, seed: int, kind: Kind) -> None:
    truth = generate(seed, kind, tmp_path)
    for path in truth.paths:
        file, times = times_of(path)
        assert file.form.known.name not in ("plain text",), file.form.why
        assert np.count_nonzero(times == NONE) <= len(times) // 200, (path, file.form.why)
        timed = times[times != NONE]
        assert np.all(np.diff(timed) >= 0), (path, file.form.why)
    if truth.onset is not None:
        assert_in_log(truth)


def assert_in_log(truth: Truth) -> None:
    spans = [times_of(path)[1] for path in truth.paths]
    first = min(int(times[times != NONE].min()) for times in spans)
    last = max(int(times.max()) for times in spans)
    assert truth.onset is not None
    assert first <= truth.onset <= last


@pytest.mark.parametrize(("seed", "kind"), MANY)
def test_the_fault_is_what_the_truth_says(tmp_path: Path, seed: int, kind: Kind) -> None:
    truth = generate(seed, kind, tmp_path)
    incident = build(chance_of(seed, kind), kind)
    faulty = [event for event in incident.story.events if event.fault]
    if kind == Kind.NONE:
        assert (faulty, truth.onset, truth.scopes) == ([], None, frozenset())
        return
    assert truth.onset is not None
    if "after a trickle" not in truth.notes:
        assert min(event.at for event in faulty) >= truth.onset
    soon = [event for event in faulty if truth.onset <= event.at <= truth.onset + 10 * MINUTE]
    assert len(soon) >= 5, "too few to be seen"
    assert truth.onset <= soon[0].at <= truth.onset + MINUTE


@pytest.mark.parametrize("seed", range(12))
def test_all_that_fails_by_its_data_has_the_factor(tmp_path: Path, seed: int) -> None:
    truth = generate(seed, Kind.DATA, tmp_path)
    incident = build(chance_of(seed, Kind.DATA), Kind.DATA)
    assert truth.factor is not None
    items = incident.story.service.words.items
    told = [event for event in incident.story.events if items in event.fields]
    assert all(bears(event, truth.factor) for event in told if event.fault)
    others = [event for event in told if not event.fault]
    assert sum(bears(event, truth.factor) for event in others) < max(20, len(others) // 3)


@pytest.mark.parametrize("seed", range(8))
def test_two_faults_begin_apart(tmp_path: Path, seed: int) -> None:
    truth = generate(seed, Kind.TWO, tmp_path)
    assert len(truth.scopes) == 2
    assert truth.onsets[1] - truth.onsets[0] >= 8 * MINUTE


@pytest.mark.parametrize("seed", range(8))
def test_a_deploy_fault_follows_a_deploy(tmp_path: Path, seed: int) -> None:
    incident = build(chance_of(seed, Kind.DEPLOY), Kind.DEPLOY)
    onset = incident.struck[0].onset
    assert any(0 <= onset - at <= 2 * MINUTE for at, _, _ in incident.story.markers)
