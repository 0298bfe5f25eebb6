"""How long a filter takes: by level over millions of lines, by field over a million JSON records and access lines.

The JSON records are read beside jq.
"""

from __future__ import annotations

import subprocess
import threading
import time
from pathlib import Path

from cockpit.logs.file import LogFile
from cockpit.logs.query import narrowed
from cockpit.logs.search import Filter
from cockpit.logs.view import View
from tests.bench.files import access_log, json_log, text_log
from tests.bench.programs import installed

_FIELDS = ("status>=500", "user_id=4242", "path~items/42", "-logger=shop.cart", "duration_ms>499.5")
_COLUMNS = ("status>=500", "bytes<1000", "path~items/42", "client=10.1.2.3")


def run(folder: Path, megabytes: int) -> None:
    """Print the best of three runs of each."""
    text = _indexed(text_log(folder, megabytes))
    _row(text, "level>=error")
    text.close()
    access = _indexed(access_log(folder, 1_000_000))
    for expression in _COLUMNS:
        _row(access, expression)
    access.close()
    json = _indexed(json_log(folder, 1_000_000))
    for expression in _FIELDS:
        _row(json, expression)
    if installed("jq"):
        started = time.perf_counter()
        subprocess.run(["jq", "-c", "select(.status>=500)", str(json.path)], capture_output=True, check=False)
        print(f"jq, status>=500: {time.perf_counter() - started:.2f} s")
    json.close()


def _row(file: LogFile, expression: str) -> None:
    seconds, worked, count = _best(file, expression)
    total = View([file], Filter()).count
    took = f"{seconds * 1000:6.0f} ms, {worked * 1000:6.0f} ms of processor"
    print(f"{expression:<20} over {total:>9} records  {count:>8} kept  {took}")


def _indexed(path: Path) -> LogFile:
    file = LogFile(path, time.time_ns() // 1000)
    while file.index_earlier():
        pass
    return file


def _best(file: LogFile, expression: str) -> tuple[float, float, int]:
    best, worked, count = float("inf"), float("inf"), 0
    for _ in range(3):
        started, before = time.perf_counter(), time.process_time()
        view = View([file], narrowed(Filter(), expression, 0))
        view.look(lambda: False, threading.Lock(), lambda: None)
        best, worked = min(best, time.perf_counter() - started), min(worked, time.process_time() - before)
        count = view.count
    return best, worked, count
