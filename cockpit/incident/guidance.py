"""The verbs of the guide: answers of the beginning, mitigations, and checks that are ticked."""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Mapping

from cockpit.clock import Clock, parse_time, to_rfc3339
from cockpit.incident.beginning import ANSWERED, BEGUN, SINCE, STOP, note_of
from cockpit.incident.checks import TICKED, UNTICKED
from cockpit.incident.store import Incident, IncidentError, said
from cockpit.incident.undo import CLOSED, REOPENED


class Guidance:
    """Each verb returns the id of its journal entry, and raises IncidentError.

    `did` is told the id once the disk has it, and hands it on.
    """

    def __init__(self, incident: Incident, clock: Clock, did: Callable[[str], str] = str) -> None:
        self._incident = incident
        self._clock = clock
        self._did = did

    def answer(self, question: str, text: str) -> str:
        """Keep an answer to one of the four questions; where `since` names a time, that is kept with it."""
        data = {"question": question, "text": said(text, "answer")}
        if question == SINCE:
            with contextlib.suppress(ValueError):  # words are an answer too
                data["at"] = to_rfc3339(parse_time(text, self._clock.now()))
        return self._did(self._incident.write(ANSWERED, data))

    def begin(self, answers: Mapping[str, str]) -> str:
        """The four questions are over, answered or not: the answers become a note, and are not asked for again."""
        begun = self._did(self._incident.write(BEGUN, {}))
        note = note_of(answers)
        return self._did(self._incident.add_note(note)) if note else begun

    def mitigate(self, text: str, at: int) -> str:
        """Something was done at a time (microseconds) that stops the harm."""
        return self._did(self._incident.add_marker(text, "mitigation", at))

    def decline(self, reason: str) -> str:
        """Say that it need not or cannot be stopped first: `not needed: one user`."""
        return self.answer(STOP, reason)

    def tick(self, check: str, note: str = "") -> str:
        """A check was made; note: what was found."""
        found = said(note, "note") if note.strip() else ""
        return self._did(self._incident.write(TICKED, {"check": check, "note": found} if found else {"check": check}))

    def untick(self, check: str) -> str:
        return self._did(self._incident.write(UNTICKED, {"check": check}))

    def close(self) -> str:
        """Close the incident; whatever comes afterwards is still taken in. Raises IncidentError where it is closed."""
        if self._incident.state.closed:
            raise IncidentError("It is closed already.")
        return self._did(self._incident.write(CLOSED, {}))

    def reopen(self) -> str:
        """Open the incident again. Raises IncidentError where it is not closed."""
        if not self._incident.state.closed:
            raise IncidentError("It is open; there is nothing to reopen.")
        return self._did(self._incident.write(REOPENED, {}))
