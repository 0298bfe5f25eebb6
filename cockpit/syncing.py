"""Carries an incident between machines: what both sides wrote becomes one, through a git remote.

The merge is made in git's objects first and remembered; only then is the folder changed, under the hands of whoever has
it open. So a sync that was killed is ended by the next one.
"""

from __future__ import annotations

import os
import secrets
import shutil
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

from cockpit.clock import Clock, to_local
from cockpit.history.copy import CopyError, FolderCopy
from cockpit.history.remote import Raced, Remote
from cockpit.incident.evidence import FOLDER
from cockpit.incident.journal import Journal, entries_of, lines_of
from cockpit.incident.library import list_incidents
from cockpit.incident.merging import belongs, merge_trees
from cockpit.incident.model import fold
from cockpit.incident.placing import Changed, Placing, files_of
from cockpit.incident.store import JOURNAL, NOTES, Incident, slug
from cockpit.incident.synced import Synced, told_of

_TRIES = 20


class SyncError(Exception):
    """An incident cannot be synced, in one sentence; nothing is lost."""


class Syncing:
    """One sync of an open incident. Raises SyncError, CopyError, PlacingError, JournalError, NotesError."""

    def __init__(self, incident: Incident, clock: Clock) -> None:
        if incident.read_only:
            raise SyncError(
                f"{incident.folder} cannot be written; the incident is open read-only and cannot be synced."
            )
        self._by = incident.by
        self._folder = incident.folder
        self._clock = clock
        self._copy = FolderCopy(incident.folder)
        self._placing = Placing(incident.folder, clock, incident.by, self._copy)
        self._journal = Journal(incident.folder / JOURNAL, clock, incident.by)
        self._conflicts: dict[str, int] = {}

    def sync(self, remote: str | None) -> Synced:
        """Bring both sides together through a remote; None: the one that is remembered."""
        end = Remote.of(self._copy, remote)
        with self._copy.alone():
            made = self._copy.prepare()
            self._end_earlier()
            first = self._copy.tree(self._snapshot())
            for _ in range(_TRIES):
                try:
                    last, theirs = self._once(end)
                except (Raced, Changed):
                    continue
                told = told_of((first, last, theirs), self._copy, self._conflicts)
                return replace(told, remote=end.name, made=made, remembered=end.remember())
        raise SyncError(f"Others write to {end.name} without pause; sync again.")

    def join(self, remote: str) -> None:
        """Bring what a remote holds into a folder that is empty yet."""
        end = Remote.of(self._copy, remote)
        with self._copy.alone():
            self._copy.prepare()
            branch, theirs = end.fetch(self._copy.branch())
            tree = self._copy.tree(theirs)
            if theirs is None or JOURNAL not in tree:
                raise SyncError(f"{end.name} holds no incident: there is no {JOURNAL} in it.")
            self._copy.on_branch(branch)
            self._placing.place({}, tree, ("here", "there"))
            self._copy.move_head(theirs, None)
            end.remember()

    def _once(self, end: Remote) -> tuple[dict[str, str], dict[str, str]]:
        """The tree that both sides have now, and the one that the other had. Raises Raced, Changed."""
        ours = self._snapshot()
        branch, theirs = end.fetch(self._copy.branch())
        before, other = self._copy.tree(ours), self._copy.tree(theirs)
        merged = ours
        if theirs is not None:
            self._refuse_another(before, other, end.name)
            merged = self._merge(ours, theirs)
        self._bring_in(ours, merged)
        if merged != theirs:
            end.push(merged, branch)
        return self._copy.tree(merged), other

    def _snapshot(self) -> str:
        """A commit of what the folder holds: the last one where nothing is new."""
        head = self._copy.head()
        known = self._copy.tree(head)
        # A file that is gone stays in the tree: an editor may be exchanging it, and a sync deletes nothing.
        tree = {**known, **self._kept_files(known), JOURNAL: self._journal_of(known.get(JOURNAL))}
        if head is not None and tree == known:
            return head
        message = "What was written here" if head else "An incident"
        commit = self._copy.commit(tree, [head] if head else [], self._by, self._clock.now(), message)
        self._copy.move_head(commit, head)
        return commit

    def _kept_files(self, known: Mapping[str, str]) -> dict[str, str]:
        """The files of the folder but the journal, and evidence that is committed: that does not change."""
        for turn in range(_TRIES):
            files = [path for path in files_of(self._folder) if path != JOURNAL]
            files = [path for path in files if not (_is_evidence(path) and path in known)]
            ignored = self._copy.ignored([path for path in files if not _is_evidence(path) and path != NOTES])
            try:
                return self._copy.keep_files([path for path in files if path not in ignored])
            except CopyError:  # a file may have gone since it was listed
                if turn == _TRIES - 1:
                    raise
        return {}

    def _journal_of(self, committed: str | None) -> str:
        """The journal as it is committed: what was committed before, and then what is new, so that it only grows."""
        before = self._copy.read(committed) if committed is not None else b""
        known = set(lines_of(before))
        fresh = [line for line in dict.fromkeys(lines_of(self._journal.whole())) if line not in known]
        if committed is not None and not fresh:
            return committed
        start = before if not before or before.endswith(b"\n") else before + b"\n"
        return self._copy.keep(start + b"".join(line + b"\n" for line in fresh))

    def _merge(self, ours: str, theirs: str) -> str:
        """A commit that holds what both hold: one of them where it does already."""
        base = self._copy.in_common(ours, theirs)
        if base == theirs:
            return ours
        other = self._copy.tree(theirs)
        names = (self._by, self._copy.author(theirs))
        merge = merge_trees(
            self._copy.tree(base),
            self._copy.tree(ours),
            {path: blob for path, blob in other.items() if belongs(path)},
            self._copy,
            names,
        )
        if merge.tree == other:
            return theirs
        parents = [ours, theirs] if base != ours else [theirs]
        self._conflicts = merge.conflicts
        return self._copy.commit(merge.tree, parents, self._by, self._clock.now(), "Two sides brought together")

    def _bring_in(self, ours: str, merged: str) -> None:
        before, after = self._copy.tree(ours), self._copy.tree(merged)
        there = {
            path: blob for path, blob in before.items() if not _is_evidence(path) or (self._folder / path).exists()
        }
        if merged == ours and there == before:
            return
        self._copy.merging = merged
        self._conflicts |= self._placing.place(there, after, (self._by, self._copy.author(merged)))
        if merged != ours:
            self._copy.move_head(merged, ours)
        self._copy.merging = None

    def _end_earlier(self) -> None:
        """End what a killed sync had begun to bring in; where that no longer fits, the next merge has it anyway."""
        merged, head = self._copy.merging, self._copy.head()
        if merged is None or head is None:
            return
        try:
            if merged != head and self._copy.in_common(head, merged) in (head, None):
                self._bring_in(head, merged)
        except Changed:
            pass  # somebody wrote since; the merge begins anew from what is there
        self._copy.merging = None

    def _refuse_another(self, ours: Mapping[str, str], theirs: Mapping[str, str], name: str) -> None:
        """A remote that holds another incident, or none, is not to be mixed with this one."""
        if JOURNAL not in theirs:
            raise SyncError(f"{name} holds something that is no incident; use an empty repository: git init --bare DIR")
        own, other = (entries_of(self._copy.read(tree[JOURNAL])) for tree in (ours, theirs))
        if own and other and not {each.id for each in own} & {each.id for each in other}:
            title = fold(other).title
            raise SyncError(
                f"{name} holds another incident, {title[:80]!r}; nothing was done. Use one repository for each."
            )


def join(root: Path, remote: str, clock: Clock, by: str) -> Path:
    """Bring an incident that a remote holds into the folder of incidents; its folder there."""
    working = root / f".joining-{secrets.token_hex(4)}"
    try:
        root.mkdir(mode=0o700, parents=True, exist_ok=True)
        working.mkdir(mode=0o700)
        Syncing(Incident(working, clock, by, read_only=False), clock).join(remote)
        state = Incident.open(working, clock, by).state
        for each in list_incidents(root):
            if each.folder != working and _first_id(each.folder, clock, by) == state.entries[0].id:
                raise SyncError(f"{each.name} is that incident already; use: cockpit sync --incident {each.name}")
        return _named(working, root / f"{to_local(state.opened_at):%Y-%m-%d}-{slug(state.title)}")
    except OSError as error:
        raise SyncError(f"{root} cannot take in an incident: {error.strerror}.") from None
    finally:
        shutil.rmtree(working, ignore_errors=True)


def _named(working: Path, wanted: Path) -> Path:
    """Give a folder its name, or the next that is free."""
    number, folder = 1, wanted
    while folder.exists():
        number += 1
        folder = wanted.with_name(f"{wanted.name}-{number}")
    os.rename(working, folder)
    return folder


def _first_id(folder: Path, clock: Clock, by: str) -> str:
    entries = Incident.open(folder, clock, by, read_only=True).state.entries
    return entries[0].id if entries else ""


def _is_evidence(path: str) -> bool:
    return path.startswith(f"{FOLDER}/")
