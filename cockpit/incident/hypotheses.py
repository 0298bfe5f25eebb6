"""The fold of hypotheses: their fields, their experiments, and the evidence that is linked to them.

Every field, every experiment's observation and every link has one last writer: the greatest id that set it.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Mapping, Set
from dataclasses import dataclass, replace
from typing import Any

from cockpit.incident import odds
from cockpit.incident.evidence import Evidence
from cockpit.incident.experiments import Experiment, kind_of
from cockpit.incident.journal import Entry
from cockpit.incident.reading import Unusable, number_of, text_of, time_of

STATUSES = ("open", "testing", "confirmed", "refuted", "parked")
VERDICTS = ("confirmed", "refuted")
RELATIONS = ("for", "against", "neutral")
MOST_WEIGHT = 9
MOST_COST = 100_000
_PLAIN = ("detail", "prediction", "parent", "observation")


@dataclass(frozen=True, slots=True)
class Link:
    """Evidence, by its id, as it bears on a hypothesis: relation is one of RELATIONS, weight 1 to MOST_WEIGHT.

    label: what the evidence is called, "" where the journal tells of none with this id.
    """

    id: str
    relation: str
    weight: int
    label: str = ""

    @property
    def name(self) -> str:
        """What a person calls the evidence."""
        return self.label or self.id


@dataclass(frozen=True, slots=True)
class Verdict:
    """How a hypothesis was judged, and the observation that decided ("" in journals that name none)."""

    status: str
    observation: str


@dataclass(frozen=True, slots=True)
class Hypothesis:
    """A possible cause. rank: a place given by hand among its equals (None: by likelihood per cost).

    likelihood: per cent: the person's own word where there is one, else what the evidence makes of the prior.
    cost: minutes to test it, None where nobody said; parent: the id of the hypothesis that it refines, or "".
    """

    id: str
    label: str
    text: str
    likelihood: int
    status: str
    detail: str
    prediction: str
    rank: float | None
    added_at: int
    added_by: str
    changed_at: int
    changed_by: str
    prior: int = 50
    word: int | None = None
    cost: int | None = None
    parent: str = ""
    observation: str = ""
    experiments: tuple[Experiment, ...] = ()
    links: tuple[Link, ...] = ()

    @property
    def verdict(self) -> Verdict | None:
        return Verdict(self.status, self.observation) if self.status in VERDICTS else None

    @property
    def last_observation(self) -> str:
        """Of the experiment that was observed last; "" where none was."""
        ran = [each for each in self.experiments if each.ran]
        return max(ran, key=lambda each: each.observed_at or 0).observation if ran else ""


class Hypotheses:
    """The hypotheses while the fold goes on: what may still be edited, linked or removed by a later entry.

    evidence: by its label; all of it is to be there before the first link is taken in.
    """

    def __init__(self, evidence: Mapping[str, Evidence]) -> None:
        self._evidence = evidence
        self._known: dict[str, Hypothesis] = {}  # as they were added
        self._changes: defaultdict[str, dict[str, Any]] = defaultdict(dict)  # fields, by the id of the hypothesis
        self._removed: set[str] = set()
        self._links: dict[str, dict[str, Link]] = {}
        self._experiments: dict[str, Experiment] = {}
        self._tests: dict[str, dict[str, None]] = {}  # ids of experiments, in their order, by that of the hypothesis

    @property
    def labels(self) -> dict[str, str]:
        """By id, also of those that were removed or undone."""
        return {each.id: each.label for each in self._known.values()}

    def take(self, entry: Entry) -> None:
        """Take in an entry of one of TYPES. Raises Unusable."""
        _STEPS[entry.type](self, entry)

    def settled(self, undone: Set[str]) -> tuple[Hypothesis, ...]:
        """What is there at the end, without what was removed or whose adding was undone."""
        labels = {each.id: each.label for each in self._evidence.values()}
        return tuple(
            self._whole(each, undone, labels)
            for each in self._known.values()
            if each.id not in self._removed and each.id not in undone
        )

    def _whole(self, each: Hypothesis, undone: Set[str], labels: Mapping[str, str]) -> Hypothesis:
        links = tuple(
            replace(link, label=labels.get(link.id, ""))
            for link in self._links.get(each.id, {}).values()
            if link.id not in undone
        )
        tests = tuple(self._experiments[test] for test in self._tests.get(each.id, ()) if test not in undone)
        whole = replace(each, **self._changes.get(each.id, {}), links=links, experiments=tests)
        return whole if whole.word is None and not links else replace(whole, likelihood=_now(whole))

    def _added(self, entry: Entry) -> None:
        label, at = f"H{len(self._known) + 1}", time_of(entry)
        prior = number_of(entry.data.get("likelihood", 50), "likelihood", 0, 100)
        fresh = Hypothesis(
            entry.id, label, text_of(entry), prior, "open", "", "", None, at, entry.by, at, entry.by, prior=prior
        )
        said = {name: value for name in ("cost", "prediction", "parent") if (value := entry.data.get(name)) is not None}
        self._known[entry.id] = replace(fresh, **_fields(entry, said))

    def _edited(self, entry: Entry) -> None:
        known, fields = self._of(entry), _fields(entry, entry.data)
        self._change(known, entry, fields)

    def _linked(self, entry: Entry) -> None:
        known = self._of(entry)
        relation, evidence = entry.data.get("relation"), self._evidence_of(entry)
        if relation not in RELATIONS:
            raise Unusable(f"{relation!r} is no relation")
        weight = number_of(entry.data.get("weight", 1), "weight", 1, MOST_WEIGHT)
        self._change(known, entry, {})
        self._links.setdefault(known.id, {})[evidence] = Link(evidence, relation, weight)

    def _change(self, known: Hypothesis, entry: Entry, fields: dict[str, Any]) -> None:
        """Set fields, each over what was set before."""
        at = time_of(entry)
        changes = self._changes[known.id]
        changes.update(fields)
        changes["changed_at"], changes["changed_by"] = at, entry.by

    def _tested(self, entry: Entry) -> None:
        known, text, _ = self._of(entry), text_of(entry), time_of(entry)
        self._experiments[entry.id] = Experiment(entry.id, text, kind_of(text), entry.by)
        self._tests.setdefault(known.id, {})[entry.id] = None

    def _started(self, entry: Entry) -> None:
        test = self._test(entry)
        until = entry.data.get("until")
        self._experiments[test.id] = replace(
            test,
            started_at=time_of(entry, entry.data.get("since")),
            started_by=entry.by,
            started_on=str(entry.data.get("on", "")),
            until=None if until is None else time_of(entry, until),
            ended_at=None,
            said="",
            evidence="",
        )

    def _ended(self, entry: Entry) -> None:
        test, evidence = self._test(entry), str(entry.data.get("evidence", ""))
        ended = replace(test, ended_at=time_of(entry), said=text_of(entry, "said"), evidence=evidence)
        self._experiments[test.id] = ended

    def _observed(self, entry: Entry) -> None:
        test = self._test(entry)
        observed = replace(test, observation=text_of(entry, "observation"), observed_at=time_of(entry))
        self._experiments[test.id] = observed

    def _test(self, entry: Entry) -> Experiment:
        known, test = self._of(entry), self._experiments.get(str(entry.data.get("experiment")))
        if test is None or test.id not in self._tests.get(known.id, ()):
            raise Unusable("there is no such experiment before it")
        return test

    def _removed_one(self, entry: Entry) -> None:
        self._removed.add(self._of(entry).id)

    def _evidence_of(self, entry: Entry) -> str:
        """The id of the evidence that a link names, by its id or by the label that it had by then."""
        name = text_of(entry, "evidence")
        called = self._evidence.get(name)
        return called.id if called is not None and called.id < entry.id else name

    def _of(self, entry: Entry) -> Hypothesis:
        known = self._known.get(str(entry.data.get("hypothesis")))
        if known is None:
            raise Unusable("there is no such hypothesis before it")
        return known


def _now(hypothesis: Hypothesis) -> int:
    """The likelihood: the person's own word, else what the evidence makes of the prior."""
    return odds.likelihood(hypothesis.prior, hypothesis.links) if hypothesis.word is None else hypothesis.word


def _fields(entry: Entry, data: dict[str, Any]) -> dict[str, Any]:
    """The fields that an edit sets; those we do not know are passed over. Raises Unusable."""
    fields: dict[str, Any] = {}
    for name, value in data.items():
        if name == "text":
            fields[name] = text_of(entry)
        elif name == "likelihood":
            fields["word"] = number_of(value, name, 0, 100)
            fields.setdefault("rank", None)  # a new likelihood ranks it by itself again
        elif name == "cost":
            fields[name] = None if value is None else number_of(value, name, 1, MOST_COST)
            fields.setdefault("rank", None)
        elif name == "status":
            if value not in STATUSES:
                raise Unusable(f"{value!r} is no status")
            fields[name] = value
            fields.setdefault("observation", "")  # a verdict brings the observation that decides with it
        elif name in _PLAIN and isinstance(value, str):
            fields[name] = value
        elif name == "rank" and (value is None or (isinstance(value, int | float) and abs(value) < 1e12)):
            fields[name] = None if value is None else float(value)
    return fields


_STEPS: dict[str, Callable[[Hypotheses, Entry], None]] = {
    "hypothesis.added": Hypotheses._added,
    "hypothesis.edited": Hypotheses._edited,
    "hypothesis.linked": Hypotheses._linked,
    "hypothesis.removed": Hypotheses._removed_one,
    "experiment.added": Hypotheses._tested,
    "experiment.started": Hypotheses._started,
    "experiment.ended": Hypotheses._ended,
    "experiment.observed": Hypotheses._observed,
}
TYPES = tuple(_STEPS)
