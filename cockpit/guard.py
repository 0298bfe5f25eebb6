"""Stands by while a command runs, in a process of its own: where the cockpit dies, the command ends with it.

Run as a script, with what this file imports and nothing else, for it must start at once. The cockpit tells it the
command on a pipe, and at the end that all is well; a pipe that closes without that means that the cockpit is gone.
"""

from __future__ import annotations

import os
import signal
import sys
import time

MARK = "COCKPIT_RUN"
"""The variable by which all that a command has started can be found, whatever session it went to."""
DONE = b"done"
_PATIENCE = 0.8  # seconds from asking what is left to end until it is killed
_EVERY = 0.05  # seconds
_PROCESSES = "/proc"


def end(token: str, group: int, number: int) -> bool:
    """Send a signal to all that carry a token in MARK, and to a process group (0: none); whether anybody was there."""
    found = [pid for pid in marked(token) if _sent(os.kill, pid, number)]
    return bool(group and _sent(os.killpg, group, number)) or bool(found)


def marked(token: str) -> list[int]:
    """The processes that carry a token in MARK, where the system tells; dead ones that nobody has waited for do not."""
    try:
        processes = [int(name) for name in os.listdir(_PROCESSES) if name.isdigit()]
    except OSError:
        return []
    return [each for each in processes if each != os.getpid() and token.encode() in _mark(each)]


def _mark(process: int) -> bytes:
    try:
        fd = os.open(f"{_PROCESSES}/{process}/environ", os.O_RDONLY)
    except OSError:
        return b""
    try:
        variables = _all_of(fd).split(b"\0")
    except OSError:
        return b""
    finally:
        os.close(fd)
    return next((each for each in variables if each.startswith(MARK.encode() + b"=")), b"")


def _all_of(fd: int) -> bytes:
    found = b""
    while data := os.read(fd, 1 << 16):
        found += data
    return found


def _sent(send: object, target: int, number: int) -> bool:
    try:
        send(target, number)  # type: ignore[operator]
    except OSError:
        return False
    return True


def watch(token: str) -> None:
    """Read standard input to its end: the process group of the command on a line, then DONE where all went well."""
    told = b""
    while data := os.read(0, 64):
        told += data
    group, _, said = told.partition(b"\n")
    if said == DONE or not group.isdigit():
        return
    until = time.monotonic() + _PATIENCE
    while end(token, int(group), signal.SIGTERM) and time.monotonic() < until:
        time.sleep(_EVERY)
    until = time.monotonic() + _PATIENCE
    while end(token, int(group), signal.SIGKILL) and time.monotonic() < until:
        time.sleep(_EVERY)


if __name__ == "__main__":
    watch(sys.argv[1])
