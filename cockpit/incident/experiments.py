"""Experiments: what tests a hypothesis, as a person writes it down, and what became of it."""

from __future__ import annotations

import re
from dataclasses import dataclass

from cockpit.clock import to_local

_SIGN = "$ "
_WATCH = re.compile(
    r"\s*(?P<verb>no|expect)\s+(?P<pattern>\S.*?)\s+(?:for|within)\s+(?P<count>\d{1,5})\s*(?P<unit>[smh])\s*",
    re.IGNORECASE | re.DOTALL,
)
_SECONDS = {"s": 1, "m": 60, "h": 3600}


@dataclass(frozen=True, slots=True)
class LogWatch:
    """A look at what is logged from now on, for so many seconds: the pattern must appear, or must not.

    pattern: as the logs are filtered, a text or an expression.
    """

    pattern: str
    appears: bool
    seconds: int


@dataclass(frozen=True, slots=True)
class Experiment:
    """A test of a hypothesis. kind: command, watch or check; it has run when there is an observation.

    A command or a watch is started and ends by itself: times are microseconds; started_on: the cockpit that runs it;
    until: when a watch ends at the latest; said: what came of it, in a sentence; evidence: the id of the item that its
    output is kept as, or "".
    """

    id: str
    text: str
    kind: str
    by: str
    observation: str = ""
    observed_at: int | None = None
    started_at: int | None = None
    started_by: str = ""
    started_on: str = ""
    until: int | None = None
    ended_at: int | None = None
    said: str = ""
    evidence: str = ""

    @property
    def ran(self) -> bool:
        return bool(self.observation)

    @property
    def running(self) -> bool:
        """Whether it was started and has not ended, as far as the journal tells."""
        return self.started_at is not None and self.ended_at is None

    @property
    def to_be_run(self) -> bool:
        """Whether it is a command or a watch that was never started."""
        return self.kind != "check" and self.started_at is None

    @property
    def state(self) -> str:
        """`running`, `ran`, `ended` (but not observed yet) or `written`."""
        if self.running:
            return "running"
        return "ran" if self.ran else "ended" if self.ended_at is not None else "written"

    @property
    def told(self) -> str:
        """`running since 10:02:11 by ana@web-1`, what came of it, or what is to be done with it."""
        if self.running and self.started_at is not None:
            until = f", until {to_local(self.until):%H:%M:%S}" if self.until is not None else ""
            return f"running since {to_local(self.started_at):%H:%M:%S} by {self.started_by}{until}"
        if self.said:
            return self.said
        return "not run yet (X)" if self.kind != "check" else "a check by hand (R writes what it showed)"

    @property
    def command(self) -> str:
        """What a shell is to run; "" where it is no command."""
        return self.text.removeprefix(_SIGN).strip() if self.kind == "command" else ""

    @property
    def watch(self) -> LogWatch | None:
        return watch_of(self.text)


def kind_of(text: str) -> str:
    """What an experiment is by how it is written: `$ …` a command, `no … for 10m` a watch, else a check by hand."""
    if text.startswith(_SIGN) and text.removeprefix(_SIGN).strip():
        return "command"
    return "watch" if watch_of(text) is not None else "check"


def watch_of(text: str) -> LogWatch | None:
    """What is to be watched for: `no timeout for 10m`, `expect status>=500 within 90s`; None for anything else."""
    match = _WATCH.fullmatch(text)
    if match is None or not int(match["count"]):
        return None
    seconds = int(match["count"]) * _SECONDS[match["unit"].lower()]
    return LogWatch(match["pattern"], match["verb"].lower() == "expect", seconds)
