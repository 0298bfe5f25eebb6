"""Markers: how they are named, and which tell of a deploy that is known."""

from __future__ import annotations

from cockpit.clock import MINUTE
from cockpit.insight.deploys import Marker, beside, short


def test_a_hash_is_shortened_and_a_release_is_not() -> None:
    assert short("4f2c1a9b" * 5) == "4f2c1a9b4"
    assert short("20261124101500") == "20261124101500"
    assert Marker(0, "restart", "", "x").named == "restart"


def test_what_tells_of_a_known_deploy_is_left_out() -> None:
    known = [Marker(0, "deploy", "4f2c1a9", "x")]
    others = [Marker(at * MINUTE, "deploy", ref, "y") for at, ref in ((1, "4f2c1a9b0"), (3, "4f2c1a9"), (1, "77f0aa1"))]
    assert beside(known, others) == others[1:]
