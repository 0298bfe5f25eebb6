"""The only module that knows both worlds: gathers the bus's events from any thread, and gives them to widgets.

At most some 30 times a second, on Textual's thread, in one repaint; at once where nothing came before. Equal events
that wait become one. A widget's routes end with the widget.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from typing import Any, TypeVar
from weakref import WeakKeyDictionary

from textual.app import App
from textual.widget import Widget

from cockpit.bus import Bus
from cockpit.events import Event

E = TypeVar("E", bound=Event)
Handler = Callable[[Any], None]


class Bridge:
    """Carries events from the bus to mounted widgets and screens."""

    def __init__(self, app: App[Any], bus: Bus, period: float = 0.033) -> None:
        self._app = app
        self._period = period
        self._lock = threading.Lock()
        self._pending: dict[object, Event] = {}
        self._armed = False
        self._flushed = 0.0
        self._routes: WeakKeyDictionary[Widget, list[tuple[type[Event], Handler]]] = WeakKeyDictionary()
        self._subscription = bus.subscribe(Event, self._gather)

    def on(self, widget: Widget, kind: type[E], handler: Callable[[E], None]) -> None:
        """Give `widget` the events of a kind (or below it) for as long as it is mounted."""
        self._routes.setdefault(widget, []).append((kind, handler))

    def close(self) -> None:
        """Hear nothing more."""
        self._subscription.close()

    def flush(self) -> None:
        """Hand over what waits, now. On Textual's thread only."""
        with self._lock:
            batch, self._pending, self._armed = list(self._pending.values()), {}, False
            self._flushed = time.monotonic()
        with self._app.batch_update():
            for event in batch:
                for widget, routes in list(self._routes.items()):
                    if widget.is_attached:
                        for kind, handler in routes:
                            if isinstance(event, kind):
                                handler(event)

    def _gather(self, event: Event) -> None:
        with self._lock:
            name = (type(event), event.key)
            earlier = self._pending.pop(name, None)
            self._pending[name] = event if earlier is None else earlier.merge(event)
            if self._armed:
                return
            self._armed = True
            wait = max(0.001, self._flushed + self._period - time.monotonic())
        self._app.call_later(self._app.set_timer, wait, self.flush)
