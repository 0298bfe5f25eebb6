"""A program run for its output: in a session of its own, and ended with all its children."""

from __future__ import annotations

import contextlib
import os
import select
import signal
import subprocess
import threading
import time
from collections.abc import Sequence
from pathlib import Path

_BLOCK = 1 << 16
_PATIENCE = 0.6  # seconds from the polite signal to the other one
_ORPHANED = 1.0  # seconds of silence after which the pipes of a program that failed are given up


class Process:
    """A running program. One thread reads; any thread may `kill`."""

    def __init__(self, arguments: Sequence[str], *, merged: bool = False, answered: bool = False) -> None:
        """`merged`: its errors come with its output, in order; `answered`: `send` will write to its standard input.

        Raises OSError where it cannot be started.
        """
        self._program = subprocess.Popen(
            list(arguments),
            stdin=subprocess.PIPE if answered else subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT if merged else subprocess.PIPE,
            start_new_session=True,
            bufsize=0,
        )
        self.pid = self._program.pid
        self._killing = threading.Lock()
        self._code: int | None = None
        self._poll = select.poll()
        self._open: dict[int, bool] = {}  # descriptor: whether it is standard output
        for stream, is_output in ((self._program.stdout, True), (self._program.stderr, False)):
            if stream is not None:
                self._open[stream.fileno()] = is_output
                self._poll.register(stream.fileno(), select.POLLIN)
        self._quiet_since = time.monotonic()

    def read(self, seconds: float) -> tuple[bytes, bytes] | None:
        """What came on output and errors, waiting at most so long for it; None when no more will come."""
        if not self._open:
            return None
        output, errors = b"", b""
        for descriptor, _ in self._poll.poll(seconds * 1000):
            data = os.read(descriptor, _BLOCK)
            if not data:
                self._poll.unregister(descriptor)
                del self._open[descriptor]
            elif self._open[descriptor]:
                output = data
            else:
                errors = data
            self._quiet_since = time.monotonic()
        if not output and not errors and self._orphaned():
            return None
        return output, errors

    def send(self, data: bytes) -> None:
        """Write to its standard input; what a dead program cannot take is dropped."""
        if self._program.stdin is not None:
            with contextlib.suppress(OSError):
                self._program.stdin.write(data)

    def kill(self) -> int:
        """End it and all it started, politely first; returns its exit code (negative: the signal it died of)."""
        with self._killing:
            if self._code is not None:  # its number may belong to another program by now
                return self._code
            code = self._program.poll()  # of a program that ended by itself, before we signal what it left
            self._signal(signal.SIGTERM)
            deadline = time.monotonic() + _PATIENCE
            while time.monotonic() < deadline and (self._program.poll() is None or _members(self.pid)):
                time.sleep(0.01)
            self._signal(signal.SIGKILL)
            with contextlib.suppress(subprocess.TimeoutExpired):
                self._program.wait(0.5)
            self._code = code if code is not None else self._program.returncode or 0
            return self._code

    def finish(self) -> int:
        """Reap a program whose output has ended, and end what it left behind; returns its exit code."""
        with contextlib.suppress(subprocess.TimeoutExpired):
            self._program.wait(0.5)
        code = self.kill()
        for stream in (self._program.stdin, self._program.stdout, self._program.stderr):
            if stream is not None:
                with contextlib.suppress(OSError):
                    stream.close()
        return code

    def _orphaned(self) -> bool:
        """Whether the program failed and left its pipes to children that say nothing."""
        code = self._program.poll()
        return code not in (None, 0) and time.monotonic() - self._quiet_since > _ORPHANED

    def _signal(self, number: signal.Signals) -> None:
        for pid in _members(self.pid):
            with contextlib.suppress(OSError):
                os.kill(pid, number)
        with contextlib.suppress(OSError):
            os.killpg(self.pid, number)


def _members(session: int) -> list[int]:
    """The processes of a session that still run, its groups of jobs included; empty where /proc does not tell."""
    found = []
    for folder in Path("/proc").glob("[0-9]*"):
        with contextlib.suppress(OSError, IndexError, ValueError):
            fields = (folder / "stat").read_bytes().rpartition(b")")[2].split()
            if int(fields[3]) == session and fields[0] not in (b"Z", b"X"):
                found.append(int(folder.name))
    return found
