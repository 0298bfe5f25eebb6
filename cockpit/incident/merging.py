"""Two copies of an incident become one. Pure: files are named by their objects, which are read and kept elsewhere.

Nothing that either side has is left out: journals by union of lines, texts by three-way merge, evidence by content.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from hashlib import sha256
from pathlib import PurePosixPath
from typing import Protocol

from cockpit.incident.evidence import FOLDER, Evidence, Part
from cockpit.incident.journal import entries_of, lines_of
from cockpit.incident.merge import in_common, merge
from cockpit.incident.model import State, fold
from cockpit.incident.notes import bytes_of, text_of
from cockpit.incident.store import JOURNAL

_TEXTS = (".md", ".txt")
_LISTS = (".jsonl", ".gitattributes", ".gitignore")
_NOT_OURS = ("presence", "spool")

Tree = Mapping[str, str]
"""The files of a copy: the path in the incident's folder, and the object that holds the bytes."""


class Objects(Protocol):
    """Where the bytes of files are."""

    def read(self, blob: str) -> bytes: ...

    def keep(self, data: bytes) -> str: ...


@dataclass(slots=True)
class Merge:
    """The files of both; `conflicts`: by path, the places that both changed, kept twice and marked."""

    tree: dict[str, str]
    conflicts: dict[str, int] = field(default_factory=dict)


def belongs(path: str) -> bool:
    """Whether a file travels with the incident: nothing hidden, nothing of a running cockpit, nothing outside."""
    parts = path.split("/")
    if path in (".gitattributes", ".gitignore"):
        return True
    return parts[0] not in _NOT_OURS and all(part and not part.startswith(".") and "\0" not in part for part in parts)


def is_text(path: str) -> bool:
    """Whether a file is merged line by line."""
    return path.endswith(_TEXTS)


def union(one: bytes, two: bytes) -> bytes:
    """The lines of two journals, each once: those of the first, then what only the second has."""
    known = set(lines_of(one))
    more = [line for line in dict.fromkeys(lines_of(two)) if line not in known]
    if not more:
        return one
    start = one if not one or one.endswith(b"\n") else one + b"\n"
    return start + b"\n".join(more) + b"\n"


def merge_trees(base: Tree, ours: Tree, theirs: Tree, objects: Objects, names: tuple[str, str]) -> Merge:
    """What both copies become; `base` is what they last had in common. names: of who is here and there."""
    merged = Merge({})
    journals = [objects.read(tree[JOURNAL]) if JOURNAL in tree else b"" for tree in (theirs, ours)]
    merged.tree[JOURNAL] = _kept(union(*journals), (theirs.get(JOURNAL), ours.get(JOURNAL)), journals, objects)
    merged.tree |= _evidence((theirs, ours), journals, objects)
    for path in sorted({*ours, *theirs}):
        if path == JOURNAL or _is_evidence(path):
            continue
        mine, other = ours.get(path), theirs.get(path)
        if mine is None or other is None or mine == other:
            merged.tree[path] = mine or other or ""
        elif base.get(path) in (mine, other):
            merged.tree[path] = other if base.get(path) == mine else mine
        else:
            _merge_file(merged, path, (base.get(path), mine, other), objects, names)
    return merged


def _merge_file(
    merged: Merge, path: str, blobs: tuple[str | None, str, str], objects: Objects, names: tuple[str, str]
) -> None:
    base, mine, other = blobs
    if path.endswith(_LISTS):
        merged.tree[path] = objects.keep(union(objects.read(other), objects.read(mine)))
    elif is_text(path):
        one, two = text_of(objects.read(mine)), text_of(objects.read(other))
        before = text_of(objects.read(base)) if base is not None else in_common(one, two)
        made = merge(before, one, two, names)
        merged.tree[path] = objects.keep(bytes_of(made.text))
        if made.conflicts:
            merged.conflicts[path] = made.conflicts
    else:
        merged.tree[path] = other
        merged.tree[_beside(path, mine)] = mine
        merged.conflicts[path] = 1


def _evidence(trees: tuple[Tree, Tree], journals: list[bytes], objects: Objects) -> dict[str, str]:
    """Where the files of all items stand once both journals are one; what no item names stands beside them."""
    entries = [entries_of(journal) for journal in journals]
    sides = [(tree, _files(fold(own))) for tree, own in zip(trees, entries, strict=True)]
    placed: dict[str, str] = {}
    for item in fold([*entries[0], *entries[1]]).evidence:
        for part in item.parts:
            key = _key(item, part)
            found = {tree[names[key]]: None for tree, names in sides if names.get(key) in tree}
            if found:
                placed.setdefault(f"{FOLDER}/{part.file}", _right(list(found), part.sha256, objects))
    for tree, names in sides:
        told = set(names.values())
        for path, blob in tree.items():
            if _is_evidence(path) and path not in told and placed.setdefault(path, blob) != blob:
                placed[_beside(path, blob)] = blob
    return placed


def _files(state: State) -> dict[tuple[str, str], str]:
    """The path of each part of each item."""
    return {_key(item, part): f"{FOLDER}/{part.file}" for item in state.evidence for part in item.parts}


def _key(item: Evidence, part: Part) -> tuple[str, str]:
    """What a part is in all copies, whatever its item is called there."""
    return item.id, part.file.removeprefix(item.label)


def _right(blobs: list[str], digest: str, objects: Objects) -> str:
    """Of several files that may be a part, the one with its hash."""
    if len(blobs) == 1:
        return blobs[0]
    return next((blob for blob in blobs if sha256(objects.read(blob)).hexdigest() == digest), blobs[0])


def _kept(data: bytes, blobs: tuple[str | None, ...], known: list[bytes], objects: Objects) -> str:
    """The object of these bytes, an old one where they are the same."""
    same = (blob for blob, bytes_ in zip(blobs, known, strict=True) if blob is not None and bytes_ == data)
    return next(same, None) or objects.keep(data)


def _is_evidence(path: str) -> bool:
    return path.startswith(f"{FOLDER}/")


def _beside(path: str, blob: str) -> str:
    """Another name for a file whose own is taken: `top.txt` becomes `top.3fa9c1d2.txt`."""
    place = PurePosixPath(path)
    return str(place.with_name(f"{place.stem}.{blob[:8]}{place.suffix}"))
