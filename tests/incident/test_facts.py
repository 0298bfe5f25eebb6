"""What the provenance of an item tells, whatever stands in it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from cockpit.clock import FrozenClock
from cockpit.incident.evidence import FOLDER
from cockpit.incident.facts import sections
from cockpit.incident.keeping import read_provenance
from cockpit.incident.store import Incident
from tests.incident.entries import AT
from tests.support.evidence import keep

NAMES = st.sampled_from(
    [
        *("signature", "onset", "before", "after", "deploy", "before_onset", "host", "request", "load", "memory"),
        *("template", "count", "exact", "counted_from", "first_seen", "last_seen", "from", "to", "records", "how"),
        *("per_minute", "seconds_before", "commit", "at", "processors", "total", "available", "command", "exit_code"),
    ]
)
ANYTHING = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**63), 2**64 - 1) | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(max_size=9) | st.just("2026-11-23T10:02:11Z"),
    lambda inside: st.lists(inside, max_size=3) | st.dictionaries(NAMES, inside, max_size=6),
    max_leaves=20,
)  # fmt: skip


@given(st.dictionaries(NAMES, ANYTHING, max_size=8))
def test_a_provenance_of_any_shape_is_told(told: dict[str, Any]) -> None:
    for heading, pairs in sections(msgspec.json.decode(msgspec.json.encode(told))):
        assert heading in ("timing", "request", "environment", "command")
        assert all(isinstance(name, str) and isinstance(value, str) for name, value in pairs)


@pytest.mark.parametrize("data", [b"", b"\xff", b"[1]", b"{", b"[" * 100_000])
def test_bytes_that_are_no_provenance_tell_nothing(tmp_path: Path, data: bytes) -> None:
    incident = Incident.create(tmp_path, "Checkout 500s", FrozenClock(AT), "ana@web-1")
    (item,) = keep(incident, "pool")
    assert read_provenance(incident, item)["title"] == "pool"
    (incident.folder / FOLDER / item.parts[-1].file).write_bytes(data)
    assert read_provenance(incident, item) == {}
    assert sections({}) == []


def test_timing_is_told_with_its_windows() -> None:
    rate = {"from": "2026-11-23T08:00:00Z", "to": "2026-11-23T10:00:00Z", "records": 1200, "per_minute": 10.0}
    onset = {"at": "2026-11-23T10:00:00Z", "how": "rose", "before": {**rate, "records": 12, "per_minute": 0.1}}
    signature = {
        "template": "cart <*> failed",
        "count": 1212,
        "exact": False,
        "counted_from": None,
        "first_seen": "2026-11-23T08:01:00Z",
        "last_seen": "2026-11-23T10:41:00Z",
        "onset": {**onset, "after": rate},
    }
    deploy = {"before_onset": {"commit": "4f2c1a9" * 5, "at": "2026-11-23T09:59:19Z", "seconds_before": 41}}
    told = dict(dict(sections({"signature": signature, "deploy": deploy}))["timing"])
    assert told["count"] == "about 1 212 records"
    assert told["onset"] == "2026-11-23 10:00:00: more of them from then on"
    assert told["before"].startswith("0.1 a minute: 12 records in 2 h, 2026-11-23 08:00:00 … ")
    assert told["deploy"] == "4f2c1a94f, 41 s before the onset"
    less = {**signature, "counted_from": "2026-11-23T09:00:00Z", "first_seen": None}
    told = dict(dict(sections({"signature": less}))["timing"])
    assert told["count"] == "at least 1 212 records, counted back to 2026-11-23 09:00:00"
    assert told["first seen"] == "not known"
