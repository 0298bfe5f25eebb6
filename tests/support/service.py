"""A small service for tests: a growing log with an error in it, beside a repository that was deployed."""

from __future__ import annotations

import os
import subprocess
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.support.logging import numbered

COMMITS = (("Ana", "Serve the shop"), ("Ben", "Count the carts"), ("Cho", "Sum the [cart] in one pass"))


def git(repo: Path, *arguments: str, at: int = 1_764_000_000, who: str = "Ana") -> str:
    """Run git in a repository at a fixed time, as somebody, with nobody's settings."""
    environment = {
        **os.environ,
        "GIT_CONFIG_GLOBAL": os.devnull,
        "GIT_CONFIG_SYSTEM": os.devnull,
        "GIT_AUTHOR_NAME": who,
        "GIT_AUTHOR_EMAIL": f"{who.lower()}@shop.example",
        "GIT_COMMITTER_NAME": who,
        "GIT_COMMITTER_EMAIL": f"{who.lower()}@shop.example",
        "GIT_AUTHOR_DATE": f"{at} +0000",
        "GIT_COMMITTER_DATE": f"{at} +0000",
    }
    command = ["git", "-C", str(repo), *arguments]
    return subprocess.run(command, env=environment, capture_output=True, text=True, check=True).stdout


def make_repository(folder: Path) -> Path:
    """A repository of three commits, a minute apart; each changes cart.py."""
    folder.mkdir(parents=True)
    git(folder, "init", "-q", "-b", "main")
    for number, (who, subject) in enumerate(COMMITS):
        lines = [f"def total_{n}(items):\n    return sum(items)\n" for n in range(number + 1)]
        (folder / "cart.py").write_text("\n".join(lines))
        git(folder, "add", ".")
        git(
            folder,
            "commit",
            "-q",
            "-m",
            f"{subject}\n\nBecause number {number}.",
            at=1_764_000_000 + 60 * number,
            who=who,
        )
    return folder


@contextmanager
def growing_log(path: Path, lines: int = 3000) -> Iterator[threading.Event]:
    """A log of so many lines, with an error and its trace near the end, to which a line is added every 50 ms."""
    text = [numbered(number) for number in range(lines)]
    text[-5] = (
        numbered(lines - 5, "ERROR").rstrip()
        + " badly\nTraceback (most recent call last):\n  File 'cart.py'\nTypeError: None\n"
    )
    path.write_text("".join(text))
    stop = threading.Event()

    def grow() -> None:
        number = lines
        while not stop.wait(0.05):
            with path.open("a") as file:
                file.write(numbered(number))
            number += 1

    thread = threading.Thread(target=grow)
    thread.start()
    try:
        yield stop
    finally:
        stop.set()
        thread.join()
