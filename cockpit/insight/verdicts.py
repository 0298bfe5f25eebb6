"""What is said of one of the four scopes (deploy, data, load, dependency): how likely, why, what to test next. Pure."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import Enum
from typing import Any

SCOPES = ("deploy", "data", "load", "dependency")
_LIKELY = 0.6
_POSSIBLE = 0.3


class Verdict(Enum):
    """How likely it is that the cause lies there."""

    LIKELY = "likely"
    POSSIBLE = "possible"
    UNLIKELY = "unlikely"
    CANNOT_TELL = "cannot tell"


@dataclass(frozen=True, slots=True)
class Judged:
    """scope: one of SCOPES; score: 0 to 1; why: sentences with their numbers, the weightiest first; test: the next one
    to make; facts: what is specific to the scope, as JSON knows it.
    """

    scope: str
    verdict: Verdict
    score: float
    why: tuple[str, ...]
    test: str
    facts: dict[str, Any] = field(default_factory=dict)

    def scaled(self, by: float) -> Judged:
        """The same with less (or more) behind it."""
        if self.verdict is Verdict.CANNOT_TELL:
            return self
        return judged(self.scope, self.score * by, list(self.why), self.test, self.facts)

    def as_data(self) -> dict[str, Any]:
        return {
            "verdict": self.verdict.value,
            "why": list(self.why),
            "score": round(self.score, 3),
            "test": self.test,
            **self.facts,
        }


def judged(scope: str, score: float, why: list[str], test: str, facts: dict[str, Any] | None = None) -> Judged:
    """The verdict that a score stands for."""
    score = min(1.0, max(0.0, score))
    verdict = Verdict.LIKELY if score >= _LIKELY else Verdict.POSSIBLE if score >= _POSSIBLE else Verdict.UNLIKELY
    return Judged(scope, verdict, score, tuple(why), test, facts or {})


def untold(scope: str, why: str, test: str, facts: dict[str, Any] | None = None) -> Judged:
    """Where there is nothing to judge by."""
    return Judged(scope, Verdict.CANNOT_TELL, 0.0, (why,), test, facts or {})
