"""What a captured record covers of the evidence kit, with what each kind lacks; and what was deployed at its time."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from cockpit.clock import SECOND, from_rfc3339, to_local, to_rfc3339
from cockpit.insight.onset import How
from cockpit.logs.levels import Level
from cockpit.logs.record import plain_name
from cockpit.occurrences import Seen
from cockpit.session import Session

_BAD = (Level.ERROR.word, Level.CRITICAL.word)
_ONLY_IDS = ("requestid", "traceid", "correlationid", "version", "release")


def in_force(session: Session, at: int, seen: Seen | None) -> dict[str, Any] | None:
    """The commit and the deploy in force at a time (microseconds), and the last before the onset; None: not known."""
    deployed = session.deployed_at(at)
    if deployed is None:
        return None
    found = {
        "commit": deployed.ref,
        "at": to_rfc3339(deployed.at),
        "how": deployed.text,
        "seconds_before": (at - deployed.at) // SECOND,
    }
    if seen is None or seen.onset is None or seen.onset.before is None:
        return found
    before = session.deployed_at(seen.onset.at)
    if before is None:
        return found
    nearest = {
        "commit": before.ref,
        "at": to_rfc3339(before.at),
        "seconds_before": (seen.onset.at - before.at) // SECOND,
    }
    return {**found, "before_onset": nearest}


def covered(told: Mapping[str, Any]) -> dict[str, str]:
    """By kind of evidence what is lacking (empty: nothing), from what the provenance of a record tells."""
    found = {
        "error": _error(told),
        "trace": _trace(told),
        "logs": lacking_of_logs(told["around"]),
        "request": _request(told["request"]),
        "environment": "" if told["deploy"] is not None else "no deploy is known at its time",
        "timing": _timing(told),
    }
    return {name: lacking for name, lacking in found.items() if lacking is not None}


def _error(told: Mapping[str, Any]) -> str | None:
    if told["records"]["gone"]:
        return "its bytes are gone" if told["records"]["gone"] == told["records"]["count"] else ""
    level = told["record"]["level"]
    return "" if level is None or level in _BAD or told["stack"]["lines"] else f"only of level {level}"


def _trace(told: Mapping[str, Any]) -> str | None:
    if told["stack"]["lines"]:
        return ""
    return "only the records of its request, no stack trace" if told["trace"]["records"] > 1 else None


def lacking_of_logs(around: Mapping[str, Any]) -> str | None:
    """What a window lacks, from what the provenance tells of it; None where it is empty."""
    if not around["records"]:
        return None
    return "a part of the window was left out" if around["left_out"] else ""


def _request(request: Mapping[str, Any]) -> str | None:
    if not request:
        return None
    return "" if any(plain_name(name) not in _ONLY_IDS for name in request) else "only its id"


def _timing(told: Mapping[str, Any]) -> str | None:
    signature = told["signature"]
    if told["record"]["at"] is None:
        return None
    if signature is None:
        return "its like could not be counted"
    rose = signature["first_seen"] is not None and (signature["onset"] or {}).get("how") == How.ROSE.value
    if signature["complete"] or rose:
        return ""
    return f"counted back to {to_local(from_rfc3339(signature['counted_from'])):%m-%d %H:%M} only"
