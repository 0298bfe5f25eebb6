"""The command that ranks commits for an error: suspects."""

from __future__ import annotations

import json
import sys
from typing import TYPE_CHECKING, Any

import click

from cockpit.cli.failing import Failure, failing
from cockpit.cli.settings import config_option, load_config, map_option

if TYPE_CHECKING:
    from cockpit.suspecting import Found

_LONGEST = 1 << 20  # characters of a trace that are read


@click.command()
@click.option("--repo", metavar="DIR", multiple=True, help="Repository, or several (default: around here).")
@click.option("--onset", metavar="T", default="", help="When the error began: 10:02, 15m ago, 2026-11-23T10:02:11Z.")
@click.option("--trace", metavar="FILE|-", default="", help="A file with the stack trace, or - for standard input.")
@click.option("--message", metavar="TEXT", default="", help="What the error says; its words are looked for in diffs.")
@map_option
@click.option("--top", metavar="N", type=click.IntRange(min=1), default=5, show_default=True, help="At most so many.")
@click.option("--json", "as_json", is_flag=True, help="As JSON.")
@config_option
@failing
def suspects(onset: str, trace: str, message: str, top: int, as_json: bool, **options: Any) -> None:
    """Rank the commits that may have caused an error, each with its reasons.

    Without --trace, what is known of onset and message is all there is to go by. Repositories and path maps that the
    settings name need not be named again.

    \b
    Examples:
      cockpit suspects --trace trace.txt --onset 10:02
      kubectl logs shop-1 --tail 60 | cockpit suspects --trace - --repo ~/shop --map /app=services/shop
    """
    from cockpit.clock import SystemClock, parse_time
    from cockpit.history.repository import Repository
    from cockpit.paths import expanded
    from cockpit.suspecting import Asked, as_object
    from cockpit.suspecting import suspects as ranked

    try:
        at = parse_time(onset, SystemClock().now()) if onset else None
    except ValueError as error:
        raise Failure(f"--onset: {error}") from None
    text = _read(trace)
    config = load_config(options)
    asked = Asked(text, message, at, path_map=tuple(config.path_map.items()), top=top)
    if not (text.strip() or message or at is not None):
        raise Failure("There is nothing to go by. Name a stack trace with --trace FILE, or --onset or --message.")
    found = ranked([Repository.find(expanded(each)) for each in (config.repo or ".", *config.repos)], asked)
    if as_json:
        click.echo(json.dumps(as_object(found), indent=2, ensure_ascii=False))
    else:
        _print(found)


def _read(trace: str) -> str:
    if trace == "-":
        return sys.stdin.buffer.read(_LONGEST).decode("utf-8", "replace")
    if not trace:
        return ""
    try:
        with open(trace, "rb") as file:
            return file.read(_LONGEST).decode("utf-8", "replace")
    except OSError as error:
        raise Failure(f"--trace: {trace}: {error.strerror}.") from None


def _print(found: Found) -> None:
    """A short table, the reasons below each."""
    from cockpit.clock import to_local
    from cockpit.logs.printable import printable

    for each in found.suspects:
        bar = "█" * round(each.score * 10) or "▏"
        where = f"{each.repository}  " if each.repository else ""
        when = f"{to_local(each.at):%Y-%m-%d %H:%M}"
        head = f"{each.score:4.2f} {bar:<10} {where}{each.short}  {when}  {each.author}  {each.subject}"
        click.echo(printable(head))
        for reason in each.reasons:
            click.echo(printable(f"       {reason.weight:+5.1f}  {reason.text}"))
    if not found.suspects:
        click.echo("No commit to suspect.")
    for note in found.notes:
        click.echo(f"cockpit: {printable(note)}", err=True)


COMMANDS = (suspects,)
