"""The live service: goes on where the history ends, survives rotation, and ends for every reason it should."""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from itertools import pairwise
from pathlib import Path

import pytest

from cockpit.clock import MINUTE, SECOND, FrozenClock, SystemClock, from_rfc3339
from cockpit.demo import DemoError, traffic
from cockpit.demo.build import MARKER, Demo, build, locked, read
from cockpit.demo.lines import LOGS
from cockpit.demo.service import LogFile, main, serve, start_service


@pytest.fixture(scope="module")
def template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A demo of the present, with short logs: copied for each test."""
    folder = tmp_path_factory.mktemp("template") / "demo"
    demo = build(folder, 5, SystemClock().now())
    for log in demo.logs:
        log.write_bytes(log.read_bytes()[-2000:].partition(b"\n")[2])
    return folder


@pytest.fixture
def live(template: Path, folder: Path) -> Demo:
    shutil.copytree(template, folder)
    return read(folder)


class Ticking(FrozenClock):
    """A clock that moves a little at every look."""

    def now(self) -> int:
        self.at += 20_000
        return self.at


def _serve(demo: Demo, minutes: int, **more: object) -> None:
    """Serve with a clock that runs much faster than time."""
    alive: Callable[[], bool] = lambda: True  # noqa: E731
    options = {"alive": alive, **more}
    serve(demo, 1.0, minutes * 60, clock=Ticking(demo.now), stop=Hasty(), **options)  # type: ignore[arg-type]


class Hasty(threading.Event):
    """Waits for nothing."""

    def wait(self, timeout: float | None = None) -> bool:
        return self.is_set()


def _texts(demo: Demo) -> list[str]:
    return [path.read_text("utf-8") for path in demo.logs]


def _eventually(check: Callable[[], object], seconds: float = 5.0) -> None:
    end = time.monotonic() + seconds
    while not check():
        assert time.monotonic() < end, "waited in vain"
        time.sleep(0.02)


def test_it_goes_on_exactly_where_the_history_ended(live: Demo) -> None:
    before = _texts(live)
    _serve(live, 3)
    plot = live.plot()
    expected = ["", "", ""]
    for _, log, text in traffic.lines(plot, live.now, live.now + 2 * MINUTE):
        expected[log] += text
    for log in range(3):
        assert _texts(live)[log].startswith(before[log] + expected[log])


def test_a_rotated_removed_or_truncated_log_is_followed(tmp_path: Path) -> None:
    path = tmp_path / "app.jsonl"
    file = LogFile(path)
    file.write("one\n")
    path.rename(tmp_path / "app.jsonl.1")
    file.write("two\n")
    path.unlink()
    file.write("three\n")
    os.truncate(path, 0)
    file.write("four\n")
    assert (tmp_path / "app.jsonl.1").read_text() == "one\n"
    assert path.read_text() == "four\n"
    assert file.total == 19
    shutil.rmtree(tmp_path)
    with pytest.raises(FileNotFoundError):
        file.write("five\n")
    file.close()


def test_it_ends_when_a_log_is_large(live: Demo) -> None:
    _serve(live, 60, most_bytes=6000)
    sizes = [path.stat().st_size for path in live.logs]
    assert 6000 <= max(sizes) < 8000


def test_it_ends_when_its_parent_is_gone(live: Demo) -> None:
    looks = iter([True] * 200)
    _serve(live, 60, alive=lambda: next(looks, False))
    assert max(path.stat().st_size for path in live.logs) < 100_000


def test_after_a_long_sleep_it_goes_on_from_now(live: Demo) -> None:
    clock = Ticking(live.now)
    looks = 0

    def alive() -> bool:
        nonlocal looks
        looks += 1
        if looks == 300:
            clock.advance(3600 * SECOND)
        return True

    serve(live, 1.0, 3660, clock=clock, stop=Hasty(), alive=alive)
    times = [from_rfc3339(json.loads(line)["ts"]) for line in live.logs[0].read_text().splitlines()]
    gaps = [later - earlier for earlier, later in pairwise(times)]
    assert max(gaps) > 3500 * SECOND
    assert times == sorted(times)
    assert times[-1] > live.now + 3620 * SECOND


def test_the_process_writes_now_survives_rotation_and_ends_when_told(live: Demo) -> None:
    process = start_service(live, speed=20)
    try:
        app = live.logs[0]
        size = app.stat().st_size
        _eventually(lambda: app.stat().st_size > size + 3000)
        app.rename(app.with_name("app.jsonl.1"))
        _eventually(lambda: app.exists() and app.stat().st_size > 2000)
        with pytest.raises(DemoError, match="stop it first"):
            build(live.folder, 5, live.now)
    finally:
        process.send_signal(signal.SIGTERM)
    assert process.wait(5) == 0
    assert (live.folder / "service.log").read_bytes() == b""
    for path in live.logs:
        assert path.read_bytes().endswith(b"\n")
    last = json.loads(app.read_text().splitlines()[-1])
    assert abs(from_rfc3339(last["ts"]) - SystemClock().now()) < 5 * SECOND
    assert read(live.folder).live


def test_a_second_service_does_not_repeat_the_first(live: Demo) -> None:
    for _ in range(2):
        assert start_service(live, speed=5, duration=0.4).wait(5) == 0
    for path in live.logs[:2]:
        lines = path.read_text().splitlines()
        assert len(lines) == len(set(lines))


def test_the_process_ends_with_its_parent(live: Demo) -> None:
    code = (
        "import sys, pathlib; from cockpit.demo.build import read; from cockpit.demo.service import start_service\n"
        "print(start_service(read(pathlib.Path(sys.argv[1]))).pid, flush=True); sys.stdin.readline()"
    )
    parent = subprocess.Popen(
        [sys.executable, "-c", code, str(live.folder)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )
    assert parent.stdout is not None
    int(parent.stdout.readline())
    _eventually(lambda: json.loads((live.folder / MARKER).read_bytes())["live"])
    parent.communicate("end\n")

    def free() -> bool:
        try:
            with locked(live.folder):
                return True
        except DemoError:
            return False

    _eventually(free)


def test_the_process_says_what_is_wrong(live: Demo, capsys: pytest.CaptureFixture[str]) -> None:
    base = ["--dir", str(live.folder), "--seed", "5", "--duration", "0"]
    kept = {number: signal.getsignal(number) for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP)}
    try:
        assert main([*base, "--speed", "0"]) == 2
        assert main([*base, "--seed", "6"]) == 2
        assert main([*base, "--dir", str(live.folder / "none")]) == 2
        assert main(base) == 0
    finally:
        for number, handler in kept.items():
            signal.signal(number, handler)
    said = capsys.readouterr().err.splitlines()
    assert "makes no sense" in said[0]
    assert "has the seed 5, not 6" in said[1]
    assert "holds no demo" in said[2]
    assert len(said) == 3


@pytest.mark.parametrize(("speed", "duration"), [(0, None), (-1, None), (5000, None), (float("nan"), None), (1, -1)])
def test_a_speed_or_duration_without_sense_is_refused(live: Demo, speed: float, duration: float | None) -> None:
    with pytest.raises(DemoError, match="makes no sense"):
        start_service(live, speed, duration)


def test_the_folder_may_be_removed_under_its_hands(live: Demo) -> None:
    process = start_service(live, speed=50)
    _eventually(lambda: read(live.folder).live)
    (live.folder / "logs").rename(live.folder / "gone")
    assert process.wait(5) == 0
    assert {path.name for path in (live.folder / "gone").iterdir()} == set(LOGS)
