"""No command outlives the cockpit that has started it, whatever ends that; and none is disturbed while it lives."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from cockpit.clock import SystemClock
from cockpit.incident.store import Incident
from cockpit.running import Background, Ran
from tests.support.waiting import until

_COCKPIT = """
import sys, time
from pathlib import Path
from cockpit.clock import SystemClock
from cockpit.incident.store import Incident
from cockpit.running import Background
incident = Incident.create(Path(sys.argv[1]), "x", SystemClock(), "ana@web-1")
Background(incident, sys.argv[2], SystemClock(), lambda: None, lambda ran: None)
time.sleep(60)
"""
_TREE = """
trap '' TERM
sleep 300 & echo $! >> {pids}
setsid sleep 300 & echo $! >> {pids}
setsid sh -c '(sleep 300 & echo $! >> {pids}) & echo $$ >> {pids}; sleep 300' &
echo $$ >> {pids}
wait
"""


def is_alive(pid: int) -> bool:
    try:
        return ") Z " not in Path(f"/proc/{pid}/stat").read_text()
    except OSError:
        return False


def tree(folder: Path) -> list[int]:
    path = folder / "pids"
    return [int(each) for each in path.read_text().split()] if path.exists() else []


def killed_with_its_command(process: subprocess.Popen[bytes], folder: Path) -> bool:
    assert until(lambda: len(tree(folder)) == 5)
    assert all(map(is_alive, tree(folder)))
    process.kill()
    process.wait()
    return until(lambda: not any(map(is_alive, tree(folder))), 10.0)


@pytest.mark.skipif(not Path("/proc/self/environ").exists(), reason="what left its session cannot be found here")
def test_an_experiment_and_all_it_has_started_ends_with_a_cockpit_that_is_killed(tmp_path: Path) -> None:
    command = _TREE.format(pids=tmp_path / "pids")
    process = subprocess.Popen([sys.executable, "-c", _COCKPIT, str(tmp_path / "incidents"), command])
    assert killed_with_its_command(process, tmp_path)


@pytest.mark.skipif(not Path("/proc/self/environ").exists(), reason="what left its session cannot be found here")
def test_what_cockpit_run_runs_ends_with_it_too(tmp_path: Path) -> None:
    command = ["sh", "-c", _TREE.format(pids=tmp_path / "pids")]
    words = ["run", "--incidents", str(tmp_path / "incidents"), "--incident", "x", "--", *command]
    Incident.create(tmp_path / "incidents", "x", SystemClock(), "ana@web-1")
    name = next((tmp_path / "incidents").iterdir()).name
    words[words.index("--incident") + 1] = name
    process = subprocess.Popen([sys.executable, "-m", "cockpit", *words], stdout=subprocess.DEVNULL)
    assert killed_with_its_command(process, tmp_path)


def test_what_a_command_leaves_behind_by_itself_stays_and_no_guard_is_left(tmp_path: Path) -> None:
    incident = Incident.create(tmp_path, "x", SystemClock(), "ana@web-1")
    done: list[Ran] = []
    pids = tmp_path / "pids"
    command = f"setsid sleep 300 >/dev/null 2>&1 & echo $! > {pids}"
    background = Background(incident, command, SystemClock(), lambda: None, done.append)
    assert background.wait(10.0)
    assert done[0].code == 0
    (left,) = tree(tmp_path)
    assert is_alive(left)
    guard = background._guarded._guard
    assert guard is not None
    assert guard.returncode == 0
    os.kill(left, signal.SIGKILL)


def test_a_stop_reaches_what_left_the_session(tmp_path: Path) -> None:
    incident = Incident.create(tmp_path, "x", SystemClock(), "ana@web-1")
    command = _TREE.format(pids=tmp_path / "pids")
    background = Background(incident, command, SystemClock(), lambda: None, lambda ran: None)
    assert until(lambda: len(tree(tmp_path)) == 5)
    background.stop(patience=0.1)
    assert background.wait(10.0)
    assert until(lambda: not any(map(is_alive, tree(tmp_path))))
