"""Scores the diagnosis on generated incidents: `python -m tests.incidents [--set development|reported] …`."""

from __future__ import annotations

import argparse
import os
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from tests.incidents.scoring import DEVELOPMENT, REPORTED, report, try_seeds
from tests.incidents.truth import Kind


def diagnose(paths: Sequence[Path], markers: Sequence[tuple[int, str, str]]) -> Any:
    """The cockpit's own."""
    from cockpit.scan_report import diagnose as own

    return own(paths, markers)


def _range(text: str) -> range:
    first, _, last = text.partition("-")
    return range(int(first), int(last or first) + 1)


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m tests.incidents", description=__doc__)
    parser.add_argument("--set", choices=("development", "reported"), default="development", help="which seeds")
    parser.add_argument("--kind", type=Kind, choices=list(Kind), help="only those of this kind")
    parser.add_argument("--seeds", type=_range, help="A-B: these seeds instead of a set")
    parser.add_argument("--jobs", type=int, default=1, help="how many processes")
    parser.add_argument("--keep", type=Path, help="leave the logs in this folder")
    options = parser.parse_args()
    os.environ["TZ"] = "UTC"
    time.tzset()
    seeds = options.seeds or (DEVELOPMENT if options.set == "development" else REPORTED)
    with tempfile.TemporaryDirectory(prefix="cockpit-incidents-") as own:
        folder = options.keep or Path(own)
        scores = try_seeds(seeds, diagnose, folder, bool(options.keep), options.jobs, options.kind)
    print(report(scores))


if __name__ == "__main__":
    main()
