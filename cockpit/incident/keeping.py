"""Keeps evidence: its bytes in files of their own, never written over, before the journal tells of them."""

from __future__ import annotations

import contextlib
import hashlib
import os
import re
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum
from pathlib import Path
from types import TracebackType
from typing import Any

import msgspec

from cockpit.incident.disk import locked, sync_folder
from cockpit.incident.evidence import (
    FOLDER,
    OF_WINDOW,
    WINDOW,
    Evidence,
    Part,
    as_data,
    evidence_of,
    number_of,
    part_data,
)
from cockpit.incident.store import LOCK, Incident, IncidentError

MOST = 64 << 20
"""Bytes of one part that are kept."""
_NAME = re.compile(r"E([1-9]\d{0,8})[a-z0-9]*\.")
_TITLE = 10_000
_BLOCK = 1 << 20


class PartWriter:
    """Writes one part as it comes, hashing it; what goes beyond `most` bytes is counted, not kept."""

    def __init__(self, path: Path, most: int) -> None:
        self.size = 0
        self.cut = 0
        self._most = most
        self._path = path
        self._hash = hashlib.sha256()
        self._fd = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC | os.O_NOFOLLOW, 0o600)

    def write(self, data: bytes) -> None:
        """Raises OSError."""
        kept = memoryview(data)[: self._most - self.size]
        self.cut += len(data) - len(kept)
        self.size += len(kept)
        self._hash.update(kept)
        while kept:
            kept = kept[os.write(self._fd, kept) :]

    def finish(self, name: str, path: Path) -> Part:
        """Bring it to the disk under its own name. Raises OSError."""
        os.fsync(self._fd)
        self.close()
        os.rename(self._path, path)
        return Part(name, path.name, self.size, self._hash.hexdigest(), self.cut)

    def close(self) -> None:
        if self._fd >= 0:
            os.close(self._fd)
        self._fd = -1

    def discard(self) -> None:
        self.close()
        with contextlib.suppress(OSError):
            os.unlink(self._path)


class Keeper:
    """Keeps one item, in a `with` block: parts are written, then `keep` makes them evidence; else nothing stays.

    All of it raises IncidentError where the incident cannot be written.
    """

    def __init__(self, incident: Incident, most: int = MOST) -> None:
        """`most`: bytes of one part that are kept."""
        self._incident = incident
        self._folder = incident.folder / FOLDER
        self.most = most
        self._open: dict[str, PartWriter] = {}
        self._made: list[Path] = []
        self._kept = False

    def __enter__(self) -> Keeper:
        if self._incident.read_only:
            raise IncidentError(f"{self._incident.folder} cannot be written; the incident is open read-only.")
        try:
            self._folder.mkdir(mode=0o700, exist_ok=True)
        except OSError as error:
            raise _not_kept(error, self._folder) from None
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        for writer in self._open.values():
            writer.discard()
        if not self._kept:
            for path in self._made:
                with contextlib.suppress(OSError):
                    os.unlink(path)

    def write(self, part: str, data: bytes) -> None:
        """Add bytes to a part; the first one named is the one that the item is of."""
        try:
            if part not in self._open:
                most = MOST if part == "provenance" else self.most
                self._open[part] = PartWriter(self._folder / f".{secrets.token_hex(8)}.part", most)
            self._open[part].write(data)
        except OSError as error:
            raise _not_kept(error, self._folder) from None

    def size_of(self, part: str) -> int:
        """How many bytes of a part came, kept or not."""
        writer = self._open.get(part)
        return 0 if writer is None else writer.size + writer.cut

    def keep(
        self,
        title: str,
        kind: str,
        provenance: Mapping[str, Any],
        *,
        source: str = "",
        at: str = "",
        window: tuple[str, str] | None = None,
        trace_id: str = "",
        covers: Mapping[str, str] | None = None,
    ) -> Evidence:
        """Give the files their names, and then tell the journal of them; returns the item once the disk has it.

        The incident's state has it after its next `refresh`.
        """
        title = one_line(title)
        about = {"at": at or None, "source": source or None, "trace_id": trace_id or None}
        between = None if window is None else {"from": window[0], "to": window[1]}
        with contextlib.ExitStack() as stack:
            try:
                stack.enter_context(locked(self._incident.folder / LOCK))
                name = self._claim_name()
                parts = [self._finish(name, part) for part in list(self._open)]
                facts = {"title": title, "kind": kind, **about, "window": between, **provenance}
                facts["parts"] = [part_data(part) for part in parts]
                self.write("provenance", msgspec.json.format(msgspec.json.encode(facts), indent=2) + b"\n")
                parts.append(self._finish(name, "provenance"))
                sync_folder(self._folder)
            except OSError as error:
                raise _not_kept(error, self._folder) from None
            told = {"source": source, "at": at, "trace_id": trace_id}
            data = as_data(name, title, kind, parts, window=window, covers=covers, **told)
            entry = self._incident.add_evidence(data)
            self._kept = True
        return evidence_of(entry, "", self._incident.by, data, ())

    def keep_window(self, item: Evidence, provenance: Mapping[str, Any], data: Mapping[str, Any]) -> str:
        """Give the window that was written a name beside the files of an item, and tell the journal; its entry's id.

        Nothing that is there is written over. data: what else the entry says.
        """
        earlier = next((part for part in item.parts if part.name == WINDOW), None)
        replaces = None if earlier is None else part_data(earlier)
        with contextlib.ExitStack() as stack:
            try:
                stack.enter_context(locked(self._incident.folder / LOCK))
                now = {each.id: each.label for each in self._incident.state.evidence}
                label = now.get(item.id, item.label)
                name = f"{label}.window.{secrets.token_hex(4)}"  # no other copy of the incident has it
                window = self._finish_as(WINDOW, f"{name}.log")
                facts = {"of": label, "replaces": replaces, **provenance, "parts": [part_data(window)]}
                self.write("provenance", msgspec.json.format(msgspec.json.encode(facts), indent=2) + b"\n")
                told = self._finish_as("provenance", f"{name}.json")
                sync_folder(self._folder)
            except OSError as error:
                raise _not_kept(error, self._folder) from None
            parts = [part_data(window), {**part_data(told), "part": OF_WINDOW}]
            about = {"evidence": item.id, "name": label, "replaces": replaces}
            entry = self._incident.write("evidence.window", {**about, **data, "parts": parts})
            self._kept = True
        return entry

    def _claim_name(self) -> str:
        """A name that no other process has: an empty file of it is made, which the first part then replaces."""
        numbers = [int(match[1]) for each in os.listdir(self._folder) if (match := _NAME.match(each))]
        told = [number_of(each.label) for each in self._incident.state.evidence]  # their files may be lost
        number = max([*numbers, *told], default=0) + 1
        while True:
            path = self._folder / f"E{number}.log"
            try:
                os.close(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o600))
            except FileExistsError:
                number += 1
            else:
                self._made.append(path)
                return f"E{number}"

    def _finish(self, name: str, part: str) -> Part:
        first = len(self._made) == 1
        ending = "json" if part == "provenance" else "log" if first else f"{part}.log"
        return self._finish_as(part, f"{name}.{ending}")

    def _finish_as(self, part: str, file: str) -> Part:
        path = self._folder / file
        finished = self._open[part].finish(part, path)
        del self._open[part]
        self._made.append(path)
        return finished


class Verdict(Enum):
    """What became of the bytes of an item since it was kept."""

    OK = "ok"
    CHANGED = "changed"
    MISSING = "missing"


@dataclass(frozen=True, slots=True)
class Verified:
    """An item held against its hashes; `parts`: the names of those that are not as they were."""

    evidence: Evidence
    verdict: Verdict
    parts: tuple[str, ...]


def verify(incident: Incident, each: Evidence) -> Verified:
    """Hash the files of an item again."""
    found = {part.file: _verdict(incident.folder / FOLDER / part.file, part) for part in each.parts}
    worst = next((verdict for verdict in (Verdict.MISSING, Verdict.CHANGED) if verdict in found.values()), Verdict.OK)
    return Verified(each, worst, tuple(file for file, verdict in found.items() if verdict is not Verdict.OK))


def one_line(title: str) -> str:
    """A title on one line, without halves of characters, at most 10 000 characters; never empty."""
    plain = title.encode("utf-8", "replace").decode()
    return " ".join(plain.split())[:_TITLE].strip() or "evidence"


def read_part(incident: Incident, part: Part, most: int) -> bytes | None:
    """The first bytes of a part; None where it cannot be read."""
    try:
        with (incident.folder / FOLDER / part.file).open("rb") as file:
            return file.read(most)
    except OSError:
        return None


def read_provenance(incident: Incident, item: Evidence, name: str = "provenance") -> dict[str, Any]:
    """What a provenance of an item tells, the part of that name; nothing where it cannot be read."""
    part = next((each for each in item.parts if each.name == name), None)
    data = read_part(incident, part, MOST) if part is not None else None
    try:
        value = msgspec.json.decode(data or b"")
    except (ValueError, RecursionError):
        return {}
    return value if isinstance(value, dict) else {}


def still_there(provenance: Mapping[str, Any], record: bytes) -> bool | None:
    """Whether the bytes of a record still stand in the log where they were captured; None where that is not told."""
    place = provenance.get("record")
    span = place.get("bytes") if isinstance(place, dict) else None
    if not isinstance(place, dict) or not isinstance(span, list) or not record:
        return None
    try:
        with open(str(place.get("path")), "rb") as file:
            file.seek(int(span[0]))
            return file.read(min(len(record), int(span[1]) - int(span[0]))) == record[: int(span[1]) - int(span[0])]
    except (OSError, ValueError, TypeError, IndexError):
        return False


def _verdict(path: Path, part: Part) -> Verdict:
    digest = hashlib.sha256()
    try:
        with path.open("rb") as file:
            while data := file.read(_BLOCK):
                digest.update(data)
    except OSError:
        return Verdict.MISSING
    return Verdict.OK if digest.hexdigest() == part.sha256 else Verdict.CHANGED


def _not_kept(error: OSError, folder: Path) -> IncidentError:
    return IncidentError(f"{folder} cannot hold the evidence: {error.strerror}. Nothing was kept.")
