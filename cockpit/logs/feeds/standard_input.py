"""Standard input as a feed: drained to its end whatever happens to the spool, so that the program before us goes on."""

from __future__ import annotations

import os
import select
import threading
from pathlib import Path

from cockpit.clock import Clock
from cockpit.logs.feeds.feed import FeedState, Meter, Rate
from cockpit.logs.feeds.spool import CAP, Spool

_LOOK = 0.5  # seconds between two looks whether we are closing


class StandardInput:
    """Copies a descriptor to a spool on a thread of its own, until it ends or `close`. The descriptor stays open."""

    def __init__(self, descriptor: int, path: Path, clock: Clock, cap: int = CAP) -> None:
        """Raises OSError where the spool cannot be made."""
        self.name = "stdin"
        self.state = FeedState.LIVE
        self.remarks: list[tuple[int, str]] = []
        self._clock = clock
        self._spool = Spool(path, cap)
        self._source = descriptor
        self._meter = Meter()
        self._failed = ""
        self._closing = threading.Event()
        self._thread = threading.Thread(target=self._copy, name="stdin feed", daemon=True)

    @property
    def path(self) -> Path:
        return self._spool.path

    @property
    def live(self) -> bool:
        return self.state is FeedState.LIVE

    @property
    def why(self) -> str:
        ended = "Standard input has ended." if self.state is FeedState.ENDED else ""
        return " ".join(part for part in (self._failed, ended, self._spool.note) if part)

    @property
    def rate(self) -> Rate:
        return self._meter.rate()

    @property
    def size(self) -> int:
        return self._spool.size

    @property
    def dropped(self) -> int:
        return self._spool.dropped

    def start(self) -> None:
        self._thread.start()

    def close(self, *, keep: bool) -> None:
        self._closing.set()
        if self._thread.ident is not None:
            self._thread.join(2.0)
        self._spool.close(keep=keep)

    def _copy(self) -> None:
        waiting = select.poll()
        waiting.register(self._source, select.POLLIN | select.POLLHUP | select.POLLERR)
        try:
            while not self._closing.is_set():
                if not waiting.poll(_LOOK * 1000):
                    continue
                data = os.read(self._source, 1 << 16)
                if not data:
                    self._end(FeedState.ENDED)
                    return
                self._meter.count(data)
                self._spool.write(data)
        except OSError as error:
            self._failed = f"Standard input cannot be read: {error.strerror or error}."
            self._end(FeedState.FAILED)

    def _end(self, state: FeedState) -> None:
        self.state = state
        self.remarks.append((self._clock.now(), self._failed or "standard input ended"))
