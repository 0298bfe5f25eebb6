"""The experiments of a hypothesis, the newest first, to take one of."""

from __future__ import annotations

from collections.abc import Callable

from rich.text import Text

from cockpit.events import HypothesisChanged
from cockpit.incident.experiments import Experiment
from cockpit.incident.hypotheses import Hypothesis
from cockpit.logs.printable import printable
from cockpit.session import Session
from cockpit.ui.bridge import Bridge
from cockpit.ui.screens.choosing import ChoosingScreen

_SIGNS = {"running": "▶", "ran": "✓", "ended": "◐", "written": "○"}


class ExperimentsScreen(ChoosingScreen):
    """`chosen` gets the one that the person takes, once the list is closed."""

    def __init__(
        self, session: Session, bridge: Bridge, known: Hypothesis, chosen: Callable[[Experiment], object]
    ) -> None:
        super().__init__(f"Experiments for {known.label}", "enter shows one; letters narrow the list")
        self._session = session
        self._bridge = bridge
        self._of = known.id
        self._chosen = chosen
        self._tests: list[Experiment] = []

    async def prepare(self) -> None:
        self.rows.say_when_empty("No experiment has these letters.")
        self._bridge.on(self, HypothesisChanged, lambda event: self._changed())
        self._changed()

    def narrow(self) -> None:
        known = next((each for each in self._session.incident.hypotheses() if each.id == self._of), None)
        tests = known.experiments if known is not None else ()
        self._tests = [each for each in reversed(tests) if self.typed.lower() in f"{each.text} {each.told}".lower()]

    def count(self) -> int:
        return len(self._tests)

    def draw(self, index: int, width: int) -> Text:
        test = self._tests[index]
        text = Text.assemble(f" {_SIGNS[test.state]} {printable(test.text)}  ", no_wrap=True)
        return text.append(printable(test.observation or test.told), "dim")

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        return action not in ("turn", "remove")

    def action_choose(self) -> None:
        if self.rows.cursor < len(self._tests):
            test = self._tests[self.rows.cursor]
            self.action_close()
            self.app.call_after_refresh(self._chosen, test)

    def _changed(self) -> None:
        """The cursor stays with the experiment that it stands on."""
        before = self._tests[self.rows.cursor].id if self.rows.cursor < len(self._tests) else ""
        self.narrow()
        self.rows.update_rows()
        self.rows.move_to(next((at for at, each in enumerate(self._tests) if each.id == before), 0))
