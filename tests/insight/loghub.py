"""Sixteen sets of real logs, of which people have written down which messages are alike. They are no part of this."""

from __future__ import annotations

import csv
import os
from collections import defaultdict
from collections.abc import Sequence
from pathlib import Path

LOGHUB = Path(os.environ.get("COCKPIT_LOGHUB", Path(__file__).resolve().parents[3] / "shared/data/loghub"))


def sets() -> list[str]:
    """The names of the sets; none where they are not here."""
    return sorted(path.name for path in LOGHUB.iterdir() if path.is_dir()) if LOGHUB.is_dir() else []


def annotated(name: str) -> tuple[list[bytes], list[str]]:
    """The messages of a set, and of each the event that it is."""
    with (LOGHUB / name / f"{name}_2k.log_structured.csv").open(newline="", encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    return [row["Content"].replace("\n", " ").encode() for row in rows], [row["EventId"] for row in rows]


def grouping_accuracy(found: Sequence[object], true: Sequence[str]) -> float:
    """The share of messages whose group holds exactly those that are the same event (Zhu et al., 2019)."""
    groups, events = defaultdict(list), defaultdict(list)
    for nth, (group, event) in enumerate(zip(found, true, strict=True)):
        groups[group].append(nth)
        events[event].append(nth)
    right = sum(len(group) for group in groups.values() if group == events[true[group[0]]])
    return right / len(true)
