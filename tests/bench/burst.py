"""A storm: 200 000 lines a second over three files for ten seconds. Is any lost, does the screen keep up?"""

from __future__ import annotations

import itertools
import re
import statistics
import subprocess
import sys
import time
from pathlib import Path

from tests.bench.programs import cockpit, running

_RATE, _SECONDS = 200_000, 10
_WRITER = """
import sys, time
files = [open(name, "a", buffering=1 << 20) for name in sys.argv[3:]]
rate, seconds = int(sys.argv[1]), float(sys.argv[2])
begun = time.time(); written = 0
while (now := time.time()) - begun < seconds:
    due = int((now - begun) * rate)
    for number in range(written, due):
        stamp = time.strftime("%Y-%m-%d %H:%M:%S", time.gmtime(now)) + ",%03d" % (now % 1 * 1000)
        files[number % 3].write(f"{stamp} INFO shop request {number} handled at={now:.6f}\\n")
    written = max(written, due)
    for file in files: file.flush()
    time.sleep(0.005)
print(written)
"""


def run(folder: Path, megabytes: int) -> None:
    """Print lines written and shown, the gaps between frames, and how old the newest line on the screen is."""
    names = [folder / f"burst-{number}.log" for number in range(3)]
    for name in names:
        name.write_text("2025-01-01 00:00:00,000 INFO shop before\n")
    home = folder / "home"
    with running(cockpit(home, *map(str, names)), home) as program:
        program.until(b"FOLLOW")
        command = [sys.executable, "-c", _WRITER, str(_RATE), str(_SECONDS), *map(str, names)]
        writer = subprocess.Popen(command, stdout=subprocess.PIPE)
        frames: list[float] = []
        ages: list[float] = []
        while writer.poll() is None:
            data = program.read(0.2)
            if data:
                frames.append(time.perf_counter())
                stamps = [float(found) for found in re.findall(rb"at=(\d+\.\d{6})", data)]
                if stamps:
                    ages.append(time.time() - max(stamps))
        written = int(writer.communicate()[0])
        total = f"{written + 3:,}".replace(",", " ").encode()
        shown = _drain(program, total)
        memory = program.megabytes()
    gaps = [later - earlier for earlier, later in itertools.pairwise(frames)]
    gaps = [gap for gap in gaps if gap > 0.002]
    print(f"written {written} ({written / _SECONDS:.0f}/s), all on the screen: {'yes' if shown else 'NO'}")
    print(f"gap between frames: median {statistics.median(gaps) * 1000:.0f} ms, p99 {_p99(gaps) * 1000:.0f} ms")
    print(f"age of the newest line: median {statistics.median(ages) * 1000:.0f} ms, p99 {_p99(ages) * 1000:.0f} ms")
    print(f"resident afterwards: {memory:.0f} MB")


def _drain(program: object, sign: bytes) -> bool:
    seen = b""
    deadline = time.perf_counter() + 20
    while time.perf_counter() < deadline:
        seen = seen[-65536:] + program.read(0.2)  # type: ignore[attr-defined]
        if sign in seen:
            return True
    return False


def _p99(values: list[float]) -> float:
    return sorted(values)[int(len(values) * 0.99)]
