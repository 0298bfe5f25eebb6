"""Opens the cockpit on the screen: the incident, the session, the application, and the way out."""

from __future__ import annotations

import logging
import os
import sys
from collections.abc import Sequence
from dataclasses import dataclass

from cockpit import paths
from cockpit.cli.failing import Failure
from cockpit.cli.settings import user_of
from cockpit.clock import SystemClock
from cockpit.config import Config
from cockpit.incident.library import find, remember_opened
from cockpit.incident.store import Incident, IncidentError
from cockpit.logs.file import SourceError, check
from cockpit.logs.find import STDIN, gather, parse_source

_SWITCH = 0.0005  # seconds after which a thread that waits may go on; each block read waits for the screen's thread


@dataclass(frozen=True, slots=True)
class Opening:
    """What to open: sources, repository ('' for the nearest), and the incident's name ('' for one named by us)."""

    sources: Sequence[str]
    repo: str
    incident: str


def run(config: Config, sources: list[str]) -> None:
    """Open the cockpit, or first the start screen where nothing was named. Returns when the person quits."""
    prepare(config)
    sys.setswitchinterval(_SWITCH)
    standard_input = _take_standard_input(sources)
    _check_terminal()
    if not sources and not config.incident:
        from cockpit.ui.screens.start import ask

        opening = ask(config, SystemClock())
        if opening is None:
            return
        sources = list(opening.sources)
        chosen = Opening(sources, opening.repo or config.repo, opening.incident)
    else:
        chosen = Opening(sources, config.repo, config.incident)
    _refuse_if_nothing_opens(sources)
    run_cockpit(config, chosen, standard_input)


def run_cockpit(config: Config, opening: Opening, standard_input: int | None = None) -> None:
    """Run the cockpit until the person quits."""
    from cockpit.host.vitals import be_nice
    from cockpit.session import Session

    _check_terminal()
    clock = SystemClock()
    incident = open_incident(config, opening)
    be_nice()
    session = Session(incident, config, clock)
    try:
        session.open_sources(opening.sources, standard_input)
        session.open_repository(opening.repo, opening.sources)
        from cockpit.ui.app import CockpitApp

        app = CockpitApp(session)
        app.run(mouse=True)
        if app.return_code:
            raise SystemExit(app.return_code)
    finally:
        session.close()


def open_incident(config: Config, opening: Opening) -> Incident:
    """The incident named, or a new one of that name; without a name, one named after the first source.

    Raises IncidentError where it cannot be read or made.
    """
    root, clock, me = config.incidents_dir(), SystemClock(), user_of(config)
    if opening.incident:
        try:
            incident = Incident.open(find(root, opening.incident), clock, me)
        except IncidentError:
            incident = Incident.create(root, opening.incident, clock, me)
    else:
        first = next(iter(opening.sources), "")
        title = "stdin" if first == STDIN else os.path.basename(first.rstrip("/")) or "incident"
        incident = Incident.create(root, title, clock, me)
    remember_opened(root, incident.folder)
    return incident


def prepare(config: Config) -> None:
    """What Textual reads at its import: gentle on slow links, our own log kept off the screen."""
    for name in ("COLUMNS", "LINES"):
        os.environ.pop(name, None)  # the terminal knows its size better, and it changes
    remote = "SSH_CONNECTION" in os.environ or "SSH_TTY" in os.environ
    os.environ.setdefault("TEXTUAL_ANIMATIONS", "none")
    os.environ.setdefault("TEXTUAL_FPS", str(config.fps or (15 if remote else 30)))
    log = paths.own_log()
    try:
        log.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        handler: logging.Handler = logging.FileHandler(log, delay=True)
    except OSError:
        handler = logging.NullHandler()
    handler.setFormatter(logging.Formatter("%(asctime)s %(levelname)s %(name)s %(message)s"))
    logging.basicConfig(level=logging.WARNING, handlers=[handler])
    logging.captureWarnings(True)


def _take_standard_input(sources: Sequence[str]) -> int | None:
    """Where `-` is a source: keep standard input aside, and take the keys from the terminal itself."""
    if STDIN not in sources:
        return None
    if sys.stdin.isatty():
        raise Failure("- means standard input, but that is the keyboard here. Pipe something in: COMMAND | cockpit -")
    kept = os.dup(0)
    try:
        terminal = os.open("/dev/tty", os.O_RDWR)
    except OSError:
        raise Failure(
            "The keys come from the terminal when logs come from standard input, but there is none."
        ) from None
    os.dup2(terminal, 0)
    os.close(terminal)
    return kept


def _check_terminal() -> None:
    if not os.isatty(0) or not sys.stderr.isatty():
        raise Failure("The cockpit needs a terminal. From a script use: cockpit note, mark, hypothesis, show.")


def _refuse_if_nothing_opens(sources: Sequence[str]) -> None:
    """One wrong name among several is told on the screen; where none can be opened there is no screen to open."""
    error: SourceError | None = None
    for source in sources:
        if source == STDIN:
            return
        try:
            named = parse_source(source)
            if not named.is_path:
                return
            for path in gather(named).paths:
                check(path)
                return
        except SourceError as found:
            error = error or found
    if error is not None:
        raise Failure(str(error))
