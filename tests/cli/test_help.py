"""Help, version, and what is no command: told plainly, never with a traceback."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import click
import pytest

from cockpit import __version__
from cockpit.cli.root import cockpit
from tests.cli.conftest import Typed

COMMANDS = sorted(name for name in cockpit.commands if not cockpit.commands[name].hidden)


def run(*words: str) -> subprocess.CompletedProcess[str]:
    """Run the command as a process that has no terminal."""
    command = [sys.executable, "-m", "cockpit", *words]
    return subprocess.run(command, stdin=subprocess.DEVNULL, capture_output=True, text=True, check=False)


def test_the_commands_are_those_the_readme_tells_of() -> None:
    journal = ["hypothesis", "incidents", "mark", "note", "show"]
    assert sorted(COMMANDS) == sorted(
        [
            *journal,
            *(
                "brief",
                "capture",
                "compare",
                "demo",
                "evidence",
                "formats",
                "mitigate",
                "records",
                "run",
                "scan",
                "suspects",
            ),
            *("sync", "trace"),
        ]
    )


@pytest.mark.parametrize("option", ["--help", "-h"])
def test_help_shows_how_to_open_a_log_and_every_command(typed: Typed, option: str) -> None:
    result = typed(option)
    assert result.exit_code == 0
    assert result.stdout.startswith("Usage: cockpit [OPTIONS] [SOURCE]...\n")
    for word in (*COMMANDS, "--repo", "--incident", "--incidents", "--theme", "--config", "cockpit demo"):
        assert word in result.stdout
    assert " open" not in [line.rstrip() for line in result.stdout.splitlines()]


@pytest.mark.parametrize("option", ["--help", "-h"])
@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_says_what_it_does_and_explains_every_option(typed: Typed, command: str, option: str) -> None:
    result = typed(command, option)
    assert result.exit_code == 0
    assert result.stdout.startswith(f"Usage: cockpit {command} [OPTIONS]")
    assert len(result.stdout.split("Options:")[0].splitlines()) >= 3
    options = [each for each in cockpit.commands[command].params if isinstance(each, click.Option)]
    assert all(each.help and each.opts[0] in result.stdout for each in options)


def test_help_needs_no_incident_no_settings_and_no_terminal() -> None:
    done = run("note", "--config", "nowhere.toml", "--help")
    assert (done.returncode, done.stderr) == (0, "")


def test_the_version_is_told() -> None:
    done = run("--version")
    assert (done.returncode, done.stdout, done.stderr) == (0, f"cockpit, version {__version__}\n", "")


@pytest.mark.parametrize(
    "words",
    [
        ["--bogus"],
        ["note", "--bogus"],
        ["note", "-5"],
        ["--repo"],
        ["mark"],
        ["mark", "x", "--kind", "nonsense"],
        ["mark", "x", "--at"],
        ["hypothesis", "x", "--likelihood", "101"],
        ["hypothesis", "x", "--likelihood", "-1"],
        ["hypothesis", "x", "--likelihood", "likely"],
        ["incidents", "surplus"],
        ["show", "one", "two"],
        ["demo", "--speed", "fast"],
    ],
    ids=" ".join,
)
def test_options_that_are_none_end_with_code_2_and_say_why(typed: Typed, words: list[str]) -> None:
    result = typed(*words)
    assert (result.exit_code, result.stdout) == (2, "")
    assert result.stderr.splitlines()[-1].startswith("Error: ")
    assert "Traceback" not in result.stderr


@pytest.mark.parametrize("words", [[], ["app.log"], ["--incident", "x"], ["app.log", "--repo", "."]], ids=" ".join)
def test_without_a_terminal_there_is_no_cockpit_but_a_sentence(words: list[str]) -> None:
    done = run(*words)
    assert (done.returncode, done.stdout) == (2, "")
    assert (
        done.stderr
        == "cockpit: The cockpit needs a terminal. From a script use: cockpit note, mark, hypothesis, show.\n"
    )


def test_wrong_settings_are_told_with_the_file_and_the_nearest_right_ones(typed: Typed, tmp_path: Path) -> None:
    settings = tmp_path / "config.toml"
    settings.write_text("them = 'x'\n")
    for words in (["incidents", "--config", str(settings)], ["--config", str(settings), "note", "x"]):
        result = typed(*words)
        assert result.exit_code == 2
        assert result.stderr == f"cockpit: {settings}: unknown setting 'them'; did you mean 'theme'?\n"


def test_a_reader_that_goes_away_is_no_error() -> None:
    with subprocess.Popen(
        [sys.executable, "-m", "cockpit", "incidents"], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    ) as process:
        assert process.stdout is not None
        process.stdout.close()
        assert process.stderr is not None
        assert process.stderr.read() == ""
    assert process.returncode == 0
