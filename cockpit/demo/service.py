"""The shop as a separate process: goes on writing the demo's logs, live, where their history ended.

It ends by itself: when told to, when its time is over, when whoever started it is gone, when its files are gone, and
when a log has become very large. Run as `python -m cockpit.demo.service`.
"""

from __future__ import annotations

import argparse
import os
import signal
import subprocess
import sys
import threading
from collections.abc import Callable
from pathlib import Path

from cockpit.clock import MINUTE, SECOND, Clock, SystemClock
from cockpit.demo import DemoError, build, traffic
from cockpit.demo.build import Demo

MOST_BYTES = 200_000_000
"""The service ends when it has made one log this large, rotated or not."""
FASTEST = 1000.0
_LONGEST_GAP = 5 * MINUTE  # a history older than this is not continued: there is a gap, as after an outage
_LONGEST_LAG = 30 * SECOND  # a machine that slept is not made to tell all it missed
_BREATH = 0.005  # seconds: the least wait, so that a fast demo does not spin
_LOOK = 0.5  # seconds: the longest wait before looking whether to end
_FOREVER = 1 << 60


class LogFile:
    """A log being written, which may be rotated under the writer's hands. Writes whole lines, appending."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._handle = _open(path)
        self.total = os.fstat(self._handle).st_size

    def write(self, text: str) -> None:
        """Append whole lines. Raises OSError where the disk is full or the folder is gone."""
        self._follow()
        content = text.encode()
        self.total += len(content)
        while content:
            content = content[os.write(self._handle, content) :]

    def close(self) -> None:
        os.close(self._handle)

    def _follow(self) -> None:
        """Open the file anew where another, or none, has its name now."""
        mine = os.fstat(self._handle)
        try:
            named = os.stat(self.path)
        except FileNotFoundError:
            named = None
        if named is None or (named.st_dev, named.st_ino) != (mine.st_dev, mine.st_ino):
            old, self._handle = self._handle, _open(self.path)
            os.close(old)


def start_service(demo: Demo, speed: float = 1.0, duration: float | None = None) -> subprocess.Popen[bytes]:
    """Start the service of a demo as a process of its own; its complaints go to `service.log` in the demo's folder.

    `speed`: times the normal number of requests; `duration`: seconds, None for as long as this process lives.
    End it with `terminate()` and `wait()`. Raises DemoError for a speed or duration that makes no sense.
    """
    _check(speed, duration)
    command = [sys.executable, "-P", "-m", "cockpit.demo.service", "--dir", str(demo.folder)]
    command += ["--seed", str(demo.seed), "--speed", str(speed), "--parent", str(os.getpid())]
    if duration is not None:
        command += ["--duration", str(duration)]
    package = str(Path(__file__).resolve().parents[2])
    path = os.pathsep.join(filter(None, [package, os.environ.get("PYTHONPATH")]))
    try:
        with (demo.folder / "service.log").open("ab") as complaints:
            return subprocess.Popen(
                command,
                env={**os.environ, "PYTHONPATH": path},
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                stderr=complaints,
                start_new_session=True,
            )
    except OSError as error:
        raise DemoError(f"The demo service cannot be started: {error.strerror}.") from None


def serve(
    demo: Demo,
    speed: float,
    duration: float | None,
    *,
    clock: Clock,
    stop: threading.Event,
    alive: Callable[[], bool],
    most_bytes: int = MOST_BYTES,
) -> None:
    """Write until `stop` is set, `duration` seconds are over, `alive` says no, or a log has `most_bytes`.

    Raises OSError where a log cannot be written.
    """
    plot = demo.plot()
    begun = clock.now()
    end = begun + round(duration * SECOND) if duration is not None else _FOREVER
    fresh = not demo.live and begun - plot.now < _LONGEST_GAP
    start = plot.now if fresh else begun
    files = [LogFile(path) for path in demo.logs]
    try:
        while True:
            for at, log, text in traffic.lines(plot, start, end, speed):
                if not _wait(at, end, clock, stop, alive):
                    return
                files[log].write(text)
                if files[log].total >= most_bytes:
                    return
                if clock.now() - at > _LONGEST_LAG and at > begun:
                    break
            else:
                return
            start = clock.now()
    finally:
        for file in files:
            file.close()


def main(arguments: list[str] | None = None) -> int:
    """The process: 0 when it has ended as it should, 2 when it cannot begin or go on."""
    options = _options(arguments)
    stop = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
        signal.signal(number, lambda *_: stop.set())
    parent = options.parent or os.getppid()
    try:
        _check(options.speed, options.duration)
        demo = build.read(options.dir)
        if demo.seed != options.seed:
            raise DemoError(f"The demo in {demo.folder} has the seed {demo.seed}, not {options.seed}.")
        with build.locked(demo.folder):
            build.mark_live(demo)
            serve(
                demo,
                options.speed,
                options.duration,
                clock=SystemClock(),
                stop=stop,
                alive=lambda: os.getppid() == parent,
            )
    except FileNotFoundError:
        return 0  # the demo's folder was removed: there is nothing left to write to
    except (DemoError, OSError) as error:
        sys.stderr.write(f"{error}\n")
        return 2
    return 0


def _open(path: Path) -> int:
    return os.open(path, os.O_WRONLY | os.O_APPEND | os.O_CREAT | os.O_CLOEXEC, 0o644)


def _wait(at: int, end: int, clock: Clock, stop: threading.Event, alive: Callable[[], bool]) -> bool:
    """Wait until a time; False where the service is to end before it."""
    while alive() and not stop.is_set() and clock.now() < end:
        left = (at - clock.now()) / SECOND
        if left <= 0:
            return True
        stop.wait(min(max(left, _BREATH), _LOOK))
    return False


def _check(speed: float, duration: float | None) -> None:
    if not 0 < speed <= FASTEST:
        raise DemoError(f"A speed of {speed:g} makes no sense: give a number above 0 and up to {FASTEST:g}.")
    if duration is not None and not duration >= 0:
        raise DemoError(f"A duration of {duration:g} seconds makes no sense: give 0 or more.")


def _options(arguments: list[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="cockpit.demo.service", description="Go on writing the logs of a demo.")
    parser.add_argument("--dir", type=Path, required=True, help="the demo's folder")
    parser.add_argument("--seed", type=int, required=True, help="the seed that the demo was made with")
    parser.add_argument("--speed", type=float, default=1.0, help="times the normal number of requests")
    parser.add_argument("--duration", type=float, default=None, help="seconds to write; without it, until stopped")
    parser.add_argument("--parent", type=int, default=None, help="end when this process is gone")
    return parser.parse_args(arguments)


if __name__ == "__main__":
    sys.exit(main())
