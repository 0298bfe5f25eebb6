"""What every feed promises: bytes of something that is no file, written to a spool, and the plain truth about it."""

from __future__ import annotations

import threading
import time
from collections import deque
from dataclasses import dataclass
from enum import Enum
from pathlib import Path
from typing import Protocol

_OVER = 5.0  # seconds that a rate looks back


class FeedState(Enum):
    """What a feed is doing."""

    LIVE = "live"
    RECONNECTING = "reconnecting"
    ENDED = "ended"
    FAILED = "failed"


@dataclass(frozen=True, slots=True)
class Rate:
    """How much came per second, over the last seconds."""

    bytes: float = 0.0
    lines: float = 0.0


@dataclass(frozen=True, slots=True)
class BackOff:
    """How long to wait before a program is started again, in seconds: doubling, until it has run for a while."""

    first: float = 1.0
    most: float = 30.0
    reset: float = 60.0

    def after(self, before: float, ran: float) -> float:
        """The next wait, given the one before (0: none) and how long the program ran."""
        return self.first if ran >= self.reset or not before else min(self.most, before * 2)


class Feed(Protocol):
    """A source that is no file. Bytes come on a thread of its own once started, and are followed in `path`."""

    @property
    def name(self) -> str:
        """What to call it."""
        ...

    @property
    def path(self) -> Path:
        """The spool file to follow; it is there before `start`."""
        ...

    @property
    def state(self) -> FeedState: ...

    @property
    def live(self) -> bool:
        """Whether bytes may still come: live or reconnecting."""
        ...

    @property
    def why(self) -> str:
        """What a person should know of its state, in a sentence; empty where all is well."""
        ...

    @property
    def remarks(self) -> list[tuple[int, str]]:
        """What happened to it: (microseconds, sentence), oldest first."""
        ...

    @property
    def rate(self) -> Rate: ...

    @property
    def size(self) -> int:
        """Bytes kept in the spool now."""
        ...

    @property
    def dropped(self) -> int:
        """Bytes that came and are not kept: beyond the cap, or while the disk was full."""
        ...

    def start(self) -> None:
        """Begin; returns at once."""
        ...

    def close(self, *, keep: bool) -> None:
        """Stop within two seconds, with all that was started; remove the spool unless it is to be kept."""
        ...


class Meter:
    """Counts bytes and lines as they come, and tells their rate over the last five seconds."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._counts: deque[tuple[float, int, int]] = deque()
        self._since = time.monotonic()

    def count(self, data: bytes) -> None:
        now = time.monotonic()
        lines = data.count(b"\n")
        with self._lock:
            if self._counts and now - self._counts[-1][0] < 0.1:
                at, size, before = self._counts.pop()
                self._counts.append((at, size + len(data), before + lines))
            else:
                self._counts.append((now, len(data), lines))
            self._forget(now)

    def rate(self) -> Rate:
        now = time.monotonic()
        over = min(_OVER, max(0.1, now - self._since))
        with self._lock:
            self._forget(now)
            return Rate(sum(entry[1] for entry in self._counts) / over, sum(entry[2] for entry in self._counts) / over)

    def _forget(self, now: float) -> None:
        while self._counts and now - self._counts[0][0] > _OVER:
            self._counts.popleft()
