"""`cockpit demo`: a small faulty shop, its logs and its repository, to try the cockpit on."""

from __future__ import annotations

import tempfile
import time
from pathlib import Path
from typing import Any

import click

from cockpit.cli.failing import failing
from cockpit.cli.settings import load_config


@click.command()
@click.option("--dir", "folder", metavar="DIR", help="Where to make it (default: a folder of its own that is removed).")
@click.option("--seed", type=int, default=1, show_default=True, help="Same seed, same incident.")
@click.option("--speed", type=float, default=1.0, show_default=True, help="How many times the usual traffic.")
@click.option("--duration", metavar="SECONDS", type=float, help="Stop the traffic after so many seconds.")
@click.option("--no-ui", is_flag=True, help="Only make the files (and keep writing for --duration).")
@click.pass_obj
@failing
def demo(
    options: dict[str, Any], folder: str | None, seed: int, speed: float, duration: float | None, no_ui: bool
) -> None:
    """Open the cockpit on a made-up incident.

    A small shop service runs as a process of its own and writes three real logs, beside a git repository of some
    forty commits. Forty minutes ago something was deployed; since then some checkouts fail. Find out why.
    """
    config = load_config(options)
    if folder is None and not no_ui:
        with tempfile.TemporaryDirectory(prefix="cockpit-demo-") as own:
            _run(config, Path(own) / "shop", seed, speed, duration, no_ui)
    else:
        _run(config, Path(folder or "cockpit-demo"), seed, speed, duration, no_ui)


def _run(config: Any, folder: Path, seed: int, speed: float, duration: float | None, no_ui: bool) -> None:
    from cockpit.clock import SystemClock
    from cockpit.demo.build import build
    from cockpit.demo.service import start_service

    click.echo("Making the shop, its logs and its repository …", err=True)
    made = build(folder, seed, SystemClock().now())
    if no_ui:
        click.echo(f"{made.folder}")
        for path in (*made.logs, made.repo):
            click.echo(f"  {path.relative_to(made.folder)}")
        if duration is None:
            return
    service = start_service(made, speed, duration)
    try:
        if no_ui:
            while service.poll() is None:
                time.sleep(0.1)
        else:
            from cockpit.cli.opening import Opening, prepare, run_cockpit

            prepare(config)
            name = config.incident or "demo: checkouts fail"
            run_cockpit(config, Opening([str(path) for path in made.logs], config.repo or str(made.repo), name))
    except KeyboardInterrupt:
        return
    finally:
        service.terminate()
        service.wait()


COMMANDS = (demo,)
