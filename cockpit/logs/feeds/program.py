"""A program's output as a feed: started, read into a spool, started again with growing waits, and ended with us."""

from __future__ import annotations

import threading
import time
from collections import deque
from pathlib import Path

from cockpit.clock import Clock
from cockpit.logs.feeds.feed import BackOff, FeedState, Meter, Rate
from cockpit.logs.feeds.process import Process
from cockpit.logs.feeds.recipe import Recipe, Verdict
from cockpit.logs.feeds.spool import CAP, Spool

_LOOK = 0.5  # seconds between two looks whether we are closing
_SETTLED = 1.0  # seconds after which a program that was started again, and says nothing, counts as running
_MOST_ERRORS = 20
_MOST_REMARKS = 200
_LONGEST = 400  # of a line of errors


class ProgramFeed:
    """Follows what a program prints. `errors` are the last lines of its standard error, which never enter the log."""

    def __init__(
        self, name: str, path: Path, recipe: Recipe, clock: Clock, cap: int = CAP, back_off: BackOff | None = None
    ) -> None:
        """Raises OSError where the spool cannot be made."""
        self.name = name
        self.state = FeedState.LIVE
        self.errors: deque[str] = deque(maxlen=_MOST_ERRORS)
        self.remarks: list[tuple[int, str]] = []
        self._clock = clock
        self._recipe = recipe
        self._back_off = back_off or BackOff()
        self._spool = Spool(path, cap)
        self._meter = Meter()
        self._sentence = ""
        self._unfinished = b""  # of a line of errors
        self._process: Process | None = None
        self._starting = threading.Lock()
        self._closing = threading.Event()
        self._thread = threading.Thread(target=self._run, name=f"feed {name}", daemon=True)

    @property
    def path(self) -> Path:
        return self._spool.path

    @property
    def live(self) -> bool:
        return self.state in (FeedState.LIVE, FeedState.RECONNECTING)

    @property
    def why(self) -> str:
        said = self._sentence
        if self.state is FeedState.LIVE:
            said = self._recipe.notice
        if self.state in (FeedState.LIVE, FeedState.ENDED) and self.errors:
            said = f"{said} It says: {self.errors[-1]}".strip()
        return " ".join(part for part in (said, self._spool.note) if part)

    @property
    def rate(self) -> Rate:
        return self._meter.rate()

    @property
    def size(self) -> int:
        return self._spool.size

    @property
    def dropped(self) -> int:
        return self._spool.dropped

    @property
    def pid(self) -> int | None:
        """The program that runs now."""
        process = self._process
        return process.pid if process is not None else None

    def start(self) -> None:
        self._thread.start()

    def close(self, *, keep: bool) -> None:
        with self._starting:
            self._closing.set()
            process = self._process
        if process is not None:
            process.kill()
        if self._thread.ident is not None:
            self._thread.join(1.0)
        self._spool.close(keep=keep)

    def _run(self) -> None:
        wait = 0.0
        while not self._closing.is_set():
            began = time.monotonic()
            verdict = self._run_once()
            if self._closing.is_set():
                return
            if not verdict.again:
                self.state = FeedState.ENDED if verdict.ended else FeedState.FAILED
                self._sentence = verdict.sentence
                self._remark(verdict.sentence)
                return
            wait = self._back_off.after(wait, time.monotonic() - began)
            self._sentence = f"{verdict.sentence} Starting again in {wait:.0f} s." if wait >= 1 else verdict.sentence
            self.state = FeedState.RECONNECTING
            self._remark(verdict.sentence)
            self._closing.wait(wait)

    def _run_once(self) -> Verdict:
        arguments = self._recipe.arguments()
        try:
            with self._starting:
                if self._closing.is_set():
                    return Verdict("", again=False)
                process = Process(arguments, merged=self._recipe.merged, answered=self._recipe.answers)
                self._process = process
        except OSError as error:
            missing = isinstance(error, FileNotFoundError)
            why = f"there is no program {arguments[0]} on this machine" if missing else error.strerror or str(error)
            return Verdict(f"{self.name}: {why}.", again=not missing)
        self.errors.clear()
        self._unfinished = b""
        self._recipe.begin(process.send)
        if not self._recipe.whole:
            self._spool.end_line()
        self._read(process, time.monotonic())
        code = process.finish()
        self._hear(b"\n" if self._unfinished else b"")
        self._process = None
        return self._recipe.verdict(code, list(self.errors))

    def _read(self, process: Process, began: float) -> None:
        while not self._closing.is_set():
            try:
                came = process.read(_LOOK)
            except OSError:
                return
            if came is None:
                return
            output, errors = came
            if output:
                self._meter.count(output)
                self._spool.write(self._recipe.take(output))
            if output or (not self._recipe.answers and time.monotonic() - began > _SETTLED):
                self.state = FeedState.LIVE
            if errors:
                self._hear(errors)
            while self._recipe.happened:
                self._remark(self._recipe.happened.pop(0))

    def _hear(self, errors: bytes) -> None:
        *lines, self._unfinished = (self._unfinished + errors).split(b"\n")
        self._unfinished = self._unfinished[-_LONGEST:]
        for line in lines:
            text = line.decode("utf-8", "replace").strip()[:_LONGEST]
            if text:
                self.errors.append(text)

    def _remark(self, sentence: str) -> None:
        self.remarks.append((self._clock.now(), sentence))
        del self.remarks[:-_MOST_REMARKS]
