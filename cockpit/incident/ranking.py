"""Which hypothesis to test first: the likeliest for what its test costs, unless a person gave it a place by hand."""

from __future__ import annotations

from typing import Any

from cockpit.incident.hypotheses import Hypothesis
from cockpit.incident.model import State

ASSUMED_COST = 10
"""Minutes that a test is taken to cost where nobody said."""

_GROUP = {"confirmed": 0, "testing": 1, "open": 1, "parked": 2, "refuted": 3}


def ranked(state: State) -> list[Hypothesis]:
    """Confirmed, then open and testing, then parked, then refuted; among equals by rank or likelihood per cost."""
    return sorted(state.hypotheses, key=_order)


def move(state: State, identity: str, step: int) -> list[dict[str, Any]]:
    """The data of the edits that move a hypothesis one place up (-1) or down (1) in its group; none at its end.

    One edit as a rule; where no number lies between those of its new neighbours, all of the group are numbered anew.
    """
    order = ranked(state)
    here = next((place for place, each in enumerate(order) if each.id == identity), None)
    if here is None:
        return []
    group = [each for each in order if _GROUP[each.status] == _GROUP[order[here].status]]
    place = group.index(order[here])
    if not 0 <= place + step < len(group):
        return []
    others = group[:place] + group[place + 1 :]
    before = _place(others[place + step - 1]) if place + step > 0 else None
    after = _place(others[place + step]) if place + step < len(others) else None
    if before is None:
        rank = (after or 0.0) - 1
    elif after is None:
        rank = before + 1
    else:
        rank = (before + after) / 2
        if not before < rank < after:
            others.insert(place + step, group[place])
            return [{"hypothesis": each.id, "rank": float(number)} for number, each in enumerate(others)]
    return [{"hypothesis": identity, "rank": rank}]


def _order(each: Hypothesis) -> tuple[int, float, int, str]:
    return _GROUP[each.status], _place(each), each.added_at, each.id


def _place(each: Hypothesis) -> float:
    """Where it stands among its equals: its rank, else the less likely for its cost and the later the further down."""
    if each.rank is not None:
        return each.rank
    return -each.likelihood * ASSUMED_COST / (each.cost or ASSUMED_COST) + int(each.label[1:]) * 1e-6
