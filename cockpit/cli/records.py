"""Commands that read logs without a screen: records, formats."""

from __future__ import annotations

import json
import sys
from typing import Any

import click

from cockpit.cli.failing import Failure, failing
from cockpit.cli.settings import config_option, load_config, zone_option


@click.command()
@click.argument("sources", nargs=-1, required=True, metavar="SOURCE...")
@click.option("--where", metavar="EXPR", help='Only those it is true of: "status>=500 path~checkout -logger=health".')
@click.option("--filter", "saved", metavar="NAME", default="", help="Only what this filter keeps, saved with S.")
@click.option("--grep", metavar="RE", multiple=True, help="Only those that hold this; may be given more than once.")
@click.option("--trace", metavar="ID", multiple=True, help="Only those with this trace id; of several: with any.")
@click.option("--level", metavar="LEVEL", help="Only this level or worse.")
@click.option("--since", metavar="T", help="Only from this time on: 10:02, 15m ago, 2026-11-23T10:02:11Z.")
@click.option("--until", metavar="T", help="Only before this time.")
@click.option("--limit", metavar="N", type=click.IntRange(min=0), help="At most so many, the last ones.")
@click.option("--json", "how", flag_value="json", help="One JSON object a record.")
@click.option("--signatures", is_flag=True, help="With --json: add the id of each record's signature.")
@click.option("--raw", "how", flag_value="raw", help="The exact bytes (the default).")
@click.option("--format", "template", metavar="TEMPLATE", help="Fill this in: '{at} {level} {message} {user_id}'.")
@click.option("--as", "as_format", metavar="NAME", default="", help="Read the logs as this format.")
@zone_option
@click.option("--follow", is_flag=True, help="Go on with what is written from now on.")
@config_option
@failing
def records(sources: tuple[str, ...], how: str | None, template: str | None, **options: Any) -> None:
    """Print records of logs, merged by time.

    SOURCE is what `cockpit` itself opens: files, directories, patterns, or - for standard input.
    """
    from cockpit.clock import SystemClock
    from cockpit.headless import Headless, Wanted, raw

    if how and template:
        raise Failure("--format and --json or --raw exclude each other.")
    if options["signatures"] and how != "json":
        raise Failure("--signatures goes with --json.")
    config = load_config(options)
    wanted = Wanted(
        options["where"] or "",
        options["grep"],
        options["level"],
        options["since"],
        options["until"],
        options["limit"],
        options["as_format"],
        options["trace"],
        config.zones,
        options["saved"],
    )
    reader = Headless(sources, wanted, SystemClock(), 0)
    try:
        for problem in reader.problems:
            click.echo(f"cockpit: {problem}", err=True)
        if not reader.files:
            raise Failure("None of these sources could be read.")
        written = raw if how == "raw" or (how is None and not template) else None
        shape = reader.shaped(template) if template else reader.signed if options["signatures"] else reader.jsonl
        output = sys.stdout.buffer
        for row in reader.rows(follow=options["follow"]):
            output.write(written(row) if written is not None else shape(row))
            if options["follow"]:
                output.flush()
        output.flush()
    except KeyboardInterrupt:
        return
    finally:
        reader.close()


@click.command()
@click.argument("files", nargs=-1, metavar="[FILE]...")
@click.option("--json", "as_json", is_flag=True, help="As JSON.")
@zone_option
@config_option
@failing
def formats(files: tuple[str, ...], as_json: bool, **options: Any) -> None:
    """Say how each file was read and why; without FILE, list the formats that are known."""
    from cockpit.headless import known_formats, told_of

    config = load_config(options)
    if not files:
        names = known_formats()
        click.echo(json.dumps(names, indent=2) if as_json else "\n".join(names))
        return
    found, problems = told_of(files, config.zones)
    for problem in problems:
        click.echo(f"cockpit: {problem}", err=True)
    if as_json:
        click.echo(json.dumps(found, indent=2, ensure_ascii=False))
    else:
        for each in found:
            click.echo(f"{each['path']}: {each['format']}")
            click.echo(f"  {each['why']}")
            if each["zone"]:
                click.echo(f"  times that name no zone are read in {each['zone']}")
            click.echo(
                f"  {each['lines']} lines, {each['records']} records; "
                f"{each['timed'] * 100:.1f} % have a time, {each['levelled'] * 100:.1f} % a level"
            )
    if problems:
        raise SystemExit(2)


COMMANDS = (records, formats)
