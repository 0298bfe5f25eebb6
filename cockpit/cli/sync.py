"""The command that carries an incident between machines."""

from __future__ import annotations

from typing import Any

import click

from cockpit.cli.failing import Failure, failing
from cockpit.cli.settings import (
    config_option,
    incident_in_use,
    incident_option,
    incidents_option,
    load_config,
    over,
    user_of,
)


@click.command()
@click.argument("remote", metavar="[REMOTE]", required=False)
@click.option("--join", is_flag=True, help="Take an incident from REMOTE that is not here yet, and use it.")
@incident_option
@incidents_option
@config_option
@click.pass_context
@failing
def sync(ctx: click.Context, /, remote: str | None, join: bool, **options: Any) -> None:
    """Bring the incident in use together with what colleagues wrote elsewhere, through a git repository.

    REMOTE is the path or the URL of a repository that all can reach (git init --bare); it is remembered. Journals
    become one, notes are merged by line, evidence is kept of both. What both sides changed is kept twice, and told.

    \b
    Examples:
      cockpit sync git@git.example.org:incidents/checkout-500s.git
      cockpit sync
      cockpit sync --join git@git.example.org:incidents/checkout-500s.git
    """
    from cockpit.clock import SystemClock
    from cockpit.logs.printable import printable

    options = over(ctx.find_root().obj, options)
    config = load_config(options)
    if join:
        if not remote:
            raise Failure("Say where the incident is: cockpit sync --join PATH-OR-URL")
        from cockpit.incident.library import remember_opened
        from cockpit.syncing import join as joined

        folder = joined(config.incidents_dir(), remote, SystemClock(), user_of(config))
        remember_opened(config.incidents_dir(), folder)
        click.echo(f"{folder.name} is here now, and in use.")
        return
    from cockpit.syncing import Syncing

    incident = incident_in_use(config)
    done = Syncing(incident, SystemClock()).sync(remote)
    for line in done.sentences(incident.folder):
        click.echo(printable(line))


COMMANDS = (sync,)
