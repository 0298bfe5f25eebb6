"""Testing a hypothesis: prediction, experiment, observation, verdict; evidence and what it does to likelihoods."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cockpit.clock import FrozenClock
from cockpit.incident import odds
from cockpit.incident.hypotheses import Hypothesis, Link
from cockpit.incident.model import fold
from cockpit.incident.ranking import ranked
from cockpit.incident.show import as_dict
from cockpit.incident.store import Incident, IncidentError
from cockpit.incident.trials import Trials, read_link
from tests.incident.entries import AT, entry, identity
from tests.support.evidence import keep

LINKS = st.builds(Link, st.just("E1"), st.sampled_from(["for", "against", "neutral"]), st.integers(1, 9))


@pytest.fixture
def incident(tmp_path: Path) -> Incident:
    return Incident.create(tmp_path, "Checkout 500s", FrozenClock(AT), "ana@web-1")


@pytest.fixture
def trials(incident: Incident) -> Trials:
    def did(entry: str) -> str:
        incident.refresh()
        return entry

    return Trials(incident, did)


@pytest.fixture
def carts(incident: Incident) -> str:
    added = incident.add_hypothesis("carts > 1000 items fail")
    incident.refresh()
    return added


def only(incident: Incident) -> Hypothesis:
    incident.refresh()
    return incident.state.hypotheses[0]


def test_a_prediction_comes_before_an_experiment_is_run(incident: Incident, trials: Trials, carts: str) -> None:
    with pytest.raises(IncidentError, match="no experiment yet"):
        trials.observe(carts, "it fails")
    trials.add_experiment(carts, "$ curl -d @1001.json localhost/checkout")
    with pytest.raises(IncidentError, match="Write what H1 predicts"):
        trials.observe(carts, "it fails")
    assert not only(incident).experiments[0].ran
    incident.edit_hypothesis(carts, prediction="1001 items give 500")
    incident.refresh()
    trials.observe(carts, "500 at 1001, 200 at 1000")
    (test,) = as_dict(incident)["hypotheses"][0]["experiments"]
    assert (test["kind"], test["ran"], test["observation"]) == ("command", True, "500 at 1001, 200 at 1000")


@pytest.mark.parametrize("status", ["confirmed", "refuted"])
def test_a_verdict_names_the_observation_that_decides(incident: Incident, trials: Trials, status: str) -> None:
    carts = incident.add_hypothesis("carts", prediction="1001 items give 500")
    incident.refresh()
    with pytest.raises(IncidentError, match="Say what was observed: H1"):
        incident.edit_hypothesis(carts, status=status)
    trials.add_experiment(carts, "try 1001 by hand")
    trials.observe(carts, "500 at 1001")
    incident.edit_hypothesis(carts, status=status)
    assert only(incident).observation == "500 at 1001"
    incident.edit_hypothesis(carts, status=status, observation="the deploy changed it")
    assert as_dict_verdict(incident) == {"status": status, "observation": "the deploy changed it"}
    incident.edit_hypothesis(carts, status="open")
    assert as_dict_verdict(incident) is None


def as_dict_verdict(incident: Incident) -> object:
    incident.refresh()
    return as_dict(incident)["hypotheses"][0]["verdict"]


def test_evidence_changes_a_likelihood_until_a_person_says_one(incident: Incident, trials: Trials, carts: str) -> None:
    items = keep(incident, "1001 items", "the pool", "a core")
    trials.link(carts, "E1", "for", 2)
    assert only(incident).likelihood == 75
    trials.link(carts, "E2", "against", 1)
    assert only(incident).likelihood == 60
    assert odds.told(50, only(incident).links) == "50 % is odds 1.00 × 3 (E1) ÷ 2 (E2) = 1.50, which is 60 %"
    trials.link(carts, items[1].id, "neutral")
    assert only(incident).likelihood == 75
    incident.edit_hypothesis(carts, likelihood=20)
    trials.link(carts, "E3", "for", 9)
    assert only(incident).likelihood == 20
    assert [(link.name, link.relation, link.weight) for link in only(incident).links] == [
        ("E1", "for", 2),
        ("E2", "neutral", 1),
        ("E3", "for", 9),
    ]
    shown = as_dict(incident)
    assert [link["id"] for link in shown["hypotheses"][0]["evidence"]] == [each["id"] for each in shown["evidence"]]


@given(st.integers(0, 100), st.lists(LINKS, max_size=8), LINKS)
def test_evidence_moves_a_likelihood_the_way_it_speaks(prior: int, links: list[Link], more: Link) -> None:
    before, after = odds.likelihood(prior, [*links, Link("E0", "neutral", 1)]), odds.likelihood(prior, [*links, more])
    assert 0 <= after <= 100
    assert {"for": after >= before, "against": after <= before, "neutral": after == before}[more.relation]
    assert odds.told(prior, links).endswith(f"{odds.likelihood(prior, links)} %")


def test_two_people_who_link_at_once_both_count() -> None:
    added = entry(1, "hypothesis.added", text="carts")
    mine = entry(2, "hypothesis.linked", hypothesis=identity(1), evidence="E1", relation="for", weight=2)
    theirs = entry(3, "hypothesis.linked", "ben@web-2", hypothesis=identity(1), evidence="E2", relation="for", weight=1)
    (found,) = fold([theirs, mine, added]).hypotheses
    assert [(link.id, link.weight) for link in found.links] == [("E1", 2), ("E2", 1)]


def test_what_is_likely_for_its_cost_is_tested_first(incident: Incident) -> None:
    incident.add_hypothesis("likely, but dear", 80, cost=60)
    incident.add_hypothesis("not so likely, but cheap", 30, cost=2)
    incident.add_hypothesis("nobody said what it costs", 50)
    incident.refresh()
    assert [each.label for each in ranked(incident.state)] == ["H2", "H3", "H1"]


@pytest.mark.parametrize(
    ("typed", "read"),
    [
        ("E3 for 2", ("E3", "for", 2)),
        ("e3 against", ("E3", "against", 1)),
        (" E12  Neutral ", ("E12", "neutral", 1)),
        ("E3 + 4", ("E3", "for", 4)),
        ("pool.log - ", ("pool.log", "against", 1)),
    ],
)
def test_a_link_is_read_as_it_is_said(typed: str, read: tuple[str, str, int]) -> None:
    assert read_link(typed) == read


@pytest.mark.parametrize("typed", ["", "E3", "E3 maybe", "E3 for much", "E3 for 2 more", "E3 for -1"])
def test_what_is_no_link_is_refused_in_a_sentence(typed: str) -> None:
    with pytest.raises(IncidentError, match="E3 for 2"):
        read_link(typed)


def test_what_makes_no_sense_is_refused(incident: Incident, trials: Trials, carts: str) -> None:
    for verb, why in (
        (lambda: trials.link(carts, "E1", "perhaps"), "'perhaps' is no relation"),
        (lambda: trials.link(carts, "E1", "for", 10), "from 1 to 9, not 10"),
        (lambda: trials.link("H1", "E1", "for"), "no such hypothesis"),
        (lambda: trials.add_experiment(carts, " "), "The experiment is empty"),
        (lambda: incident.edit_hypothesis(carts, cost=0), "from 1 to 100000 minutes, not 0"),
        (lambda: incident.add_hypothesis("x", parent="H1"), "no such hypothesis"),
        (lambda: trials.undo(identity(9)), "nothing of yours to undo"),
        (lambda: trials.undo(incident.state.entries[0].id), "incident opened cannot be undone"),
    ):
        with pytest.raises(IncidentError, match=why):
            verb()


def test_only_evidence_that_is_there_can_be_linked(incident: Incident, trials: Trials, carts: str) -> None:
    with pytest.raises(IncidentError, match="There is no evidence E1; keep some first"):
        trials.link(carts, "E1", "for")
    keep(incident, "1001 items", "the pool")
    with pytest.raises(IncidentError, match=r"There is no evidence E3; there is E1, E2\."):
        trials.link(carts, "E3", "for")


def test_undone_evidence_no_longer_speaks_and_its_files_stay(incident: Incident, trials: Trials, carts: str) -> None:
    (item,) = keep(incident, "1001 items")
    trials.link(carts, "E1", "for", 2)
    files = sorted((incident.folder / "evidence").iterdir())
    trials.undo(item.id)
    assert incident.state.evidence == ()
    assert (only(incident).links, only(incident).likelihood) == ((), 50)
    assert sorted((incident.folder / "evidence").iterdir()) == files
    told = [each["title"] for each in as_dict(incident)["timeline"]]
    assert told[-3:] == ["E1 kept: 1001 items", "H1: E1 for 2", "undone: E1 kept: 1001 items"]
    (later,) = keep(incident, "the pool")
    assert later.label == "E2"
    trials.undo(next(each.id for each in incident.state.entries if each.type == "undone"))
    assert [each.label for each in incident.state.evidence] == ["E1", "E2"]
    assert (only(incident).links[0].name, only(incident).likelihood) == ("E1", 75)


def test_undo_says_what_it_took_back_and_can_be_undone(incident: Incident, trials: Trials, carts: str) -> None:
    keep(incident, "1001 items")
    trials.link(carts, "E1", "for", 2)
    assert trials.undo() == "H1: E1 for 2"
    assert only(incident).links == ()
    trials.undo(incident.state.entries[-1].id)
    assert [link.name for link in only(incident).links] == ["E1"]
    assert as_dict(incident)["timeline"][-1]["title"] == "undone: undone: H1: E1 for 2"
