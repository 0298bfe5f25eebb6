"""How long until the last line of a log of any size is on the screen, beside a bare Textual app and less."""

from __future__ import annotations

import statistics
import sys
from pathlib import Path

from tests.bench.files import repeated_log, text_log
from tests.bench.programs import cockpit as cockpit_on
from tests.bench.programs import installed, running

_BARE = """
from textual.app import App
from textual.widgets import Static
class Bare(App):
    def compose(self):
        yield Static("READY")
Bare().run()
"""
_RUNS = 5
_TIMES = 6  # over: some 5 GB


def run(folder: Path, megabytes: int) -> None:
    """Print medians of five runs, in turn, and the ratio to the bare app."""
    large, small = text_log(folder, megabytes), text_log(folder, 1)
    huge = repeated_log(folder, megabytes, _TIMES)
    home = folder / "home"
    commands = {
        "bare Textual app": ([sys.executable, "-c", _BARE], b"READY"),
        f"cockpit, {small.stat().st_size // 1_000_000} MB": (cockpit_on(home, str(small)), b"LAST"),
        f"cockpit, {large.stat().st_size // 1_000_000} MB": (cockpit_on(home, str(large)), b"LAST"),
        f"cockpit, {huge.stat().st_size // 1_000_000} MB": (cockpit_on(home, str(huge)), b"LAST"),
        "cockpit, all panes": (cockpit_on(home, str(large)), b"FOLLOW"),
    }
    peers = {"lnav": ["lnav", "-q"], "less": ["less", "+G"], "tl": ["tl"]}  # tl: toolong
    for peer, arguments in peers.items():
        if installed(peer):
            commands[f"{peer}, large"] = ([*arguments, str(large)], b"LAST")
    seconds: dict[str, list[float]] = {name: [] for name in commands}
    for _ in range(_RUNS):
        for name, (command, sign) in commands.items():
            seconds[name].append(_seconds_until(command, sign, home))
    base = statistics.median(seconds["bare Textual app"])
    for name, measured in seconds.items():
        middle = statistics.median(measured)
        spread = f"{min(measured):.2f}–{max(measured):.2f}"
        print(f"{name:<24} median {middle:6.2f} s  ({spread})  {middle / base:5.2f} × bare")


def _seconds_until(command: list[str], sign: bytes, home: Path) -> float:
    with running(command, home) as program:
        return program.until(sign, 60.0)
