"""Sixteen sets of real logs: each line's time and level are those that people have written beside it.

The sets are not part of this project; the test is skipped where they are not found.
"""

from __future__ import annotations

import csv
import os
import re
from pathlib import Path

import numpy as np
import pytest

from cockpit.clock import from_rfc3339, to_datetime
from cockpit.logs.formats import detect
from cockpit.logs.levels import Level, level_of_word
from cockpit.logs.scan import scan
from cockpit.logs.times import NONE

LOGHUB = Path(os.environ.get("COCKPIT_LOGHUB", Path(__file__).resolve().parents[3] / "shared/data/loghub"))
NOW = from_rfc3339("2026-11-23T17:00:00Z")
TIMES = {  # the columns that make the time, and how they spell it
    "Android": ("{Date} {Time}", "%m-%d %H:%M:%S.%f"),
    "Apache": ("{Time}", "%a %b %d %H:%M:%S %Y"),
    "BGL": ("{Timestamp}", "epoch"),
    "HDFS": ("{Date} {Time}", "%y%m%d %H%M%S"),
    "HPC": ("{Time}", "epoch"),
    "Hadoop": ("{Date} {Time}", "%Y-%m-%d %H:%M:%S,%f"),
    "HealthApp": ("{Time}", "%Y%m%d-%H:%M:%S:%f"),
    "Linux": ("{Month} {Date} {Time}", "%b %d %H:%M:%S"),
    "Mac": ("{Month} {Date} {Time}", "%b %d %H:%M:%S"),
    "OpenSSH": ("{Date} {Day} {Time}", "%b %d %H:%M:%S"),
    "OpenStack": ("{Date} {Time}", "%Y-%m-%d %H:%M:%S.%f"),
    "Proxifier": ("{Time}", "%m.%d %H:%M:%S"),
    "Spark": ("{Date} {Time}", "%y/%m/%d %H:%M:%S"),
    "Thunderbird": ("{Timestamp}", "epoch"),
    "Windows": ("{Date} {Time}", "%Y-%m-%d %H:%M:%S"),
    "Zookeeper": ("{Date} {Time}", "%Y-%m-%d %H:%M:%S,%f"),
}
NO_LEVELS = {"Linux", "OpenSSH", "Mac", "HealthApp", "HPC", "Proxifier", "Thunderbird"}  # no column of that meaning

pytestmark = pytest.mark.skipif(not LOGHUB.is_dir(), reason="the sets of logs are not here")


def numbers(text: str) -> list[int]:
    """The numbers of a time, whatever stands between them and however they are padded."""
    return [int(number) for number in re.findall(r"\d+", text)]


def spelt(at: int, how: str) -> list[int]:
    if how == "epoch":
        return [at // 1_000_000]
    when = to_datetime(at)
    return numbers(when.strftime(how.replace("%f", f"{when.microsecond // 1000:03d}")))


@pytest.mark.parametrize("name", TIMES)
def test_times_and_levels_are_those_of_the_structured_file(name: str) -> None:
    data = (LOGHUB / name / f"{name}_2k.log").read_bytes().replace(b"\r\n", b"\n")
    with (LOGHUB / name / f"{name}_2k.log_structured.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    form = detect(data.split(b"\n")[1::17])
    found = scan(data, form, NOW, begins=True)
    first_lines = np.concatenate(([0], np.cumsum(found.lines)[:-1]))
    at_line = dict(zip(first_lines.tolist(), range(len(first_lines)), strict=True))
    columns, how = TIMES[name]
    timed = levelled = with_level = 0
    for line, row in enumerate(rows):
        record = at_line.get(line)
        if record is None:
            continue
        at = int(found.times[record])
        timed += at != NONE and spelt(at, how) == numbers(columns.format(**row))
        if name not in NO_LEVELS:
            told = level_of_word(row["Level"])
            with_level += told is not Level.NONE
            levelled += told is not Level.NONE and told == found.levels[record]
    assert timed >= 0.99 * len(rows), f"{timed} of {len(rows)} times, read as {form.name}: {form.why}"
    assert levelled >= 0.99 * with_level, f"{levelled} of {with_level} levels, read as {form.name}"
