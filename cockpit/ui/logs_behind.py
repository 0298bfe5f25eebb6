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

    def without_signature(self, signature: str) -> Filter:
        """The filter in force without what it says of a signature (its id)."""
        kept = []
        for known in self.wanted.conditions:
            rest = ",".join(each for each in known.signatures if each != signature)
            if known.signer is None or rest:
                kept.append(known if known.signer is None else replace(known, value=rest))
        return replace(self.wanted, conditions=tuple(kept))

    def show_signatures(self, *signatures: str) -> None:
        """Show the records of these signatures only (their ids), of what the filter in force shows."""
        others = tuple(known for known in self.wanted.conditions if known.signer is None)
        self.show_only(with_signature(replace(self.wanted, conditions=others), ",".join(signatures)))
        self.to_front()

    def go_to(self, at: int, by: str) -> None:
        """Show the records around a time (microseconds); `by`: who chose it."""
        self.session.bus.publish(TimeChosen(at, by))
        self.to_front()


def with_signature(wanted: Filter, signature: str, *, negated: bool = False) -> Filter:
    """A filter that shows of its records only those of a signature, or of one of `ID,ID`; or all but those."""
    return replace(wanted, conditions=(*wanted.conditions, Condition("signature", "=", signature, negated)))
