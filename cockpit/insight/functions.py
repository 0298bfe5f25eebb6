"""Where a function begins and ends in a file, by indentation and the words that begin one; no grammar. Pure."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

_WORDS = re.compile(
    r"^\s*(?:(?:export|default|public|private|protected|internal|static|final|abstract|override|async|inline|virtual|"
    r"pub(?:\([^)]*\))?|unsafe|extern|const|suspend|open|sealed|async)\s+)*"
    r"(?:def|fn|func|fun|function\*?|sub|defp?|defmacro|proc|method)\s+(?:\([^)]*\)\s*)?(?:self\.)?(?P<name>[\w$?!]+)"
)
_ASSIGNED = re.compile(
    r"^\s*(?:export\s+)?(?:const|let|var)\s+(?P<name>[\w$]+)\s*=\s*(?:async\s*)?(?:function|\(?[\w$,\s{}]*\)?\s*=>)"
)
_BEFORE_NAME = re.compile(r"[\w\s:<>,\[\]*&~.@?]*")
_NAME = re.compile(r"[\w$:~]+$")
_CONTROL = (
    "if for while switch return catch else do sizeof case throw new delete assert elif with except foreach when match "
    "unless until using lock fixed synchronized and or not in is await yield"
)
_FAR = 2000  # lines that are looked at on either side


@dataclass(frozen=True, slots=True)
class Span:
    """Lines of a file, both included, 1-based. name: the function's; empty where none was recognised."""

    first: int
    last: int
    name: str = ""


def defined(line: str) -> str:
    """The function whose definition a line begins; empty where it begins none."""
    match = _WORDS.match(line) or _ASSIGNED.match(line)
    if match is not None:
        return match["name"]
    return _shaped_like_a_call(line[:400])


def _shaped_like_a_call(line: str) -> str:
    """The name in `static int sum(int items) {`, at the margin also without a brace."""
    head, opened, rest = line.partition("(")
    named = _NAME.search(head.rstrip())
    if not opened or named is None or line.lstrip().startswith(("#", "*", "//", "return ", "else ", "}")):
        return ""
    name, rest = named[0], rest.rstrip()
    if name in _CONTROL.split() or name.isupper() or "each" in name.lower() or name.isdigit():
        return ""
    if not _BEFORE_NAME.fullmatch(head[: named.start()]) or rest.endswith((";", "))", "),")):
        return ""
    at_margin = not line[0].isspace() and not rest.endswith(":")
    return name.rpartition("::")[2] if rest.endswith("{") or at_margin else ""


def function_around(lines: Sequence[str], number: int) -> Span:
    """The function in which a line (1-based) stands; some lines around it where none is recognised."""
    place = min(max(number, 1), max(len(lines), 1)) - 1
    depth = _depth(lines, place)
    for start in range(place, max(-1, place - _FAR), -1):
        line = lines[start] if lines else ""
        if not line.strip():
            continue
        indent = _indent(line)
        if (indent < depth or start == place) and (name := defined(line)):
            return Span(start + 1, _end(lines, start), name)
        if indent < depth and line.strip()[0] not in "{})" and not line.startswith("#"):
            depth = indent if not _is_label(line) else depth
            if depth == 0:
                depth = 1
    return Span(max(1, place - 9), min(len(lines), place + 11))


def function_named(lines: Sequence[str], name: str, near: int | None) -> Span | None:
    """The function of this name, of several the one nearest to a line; None where there is none."""
    found = [place for place, line in enumerate(lines) if name in line and defined(line) == name]
    if not found:
        return None
    start = min(found, key=lambda place: abs(place + 1 - (near or 1)))
    return Span(start + 1, _end(lines, start), name)


def _depth(lines: Sequence[str], place: int) -> int:
    """How far the code at a line is indented; a line that says nothing of it counts as the next that does."""
    for line in lines[place : place + 20]:
        if line.strip() and not _is_label(line) and not line.startswith("#"):
            return max(1, _indent(line)) if line.strip() != "}" else _indent(line) + 1
    return 1


def _end(lines: Sequence[str], start: int) -> int:
    """The last line (1-based) of what begins at a place (0-based)."""
    indent, last = _indent(lines[start]), start
    for place in range(start + 1, min(len(lines), start + _FAR)):
        line = lines[place]
        stripped = line.strip()
        if not stripped or line.startswith("#") or _is_label(line):
            continue
        if _indent(line) > indent or stripped[0] in "{)":
            last = place
        elif stripped[0] == "}" or stripped in ("end", "end;"):
            return place + 1
        else:
            break
    return last + 1


def _indent(line: str) -> int:
    expanded = line.expandtabs(8)
    return len(expanded) - len(expanded.lstrip())


def _is_label(line: str) -> bool:
    return re.match(r"^\s?\w+:\s*$", line) is not None and not line.startswith(("else", "try", "finally"))
