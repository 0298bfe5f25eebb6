"""One incident on disk: its folder, its journal, its notes, and the verbs that change it."""

from __future__ import annotations

import os
import re
import shutil
import unicodedata
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from cockpit.clock import Clock, to_local, to_rfc3339
from cockpit.incident.hypotheses import MOST_COST, STATUSES, VERDICTS, Hypothesis
from cockpit.incident.journal import Damage, Journal, JournalError
from cockpit.incident.model import MARKER_KINDS, Changes, Folding, State, changes_of
from cockpit.incident.notes import Notes, NotesError
from cockpit.incident.ranking import move

JOURNAL = "journal.jsonl"
NOTES = "notes.md"
LOCK = ".lock"
_MOST = 10_000
_SLUG = 48


class IncidentError(Exception):
    """Something cannot be done with an incident, in one sentence."""


class Incident:
    """An open incident. Each verb returns the id of its journal entry once the disk has it.

    State changes only by `refresh`, which reads the journal: our own entries come back that way too.
    """

    def __init__(self, folder: Path, clock: Clock, by: str, *, read_only: bool) -> None:
        self.folder = folder
        self.by = by
        self.read_only = read_only
        self.state = State()
        self.notes = Notes(folder / NOTES, folder / LOCK)
        self._clock = clock
        self._journal = Journal(folder / JOURNAL, clock, by)
        self._folding = Folding()
        self.refresh()

    @classmethod
    def open(cls, folder: Path, clock: Clock, by: str, *, read_only: bool = False) -> Incident:
        """Open an existing incident; one that cannot be written opens read-only. Raises IncidentError."""
        try:
            there = (folder / JOURNAL).is_file()
        except OSError as error:
            raise IncidentError(f"{folder} cannot be read: {error.strerror}.") from None
        if not there:
            raise IncidentError(f"{folder} is not an incident: it holds no {JOURNAL}.")
        writable = os.access(folder, os.W_OK) and os.access(folder / JOURNAL, os.W_OK)
        try:
            return cls(folder, clock, by, read_only=read_only or not writable)
        except JournalError as error:
            raise IncidentError(str(error)) from None

    @classmethod
    def create(cls, root: Path, title: str, clock: Clock, by: str) -> Incident:
        """Make a new incident in a folder of its own under `root`. Raises IncidentError."""
        title = " ".join(_plain(title).split())[:_MOST] or "incident"
        name = f"{to_local(clock.now()):%Y-%m-%d}-{slug(title)}"
        folder: Path | None = None
        try:
            root.mkdir(mode=0o700, parents=True, exist_ok=True)
            folder = _new_folder(root, name)
            (folder / ".gitattributes").write_text("journal.jsonl merge=union\n")
            (folder / ".gitignore").write_text(".lock\npresence/\nspool/\n")
            incident = cls(folder, clock, by, read_only=False)
            incident.write("incident.opened", {"title": title})
        except (OSError, IncidentError) as error:
            if folder is not None:
                shutil.rmtree(folder, ignore_errors=True)  # it holds nothing yet
            why = error.strerror if isinstance(error, OSError) else str(error)
            raise IncidentError(
                f"{root} cannot hold an incident: {why}. Choose another with --incidents DIR."
            ) from None
        incident.refresh()
        return incident

    @property
    def damaged(self) -> list[Damage]:
        """Lines of the journal that are no entries; they stay where they are."""
        return self._journal.damaged

    def refresh(self) -> Changes:
        """Read what is new in the journal into `state`; says what it may have changed. Raises JournalError."""
        batch = self._journal.read()
        before = {each.id for each in self.state.hypotheses} if batch.restarted else set()
        if batch.restarted:
            self._folding = Folding()
        if batch.entries or batch.restarted:
            self.state = self._folding.take(batch.entries)
        changes = changes_of(batch.entries, self.state.entries)
        if batch.restarted:
            changes.hypotheses |= before | {each.id for each in self.state.hypotheses}
            changes.markers = changes.incident = changes.restarted = True
        return changes

    def rename(self, title: str) -> str:
        return self.write("incident.renamed", {"title": said(title, "title")})

    def add_hypothesis(
        self, text: str, likelihood: int = 50, *, cost: int | None = None, prediction: str = "", parent: str = ""
    ) -> str:
        """Add one. cost: minutes to test it; prediction: what must be seen if it is true; parent: id of the refined."""
        if parent:
            self.find(parent)
        more: dict[str, str | int | None] = {
            "cost": None if cost is None else _minutes(cost),
            "prediction": _plain(prediction),
            "parent": parent,
        }
        data: dict[str, str | int | None] = {"text": said(text, "hypothesis"), "likelihood": _per_cent(likelihood)}
        return self.write("hypothesis.added", {**data, **{name: value for name, value in more.items() if value}})

    def edit_hypothesis(self, hypothesis: str, **fields: str | int) -> str:
        """Change text, likelihood, status, detail, prediction or cost (minutes).

        A verdict names the `observation` that decides; where none is given, that of the last experiment does.
        """
        known = self.find(hypothesis)
        if "text" in fields:
            fields["text"] = said(str(fields["text"]), "hypothesis")
        if "likelihood" in fields:
            fields["likelihood"] = _per_cent(int(fields["likelihood"]))
        if "status" in fields and fields["status"] not in STATUSES:
            raise IncidentError(f"{fields['status']!r} is no status; choose {', '.join(STATUSES)}.")
        if "cost" in fields:
            fields["cost"] = _minutes(int(fields["cost"]))
        if fields.get("status") in VERDICTS:
            fields["observation"] = _deciding(known, str(fields.get("observation", "")), str(fields["status"]))
        fields = {name: _plain(value) if isinstance(value, str) else value for name, value in fields.items()}
        return self.write("hypothesis.edited", {"hypothesis": hypothesis, **fields})

    def move_hypothesis(self, hypothesis: str, step: int) -> str | None:
        """Move one place up (-1) or down (1) among its equals; None where it is at their end."""
        written = [self.write("hypothesis.edited", data) for data in move(self.state, hypothesis, step)]
        return written[-1] if written else None

    def remove_hypothesis(self, hypothesis: str) -> str:
        self.find(hypothesis)
        return self.write("hypothesis.removed", {"hypothesis": hypothesis})

    def add_note(self, text: str) -> str:
        """Keep a note in the journal, and as a time-stamped line in notes.md."""
        kept = said(text, "note")
        entry = self.write("note.added", {"text": kept})
        first, *more = kept.split("\n")
        stamped = [f"- {to_local(self._clock.now()):%H:%M} {self.by.partition('@')[0]}: {first}"]
        try:
            self.notes.append("\n".join(stamped + [f"  {line}" for line in more]))
        except NotesError as error:
            raise IncidentError(f"The note is in the journal, but not in the notes file: {error}") from None
        return entry

    def add_evidence(self, data: dict[str, Any]) -> str:
        """Tell of evidence whose files are on the disk; see Keeper, which does both."""
        return self.write("evidence.added", data)

    def add_marker(self, text: str, kind: str, at: int) -> str:
        """Set a marker at a time (microseconds)."""
        if kind not in MARKER_KINDS:
            raise IncidentError(f"{kind!r} is no kind of marker; choose {', '.join(MARKER_KINDS)}.")
        return self.write("marker.added", {"kind": kind, "text": said(text, "marker"), "at": to_rfc3339(at)})

    def remove_marker(self, marker: str) -> str:
        if not self.read_only and all(each.id != marker for each in self.state.markers):
            raise IncidentError("There is no such marker (any more).")
        return self.write("marker.removed", {"marker": marker})

    def find(self, hypothesis: str) -> Hypothesis:
        """The hypothesis of this id. Raises IncidentError."""
        found = next((each for each in self.state.hypotheses if each.id == hypothesis), None)
        if found is None:
            raise IncidentError("There is no such hypothesis (any more).")
        return found

    def write(self, kind: str, data: Mapping[str, Any]) -> str:
        """Append an entry to the journal; its id. Raises IncidentError."""
        if self.read_only:
            raise IncidentError(f"{self.folder} cannot be written; the incident is open read-only.")
        try:
            return self._journal.append(kind, dict(data)).id
        except JournalError as error:
            raise IncidentError(str(error)) from None


def slug(title: str) -> str:
    """A title as part of a folder's name: lower case, letters, digits and dashes, at most 48."""
    plain = unicodedata.normalize("NFKD", title).encode("ascii", "ignore").decode().lower()
    return re.sub(r"[^a-z0-9]+", "-", plain)[:_SLUG].strip("-") or "incident"


def _new_folder(root: Path, name: str) -> Path:
    number = 1
    while True:
        folder = root / (name if number == 1 else f"{name}-{number}")
        try:
            folder.mkdir(mode=0o700)
        except FileExistsError:
            number += 1
        else:
            return folder


def said(text: str, what: str) -> str:
    """What a person said, as it can be kept: not empty, no lone surrogates, at most 10 000 characters."""
    kept = _plain(text).strip()
    if not kept:
        raise IncidentError(f"The {what} is empty; say something.")
    if len(kept) > _MOST:
        raise IncidentError(f"The {what} has {len(kept)} characters; at most {_MOST} are kept. Put it into the notes.")
    return kept


def _plain(text: str) -> str:
    """A text without halves of characters, which no file can hold."""
    return text.encode("utf-8", "replace").decode()


def _deciding(hypothesis: Hypothesis, observation: str, status: str) -> str:
    """The observation that a verdict rests on."""
    decides = _plain(observation).strip() or hypothesis.last_observation
    if not decides:
        raise IncidentError(f"Say what was observed: {hypothesis.label} is {status} only by an observation.")
    return decides


def _minutes(value: int) -> int:
    if not 1 <= value <= MOST_COST:
        raise IncidentError(f"A test costs from 1 to {MOST_COST} minutes, not {value}.")
    return value


def _per_cent(value: int) -> int:
    if not 0 <= value <= 100:
        raise IncidentError(f"A likelihood is from 0 to 100 per cent, not {value}.")
    return value
