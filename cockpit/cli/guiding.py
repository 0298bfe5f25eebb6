"""The guide from any shell: a mitigation that was made, and a brief for a colleague."""

from __future__ import annotations

from typing import Any

import click

from cockpit.cli.failing import Failure, failing
from cockpit.cli.settings import incident_of, incident_options


@click.command()
@click.argument("text", nargs=-1)
@click.option("--at", metavar="TIME", help="When: 10:02, 15m ago, 2026-11-23T10:02:11Z (default: now).")
@click.option("--not-needed", "declined", flag_value="not needed", help="Say that it need not be stopped first.")
@click.option("--impossible", "declined", flag_value="impossible", help="Say that it cannot be stopped first.")
@incident_options
@click.pass_obj
@failing
def mitigate(
    parent: dict[str, Any], /, text: tuple[str, ...], at: str | None, declined: str | None, **options: Any
) -> None:
    """Mark on the timeline what stops the harm: rolled back, flag off, failed over.

    With --not-needed or --impossible, TEXT may say why; nothing is marked then.
    """
    from cockpit.clock import SystemClock, parse_time, to_rfc3339
    from cockpit.incident.guidance import Guidance

    clock, said = SystemClock(), " ".join(text).strip()
    if not said and not declined:
        raise Failure("Say what was done: cockpit mitigate TEXT…, or that it is --not-needed or --impossible.")
    if declined and at:
        raise Failure("--at is the time of a mitigation; with --not-needed or --impossible there is none.")
    try:
        moment = parse_time(at, clock.now()) if at else clock.now()
    except ValueError as error:
        raise Failure(str(error)) from None
    incident = incident_of(parent, options)
    guidance = Guidance(incident, clock)
    if declined:
        guidance.decline(f"{declined}: {said}" if said else declined)
        click.echo(f"Kept in {incident.folder.name}: {declined}.")
    else:
        guidance.mitigate(said, moment)
        click.echo(f"Mitigation marked {to_rfc3339(moment)} in {incident.folder.name}.")


@click.command()
@click.option("--ask", "asked", default="", metavar="TEXT", help="What you ask of whom you give it to.")
@incident_options
@click.pass_obj
@failing
def brief(parent: dict[str, Any], /, asked: str, **options: Any) -> None:
    """Print a brief for a colleague, as Markdown: what is seen, what was tried, and what is asked for."""
    from cockpit.clock import SystemClock
    from cockpit.incident.brief import brief as written

    incident = incident_of(parent, options)
    click.echo(written(incident.state, str(incident.folder), SystemClock().now(), asked), nl=False)


COMMANDS = (mitigate, brief)
