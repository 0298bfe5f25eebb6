"""Runs experiments beside the screen: commands in the background, and watches over what is logged."""

from __future__ import annotations

import os
import threading
from collections.abc import Callable
from dataclasses import dataclass

from cockpit.aside import Aside
from cockpit.bus import Bus
from cockpit.clock import SECOND, Clock
from cockpit.events import ExperimentEnded, ExperimentPrinted, Failed, PeopleChanged
from cockpit.incident.desk import IncidentDesk
from cockpit.incident.evidence import Evidence
from cockpit.incident.experiments import Experiment, LogWatch
from cockpit.incident.hypotheses import Hypothesis
from cockpit.incident.store import IncidentError
from cockpit.logs.desk import LogDesk
from cockpit.logs.printable import number, printable, text_of
from cockpit.logs.query import QueryError, narrowed
from cockpit.logs.search import Filter
from cockpit.logs.view import Row
from cockpit.logs.watching import Watching
from cockpit.running import Background, Ran, RunError

_EVERY = 0.5  # seconds between two looks of a watch
_SHOWN = 200  # bytes of a line
_LEAVING = 5.0  # seconds that are waited for what is kept of a command when the cockpit closes


@dataclass(frozen=True, slots=True)
class _Watch:
    """A watch that goes on here. until: microseconds; resumed: it was begun by a cockpit that is gone."""

    hypothesis: str
    experiment: str
    what: LogWatch
    until: int
    resumed: bool
    watching: Watching


class Experimenter:
    """Starts, follows and ends the experiments of this cockpit. Others see what the journal tells of them."""

    def __init__(self, incident: IncidentDesk, desk: LogDesk, bus: Bus, clock: Clock) -> None:
        self.keep: Callable[[Row], Evidence] | None = None
        """Keeps the record that decides a watch as evidence; where there is none, it is only named."""
        self._incident = incident
        self._desk = desk
        self._bus = bus
        self._clock = clock
        self._commands: dict[str, Background] = {}
        self._watches: dict[str, _Watch] = {}
        self._lock = threading.Lock()
        self._closing = threading.Event()
        self._looking: threading.Thread | None = None
        self._on = f"{incident.people.host}:{os.getpid()}"
        self._aside = Aside("experiments", lambda error: bus.publish(Failed(str(error))))
        self._subscription = bus.subscribe(PeopleChanged, lambda event: self.resume())

    @property
    def commands(self) -> int:
        """How many commands run here."""
        return len(self._commands)

    def runs_here(self, experiment: str) -> bool:
        """Whether an experiment, by its id, runs in this cockpit."""
        return experiment in self._commands or experiment in self._watches

    def tail(self, experiment: str) -> bytes:
        """The last of what a command that runs here has printed."""
        running = self._commands.get(experiment)
        return running.tail if running is not None else b""

    def start(self, hypothesis: str, experiment: str = "") -> None:
        """Run an experiment (the last one, where none is named). Waits for the disk. Raises IncidentError."""
        known = self._incident.store.find(hypothesis)
        test = next((each for each in reversed(known.experiments) if experiment in ("", each.id)), None)
        if test is None or test.kind == "check":
            raise IncidentError("This is a check by hand; write what it showed (R)." if test else "No such experiment.")
        if test.running and (self.runs_here(test.id) or self._runs_elsewhere(test)):
            raise IncidentError(f"“{test.text}” runs already.")
        if test.watch is not None:
            self._start_watch(known, test.id, test.watch)
        else:
            self._start_command(known, test)
        if known.status == "open":
            self._incident.edit_hypothesis(known.id, status="testing")

    def stop(self, experiment: str) -> None:
        """End an experiment that runs here before its time. Waits for the disk."""
        command = self._commands.get(experiment)
        if command is not None:
            command.stop()
            return
        with self._lock:
            watch = self._watches.pop(experiment, None)
        if watch is not None:
            self._end(watch.hypothesis, experiment, f"stopped by {self._incident.store.by}")

    def resume(self) -> None:
        """Go on with what a cockpit that is gone has left: its watches go on here, its commands are given up. Aside."""
        if not self._incident.store.read_only:
            self._aside.ask("resume", lambda replaced: self._take_over())

    def close(self) -> None:
        """End what runs here: commands are ended, with all that they have started; watches can be resumed."""
        self._closing.set()
        self._subscription.close()
        self._aside.close()
        commands = list(self._commands.values())
        for command in commands:
            command.stop()
        for command in commands:
            command.wait(_LEAVING)
        if self._looking is not None:
            self._looking.join(2.0)

    def _runs_elsewhere(self, test: Experiment) -> bool:
        """Whether the cockpit that started it is still open."""
        return any(f"{each.host}:{each.pid}" == test.started_on for each in self._incident.people.others)

    def _take_over(self) -> None:
        for known in self._incident.hypotheses():
            for test in known.experiments:
                left = test.running and not self.runs_here(test.id) and not self._runs_elsewhere(test)
                if not left or test.started_at is None:
                    continue
                if test.watch is None or test.until is None:
                    self._end(known.id, test.id, "not known: the cockpit that ran it is gone")
                else:
                    self._start_watch(known, test.id, test.watch, test.started_at)

    def _start_command(self, known: Hypothesis, test: Experiment) -> None:
        self._incident.trials.start(known.id, test.id, self._on)
        ready = threading.Event()

        def ended(ran: Ran) -> None:
            ready.wait(2.0)
            said = _ended(ran, self._commands.get(test.id))
            self._end(known.id, test.id, said, ran.evidence.id if ran.evidence is not None else "")
            self._commands.pop(test.id, None)
            self._bus.publish(ExperimentEnded(known.id, test.id))

        def changed() -> None:
            self._bus.publish(ExperimentPrinted(test.id))

        try:
            self._commands[test.id] = Background(self._incident.store, test.command, self._clock, changed, ended)
        except RunError as error:
            self._end(known.id, test.id, str(error))
            raise IncidentError(str(error)) from None
        finally:
            ready.set()

    def _start_watch(self, known: Hypothesis, experiment: str, what: LogWatch, since: int | None = None) -> None:
        """since: when it was begun by a cockpit that is gone (microseconds); None: it begins now."""
        began = self._clock.now() if since is None else since
        try:
            wanted = narrowed(Filter(), what.pattern, began).signed(self._desk.shown.signer)
        except QueryError as error:
            raise IncidentError(str(error)) from None
        until = began + what.seconds * SECOND
        self._incident.trials.start(known.id, experiment, self._on, until, since)
        resumed = since is not None
        watching = Watching(self._desk.sources, wanted, began, resumed=resumed)
        with self._lock:
            self._watches[experiment] = _Watch(known.id, experiment, what, until, resumed, watching)
            if self._looking is None:
                self._looking = threading.Thread(target=self._look_again, name="log watches", daemon=True)
                self._looking.start()

    def _look_again(self) -> None:
        while not self._closing.wait(_EVERY):
            with self._lock:
                watches = list(self._watches.values())
                if not watches:
                    self._looking = None
                    return
            for each in watches:
                try:
                    self._look(each)
                except Exception as error:
                    self._finish(each, f"not known: {error}", judged=False)

    def _look(self, watch: _Watch) -> None:
        """Look at what has come since the last look, and end the watch where that settles it."""
        over = self._clock.now() >= watch.until
        ready = self._desk.sources.progress() >= 1  # else what came meanwhile may not be known yet
        if watch.resumed and not ready:
            return
        seen = watch.watching.look(watch.until, self._closing.is_set)
        if seen is not None:
            verdict = "as predicted, it appeared" if watch.what.appears else "it did appear"
            self._finish(watch, f"{verdict}: {seen.source}: {seen.text}", judged=True, decides=seen.row)
        elif over:
            said = _nothing(watch)
            self._finish(watch, said, judged=bool(watch.watching.records))

    def _finish(self, watch: _Watch, said: str, *, judged: bool, decides: Row | None = None) -> None:
        """decides: the record that settles it."""
        with self._lock:
            if self._watches.pop(watch.experiment, None) is None:
                return
        kept = self._kept(watch, decides) if decides is not None else ""
        if judged:
            self._try(lambda: self._incident.trials.observe(watch.hypothesis, said, watch.experiment))
        self._end(watch.hypothesis, watch.experiment, said, kept)
        self._bus.publish(ExperimentEnded(watch.hypothesis, watch.experiment))

    def _kept(self, watch: _Watch, decides: Row) -> str:
        """The id of the evidence that the record became, linked: for what predicts it, against what excludes it."""
        if self.keep is None:
            return ""
        try:
            evidence = self.keep(decides).id
            self._incident.trials.link(watch.hypothesis, evidence, "for" if watch.what.appears else "against")
        except Exception as error:  # whatever it is, the experiment is to end
            self._bus.publish(Failed(f"The record that decides “{watch.what.pattern}” is not evidence: {error}"))
            return ""
        return evidence

    def _end(self, hypothesis: str, experiment: str, said: str, evidence: str = "") -> None:
        self._try(lambda: self._incident.trials.end(hypothesis, experiment, said, evidence))

    def _try(self, verb: Callable[[], object]) -> None:
        try:
            verb()
        except IncidentError as error:
            self._bus.publish(Failed(str(error)))


def _ended(ran: Ran, command: Background | None) -> str:
    """`exit 0 after 0.4 s: the last line`"""
    how = "stopped" if command is not None and command.stopped else f"exit {ran.code}"
    lines = [line for line in (command.tail if command is not None else b"").split(b"\n") if line.strip()]
    last = f": {printable(text_of(lines[-1][:_SHOWN])).strip()}" if lines else ", nothing printed"
    cut = f"; of its output {number(ran.cut)} bytes were not kept" if ran.cut else ""
    kept = f"; {ran.why}" if ran.why else cut
    return f"{how} after {ran.seconds:.1f} s{last}{kept}"


def _nothing(watch: _Watch) -> str:
    """What is said where what is watched for did not come; that says nothing where nothing at all came."""
    span = f"in {_span(watch.what.seconds)}{', partly while no cockpit was open' if watch.resumed else ''}"
    if not watch.watching.records:
        return f"not known: nothing at all was logged {span}"
    return f"“{watch.what.pattern}” did not appear among {number(watch.watching.records)} records {span}"


def _span(seconds: int) -> str:
    """`10 minutes`"""
    size, name = next((each for each in ((3600, "hour"), (60, "minute")) if seconds % each[0] == 0), (1, "second"))
    count = seconds // size
    return f"{count} {name}{'s' if count > 1 else ''}"
