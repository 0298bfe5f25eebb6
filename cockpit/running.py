"""Runs commands, in a terminal or in the background, and keeps what they print as evidence."""

from __future__ import annotations

import os
import shlex
import signal
import subprocess
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, replace
from types import FrameType
from typing import IO

from cockpit.clock import Clock, to_rfc3339
from cockpit.guarding import Guarded
from cockpit.host.facts import host_facts
from cockpit.incident.evidence import Evidence
from cockpit.incident.keeping import MOST, Keeper
from cockpit.incident.store import Incident, IncidentError

Show = Callable[[bytes], object]

_BLOCK = 1 << 16
_PATIENCE = 2.0  # seconds from asking a command to end until it is killed
_TAIL = 1 << 16  # bytes of output that are shown
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
        with Guarded() as guarded, _signals_go_to(_start(command, guarded)) as process:
            code = _follow(process, output, shows)
        return _keep(keeper, output, _Told(list(command), title or shlex.join(command), code, began, started), incident)


class Background:
    """A shell command that runs by itself, without a terminal, until it ends or is stopped.

    `changed` is called when it has printed, `ended` with what became of it: both on threads of its own.
    """

    def __init__(
        self,
        incident: Incident,
        command: str,
        clock: Clock,
        changed: Callable[[], object],
        ended: Callable[[Ran], object],
        most: int = MOST,
    ) -> None:
        """Raises RunError where it cannot be started. most: bytes of output that are kept."""
        self.stopped = False
        self.tail = b""
        """The last of what it has printed."""
        self._incident = incident
        self._command = command
        self._clock = clock
        self._changed = changed
        self._ended = ended
        self._most = most
        self._began, self._started = clock.now(), time.monotonic()
        self._guarded = Guarded()
        try:
            self._process = _start(["/bin/sh", "-c", command], self._guarded, alone=True)
        except RunError:
            self._guarded.close()
            raise
        self._thread = threading.Thread(target=self._run, name="experiment", daemon=True)
        self._thread.start()

    def stop(self, patience: float = _PATIENCE) -> None:
        """Ask it and all that it has started to end; what does not after so many seconds is killed."""
        self.stopped = True
        self._signal(signal.SIGTERM)
        timer = threading.Timer(patience, self._signal, (signal.SIGKILL,))
        timer.daemon = True
        timer.start()

    def wait(self, seconds: float) -> bool:
        """Whether it has ended, and all is kept, after at most so long."""
        if self._thread is not threading.current_thread():
            self._thread.join(seconds)
        return not self._thread.is_alive()

    def _signal(self, number: int) -> None:
        if self._thread.is_alive():
            self._guarded.end(number)

    def _show(self, data: bytes) -> None:
        self.tail = (self.tail + data)[-_TAIL:]
        self._changed()

    def _run(self) -> None:
        told = _Told(["/bin/sh", "-c", self._command], f"$ {self._command}", -1, self._began, self._started)
        try:
            with Keeper(self._incident, self._most) as keeper:
                output = _Output(keeper)
                told = replace(told, code=_follow(self._process, output, (self._show, self._show)))
                ran = _keep(keeper, output, told, self._incident)
        except IncidentError as error:
            code = self._process.wait()
            ran = Ran(code if code >= 0 else 128 - code, time.monotonic() - self._started, None, 0, str(error))
        self._guarded.close()
        self._ended(ran)


@dataclass(frozen=True, slots=True)
class _Told:
    """What is told of a command. began: microseconds; started: by the monotonic clock."""

    command: list[str]
    title: str
    code: int
    began: int
    started: float


def _keep(keeper: Keeper, output: _Output, told: _Told, incident: Incident) -> Ran:
    """Make evidence of the output of a command that has ended."""
    seconds = time.monotonic() - told.started
    output.close()
    cut = max(0, keeper.size_of("output") - keeper.most)
    facts = {
        "command": told.command,
        "directory": os.getcwd(),
        "exit_code": told.code,
        "seconds": round(seconds, 3),
        "began": to_rfc3339(told.began),
        "by": incident.by,
        "cut": cut,
        "host": host_facts(),
        "signature": None,
    }
    try:
        if output.error is not None:
            raise output.error
        covers, at = {"environment": "no deploy is known"}, to_rfc3339(told.began)
        kept = keeper.keep(told.title, "command", facts, source=told.command[0], at=at, covers=covers)
    except IncidentError as error:
        return Ran(told.code, seconds, None, 0, str(error))
    return Ran(told.code, seconds, kept, cut, "")


def _start(command: Sequence[str], guarded: Guarded, *, alone: bool = False) -> subprocess.Popen[bytes]:
    """`alone`: in a session of its own, with nothing to read."""
    asks = subprocess.DEVNULL if alone else None
    try:
        process = subprocess.Popen(
            command,
            stdin=asks,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            start_new_session=alone,
            env=guarded.variables,
        )
        guarded.tell(process.pid if alone else 0)
        return process
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
