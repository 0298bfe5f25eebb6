"""The event bus: facts go from whoever notices them to whoever cares.

Standard library only; knows nothing of the screen. A publish runs its handlers at once, on the publisher's thread.
A handler that raises harms no other.
"""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import Any, TypeVar, cast

from cockpit.events import Event, HandlerFailed

E = TypeVar("E", bound=Event)
Handler = Callable[[Any], None]


class Subscription:
    """The right to hear events of one kind, until closed."""

    __slots__ = ("_close",)

    def __init__(self, close: Callable[[], None]) -> None:
        self._close = close

    def close(self) -> None:
        """Hear nothing more. Closing twice is harmless."""
        self._close()


class Bus:
    """Publishes events to the handlers of their kind and of every kind they derive from."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._handlers: dict[type[Event], tuple[tuple[object, Handler], ...]] = {}

    def subscribe(self, kind: type[E], handler: Callable[[E], None]) -> Subscription:
        """Call `handler` with every event of `kind` or below it, on the thread that publishes."""
        entry = (object(), cast(Handler, handler))  # the same function subscribed twice is two subscriptions
        with self._lock:
            self._handlers[kind] = (*self._handlers.get(kind, ()), entry)

        def close() -> None:
            with self._lock:
                self._handlers[kind] = tuple(other for other in self._handlers[kind] if other is not entry)

        return Subscription(close)

    def publish(self, event: Event) -> None:
        """Tell every handler of the event's kind. Safe from any thread and from inside a handler."""
        for kind in type(event).__mro__:
            for _, handler in self._handlers.get(kind, ()):
                try:
                    handler(event)
                except Exception as error:
                    self._report(handler, event, error)

    def _report(self, handler: Handler, event: Event, error: Exception) -> None:
        if isinstance(event, HandlerFailed):
            return  # a handler of failures that fails has nobody left to tell
        name = getattr(handler, "__qualname__", type(handler).__name__)
        self.publish(HandlerFailed(name, type(event).__name__, f"{type(error).__name__}: {error}"))
