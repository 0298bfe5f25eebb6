"""A service as Capistrano lays it out: releases, a link to the current one, and shared logs; and processes of it."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

WAITING = "import sys\nprint('up', flush=True)\nsys.stdin.read()\n"


def lay_out(folder: Path, names: Sequence[str], current: str = "", at: int = 0) -> Path:
    """Releases of these names, each changed at the epoch's start, and `current`, set at a time (seconds)."""
    for name in names:
        release = folder / "releases" / name
        release.mkdir(parents=True)
        (release / "app.py").write_text(WAITING)
        os.utime(release, (1000, 1000))
    if current:
        switch(folder, current, at)
    return folder


def switch(folder: Path, name: str, at: int) -> None:
    """Make a release current at a time (seconds), as deploys do: by a rename."""
    link = folder / "current.new"
    link.symlink_to(f"releases/{name}")
    os.utime(link, (at, at), follow_symlinks=False)
    link.rename(folder / "current")


@contextmanager
def service(*words: str, cwd: Path | None = None) -> Iterator[int]:
    """A process of Python with these arguments, that is up; its pid."""
    command = [sys.executable, *words]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, cwd=cwd) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == b"up\n"
        try:
            yield process.pid
        finally:
            process.kill()
