"""How long a filter takes: by level over millions of lines, by field over a million JSON records, beside jq."""

from __future__ import annotations

import subprocess
import threading
import time
from pathlib import Path

from cockpit.logs.file import LogFile
from cockpit.logs.query import narrowed
from cockpit.logs.search import Filter
from cockpit.logs.view import View
from tests.bench.files import json_log, text_log
from tests.bench.programs import installed

_FIELDS = ("status>=500", "user_id=4242", "path~items/42", "-logger=shop.cart", "duration_ms>499.5")


def run(folder: Path, megabytes: int) -> None:
    """Print the best of three runs of each."""
    text = _indexed(text_log(folder, megabytes))
    _row(text, "level>=error")
    text.close()
    json = _indexed(json_log(folder, 1_000_000))
    for expression in _FIELDS:
        _row(json, expression)
    if installed("jq"):
        started = time.perf_counter()
        subprocess.run(["jq", "-c", "select(.status>=500)", str(json.path)], capture_output=True, check=False)
        print(f"jq, status>=500: {time.perf_counter() - started:.2f} s")
    json.close()


def _row(file: LogFile, expression: str) -> None:
    seconds, count = _best(file, expression)
    total = View([file], Filter()).count
    print(f"{expression:<20} over {total:>9} records  {count:>8} kept  {seconds * 1000:6.0f} ms")


def _indexed(path: Path) -> LogFile:
    file = LogFile(path, time.time_ns() // 1000)
    while file.index_earlier():
        pass
    return file


def _best(file: LogFile, expression: str) -> tuple[float, int]:
    best, count = float("inf"), 0
    for _ in range(3):
        started = time.perf_counter()
        view = View([file], narrowed(Filter(), expression, 0))
        view.look(lambda: False, threading.Lock(), lambda: None)
        best, count = min(best, time.perf_counter() - started), view.count
    return best, count
