"""Runs a command as it would run by itself, its output shown as it comes, and keeps that output as evidence."""

from __future__ import annotations

import os
import shlex
import signal
import subprocess
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from types import FrameType
from typing import IO

from cockpit.clock import Clock, to_rfc3339
from cockpit.host.facts import host_facts
from cockpit.incident.evidence import Evidence
from cockpit.incident.keeping import MOST, Keeper
from cockpit.incident.store import Incident, IncidentError

Show = Callable[[bytes], object]

_BLOCK = 1 << 16
_LINGER = 1.0  # seconds for which output is read on after the command has ended, where somebody else holds it open


class RunError(Exception):
    """A command that cannot be run, in one sentence."""


@dataclass(frozen=True, slots=True)
class Ran:
    """What became of a command. code: its exit code, 128 and the signal where one ended it.

    evidence: what was kept; None where nothing could be, `why` says why. cut: bytes of output that were not kept.
    """

    code: int
    seconds: float
    evidence: Evidence | None
    cut: int
    why: str


class _Output:
    """Takes output from two threads. What cannot be kept any more is still shown."""

    def __init__(self, keeper: Keeper) -> None:
        self._keeper = keeper
        self._lock = threading.Lock()
        self._closed = False
        self.error: IncidentError | None = None
        self.write(b"")

    def write(self, data: bytes) -> None:
        with self._lock:
            if self.error is None and not self._closed:
                try:
                    self._keeper.write("output", data)
                except IncidentError as error:
                    self.error = error

    def close(self) -> None:
        with self._lock:
            self._closed = True


def run(
    incident: Incident, command: Sequence[str], title: str, clock: Clock, shows: tuple[Show, Show], most: int = MOST
) -> Ran:
    """Run a command and wait for it. shows: what takes its standard output, and its errors.

    most: bytes of output that are kept. Raises RunError where it cannot be started, IncidentError where nothing can be
    kept from the outset.
    """
    with Keeper(incident, most) as keeper:
        output = _Output(keeper)
        began, started = clock.now(), time.monotonic()
        with _signals_go_to(_start(command)) as process:
            code = _follow(process, output, shows)
        seconds = time.monotonic() - started
        output.close()
        written = keeper.size_of("output")
        facts = {
            "command": list(command),
            "directory": os.getcwd(),
            "exit_code": code,
            "seconds": round(seconds, 3),
            "began": to_rfc3339(began),
            "by": incident.by,
            "cut": max(0, written - most),
            "host": host_facts(),
            "signature": None,
        }
        try:
            if output.error is not None:
                raise output.error
            covers = {"environment": "no deploy is known"}
            title, at = title or shlex.join(command), to_rfc3339(began)
            kept = keeper.keep(title, "command", facts, source=command[0], at=at, covers=covers)
        except IncidentError as error:
            return Ran(code, seconds, None, 0, str(error))
    return Ran(code, seconds, kept, max(0, written - most), "")


def _start(command: Sequence[str]) -> subprocess.Popen[bytes]:
    try:
        return subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    except (OSError, ValueError) as error:
        why = error.strerror if isinstance(error, OSError) else str(error)
        raise RunError(f"{command[0]} cannot be run: {why}.") from None


@contextmanager
def _signals_go_to(process: subprocess.Popen[bytes]) -> Iterator[subprocess.Popen[bytes]]:
    """Ctrl-C reaches the command from the terminal, and is its business; a request to end is handed on to it."""

    def hand_on(number: int, frame: FrameType | None) -> None:
        with suppress(OSError):
            process.send_signal(number)

    before = signal.signal(signal.SIGINT, lambda number, frame: None), signal.signal(signal.SIGTERM, hand_on)
    try:
        yield process
    finally:
        signal.signal(signal.SIGINT, before[0])
        signal.signal(signal.SIGTERM, before[1])


def _follow(process: subprocess.Popen[bytes], output: _Output, shows: tuple[Show, Show]) -> int:
    streams = [stream for stream in (process.stdout, process.stderr) if stream is not None]
    threads = [
        threading.Thread(target=_read, args=(stream, output, show), daemon=True)
        for stream, show in zip(streams, shows, strict=True)
    ]
    for thread in threads:
        thread.start()
    code = process.wait()
    until = time.monotonic() + _LINGER
    for thread in threads:
        thread.join(max(0.0, until - time.monotonic()))
    return code if code >= 0 else 128 - code


def _read(stream: IO[bytes], output: _Output, show: Show) -> None:
    """Read until the end; where it can be shown no more, it is still kept."""
    shown = True
    while data := os.read(stream.fileno(), _BLOCK):
        output.write(data)
        if shown:
            try:
                show(data)
            except (OSError, ValueError):
                shown = False
