"""What the Hypotheses pane asks about the hypothesis under the cursor, and what it does with the answer."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from cockpit.incident.experiments import Experiment, kind_of
from cockpit.incident.hypotheses import Hypothesis
from cockpit.incident.starters import Starter
from cockpit.incident.store import IncidentError
from cockpit.incident.trials import NO_EVIDENCE, read_link, why_not_run
from cockpit.logs.printable import printable
from cockpit.session import Session
from cockpit.ui.verbs import kept
from cockpit.ui.widgets.prompt import Question, Refused

Ask = Callable[[Question], object]


class HypothesisQuestions:
    """Makes the questions. Each raises Refused where it makes no sense yet; `ask` shows one that follows another.

    stand_at: moves the cursor to a hypothesis, by its id.
    """

    def __init__(self, session: Session, ask: Ask, stand_at: Callable[[str], object]) -> None:
        self._session = session
        self._ask = ask
        self._stand_at = stand_at
        self._desk = session.incident
        self.by_name: dict[str, Callable[[Hypothesis], Question]] = {
            "text": self._text,
            "cost": self._cost,
            "prediction": self._prediction,
            "experiment": self._experiment,
            "observation": self._observation,
            "link": self._link,
            "confirmed": lambda chosen: self._verdict(chosen, "confirmed"),
            "refuted": lambda chosen: self._verdict(chosen, "refuted"),
        }

    def starter(self, chosen: Starter) -> Question:
        """Adds a usual cause, to be edited first; then asks for its prediction, with the usual one filled in."""

        async def submit(text: str) -> None:
            added = await kept(self._session, lambda: self._desk.add_hypothesis(text, cost=chosen.cost))
            known = next((each for each in self._desk.hypotheses() if each.id == added), None)
            if known is not None:
                self._stand_at(known.id)
                self._ask(replace(self._prediction(known), value=chosen.prediction, gives_way=True))

        hint = f"{chosen.reason or 'nothing in the evidence speaks for it'}; make it your own, enter keeps it"
        return Question("hypothesis", submit, value=chosen.text, hint=hint)

    def _text(self, chosen: Hypothesis) -> Question:
        async def submit(text: str) -> None:
            await kept(self._session, lambda: self._desk.edit_hypothesis(chosen.id, text=text))

        return Question(f"edit {chosen.label}", submit, value=chosen.text)

    def _cost(self, chosen: Hypothesis) -> Question:
        async def submit(text: str) -> None:
            if not text.strip().isdecimal():
                raise Refused("Say it in minutes, as a number: 15.")
            await kept(self._session, lambda: self._desk.edit_hypothesis(chosen.id, cost=int(text)))

        hint = "minutes that a test of it takes; the likeliest for its cost stands first"
        return Question(f"cost of {chosen.label}", submit, value=str(chosen.cost or ""), hint=hint)

    def _prediction(self, chosen: Hypothesis, experiment: str = "") -> Question:
        """experiment: the one that waits for the prediction, and is started once that is written."""

        async def submit(text: str) -> None:
            await kept(self._session, lambda: self._desk.edit_hypothesis(chosen.id, prediction=text))
            if experiment:
                await kept(self._session, lambda: self._session.experiments.start(chosen.id, experiment))

        then = "; then the experiment is run" if experiment else ""
        hint = f"what would be seen that would not be seen if it were false{then}"
        name = f"if {chosen.label} is true, then"
        return Question(name, submit, value=chosen.prediction, hint=hint, gives_way=bool(experiment))

    def _experiment(self, chosen: Hypothesis) -> Question:
        async def submit(text: str) -> None:
            added = await kept(self._session, lambda: self._desk.trials.add_experiment(chosen.id, text))
            if kind_of(text) == "check":
                return
            if chosen.prediction.strip():
                await kept(self._session, lambda: self._session.experiments.start(chosen.id, added))
            else:
                self._ask(self._prediction(chosen, added))

        hint = "$ curl …   no timeout for 10m   expect timeout within 5m   or by hand"
        return Question(f"experiment for {chosen.label}", submit, hint=hint)

    def _observation(self, chosen: Hypothesis) -> Question:
        why = why_not_run(chosen)
        if why:
            raise Refused(why)
        return self.observation_of(chosen, chosen.experiments[-1])

    def observation_of(self, chosen: Hypothesis, test: Experiment, *, gives_way: bool = False) -> Question:
        """What an experiment has shown, beginning with what came of it by itself."""

        async def submit(text: str) -> None:
            await kept(self._session, lambda: self._desk.trials.observe(chosen.id, text, test.id))

        hint = f"{chosen.label} predicts: {chosen.prediction} · what did “{test.text}” show?"
        return Question("observed", submit, value=test.observation or test.said, hint=hint, gives_way=gives_way)

    def _link(self, chosen: Hypothesis) -> Question:
        known = self._desk.evidence()
        if not known:
            raise Refused(f"There is no evidence yet; {NO_EVIDENCE}.")

        async def submit(text: str) -> None:
            try:
                evidence, relation, weight = read_link(text)
            except IncidentError as error:
                raise Refused(str(error)) from None
            await kept(self._session, lambda: self._desk.trials.link(chosen.id, evidence, relation, weight))

        last = known[-1]
        like = f"{last.label} for 2, against or neutral; weights are from 1 to 9"
        hint = f"{like} · {last.label} is: {printable(last.title)[:60]}"
        return Question(f"link to {chosen.label}", submit, hint=hint)

    def _verdict(self, chosen: Hypothesis, status: str) -> Question:
        async def submit(text: str) -> None:
            await kept(self._session, lambda: self._desk.edit_hypothesis(chosen.id, status=status, observation=text))
            if status == "refuted":
                self._ask(self._refine(chosen))

        hint = "the observation that decides"
        return Question(f"{chosen.label} is {status} by", submit, value=chosen.last_observation, hint=hint)

    def _refine(self, refuted: Hypothesis) -> Question:
        async def submit(text: str) -> None:
            self._stand_at(await kept(self._session, lambda: self._desk.add_hypothesis(text, parent=refuted.id)))

        hint = f"{refuted.label} is refuted; what might be true instead? enter keeps it, esc drops it"
        return Question(f"refine {refuted.label}", submit, value=refuted.text, hint=hint, gives_way=True)
