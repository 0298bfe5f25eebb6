"""Where things are: the one file that knows directories."""

from __future__ import annotations

import os
from pathlib import Path

APP = "cockpit"


def config_dir() -> Path:
    """The person's own settings, themes and formats."""
    return _xdg("XDG_CONFIG_HOME", "config")


def data_dir() -> Path:
    """What is kept: incidents."""
    return _xdg("XDG_DATA_HOME", "data")


def state_dir() -> Path:
    """What the program remembers about itself: its own log."""
    return _xdg("XDG_STATE_HOME", "state")


def config_file() -> Path:
    return config_dir() / "config.toml"


def filters_file() -> Path:
    """The filters that the person keeps by name."""
    return config_dir() / "filters.toml"


def incidents_dir() -> Path:
    """The folder of incidents where no other is named."""
    return data_dir() / "incidents"


def own_log() -> Path:
    """Our own log of what went wrong in us."""
    return state_dir() / "cockpit.log"


def guide_file() -> Path:
    """Whether the guide's line is shown: `on` or `off`."""
    return state_dir() / "guide"


def own_themes_dir() -> Path:
    """The person's themes."""
    return config_dir() / "themes"


def own_formats_dir() -> Path:
    """The person's descriptions of log formats."""
    return config_dir() / "formats"


def shipped_themes_dir() -> Path:
    """The themes we ship: beside the package in a checkout, inside it when installed."""
    package = Path(__file__).resolve().parent
    inside = package / "themes"
    return inside if inside.is_dir() else package.parent / "themes"


def expanded(text: str) -> Path:
    """A path as a person types it; `~` is their home. A `~name` of nobody stays as it stands."""
    path = Path(text)
    try:
        return path.expanduser()
    except RuntimeError:
        return path


def _xdg(variable: str, kind: str) -> Path:
    """An XDG folder where the variable names one (on every system), else the system's own place for it."""
    if os.environ.get(variable):
        return Path(os.environ[variable]) / APP
    import platformdirs

    folder = {
        "config": platformdirs.user_config_path,
        "data": platformdirs.user_data_path,
        "state": platformdirs.user_state_path,
    }[kind]
    return folder(APP, appauthor=False)
