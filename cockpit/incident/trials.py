"""What tests a hypothesis: experiments, what was observed, evidence for and against; and undoing one's last act."""

from __future__ import annotations

from collections.abc import Callable

from cockpit.clock import to_rfc3339
from cockpit.incident.evidence import Evidence
from cockpit.incident.hypotheses import MOST_WEIGHT, RELATIONS, Hypothesis
from cockpit.incident.store import Incident, IncidentError, said
from cockpit.incident.telling import title_of
from cockpit.incident.undo import UNDONE, last_own, may_be_undone

NO_EVIDENCE = "keep some first, with c on a record in the logs"
_TOLD = 12  # labels of evidence


def why_not_run(hypothesis: Hypothesis) -> str:
    """Why no experiment of it can be marked as run, in a sentence; "" where one can."""
    if not hypothesis.experiments:
        return f"{hypothesis.label} has no experiment yet; write one down first (x)."
    if not hypothesis.prediction.strip():
        return f"Write what {hypothesis.label} predicts (P) first: what would its experiment show if it is true?"
    return ""


class Trials:
    """The verbs that test hypotheses. Each returns the id of its journal entry, and raises IncidentError.

    `did` is told the id once the disk has it, and hands it on.
    """

    def __init__(self, incident: Incident, did: Callable[[str], str]) -> None:
        self._incident = incident
        self._did = did

    def add_experiment(self, hypothesis: str, text: str) -> str:
        """Write down a test: `$ command`, a watch (`no timeout for 10m`), or a check by hand. It does not start it."""
        self._incident.find(hypothesis)
        return self._did(
            self._incident.write("experiment.added", {"hypothesis": hypothesis, "text": said(text, "experiment")})
        )

    def start(
        self, hypothesis: str, experiment: str, on: str, until: int | None = None, since: int | None = None
    ) -> str:
        """Tell that an experiment runs from now on, by the cockpit `on`.

        until, since: when a watch ends, and when it was begun by a cockpit that is gone (microseconds).
        """
        self._ready(hypothesis, experiment)
        times = {"until": until, "since": since}
        said_of = {name: to_rfc3339(at) for name, at in times.items() if at is not None}
        data = {"hypothesis": hypothesis, "experiment": experiment, "on": on, **said_of}
        return self._did(self._incident.write("experiment.started", data))

    def end(self, hypothesis: str, experiment: str, text: str, evidence: str = "") -> str:
        """Tell what came of an experiment that was started; evidence: the id of what was kept of it."""
        data = {"hypothesis": hypothesis, "experiment": experiment, "said": said(text, "end"), "evidence": evidence}
        return self._did(self._incident.write("experiment.ended", data))

    def observe(self, hypothesis: str, observation: str, experiment: str = "") -> str:
        """Write down what an experiment (the last one, where none is named) has shown: from now on it has run."""
        wanted = self._ready(hypothesis, experiment)
        data = {"hypothesis": hypothesis, "experiment": wanted, "observation": said(observation, "observation")}
        return self._did(self._incident.write("experiment.observed", data))

    def _ready(self, hypothesis: str, experiment: str) -> str:
        """The experiment's id (the last one's, where none is named). Raises IncidentError where it must not run yet."""
        known = self._incident.find(hypothesis)
        why = why_not_run(known)
        if why:
            raise IncidentError(why)
        wanted = experiment or known.experiments[-1].id
        if all(test.id != wanted for test in known.experiments):
            raise IncidentError("There is no such experiment (any more).")
        return wanted

    def link(self, hypothesis: str, evidence: str, relation: str, weight: int = 1) -> str:
        """Say how evidence, by label or id, bears on a hypothesis: one of RELATIONS, weight 1 to MOST_WEIGHT."""
        self._incident.find(hypothesis)
        if relation not in RELATIONS:
            raise IncidentError(f"{relation!r} is no relation; choose {', '.join(RELATIONS)}.")
        if not 1 <= weight <= MOST_WEIGHT:
            raise IncidentError(f"A weight is from 1 to {MOST_WEIGHT}, not {weight}.")
        linked = self._evidence(said(evidence, "evidence"))
        data = {"hypothesis": hypothesis, "evidence": linked.id, "relation": relation, "weight": weight}
        return self._did(self._incident.write("hypothesis.linked", data))

    def undo(self, entry: str = "") -> str:
        """Take back an entry: the one named (also an `undone` one), or one's own last. Returns what it said."""
        state = self._incident.state
        target = (
            next((each for each in state.entries if each.id == entry), None)
            if entry
            else last_own(state.entries, self._incident.by)
        )
        if target is None:
            raise IncidentError("There is nothing of yours to undo.")
        if not may_be_undone(target):
            raise IncidentError(f"What was {target.type.replace('.', ' ')} cannot be undone.")
        title = title_of(target, state)
        self._did(self._incident.write(UNDONE, {"entry": target.id}))
        return title

    def _evidence(self, name: str) -> Evidence:
        known = self._incident.state.evidence
        found = next((each for each in known if name in (each.label, each.id)), None)
        if found is None:
            there = f"there is {', '.join(each.label for each in known[-_TOLD:])}" if known else NO_EVIDENCE
            raise IncidentError(f"There is no evidence {name}; {there}.")
        return found


def read_link(text: str) -> tuple[str, str, int]:
    """Evidence, relation and weight (1 where none is said) of what was typed: `E3 for 2`. Raises IncidentError."""
    evidence, relation, weight, *more = [*text.split(), "", "", ""]
    relation = {"+": "for", "-": "against", "0": "neutral"}.get(relation, relation.lower())
    if relation not in RELATIONS or any(more) or not (weight or "1").isdecimal():
        raise IncidentError("Say the evidence, for, against or neutral, and a weight: E3 for 2.")
    return evidence[:1].upper() + evidence[1:] if evidence[1:].isdecimal() else evidence, relation, int(weight or 1)
