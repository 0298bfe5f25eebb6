"""Brings a merged copy of an incident into its folder, while cockpits and editors have it open."""

from __future__ import annotations

import contextlib
import os
import secrets
from collections.abc import Collection
from pathlib import Path

from cockpit.clock import Clock
from cockpit.incident.disk import locked, sync_folder
from cockpit.incident.evidence import FOLDER
from cockpit.incident.journal import Journal, lines_of
from cockpit.incident.merging import Objects, Tree, belongs, is_text
from cockpit.incident.notes import Notes, text_of
from cockpit.incident.store import JOURNAL, LOCK


class PlacingError(Exception):
    """The folder cannot take in what came, in one sentence; what it held is still there."""


class Changed(Exception):
    """Somebody changed a file meanwhile that would be replaced; nothing was done."""


def files_of(folder: Path) -> list[str]:
    """The files of an incident that travel with it, as paths in its folder."""
    found = []
    for where, folders, files in os.walk(folder):
        above = Path(where).relative_to(folder)
        folders[:] = sorted(name for name in folders if belongs((above / name).as_posix()))
        paths = [(above / name).as_posix() for name in files]
        found += [path for path in paths if belongs(path) and "\n" not in path and not (folder / path).is_symlink()]
    return sorted(found)


class Placing:
    """Turns a folder from one tree into another that holds all of it and more.

    Stopped at any point, it can be done again: evidence under new names comes first, then the journal that tells of
    it, then evidence whose name is another's now, then texts.
    """

    def __init__(self, folder: Path, clock: Clock, by: str, objects: Objects) -> None:
        self._folder = folder
        self._journal = Journal(folder / JOURNAL, clock, by)
        self._objects = objects

    def place(self, before: Tree, after: Tree, names: tuple[str, str]) -> dict[str, int]:
        """Bring `after` into the folder; the conflicts that texts have now, by path.

        Raises Changed, PlacingError, JournalError, NotesError.
        """
        fresh = {path: blob for path, blob in after.items() if before.get(path) != blob and belongs(path)}
        files = [path for path in fresh if path != JOURNAL and not is_text(path)]
        try:
            (self._folder / FOLDER).mkdir(mode=0o700, exist_ok=True)
            with locked(self._folder / LOCK):
                self._look(before, after, files)
                self._write(after, [path for path in files if path not in before])
                if JOURNAL in fresh:
                    self._journal.add_lines(lines_of(self._objects.read(after[JOURNAL])))
                self._write(after, [path for path in files if path in before])
            return {
                path: count for path in fresh if is_text(path) and (count := self._merge(path, before, after, names))
            }
        except OSError as error:
            raise PlacingError(
                f"{self._folder} cannot take in what came: {error.strerror}. Sync again later."
            ) from None

    def _look(self, before: Tree, after: Tree, files: Collection[str]) -> None:
        """Evidence that was tampered with is put aside under another name. Raises Changed for anything else new."""
        for path in files:
            target = self._folder / path
            there = _bytes(target)
            known = (self._objects.read(tree[path]) for tree in (before, after) if path in tree)
            if there is None or there in known:
                continue
            if path not in before or not path.startswith(f"{FOLDER}/"):
                raise Changed
            target.rename(target.with_name(f"{target.stem}.changed.{secrets.token_hex(4)}{target.suffix}"))

    def _write(self, tree: Tree, files: Collection[str]) -> None:
        """Replace files atomically; all are on the disk when it returns."""
        for path in files:
            target = self._folder / path
            target.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            staged = target.with_name(f".{secrets.token_hex(8)}.part")
            fd = os.open(staged, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC | os.O_NOFOLLOW, 0o600)
            try:
                with os.fdopen(fd, "wb") as file:
                    file.write(self._objects.read(tree[path]))
                    file.flush()
                    os.fsync(file.fileno())
                os.replace(staged, target)
            except OSError:
                with contextlib.suppress(OSError):
                    staged.unlink()
                raise
        for folder in {(self._folder / path).parent for path in files}:
            sync_folder(folder)

    def _merge(self, path: str, before: Tree, after: Tree, names: tuple[str, str]) -> int:
        """Change a text as it changed elsewhere; an editor may have it open."""
        target = self._folder / path
        target.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        text = Notes(target, self._folder / LOCK)
        base = text_of(self._objects.read(before[path])) if path in before else ""
        try:
            return text.take_in(text_of(self._objects.read(after[path])), base, names).conflicts
        finally:
            text.close()


def _bytes(path: Path) -> bytes | None:
    try:
        return path.read_bytes()
    except FileNotFoundError:
        return None
