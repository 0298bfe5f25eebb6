"""`cockpit compare`: what tells some records of logs from the others."""

from __future__ import annotations

import json
from typing import Any

import click

from cockpit.cli.failing import Failure, failing
from cockpit.cli.settings import config_option, load_config, zone_option


@click.command()
@click.argument("sources", nargs=-1, required=True, metavar="SOURCE...")
@click.option("--where", metavar="EXPR", default="", help='Those it is true of: "status>=500 path~checkout".')
@click.option("--grep", metavar="RE", multiple=True, help="Those that hold this; may be given more than once.")
@click.option("--level", metavar="LEVEL", help="Those of this level or worse.")
@click.option("--at", metavar="T", default="", help="Those from this time on against those before it.")
@click.option("--since", metavar="T", help="Only records from this time on: 10:02, 15m ago, 2026-11-23T10:02:11Z.")
@click.option("--until", metavar="T", help="Only records before this time.")
@click.option("--as", "as_format", metavar="NAME", default="", help="Read the logs as this format.")
@click.option("--json", "as_json", is_flag=True, help="As one JSON object.")
@zone_option
@config_option
@failing
def compare(sources: tuple[str, ...], where: str, at: str, as_json: bool, **options: Any) -> None:
    """Say what tells some records from the others: values, thresholds, lengths, missing fields, odd characters.

    Those that --where, --grep and --level keep against the rest; with --at, those from a time on against those before.
    Records of one request are compared as one. Each factor is tested, and corrected for all that were tried.

    \b
    Examples:
      cockpit compare app.log --where "status>=500"
      cockpit compare app.log worker.log --level error --since 1h
      cockpit compare access.log --at 10:15
    """
    from cockpit.clock import SystemClock, parse_time, to_local
    from cockpit.comparing import after_against_before, against_rest
    from cockpit.headless import Headless, Wanted

    config, clock = load_config(options), SystemClock()
    narrows = bool(where.strip() or options["grep"] or options["level"])
    if not narrows and not at:
        raise Failure("Say which records to compare with the others: --where, --grep or --level; or --at TIME.")
    try:
        border = parse_time(at, clock.now()) if at else None
    except ValueError as error:
        raise Failure(f"--at: {error}") from None
    wanted = Wanted(
        where,
        options["grep"],
        options["level"],
        options["since"],
        options["until"],
        None,
        options["as_format"],
        (),
        config.zones,
    )
    reader = Headless(sources, wanted, clock, 0)
    try:
        for problem in reader.problems:
            click.echo(f"cockpit: {problem}", err=True)
        if not reader.files:
            raise Failure("None of these sources could be read.")
        view = reader.view()
        if border is None:
            found = against_rest(view, reader.name_of)
        else:
            found = after_against_before(view, border, f"{to_local(border):%Y-%m-%d %H:%M:%S}", reader.name_of)
        assert found is not None  # nothing stops it
        if as_json:
            told = {"sources": reader.described(), **found.as_data()}
            click.echo(json.dumps(told, indent=2, ensure_ascii=False))
        else:
            click.echo(found.page().rstrip("\n"))
    finally:
        reader.close()


COMMANDS = (compare,)
