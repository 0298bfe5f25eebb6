"""Who else has the incident open: a small file for each running cockpit, renewed as long as it lives."""

from __future__ import annotations

import contextlib
import os
import threading
from dataclasses import dataclass
from pathlib import Path

import msgspec

from cockpit.clock import SECOND, Clock

DEAD_AFTER = 30 * SECOND
"""A cockpit on another host whose file has not changed for so long (by our clock) is gone."""


class Place(msgspec.Struct, frozen=True):
    """A record that somebody's cursor stands on, so that another cockpit finds it.

    source: its name there; file: device and inode, which mean something on that host only; byte: where it begins; at:
    the time it is sorted by (microseconds); text: how its line begins; end: whether the logs follow their end there.
    """

    source: str
    file: str
    byte: int
    at: int
    text: str
    end: bool = False


class _Beat(msgspec.Struct, frozen=True):
    by: str
    host: str
    pid: int
    pane: str
    since: int
    beat: int
    space: str = ""
    place: Place | None = None
    point: Place | None = None


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody with the incident open. since: microseconds; place: where in the logs; point: what they point at."""

    by: str
    host: str
    pid: int
    pane: str
    since: int
    place: Place | None = None
    point: Place | None = None

    def is_who(self, other: Person | None) -> bool:
        """Whether both are the same cockpit."""
        return other is not None and (self.host, self.pid, self.since) == (other.host, other.pid, other.since)

    @property
    def name(self) -> str:
        """`ben`"""
        return self.by.partition("@")[0]


class Presence:
    """Our own file among the others. Not being able to write it harms nothing; `hidden` says that we are not seen."""

    def __init__(self, folder: Path, by: str, clock: Clock) -> None:
        self.hidden = False
        self._folder = folder
        self._by = by
        self._host = by.partition("@")[2] or "localhost"
        self._space = _process_space()
        self._clock = clock
        self._since = clock.now()
        self._count = 0
        self._file = folder / f"{self._host}-{os.getpid()}.json"
        self._seen: dict[str, tuple[int, int]] = {}  # file name: its beat, and when we first saw that beat

    @property
    def host(self) -> str:
        """The host that files are numbered on."""
        return self._host

    def beat(self, pane: str, place: Place | None = None, point: Place | None = None) -> None:
        """Say that we are here: in this pane, at this place in the logs, pointing at this."""
        self._count += 1
        beat = _Beat(self._by, self._host, os.getpid(), pane, self._since, self._count, self._space, place, point)
        fresh = self._file.with_suffix(f".{threading.get_ident()}.new")
        try:
            self._folder.mkdir(mode=0o700, exist_ok=True)
            fresh.write_bytes(msgspec.json.encode(beat))
            os.replace(fresh, self._file)
            self.hidden = False
        except OSError:
            self.hidden = True

    def leave(self) -> None:
        """Say that we are gone."""
        with contextlib.suppress(OSError):
            self._file.unlink()

    def others(self) -> list[Person]:
        """Everybody else who is here, longest first. Files of the dead on this host are swept away."""
        people = []
        try:
            files = sorted(self._folder.glob("*.json"))
        except OSError:
            return []
        for file in files:
            if file == self._file:
                continue
            try:
                beat = msgspec.json.decode(file.read_bytes(), type=_Beat)
                alive = self._alive(file, beat)
            except (OSError, ValueError, OverflowError, msgspec.DecodeError):
                continue
            if alive:
                who = (beat.by, beat.host, beat.pid, beat.pane, beat.since)
                people.append(Person(*who, beat.place, beat.point))
        return sorted(people, key=lambda person: (person.since, person.pid))

    def _alive(self, file: Path, beat: _Beat) -> bool:
        if beat.host == self._host and beat.space in ("", self._space):
            try:
                os.kill(beat.pid, 0)
            except ProcessLookupError:
                with contextlib.suppress(OSError):
                    file.unlink()
                return False
            except OSError:
                return True  # it lives, as another user
            return True
        now = self._clock.now()
        known = self._seen.get(file.name)
        if known is None or known[0] != beat.beat:
            known = self._seen[file.name] = (beat.beat, now)
        return now - known[1] < DEAD_AFTER


def _process_space() -> str:
    """What tells apart the process numbers of two containers on one host; empty where the system does not say."""
    try:
        return f"{os.stat('/proc/self/ns/pid').st_ino:x}"
    except OSError:
        return ""
