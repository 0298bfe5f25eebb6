"""Gives keys out one at a time, so that what is typed ahead (on a slow link) reaches what the earlier keys opened.

Textual hands a key to the widget that has the focus at that moment, but what the key does (open a prompt, close a
screen) comes a little later. Keys that arrive together would all go to the first widget. Here each key waits until
the one before has done its work; a messenger sent after a key along the same way tells when.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable

from textual import events
from textual.app import App
from textual.message import Message
from textual.widget import Widget

_ROUNDS = 2  # the second messenger comes after what the key's action itself sent up the same way
_LOOK = 0.05  # seconds between two looks at whether the messenger can still come
_PATIENCE = 3.0  # seconds after which a key is taken as done, whatever became of it


class KeyDone(Message):
    """Follows a key up the same widgets, and arrives when the key has been dealt with."""

    def __init__(self, number: int, lap: int = 1) -> None:
        super().__init__()
        self.number = number
        self.lap = lap


class TypeAhead:
    """The keys that wait, from the start until `begin`. `settled` tells whether screens stand still."""

    def __init__(self, app: App[None], settled: Callable[[], bool]) -> None:
        self._app = app
        self._settled = settled
        self._waiting: deque[events.Key] = deque()
        self._number = 0
        self._busy = True
        self._next: events.Key | None = None
        self._target: Widget | None = None

    def begin(self) -> None:
        """The first screen stands: keys may go on."""
        self.done(self._number)

    def take(self, key: events.Key) -> bool:
        """Whether a key may go on now; if not it is kept, and comes back when its turn has come."""
        if key is self._next:
            self._next = None
        elif self._busy or self._waiting or self._next is not None:
            self._waiting.append(key)
            return False
        self._busy = True
        self._number += 1
        self._target = self._app.focused
        number = self._number
        self._app.set_timer(_LOOK, lambda: self._look(number, _PATIENCE))
        return True

    def follow(self) -> None:
        """Send the messenger after the key that was just given out."""
        self._send(1)

    def arrived(self, messenger: KeyDone) -> None:
        """A messenger has come up."""
        if messenger.number == self._number and messenger.lap < _ROUNDS:
            self._send(messenger.lap + 1)
        else:
            self.done(messenger.number)

    def done(self, number: int) -> None:
        """The key of this number has been dealt with: the next one's turn."""
        if number != self._number or not self._busy:
            return
        if not self._settled():
            self._app.set_timer(0.005, lambda: self.done(number))
            return
        self._busy = False
        if self._waiting:
            self._next = self._waiting.popleft()
            self._app.post_message(self._next)

    def _look(self, number: int, left: float) -> None:
        """Where the widget that had the key is gone, the messenger is too."""
        if number != self._number or not self._busy:
            return
        gone = self._target is not None and not self._target.is_attached
        if gone or left <= 0:
            self.done(number)
        else:
            self._app.set_timer(_LOOK, lambda: self._look(number, left - _LOOK))

    def _send(self, lap: int) -> None:
        target = self._target
        if target is None or not target.is_attached:
            target = self._app.focused or self._app.screen
        target.post_message(KeyDone(self._number, lap))
