"""How long it takes from an error line of a large log to a verified item of evidence with all six kinds.

Beside grep, which only counts the lines of that error.
"""

from __future__ import annotations

import os
import subprocess
import time
from pathlib import Path

from cockpit.capture import capture
from cockpit.clock import SystemClock
from cockpit.config import Config
from cockpit.incident.keeping import verify
from cockpit.incident.kit import kit, line
from cockpit.incident.store import Incident
from cockpit.logs.levels import Level
from cockpit.logs.view import Row
from cockpit.session import Session
from tests.bench.files import trace_log
from tests.bench.programs import installed


def run(folder: Path, megabytes: int) -> None:
    """Print each of five captures of the last error."""
    log, repository = trace_log(folder, megabytes), _repository(folder)
    session = Session(Incident.create(folder / "incidents", "bench", SystemClock(), "bench"), Config(), SystemClock())
    try:
        session.open_sources([str(log)])
        session.desk.start(follow=False)
        session.open_repository(str(repository), [])
        session.history.idle(60.0)
        session.desk.idle(600.0)
        for _ in range(5):
            started = time.perf_counter()
            done = capture(session, [_last_error(session)])
            verdict = verify(session.incident.store, done.evidence).verdict
            seconds = time.perf_counter() - started
            print(f"{seconds:.2f} s, {verdict.value}, of {session.desk.sources.records()} records: {done.sentence()}")
        print(line(kit(session.incident.evidence())))
    finally:
        session.close()
    if installed("grep"):
        started = time.perf_counter()
        subprocess.run(["grep", "-c", "Cannot sum the cart of user", str(log)], capture_output=True, check=False)
        print(f"grep -c: {time.perf_counter() - started:.2f} s")


def _last_error(session: Session) -> Row:
    view = session.desk.shown.view
    position = view.next_of_level(view.count, Level.ERROR, -1)
    row = view.row(position) if position is not None else None
    assert row is not None
    return row


def _repository(folder: Path) -> Path:
    """A repository in which something was deployed before the log begins."""
    path = folder / "shop"
    date = "2025-11-20T10:00:00Z"
    person = {"GIT_AUTHOR_NAME": "ana", "GIT_AUTHOR_EMAIL": "ana@example.com", "GIT_AUTHOR_DATE": date}
    person |= {name.replace("AUTHOR", "COMMITTER"): value for name, value in person.items()}
    for words in (("init", "-q", str(path)), ("-C", str(path), "commit", "-q", "--allow-empty", "-m", "Sum the cart")):
        subprocess.run(["git", *words], env={**os.environ, **person}, check=True)
    return path
