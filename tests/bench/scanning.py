"""How long the scan of a million JSON records takes once they are indexed, and how soon a new fault is noticed live."""

from __future__ import annotations

import json
import random
import resource
import threading
import time
from datetime import UTC, datetime
from pathlib import Path

from cockpit.clock import SystemClock
from cockpit.config import Config
from cockpit.findings import FindingsDesk
from cockpit.incident.store import Incident
from cockpit.logs.file import LogFile
from cockpit.scan_report import grown
from cockpit.scanning import scan
from cockpit.session import Session
from tests.bench.files import faulty_log

_RECORDS = 1_000_000
_BEFORE = 20.0  # seconds that are written before the fault begins
_WAITS = 30.0  # for the finding, at most
_STEP = 0.05  # seconds between two writes
_RATE = 40  # records in each


def run(folder: Path, megabytes: int) -> None:
    """Print the scan of a million records, and the delay and the cost of what is noticed while a log grows."""
    file = LogFile(faulty_log(folder, _RECORDS), time.time_ns() // 1000)
    while file.index_earlier():
        pass
    started, used = time.perf_counter(), time.process_time()
    catalogue = grown([file])
    numbered = time.perf_counter() - started
    found = scan(catalogue, [])
    seconds, used = time.perf_counter() - started, time.process_time() - used
    assert found is not None
    said = ", ".join(f"{name} {judged.verdict.value}" for name, judged in found.scope.items())
    print(
        f"scan of {found.records} records: {seconds:.2f} s, {numbered:.2f} of it signatures, {used:.2f} s of processor"
    )
    print(f"  {said}; {'; '.join(found.scope['data'].why[:1])}")
    file.close()
    _live(folder)


def _live(folder: Path) -> None:
    log = folder / "live.log"
    log.write_bytes(b"")
    session = Session(Incident.create(folder / "incidents", "bench", SystemClock(), "bench"), Config(), SystemClock())
    findings, stop, begun = FindingsDesk(session), threading.Event(), threading.Event()
    writer = threading.Thread(target=_write, args=(log, stop, begun))
    try:
        writer.start()
        time.sleep(1.0)
        session.open_sources([str(log)])
        session.start()
        used, started, onset = _processor(), time.perf_counter(), 0.0
        while time.perf_counter() - started < _BEFORE + _WAITS:
            time.sleep(0.5)
            findings.tick()
            onset = onset or (time.perf_counter() if begun.is_set() else 0.0)
            if onset and findings.found:
                break
        delay, share = time.perf_counter() - onset, (_processor() - used) / (time.perf_counter() - started)
        told = findings.found[0].text if findings.found else "nothing was noticed"
        print(f"live, {_RATE / _STEP:.0f} records/s: noticed after {delay:.1f} s; {share * 100:.1f} % of a core, with")
        print(f"  the writer: {told}")
    finally:
        stop.set()
        writer.join()
        findings.close()
        session.close()


def _write(log: Path, stop: threading.Event, begun: threading.Event) -> None:
    chance, started = random.Random(3), time.monotonic()
    with log.open("a") as file:
        while not stop.wait(_STEP):
            wrong = time.monotonic() - started > _BEFORE
            for number in range(_RATE):
                stamp = f"{datetime.now(UTC):%Y-%m-%dT%H:%M:%S.%f}Z"
                failing = wrong and number == 0
                told = (
                    {"level": "error", "msg": "cart could not be summed"} if failing else {"level": "info", "msg": "ok"}
                )
                file.write(json.dumps({"ts": stamp, **told, "user": chance.randrange(9999)}) + "\n")
            file.flush()
            if wrong:
                begun.set()


def _processor() -> float:
    """Seconds of the processor that this process and those it has started took."""
    kinds = (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)
    return sum(each.ru_utime + each.ru_stime for each in map(resource.getrusage, kinds))
