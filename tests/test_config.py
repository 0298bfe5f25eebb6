"""Settings: file, environment and options in their order; whatever cannot be used is told, with the nearest that can.

And where things are kept.
"""

from __future__ import annotations

import contextlib
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cockpit import paths
from cockpit.config import Config, ConfigError, Fields, environment, load


@pytest.fixture
def own_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The person's own config.toml; it is not there yet, its folder is."""
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path))
    (tmp_path / "cockpit").mkdir()
    return tmp_path / "cockpit/config.toml"


def test_without_any_settings_the_defaults_are_in_force(own_file: Path) -> None:
    assert load(None, {}, {}) == Config()
    assert Config().theme == "cockpit-dark"


def test_the_file_goes_before_the_defaults(own_file: Path) -> None:
    own_file.write_text('theme = "cockpit-light"\nutc = true\npoll_seconds = 2\nfps = 10\nuser = "ana"\n')
    assert load(None, {}, {}) == Config(theme="cockpit-light", utc=True, poll_seconds=2.0, fps=10, user="ana")


def test_the_environment_goes_before_the_file_and_options_before_both(own_file: Path) -> None:
    own_file.write_text('theme = "of the file"\nuser = "of the file"\nrepo = "of the file"\n')
    environ = {"COCKPIT_USER": "of the environment", "COCKPIT_REPO": "of the environment", "COCKPIT_UTC": ""}
    config = load(None, environ, {"repo": "of the options", "theme": None})
    assert (config.theme, config.user, config.repo) == ("of the file", "of the environment", "of the options")
    assert config.utc is False


def test_a_named_file_stands_in_for_ones_own(own_file: Path, tmp_path: Path) -> None:
    own_file.write_text('user = "own"\ntheme = "own"\n')
    named = tmp_path / "named.toml"
    named.write_text('user = "named"\n')
    assert load(named, {}, {}) == Config(user="named")


@pytest.mark.parametrize(
    ("name", "text", "value"),
    [
        ("utc", "yes", True),
        ("utc", "TRUE", True),
        ("utc", "1", True),
        ("utc", "no", False),
        ("utc", "0", False),
        ("fps", "20", 20),
        ("poll_seconds", "0.25", 0.25),
        ("poll_seconds", "3", 3.0),
        ("theme", "grün", "grün"),
        ("incident", "007", "007"),
        ("repos", "/srv/shop:/srv/pay", ("/srv/shop", "/srv/pay")),
        ("path_map", "/srv/app=services/shop, /app=", {"/srv/app": "services/shop", "/app": ""}),
    ],
)
def test_the_environment_is_read_as_the_setting_is_meant(own_file: Path, name: str, text: str, value: object) -> None:
    found = getattr(load(None, {f"COCKPIT_{name.upper()}": text}, {}), name)
    assert (found, type(found)) == (value, type(value))


def test_a_path_map_of_the_options_goes_before_that_of_the_file_root_by_root(own_file: Path) -> None:
    own_file.write_text('repos = ["a", "b"]\n[path_map]\n"/srv/app" = "shop"\n"/srv/pay" = "pay"\n')
    config = load(None, {}, {"path_map": {"/srv/app": "cart"}, "repos": None})
    assert config.path_map == {"/srv/app": "cart", "/srv/pay": "pay"}
    assert config.repos == ("a", "b")


def test_what_is_no_map_of_paths_is_told_with_an_example(own_file: Path) -> None:
    with pytest.raises(ConfigError, match=r"^COCKPIT_PATH_MAP: 'shop' is no map\. Example: /srv/app="):
        load(None, {"COCKPIT_PATH_MAP": "shop"}, {})


@pytest.mark.parametrize(
    ("variable", "text"),
    [("COCKPIT_UTC", "maybe"), ("COCKPIT_FPS", "many"), ("COCKPIT_FPS", "1.5"), ("COCKPIT_POLL_SECONDS", "1s")],
)
def test_a_variable_of_the_wrong_type_is_named(own_file: Path, variable: str, text: str) -> None:
    with pytest.raises(ConfigError, match=f"^{variable}: '{text}' is not a "):
        load(None, {variable: text}, {})


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("them = 'x'", "unknown setting 'them'; did you mean 'theme'?"),
        ("pol_seconds = 1", "unknown setting 'pol_seconds'; did you mean 'poll_seconds'?"),
        ("Theme = 'x'", "unknown setting 'Theme'; did you mean 'theme'?"),
        ("zzz = 1", "unknown setting 'zzz'; known: theme, incidents, repo,"),
        ("[cockpit]\ntheme = 'x'", "unknown setting 'cockpit'; known:"),
        ("theme = 1", "Expected `str`, got `int` - at `$.theme`."),
        ("utc = 'yes'", "Expected `bool`, got `str` - at `$.utc`."),
        ("fps = 1.5", "Expected `int`, got `float` - at `$.fps`."),
        ("[theme]\nname = 'x'", "Expected `str`, got `object` - at `$.theme`."),
        ("theme = ", "not valid TOML: "),
        ("theme", "not valid TOML: "),
        ("theme = 'a'\ntheme = 'b'", "not valid TOML: "),
    ],
)
def test_a_wrong_file_is_told_with_its_name_and_what_is_wrong(own_file: Path, text: str, told: str) -> None:
    own_file.write_text(text)
    with pytest.raises(ConfigError) as caught:
        load(None, {}, {})
    assert str(caught.value).startswith(f"{own_file}: {told}")
    assert "\n" not in str(caught.value)


def test_a_file_that_is_no_text_is_told(own_file: Path) -> None:
    own_file.write_bytes(b"\xff\xfe\x00theme")
    with pytest.raises(ConfigError, match="not valid TOML"):
        load(None, {}, {})


@pytest.mark.parametrize(
    ("where", "told"),
    [
        ("nowhere.toml", "there is no such settings file"),
        ("no/folder/x.toml", "there is no such settings file"),
        (".", "cannot be read: Is a directory"),
        ("cockpit/config.toml/x.toml", "cannot be read: Not a directory"),
    ],
)
def test_a_named_file_that_cannot_be_read_is_told(own_file: Path, where: str, told: str) -> None:
    own_file.touch()
    named = own_file.parent.parent / where
    with pytest.raises(ConfigError, match=told) as caught:
        load(named, {}, {})
    assert str(named) in str(caught.value)


def test_an_unknown_option_is_told_too(own_file: Path) -> None:
    with pytest.raises(ConfigError, match="the command line: unknown setting 'them'; did you mean 'theme'"):
        load(None, {}, {"them": "x"})


def test_a_wrong_file_is_told_even_where_the_environment_goes_before_it(own_file: Path) -> None:
    own_file.write_text("fps = 'many'\n")
    with pytest.raises(ConfigError, match="fps"):
        load(None, {"COCKPIT_FPS": "10"}, {})


@given(st.dictionaries(st.sampled_from(Config.__struct_fields__), st.text(max_size=5)))
def test_any_variables_give_settings_or_a_sentence(values: dict[str, str]) -> None:
    with contextlib.suppress(ConfigError):
        config = load(None, {f"COCKPIT_{name.upper()}": text for name, text in values.items()}, {})
        assert config.theme == (values.get("theme") or "cockpit-dark")


def test_the_environment_is_that_of_the_process(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COCKPIT_USER", "ana")
    assert load(None, environment(), {}).user == "ana"


def test_incidents_are_kept_where_the_settings_say(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path))
    monkeypatch.setenv("HOME", "/home/ana")
    assert Config().incidents_dir() == tmp_path / "cockpit/incidents"
    assert Config(incidents="/srv/incidents").incidents_dir() == Path("/srv/incidents")
    assert Config(incidents="~/incidents").incidents_dir() == Path("/home/ana/incidents")


def test_folders_are_those_the_variables_name(monkeypatch: pytest.MonkeyPatch) -> None:
    for variable in ("XDG_CONFIG_HOME", "XDG_DATA_HOME", "XDG_STATE_HOME"):
        monkeypatch.setenv(variable, f"/x/{variable}")
    assert paths.config_file() == Path("/x/XDG_CONFIG_HOME/cockpit/config.toml")
    assert paths.own_themes_dir() == Path("/x/XDG_CONFIG_HOME/cockpit/themes")
    assert paths.incidents_dir() == Path("/x/XDG_DATA_HOME/cockpit/incidents")
    assert paths.own_log() == Path("/x/XDG_STATE_HOME/cockpit/cockpit.log")


@pytest.mark.parametrize("value", ["", None])
def test_without_the_variables_folders_are_below_home(monkeypatch: pytest.MonkeyPatch, value: str | None) -> None:
    for variable in ("XDG_CONFIG_HOME", "XDG_DATA_HOME", "XDG_STATE_HOME"):
        monkeypatch.setenv(variable, value or "")
        if value is None:
            monkeypatch.delenv(variable)
    monkeypatch.setenv("HOME", "/home/ana")
    for folder in (paths.config_dir(), paths.data_dir(), paths.state_dir()):
        assert folder.is_relative_to("/home/ana")
        assert folder.name == "cockpit"
    assert len({paths.config_dir(), paths.data_dir(), paths.state_dir()}) >= 2


def test_the_shipped_themes_are_there() -> None:
    assert {"cockpit-dark.toml", "cockpit-light.toml"} <= {path.name for path in paths.shipped_themes_dir().iterdir()}


def test_zones_of_the_options_go_before_those_of_the_file(own_file: Path) -> None:
    own_file.write_text('[zones]\n"app.log" = "Europe/Berlin"\n"/var/log/db/*" = "+02:00"\n')
    assert load(None, {}, {}).zones == {"app.log": "Europe/Berlin", "/var/log/db/*": "+02:00"}
    assert load(None, {}, {"zones": {"app.log": "UTC"}}).zones == {"app.log": "UTC", "/var/log/db/*": "+02:00"}
    assert load(None, {"COCKPIT_ZONES": "UTC"}, {"zones": None}).zones == {"*": "UTC"}


def test_a_zone_that_is_none_is_named_with_its_source_and_the_nearest(own_file: Path) -> None:
    own_file.write_text('[zones]\n"app.log" = "Europe/Berln"\n')
    with pytest.raises(ConfigError, match=r"zones, 'app.log': There is no zone 'Europe/Berln'; did you mean") as caught:
        load(None, {}, {})
    assert str(caught.value).startswith(str(own_file))
    own_file.write_text("zones = 1\n")
    with pytest.raises(ConfigError, match="zones"):
        load(None, {}, {})
    with pytest.raises(ConfigError, match=r"^COCKPIT_ZONES: There is no zone 'x'"):
        load(Path("/dev/null"), {"COCKPIT_ZONES": "app.log=x"}, {})


def test_fields_for_the_start_are_a_table(own_file: Path) -> None:
    own_file.write_text('[fields]\nshow = ["user_id"]\nhide = ["pid"]\n')
    assert load(None, {}, {}).fields == Fields(show=("user_id",), hide=("pid",))
    own_file.write_text('[fields]\nshow = ["pid"]\nhide = ["pid"]\n')
    with pytest.raises(ConfigError, match=r"fields: 'pid' cannot be both shown and hidden"):
        load(None, {}, {})
    own_file.write_text('[fields]\nshow = "pid"\n')
    with pytest.raises(ConfigError, match=r"fields.show"):
        load(None, {}, {})
    with pytest.raises(ConfigError, match=r"^COCKPIT_FIELDS: this is a table"):
        load(Path("/dev/null"), {"COCKPIT_FIELDS": "pid"}, {})
