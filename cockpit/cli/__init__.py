"""The command line: one file per command group. Parses, calls, prints; heavy imports stay inside the functions."""

from __future__ import annotations

import os

from cockpit.cli.root import cockpit


def main() -> None:
    """Entry point of the `cockpit` command."""
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")  # nothing here multiplies matrices; threads cost time to start
    cockpit(prog_name="cockpit")


__all__ = ["main"]
