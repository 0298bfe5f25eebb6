"""Options that several commands share, and the settings they make."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

if TYPE_CHECKING:
    from cockpit.config import Config
    from cockpit.incident.store import Incident

incident_option = click.option("--incident", metavar="NAME", help="Incident to work in: its name or part of it.")
incidents_option = click.option("--incidents", metavar="DIR", help="Folder that holds the incidents.")
zone_option = click.option(
    "--zone",
    metavar="[NAME=]ZONE",
    multiple=True,
    help="Zone of times that name none: Europe/Berlin, +02:00, UTC; of one source, or of all.",
)
map_option = click.option(
    "--map",
    "path_map",
    metavar="A=B",
    multiple=True,
    help="Deployed under A, in the repository B: /srv/app=services/shop.",
)
config_option = click.option("--config", metavar="FILE", help="Settings file instead of your own config.toml.")


def incident_options(command: Callable[..., None]) -> Callable[..., None]:
    """The options of a command that acts on an incident."""
    return incident_option(incidents_option(config_option(command)))


def load_config(options: dict[str, Any]) -> Config:
    """The settings in force for these options. Raises ConfigError."""
    from cockpit.config import environment, load

    file = options.get("config")
    kept = {
        name: options.get(name) for name in ("incident", "incidents", "theme", "since", "follow", "history", "format")
    }
    named = options.get("repo") or ()
    named = (named,) if isinstance(named, str) else named
    chosen = {
        "repo": named[0] if named else None,
        "repos": named[1:] if named else None,
        "zones": _zones(options.get("zone") or ()),
        "path_map": _path_map(options.get("path_map") or ()) or None,
    }
    return load(Path(file) if file else None, environment(), {**kept, **chosen})


def _path_map(given: Sequence[str]) -> dict[str, str]:
    """What the options --map say. Raises Failure."""
    from cockpit.cli.failing import Failure
    from cockpit.config import ConfigError, read_path_map

    try:
        return read_path_map(given)
    except ConfigError as error:
        raise Failure(f"--map: {error}") from None


def _zones(given: tuple[str, ...]) -> dict[str, str] | None:
    """Zones by source, as options name them; None where none does. Raises Failure."""
    from cockpit.cli.failing import Failure
    from cockpit.zones import ZoneError, read_zones

    try:
        return read_zones(given) or None
    except ZoneError as error:
        raise Failure(f"--zone: {error}") from None


def over(parent: dict[str, Any] | None, options: dict[str, Any]) -> dict[str, Any]:
    """Options given after the command go before those given before it."""
    merged = dict(parent or {})
    merged.update({name: value for name, value in options.items() if value is not None or name not in merged})
    return merged


def user_of(config: Config) -> str:
    """Who writes: `ana@web-1`."""
    import getpass

    from cockpit.host.vitals import host_name

    try:
        name = config.user or getpass.getuser()
    except (KeyError, OSError):
        name = "somebody"
    return f"{name}@{host_name()}"


def incident_of(parent: dict[str, Any] | None, options: dict[str, Any]) -> Incident:
    """The incident a command acts on, by the options before it and after it. Raises IncidentError, Failure."""
    options = over(parent, options)
    return incident_in_use(load_config(options))


def incident_in_use(config: Config) -> Incident:
    """The incident a command acts on: the one named, else the one opened last. Raises IncidentError, Failure."""
    from cockpit.cli.failing import Failure
    from cockpit.clock import SystemClock
    from cockpit.incident.library import find, last_opened
    from cockpit.incident.store import Incident

    root = config.incidents_dir()
    folder = find(root, config.incident) if config.incident else last_opened(root)
    if folder is None:
        raise Failure(f"No incident has been opened in {root}. Open one with: cockpit --incident NAME")
    return Incident.open(folder, SystemClock(), user_of(config))
