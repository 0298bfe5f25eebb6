"""A brief for a colleague who is asked for help, written from the journal as Markdown. Pure."""

from __future__ import annotations

from collections.abc import Iterable

from cockpit.clock import duration, to_datetime
from cockpit.incident.beginning import AFFECTED, SEEN, SINCE, STOP
from cockpit.incident.checks import CHECKS, Tick, text_of_check
from cockpit.incident.guide import mitigations
from cockpit.incident.hypotheses import Hypothesis
from cockpit.incident.model import State
from cockpit.incident.ranking import ranked

_NOTES = 12
_LONGEST = 400  # characters of what is quoted
ASKED = "A second pair of eyes: what would you look at that is not here?"


def brief(state: State, folder: str, now: int, asked: str = "") -> str:
    """What is seen, since when, what was tried, hypotheses with their evidence, what is asked for. Times are UTC."""
    opened = f"Incident opened {_when(state.opened_at)}, {duration(now - state.opened_at)} ago, by {state.opened_by}."
    sections = [
        ("What is asked for", [_line(asked) or ASKED]),
        ("What is seen", _seen(state)),
        ("Stopped first?", _stopped(state)),
        ("Hypotheses", [line for each in ranked(state) for line in _hypothesis(each, state)]),
        ("What was tried", _tried(state)),
        ("Evidence", [f"- {each.label} {_line(each.title)} (`{each.path}`)" for each in state.evidence]),
        ("Last notes", [f"- {_when(each.at)} {each.by}: {_line(each.text)}" for each in state.notes[-_NOTES:]]),
    ]
    lines = [f"# {_line(state.title)}: a brief", "", opened, f"All of it is in `{folder}`."]
    for title, body in sections:
        lines += ["", f"## {title}", "", *(body or ["Nothing yet."])]
    return "\n".join(lines) + "\n"


def _seen(state: State) -> list[str]:
    named = ((SEEN, "Seen"), (SINCE, "Since"), (AFFECTED, "Affected"))
    found = []
    for name, label in named:
        answer = state.answers.get(name)
        if answer is not None:
            at = f" ({_when(answer.at)})" if answer.at is not None else ""
            found.append(f"- {label}: {_line(answer.text)}{at}")
    return found


def _stopped(state: State) -> list[str]:
    found = [f"- {_when(each.at)} {_line(each.text)} ({each.by})" for each in mitigations(state)]
    answer = state.answers.get(STOP)
    return found or ([f"- {_line(answer.text)}"] if answer is not None else [])


def _hypothesis(each: Hypothesis, state: State) -> Iterable[str]:
    titles = {item.id: item.title for item in state.evidence}
    yield f"- **{each.label}** {_line(each.text)}: {each.status}, {each.likelihood} %"
    if each.prediction.strip():
        yield f"  - predicts: {_line(each.prediction)}"
    for link in each.links:
        yield f"  - {link.relation}: {link.name} {_line(titles.get(link.id, ''))}".rstrip()
    if each.verdict is not None and each.verdict.observation:
        yield f"  - decided by: {_line(each.verdict.observation)}"


def _tried(state: State) -> list[str]:
    tests = [
        f"- {each.label}: {_line(test.text)} → {_line(test.observation) if test.ran else 'not yet observed'}"
        for each in ranked(state)
        for test in each.experiments
    ]
    return tests + [_ticked(tick) for tick in in_order(state.ticks.values())]


def in_order(ticks: Iterable[Tick]) -> list[Tick]:
    """Ticks in the order of the guide; those that only a newer cockpit knows last."""
    places = {each.name: place for place, each in enumerate(CHECKS)}
    return sorted(ticks, key=lambda tick: (places.get(tick.check, len(places)), tick.check))


def _ticked(tick: Tick) -> str:
    return f"- checked: {text_of_check(tick.check)}" + (f" → {_line(tick.note)}" if tick.note else "")


def _line(text: str) -> str:
    """A text as one line that no terminal takes for a command."""
    plain = "".join(letter if letter.isprintable() else "�" for letter in " ".join(text.split()))
    return plain if len(plain) <= _LONGEST else plain[: _LONGEST - 1] + "…"


def _when(at: int) -> str:
    return f"{to_datetime(at):%Y-%m-%d %H:%M} UTC"
