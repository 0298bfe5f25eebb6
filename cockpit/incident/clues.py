"""Reads from the files of evidence what speaks for a cause. To be called aside."""

from __future__ import annotations

from cockpit.clock import from_rfc3339
from cockpit.incident.evidence import Evidence
from cockpit.incident.keeping import read_part, read_provenance
from cockpit.incident.starters import Fact
from cockpit.incident.store import Incident

_READ = 1 << 16  # bytes of the first part
_MOST = 200  # items, the newest


def facts_of(incident: Incident) -> list[Fact]:
    """What the newest items say, in the order in which they were kept."""
    return [_fact(incident, each) for each in incident.state.evidence[-_MOST:]]


def _fact(incident: Incident, item: Evidence) -> Fact:
    text = (read_part(incident, item.parts[0], _READ) or b"").decode("utf-8", "replace")
    deploy = read_provenance(incident, item).get("deploy")
    deployed_at = _time(deploy.get("at")) if isinstance(deploy, dict) else None
    at = _time(item.at) if item.kind == "record" else None
    return Fact(item.label, f"{item.title}\n{text}", at, deployed_at, item.source)


def _time(text: object) -> int | None:
    try:
        return from_rfc3339(str(text))
    except (ValueError, OverflowError):
        return None
