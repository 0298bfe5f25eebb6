"""Commands that act on the incident in use from any shell: note, hypothesis, mark, incidents, show."""

from __future__ import annotations

import json
import sys
from typing import Any

import click

from cockpit.cli.failing import Failure, failing
from cockpit.cli.settings import incident_of, incident_options, load_config, over


def _text(words: tuple[str, ...], what: str) -> str:
    """What was said in words, or on standard input."""
    if words:
        return " ".join(words)
    if sys.stdin is None or sys.stdin.isatty():
        raise Failure(f"Say the {what}: cockpit {what} TEXT…, or pipe it in.")
    return sys.stdin.buffer.read().decode("utf-8", "replace")


@click.command()
@click.argument("text", nargs=-1)
@incident_options
@click.pass_obj
@failing
def note(parent: dict[str, Any], /, text: tuple[str, ...], **options: Any) -> None:
    """Add a note to the incident in use; it appears in every open cockpit.

    Without TEXT the note is read from standard input.
    """
    incident = incident_of(parent, options)
    incident.add_note(_text(text, "note"))
    click.echo(f"Noted in {incident.folder.name}.")


@click.command()
@click.argument("text", nargs=-1)
@click.option("--likelihood", type=click.IntRange(0, 100), default=50, show_default=True, help="Per cent.")
@click.option("--cost", type=click.IntRange(1, 100_000), metavar="MINUTES", help="What it costs to test.")
@click.option("--prediction", default="", metavar="TEXT", help="If it is true, then …")
@click.option("--parent", "refined", default="", metavar="H1", help="The hypothesis that this one refines.")
@incident_options
@click.pass_obj
@failing
def hypothesis(
    parent: dict[str, Any],
    /,
    text: tuple[str, ...],
    likelihood: int,
    cost: int | None,
    prediction: str,
    refined: str,
    **options: Any,
) -> None:
    """Add a hypothesis to the incident in use."""
    incident = incident_of(parent, options)
    known = {name: each.id for each in incident.state.hypotheses for name in (each.label, each.id)}
    if refined and refined.upper() not in known:
        raise Failure(f"There is no hypothesis {refined}; see cockpit show.")
    added = incident.add_hypothesis(
        _text(text, "hypothesis"),
        likelihood,
        cost=cost,
        prediction=prediction,
        parent=known[refined.upper()] if refined else "",
    )
    incident.refresh()
    label = next((each.label for each in incident.state.hypotheses if each.id == added), "")
    click.echo(f"Added {label} to {incident.folder.name}.")


@click.command()
@click.argument("text", nargs=-1, required=True)
@click.option(
    "--kind",
    type=click.Choice(["deploy", "mitigation", "restart", "note"]),
    default="note",
    show_default=True,
    help="What happened.",
)
@click.option("--at", metavar="TIME", help="When: 10:02, 15m ago, 2026-11-23T10:02:11Z (default: now).")
@incident_options
@click.pass_obj
@failing
def mark(parent: dict[str, Any], /, text: tuple[str, ...], kind: str, at: str | None, **options: Any) -> None:
    """Set a marker on the timeline: a deploy, a mitigation, a restart, or anything worth a mark."""
    from cockpit.clock import SystemClock, parse_time, to_rfc3339

    now = SystemClock().now()
    try:
        moment = parse_time(at, now) if at else now
    except ValueError as error:
        raise Failure(str(error)) from None
    incident = incident_of(parent, options)
    incident.add_marker(" ".join(text), kind, moment)
    click.echo(f"Marked {to_rfc3339(moment)} in {incident.folder.name}.")


@click.command()
@click.option("--json", "as_json", is_flag=True, help="As JSON.")
@incident_options
@click.pass_obj
@failing
def incidents(parent: dict[str, Any], /, as_json: bool, **options: Any) -> None:
    """List the incidents, the one changed last first."""
    from cockpit.clock import to_local, to_rfc3339
    from cockpit.incident.library import list_incidents

    config = load_config(over(parent, options))
    found = list_incidents(config.incidents_dir())
    if as_json:
        rows = [
            {
                "name": each.name,
                "title": each.title,
                "folder": str(each.folder),
                "opened": to_rfc3339(each.opened_at),
                "changed": to_rfc3339(each.changed_at),
                "closed": each.closed,
                "hypotheses": each.hypotheses,
                "notes": each.notes,
            }
            for each in found
        ]
        click.echo(json.dumps(rows, indent=2, ensure_ascii=False))
        return
    if not found:
        click.echo(f"No incidents in {config.incidents_dir()} yet. Open one with: cockpit --incident NAME")
    for each in found:
        state = "closed" if each.closed else "open"
        counts = f"{each.hypotheses} hypotheses, {each.notes} notes"
        click.echo(f"{to_local(each.opened_at):%Y-%m-%d %H:%M}  {state:<6}  {each.name:<40}  {counts}")


@click.command()
@click.argument("incident_name", metavar="[INCIDENT]", required=False)
@click.option("--json", "as_json", is_flag=True, help="As JSON.")
@incident_options
@click.pass_obj
@failing
def show(parent: dict[str, Any], /, incident_name: str | None, as_json: bool, **options: Any) -> None:
    """Show an incident whole: hypotheses, evidence, markers, notes, timeline."""
    from cockpit.incident.show import as_dict, as_text

    options["incident"] = incident_name or options["incident"]
    shown = as_dict(incident_of(parent, options))
    if as_json:
        click.echo(json.dumps(shown, indent=2, ensure_ascii=False))
        return
    from cockpit.logs.printable import printable

    for line in as_text(shown).split("\n"):
        click.echo(printable(line) if sys.stdout.isatty() else line)


COMMANDS = (note, hypothesis, mark, incidents, show)
