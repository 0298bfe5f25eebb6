"""The `cockpit` command itself: opens the cockpit, or hands over to a subcommand."""

from __future__ import annotations

import gc
from typing import Any

import click

from cockpit import __version__
from cockpit.cli import comparing, demo, evidence, guiding, journal, records, scan, suspecting, sync, trace
from cockpit.cli.failing import failing
from cockpit.cli.settings import config_option, incident_option, incidents_option, load_config, map_option, zone_option

_OPEN = " open"  # the command behind plain sources; no file is named so by chance


class _SourcesOrCommand(click.Group):
    """A group whose words, where the first is no command, are the sources to open; options may stand among them."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        if self._first_word(args) in self.commands:
            return super().parse_args(ctx, args)
        ctx.allow_interspersed_args = True
        super().parse_args(ctx, args)
        sources = [*ctx._protected_args, *ctx.args]
        ctx._protected_args, ctx.args = [_OPEN], ["--", *sources]
        return ctx.args

    def list_commands(self, ctx: click.Context) -> list[str]:
        return [name for name in self.commands if name != _OPEN]

    def format_usage(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        formatter.write_usage("cockpit", "[OPTIONS] [SOURCE]...\n       cockpit COMMAND [ARGS]...")

    def _first_word(self, args: list[str]) -> str | None:
        """The first word that is neither an option nor the value of one."""
        valued = {
            name for each in self.params if isinstance(each, click.Option) and not each.is_flag for name in each.opts
        }
        words = iter(args)
        for word in words:
            if word in valued:
                next(words, None)
            elif not word.startswith("-") or word == "-":
                return word
        return None


@click.group(cls=_SourcesOrCommand, no_args_is_help=False, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, prog_name="cockpit")
@click.option(
    "--repo",
    metavar="DIR",
    multiple=True,
    help="Repository whose commits are shown (default: around the first source); given again: suspects only.",
)
@map_option
@incident_option
@incidents_option
@click.option("--since", metavar="T", help="Read nothing logged before this: 2h ago, 10:00, 2026-11-23T10:00Z.")
@click.option("--format", metavar="NAME", help="Read the logs as this format, whatever they look like.")
@zone_option
@click.option("--history", flag_value=True, type=bool, default=None, help="Open rotated logs too: app.log.1, .2.gz …")
@click.option("--no-follow", "follow", flag_value=False, type=bool, default=None, help="Read the logs once.")
@click.option("--theme", metavar="NAME", help="Colours: cockpit-dark, cockpit-light, cockpit-ansi, or your own.")
@config_option
@click.pass_context
def cockpit(ctx: click.Context, /, **options: Any) -> None:
    """A cockpit for the bug that exists only in production.

    SOURCE is a log file, a directory of logs, a pattern in quotes ("/var/log/app/*.log"), - for standard input,
    cmd:COMMAND, journal:UNIT, docker:NAME, k8s:SELECTOR, HOST:/path or ssh://[USER@]HOST[:PORT]/path.
    Without a source, a start screen offers recent incidents and the logs that running processes write.

    \b
    Examples:
      cockpit /var/log/app/app.log
      cockpit app.log nginx.log --repo /srv/app --incident checkout-500s
      cockpit web-1:/var/log/app.log web-2:/var/log/app.log
      kubectl logs -f deploy/shop | cockpit -
      cockpit demo
      cockpit note "rolled back to 81ab332"
    """
    ctx.obj = options


@cockpit.command(_OPEN, hidden=True)
@click.argument("sources", nargs=-1)
@click.pass_obj
@failing
def open_sources(options: dict[str, Any], sources: tuple[str, ...]) -> None:
    """Open the cockpit."""
    gc.disable()  # until the first picture stands; the application turns it on again
    config = load_config(options)
    looking = _first_look(sources)
    try:
        from cockpit.cli.opening import run

        run(config, list(sources))
    except BaseException:
        if looking:
            from cockpit.ui.first_look import leave

            leave()
        raise


def _first_look(sources: tuple[str, ...]) -> bool:
    """Show the end of the log now; what the cockpit is made of takes a few tenths of a second to load."""
    import sys

    from cockpit.ui.first_look import show

    return sys.stdin.isatty() and show(sources)


for group in (journal, evidence, guiding, sync, records, scan, comparing, suspecting, trace, demo):
    for command in group.COMMANDS:
        cockpit.add_command(command)
