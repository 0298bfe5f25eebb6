"""What the host is doing: CPU, memory and load, sampled now and then."""

from __future__ import annotations

import os
import socket
import threading
from collections import deque
from dataclasses import dataclass

from cockpit.bus import Bus
from cockpit.clock import Clock
from cockpit.events import VitalsSampled

KEPT = 1800
"""How many samples are kept: those of an hour."""


@dataclass(frozen=True, slots=True)
class Vitals:
    """One sample. at: microseconds; cpu, memory: per cent of the host's; load: average of a minute, per host."""

    at: int
    cpu: float
    memory: float
    load: float


class VitalsSampler:
    """Samples the host every few seconds on a thread of its own and tells the bus. `recent` holds the last samples."""

    def __init__(self, bus: Bus, clock: Clock, every: float = 2.0, kept: int = KEPT) -> None:
        self.recent: deque[Vitals] = deque(maxlen=kept)
        self._bus = bus
        self._clock = clock
        self._every = every
        self._closing = threading.Event()
        self._thread = threading.Thread(target=self._run, name="vitals", daemon=True)

    def start(self) -> None:
        self._thread.start()

    def close(self) -> None:
        self._closing.set()
        if self._thread.ident is not None:
            self._thread.join(2.0)

    def _run(self) -> None:
        import psutil

        psutil.cpu_percent()  # the first call only sets the point that the next one measures from
        while not self._closing.wait(self._every if self.recent else 0.5):
            sample = Vitals(
                self._clock.now(), psutil.cpu_percent(), psutil.virtual_memory().percent, os.getloadavg()[0]
            )
            self.recent.append(sample)
            self._bus.publish(VitalsSampled())


def host_name() -> str:
    """This host's name, without its domain."""
    return socket.gethostname().partition(".")[0] or "localhost"


def be_nice() -> None:
    """Give way to the service we look at: a lower priority for this process, where the system allows it."""
    try:
        os.nice(5)
    except OSError:
        return
