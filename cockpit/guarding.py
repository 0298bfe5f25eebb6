"""Lets no command outlive the cockpit that has started it, however that ends; see `guard`, which stands by for it."""

from __future__ import annotations

import os
import secrets
import subprocess
import sys
from contextlib import suppress
from typing import Self

from cockpit import guard


class Guarded:
    """The guard of one command. Where it cannot be started, the command runs without one."""

    def __init__(self) -> None:
        self._token = secrets.token_hex(8)
        self._group = 0
        self._pipe = -1
        self._guard: subprocess.Popen[bytes] | None = None
        others = {name: value for name, value in os.environ.items() if name != guard.MARK}
        reading, self._pipe = os.pipe()
        with suppress(OSError):
            self._guard = subprocess.Popen(
                [sys.executable, "-I", "-S", guard.__file__, self._token],
                stdin=reading,
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
                start_new_session=True,
                env=others,
            )
        os.close(reading)

    @property
    def variables(self) -> dict[str, str]:
        """The environment for the command; a cockpit that it may be run by has its own mark there already."""
        above = os.environ.get(guard.MARK, "")
        return {**os.environ, guard.MARK: f"{above} {self._token}".strip()}

    def tell(self, group: int) -> None:
        """Tell which process group the command has; 0: it has none of its own."""
        self._group = group
        self._say(b"%d\n" % group)

    def end(self, number: int) -> None:
        """Send a signal to the command and to all that it has started."""
        guard.end(self._token, self._group, number)

    def close(self) -> None:
        """The command has ended by itself: what it has left behind may stay."""
        if self._pipe < 0:
            return
        self._say(guard.DONE)
        os.close(self._pipe)
        self._pipe = -1
        if self._guard is not None:
            self._guard.wait()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *raised: object) -> None:
        self.close()

    def _say(self, data: bytes) -> None:
        with suppress(OSError):
            os.write(self._pipe, data)
