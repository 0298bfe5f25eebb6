"""What a cockpit costs that follows three files in which nothing happens, beside lnav."""

from __future__ import annotations

import time
from pathlib import Path

from tests.bench.files import text_log
from tests.bench.programs import cockpit, installed, running

_SECONDS = 20.0


def run(folder: Path, megabytes: int) -> None:
    """Print the share of a core and the resident memory over twenty seconds."""
    names = []
    for number in range(3):
        name = folder / f"idle-{number}.log"
        name.write_bytes(text_log(folder, 1).read_bytes())
        names.append(str(name))
    home = folder / "home"
    _measure("cockpit", cockpit(home, *names), b"FOLLOW", home)
    if installed("lnav"):
        _measure("lnav", ["lnav", "-q", *names], b"LAST", home)


def _measure(name: str, command: list[str], sign: bytes, home: Path) -> None:
    with running(command, home) as program:
        program.until(sign)
        settle = time.perf_counter() + 5
        while time.perf_counter() < settle:
            program.read(0.2)
        before, begun = program.processor_seconds(), time.perf_counter()
        while time.perf_counter() - begun < _SECONDS:
            program.read(0.5)
        share = (program.processor_seconds() - before) / (time.perf_counter() - begun)
        print(f"{name:<10} {share * 100:5.2f} % of a core  {program.megabytes():5.0f} MB resident")
