"""Themes as files: ours and the person's own, checked before Textual sees them."""

from __future__ import annotations

import difflib
from collections.abc import Iterable
from pathlib import Path

import msgspec
from textual.color import Color, ColorParseError
from textual.theme import BUILTIN_THEMES, Theme

from cockpit import paths


class ThemeError(Exception):
    """A theme that cannot be used, in one sentence."""


class _ThemeFile(msgspec.Struct, forbid_unknown_fields=True, kw_only=True):
    """What a theme file may say."""

    name: str
    primary: str
    secondary: str | None = None
    accent: str | None = None
    warning: str | None = None
    error: str | None = None
    success: str | None = None
    foreground: str | None = None
    background: str | None = None
    surface: str | None = None
    panel: str | None = None
    dark: bool = True
    ansi: bool = False
    variables: dict[str, str] = {}


def load_theme(file: Path) -> Theme:
    """Read a theme from a TOML file. Raises ThemeError with file and key for what is wrong in it."""
    try:
        values = msgspec.toml.decode(file.read_bytes(), type=_ThemeFile)
    except OSError as error:
        raise ThemeError(f"{file}: cannot be read: {error.strerror}.") from None
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        raise ThemeError(f"{file}: {error}.") from None
    for name in _ThemeFile.__struct_fields__:
        value = getattr(values, name)
        if name not in ("name", "dark", "ansi", "variables") and value is not None:
            try:
                Color.parse(value)
            except ColorParseError:
                raise ThemeError(f"{file}: {name} = {value!r} is no colour.") from None
    return Theme(**{name: getattr(values, name) for name in _ThemeFile.__struct_fields__})


def find_themes(problems: list[str]) -> dict[str, Theme]:
    """All themes by name: shipped ones, then the person's own over them. Unusable files become `problems`."""
    found: dict[str, Theme] = {}
    for folder in (paths.shipped_themes_dir(), paths.own_themes_dir()):
        for file in sorted(folder.glob("*.toml")) if folder.is_dir() else ():
            try:
                theme = load_theme(file)
            except ThemeError as error:
                problems.append(str(error))
            else:
                found[theme.name] = theme
    return found


def choose(name: str, found: Iterable[str]) -> str:
    """The theme of a name: one of ours, or of Textual's. Raises ThemeError with the nearest known name."""
    known = {*found, *BUILTIN_THEMES}
    if name in known:
        return name
    near = difflib.get_close_matches(name, known, 1)
    hint = f"did you mean {near[0]!r}?" if near else f"known: {', '.join(sorted(known))}."
    raise ThemeError(f"There is no theme {name!r}; {hint}")
