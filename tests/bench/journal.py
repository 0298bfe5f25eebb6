"""How long it takes to open an incident whose journal has 100 000 entries, some lines of it broken."""

from __future__ import annotations

import gc
import json
import random
import time
from pathlib import Path

from cockpit.clock import SystemClock
from cockpit.incident.store import Incident
from tests.incident.entries import identity, line

_ENTRIES = 100_000
_RUNS = 5


def run(folder: Path, megabytes: int) -> None:
    """Print the best of five, beside Python's own reading of the lines. Without the collector, as it starts."""
    home = folder / "long-incident"
    home.mkdir(exist_ok=True)
    journal = home / "journal.jsonl"
    journal.write_bytes(_journal())
    gc.disable()
    ours = theirs = float("inf")
    try:
        for _ in range(_RUNS):
            started = time.perf_counter()
            incident = Incident.open(home, SystemClock(), "ana@web-1")
            ours = min(ours, time.perf_counter() - started)
            started = time.perf_counter()
            for each in journal.read_bytes().split(b"\n"):
                try:
                    json.loads(each)
                except ValueError:
                    continue
            theirs = min(theirs, time.perf_counter() - started)
    finally:
        gc.enable()
    state = incident.state
    told = f"{len(state.entries)} entries, {len(incident.damaged)} broken lines, {sum(state.unknown.values())} unknown"
    print(f"opened in {ours:.2f} s, {ours / theirs:.2f} × json.loads on each line ({theirs:.2f} s); {told}")


def _journal() -> bytes:
    """Notes, hypotheses edited again and again, markers; a line of garbage, an unknown type, and a torn end."""
    chance = random.Random(4)
    lines = [line(0, "incident.opened", title="Checkout 500s")]
    causes: list[str] = []
    for number in range(1, _ENTRIES - 1):
        kind = chance.random()
        if not causes or kind < 0.01:
            causes.append(identity(number))
            lines.append(line(number, "hypothesis.added", text=f"cause {number}", likelihood=chance.randint(0, 100)))
        elif kind < 0.4:
            lines.append(line(number, "note.added", text=f"seen {number}"))
        elif kind < 0.7:
            edited = {"hypothesis": chance.choice(causes), "likelihood": chance.randint(0, 100)}
            lines.append(line(number, "hypothesis.edited", **edited))
        else:
            lines.append(line(number, "marker.added", kind="note", text="mark", at="2026-11-23T10:01:00Z"))
    lines.insert(_ENTRIES // 2, b"this is no entry\n")
    lines.append(line(_ENTRIES - 1, "weather.changed", sky="grey"))
    return b"".join(lines) + b'{"v":1,"id":"torn'
