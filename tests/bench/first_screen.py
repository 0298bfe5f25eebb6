"""How long until the last line of a log of any size is on the screen, beside a bare Textual app and less."""

from __future__ import annotations

import os
import pty
import select
import shutil
import signal
import statistics
import struct
import sys
import termios
import time
from fcntl import ioctl
from pathlib import Path

from tests.bench.files import text_log

_BARE = """
from textual.app import App
from textual.widgets import Static
class Bare(App):
    def compose(self):
        yield Static("READY")
Bare().run()
"""
_RUNS = 5


def run(folder: Path, megabytes: int) -> None:
    """Print medians of five runs, in turn, and the ratio to the bare app."""
    large, small = text_log(folder, megabytes), text_log(folder, 1)
    home = folder / "home"
    cockpit = [sys.executable, "-m", "cockpit", "--incidents", str(home / "incidents")]
    commands = {
        "bare Textual app": ([sys.executable, "-c", _BARE], b"READY"),
        f"cockpit, {small.stat().st_size // 1_000_000} MB": ([*cockpit, str(small)], b"LAST"),
        f"cockpit, {large.stat().st_size // 1_000_000} MB": ([*cockpit, str(large)], b"LAST"),
        "cockpit, all panes": ([*cockpit, str(large)], b"FOLLOW"),
    }
    for peer, arguments in (("lnav", ["lnav", "-q", str(large)]), ("less", ["less", "+G", str(large)])):
        if shutil.which(peer):
            commands[f"{peer}, large"] = (arguments, b"LAST")
        else:
            print(f"{peer}: not installed")
    seconds: dict[str, list[float]] = {name: [] for name in commands}
    for _ in range(_RUNS):
        for name, (command, sign) in commands.items():
            seconds[name].append(seconds_until(command, sign, home))
    base = statistics.median(seconds["bare Textual app"])
    for name, measured in seconds.items():
        middle = statistics.median(measured)
        spread = f"{min(measured):.2f}–{max(measured):.2f}"
        print(f"{name:<24} median {middle:6.2f} s  ({spread})  {middle / base:5.2f} × bare")


def seconds_until(command: list[str], sign: bytes, home: Path, limit: float = 60.0) -> float:
    """Seconds from starting a program in a terminal of 120×40 until it has written a sign there."""
    child, terminal = pty.fork()
    if child == 0:
        environment = {**os.environ, "TERM": "xterm-256color", "COLORTERM": "truecolor", "HOME": str(home)}
        os.execvpe(command[0], command, environment)
    ioctl(terminal, termios.TIOCSWINSZ, struct.pack("HHHH", 40, 120, 0, 0))
    started = time.perf_counter()
    seen = b""
    try:
        while time.perf_counter() - started < limit:
            if select.select([terminal], [], [], 0.2)[0]:
                seen = seen[-4096:] + os.read(terminal, 65536)
                if sign in seen:
                    return time.perf_counter() - started
        return float("nan")
    except OSError:
        return float("nan")
    finally:
        os.kill(child, signal.SIGKILL)
        os.waitpid(child, 0)
        os.close(terminal)
