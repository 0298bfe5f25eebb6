"""Where the incident stands in the eight steps of the method, and what would help next. Pure: all from its state.

It asks for one piece of evidence before anything is changed (a rollback takes it away), then whether the harm can be
stopped, and only after that for the cause.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from cockpit.clock import MINUTE, duration, from_rfc3339
from cockpit.incident.beginning import STOP, declines
from cockpit.incident.checks import checks_in
from cockpit.incident.hypotheses import Hypothesis
from cockpit.incident.kit import State as Kept
from cockpit.incident.kit import kit
from cockpit.incident.model import Marker, State
from cockpit.incident.ranking import ranked

STEPS = (
    "don't panic",
    "gather evidence",
    "form hypotheses",
    "narrow the scope",
    "add instrumentation",
    "reproduce in staging",
    "the scientific method",
    "after the fix",
)
CHECKED = {4: "scope", 5: "instrument", 6: "staging", 8: "after"}
"""Steps whose parts are ticked: the group of their checks."""

ANYWHERE, LOGS, HYPOTHESES = "anywhere", "logs", "hypotheses"
_RECENT = 1000  # entries among which a stretch of work is looked for
_PAUSE, _LONG, _TOLD = 15 * MINUTE, 90 * MINUTE, 5 * MINUTE


@dataclass(frozen=True, slots=True)
class Advice:
    """What would help next. step: 1 to 8, 0 for a break; text and short: what; why; key, and the pane it works in.

    key: several are pressed in turn; "" where none does it.
    """

    step: int
    text: str
    short: str
    why: str
    key: str = ""
    place: str = ANYWHERE


@dataclass(frozen=True, slots=True)
class Step:
    """One of the eight. told: what was done in it, with counts and times; "" where nothing was."""

    number: int
    title: str
    told: str
    done: bool


def is_new(state: State) -> bool:
    """Whether the journal holds nothing but the incident's beginning."""
    return not state.begun and all(each.type in ("incident.opened", "incident.renamed") for each in state.entries)


def mitigations(state: State) -> list[Marker]:
    """In the order of time."""
    return sorted((each for each in state.markers if each.kind == "mitigation"), key=lambda each: each.at)


def is_stopped(state: State) -> bool:
    """Whether a mitigation was made, or somebody said that none is possible or needed."""
    answer = state.answers.get(STOP)
    return bool(mitigations(state)) or (answer is not None and declines(answer.text))


def advice(state: State, *, logs: bool = True) -> Advice | None:
    """The step it stands at and its next useful key; None: nothing to say. logs: whether a log is open."""
    if state.closed:
        return None
    if is_new(state):
        return Advice(1, "four short questions", "begin", "Their answers are the first note.", "H")
    if not state.notes and not state.evidence:
        return Advice(1, "write down what you know", "note", "What is written down need not be remembered.", "a")
    if not state.evidence and logs:
        return Advice(2, "keep an error", "keep it", "Two keys, before anything is changed.", "E c", LOGS)
    if not state.evidence:
        text = "keep output: cockpit run -- COMMAND"
        return Advice(2, text, "cockpit run", "Evidence before anything is changed.")
    if any(each.status == "confirmed" for each in state.hypotheses):
        left = [each for each in checks_in("after") if each.name not in state.ticks]
        return Advice(8, "after the fix", "after", "So that the next one is easier.", "H") if left else None
    if not is_stopped(state) and STOP in state.answers:
        return Advice(1, "is it stopped? say how", "stopped?", "It becomes a marker; or say that it cannot be.", "B")
    if not is_stopped(state):
        return Advice(1, "can it be stopped first?", "stop it?", "Roll back, flag off, fail over; or say no.", "B")
    return _towards_the_cause(state)


def _towards_the_cause(state: State) -> Advice:
    live = [each for each in ranked(state) if each.status in ("open", "testing")]
    if not live:
        what = "what else might it be?" if state.hypotheses else "what might it be?"
        return Advice(3, what, "hypothesis", "Write several down, the likeliest first.", "h")
    tested = any(each.prediction or each.experiments for each in state.hypotheses)
    if not tested and not any(name.startswith("scope.") for name in state.ticks):
        return Advice(4, "narrow the scope", "narrow", "Is it the deployment, the data, the load?", "s")
    return _testing(live[0])


def _testing(leading: Hypothesis) -> Advice:
    name = leading.label
    if not leading.prediction.strip():
        return Advice(7, f"what does {name} predict?", f"predict {name}", "Then a test can break it.", "P", HYPOTHESES)
    if not leading.experiments:
        return Advice(7, f"how can {name} be tested?", f"test {name}", "Don't guess and deploy.", "x", HYPOTHESES)
    waiting = [test for test in leading.experiments if not test.ran]
    if any(test.running for test in waiting):
        return Advice(7, f"a test of {name} runs", f"{name} runs", "What it prints is kept.", "X", HYPOTHESES)
    if waiting and waiting[-1].to_be_run:
        return Advice(7, f"run the test of {name}", f"run {name}", "Its prediction is written.", "X", HYPOTHESES)
    if waiting:
        return Advice(7, f"what did the test of {name} show?", f"observe {name}", "Did it fail? How?", "R", HYPOTHESES)
    return Advice(7, f"is {name} it? confirm or refute", f"judge {name}", "By what was observed.", "c or r", HYPOTHESES)


def stretch(state: State, by: str) -> tuple[int, int] | None:
    """When a person began to write without a pause, and last wrote (microseconds); None where they never did."""
    recent = (each.at for each in state.entries[-_RECENT:] if each.by == by)
    times = sorted(from_rfc3339(at) for at in recent if _is_time(at))
    if not times:
        return None
    begun = times[-1]
    for at in reversed(times):
        if begun - at >= _PAUSE:
            break
        begun = at
    return begun, times[-1]


def rest(state: State, stretch: tuple[int, int] | None, now: int) -> Advice | None:
    """The offer of a break: for a few minutes after each long stretch, once the harm is stopped; else None."""
    if stretch is None or now - stretch[1] >= _PAUSE or state.closed or not is_stopped(state):
        return None
    length = now - stretch[0]
    if length < _LONG or length % _LONG >= _TOLD:
        return None
    return Advice(0, f"{duration(length)} without a pause: a break?", "a break?", "Fresh eyes see more.")


def _is_time(text: str) -> bool:
    try:
        from_rfc3339(text)
    except (ValueError, OverflowError):
        return False
    return True


def steps(state: State) -> list[Step]:
    """The eight steps, and what was done in each."""
    told = [_begun(state), _gathered(state), _supposed(state)]
    told += [_checked(state, CHECKED[number]) for number in (4, 5, 6)]
    told += [_tried(state), _checked(state, CHECKED[8])]
    judged = any(each.verdict for each in state.hypotheses)
    after = len(_ticked(state, CHECKED[8])) == len(checks_in(CHECKED[8]))
    done = [bool(state.notes), bool(state.evidence), bool(state.hypotheses), *(bool(each) for each in told[3:6])]
    done += [judged, after]
    return [Step(number, STEPS[number - 1], told[number - 1], done[number - 1]) for number in range(1, 9)]


def _begun(state: State) -> str:
    found = [counted(len(state.answers), "question") + " answered"] if state.answers else []
    if state.notes:
        found.append(f"{counted(len(state.notes), 'note')}, the first {_after(state, state.notes[0].at)}")
    made, answer = mitigations(state), state.answers.get(STOP)
    if made:
        found.append(f"mitigation {_after(state, made[0].at)}: {made[0].text}")
    elif answer is not None and declines(answer.text):
        found.append(f"stop it first: {answer.text}")
    return "; ".join(found)


def _gathered(state: State) -> str:
    if not state.evidence:
        return ""
    checks = kit(state.evidence)
    there = f"kit {sum(check.state is not Kept.MISSING for check in checks)} of {len(checks)}"
    first = state.evidence[0].added
    when = f", the first {_after(state, from_rfc3339(first))}" if _is_time(first) else ""
    return f"{counted(len(state.evidence), 'evidence item')}, {there}{when}"


def _supposed(state: State) -> str:
    if not state.hypotheses:
        return ""
    by_status = {name: sum(each.status == name for each in state.hypotheses) for name in ("confirmed", "refuted")}
    count = len(state.hypotheses)
    found = [f"{count} hypothes{'is' if count == 1 else 'es'}"]
    return ", ".join(found + [f"{number} {name}" for name, number in by_status.items() if number])


def _tried(state: State) -> str:
    predicted = sum(bool(each.prediction.strip()) for each in state.hypotheses)
    tests = [test for each in state.hypotheses for test in each.experiments]
    found = [counted(predicted, "prediction")] if predicted else []
    if tests:
        found.append(f"{counted(len(tests), 'experiment')}, {sum(test.ran for test in tests)} observed")
    confirmed = [each.label for each in state.hypotheses if each.status == "confirmed"]
    return ", ".join([*found, *(f"{label} confirmed" for label in confirmed)])


def _checked(state: State, group: str) -> str:
    ticked = _ticked(state, group)
    return f"{len(ticked)} of {len(checks_in(group))} checked" if ticked else ""


def _ticked(state: State, group: str) -> Collection[str]:
    return [each.name for each in checks_in(group) if each.name in state.ticks]


def _after(state: State, at: int) -> str:
    return f"after {duration(at - state.opened_at)}" if at >= state.opened_at else "before it was opened"


def counted(count: int, what: str) -> str:
    """`1 note`, `3 notes`."""
    return f"{count} {what}{'' if count == 1 else 's'}"
