"""`cockpit trace`: the records of one request through all logs as a timed path."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import click

from cockpit.cli.failing import Failure, failing
from cockpit.cli.settings import config_option, load_config, zone_option

if TYPE_CHECKING:
    from cockpit.headless import Headless
    from cockpit.trace import Trace


@click.command()
@click.argument("trace_id", metavar="ID")
@click.argument("sources", nargs=-1, required=True, metavar="SOURCE...")
@click.option("--json", "as_json", is_flag=True, help="As one JSON object.")
@click.option("--as", "as_format", metavar="NAME", default="", help="Read the logs as this format.")
@zone_option
@config_option
@failing
def trace(trace_id: str, sources: tuple[str, ...], as_json: bool, as_format: str, **options: Any) -> None:
    """Print all records of one request as a timed path.

    ID is a trace id: a request id, a correlation id, whatever the records of one request have in common. Gaps, what
    took how long, what is usual in other traces, and where it stopped. Ends with 1 where no record has the id.
    """
    from cockpit.clock import SystemClock
    from cockpit.headless import Headless, Wanted
    from cockpit.insight.path_told import left_out
    from cockpit.trace import collect

    if not trace_id.strip():
        raise Failure("ID names no trace id.")
    config = load_config(options)
    wanted = Wanted("", (), None, None, None, 0, as_format, (trace_id,), config.zones)
    reader = Headless(sources, wanted, SystemClock(), 0)
    try:
        for problem in reader.problems:
            click.echo(f"cockpit: {problem}", err=True)
        if not reader.files:
            raise Failure("None of these sources could be read.")
        reader.index_all()
        found = collect(reader.files, reader.name_of, trace_id, lambda: False)
        if not found.rows:
            click.echo(f"cockpit: No record has the trace id {trace_id!r}.", err=True)
            raise SystemExit(1)
        for sentence in left_out(found.path) if as_json else ():
            click.echo(f"cockpit: {sentence}", err=True)
        shown = json.dumps(_object(found, reader), indent=2, ensure_ascii=False) if as_json else _text(found, reader)
        click.echo(shown.rstrip("\n"))
    finally:
        reader.close()


def _object(found: Trace, reader: Headless) -> dict[str, Any]:
    from cockpit.clock import to_rfc3339
    from cockpit.logs.levels import Level

    def told(at: int | None) -> str | None:
        return None if at is None else to_rfc3339(at)

    records = [
        {
            "source": step.source,
            "line": reader.line_of(row),
            "at": told(step.at),
            "level": Level(step.level).word or None,
            "message": step.message,
            "gap_ms": gap / 1000 if gap is not None else None,
            "took_ms": step.took / 1000 if step.took is not None else None,
        }
        for row, step, gap in zip(found.rows, found.path.steps, found.path.gaps, strict=True)
    ]
    ends = {"started": told(found.path.started), "ended": told(found.path.ended)}
    return {"id": found.id, **ends, "count": found.count, "hints": list(found.path.hints), "records": records}


def _text(found: Trace, reader: Headless) -> str:
    from cockpit.insight.path_told import left_out, sample, stopped, text
    from cockpit.insight.usual import usuals
    from cockpit.logs.times import NONE
    from cockpit.trace import others_of

    others = others_of(reader.files, reader.name_of, found, lambda: False)
    usual = usuals(found.path, others.paths)
    closing = [
        *left_out(found.path),
        *stopped(found.path, usual, found.until if found.until != NONE else None),
        *found.path.hints,
        sample(usual, others.complete),
    ]
    return text(found.id, found.path, found.count, usual, closing)


COMMANDS = (trace,)
