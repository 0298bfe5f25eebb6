"""What a piece of evidence is, as the journal tells of it. Pure: the files themselves are kept in `keeping`."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, replace
from itertools import count
from typing import Any

_FILE = re.compile(r"E[1-9]\d{0,8}(?:[b-z]\d{0,8})?(?:\.[a-z]+)?(?:\.[0-9a-f]{8})?\.[a-z]+")
_SHA256 = re.compile(r"[0-9a-f]{64}")
_LABEL = re.compile(r"E[1-9]\d{0,8}")
FOLDER = "evidence"
WINDOW, OF_WINDOW = "window", "of the window"
EARLIER_WINDOW = "earlier window"
_EARLIER = {WINDOW: EARLIER_WINDOW, OF_WINDOW: "of the earlier window"}


class EvidenceError(Exception):
    """An entry that tells of no evidence, and why."""


@dataclass(frozen=True, slots=True)
class Part:
    """One file of an item. file: its name in the folder.

    name: record, window, trace, text, output or provenance; of a window taken anew the provenance is `of the window`,
    and those before it are `earlier window` and `of the earlier window`.

    size: bytes kept; sha256: of those, hexadecimal; cut: how many bytes came that were not kept.
    """

    name: str
    file: str
    size: int
    sha256: str
    cut: int = 0


@dataclass(frozen=True, slots=True)
class Evidence:
    """An item. at: RFC 3339 time of its record, empty where it has none; window: the two times of its window, or none.

    kind: record, text or command; sha256: of the first part; path: of the first part, from the incident's folder.
    covers: which kinds of evidence it is, each with what it lacks (empty: nothing); see `kit`.
    """

    id: str
    label: str
    title: str
    kind: str
    source: str
    at: str
    window: tuple[str, str] | None
    sha256: str
    trace_id: str
    path: str
    parts: tuple[Part, ...]
    added: str
    added_by: str
    covers: tuple[tuple[str, str], ...] = ()


def evidence_of(identity: str, added: str, by: str, data: Mapping[str, Any], taken: Collection[str]) -> Evidence:
    """The item that the data of an entry tells of. `taken`: labels of earlier items. Raises EvidenceError.

    Two copies of an incident may both have kept an E1 before they met: the later one is E1b then, and so are its files.
    """
    name = data.get("name")
    label = _label(name, taken)
    parts = tuple(replace(part, file=_renamed(part.file, str(name), label)) for part in _parts(data.get("parts")))
    window = data.get("window")
    if window is not None and not _are_times(window):
        raise EvidenceError("its window is none")
    return Evidence(
        identity,
        label,
        _text(data, "title"),
        _text(data, "kind"),
        _text(data, "source", ""),
        _text(data, "at", ""),
        None if window is None else (window["from"], window["to"]),
        parts[0].sha256,
        _text(data, "trace_id", ""),
        f"{FOLDER}/{parts[0].file}",
        parts,
        added,
        by,
        _covers(data.get("covers"), parts, str(data.get("trace_id") or "")),
    )


def with_window(item: Evidence, data: Mapping[str, Any]) -> Evidence:
    """An item whose window was taken anew, as the data of that entry tell; the earlier one stays a part of it.

    Raises EvidenceError.
    """
    window, name = data.get("window"), str(data.get("name", item.label))
    parts = tuple(replace(part, file=_renamed(part.file, name, item.label)) for part in _parts(data.get("parts")))
    if not _are_times(window) or window is None:
        raise EvidenceError("its window is none")
    kept = tuple(replace(each, name=_EARLIER.get(each.name, each.name)) for each in item.parts)
    covers = dict(item.covers)
    if isinstance(data.get("lacking"), str):
        covers["logs"] = data["lacking"]
    times = (window["from"], window["to"])
    return replace(item, window=times, parts=(kept[0], *parts, *kept[1:]), covers=tuple(covers.items()))


def as_data(
    name: str,
    title: str,
    kind: str,
    parts: Collection[Part],
    *,
    source: str = "",
    at: str = "",
    window: tuple[str, str] | None = None,
    trace_id: str = "",
    covers: Mapping[str, str] | None = None,
) -> dict[str, Any]:
    """What the entry of an item says."""
    return {
        **({"covers": dict(covers)} if covers is not None else {}),
        "name": name,
        "title": title,
        "kind": kind,
        "source": source,
        "at": at,
        "window": None if window is None else {"from": window[0], "to": window[1]},
        "trace_id": trace_id,
        "parts": [part_data(part) for part in parts],
    }


def part_data(part: Part) -> dict[str, Any]:
    """A part as JSON has it."""
    found = {"part": part.name, "file": part.file, "bytes": part.size, "sha256": part.sha256}
    return {**found, "cut": part.cut} if part.cut else found


def shown(each: Evidence) -> dict[str, Any]:
    """An item as `cockpit show --json` has it."""
    return {
        "id": each.id,
        "label": each.label,
        "title": each.title,
        "kind": each.kind,
        "source": each.source or None,
        "at": each.at or None,
        "window": None if each.window is None else {"from": each.window[0], "to": each.window[1]},
        "sha256": each.sha256,
        "trace_id": each.trace_id or None,
        "path": each.path,
        "covers": {name: lacking or None for name, lacking in each.covers},
        "parts": [part_data(part) for part in each.parts],
        "added": each.added,
        "by": each.added_by,
    }


def number_of(label: str) -> int:
    """The number in a label: 1 of E1 and of E1b."""
    return int(re.sub(r"\D.*", "", label[1:]))


def _label(name: object, taken: Collection[str]) -> str:
    """What it was called when it was kept; where another of that name was earlier, the name with a letter."""
    if isinstance(name, str) and _LABEL.fullmatch(name):
        return next(label for label in _names_like(name) if label not in taken)
    return f"E{max(map(number_of, taken), default=0) + 1}"


def _names_like(name: str) -> Iterator[str]:
    """E1, E1b, E1c … E1z, E1z2, E1z3 …"""
    yield name
    yield from (f"{name}{letter}" for letter in "bcdefghijklmnopqrstuvwxyz")
    yield from (f"{name}z{number}" for number in count(2))


def _renamed(file: str, name: str, label: str) -> str:
    return label + file.removeprefix(name) if file.startswith(f"{name}.") else file


def _covers(value: object, parts: Collection[Part], trace_id: str) -> tuple[tuple[str, str], ...]:
    """What an item says that it covers; of one that says nothing (of an older cockpit), what its parts tell."""
    if isinstance(value, dict):
        return tuple((str(name), lacking) for name, lacking in value.items() if isinstance(lacking, str))
    names = [part.name for part in parts]
    told = {"error": "record" in names, "logs": WINDOW in names, "request": bool(trace_id)}
    return tuple((name, "") for name, there in told.items() if there)


def _parts(value: object) -> tuple[Part, ...]:
    if not isinstance(value, list) or not value:
        raise EvidenceError("it has no parts")
    return tuple(_part(each) for each in value)


def _part(value: object) -> Part:
    if not isinstance(value, dict):
        raise EvidenceError("a part of it is none")
    name, file, size, digest = (value.get(key) for key in ("part", "file", "bytes", "sha256"))
    if not isinstance(file, str) or not _FILE.fullmatch(file):
        raise EvidenceError("a part of it is no file of the evidence folder")
    if not isinstance(name, str) or not _is_count(size) or not isinstance(digest, str) or not _SHA256.fullmatch(digest):
        raise EvidenceError("a part of it has no name, size or SHA-256")
    cut = value.get("cut", 0)
    return Part(name, file, int(str(size)), digest, cut if _is_count(cut) else 0)


def _is_count(value: object) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and value >= 0


def _are_times(window: object) -> bool:
    return isinstance(window, dict) and all(isinstance(window.get(end), str) for end in ("from", "to"))


def _text(data: Mapping[str, Any], name: str, otherwise: str | None = None) -> str:
    value = data.get(name, otherwise)
    if not isinstance(value, str) or (otherwise is None and not value.strip()):
        raise EvidenceError(f"{name} is missing")
    return value
