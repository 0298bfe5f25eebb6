"""How evidence changes a likelihood: Bayes' rule in the form of odds, with its sum to be shown.

Evidence of weight w multiplies the odds by 1 + w where it speaks for a hypothesis, divides them by 1 + w where it
speaks against it, and leaves them where it is neutral. Odds are p / (1 - p).
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Protocol

_LOWEST, _HIGHEST = 0.005, 0.995  # certainty, either way, is for a person or a verdict to say


class Weighed(Protocol):
    """Evidence as it bears on a hypothesis."""

    @property
    def name(self) -> str: ...
    @property
    def relation(self) -> str: ...
    @property
    def weight(self) -> int: ...


def ratio(link: Weighed) -> float:
    """The likelihood ratio of linked evidence."""
    return {"for": 1.0 + link.weight, "against": 1 / (1.0 + link.weight)}.get(link.relation, 1.0)


def likelihood(prior: int, links: Iterable[Weighed]) -> int:
    """Per cent, after the evidence; a prior of 0 or 100 per cent without evidence stays as it is."""
    links = list(links)
    return round(100 * _after(prior, links)) if links else prior


def told(prior: int, links: Iterable[Weighed]) -> str:
    """The sum as a text: `50 % is odds 1.00 × 3 (E3) ÷ 2 (E5) = 1.50, which is 60 %`."""
    links = list(links)
    factors = "".join(
        f" {'×' if link.relation == 'for' else '÷'} {1 + link.weight} ({link.name})"
        for link in links
        if link.relation != "neutral"
    )
    odds = _odds(_after(prior, links))
    return (
        f"{prior} % is odds {_odds(_bounded(prior)):.2f}{factors} = {odds:.2f}, which is {likelihood(prior, links)} %"
    )


def _after(prior: int, links: list[Weighed]) -> float:
    odds = _odds(_bounded(prior))
    for link in links:
        odds *= ratio(link)
    return odds / (1 + odds)


def _bounded(per_cent: int) -> float:
    return min(_HIGHEST, max(_LOWEST, per_cent / 100))


def _odds(chance: float) -> float:
    return chance / (1 - chance) if chance < 1 else float("inf")
