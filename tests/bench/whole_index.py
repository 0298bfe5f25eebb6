"""How long until all of a log is indexed (lines, times, levels), and how much memory that takes, beside lnav."""

from __future__ import annotations

from pathlib import Path

from tests.bench.files import json_log, text_log
from tests.bench.programs import cockpit, installed, running

_RUNS = 3
_OBJECTS = 7_000_000  # 1.6 GB


def run(folder: Path, megabytes: int) -> None:
    """Print the best of three runs: until the last line is told of as one of all."""
    home = folder / "home"
    text, lines = text_log(folder, megabytes), _lines(text_log(folder, megabytes))
    json, objects = json_log(folder, _OBJECTS), _OBJECTS
    results: dict[str, tuple[float, float]] = {}
    _measure(results, "cockpit, text", cockpit(home, str(text)), f"{lines:,}".replace(",", " ").encode(), home)
    _measure(results, "cockpit, JSON", cockpit(home, str(json)), f"{objects:,}".replace(",", " ").encode(), home)
    if installed("lnav"):
        _measure(results, "lnav, text", ["lnav", "-q", str(text)], b"LAST", home)
    peaks = _peaks(text, lines, home)
    sizes = {"text": text.stat().st_size / 1e6, "JSON": json.stat().st_size / 1e6}
    for name, (seconds, memory) in results.items():
        rate = sizes[name.rpartition(" ")[2]] / seconds
        print(f"{name:<16} {seconds:6.2f} s from start  {rate:6.0f} MB/s  {memory:6.0f} MB resident")
    if "lnav, text" in results:
        ours, theirs = results["cockpit, text"], results["lnav, text"]
        print(f"at most, with all processes: {', '.join(f'{name} {most:.0f} MB' for name, most in peaks.items())}")
        print(f"time {ours[0] / theirs[0]:.2f} × lnav, memory {ours[1] / theirs[1]:.2f} × lnav")


def _peaks(text: Path, lines: int, home: Path) -> dict[str, float]:
    """The most memory while the log is indexed, in megabytes."""
    commands = {"cockpit": (cockpit(home, str(text)), f"{lines:,}".replace(",", " ").encode())}
    if installed("lnav"):
        commands["lnav"] = (["lnav", "-q", str(text)], b"LAST")
    found = {}
    for name, (command, sign) in commands.items():
        with running(command, home) as program:
            found[name] = program.most_megabytes(sign)
    return found


def _measure(results: dict[str, tuple[float, float]], name: str, command: list[str], sign: bytes, home: Path) -> None:
    for _ in range(_RUNS):
        with running(command, home) as program:
            seconds = program.until(sign)
            if name not in results or seconds < results[name][0]:
                results[name] = (seconds, program.megabytes())


def _lines(path: Path) -> int:
    with path.open("rb") as file:
        return sum(block.count(b"\n") for block in iter(lambda: file.read(1 << 22), b""))
