"""What tests of the log engine share."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from cockpit.bus import Bus
from cockpit.clock import SystemClock
from cockpit.logs.desk import LogDesk
from cockpit.watch import Watcher


@pytest.fixture
def desk() -> Iterator[LogDesk]:
    """An empty desk that looks at its files five times a second."""
    watcher = Watcher(0.2)
    desk = LogDesk(Bus(), watcher, SystemClock())
    yield desk
    watcher.close()
    desk.close()
