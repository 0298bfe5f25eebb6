"""What a host does to a program, for real: it refuses permission, it has no room."""

from __future__ import annotations

import ctypes
import os
import resource
import struct
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from typing import TypeVar

T = TypeVar("T")

_CAPABILITIES_V3 = 0x20080522


def as_anybody(call: Callable[[], T]) -> T:
    """Run a call on a thread for which permissions hold as for anybody, though root may run the tests."""
    with ThreadPoolExecutor(1, initializer=_renounce) as pool:
        return pool.submit(call).result()


@contextmanager
def room_for(count: int) -> Iterator[None]:
    """No file of this process grows beyond so many bytes: a longer write falls short, as on a disk that is full."""
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (count, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))


def _renounce() -> None:
    if os.geteuid() == 0:
        # Capabilities belong to a thread: only this one loses them.
        done = ctypes.CDLL(None).capset(struct.pack("Ii", _CAPABILITIES_V3, 0), bytes(24))
        assert done == 0
