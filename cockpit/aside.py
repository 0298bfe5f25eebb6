"""Questions go aside: long work runs on a thread of its own, and a newer question replaces an older one."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable

log = logging.getLogger(__name__)

Cancelled = Callable[[], bool]
Question = Callable[[Cancelled], None]


class Aside:
    """One daemon thread that answers questions, each under a name; of one name only the newest counts.

    A question gets a function that tells whether it has been replaced, and should look at it often. What it raises is
    given to `failed`, or logged where there is none.
    """

    def __init__(self, name: str, failed: Callable[[Exception], None] | None = None) -> None:
        self._name = name
        self._failed = failed
        self._waiting: dict[str, Question] = {}
        self._newest: dict[str, Question] = {}
        self._changed = threading.Condition()
        self._closed = False
        self._thread: threading.Thread | None = None
        self._busy = False

    def ask(self, name: str, question: Question) -> None:
        """Answer this as soon as what runs now is done; an older question of the same name is dropped or told."""
        with self._changed:
            if self._closed:
                return
            self._waiting.pop(name, None)
            self._waiting[name] = question
            self._newest[name] = question
            if self._thread is None:
                self._thread = threading.Thread(target=self._run, name=self._name, daemon=True)
                self._thread.start()
            self._changed.notify_all()

    def idle(self, timeout: float) -> bool:
        """Wait until nothing is asked any more; False where the timeout (seconds) came first."""
        with self._changed:
            return self._changed.wait_for(lambda: not self._waiting and not self._busy, timeout)

    def close(self) -> None:
        """Drop what waits, tell what runs, and wait for it at most two seconds."""
        with self._changed:
            self._closed = True
            self._waiting.clear()
            self._newest.clear()
            self._changed.notify_all()
        thread = self._thread
        if thread is not None and thread is not threading.current_thread():
            thread.join(2.0)

    def _tell(self, error: Exception) -> None:
        if self._failed is None:
            return
        try:
            self._failed(error)
        except Exception:
            log.exception("who was to hear of a failed question failed too")

    def _run(self) -> None:
        while True:
            with self._changed:
                self._busy = False
                self._changed.notify_all()
                self._changed.wait_for(lambda: self._closed or bool(self._waiting))
                if self._closed:
                    return
                name = next(iter(self._waiting))
                question = self._waiting.pop(name)
                self._busy = True
            try:
                question(lambda name=name, asked=question: self._newest.get(name) is not asked)  # type: ignore[misc]
            except Exception as error:
                log.exception("a question (%s) failed", name)
                self._tell(error)
