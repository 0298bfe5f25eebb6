"""Commands that keep evidence from any shell: evidence, capture, run."""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import click

from cockpit.cli.failing import Failure, failing
from cockpit.cli.settings import incident_in_use, incident_of, incident_options, load_config, over, zone_option

if TYPE_CHECKING:
    from cockpit.config import Config
    from cockpit.incident.evidence import Evidence
    from cockpit.incident.store import Incident
    from cockpit.logs.view import Row
    from cockpit.session import Session

_KEEP = " keep"  # the command behind a plain file
_BLOCK = 1 << 20
_INDEXED = 600.0  # seconds that a file may take to be indexed
_PATIENCE = 30.0  # seconds that may be spent on looking for a trace

title_option = click.option("--title", metavar="T", default="", help="What it shows, in a few words.")


class _FileOrCommand(click.Group):
    """A group whose first word, where it is no command, is a file to keep."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        known = args and (args[0] in self.commands or args[0] in ctx.help_option_names)
        return super().parse_args(ctx, args if known or not args else [_KEEP, *args])

    def list_commands(self, ctx: click.Context) -> list[str]:
        return [name for name in self.commands if name != _KEEP]

    def format_usage(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        formatter.write_usage("cockpit evidence", "[OPTIONS] FILE|-\n       cockpit evidence list|show|verify|window")


@click.group(cls=_FileOrCommand, no_args_is_help=True)
def evidence() -> None:
    """Keep a file, or standard input (-), as evidence; list and show what was kept, verify that it was not touched.

    \b
    Examples:
      cockpit evidence core.txt --title "the core dump"
      kubectl describe pod shop-1 | cockpit evidence - --title "the pod"
      cockpit evidence show E3
      cockpit evidence window E3 15m
      cockpit evidence verify
    """


@evidence.command(_KEEP, hidden=True)
@click.argument("file", metavar="FILE|-")
@title_option
@incident_options
@click.pass_context
@failing
def keep(ctx: click.Context, /, file: str, title: str, **options: Any) -> None:
    """Keep a file, or standard input (-)."""
    from cockpit.host.facts import host_facts
    from cockpit.incident.keeping import Keeper

    incident = incident_of(ctx.find_root().obj, options)
    with Keeper(incident) as keeper:
        size = 0
        keeper.write("text", b"")
        with _opened(file) as source:
            while data := source.read(_BLOCK):
                keeper.write("text", data)
                size += len(data)
        name = "standard input" if file == "-" else os.path.abspath(file)
        facts = {"by": incident.by, "bytes": size, "host": host_facts(), "signature": None}
        kept = keeper.keep(
            title or os.path.basename(name), "text", facts, source=name, covers={"environment": "no deploy is known"}
        )
        cut = kept.parts[0].cut
    more = f" The last {cut} bytes are not kept: it is too large." if cut else ""
    click.echo(f"{kept.label} kept in {incident.folder.name}: {size - cut} bytes.{more}")


@evidence.command("list")
@click.option("--json", "as_json", is_flag=True, help="As JSON.")
@incident_options
@click.pass_context
@failing
def list_(ctx: click.Context, /, as_json: bool, **options: Any) -> None:
    """List what was kept."""
    from cockpit.incident.evidence import shown
    from cockpit.incident.kit import hints, kit, line
    from cockpit.logs.printable import printable

    items = incident_of(ctx.find_root().obj, options).state.evidence
    if as_json:
        click.echo(json.dumps([shown(each) for each in items], indent=2, ensure_ascii=False))
        return
    for each in items:
        click.echo(printable(f"{each.label:<4} {each.kind:<8} {each.title[:200]}"))
    if items:
        checks = kit(items)
        for told in ("", line(checks), *hints(checks)):
            click.echo(printable(told))
    else:
        click.echo("No evidence yet. Keep some with: cockpit evidence FILE, or c in the logs.")


@evidence.command()
@click.argument("label", metavar="E3")
@click.option("--json", "as_json", is_flag=True, help="As JSON, with all that is known of it.")
@incident_options
@click.pass_context
@failing
def show(ctx: click.Context, /, label: str, as_json: bool, **options: Any) -> None:
    """Show an item: its timing, its request, its environment, and whether its files are as they were kept."""
    from cockpit.incident.evidence import shown
    from cockpit.incident.facts import as_text
    from cockpit.incident.keeping import read_provenance
    from cockpit.incident.keeping import verify as held
    from cockpit.logs.printable import printable

    incident = incident_of(ctx.find_root().obj, options)
    item = _item(incident, label)
    told = read_provenance(incident, item)
    verified = held(incident, item)
    if as_json:
        found = {**shown(item), "verdict": verified.verdict.value, "provenance": told}
        click.echo(json.dumps(found, indent=2, ensure_ascii=False))
        return
    for line in as_text(item, verified.verdict.value, told):
        click.echo(printable(line))


@evidence.command()
@click.argument("label", metavar="E3")
@click.argument("width", metavar="WIDTH")
@zone_option
@incident_options
@click.pass_context
@failing
def window(ctx: click.Context, /, label: str, width: str, **options: Any) -> None:
    """Take the window of a captured record anew, wider or narrower: 90s, 15m, 1h before and after it.

    It is taken from the logs as they are now; what was kept before stays.
    """
    from cockpit.clock import SystemClock
    from cockpit.rewindow import rewindow, sources_of
    from cockpit.session import Session

    reach = _width(width)
    options = over(ctx.find_root().obj, options)
    config = load_config(options)
    session = Session(incident_in_use(config), config, SystemClock())
    try:
        item = _item(session.incident.store, label)
        session.open_sources([path for path in sources_of(session, item) if os.path.isfile(path)])
        session.desk.start(follow=False)
        session.desk.idle(_INDEXED)
        done = rewindow(session, item, reach)
    finally:
        session.close()
    click.echo(f"{done.sentence()}.")


@evidence.command()
@click.option("--json", "as_json", is_flag=True, help="As JSON.")
@incident_options
@click.pass_context
@failing
def verify(ctx: click.Context, /, as_json: bool, **options: Any) -> None:
    """Hash all evidence again; exit code 1 where any is changed or missing."""
    from cockpit.incident.keeping import Verdict
    from cockpit.incident.keeping import verify as held
    from cockpit.logs.printable import printable

    incident = incident_of(ctx.find_root().obj, options)
    found = [held(incident, each) for each in incident.state.evidence]
    if as_json:
        rows = [
            {"id": each.evidence.id, "label": each.evidence.label, "verdict": each.verdict.value, "files": each.parts}
            for each in found
        ]
        click.echo(json.dumps(rows, indent=2, ensure_ascii=False))
    else:
        for each in found:
            files = f"  {', '.join(each.parts)}" if each.parts else ""
            title = printable(each.evidence.title[:80])
            click.echo(f"{each.verdict.value:<8} {each.evidence.label:<4} {title}{files}")
    if any(each.verdict is not Verdict.OK for each in found):
        raise SystemExit(1)


@click.command()
@click.argument("sources", nargs=-1, required=True, metavar="SOURCE...")
@click.option("--line", type=click.IntRange(min=1), required=True, metavar="N", help="The line of the first SOURCE.")
@click.option("--around", metavar="WIDTH", default="5m", help="The window before and after: 90s, 15m (default: 5m).")
@click.option("--repo", metavar="DIR", help="Repository whose deploys count (default: around the first source).")
@title_option
@zone_option
@incident_options
@click.pass_context
@failing
def capture(
    ctx: click.Context, /, sources: tuple[str, ...], line: int, around: str, title: str, **options: Any
) -> None:
    """Keep the record at a line of a log, with what stood around it in all SOURCEs, its trace, and the deploy then.

    SOURCE is a file, or more of them: the window before and after is of all.
    """
    from cockpit.capture import capture as captured
    from cockpit.clock import SystemClock
    from cockpit.session import Session

    reach = _width(around)
    options = over(ctx.find_root().obj, options)
    config = load_config(options)
    incident = incident_in_use(config)
    session = Session(incident, config, SystemClock())
    try:
        row = _row_at(session, config, sources, line)
        rows = [row] if row is not None else []
        done = captured(session, rows, title=title, before=reach, after=reach, patience=_PATIENCE)
    finally:
        session.close()
    click.echo(f"{done.sentence()}.")


@click.command(context_settings={"ignore_unknown_options": True, "allow_interspersed_args": False})
@click.argument("command", nargs=-1, required=True, type=click.UNPROCESSED, metavar="-- COMMAND...")
@title_option
@incident_options
@click.pass_context
@failing
def run(ctx: click.Context, /, command: tuple[str, ...], title: str, **options: Any) -> None:
    """Run a command as usual, and keep its output as evidence, with its exit code, duration and directory.

    The exit code is the command's own.
    """
    from cockpit.clock import SystemClock
    from cockpit.running import run as ran

    incident = incident_of(ctx.find_root().obj, options)
    done = ran(incident, command, title, SystemClock(), (_shows(sys.stdout), _shows(sys.stderr)))
    if done.evidence is None:
        click.echo(f"cockpit: not kept: {done.why}", err=True)
        raise SystemExit(done.code or 2)
    cut = f"; the last {done.cut} bytes of output are not kept" if done.cut else ""
    click.echo(f"cockpit: {done.evidence.label} kept: exit code {done.code}, {done.seconds:.1f} s{cut}.", err=True)
    raise SystemExit(done.code)


def _row_at(session: Session, config: Config, sources: tuple[str, ...], line: int) -> Row | None:
    """The row of the record at a line of the first source. Raises Failure."""
    from cockpit.logs.find import parse_source
    from cockpit.logs.parts import record_of_line

    if not all(parse_source(source).is_path for source in sources):
        raise Failure("Only files can be captured from; save the output of anything else to one first.")
    session.open_sources(sources)
    for problem in session.problems:
        click.echo(f"cockpit: {problem}", err=True)
    files = session.desk.sources[0].files if session.desk.sources else []
    if not files:
        raise Failure(f"{sources[0]} could not be read.")
    session.desk.start(follow=False)
    session.open_repository(config.repo, sources)
    session.history.idle(10.0)
    session.desk.idle(_INDEXED)
    file = files[-1]
    at = line - 1 - file.index.orphans
    number = record_of_line(file.index.parts(), at) if at >= 0 else None
    if number is None:
        raise Failure(f"{file.path} has no line {line}.")
    view = session.desk.shown.view
    return view.row(view.position_of(file, number))


def _item(incident: Incident, label: str) -> Evidence:
    """The item of a label. Raises Failure."""
    items = incident.state.evidence
    found = next((each for each in items if each.label == label.upper()), None)
    if found is None:
        there = ", ".join(each.label for each in items[-10:]) or "none yet"
        raise Failure(f"There is no evidence {label}; there is: {there}.")
    return found


def _width(text: str) -> int:
    """A length of time as a person types it, in microseconds. Raises Failure."""
    from cockpit.kept_window import reach_of

    try:
        return reach_of(text)
    except ValueError as error:
        raise Failure(str(error)) from None


def _opened(file: str) -> Any:
    if file == "-":
        if sys.stdin is None or sys.stdin.isatty():
            raise Failure("- means standard input, but that is the keyboard here. Pipe something in.")
        return sys.stdin.buffer
    try:
        return open(file, "rb")
    except OSError as error:
        raise Failure(f"{file} cannot be read: {error.strerror}.") from None


def _shows(stream: Any) -> Callable[[bytes], object]:
    def show(data: bytes) -> None:
        stream.buffer.write(data)
        stream.buffer.flush()

    return show


COMMANDS = (evidence, capture, run)
