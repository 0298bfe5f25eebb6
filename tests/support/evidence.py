"""Evidence for tests that need some."""

from __future__ import annotations

from cockpit.incident.evidence import Evidence
from cockpit.incident.keeping import Keeper
from cockpit.incident.store import Incident


def keep(incident: Incident, *titles: str) -> list[Evidence]:
    """Keep an item of each title: E1, E2, …"""
    kept = []
    for title in titles:
        with Keeper(incident) as keeper:
            keeper.write("text", title.encode())
            kept.append(keeper.keep(title, "text", {}))
        incident.refresh()
    return kept
