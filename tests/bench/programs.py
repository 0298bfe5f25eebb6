"""Runs programs in a terminal of their own for benchmarks: what they write, when, and what they cost."""

from __future__ import annotations

import os
import pty
import select
import shutil
import signal
import struct
import sys
import termios
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from fcntl import ioctl
from pathlib import Path

import psutil

COCKPIT = [sys.executable, "-m", "cockpit"]


def cockpit(home: Path, *arguments: str) -> list[str]:
    """The command that opens the cockpit with incidents of its own."""
    return [*COCKPIT, "--incidents", str(home / "incidents"), *arguments]


def installed(peer: str) -> bool:
    """Whether a peer can be run; says so where it cannot."""
    if shutil.which(peer):
        return True
    print(f"{peer}: not installed")
    return False


class Program:
    """A program in a terminal of 160×50."""

    def __init__(self, command: list[str], home: Path) -> None:
        self.pid, self._terminal = pty.fork()
        if self.pid == 0:
            environment = {**os.environ, "TERM": "xterm-256color", "COLORTERM": "truecolor", "HOME": str(home)}
            os.execvpe(command[0], command, environment)
        ioctl(self._terminal, termios.TIOCSWINSZ, struct.pack("HHHH", 50, 160, 0, 0))
        self.started = time.perf_counter()

    def read(self, seconds: float) -> bytes:
        """What it wrote within this time, or at once as soon as it writes; empty where it wrote nothing or ended."""
        if not select.select([self._terminal], [], [], seconds)[0]:
            return b""
        try:
            return os.read(self._terminal, 1 << 20)
        except OSError:
            return b""

    def until(self, sign: bytes, limit: float = 120.0) -> float:
        """Seconds from its start until it has written a sign; NaN where it did not within the limit."""
        seen = b""
        while time.perf_counter() - self.started < limit:
            seen = seen[-8192:] + self.read(0.2)
            if sign in seen:
                return time.perf_counter() - self.started
        return float("nan")

    def most_megabytes(self, sign: bytes, limit: float = 120.0) -> float:
        """The most memory it and its processes have until it writes a sign; what they share counts once."""
        seen, most = b"", 0.0
        while sign not in seen and time.perf_counter() - self.started < limit:
            seen = seen[-8192:] + self.read(0.05)
            most = max(most, self._proportional())
        return most

    def _proportional(self) -> float:
        own = psutil.Process(self.pid)
        found = 0.0
        for process in (own, *own.children(recursive=True)):
            with suppress(psutil.Error):
                found += process.memory_full_info().pss / 1e6
        return found

    def megabytes(self) -> float:
        """Resident memory now."""
        return psutil.Process(self.pid).memory_info().rss / 1e6

    def processor_seconds(self) -> float:
        times = psutil.Process(self.pid).cpu_times()
        return times.user + times.system

    def type(self, keys: bytes) -> None:
        os.write(self._terminal, keys)

    def close(self) -> None:
        os.kill(self.pid, signal.SIGKILL)
        os.waitpid(self.pid, 0)
        os.close(self._terminal)


@contextmanager
def running(command: list[str], home: Path) -> Iterator[Program]:
    program = Program(command, home)
    try:
        yield program
    finally:
        program.close()
