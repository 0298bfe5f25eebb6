"""Signatures: how well messages are grouped, on sixteen sets of real logs, and how many a second, beside drain3."""

from __future__ import annotations

import os
import subprocess
import time
from pathlib import Path

from cockpit.cataloguing import Catalogue
from cockpit.insight.miner import Miner
from cockpit.logs.file import LogFile
from tests.bench.files import json_log
from tests.insight.loghub import annotated, grouping_accuracy, sets

_TIMES = 10  # how often each set is read, one after the other, for the speed
_RECORDS = 1_000_000
_DRAIN = r"""
import sys, time
from drain3 import TemplateMiner
from drain3.masking import MaskingInstruction
from drain3.template_miner_config import TemplateMinerConfig
config = TemplateMinerConfig()
config.profiling_enabled = False
config.masking_instructions = [
    MaskingInstruction(r"((?<=[^A-Za-z0-9])|^)(\d{1,3}\.\d{1,3}\.\d{1,3}\.\d{1,3})((?=[^A-Za-z0-9])|$)", "IP"),
    MaskingInstruction(r"((?<=[^A-Za-z0-9])|^)([\-\+]?\d+)((?=[^A-Za-z0-9])|$)", "NUM"),
]
lines = sys.stdin.buffer.read().decode("utf-8", "replace").split("\n")[:-1]
times = int(sys.argv[1])
miner = TemplateMiner(config=config)
started = time.process_time()
for _ in range(times):
    found = [miner.add_log_message(line)["cluster_id"] for line in lines]
print(time.process_time() - started)
print(*found)
"""


def run(folder: Path, megabytes: int) -> None:
    """Print accuracy and speed set by set (seconds of the processor), then a whole log, extraction included.

    COCKPIT_DRAIN names a Python in which drain3 is installed; where there is none, ours is printed alone.
    """
    beside = _drain()
    ours_right, theirs_right, ours_seconds, theirs_seconds, count = 0.0, 0.0, 0.0, 0.0, 0
    for name in sets():
        messages, events = annotated(name)
        block = b"".join(message + b"\n" for message in messages)
        miner = Miner()
        started = time.process_time()
        for _ in range(_TIMES):
            numbers = miner.take(block)
        seconds = time.process_time() - started
        right = grouping_accuracy(miner.resolved(numbers).tolist(), events)
        told = f"{name:<12} {right:6.4f}  {_TIMES * len(events) / seconds:>9,.0f}/s"
        ours_right, ours_seconds, count = ours_right + right, ours_seconds + seconds, count + _TIMES * len(events)
        if beside:
            seconds, found = _run_drain(beside, block)
            right = grouping_accuracy(found, events)
            theirs_right, theirs_seconds = theirs_right + right, theirs_seconds + seconds
            told += f"   drain3 {right:6.4f}  {_TIMES * len(events) / seconds:>9,.0f}/s"
        print(told)
    if not count:
        print("the sets of logs are not here")
    else:
        speed = count / ours_seconds
        told = f"{'average':<12} {ours_right / len(sets()):6.4f}  {speed:>9,.0f}/s"
        if beside:
            theirs = count / theirs_seconds
            told += f"   drain3 {theirs_right / len(sets()):6.4f}  {theirs:>9,.0f}/s   {speed / theirs:.1f} × drain3"
        print(told)
    _whole_log(folder)


def _whole_log(folder: Path) -> None:
    file = LogFile(json_log(folder, _RECORDS), time.time_ns() // 1000)
    while file.index_earlier():
        pass
    catalogue = Catalogue([file])
    started = time.process_time()
    while catalogue.grow():
        pass
    seconds = time.process_time() - started
    file.close()
    print(f"{_RECORDS:,} JSON records, read and all: {seconds:.2f} s, {_RECORDS / seconds:,.0f}/s")


def _drain() -> str | None:
    """A Python that knows drain3; says so where there is none."""
    python = os.environ.get("COCKPIT_DRAIN", "python3")
    known = subprocess.run([python, "-c", "import drain3"], capture_output=True, check=False).returncode == 0
    if not known:
        print("drain3: not installed")
    return python if known else None


def _run_drain(python: str, block: bytes) -> tuple[float, list[str]]:
    """Seconds of the processor for all messages so many times, and the group of each."""
    done = subprocess.run([python, "-c", _DRAIN, str(_TIMES)], input=block, capture_output=True, check=True)
    seconds, groups = done.stdout.decode().split("\n")[:2]
    return float(seconds), groups.split()
