"""A trace's path in words: what its steps are called, where it stopped, and the whole as a text for a chat. Pure."""

from __future__ import annotations

from collections.abc import Sequence

from cockpit.clock import to_datetime
from cockpit.insight.path import Path, spoken
from cockpit.insight.usual import Usual, Usuals
from cockpit.logs.levels import Level
from cockpit.logs.printable import number, printable

_STILL = 5_000_000  # microseconds before the end of the logs, within which a trace may go on
_MESSAGE = 100  # characters of a message in a text
_NEXT = 60


def title(trace_id: str, path: Path, count: int) -> str:
    """`Trace req-7f3a · 7 records of app.log and nginx.log · 3.68 s`"""
    names = [printable(name) for name in dict.fromkeys(step.source for step in path.steps)]
    sources = " and ".join(names) if len(names) < 3 else f"{len(names)} sources"
    records = "1 record" if count == 1 else f"{number(count)} records"
    length = ""
    if path.started is not None and path.ended is not None and path.ended > path.started:
        length = f" · {spoken(path.ended - path.started)}"
    return f"Trace {printable(trace_id)} · {records} of {sources}{length}"


def usual_words(usual: Usual | None) -> str:
    """`12 ms, p95 30 ms`; empty where no other trace has the two steps."""
    return "" if usual is None else f"{spoken(usual.median)}, p95 {spoken(usual.p95)}"


def stopped(path: Path, usuals: Usuals | None, until: int | None) -> list[str]:
    """Where it stopped, in sentences. until: microseconds, the last time that its logs tell."""
    if not path.steps:
        return []
    where = f"No record after step {path.number(len(path.steps) - 1)} ({printable(path.steps[-1].source)})"
    after = until - path.ended if until is not None and path.ended is not None else None
    if after is not None and after <= _STILL:
        ends = f"{spoken(after)} later" if after > 0 else "there"
        where += f", but its logs end {ends}: it may go on"
    elif after is not None:
        where += f", though its logs go on for {spoken(after)}"
    return [f"{where}.", *_others_go_on(path, usuals)]


def _others_go_on(path: Path, usuals: Usuals | None) -> list[str]:
    if usuals is None:
        return []
    goes_on = usuals.goes_on
    if goes_on is None:
        return [f"None of the {usuals.traces} other traces looked at has a step of it."] if usuals.traces else []
    here = goes_on.step == len(path.steps) - 1
    kind = "others of this kind that went well" if goes_on.good else "others of this kind"
    begin = f"{kind[0].upper()}{kind[1:]}" if here else f"After step {path.number(goes_on.step)} {kind}"
    said = []
    if goes_on.to:
        to = ", ".join(f"“{_cut(message, _NEXT)}” ({count})" for message, count in goes_on.to)
        said.append(f"{begin} go on to: {to}, of {goes_on.others} that were looked at.")
    if goes_on.ended and here:
        ended = "all" if goes_on.ended == goes_on.others else f"{goes_on.ended} of"
        said.append(f"{begin} end here too: {ended} {goes_on.others}.")
    return said


def left_out(path: Path) -> list[str]:
    """That records in the middle are not shown."""
    if not path.left_out:
        return []
    ends = f"step {path.number(path.torn - 1)} and step {path.number(path.torn)}"
    return [f"{number(path.left_out)} records between {ends} are left out: too many to read."]


def sample(usuals: Usuals, complete: bool) -> str:
    """How many other traces were looked at."""
    if not usuals.traces:
        return "No other trace begins as this one does, so that nothing is known of what is usual."
    short = "" if complete else ", as many as the time allowed"
    return f"Usual: median and p95 of the same gap in {usuals.traces} other traces{short}."


def text(trace_id: str, path: Path, count: int, usuals: Usuals | None, closing: Sequence[str]) -> str:
    """The whole path as lines of text, times in UTC; `closing`: sentences to end with."""
    begin = path.started
    head = title(trace_id, path, count)
    lines = [f"{head} · from {to_datetime(begin):%Y-%m-%d %H:%M:%S} UTC" if begin is not None else head, ""]
    wide = max((len(printable(step.source)) for step in path.steps), default=0)
    digits = len(str(path.number(len(path.steps) - 1)))
    for nth, step in enumerate(path.steps):
        at = "no time" if step.at is None else f"{to_datetime(step.at):%H:%M:%S.%f}"[:-3]
        gap = path.gaps[nth]
        waited = "" if gap is None else f"{'+' if gap >= 0 else ''}{spoken(gap)}"
        level = f"{Level(step.level).word:<8}"
        line = f"{path.number(nth):>{digits}}  {at:<12}  {waited:>11}  {printable(step.source):<{wide}}  {level}  "
        lines.append((line + _cut(step.said, _MESSAGE) + _remarks(path, usuals, nth)).rstrip())
    return "\n".join([*lines, "", *closing]).rstrip() + "\n"


def _remarks(path: Path, usuals: Usuals | None, nth: int) -> str:
    step, said = path.steps[nth], []
    if step.took is not None:
        said.append(f"took {spoken(step.took)}")
    if usuals is not None and usuals.unusual(path, nth):
        usual = usuals.usual[nth]
        said.append(f"! usually {usual_words(usual)}")
    elif usuals is not None and usuals.is_new(nth):
        said.append("! in none of the others")
    if (gap := path.gaps[nth]) is not None and gap < 0:
        said.append("before the step above")
    return f"  [{'; '.join(said)}]" if said else ""


def _cut(text: str, most: int) -> str:
    shown = printable(text)
    return shown if len(shown) <= most else f"{shown[: most - 1]}…"
