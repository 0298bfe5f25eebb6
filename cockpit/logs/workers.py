"""Processes that index what stands earlier in large files: neither they nor the screen ever wait for the other.

They are forks of this process, made before it has threads; each reads stretches of the files by turns, the newest
first, and hands over their records as packed arrays through a pipe. Where they cannot be had (small files, another
system, threads that run already) or one of them dies, the files are indexed by a thread as ever.
"""

from __future__ import annotations

import contextlib
import os
import pickle
import signal
import sys
import threading
from collections.abc import Iterator, Sequence
from typing import BinaryIO, NoReturn

from cockpit.logs.file import LogFile
from cockpit.logs.parts import Stretch

_WORTH = 48 << 20  # bytes to be indexed, for which it is worth a process
_STRETCH = 4 << 20
_MOST = 3  # processes
_PIPE = 1 << 20  # bytes that a process may be ahead
_F_SETPIPE_SZ = 1031
_M_TRIM_THRESHOLD, _M_MMAP_THRESHOLD = -1, -3
_NICER = 5

_Job = tuple[int, int, int]  # which file, and about where a stretch of it begins and ends


class Workers:
    """Processes at work on files. `stretches` gives what they find; `close` ends them."""

    def __init__(self, files: Sequence[LogFile], jobs: Sequence[_Job], count: int) -> None:
        """Raises OSError where the system has no room for so many."""
        self._files = files
        self._jobs = jobs
        self._pipes: list[BinaryIO] = []
        self.pids: list[int] = []
        try:
            for nth in range(count):
                self._begin(jobs[nth::count])
        except OSError:
            self.close()
            raise

    def _begin(self, jobs: Sequence[_Job]) -> None:
        reading, writing = os.pipe()
        self._pipes.append(os.fdopen(reading, "rb", 1 << 18))
        try:
            pid = os.fork()
            if not pid:
                os.close(reading)
                _work(self._files, jobs, writing)
            self.pids.append(pid)
        finally:
            os.close(writing)

    def stretches(self) -> Iterator[tuple[LogFile, Stretch]]:
        """What they find, each file's stretches from its end to its beginning. Ends early where a process does."""
        for nth, (place, _, _) in enumerate(self._jobs):
            try:
                yield self._files[place], pickle.load(self._pipes[nth % len(self._pipes)])
            except (EOFError, pickle.UnpicklingError, OSError, ValueError):
                return

    def close(self) -> None:
        """End them, and wait until they are gone."""
        for pid in self.pids:
            with contextlib.suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)
        for pid in self.pids:
            with contextlib.suppress(ChildProcessError):
                os.waitpid(pid, 0)
        for pipe in self._pipes:
            pipe.close()
        self.pids, self._pipes = [], []


def begin(files: Sequence[LogFile]) -> Workers | None:
    """Set processes to work on what is not yet indexed of files; None where that is not worth it or not possible."""
    if sys.platform != "linux" or threading.active_count() > 1 or sum(file.earlier for file in files) < _WORTH:
        return None
    jobs = [
        (place, max(file.floor, stop - _STRETCH), stop)
        for place, file in enumerate(files)
        for stop in range(file.index.start, file.floor, -_STRETCH)
    ]
    try:
        return Workers(files, jobs, max(1, min(_MOST, len(os.sched_getaffinity(0)))))
    except OSError:
        return None


def _work(files: Sequence[LogFile], jobs: Sequence[_Job], pipe: int) -> NoReturn:
    """What a process does: only numbers and reading, nothing of what its parent was about to do."""
    try:
        signal.signal(signal.SIGINT, signal.SIG_IGN)
        signal.signal(signal.SIGTERM, signal.SIG_DFL)
        signal.signal(signal.SIGHUP, signal.SIG_DFL)
        signal.signal(signal.SIGPIPE, signal.SIG_DFL)
        nothing = os.open(os.devnull, os.O_RDWR)
        for standard in range(3):
            os.dup2(nothing, standard)
        os.nice(_NICER)
        _keep_memory()
        _widen(pipe)
        with os.fdopen(pipe, "wb", 0) as out:
            for place, start, stop in jobs:
                found = files[place].stretch(start, stop)
                if found is None:
                    break
                data = memoryview(pickle.dumps(found, 5))
                while data:
                    data = data[out.write(data) or 0 :]
    finally:
        os._exit(0)


def _keep_memory() -> None:
    """Blocks are read into the memory of those before: not given back, it need not be asked for each time."""
    import ctypes

    with contextlib.suppress(AttributeError, OSError):
        libc = ctypes.CDLL(None)
        libc.mallopt(_M_TRIM_THRESHOLD, 1 << 28)
        libc.mallopt(_M_MMAP_THRESHOLD, 1 << 25)


def _widen(pipe: int) -> None:
    import fcntl

    with contextlib.suppress(OSError):
        fcntl.fcntl(pipe, _F_SETPIPE_SZ, _PIPE)
