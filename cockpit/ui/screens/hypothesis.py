"""One hypothesis, whole, as it is now: it changes while it is looked at, whoever changes it."""

from __future__ import annotations

from rich.text import Text

from cockpit.events import EvidenceCaptured, HypothesisChanged
from cockpit.session import Session
from cockpit.ui.bridge import Bridge
from cockpit.ui.panes.hypothesis_rows import whole
from cockpit.ui.screens.text import TextScreen


class HypothesisScreen(TextScreen):
    """Shows the hypothesis of an id."""

    def __init__(self, session: Session, bridge: Bridge, hypothesis: str) -> None:
        super().__init__("Hypothesis")
        self._session = session
        self._bridge = bridge
        self._of = hypothesis

    def on_mount(self) -> None:
        super().on_mount()
        for kind in (HypothesisChanged, EvidenceCaptured):
            self._bridge.on(self, kind, lambda event: self._draw())
        self._draw()

    def _draw(self) -> None:
        known = self._session.incident.hypotheses()
        shown = next((each for each in known if each.id == self._of), None)
        if shown is None:
            self.show([Text("This hypothesis is gone: it was removed, or its adding was undone.")])
            return
        self.entitle(f"Hypothesis {shown.label}")
        self.show(whole(shown, known, self._session.incident.evidence()), keep=True)
