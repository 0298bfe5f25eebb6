"""The guide's line for the header: the step, and the key that helps next from where one is. Can be turned off."""

from __future__ import annotations

import contextlib

from cockpit import paths
from cockpit.incident import guide
from cockpit.incident.guide import Advice
from cockpit.incident.model import State
from cockpit.session import Session

_NUMBERS = {guide.LOGS: "1", guide.HYPOTHESES: "3"}


class GuideLine:
    """`shown` is remembered for the person, over all incidents."""

    def __init__(self, session: Session) -> None:
        self.shown = _remembered()
        self._session = session
        self._state: State | None = None
        self._logs = False
        self._advice: Advice | None = None
        self._stretch: tuple[int, int] | None = None

    def turn(self) -> bool:
        """Show it, or show it no longer; True where it is shown now."""
        self.shown = shown = not self.shown
        self._session.incident.later(lambda: _remember(shown))
        return shown

    def forms(self, pane: str) -> tuple[str, ...]:
        """The line in three lengths, the longest first, for somebody who is in this pane; none: nothing to say."""
        incident = self._session.incident
        if not self.shown or incident.store.read_only:
            return ()
        self._look(incident.store.state)
        rest = guide.rest(incident.store.state, self._stretch, self._session.clock.now())
        advice = rest or self._advice
        return () if advice is None else forms_of(advice, pane)

    def _look(self, state: State) -> None:
        """Think anew where the state is another."""
        logs = next(iter(self._session.desk.sources), None) is not None
        if state is not self._state or logs != self._logs:
            self._state, self._logs = state, logs
            self._advice = guide.advice(state, logs=logs)
            self._stretch = guide.stretch(state, self._session.incident.store.by)


def forms_of(advice: Advice, pane: str) -> tuple[str, ...]:
    """Advice in three lengths, the longest first; its key as it is reached from a pane."""
    key = _reached(advice, pane)
    after = f" ({key})" if key else ""
    if not advice.step:
        return (f"▸ {advice.text}", f"▸ {advice.short}")
    press = f" — press {key}" if key else ""
    return (
        f"▸ step {advice.step} of 8: {advice.text}{press}",
        f"▸ {advice.step}/8 {advice.text}{after}",
        f"▸ {advice.step}/8 {advice.short}{after}",
    )


def _reached(advice: Advice, pane: str) -> str:
    """What to press: in the notes letters are text, so they are left first, for the logs."""
    if not advice.key:
        return ""
    out, pane = ("esc ", guide.LOGS) if pane == "notes" else ("", pane)
    there = "" if advice.place in (guide.ANYWHERE, pane) else f"{_NUMBERS[advice.place]} "
    return f"{out}{there}{advice.key}"


def _remembered() -> bool:
    try:
        return paths.guide_file().read_text().strip() != "off"
    except (OSError, UnicodeDecodeError):
        return True


def _remember(shown: bool) -> None:
    """Where it cannot be written, it holds until one quits."""
    with contextlib.suppress(OSError):
        paths.guide_file().parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        paths.guide_file().write_text("on\n" if shown else "off\n")
