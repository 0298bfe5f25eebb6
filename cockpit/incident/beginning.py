"""The first minute of an incident: four short questions, and what their answers mean. Pure."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

from cockpit.incident.journal import Entry
from cockpit.incident.reading import Unusable, text_of, time_of

ANSWERED, BEGUN = "incident.answered", "incident.begun"
SEEN, SINCE, AFFECTED, STOP = "seen", "since", "affected", "stop"

_DECLINING = re.compile(
    r"(?:no|none|not (?:needed|necessary|possible)|no need|unneeded|unnecessary|impossible|(?:it )?(?:cannot|can't))"
    r"(?:$|\s*[.,;:!(–—-]|\s+be\b)",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Asking:
    """One of the four questions. name: what its answer is kept under; label: what stands before it in the note."""

    name: str
    question: str
    label: str
    hint: str


QUESTIONS: tuple[Asking, ...] = (
    Asking(SEEN, "what is seen?", "Seen", "the exact words of the error, or what users say"),
    Asking(SINCE, "since when?", "Since", "10:02 or 15m ago; words will do too"),
    Asking(AFFECTED, "who is affected?", "Affected", "all users or some, which part, how many"),
    Asking(STOP, "can it be stopped first?", "Stop it first", "roll back, flag off, fail over; or: no, not needed"),
)


@dataclass(frozen=True, slots=True)
class Answer:
    """What was said. at: the time that it names (microseconds), None where it names none."""

    text: str
    at: int | None
    by: str


def take(answers: dict[str, Answer], entry: Entry) -> None:
    """Fold an answer; the last one to a question counts. Raises Unusable."""
    question = text_of(entry, "question")
    if question not in (SEEN, SINCE, AFFECTED, STOP):
        raise Unusable(f"{question!r} is no question of ours")
    named = entry.data.get("at")
    answers[question] = Answer(text_of(entry), None if named is None else time_of(entry, named), entry.by)


def declines(text: str) -> bool:
    """Whether an answer says that it cannot or need not be stopped: `no`, `not needed: one user`, `impossible`."""
    return _DECLINING.match(text.strip()) is not None


def note_of(answers: Mapping[str, str]) -> str:
    """The first note that the answers make; "" where there are none."""
    return "\n".join(f"{each.label}: {answers[each.name]}" for each in QUESTIONS if answers.get(each.name))
