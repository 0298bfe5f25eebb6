"""Notices that the terminal is gone where no hang-up tells: Textual would look for keys for ever, at full speed."""

from __future__ import annotations

import os
import threading
import time
from collections.abc import Callable

_EVERY = 2.0  # seconds between two looks
_PATIENCE = 8.0  # seconds for leaving in good order
_HANG_UP = 129  # exit code of a program that a hang-up ended


def watch_terminal(leave: Callable[[], object], release: Callable[[], object]) -> None:
    """Once standard input is no terminal any more: `leave`, from a thread; then, where that hangs, `release` and end.

    What is drawn has nowhere to go by then, and who draws it may wait for that for ever.
    """
    threading.Thread(target=_watch, args=(leave, release), name="terminal", daemon=True).start()


def _watch(leave: Callable[[], object], release: Callable[[], object]) -> None:
    while os.isatty(0):
        time.sleep(_EVERY)
    null = os.open(os.devnull, os.O_RDWR)
    for descriptor in (1, 2):
        os.dup2(null, descriptor)
    leave()
    time.sleep(_PATIENCE)
    try:
        release()
    finally:
        os._exit(_HANG_UP)
