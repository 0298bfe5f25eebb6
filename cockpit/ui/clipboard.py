"""Copies to the clipboard of the terminal one sits at, also over SSH and inside tmux; says what worked."""

from __future__ import annotations

import os
import shutil
import subprocess

from textual.app import App

_MOST = 100_000  # bytes that terminals take by OSC 52


def copy(app: App[None], text: str) -> str:
    """Copy a text; returns a sentence that says where it went."""
    if len(text.encode("utf-8", "replace")) > _MOST:
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
