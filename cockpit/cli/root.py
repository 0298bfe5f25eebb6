"""The `cockpit` command itself: opens the cockpit, or hands over to a subcommand."""

from __future__ import annotations

from typing import Any

import click

from cockpit import __version__
from cockpit.cli import demo, journal
from cockpit.cli.failing import failing
from cockpit.cli.settings import config_option, incident_option, incidents_option, load_config


class _SourcesOrCommand(click.Group):
    """A group whose words, where the first is no command, are the sources to open."""

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        if args and args[0] in self.commands:
            return super().resolve_command(ctx, args)
        return "open", self.commands["open"], args

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        rest = super().parse_args(ctx, args)
        if not ctx._protected_args and not ctx.args:
            ctx._protected_args = ["open"]
        return rest

    def list_commands(self, ctx: click.Context) -> list[str]:
        return [name for name in self.commands if name != "open"]

    def format_usage(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        formatter.write_usage("cockpit", "[OPTIONS] [SOURCE]...\n       cockpit COMMAND [ARGS]...")


@click.group(cls=_SourcesOrCommand, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, prog_name="cockpit")
@click.option("--repo", metavar="DIR", help="Repository whose commits are shown (default: around the first source).")
@incident_option
@incidents_option
@click.option("--theme", metavar="NAME", help="Colours: cockpit-dark, cockpit-light, cockpit-ansi, or your own.")
@config_option
@click.pass_context
def cockpit(ctx: click.Context, /, **options: Any) -> None:
    """A cockpit for the bug that exists only in production.

    SOURCE is a log file, a directory of logs, a pattern in quotes ("/var/log/app/*.log"), or - for standard input.
    Without a source, a start screen offers recent incidents and the logs that running processes write.

    \b
    Examples:
      cockpit /var/log/app/app.log
      cockpit app.log nginx.log --repo /srv/app --incident checkout-500s
      kubectl logs -f deploy/shop | cockpit -
      cockpit demo
      cockpit note "rolled back to 81ab332"
    """
    ctx.obj = options


@cockpit.command("open", hidden=True, context_settings={"ignore_unknown_options": False})
@click.argument("sources", nargs=-1)
@click.pass_obj
@failing
def open_sources(options: dict[str, Any], sources: tuple[str, ...]) -> None:
    """Open the cockpit."""
    config = load_config(options)
    from cockpit.cli.opening import run

    run(config, list(sources))


for group in (journal, demo):
    for command in group.COMMANDS:
        cockpit.add_command(command)
