"""A terminal that goes away without a word leaves no cockpit behind."""

from __future__ import annotations

import os
import pty
import subprocess
import sys
import time
from pathlib import Path

from tests.support.service import growing_log


def test_a_cockpit_whose_terminal_is_gone_ends(environment: dict[str, str], tmp_path: Path) -> None:
    log = tmp_path / "app.log"
    ours, theirs = pty.openpty()
    with growing_log(log):
        process = subprocess.Popen(
            [sys.executable, "-m", "cockpit", str(log), "--incident", "gone"],
            stdin=theirs,
            stdout=theirs,
            stderr=theirs,
            env={**os.environ, **environment, "TERM": "xterm-256color"},
        )
        os.close(theirs)
        seen, deadline = b"", time.monotonic() + 20
        while b"FOLLOW" not in seen and time.monotonic() < deadline:
            seen += os.read(ours, 65536)
        assert b"FOLLOW" in seen
        os.close(ours)
        process.wait(20)
