"""What a sync did, from the trees before and after it, and how that is told. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from cockpit.incident.journal import Entry, entries_of, lines_of
from cockpit.incident.merging import Objects, Tree, is_text
from cockpit.incident.model import State, fold
from cockpit.incident.store import JOURNAL, NOTES


@dataclass(frozen=True, slots=True)
class Synced:
    """What a sync did. came, went: entries; files_came, files_went: files of evidence and others but journal and notes.

    notes: `merged`, `came`, `went` or empty; conflicts: by file, places that both sides changed; renamed: labels of
    hypotheses and evidence that are others now; broken: lines that came and are no entries; twice: ids of entries that
    differ between both sides; made: the folder became a repository; remembered: the address the next sync will use.
    """

    remote: str = ""
    came: int = 0
    went: int = 0
    files_came: int = 0
    files_went: int = 0
    notes: str = ""
    conflicts: dict[str, int] = field(default_factory=dict)
    renamed: tuple[tuple[str, str], ...] = ()
    broken: int = 0
    twice: int = 0
    made: bool = False
    remembered: bool = False

    def sentences(self, folder: Path) -> list[str]:
        """What to tell: one line as a rule."""
        told = [
            _counted("entry", "entries", self.came, self.went),
            _counted("file", "files", self.files_came, self.files_went),
        ]
        told += [f"notes {self.notes}"] if self.notes else []
        lines = [" · ".join(each for each in told if each) or "Nothing new on either side."]
        if self.made or self.remembered:
            also = f"{folder.name} is a git repository now; the" if self.made else "The"
            lines.append(f"{also} next cockpit sync uses {self.remote}.")
        for path, places in self.conflicts.items():
            where = "1 place was" if places == 1 else f"{places} places were"
            marked = "between <<<<<<< and >>>>>>>" if path.endswith((".md", ".txt")) else "side by side"
            lines.append(f"{path}: {where} changed on both sides; both versions are kept, {marked}.")
        if self.renamed:
            lines.append(
                f"Names that both sides had given: {', '.join(f'{old} is now {new}' for old, new in self.renamed)}."
            )
        if self.broken:
            lines.append(f"Of the journal's lines that came, {self.broken} cannot be read; they are kept as they are.")
        if self.twice:
            lines.append(f"Entries that differ under one id: {self.twice}; both are kept in {JOURNAL}, one counts.")
        return lines


def told_of(trees: tuple[Tree, Tree, Tree], objects: Objects, conflicts: Mapping[str, int]) -> Synced:
    """What a sync did. trees: ours before, ours and theirs now, theirs before; conflicts: those that it made itself.

    A conflict that came with the other side is told as well.
    """
    first, last, theirs = trees
    journals = [objects.read(tree[JOURNAL]) if JOURNAL in tree else b"" for tree in trees]
    own, now, other = map(entries_of, journals)
    came = _new(now, own)
    lines = set(lines_of(journals[1])) - set(lines_of(journals[0]))
    marked = {path: _marks(last, path, objects) - _marks(first, path, objects) for path in last if is_text(path)}
    return Synced(
        came=len(came),
        went=len(_new(now, other)),
        files_came=_more(first, last),
        files_went=_more(theirs, last),
        notes=_notes(first.get(NOTES), last.get(NOTES), theirs.get(NOTES)),
        conflicts={**conflicts, **{path: count for path, count in marked.items() if count > 0}},
        renamed=tuple(_renamed(fold(own), fold(now))),
        broken=len(lines) - len(entries_of(b"\n".join(lines))),
        twice=len({each.id for each in came} & {each.id for each in own}),
    )


def _marks(tree: Tree, path: str, objects: Objects) -> int:
    """How many conflicts stand in a text."""
    data = objects.read(tree[path]) if path in tree else b""
    return sum(line.startswith(b"<<<<<<< ") for line in data.split(b"\n"))


def _new(entries: Iterable[Entry], known: Iterable[Entry]) -> list[Entry]:
    """Entries that are not among those known, each once."""
    by_id = {each.id: each for each in known}
    return list({each.id: each for each in entries if by_id.get(each.id) != each}.values())


def _more(before: Tree, after: Tree) -> int:
    """How many files have contents that were nowhere before; the journal, the notes and git's own do not count."""
    known = set(before.values())
    return sum(blob not in known for path, blob in after.items() if path not in (JOURNAL, NOTES) and path[0] != ".")


def _notes(first: str | None, last: str | None, theirs: str | None) -> str:
    """What became of the notes."""
    if last in (first, theirs):
        return "" if first == theirs else "went" if last == first else "came"
    return "merged"


def _renamed(before: State, after: State) -> list[tuple[str, str]]:
    """Labels that are others now: old and new."""
    was, now = _labels(before), _labels(after)
    return [(label, now[each]) for each, label in was.items() if now.get(each, label) != label]


def _labels(state: State) -> dict[str, str]:
    return {each.id: each.label for each in state.hypotheses} | {each.id: each.label for each in state.evidence}


def _counted(one: str, many: str, came: int, went: int) -> str:
    """`1 entry came, 5 went`"""
    said = []
    if came:
        said.append(f"{came} {one if came == 1 else many} came")
    if went:
        said.append(f"{went} went" if came else f"{went} {one if went == 1 else many} went")
    return ", ".join(said)
