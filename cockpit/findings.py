"""What the cockpit notices in the open logs: looks through them aside, once when asked, and on while they grow."""

from __future__ import annotations

import os
import time
from typing import Any

import numpy as np

from cockpit.aside import Aside, Cancelled
from cockpit.clock import MINUTE
from cockpit.events import FindingsChanged
from cockpit.incident.keeping import Keeper
from cockpit.incident.store import IncidentError
from cockpit.insight.deploys import Marker, beside, ref_in, short
from cockpit.insight.findings import Appeared, Finding, appeared, concluded
from cockpit.insight.load import Vital
from cockpit.insight.verdicts import Judged, Verdict
from cockpit.logs.levels import Level
from cockpit.logs.times import NONE
from cockpit.marking import moves_as_markers
from cockpit.scan_report import as_data, page
from cockpit.scanning import Scanned, scan
from cockpit.session import Session

_BY_ITSELF = 1_000_000
"""Records in all logs, up to which they are looked through without being asked."""
_EVERY = 2.0  # seconds between two looks at what arrived
_SHARE = 12  # a whole look comes no sooner than so many times what the last one took
_SOONEST = 5.0  # seconds
_MARKERS = 6.0  # seconds that are waited for what was deployed, where that is still being asked
_NEWS = MINUTE  # in which what was noticed is told in words, if nobody looks
_ENOUGH = 3  # records of a new signature
_STRONG = 0.8  # a score from which on the finding weighs more
_BUSY, _FULL = 90.0, 92.0  # per cent of the processors, of the memory, from which on they are used up
_PRIOR = {
    Verdict.LIKELY: (50, "for"),
    Verdict.POSSIBLE: (35, "for"),
    Verdict.UNLIKELY: (25, "against"),
    Verdict.CANNOT_TELL: (35, "neutral"),
}
"""The likelihood a hypothesis begins with, per cent, and what the finding says of it; the rest is for the person."""
_COSTS = {"deploy": 10, "data": 10, "load": 20, "dependency": 5}  # minutes that the next test takes, for a start


class FindingsDesk:
    """`scanned` and `found` are replaced as a whole, then FindingsChanged is published.

    scanned: the last look through all records; found: what was noticed, the newest first, each once; looking: whether
    it looks now.
    """

    def __init__(self, session: Session) -> None:
        self.scanned: Scanned | None = None
        self.found: tuple[Finding, ...] = ()
        self.looking = False
        self.error = ""
        self._session = session
        self._known: set[str] = set()
        self._news: tuple[Finding, int] | None = None  # what was noticed last and not seen yet, and when
        self._begun = False
        self._version = -1
        self._ticked = self._scanned_at = -1e9
        self._took = 0.0
        self._aside = Aside("findings", self._failed)

    def look(self, *, again: bool = False) -> None:
        """Look through all records now; `again`: ask anew what was deployed, too."""
        self.looking, self.error = True, ""
        self._session.bus.publish(FindingsChanged())
        self._aside.ask("look", self._look_again if again else self._look)

    def tick(self) -> None:
        """Look at what arrived, if it is time to; call it every second or so."""
        desk = self._session.desk
        now, version = time.monotonic(), desk.sources.version()
        if version == self._version or now - self._ticked < _EVERY or desk.sources.progress() < 1:
            return
        if not self._begun and desk.sources.records() > _BY_ITSELF:
            return
        self._version, self._ticked = version, now
        self._aside.ask("grew", self._grew)

    def news(self, now: int) -> Finding | None:
        """What was noticed in the last minute while logs grew, the last of it; None once it was seen."""
        news = self._news
        return news[0] if news is not None and now - news[1] < _NEWS else None

    def see(self) -> None:
        """A person looks at what was found: nothing of it is news any more."""
        self._news = None

    def idle(self, timeout: float) -> bool:
        """Wait until nothing is looked at (for tests)."""
        return self._aside.idle(timeout)

    def close(self) -> None:
        self._aside.close()

    def data(self) -> dict[str, Any]:
        """The last look as `cockpit scan --json` tells it, but for suspects, and of sources their names and records."""
        if self.scanned is None:
            return {}
        sources = [
            {"name": source.name, "records": sum(file.index.stop - file.index.first for file in source.files)}
            for source in self._session.desk.sources
        ]
        return {"sources": sources, "errors": self.scanned.errors, **as_data(self.scanned)}

    def page(self) -> str:
        """The last look as a page of text."""
        return page(self.data()) if self.scanned is not None else ""

    def suppose(self, name: str) -> str:
        """Make a hypothesis of a scope, with its finding kept and linked as evidence; its label. Blocks.

        Raises IncidentError.
        """
        scanned = self.scanned
        if scanned is None:
            raise IncidentError("Nothing was looked at yet.")
        judged = scanned.scope[name]
        incident = self._session.incident
        with Keeper(incident.store) as keeper:
            keeper.write("text", self.page().encode())
            title = f"{name} is {judged.verdict.value}: {judged.why[0] if judged.why else ''}"
            facts = {"by": incident.store.by, "scope": judged.as_data(), "signature": None}
            kept = keeper.keep(title, "text", facts, source="scan", covers={"timing": "onset and rates"})
        incident.refresh()
        prior, relation = _PRIOR[judged.verdict]
        added = incident.add_hypothesis(supposed(judged), prior, cost=_COSTS[name])
        incident.trials.link(added, kept.id, relation, 2 if judged.score >= _STRONG else 1)
        incident.refresh()
        return next(each.label for each in incident.hypotheses() if each.id == added)

    def _markers(self) -> list[Marker]:
        own = [
            Marker(each.at, each.kind, ref_in(each.text), f"{each.kind} {each.text}")
            for each in self._session.incident.markers()
            if each.kind in ("deploy", "restart")
        ]
        return [*moves_as_markers(self._session.history.moves), *own, *beside(own, self._session.markers.found)]

    def _look_again(self, cancelled: Cancelled) -> None:
        self._session.markers.again(cancelled)
        self._look(cancelled)

    def _look(self, cancelled: Cancelled) -> None:
        self._session.markers.wait(cancelled, _MARKERS)
        began = time.monotonic()
        signatures = self._session.signatures
        signatures.grow(cancelled)
        found = None if cancelled() else self._scanned_now(cancelled)
        self._scanned_at = time.monotonic()
        self._took = self._scanned_at - began
        if found is None:
            return
        first = not self._begun
        if first:
            self._begun = True
            self._known |= {f"signature:{each.mined.id}" for each in found.signatures}
        self.scanned, self.looking, self.error = found, False, ""
        if found.trouble is not None:
            self._notice(concluded(found.scope.values(), found.trouble.shift.at), news=not first)
        self._session.bus.publish(FindingsChanged())

    def _scanned_now(self, cancelled: Cancelled) -> Scanned | None:
        catalogue, named = self._session.signatures.catalogue, self._session.desk.sources.named()
        return scan(catalogue, self._markers(), cancelled, vitals=vitals_of(self._session), named=named)

    def _grew(self, cancelled: Cancelled) -> None:
        if not self._begun:
            self._look(cancelled)
            return
        self._session.signatures.grow(cancelled)
        if cancelled():
            return
        new = self._new()
        if new:
            self._notice(appeared(new, self._markers()), news=True)
            self._session.bus.publish(FindingsChanged())
        if time.monotonic() - self._scanned_at > max(_SOONEST, _SHARE * self._took):
            self._look(cancelled)

    def _new(self) -> list[Appeared]:
        """Signatures of errors that came up since the first look."""
        catalogue = self._session.signatures.catalogue
        with catalogue.lock:
            mined, tally = catalogue.signatures(), catalogue.tally()
        found = []
        for each in mined:
            level, count = int(tally.levels[each.number]), int(tally.counts[each.number])
            if f"signature:{each.id}" in self._known or level < Level.ERROR or count < _ENOUGH:
                continue
            first, last = int(tally.firsts[each.number]), int(tally.lasts[each.number])
            if first != NONE:
                found.append(Appeared(each.id, each.template, count, first, last))
        return found

    def _notice(self, findings: list[Finding], *, news: bool) -> None:
        fresh = [each for each in findings if each.key not in self._known]
        if fresh and news:
            self._news = (fresh[0], self._session.clock.now())
        self._known |= {each.key for each in fresh}
        self.found = tuple(sorted((*fresh, *self.found), key=lambda each: -each.at))

    def _failed(self, error: Exception) -> None:
        self.looking, self.error = False, f"The logs could not be looked through: {error}"
        self._session.bus.publish(FindingsChanged())


def vitals_of(session: Session) -> list[Vital]:
    """What this host was doing since the cockpit was opened; nothing where no log is a file of its own."""
    recent = list(session.vitals.recent)
    if not recent or not any(source.feed is None for source in session.desk.sources):
        return []
    times = np.array([each.at for each in recent], np.int64)
    cores = float(os.cpu_count() or 1)
    return [
        Vital("CPU", " %", _BUSY, times, np.array([each.cpu for each in recent])),
        Vital("Memory", " %", _FULL, times, np.array([each.memory for each in recent])),
        Vital(f"Load (of {cores:.0f} cores)", "", 2 * cores, times, np.array([each.load for each in recent])),
    ]


def supposed(judged: Judged) -> str:
    """A hypothesis in the words of a verdict."""
    facts = judged.facts
    if judged.scope == "deploy" and facts.get("marker"):
        named = f"{facts['marker']['kind']} {short(facts['marker']['ref'])}".strip()
        return f"{named} broke it"
    if judged.scope == "data" and facts.get("factors"):
        first = facts["factors"][0]
        return f"it fails where {first['field']} {first['op']} {first['value']}"
    if judged.scope == "dependency" and facts.get("peers"):
        return f"{facts['peers'][0]['peer']} fails"
    return {
        "deploy": "a deploy broke it",
        "data": "it is what the requests bring along",
        "load": "it is too much load, or something fills up",
        "dependency": "a dependency fails",
    }[judged.scope]
