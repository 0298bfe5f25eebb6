"""The matrix: what tells hypotheses apart, and when it abstains."""

from __future__ import annotations

import pytest
from hypothesis import given

from cockpit.incident.hypotheses import Hypothesis
from cockpit.incident.journal import Entry
from cockpit.incident.matrix import lines_of, sentence
from cockpit.incident.model import fold
from cockpit.incident.ranking import ranked
from tests.incident.entries import entry, identity
from tests.incident.histories import histories

BEGIN = [entry(1, "hypothesis.added", text="carts"), entry(2, "hypothesis.added", text="pool")]


def linked(number: int, of: int, evidence: str, relation: str, weight: int = 1) -> Entry:
    return entry(
        number, "hypothesis.linked", hypothesis=identity(of), evidence=evidence, relation=relation, weight=weight
    )


def edited(number: int, of: int, **data: str) -> Entry:
    return entry(number, "hypothesis.edited", hypothesis=identity(of), **data)


def of(*entries: Entry) -> list[Hypothesis]:
    return ranked(fold([*BEGIN, *entries]))


def test_evidence_that_says_the_same_of_all_tells_nothing_apart() -> None:
    same = [linked(3, 1, "E1", "for", 2), linked(4, 2, "E1", "for", 2)]
    apart = [linked(5, 1, "E2", "for"), linked(6, 2, "E3", "neutral")]
    found = {each.evidence: each for each in lines_of(of(*same, *apart))}
    assert {name: line.tells for name, line in found.items()} == {"E1": False, "E2": True, "E3": False}
    assert [cell.sign for cell in found["E2"].cells] == ["+1", "·"]


@pytest.mark.parametrize(
    ("entries", "says"),
    [
        ([], "Nothing is called the cause: no evidence puts one above the others."),
        ([linked(3, 1, "E1", "for"), linked(4, 2, "E1", "for")], "Nothing is called the cause"),
        ([edited(3, 1, likelihood="")], "Nothing is called the cause"),
        ([linked(3, 1, "E1", "for")], "H1 leads; it is not proven."),
        ([linked(3, 2, "E1", "against")], "H1 leads; it is not proven."),
        (
            [linked(3, 1, "E1", "for", 5), linked(4, 1, "E2", "against")],
            "H1 leads, though E2 speaks against it; it is not proven.",
        ),
        ([edited(3, 1, status="confirmed", observation="500 at 1001")], "H1 is confirmed: 500 at 1001."),
        ([edited(3, 1, status="refuted"), edited(4, 2, status="parked")], "write down another hypothesis"),
    ],
)
def test_it_names_a_cause_only_where_evidence_decides(entries: list[Entry], says: str) -> None:
    assert says in sentence(of(*entries))


def test_it_asks_for_what_comes_next() -> None:
    link, prediction = linked(3, 1, "E1", "for"), edited(4, 1, prediction="1001 fail")
    test = entry(5, "experiment.added", hypothesis=identity(1), text="try 1001")
    assert "Write what H1 predicts (P)" in sentence(of(link))
    assert "Try to break H1 (x): when would “1001 fail” not be seen?" in sentence(of(link, prediction))
    assert "“try 1001” could break H1: write what you observe (R)." in sentence(of(link, prediction, test))


def test_what_a_person_thinks_alone_makes_no_cause() -> None:
    likelier = entry(3, "hypothesis.edited", hypothesis=identity(1), likelihood=95)
    assert "Nothing is called the cause" in sentence(of(likelier))


@given(histories())
def test_whatever_the_journal_there_is_a_matrix_and_a_sentence(entries: list[Entry]) -> None:
    hypotheses = ranked(fold(entries))
    assert sentence(hypotheses)
    assert all(len(line.cells) == len(hypotheses) for line in lines_of(hypotheses))
