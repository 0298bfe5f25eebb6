"""The Logs pane, as a screen in front of it reaches it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

from cockpit.events import TimeChosen
from cockpit.logs.fields import Condition
from cockpit.logs.search import Filter
from cockpit.session import Session


@dataclass(frozen=True, slots=True)
class LogsBehind:
    """show_only: puts a filter in force; to_front: gives the pane the focus; utc: whether it shows its times in UTC."""

    session: Session
    show_only: Callable[[Filter], None]
    to_front: Callable[[], None]
    utc: bool

    @property
    def wanted(self) -> Filter:
        """The filter in force."""
        return self.session.desk.shown.wanted

    def without_signatures(self, which: Callable[[Condition], bool] = lambda known: True) -> Filter:
        """The filter in force without such conditions on signatures."""
        kept = (known for known in self.wanted.conditions if known.signer is None or not which(known))
        return replace(self.wanted, conditions=tuple(kept))

    def show_signature(self, signature: str) -> None:
        """Show the records of one signature only (its id), of what the filter in force shows."""
        self.show_only(with_signature(self.without_signatures(), signature))
        self.to_front()

    def go_to(self, at: int, by: str) -> None:
        """Show the records around a time (microseconds); `by`: who chose it."""
        self.session.bus.publish(TimeChosen(at, by))
        self.to_front()


def with_signature(wanted: Filter, signature: str, *, negated: bool = False) -> Filter:
    """A filter that shows of its records only those of a signature, or all but those."""
    return replace(wanted, conditions=(*wanted.conditions, Condition("signature", "=", signature, negated)))
