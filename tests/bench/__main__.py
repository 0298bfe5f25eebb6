"""Benchmarks beside peers, each a ratio measured in one run: `python -m tests.bench [NAME…]`.

Without names all are run. `--megabytes N` makes smaller files than the 850 MB of the budget.
"""

from __future__ import annotations

import argparse
import tempfile
from pathlib import Path

from tests.bench import (
    burst,
    capturing,
    filtering,
    first_screen,
    idle,
    journal,
    scanning,
    searching,
    signatures,
    suspects,
    whole_index,
)

BENCHMARKS = {
    "first-screen": first_screen.run,
    "whole-index": whole_index.run,
    "searching": searching.run,
    "filtering": filtering.run,
    "capturing": capturing.run,
    "burst": burst.run,
    "idle": idle.run,
    "journal": journal.run,
    "signatures": signatures.run,
    "scanning": scanning.run,
    "suspects": suspects.run,
}


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m tests.bench", description=__doc__)
    parser.add_argument("names", nargs="*", choices=[*BENCHMARKS, []], help="which to run (default: all)")
    parser.add_argument("--megabytes", type=int, default=850, help="size of the large log (default: 850)")
    parser.add_argument("--folder", type=Path, help="where the files are made (default: a folder that is removed)")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="cockpit-bench-") as own:
        folder = options.folder or Path(own)
        folder.mkdir(parents=True, exist_ok=True)
        for name in options.names or BENCHMARKS:
            print(f"## {name}")
            BENCHMARKS[name](folder, options.megabytes)


if __name__ == "__main__":
    main()
