"""Processes: which logs are being written right now, and by whom."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

from cockpit.host.processes import OpenLog, open_logs
from cockpit.logs.find import looks_like_log

WRITING = "import sys; file = open(sys.argv[1], 'a'); print('open', flush=True); sys.stdin.read()"


def found_in(folder: Path) -> list[OpenLog]:
    return open_logs(lambda path: path.parent == folder and looks_like_log(path))


def test_a_log_that_a_process_writes_is_found(tmp_path: Path) -> None:
    path = tmp_path / "app.log"
    path.write_text("one\n")
    command = [sys.executable, "-c", WRITING, str(path)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as service:
        assert service.stdout is not None
        service.stdout.readline()
        (found,) = found_in(tmp_path)
        assert (found.path, found.pid, found.size) == (path, service.pid, 4)
        assert found.changed == path.stat().st_mtime
        assert "python" in found.process
        service.communicate()
    assert found_in(tmp_path) == []


def test_the_log_written_last_comes_first(tmp_path: Path) -> None:
    paths = [tmp_path / name for name in ("old.log", "new.log", "middle.log")]
    files = [path.open("a") for path in paths]
    for path, changed in zip(paths, (100, 300, 200), strict=True):
        os.utime(path, (changed, changed))
    assert [each.path.name for each in found_in(tmp_path)] == ["new.log", "middle.log", "old.log"]
    assert len(open_logs(lambda path: path.parent == tmp_path, most=2)) == 2
    for file in files:
        file.close()


def test_a_log_that_two_files_are_open_on_is_found_once(tmp_path: Path) -> None:
    with (tmp_path / "app.log").open("a"), (tmp_path / "app.log").open("a"):
        assert len(found_in(tmp_path)) == 1


def test_what_is_only_read_or_no_log_or_deleted_is_left_out(tmp_path: Path) -> None:
    for name in ("read.log", "gone.log"):
        (tmp_path / name).write_text("one\n")
    with (tmp_path / "read.log").open(), (tmp_path / "data.db").open("w"), (tmp_path / "gone.log").open("a"):
        (tmp_path / "gone.log").unlink()
        assert found_in(tmp_path) == []
