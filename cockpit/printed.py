"""What a shell command prints, without a terminal and for a short time only; it ends with the cockpit."""

from __future__ import annotations

import os
import selectors
import signal
import subprocess
import time
from collections.abc import Callable
from dataclasses import dataclass

from cockpit.guarding import Guarded

_BLOCK = 1 << 16
_LOOK = 0.1  # seconds between two looks at whether it is still wanted


@dataclass(frozen=True, slots=True)
class Printed:
    """output, errors: the bytes of each, as many as were taken; code: None where it was ended by us; why: then why."""

    output: bytes
    errors: bytes
    code: int | None
    why: str = ""


def printed_by(
    command: str, seconds: float = 5.0, most: int = 1 << 20, cancelled: Callable[[], bool] = lambda: False
) -> Printed:
    """Run a shell command, with nothing to read, and wait at most so long for it. Blocks.

    most: bytes that are taken of its output; one that prints more is ended. All that it has started ends with it.
    """
    with Guarded() as guarded:
        try:
            process = subprocess.Popen(
                ["/bin/sh", "-c", command],
                stdin=subprocess.DEVNULL,
                stdout=subprocess.PIPE,
                stderr=subprocess.PIPE,
                start_new_session=True,
                env=guarded.variables,
            )
        except (OSError, ValueError) as error:
            return Printed(b"", b"", None, f"it cannot be run: {error}")
        guarded.tell(process.pid)
        with process:
            taken, why = _read(process, time.monotonic() + seconds, most, cancelled)
            if why is not None:
                guarded.end(signal.SIGKILL)
                process.wait()
            code = process.wait()
    said = why if why else f"it did not end within {seconds:g} s" if why is not None else ""
    return Printed(taken[0], taken[1], code if why is None else None, said)


def _read(
    process: subprocess.Popen[bytes], until: float, most: int, cancelled: Callable[[], bool]
) -> tuple[tuple[bytes, bytes], str | None]:
    """Its output and errors, and why it is to be ended: None: it has ended; empty: its time is up."""
    taken = {process.stdout: bytearray(), process.stderr: bytearray()}
    with selectors.DefaultSelector() as selector:
        for stream in taken:
            selector.register(stream, selectors.EVENT_READ)  # type: ignore[arg-type]
        why: str | None = None
        while why is None and selector.get_map():
            for key, _ in selector.select(_LOOK):
                data = os.read(key.fd, _BLOCK)
                taken[key.fileobj] += data  # type: ignore[index]
                if not data:
                    selector.unregister(key.fileobj)
            if cancelled():
                why = "it is wanted no more"
            elif any(len(each) > most for each in taken.values()):
                why = f"it printed more than {most // 1024} KiB"
            elif time.monotonic() > until:
                why = ""
    while why is None and process.poll() is None:
        time.sleep(_LOOK / 10)
        if time.monotonic() > until:
            why = ""
    return (bytes(taken[process.stdout][:most]), bytes(taken[process.stderr][:most])), why
