"""The person's own formats: files that describe how their services write lines, tried before the known ones."""

from __future__ import annotations

import difflib
import re
from pathlib import Path
from typing import Any

import msgspec

from cockpit.logs.described import Heads, Known, Reader
from cockpit.logs.formats import FormatError, Teller, named
from cockpit.logs.levels import SEARCHED, Level, level_of_word

_KEYS = ("name", "line", "heads", "levels", "samples")
_HEADS = {"timed": Heads.TIMED, "every": Heads.EVERY, "unindented": Heads.UNINDENTED, "levelled": Heads.LEVELLED}


def load_formats(folder: Path, problems: list[str]) -> tuple[Known, ...]:
    """The formats of all `*.toml` files in a folder, by name; those that cannot be used become `problems`."""
    found: dict[str, Known] = {}
    for file in sorted(folder.glob("*.toml")) if folder.is_dir() else ():
        try:
            known = load_format(file)
        except FormatError as error:
            problems.append(str(error))
        else:
            found[known.name] = known
    return tuple(found.values())


def teller(folder: Path, forced: str, problems: list[str]) -> Teller:
    """What tells formats with those of a folder; a forced one (empty: none) that is not known becomes a problem."""
    own = load_formats(folder, problems)
    try:
        return Teller(own, named(forced, own).name if forced else None)
    except FormatError as error:
        problems.append(str(error))
        return Teller(own)


def load_format(file: Path) -> Known:
    """A format from its file. Raises FormatError with the file, the line and what is wrong there.

    line: a regular expression whose group `time` holds the time, `level` the level, `message` the message, and every
    other named group a field; name: what to call it; heads: which lines begin a record (timed, every, unindented,
    levelled); levels: what level words mean that mean otherwise elsewhere; samples: lines that it must match.
    """
    try:
        text = file.read_text("utf-8")
        values = msgspec.toml.decode(text)
    except OSError as error:
        raise FormatError(f"{file}: cannot be read: {error.strerror}.") from None
    except (ValueError, msgspec.DecodeError) as error:
        raise FormatError(f"{file}: not valid TOML: {error}.") from None

    def wrong(key: str, why: str) -> FormatError:
        place = next((n for n, each in enumerate(text.split("\n"), 1) if each.lstrip().startswith(key)), 1)
        return FormatError(f"{file}, line {place}: {why}")

    for key in values:
        if key not in _KEYS:
            near = difflib.get_close_matches(key, _KEYS, 1)
            hint = f"did you mean {near[0]!r}?" if near else f"known: {', '.join(_KEYS)}."
            raise wrong(key, f"unknown key {key!r}; {hint}")
    for key in ("name", "line"):
        if not isinstance(values.get(key), str) or not values[key].strip():
            raise wrong(key, f"{key} is missing; it is a text.")
    try:
        line = re.compile(values["line"].encode())
    except re.error as error:
        raise wrong("line", f"no regular expression: {error}.") from None
    if not {"time", "message"} & line.groupindex.keys():
        raise wrong("line", "names neither (?P<time>…) nor (?P<message>…); without them it tells nothing.")
    heads = _HEADS.get(values.get("heads", "timed" if "time" in line.groupindex else "every"))
    if heads is None:
        raise wrong("heads", f"{values['heads']!r} is none of {', '.join(_HEADS)}.")
    for sample in values.get("samples", ()):
        if not isinstance(sample, str) or line.match(sample.encode()) is None:
            raise wrong("samples", f"the sample {str(sample)[:60]!r} does not match the expression.")
    level_at = None if "level" in line.groupindex else SEARCHED
    levels = _levels(values.get("levels", {}), wrong)
    return Known(values["name"], heads, Reader.LINE, line, level_at=level_at, levels=levels)


def _levels(given: Any, wrong: Any) -> dict[bytes, Level]:
    levels: dict[bytes, Level] = {}
    if not isinstance(given, dict):
        raise wrong("levels", "levels is a table of words: levels = { W = 'warning' }.")
    for word, meant in given.items():
        level = level_of_word(str(meant))
        if not level or len(str(meant)) < 2:
            raise wrong("levels", f"{meant!r} is no level; known: trace debug info notice warning error critical.")
        levels[word.lower().encode()] = level
    return levels
