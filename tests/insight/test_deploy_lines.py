"""Deploys that a command prints: lines of `TIME REF TITLE`, and what is none is given back."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cockpit.clock import MINUTE, from_rfc3339, to_rfc3339
from cockpit.insight.deploy_lines import deploys_told
from cockpit.insight.deploys import Marker

NOW = from_rfc3339("2026-11-24T12:00:00Z")
TEN = from_rfc3339("2026-11-24T10:15:00Z")


@pytest.mark.parametrize(
    "time",
    [
        "2026-11-24T10:15:00Z",
        "2026-11-24T11:15:00+01:00",
        "2026-11-24 10:15:00",
        "2026-11-24 10:15",
        "2026-11-24 11:15:00 +0100",
        "2026-11-24 10:15:00 UTC",
        "10:15",
        "105m",
        "105m ago",
    ],
)
def test_a_line_is_a_deploy(time: str) -> None:
    assert deploys_told(f"{time} 4f2c1a9  Roll out  the cart\n", NOW) == (
        [Marker(TEN, "deploy", "4f2c1a9", "deploy 4f2c1a9: Roll out the cart")],
        [],
    )


def test_a_title_may_be_left_out() -> None:
    assert deploys_told(f"{to_rfc3339(TEN)} 12", NOW)[0] == [Marker(TEN, "deploy", "12", "deploy 12")]


def test_what_is_no_deploy_is_given_back() -> None:
    text = "REVISION  CHANGE-CAUSE\n\n10:15\n10:20 2 next\n10:10 1 first\n2026-13-01T00:00:00Z 3 x\n"
    found, strange = deploys_told(text, NOW)
    assert [each.ref for each in found] == ["1", "2"]
    assert strange == ["REVISION  CHANGE-CAUSE", "10:15", "2026-13-01T00:00:00Z 3 x"]


def test_of_many_the_newest_count() -> None:
    text = "".join(f"{to_rfc3339(TEN + number * MINUTE)} r{number}\n" for number in range(2000))
    assert [each.ref for each in deploys_told(text, NOW)[0]] == [f"r{number}" for number in range(1500, 2000)]


@given(st.text(max_size=200))
def test_any_text_can_be_told(text: str) -> None:
    found, strange = deploys_told(text, NOW)
    assert len(found) + len(strange) == sum(bool(line.split()) for line in text.splitlines())
