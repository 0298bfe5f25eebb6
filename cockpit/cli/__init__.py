"""The command line: one file per command group. Parses, calls, prints; heavy imports stay inside the functions."""

from __future__ import annotations

from cockpit.cli.root import cockpit


def main() -> None:
    """Entry point of the `cockpit` command."""
    cockpit(prog_name="cockpit")


__all__ = ["main"]
