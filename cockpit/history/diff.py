"""What a commit changed, file by file, from the patch that git prints. Pure."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from cockpit.history.commits import Commit

_HUNK = re.compile(r"^@@ -([0-9]{1,9})(?:,([0-9]{1,9}))? \+([0-9]{1,9})(?:,([0-9]{1,9}))? @@ ?(.*)$")
_OCTAL = re.compile(r"[0-3][0-7]{2}")
_ESCAPES = {"n": "\n", "t": "\t", "r": "\r", "a": "\a", "b": "\b", "f": "\f", "v": "\v", '"': '"', "\\": "\\"}


@dataclass(frozen=True, slots=True)
class DiffLine:
    """A line of a hunk. kind: ` ` kept, `+` added, `-` removed, `\\` a remark of git's; numbers are 1-based."""

    kind: str
    text: str
    old_number: int | None
    new_number: int | None


@dataclass(slots=True)
class Hunk:
    """Lines that changed together, with those around them. heading: the function git found before them."""

    old_start: int
    new_start: int
    heading: str
    lines: list[DiffLine] = field(default_factory=list)


@dataclass(slots=True)
class FileChange:
    """One file. status: A added, M changed, D deleted, R renamed, C copied."""

    path: str
    old_path: str
    status: str = "M"
    binary: bool = False
    hunks: list[Hunk] = field(default_factory=list)

    @property
    def added(self) -> int:
        return sum(line.kind == "+" for hunk in self.hunks for line in hunk.lines)

    @property
    def removed(self) -> int:
        return sum(line.kind == "-" for hunk in self.hunks for line in hunk.lines)


@dataclass(frozen=True, slots=True)
class CommitDetail:
    """A commit with its message and files. note: what to know of the diff; cut: it was too large to read whole."""

    commit: Commit
    message: str
    files: tuple[FileChange, ...]
    note: str
    cut: bool


def parse_patch(data: bytes) -> tuple[FileChange, ...]:
    """The files of a patch. Other lines are passed over; a patch that breaks off is taken as far as it goes."""
    files: list[FileChange] = []
    hunk: Hunk | None = None
    left_old = left_new = 0
    old = new = 0
    for raw in data.decode("utf-8", "replace").split("\n"):
        if hunk is not None and (left_old > 0 or left_new > 0 or raw.startswith("\\")):
            kind, text = (raw[:1], raw[1:]) if raw else (" ", "")
            hunk.lines.append(DiffLine(kind, text, old if kind in " -" else None, new if kind in " +" else None))
            old, new = old + (kind in " -"), new + (kind in " +")
            left_old, left_new = left_old - (kind in " -"), left_new - (kind in " +")
            continue
        match = _HUNK.match(raw) if files else None
        if match is not None:
            old, new = int(match[1]), int(match[3])
            hunk = Hunk(old, new, match[5])
            files[-1].hunks.append(hunk)
            left_old, left_new = _length(match[2]), _length(match[4])
        elif raw.startswith("diff --git "):
            hunk = None
            files.append(_begun(raw.removeprefix("diff --git ")))
        elif files:
            _header(files[-1], raw)
    return tuple(files)


def _length(text: str | None) -> int:
    return 1 if text is None else int(text)


def _begun(names: str) -> FileChange:
    """A file from `a/x b/x`; where the names differ, the lines that follow say so."""
    if names.startswith('"'):
        quoted = re.findall(r'"((?:[^"\\]|\\.)*)"', names)
        path = _unquoted(quoted[-1])[2:] if quoted else names
    else:
        path = names[len(names) // 2 + 1 :][2:]
    return FileChange(path, path)


def _header(change: FileChange, line: str) -> None:
    name, _, rest = line.partition(" ")
    if line.startswith("new file mode"):
        change.status = "A"
    elif line.startswith("deleted file mode"):
        change.status = "D"
    elif line.startswith(("rename from ", "copy from ")):
        change.old_path = _path(line.split(" from ", 1)[1])
        change.status = "R" if name == "rename" else "C"
    elif line.startswith(("rename to ", "copy to ")):
        change.path = _path(line.split(" to ", 1)[1])
    elif line.startswith(("Binary files ", "GIT binary patch")):
        change.binary = True
    elif name == "+++" and rest.rstrip("\t") != "/dev/null":
        change.path = _path(rest.rstrip("\t"))[2:]
    elif name == "---" and rest.rstrip("\t") != "/dev/null":
        change.old_path = _path(rest.rstrip("\t"))[2:]


def _path(text: str) -> str:
    return _unquoted(text[1:-1]) if text.startswith('"') and text.endswith('"') else text


def _unquoted(text: str) -> str:
    """A path as git quotes it, with C escapes and octal bytes."""
    result = bytearray()
    position = 0
    while position < len(text):
        letter = text[position]
        if letter != "\\" or position + 1 >= len(text):
            result += letter.encode("utf-8", "replace")
            position += 1
        elif _OCTAL.match(text, position + 1):
            result.append(int(text[position + 1 : position + 4], 8) & 255)
            position += 4
        else:
            result += _ESCAPES.get(text[position + 1], text[position + 1]).encode()
            position += 2
    return result.decode("utf-8", "replace")
