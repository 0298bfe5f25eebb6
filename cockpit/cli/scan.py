"""The command that says what went wrong in logs: scan."""

from __future__ import annotations

import json
from typing import Any

import click

from cockpit.cli.failing import Failure, failing
from cockpit.cli.settings import config_option, load_config, map_option, zone_option

_DOUBT = "what is told may be wrong; scan again."


@click.command()
@click.argument("sources", nargs=-1, required=True, metavar="SOURCE...")
@click.option("--repo", metavar="DIR", multiple=True, help="The repository of what is deployed; may be given again.")
@click.option("--since", metavar="T", help="Only from this time on: 10:02, 15m ago, 2026-11-23T10:02:11Z.")
@click.option("--top", metavar="N", type=click.IntRange(min=0), default=5, show_default=True, help="How many suspects.")
@click.option("--as", "as_format", metavar="NAME", default="", help="Read the logs as this format.")
@click.option("--json", "as_json", is_flag=True, help="As JSON.")
@zone_option
@map_option
@config_option
@failing
def scan(sources: tuple[str, ...], top: int, as_json: bool, **options: Any) -> None:
    """Say what went wrong in logs: since when, and whether it is the deploy, the data, the load or a dependency.

    Without a repository, named here or in the settings, deploys are told only by start-up lines, by releases around the
    sources and by the command that the settings name, and no commit is suspected. The page is short enough to be
    pasted into a chat.
    """
    from cockpit.clock import SystemClock
    from cockpit.headless import Headless, Wanted
    from cockpit.history.repository import Repository, RepositoryError
    from cockpit.logs.parts import times_between
    from cockpit.marking import folders_of, markers_of
    from cockpit.paths import expanded
    from cockpit.scan_report import as_data, grown, page, suspected
    from cockpit.scanning import scan as scanned_of

    config = load_config(options)
    named = [each for each in (config.repo, *config.repos) if each]
    try:
        repositories = [Repository.find(expanded(each)) for each in named]
    except RepositoryError as error:
        raise Failure(str(error)) from None
    wanted = Wanted("", (), None, options["since"], None, None, options["as_format"], (), config.zones)
    reader = Headless(sources, wanted, SystemClock(), 0)
    try:
        for problem in reader.problems:
            click.echo(f"cockpit: {problem}", err=True)
        if not reader.files:
            raise Failure("None of these sources could be read.")
        reader.index_all()
        catalogue = grown(reader.files)
        times = times_between(part for file in reader.files for part in file.index.parts())
        now = SystemClock().now()
        markers, problems = markers_of(repositories, folders_of(named, sources), config.deploys, now, times)
        for problem in problems:
            click.echo(f"cockpit: {problem}", err=True)
        scanned = scanned_of(catalogue, markers, since=reader.since, named=reader.name_of)
        if scanned is None:
            raise Failure("The scan was stopped.")
        found: dict[str, Any] = {"sources": reader.described(), "errors": scanned.errors, **as_data(scanned)}
        try:
            told = suspected(scanned, repositories, top, tuple(config.path_map.items()))
        except RepositoryError as error:
            told = {"suspects": [], "notes": [str(error)]}
        changed = [f"{name} was truncated or written anew while it was read: {_DOUBT}" for name in reader.overwritten()]
        found |= {"suspects": told["suspects"], "notes": [*changed, *found["notes"], *told["notes"]]}
        click.echo(json.dumps(found, indent=2, ensure_ascii=False) if as_json else page(found), nl=as_json)
    finally:
        reader.close()


COMMANDS = (scan,)
