"""How long it takes to count the records that hold a pattern, and until the first is known, beside ripgrep."""

from __future__ import annotations

import subprocess
import threading
import time
from pathlib import Path

from cockpit.logs import workers
from cockpit.logs.file import LogFile
from cockpit.logs.places import compile_pattern
from cockpit.logs.search import Filter
from cockpit.logs.view import View
from tests.bench.files import text_log
from tests.bench.programs import installed

_PATTERNS = ("Request 2500077 ", "timeout|refused|LAST", r"user=\d+42 ", "(?i)request 123456 ", "handled")
_RUNS = 3


def run(folder: Path, megabytes: int) -> None:
    """Print the best of three runs each, in turn. The log is indexed before, as it is when one searches."""
    path = text_log(folder, megabytes)
    file = LogFile(path, time.time_ns() // 1000)
    _index(file)
    everything = View([file], Filter())
    beside = installed("rg")
    for text in _PATTERNS:
        ours, first, hits, theirs = float("inf"), float("inf"), 0, float("inf")
        for _ in range(_RUNS):
            seconds, until_first, hits = _search(file, everything, text)
            ours, first = min(ours, seconds), min(first, until_first)
            if beside:
                started = time.perf_counter()
                subprocess.run(["rg", "-c", text, str(path)], capture_output=True, check=False)
                theirs = min(theirs, time.perf_counter() - started)
        ratio = f"{ours / theirs:5.2f} × ripgrep ({theirs:.2f} s)" if beside else ""
        print(f"{text:<22} {hits:>8} records  {ours:5.2f} s  first told after {first * 1000:4.0f} ms  {ratio}")
    file.close()


def _index(file: LogFile) -> None:
    """As the cockpit does it: by processes where the file is large."""
    found = workers.begin([file])
    if found is not None:
        for _, stretch in found.stretches():
            file.join(stretch)
        found.close()
    while file.index_earlier():
        pass


def _search(file: LogFile, everything: View, text: str) -> tuple[float, float, int]:
    started = time.perf_counter()
    first: list[float] = []
    view = View([file], Filter(within=(compile_pattern(text.removeprefix("(?i)")),)), everything)

    def told() -> None:
        if view.count and not first:
            first.append(time.perf_counter() - started)

    view.look(lambda: False, threading.Lock(), told)
    return time.perf_counter() - started, first[0] if first else float("nan"), view.count
