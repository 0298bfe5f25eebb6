"""The Hypotheses pane: what it might be, ranked, each judged with one key."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import ClassVar

from textual import on, work
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Vertical
from textual.content import Content

from cockpit.events import EvidenceCaptured, ExperimentEnded, HypothesisChanged
from cockpit.incident.experiments import Experiment
from cockpit.incident.hypotheses import Hypothesis
from cockpit.incident.store import IncidentError
from cockpit.session import Session
from cockpit.ui import keys
from cockpit.ui.bridge import Bridge
from cockpit.ui.panes.hypothesis_questions import HypothesisQuestions
from cockpit.ui.panes.hypothesis_rows import HypothesisRows
from cockpit.ui.verbs import kept
from cockpit.ui.widgets.prompt import Asked, Prompt, Question, Refused
from cockpit.ui.widgets.rows import RowList

_TOLD = 120  # letters of what came of an experiment that a message shows; X shows it whole
_EMPTY = (
    "What might it be? Press n (or h anywhere) and write the likeliest cause you can think of; "
    "S offers the usual ones, with what in the evidence speaks for each."
)


class HypothesisPane(Vertical):
    """Adds, edits, ranks and judges hypotheses. Every change goes through the journal before it shows."""

    BINDINGS: ClassVar[list[BindingType]] = list(keys.bindings(keys.HYPOTHESES))

    def __init__(self, session: Session, bridge: Bridge) -> None:
        super().__init__(id="hypotheses", classes="pane")
        self._session = session
        self._bridge = bridge
        self._source = HypothesisRows()
        self._questions = HypothesisQuestions(session, self._ask, self._changed)

    def compose(self) -> ComposeResult:
        yield RowList(self._source, _EMPTY)

    def on_mount(self) -> None:
        self.rows = self.query_one(RowList)
        for kind in (HypothesisChanged, EvidenceCaptured):
            self._bridge.on(self, kind, lambda event: self._changed())
        self._bridge.on(self, ExperimentEnded, self._experiment_ended)
        self._changed()

    def action_cursor_down(self) -> None:
        self.rows.action_cursor_down()

    def action_cursor_up(self) -> None:
        self.rows.action_cursor_up()

    def action_first(self) -> None:
        self.rows.action_first()

    def action_last(self) -> None:
        self.rows.action_last()

    def action_add(self) -> None:
        async def submit(text: str) -> None:
            await kept(self._session, lambda: self._session.incident.add_hypothesis(text))

        hint = "the likeliest cause you can think of; enter keeps it"
        self._ask(Question("hypothesis", submit, hint=hint))

    def action_starters(self) -> None:
        from cockpit.ui.screens.starters import StartersScreen

        self.app.push_screen(StartersScreen(self._session, lambda chosen: self._ask(self._questions.starter(chosen))))

    async def action_ask(self, name: str) -> None:
        await asyncio.wrap_future(self._session.incident.later(lambda: None))  # what was answered just now comes first
        chosen = self._chosen()
        if chosen is None:
            return
        try:
            self._ask(self._questions.by_name[name](chosen))
        except Refused as error:
            self.notify(str(error), severity="warning", markup=False)

    def action_experiment(self) -> None:
        """Show its experiment, of several the one that the person takes."""
        chosen = self._chosen()
        if chosen is None or not chosen.experiments:
            self.notify("It has no experiment yet; x writes one down.", markup=False)
            return
        if len(chosen.experiments) == 1:
            self._show_experiment(chosen, chosen.experiments[0])
            return
        from cockpit.ui.screens.experiments import ExperimentsScreen

        taken = self._show_experiment
        self.app.push_screen(ExperimentsScreen(self._session, self._bridge, chosen, lambda test: taken(chosen, test)))

    def _show_experiment(self, chosen: Hypothesis, test: Experiment) -> None:
        """Show it, and run it now where it never was."""
        from cockpit.ui.screens.experiment import ExperimentScreen

        if test.to_be_run:
            self._do(chosen, lambda: self._session.experiments.start(chosen.id, test.id))
        self.app.push_screen(ExperimentScreen(self._session, self._bridge, chosen.id, test.id))

    def _experiment_ended(self, event: ExperimentEnded) -> None:
        """Say what came of it; what a command has shown is asked for."""
        known = self._known(event.hypothesis)
        test = next((each for each in known.experiments if each.id == event.id), None) if known else None
        if known is None or test is None:
            return
        if test.kind == "command" and self.screen is self.app.screen and not self.screen.query_one(Prompt).asking:
            self._ask(self._questions.observation_of(known, test, gives_way=True))
            return
        said = test.said if len(test.said) <= _TOLD else f"{test.said[:_TOLD].rstrip()}…"
        self.notify(f"{known.label}: {test.text}: {said}", markup=False)

    def action_matrix(self) -> None:
        from cockpit.ui.screens.matrix import MatrixScreen

        self.app.push_screen(MatrixScreen(self._session, self._bridge))

    def action_likelihood(self, step: int) -> None:
        chosen = self._chosen()
        if chosen is not None:
            self._do(chosen, lambda: self._session.incident.nudge_likelihood(chosen.id, step))

    def action_status(self, status: str) -> None:
        chosen = self._chosen()
        if chosen is not None:
            self._do(chosen, lambda: self._session.incident.edit_hypothesis(chosen.id, status=status))

    def action_rank(self, step: int) -> None:
        chosen = self._chosen()
        if chosen is not None:
            self._do(chosen, lambda: self._session.incident.move_hypothesis(chosen.id, step))

    def action_remove(self) -> None:
        chosen = self._chosen()
        if chosen is not None:
            self._do(chosen, lambda: self._session.incident.remove_hypothesis(chosen.id))

    @on(RowList.Chosen)
    def action_detail(self) -> None:
        from cockpit.ui.screens.hypothesis import HypothesisScreen

        chosen = self._chosen()
        if chosen is not None:
            self.app.push_screen(HypothesisScreen(self._session, self._bridge, chosen.id))

    @work(group="journal")
    async def _do(self, chosen: Hypothesis, verb: Callable[[], object]) -> None:
        """Run a verb aside (it waits for the disk); the cursor stays with the hypothesis it stood on."""
        try:
            await asyncio.wrap_future(self._session.incident.later(verb))
        except IncidentError as error:
            self.notify(str(error), severity="error", markup=False)
            return
        self._changed(chosen.id)

    def _ask(self, question: Question) -> None:
        self.post_message(Asked(question))

    def _chosen(self) -> Hypothesis | None:
        """The hypothesis under the cursor as it is now, which may be a moment ahead of the screen."""
        ranked = self._source.ranked
        shown = ranked[self.rows.cursor] if self.rows.cursor < len(ranked) else None
        return self._known(shown.id) if shown is not None else None

    def _known(self, identity: str) -> Hypothesis | None:
        return next((each for each in self._session.incident.hypotheses() if each.id == identity), None)

    def _changed(self, keep: str | None = None) -> None:
        chosen = self._chosen()
        keep = keep or (chosen.id if chosen is not None else None)
        self._source.ranked = self._session.incident.hypotheses()
        self.rows.update_rows()
        places = [at for at, hypothesis in enumerate(self._source.ranked) if hypothesis.id == keep]
        if places:
            self.rows.move_to(places[0], tell=False)
        active = sum(1 for each in self._source.ranked if each.status in ("open", "testing"))
        told = f" · {active} open · likelihood/cost" if self._source.ranked else ""
        self.border_title = Content(f"3 Hypotheses{told}")
