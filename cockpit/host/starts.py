"""Which processes of this host run the code in some folders, and since when."""

from __future__ import annotations

import os
import re
import time
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from cockpit.clock import MINUTE, SECOND

if TYPE_CHECKING:
    import psutil

_SHELLS = frozenset(("ash", "bash", "csh", "dash", "fish", "ksh", "sh", "tcsh", "zsh", "pwsh"))
_LOOKING = frozenset(
    (
        *("cat", "code", "cockpit", "emacs", "git", "grep", "head", "htop", "journalctl", "less", "lnav", "man", "mc"),
        *("more", "most", "nano", "nvim", "rg", "rsync", "scp", "screen", "ssh", "tail", "tee", "tig", "tmux", "top"),
        *("vi", "view", "vim", "watch", "find", "make"),
    )
)
"""What people look at code and logs with: not what is looked at."""
_NAMING = ("-m", "-jar")  # options after which a program is named
_WORKING = re.compile(  # options after which a folder is named to work in, or to run code from
    r"-C|--?(?:chdir|cwd|app-?dir|work(?:ing)?-?dir(?:ectory)?|dir(?:ectory)?|prefix|project|root|home|(?:python)?path"
    r"|classpath|cp)"
)
_PACKAGES = ("__main__.py", "package.json", "index.js")  # in folders that are run by their name
_TOGETHER = 10 * SECOND  # within which processes of one title were started together
_WIDE = 40  # characters


@dataclass(frozen=True, slots=True)
class Started:
    """A process, or several that were started together. at: microseconds; pid: of the first; others: how many more."""

    at: int
    pid: int
    program: str
    others: int = 0


@dataclass(frozen=True, slots=True)
class _Process:
    at: int
    pid: int
    parent: int
    program: str


def started_in(folders: Sequence[Path], seconds: float = 0.05, most: int = 50) -> list[Started]:
    """The processes whose program, working folder or an argument lies in one of the folders, oldest first.

    A folder that is only named as an argument is none that code is run from, unless an option says so.
    Left out: this process and those above it, shells and editors of people, workers of a process that is told, and
    what the system does not let us see. Takes at most so many seconds; the newest processes are looked at first.
    """
    import psutil

    inside = _Inside(folders)
    if not inside.prefixes:
        return []
    until = time.monotonic() + seconds
    above = {os.getpid()}
    with suppress(psutil.Error):
        above |= {each.pid for each in psutil.Process().parents()}
    found: dict[int, _Process] = {}
    for pid in sorted(psutil.pids(), reverse=True):
        if time.monotonic() > until:
            break
        if pid not in above:
            try:
                process = _looked_at(psutil.Process(pid), inside)
            except (psutil.Error, OSError):
                continue
            if process is not None:
                found[pid] = process
    first = [each for each in found.values() if not _worker(each, found.get(each.parent))]
    return _together(first)[-most:]


class _Inside:
    """Tells whether a path lies in one of some folders, however these are reached."""

    def __init__(self, folders: Sequence[Path]) -> None:
        wide = {"/", os.path.expanduser("~"), "/home", "/usr", "/tmp", "/var", "/opt", "/srv"}
        named = {path for each in folders for path in (os.path.abspath(each), os.path.realpath(each))}
        self.prefixes = tuple(sorted(f"{each}/" for each in named - wide))

    def __call__(self, path: str) -> bool:
        return path.startswith("/") and f"{path.removesuffix(' (deleted)')}/".startswith(self.prefixes)


def _looked_at(process: psutil.Process, inside: _Inside) -> _Process | None:
    """What is told of a process; None where it runs nothing in the folders."""
    with process.oneshot():
        words = process.cmdline()
        if not words:
            return None
        name = _name(words[0]).removeprefix("-")
        if name in _LOOKING or any(_name(word) == "cockpit" for word in words[1:4]):
            return None
        folder = _folder(process)
        here = inside(folder)
        argument = _argument(words, folder if here else "", inside)
        runs = bool(argument) or inside(words[0]) or inside(_program(process))
        if not runs and (not here or name in _SHELLS or process.ppid() == os.getpid()):
            return None
        at = round(process.create_time() * SECOND)
        return _Process(at, process.pid, process.ppid(), _told(words, argument))


def _folder(process: psutil.Process) -> str:
    import psutil

    try:
        return process.cwd()
    except (psutil.Error, OSError):
        return ""


def _program(process: psutil.Process) -> str:
    import psutil

    try:
        return process.exe()
    except (psutil.Error, OSError):
        return ""


def _argument(words: Sequence[str], folder: str, inside: _Inside) -> str:
    """The first argument that is a path in the folders, or `--option=` and such a path; relative ones from a folder.

    Empty where there is none. Of folders only what is run, and what an option names to work in.
    """
    for place, word in enumerate(words[1:], 1):
        option, _, value = word.partition("=") if word.startswith("-") else (words[place - 1], "", word)
        if inside(value):
            found = not os.path.isdir(value) or bool(_WORKING.fullmatch(option)) or (place == 1 and _is_run(value))
        else:
            relative = bool(folder) and 0 < len(value) <= 200 and not value.startswith(("-", "/"))
            found = relative and os.path.isfile(f"{folder}/{value}")
        if found:
            return word
    return ""


def _is_run(folder: str) -> bool:
    """Whether a folder is one that is run by its name."""
    return any(os.path.isfile(f"{folder}/{each}") for each in _PACKAGES)


def _told(words: Sequence[str], argument: str) -> str:
    """`python app.py`: the program and what it runs. No other arguments: they may be secrets."""
    second = words[1] if len(words) > 1 else ""
    if second in _NAMING and len(words) > 2:
        runs = f"{second} {_name(words[2])}" if second == "-m" else _name(words[2])
    elif argument and not argument.startswith("-"):
        runs = _name(argument)
    else:
        runs = ""
    return f"{_name(words[0])} {runs}".strip()[:_WIDE]


def _name(word: str) -> str:
    """The last part of a path; what a process calls itself (`gunicorn: master [shop]`) as it stands."""
    return word if ": " in word else word.rpartition("/")[2]


def _worker(process: _Process, parent: _Process | None) -> bool:
    return parent is not None and (process.program == parent.program or process.at - parent.at < MINUTE)


def _together(processes: Sequence[_Process]) -> list[Started]:
    """Processes of one title that were started together as one."""
    found: list[Started] = []
    for each in sorted(processes, key=lambda each: (each.at, each.pid)):
        for place, other in enumerate(found):
            if other.program == each.program and each.at - other.at <= _TOGETHER:
                found[place] = Started(other.at, other.pid, other.program, other.others + 1)
                break
        else:
            found.append(Started(each.at, each.pid, each.program))
    return found
