"""Vitals: the host is measured now and then, on a thread of its own, without weighing on it."""

from __future__ import annotations

import subprocess
import sys
import time
from collections.abc import Iterator

import pytest

from cockpit.bus import Bus
from cockpit.clock import SECOND, FrozenClock, from_rfc3339
from cockpit.events import VitalsSampled
from cockpit.host.vitals import VitalsSampler, host_name
from tests.support.waiting import until

NOW = from_rfc3339("2026-11-23T10:00:00Z")


@pytest.fixture
def clock() -> FrozenClock:
    return FrozenClock(NOW)


@pytest.fixture
def bus() -> Bus:
    return Bus()


@pytest.fixture
def sampler(bus: Bus, clock: FrozenClock) -> Iterator[VitalsSampler]:
    sampler = VitalsSampler(bus, clock, every=0.005)
    yield sampler
    sampler.close()


def test_a_sample_is_kept_before_it_is_told(bus: Bus, sampler: VitalsSampler) -> None:
    known: list[int] = []
    bus.subscribe(VitalsSampled, lambda _: known.append(len(sampler.recent)))
    sampler.start()
    assert until(lambda: len(known) >= 3)
    assert known[:3] == [1, 2, 3]


def test_a_sample_holds_what_a_host_can_do(sampler: VitalsSampler) -> None:
    sampler.start()
    assert until(lambda: sampler.recent)
    sample = sampler.recent[0]
    assert sample.at == NOW
    assert 0 <= sample.cpu <= 100
    assert 0 < sample.memory <= 100
    assert sample.load >= 0


def test_only_the_last_samples_are_kept(bus: Bus, clock: FrozenClock) -> None:
    sampler = VitalsSampler(bus, clock, every=0.001, kept=60)
    sampler.start()
    assert until(lambda: len(sampler.recent) == 60)
    clock.advance(SECOND)
    assert until(lambda: all(sample.at == NOW + SECOND for sample in list(sampler.recent)))
    assert len(sampler.recent) == 60
    sampler.close()


def test_a_handler_that_raises_stops_no_sample(bus: Bus, sampler: VitalsSampler) -> None:
    def clumsy(_: VitalsSampled) -> None:
        raise RuntimeError("no")

    bus.subscribe(VitalsSampled, clumsy)
    sampler.start()
    assert until(lambda: len(sampler.recent) >= 3)


def test_closing_ends_the_samples_at_once(bus: Bus, clock: FrozenClock) -> None:
    sampler = VitalsSampler(bus, clock, every=60.0)
    sampler.start()
    assert until(lambda: sampler.recent)
    started = time.monotonic()
    sampler.close()
    sampler.close()
    assert time.monotonic() - started < 1.5
    assert len(sampler.recent) == 1


def test_a_sampler_that_never_began_closes(bus: Bus, clock: FrozenClock) -> None:
    VitalsSampler(bus, clock).close()


def test_the_hosts_name_has_no_domain() -> None:
    assert host_name()
    assert "." not in host_name()


def test_a_nice_process_gives_way() -> None:
    code = "import os; from cockpit.host.vitals import be_nice; was = os.nice(0); be_nice(); print(os.nice(0) - was)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout == "5\n"
