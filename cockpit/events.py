"""The vocabulary of the cockpit: every fact that one room tells another. Reading this file tells what the program does.

An event carries ids and numbers, never bulk: whoever hears it reads the rest from the store, which was updated
before the event was published. So a handler is right even when ten events became one; `merge` says how two do.
Times are int microseconds since the epoch, UTC.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Self


@dataclass(frozen=True, slots=True)
class Event:
    """A fact. Two of the same kind with the same `key` may become one through `merge`."""

    @property
    def key(self) -> object:
        """What tells facts of one kind apart; events of equal key are merged while they wait for the screen."""
        return None

    def merge(self, later: Self) -> Event:
        """One event that stands for this one and a later one of the same kind and key: by default the later."""
        return later


@dataclass(frozen=True, slots=True)
class SourceEvent(Event):
    """Something about one source of lines."""

    source: str

    @property
    def key(self) -> object:
        return self.source


@dataclass(frozen=True, slots=True)
class SourceChanged(SourceEvent):
    """A source came, went, failed, rotated or was truncated: its state says which."""


@dataclass(frozen=True, slots=True)
class LogGrew(SourceEvent):
    """New records stand at the end of a source (or its last record grew)."""


@dataclass(frozen=True, slots=True)
class LogIndexed(SourceEvent):
    """Earlier records of a source are known now: `done` of `total` bytes."""

    done: int
    total: int


@dataclass(frozen=True, slots=True)
class ViewChanged(Event):
    """The rows of the log view are others than before: rebuilt for a filter, a new source or earlier records."""


@dataclass(frozen=True, slots=True)
class ViewGrew(Event):
    """Rows were added at the end of the log view; those before are what they were."""


@dataclass(frozen=True, slots=True)
class SearchProgressed(Event):
    """The search of the log view has looked further, or is done."""


@dataclass(frozen=True, slots=True)
class OverviewCounted(Event):
    """Where in the log view hits, errors and marks stand has been counted anew."""


@dataclass(frozen=True, slots=True)
class HistogramChanged(Event):
    """The counts of the timeline are new."""


@dataclass(frozen=True, slots=True)
class SignaturesCounted(Event):
    """More records were read for their signatures, or all of them were."""


@dataclass(frozen=True, slots=True)
class RecordFocused(Event):
    """The log cursor stands on a record of this time (-1: it has none)."""

    at: int


@dataclass(frozen=True, slots=True)
class TimeChosen(Event):
    """A person chose a moment (a commit's deploy, a marker, a point of the timeline): the logs go there."""

    at: int
    origin: str


@dataclass(frozen=True, slots=True)
class SuspectsRanked(Event):
    """Commits are being ranked for an error, were ranked, or the ranking was dropped."""


@dataclass(frozen=True, slots=True)
class RepositoryChanged(Event):
    """The repository was opened, failed to open, or its HEAD or branches moved."""


@dataclass(frozen=True, slots=True)
class CommitsListed(Event):
    """More commits are in the list, or a search of them is done."""


@dataclass(frozen=True, slots=True)
class IncidentChanged(Event):
    """The incident's own facts changed (title, opened, read-only, damage in the journal)."""


@dataclass(frozen=True, slots=True)
class HypothesisChanged(Event):
    """A hypothesis was added, edited, ranked or judged."""

    id: str

    @property
    def key(self) -> object:
        return self.id


@dataclass(frozen=True, slots=True)
class ExperimentPrinted(Event):
    """A command that runs here as an experiment has printed something."""

    id: str

    @property
    def key(self) -> object:
        return self.id


@dataclass(frozen=True, slots=True)
class ExperimentEnded(Event):
    """An experiment that ran here has ended; the incident tells what came of it."""

    hypothesis: str
    id: str

    @property
    def key(self) -> object:
        return self.id


@dataclass(frozen=True, slots=True)
class MarkersChanged(Event):
    """The markers on the time axis are others: a deploy in the reflog, or one that a person set."""


@dataclass(frozen=True, slots=True)
class NoteAdded(Event):
    """A time-stamped note line was added, by whomever."""

    id: str

    @property
    def key(self) -> object:
        return self.id


@dataclass(frozen=True, slots=True)
class EvidenceCaptured(Event):
    """Something was kept as evidence, or its keeping was undone, by whomever."""

    id: str

    @property
    def key(self) -> object:
        return self.id


@dataclass(frozen=True, slots=True)
class FindingsChanged(Event):
    """The logs were looked through for what goes wrong, or something new was noticed in them."""


@dataclass(frozen=True, slots=True)
class NotesChanged(Event):
    """notes.md on disk holds something this cockpit has not written itself."""


@dataclass(frozen=True, slots=True)
class PeopleChanged(Event):
    """Somebody opened or left the incident, moved to another pane or in the logs, or points at a record."""


@dataclass(frozen=True, slots=True)
class VitalsSampled(Event):
    """CPU, memory and load were measured."""


@dataclass(frozen=True, slots=True)
class Failed(Event):
    """Something went wrong that the person should know; the rest goes on."""

    what: str

    @property
    def key(self) -> object:
        return self.what


@dataclass(frozen=True, slots=True)
class HandlerFailed(Event):
    """A handler of an event raised: a fault of ours, kept from harming the others."""

    handler: str
    event: str
    error: str

    @property
    def key(self) -> object:
        return (self.handler, self.error)
