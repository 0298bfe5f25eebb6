"""Copies to the clipboard of the terminal one sits at, also over SSH and inside tmux; says what worked."""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Iterable

from textual.app import App

MOST = 100_000
"""Bytes that terminals take by OSC 52."""


def fitting(texts: Iterable[str], between: int) -> list[str]:
    """As many of these texts, from the first on, as can be copied together. `between`: bytes from one to the next."""
    found: list[str] = []
    room = MOST + between
    for text in texts:
        room -= len(text.encode("utf-8", "replace")) + between
        if room < 0:
            break
        found.append(text)
    return found


def copy(app: App[None], text: str) -> str:
    """Copy a text; returns a sentence that says where it went."""
    if len(text.encode("utf-8", "replace")) > MOST:
        return f"Too long to copy ({len(text)} characters); write it to a file with W."
    if os.environ.get("TMUX") and shutil.which("tmux"):
        command = ["tmux", "load-buffer", "-w", "-"]
        done = subprocess.run(
            command, input=text.encode("utf-8", "replace"), capture_output=True, check=False, timeout=2
        )
        if done.returncode == 0:
            return "Copied to tmux and, where it lets us, to your clipboard."
    app.copy_to_clipboard(text)
    return "Copied, if your terminal takes it (OSC 52)."
