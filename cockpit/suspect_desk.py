"""Ranks commits for a record of the logs, aside, and keeps the last ranking for whoever shows it."""

from __future__ import annotations

from dataclasses import dataclass

from cockpit.aside import Aside, Cancelled
from cockpit.clock import to_local
from cockpit.events import SuspectsRanked
from cockpit.history.repository import RepositoryError
from cockpit.insight.onset import How
from cockpit.insight.suspects import Suspect
from cockpit.logs.record import Record, parse
from cockpit.logs.times import NONE
from cockpit.logs.view import Row
from cockpit.occurrences import occurrences
from cockpit.session import Session
from cockpit.suspecting import Asked, Found, suspects

_READ = 1 << 16  # bytes of a record in which its stack trace is looked for
_COUNTING = 0.8  # seconds in which the onset is looked for
_TOP = 30


@dataclass(frozen=True, slots=True)
class Ranking:
    """Suspects of a record, best first. title: which record it was; notes: what to know of the answer."""

    title: str
    suspects: tuple[Suspect, ...]
    notes: tuple[str, ...]


class SuspectDesk:
    """The suspects of the record that was chosen last. ranking: None where none was, or the answer is not there yet."""

    def __init__(self, session: Session) -> None:
        self.ranking: Ranking | None = None
        self.looking = False
        self.error = ""
        self._session = session
        self._of: dict[str, Suspect] = {}
        self._aside = Aside("suspects", self._failed)

    def rank(self, row: Row) -> None:
        """Rank the commits for this record; what was ranked before is dropped when the answer is there."""
        self.looking, self.error = True, ""
        self._session.bus.publish(SuspectsRanked())

        def ranking(cancelled: Cancelled) -> None:
            found = self._found(row)
            if not cancelled():
                self._keep(found)

        self._aside.ask("rank", ranking)

    def clear(self) -> None:
        """Drop the ranking."""
        self._aside.ask("rank", lambda cancelled: None)
        self._keep(None)

    def suspect(self, sha: str) -> Suspect | None:
        """What is held against a commit; None where it is no suspect."""
        return self._of.get(sha)

    def idle(self, timeout: float) -> bool:
        """Wait until nothing is being ranked (for tests)."""
        return self._aside.idle(timeout)

    def close(self) -> None:
        self._aside.close()

    def _found(self, row: Row) -> Ranking:
        repositories = self._session.history.repositories
        if not repositories:
            raise RepositoryError(self._session.history.error or "No repository is open.")
        data = row.file.read(row.number, _READ)
        record = parse(data, row.file.forms.of(row.number))
        facts = row.file.index.facts(row.number)
        at = facts[0] if facts is not None and facts[0] != NONE else None
        trace = "\n".join((record.message, *record.more))
        path_map = tuple(self._session.config.path_map.items())
        asked = Asked(trace, _said(record), self._onset(row, at), path_map=path_map, top=_TOP)
        found: Found = suspects(repositories, asked)
        when = f"{to_local(at):%H:%M:%S} " if at is not None else ""
        return Ranking(f"{when}{record.gist or record.message}"[:80], found.suspects, found.notes)

    def _onset(self, row: Row, at: int | None) -> int | None:
        """When records like this one began to come; where that is not known, when it was written itself."""
        seen = occurrences(self._session.desk.sources.files(), row, _COUNTING)
        if seen is None:
            return at
        if seen.onset is not None and seen.onset.how is not How.STEADY:
            return seen.onset.at
        return seen.first if seen.first is not None else at

    def _keep(self, ranking: Ranking | None, error: str = "") -> None:
        self.ranking, self.looking, self.error = ranking, False, error
        self._of = {each.sha: each for each in ranking.suspects} if ranking is not None else {}
        self._session.bus.publish(SuspectsRanked())

    def _failed(self, error: Exception) -> None:
        known = isinstance(error, RepositoryError)
        self._keep(None, str(error) if known else "The commits could not be ranked; cockpit's own log says why.")


def _said(record: Record) -> str:
    return f"{record.message}\n{record.gist}"
