"""Experiments that run by themselves: commands are kept, stopped and never lost; watches judge what is logged."""

from __future__ import annotations

import os
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from cockpit.capture import capture
from cockpit.clock import SECOND, FrozenClock
from cockpit.config import Config
from cockpit.incident.experiments import Experiment, LogWatch, kind_of, watch_of
from cockpit.incident.keeping import MOST, read_part
from cockpit.incident.presence import Presence
from cockpit.incident.store import Incident, IncidentError
from cockpit.session import Session
from tests.support.waiting import until

NOW = 1_796_000_000 * SECOND


@pytest.fixture
def clock() -> FrozenClock:
    return FrozenClock(NOW)


@pytest.fixture
def incident(tmp_path: Path, clock: FrozenClock) -> Incident:
    return Incident.create(tmp_path / "incidents", "Checkout 500s", clock, "ana@web-1")


@pytest.fixture
def log(tmp_path: Path) -> Path:
    path = tmp_path / "app.log"
    path.write_text("2026-11-23 10:00:00,000 INFO cart begun\n")
    return path


@pytest.fixture
def session(incident: Incident, clock: FrozenClock, log: Path) -> Iterator[Session]:
    made = opened(incident, clock, log)
    yield made
    made.close()


def opened(incident: Incident, clock: FrozenClock, log: Path) -> Session:
    session = Session(incident, Config(poll_seconds=0.05), clock)
    session.vitals.start = lambda: None  # type: ignore[method-assign]
    session.open_sources([str(log)])
    session.start()
    assert session.desk.idle(5.0)
    return session


def begun(session: Session, text: str) -> str:
    """A hypothesis that predicts something, with an experiment that was started."""
    desk = session.incident
    hypothesis = desk.add_hypothesis("large carts fail")
    desk.edit_hypothesis(hypothesis, prediction="1001 items give 500")
    session.experiments.start(hypothesis, desk.trials.add_experiment(hypothesis, text))
    return hypothesis


def tried(session: Session) -> Experiment:
    return session.incident.hypotheses()[0].experiments[-1]


def ended(session: Session) -> Experiment:
    assert until(lambda: not tried(session).running and not session.experiments.commands)
    return tried(session)


def add(log: Path, *lines: str) -> None:
    with log.open("a") as file:
        file.writelines(f"2026-11-23 10:00:01,000 {line}\n" for line in lines)


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("$ curl localhost", "command"),
        ("$ ", "check"),
        ("look at the graph", "check"),
        ("no timeout for 10m", "watch"),
        ("Expect status>=500 within 90s", "watch"),
        ("no timeout for 0m", "check"),
        ("no timeout", "check"),
    ],
)
def test_what_an_experiment_is_shows_in_how_it_is_written(text: str, kind: str) -> None:
    assert kind_of(text) == kind


def test_a_watch_says_what_must_or_must_not_appear_and_how_long() -> None:
    assert watch_of("no connection reset for 10m") == LogWatch("connection reset", False, 600)
    assert watch_of("expect a for b within 2 h") == LogWatch("a for b", True, 7200)


def test_a_command_runs_and_its_output_is_evidence(session: Session) -> None:
    begun(session, "$ echo first; echo 500 >&2; exit 3")
    test = ended(session)
    assert test.said.startswith("exit 3 after ")
    assert test.said.endswith((": 500", ": first"))
    (item,) = session.incident.evidence()
    assert (item.id, item.kind, item.title) == (test.evidence, "command", "$ echo first; echo 500 >&2; exit 3")
    assert sorted((read_part(session.incident.store, item.parts[0], 100) or b"").split()) == [b"500", b"first"]
    assert not test.ran
    assert session.incident.hypotheses()[0].status == "testing"


def test_nothing_is_run_before_its_prediction_is_written(session: Session, tmp_path: Path) -> None:
    hypothesis = session.incident.add_hypothesis("large carts fail")
    test = session.incident.trials.add_experiment(hypothesis, f"$ touch {tmp_path}/ran")
    with pytest.raises(IncidentError, match="Write what H1 predicts"):
        session.experiments.start(hypothesis, test)
    assert not (tmp_path / "ran").exists()


def test_a_command_that_hangs_is_stopped_with_all_that_it_started(session: Session, tmp_path: Path) -> None:
    begun(session, f"$ sleep 600 & echo $! > {tmp_path}/child; echo waiting; wait")
    assert until(lambda: b"waiting" in session.experiments.tail(tried(session).id))
    with pytest.raises(IncidentError, match="runs already"):
        session.experiments.start(session.incident.hypotheses()[0].id)
    session.experiments.stop(tried(session).id)
    test = ended(session)
    assert test.said.startswith("stopped after ")
    assert is_gone(int((tmp_path / "child").read_text()))


def test_a_command_that_will_not_end_is_killed(session: Session) -> None:
    begun(session, "$ trap '' TERM; echo deaf; while :; do sleep 0.1; done")
    assert until(lambda: b"deaf" in session.experiments.tail(tried(session).id))
    command = session.experiments._commands[tried(session).id]
    command.stop(patience=0.1)
    assert ended(session).said.startswith("stopped after ")


def test_a_command_cannot_ask_and_may_print_anything(session: Session) -> None:
    begun(session, "$ cat; printf '\\000\\377\\033[2J[bold]'")
    test = ended(session)
    assert "\x1b" not in test.said
    assert read_part(session.incident.store, session.incident.evidence()[0].parts[0], 100) == b"\0\xff\x1b[2J[bold]"


def test_of_endless_output_a_beginning_is_kept_and_an_end_shown(session: Session) -> None:
    begun(session, f"$ head -c {MOST + 1000} /dev/zero | tr '\\0' 'x'; echo; echo the end")
    assert until(lambda: not tried(session).running and not session.experiments.commands, 60)
    assert tried(session).said.endswith(": the end; of its output 1 009 bytes were not kept")
    assert session.incident.evidence()[0].parts[0].size == MOST


def test_closing_ends_what_runs_and_says_so(incident: Incident, clock: FrozenClock, log: Path, tmp_path: Path) -> None:
    session = opened(incident, clock, log)
    begun(session, f"$ echo $$ > {tmp_path}/shell; sleep 600")
    assert until(lambda: (tmp_path / "shell").exists() and (tmp_path / "shell").read_text())
    session.close()
    assert is_gone(int((tmp_path / "shell").read_text()))
    again = opened(Incident.open(incident.folder, clock, "ana@web-1"), clock, log)
    assert tried(again).said.startswith("stopped after ")
    again.close()


def test_a_watch_ends_at_once_when_what_must_not_appear_does(session: Session, log: Path) -> None:
    begun(session, "no timeout for 10m")
    add(log, "INFO cart fine", "ERROR cart Timeout of the pool")
    test = ended(session)
    assert test.observation == "it did appear: app.log: 2026-11-23 10:00:01,000 ERROR cart Timeout of the pool"
    assert test.said == test.observation


def test_a_watch_ends_when_what_is_expected_appears(session: Session, log: Path) -> None:
    begun(session, "expect level>=error within 10m")
    add(log, "INFO cart error=0", "ERROR cart no")
    assert ended(session).observation.startswith("as predicted, it appeared: app.log: ")


def test_what_was_there_before_a_watch_does_not_count(session: Session, log: Path, clock: FrozenClock) -> None:
    begun(session, "no begun for 10m")
    add(log, "INFO cart fine", "INFO cart well")
    time.sleep(0.7)
    assert tried(session).running
    clock.advance(601 * SECOND)
    assert ended(session).observation == "“begun” did not appear among 2 records in 10 minutes"


def test_a_watch_over_which_nothing_was_logged_says_nothing(session: Session, clock: FrozenClock) -> None:
    begun(session, "no timeout for 10m")
    clock.advance(601 * SECOND)
    test = ended(session)
    assert test.said == "not known: nothing at all was logged in 10 minutes"
    assert not test.ran


def test_a_watch_goes_on_when_the_cockpit_is_opened_again(incident: Incident, clock: FrozenClock, log: Path) -> None:
    session = opened(incident, clock, log)
    begun(session, "no timeout for 10m")
    session.close()
    log.open("a").write(f"{stamp(NOW + 60 * SECOND)} ERROR cart timeout while nobody looked\n")
    log.open("a").write(f"{stamp(NOW + 61 * SECOND)} INFO cart fine\n")
    clock.advance(120 * SECOND)
    again = opened(Incident.open(incident.folder, clock, "ana@web-1"), clock, log)
    assert ended(again).observation.endswith("ERROR cart timeout while nobody looked")
    again.close()


def test_a_watch_of_a_cockpit_that_is_open_is_left_to_it(incident: Incident, clock: FrozenClock, log: Path) -> None:
    ben = Presence(incident.folder / "presence", "ben@web-2", clock)
    ben.beat("logs")
    session = opened(incident, clock, log)
    hypothesis = session.incident.add_hypothesis("large carts fail")
    session.incident.edit_hypothesis(hypothesis, prediction="1001 items give 500")
    test = session.incident.trials.add_experiment(hypothesis, "no timeout for 10m")
    session.incident.trials.start(hypothesis, test, f"web-2:{os.getpid()}", NOW + 600 * SECOND)
    session.experiments.resume()
    assert session.experiments._aside.idle(5.0)
    assert not session.experiments.runs_here(test)
    ben.leave()
    session.incident.people._look_around()
    assert until(lambda: session.experiments.runs_here(test))
    session.experiments.stop(test)
    assert tried(session).said == "stopped by ana@web-1"
    session.close()


def stamp(at: int) -> str:
    return time.strftime("%Y-%m-%d %H:%M:%S,000", time.localtime(at // SECOND))


def is_gone(pid: int) -> bool:
    def gone() -> bool:
        try:
            os.kill(pid, 0)
        except ProcessLookupError:
            return True
        return Path(f"/proc/{pid}/stat").exists() and ") Z " in Path(f"/proc/{pid}/stat").read_text()

    return until(gone)


@pytest.mark.parametrize(
    ("text", "relation"), [("no timeout for 10m", "against"), ("expect timeout within 10m", "for")]
)
def test_what_decides_a_watch_is_kept_and_linked_by_the_one_that_watches(
    session: Session, log: Path, text: str, relation: str
) -> None:
    session.experiments.keep = lambda row: capture(session, [row]).evidence
    begun(session, text)
    add(log, "ERROR timeout calling the bank")
    test = ended(session)
    assert until(lambda: tried(session).evidence)
    (item,) = session.incident.evidence()
    assert (item.kind, tried(session).evidence) == ("record", item.id)
    assert b"timeout calling the bank" in (read_part(session.incident.store, item.parts[0], 100) or b"")
    (link,) = session.incident.hypotheses()[0].links
    assert (link.id, link.relation) == (item.id, relation)
    assert test.ran
    for _ in range(3):
        session.incident.trials.undo()
    assert not session.incident.evidence()
    assert not session.incident.hypotheses()[0].links
