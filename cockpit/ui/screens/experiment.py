"""One experiment: what it is to show, what it prints as it runs, and what came of it."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import ClassVar

from rich.text import Text
from textual import work
from textual.binding import BindingType

from cockpit.events import ExperimentPrinted, HypothesisChanged
from cockpit.incident.experiments import Experiment
from cockpit.incident.hypotheses import Hypothesis
from cockpit.incident.keeping import read_part
from cockpit.incident.store import IncidentError
from cockpit.logs.printable import printable
from cockpit.session import Session
from cockpit.ui import keys
from cockpit.ui.bridge import Bridge
from cockpit.ui.screens.text import TextScreen
from cockpit.ui.widgets.text_lines import TextLines

_READ = 1 << 16  # bytes of kept output
_LINES = 500  # last lines of output that are shown


class ExperimentScreen(TextScreen):
    """Shows an experiment of a hypothesis, by their ids, and goes on as it does; stops it, or runs it again."""

    BINDINGS: ClassVar[list[BindingType]] = list(keys.bindings(keys.EXPERIMENT))

    def __init__(self, session: Session, bridge: Bridge, hypothesis: str, experiment: str) -> None:
        super().__init__("Experiment")
        self._session = session
        self._bridge = bridge
        self._of = hypothesis, experiment

    def on_mount(self) -> None:
        super().on_mount()
        for kind in (HypothesisChanged, ExperimentPrinted):
            self._bridge.on(self, kind, lambda event: self._draw())
        self._draw()

    def action_run(self) -> None:
        self._do(lambda: self._session.experiments.start(*self._of))

    def action_stop(self) -> None:
        if self._session.experiments.runs_here(self._of[1]):
            self._do(lambda: self._session.experiments.stop(self._of[1]))
        else:
            self.notify("It does not run in this cockpit.", markup=False)

    @work(group="journal")
    async def _do(self, verb: Callable[[], object]) -> None:
        try:
            await asyncio.wrap_future(self._session.incident.later(verb))
        except IncidentError as error:
            self.notify(str(error), severity="warning", markup=False)

    def _draw(self) -> None:
        known = next((each for each in self._session.incident.hypotheses() if each.id == self._of[0]), None)
        test = next((each for each in known.experiments if each.id == self._of[1]), None) if known else None
        if known is None or test is None:
            self.show([Text("This experiment is gone.")])
            return
        self.entitle(f"Experiment for {known.label}")
        lines = self.query_one(TextLines)
        at_end = lines.scroll_offset.y >= lines.max_scroll_y
        self.show([*_head(known, test), *self._output(test)], keep=True)
        if at_end and test.running:
            lines.scroll_end(animate=False)

    def _output(self, test: Experiment) -> list[Text]:
        if test.kind != "command":
            return []
        data = self._session.experiments.tail(test.id) or self._kept(test)
        lines = data.decode("utf-8", "replace").split("\n") if data else []
        while lines and not lines[-1].strip():
            lines.pop()
        if not lines:
            return [Text(), Text("It has printed nothing yet." if test.running else "No output.", "dim")]
        left_out = [Text("…", "dim")] if len(lines) > _LINES else []
        return [Text(), *left_out, *(Text(printable(line.rstrip("\r"))) for line in lines[-_LINES:])]

    def _kept(self, test: Experiment) -> bytes:
        item = next((each for each in self._session.incident.evidence() if each.id == test.evidence), None)
        if item is None:
            return b""
        return read_part(self._session.incident.store, item.parts[0], _READ) or b""


def _head(known: Hypothesis, test: Experiment) -> list[Text]:
    pairs = [
        (known.label, known.text.split("\n")[0]),
        ("predicts", known.prediction or "not written yet (P)"),
        ("experiment", test.text),
        ("state", test.told),
        ("observed", test.observation or "not yet (R in the hypotheses)"),
    ]
    return [Text.assemble((f"{name:<11} ", "dim"), printable(value)) for name, value in pairs]
