"""mitigate and brief, from any shell."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from cockpit.incident.store import Incident
from tests.cli.conftest import Typed, refusal

Shown = Callable[[], dict[str, Any]]


def test_a_mitigation_is_a_marker_of_its_kind(typed: Typed, incident: Incident, shown: Shown) -> None:
    result = typed("mitigate", "rolled back", "to 81ab332", "--at", "2026-11-23T10:02:00Z")
    assert (result.exit_code, result.stdout) == (
        0,
        f"Mitigation marked 2026-11-23T10:02:00.000000Z in {incident.folder.name}.\n",
    )
    (marker,) = shown()["markers"]
    assert (marker["kind"], marker["text"]) == ("mitigation", "rolled back to 81ab332")
    assert "mitigation: rolled back to 81ab332" in typed("show").stdout


def test_that_none_is_needed_or_possible_is_kept_and_nothing_marked(
    typed: Typed, incident: Incident, shown: Shown
) -> None:
    assert typed("mitigate", "--not-needed", "one user").exit_code == 0
    assert shown()["beginning"]["stop"]["text"] == "not needed: one user"
    assert typed("mitigate", "--impossible").exit_code == 0
    assert (shown()["beginning"]["stop"]["text"], shown()["markers"]) == ("impossible", [])
    assert "Stop it first: impossible" in typed("show").stdout


def test_a_mitigation_that_says_nothing_is_refused(typed: Typed, incident: Incident) -> None:
    assert refusal(typed("mitigate")).startswith("Say what was done")
    assert "there is none" in refusal(typed("mitigate", "--impossible", "--at", "10:02"))
    assert "is not a time" in refusal(typed("mitigate", "x", "--at", "noonish"))


def test_the_brief_tells_what_was_seen_tried_and_asked(typed: Typed, incident: Incident) -> None:
    typed("hypothesis", "large carts fail", "--likelihood", "70", "--prediction", "1001 items give 500")
    typed("note", "only some users\x1b[2J")
    typed("mitigate", "flag off")
    written = typed("brief", "--ask", "who knows the cart?").stdout
    assert written.startswith("# Checkout 500s: a brief\n")
    assert "\x1b" not in written
    for told in (
        "who knows the cart?",
        "flag off",
        "**H1** large carts fail: open, 70 %",
        "predicts: 1001 items give 500",
        "only some users",
        "## Evidence\n\nNothing yet.",
        str(incident.folder),
    ):
        assert told in written
