"""Settings: `config.toml`, overridden by `COCKPIT_*` variables, overridden by options of the command line.

Wrong settings raise ConfigError with the file, the key and the nearest valid one; nothing is ignored in silence.
"""

from __future__ import annotations

import difflib
import os
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Annotated, Any

import msgspec

from cockpit import paths
from cockpit.zones import ZoneError, over, parse_zone, read_zones


class ConfigError(Exception):
    """A setting that cannot be used, in one sentence for the person who wrote it."""


class Fields(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Which fields of records the rows of the logs show at the start: as columns, in this order, or not at all."""

    show: tuple[str, ...] = ()
    hide: tuple[str, ...] = ()


class Config(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Every setting, its type and its default. The keys of `config.toml` are these names."""

    theme: str = "cockpit-dark"
    """Name of a theme: shipped, in the themes folder of the person, or one of Textual's own."""
    incidents: str = ""
    """Folder of incidents; empty: the data folder of the person."""
    repo: str = ""
    """Repository whose commits are shown; empty: the one around the first source or the current folder."""
    repos: tuple[str, ...] = ()
    """More repositories of what runs here: their commits are suspects too, their moves of HEAD are deploys."""
    path_map: dict[str, str] = {}
    """Under which root something is deployed, and what that is in its repository (`"/srv/app" = "services/shop"`)."""
    incident: str = ""
    """Name of the incident to open; empty: a new one, or as the start screen offers."""
    since: str = ""
    """Index nothing that was logged before this time (`2h ago`, `10:00`); empty: everything."""
    follow: bool = True
    """Take in what is appended to the logs; without it they are read once, and the host is left alone."""
    format: str = ""
    """Read every source as this format (`cockpit formats` lists them); empty: as each looks."""
    history: bool = False
    """Open the rotated files of each log too (app.log.1, app.log.2.gz); packed ones are unpacked into the spool."""
    user: str = ""
    """The name under which one writes; empty: the login name."""
    utc: bool = False
    """Show times in UTC instead of the host's zone."""
    zones: dict[str, str] = {}
    """Zones of times that name none, by a source's name or a pattern of its path (`Europe/Berlin`, `+02:00`)."""
    deploys: str = ""
    """Shell command that prints what was deployed when, a line each: `TIME REF TITLE`; empty: none."""
    fields: Fields = Fields()
    """Fields that rows of the logs show as columns (`show`) or leave out (`hide`)."""
    poll_seconds: Annotated[float, msgspec.Meta(ge=0.05, le=3600)] = 1.0
    """How often files are looked at where the system gives no notice (NFS, FUSE)."""
    fps: Annotated[int, msgspec.Meta(ge=0, le=120)] = 0
    """Most screen updates a second; 0: 30 locally, 15 over SSH."""

    def incidents_dir(self) -> Path:
        return paths.expanded(self.incidents) if self.incidents else paths.incidents_dir()


def load(file: Path | None, environ: Mapping[str, str], options: Mapping[str, Any]) -> Config:
    """The settings in force. `file` None means the person's own config.toml, which may be absent.

    Raises ConfigError for a file that is missing although named, unreadable or no TOML, an unknown key, a wrong type.
    """
    values = _from_file(file)
    told = {name: environ.get(f"COCKPIT_{name.upper()}") for name in Config.__struct_fields__}
    variables = {name: _from_text(name, text) for name, text in told.items() if text}
    for layer in (variables, {name: value for name, value in options.items() if value is not None}):
        zones = over(values.get("zones", {}), layer.get("zones", {}))
        mapped = {**values.get("path_map", {}), **layer.get("path_map", {})}
        values.update({**layer, "zones": zones, "path_map": mapped})
    return _convert(values, "the command line")


def _from_file(file: Path | None) -> dict[str, Any]:
    path = file or paths.config_file()
    try:
        text = path.read_bytes()
    except FileNotFoundError:
        if file is None:
            return {}
        raise ConfigError(f"{path}: there is no such settings file.") from None
    except OSError as error:
        raise ConfigError(f"{path}: cannot be read: {error.strerror}.") from None
    try:
        values = msgspec.toml.decode(text)
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        raise ConfigError(f"{path}: not valid TOML: {error}.") from None
    _convert(values, str(path))
    return dict(values)


def _convert(values: Mapping[str, Any], where: str) -> Config:
    unknown = [name for name in values if name not in Config.__struct_fields__]
    if unknown:
        near = difflib.get_close_matches(unknown[0], Config.__struct_fields__, 1)
        hint = f"did you mean {near[0]!r}?" if near else f"known: {', '.join(Config.__struct_fields__)}."
        raise ConfigError(f"{where}: unknown setting {unknown[0]!r}; {hint}")
    try:
        made = msgspec.convert(dict(values), Config)
    except msgspec.ValidationError as error:
        raise ConfigError(f"{where}: {error}.") from None
    for pattern, zone in made.zones.items():
        try:
            parse_zone(zone)
        except ZoneError as error:
            raise ConfigError(f"{where}: zones, {pattern!r}: {error}") from None
    for name in set(made.fields.show) & set(made.fields.hide):
        raise ConfigError(f"{where}: fields: {name!r} cannot be both shown and hidden.")
    if made.poll_seconds != made.poll_seconds:
        raise ConfigError(f"{where}: poll_seconds is no number.")
    return made


def _from_text(name: str, text: str) -> Any:
    kind = type(getattr(Config(), name))
    if kind is Fields:
        raise ConfigError(f"COCKPIT_{name.upper()}: this is a table, [{name}]; write it in config.toml.")
    try:
        if name == "zones":
            return read_zones(text.split(","))
        if name == "path_map":
            return read_path_map(text.split(","))
        if kind is tuple:
            return tuple(each for each in text.split(os.pathsep) if each)
        if kind is bool:
            return {"1": True, "true": True, "yes": True, "0": False, "false": False, "no": False}[text.lower()]
        return kind(text)
    except (ZoneError, ConfigError) as error:
        raise ConfigError(f"COCKPIT_{name.upper()}: {error}") from None
    except (KeyError, ValueError):
        raise ConfigError(f"COCKPIT_{name.upper()}: {text!r} is not a {kind.__name__}.") from None


def read_path_map(given: Sequence[str]) -> dict[str, str]:
    """What `/srv/app=services/shop` says, each of several. Raises ConfigError."""
    found = {}
    for text in given:
        root, separator, place = text.partition("=")
        if not separator or not root.strip():
            raise ConfigError(f"{text!r} is no map. Example: /srv/app=services/shop")
        found[root.strip()] = place.strip()
    return found


def environment() -> Mapping[str, str]:
    """The variables of this process."""
    return os.environ
