"""Understands what a person names as a source, and finds the files of a folder or a pattern with * or ?."""

from __future__ import annotations

import difflib
import glob
import os
import re
import resource
from dataclasses import dataclass
from enum import Enum
from pathlib import Path
from urllib.parse import unquote

from cockpit.logs.file import SourceError
from cockpit.paths import expanded

STDIN = "-"
MOST_FILES = 256
"""Most files that one folder or pattern opens."""
_SUFFIXES = (".log", ".jsonl", ".ndjson", ".out", ".err", ".txt", ".json", ".stderr", ".stdout")
_SPARE = 64  # file descriptors left to everything that is no log
_HOST = r"(?:[\w.+-]+@)?(?:[A-Za-z0-9_][\w.-]*|\[[0-9A-Fa-f:.]+(?:%\w+)?\])"
_BRIEF_REMOTE = re.compile(rf"({_HOST}):(/.*)", re.DOTALL)
_LONG_REMOTE = re.compile(rf"ssh://({_HOST})(?::(\d+))?(/.*)", re.DOTALL)
_CONTAINER = re.compile(r"[A-Za-z0-9][\w.-]*")


class Kind(Enum):
    """What a source is, in a word a person knows."""

    FILE = "file"
    FOLDER = "folder"
    PATTERN = "pattern"
    STDIN = "standard input"
    COMMAND = "command"
    JOURNAL = "journal"
    DOCKER = "docker"
    KUBERNETES = "kubernetes"
    REMOTE = "remote file"


_PREFIXES = {
    "cmd": (Kind.COMMAND, "cmd:COMMAND, for example: cmd:'dmesg --follow'"),
    "journal": (Kind.JOURNAL, "journal:UNIT, for example: journal:nginx.service"),
    "docker": (Kind.DOCKER, "docker:CONTAINER, for example: docker:checkout"),
    "k8s": (Kind.KUBERNETES, "k8s:SELECTOR or k8s:NAMESPACE:SELECTOR, for example: k8s:shop:app=checkout"),
}


@dataclass(frozen=True, slots=True)
class Named:
    """A source as a person named it.

    `target`: the path, pattern, command, unit, container, selector or remote path; `host`: `[user@]host` of a remote
    file, `port` its port (0: what ssh takes by itself); `namespace`: of a Kubernetes selector (empty: the current one).
    """

    kind: Kind
    text: str
    target: str
    host: str = ""
    port: int = 0
    namespace: str = ""

    @property
    def is_path(self) -> bool:
        """Whether it names files of this machine."""
        return self.kind in (Kind.FILE, Kind.FOLDER, Kind.PATTERN)

    @property
    def name(self) -> str:
        """What to call it on the screen, short."""
        if self.kind is Kind.REMOTE:
            return f"{self.host.rpartition('@')[2]}:{self.target.rpartition('/')[2]}"
        if self.kind is Kind.COMMAND:
            words = " ".join(self.target.split())
            return words if len(words) <= 24 else f"{words[:23]}…"
        return "stdin" if self.kind is Kind.STDIN else self.target.rstrip("/").rpartition("/")[2] or self.target


@dataclass(frozen=True, slots=True)
class Gathered:
    """The files that a folder or pattern names, sorted; `left_out` says in a sentence what is not among them."""

    paths: list[Path]
    left_out: str = ""


def looks_like_log(path: Path) -> bool:
    """Whether a file's name is one that logs have: `app.log`, `syslog`, `messages`; no rotated or compressed one."""
    name = path.name.lower()
    known = ("syslog", "messages", "dmesg", "access_log", "error_log", "log")
    return name.endswith(_SUFFIXES) or name in known


def parse_source(text: str) -> Named:
    """What a person named. A path that exists always wins; a path that does not is a file that may come.

    Raises SourceError for what makes no sense, with an example of what would.
    """
    if text == STDIN:
        return Named(Kind.STDIN, text, text)
    if not text.strip() or "\0" in text:
        raise SourceError("An empty name is no source. Name a file, a folder, a pattern, - or cmd:COMMAND.")
    path = expanded(text)
    if _exists(path):
        return Named(Kind.FOLDER if path.is_dir() else Kind.FILE, text, str(path))
    prefix, colon, rest = text.partition(":")
    if colon and prefix in _PREFIXES:
        return _prefixed(prefix, text, rest.strip())
    if text.startswith("ssh:"):
        return _remote(text)
    if colon and rest.startswith("//"):
        raise SourceError(f"{text}: {prefix}:// cannot be followed. ssh://HOST/PATH can be, and cmd:COMMAND.")
    if brief := _BRIEF_REMOTE.fullmatch(text):
        return Named(Kind.REMOTE, text, brief[2], brief[1])
    if colon and (near := difflib.get_close_matches(prefix, _PREFIXES, 1, 0.75)):
        raise SourceError(f"{text}: there is no such file; did you mean {near[0]}:{rest}?")
    kind = Kind.PATTERN if glob.has_magic(text) else Kind.FILE
    return Named(kind, text, str(path))


def expand(source: str) -> list[Path]:
    """The files that a source names, sorted; none for what is no path. Raises SourceError as `gather` does."""
    named = parse_source(source)
    return gather(named).paths if named.is_path else []


def gather(named: Named, most: int | None = None) -> Gathered:
    """The files of a path. Where there are more than `most` (as many as can be open), those written last are taken.

    Raises SourceError for a folder without logs and a pattern that fits nothing. A plain name is returned as it is,
    whether or not there is such a file.
    """
    if named.kind is Kind.FILE:
        return Gathered([Path(named.target)])
    found = list_files(named)
    if not found and named.kind is Kind.FOLDER:
        raise SourceError(f"{named.target}: no logs in this directory (looked for {', '.join(_SUFFIXES)}).")
    if not found:
        raise SourceError(f"{named.text}: no file fits this pattern.")
    most = most_files() if most is None else most
    if len(found) <= most:
        return Gathered(found)
    newest = sorted(found, key=_written_at, reverse=True)[:most]
    return Gathered(
        sorted(newest), f"{named.text}: {len(found)} files; only the {most} written last are open. Name fewer."
    )


def list_files(named: Named) -> list[Path]:
    """All files that a folder or pattern names now, sorted. Raises SourceError for a folder that cannot be listed."""
    if named.kind is Kind.PATTERN:
        names = glob.glob(named.target, recursive=True)
        return sorted({Path(name) for name in names if os.path.isfile(name)})
    try:
        with os.scandir(named.target) as entries:
            return sorted(Path(entry.path) for entry in entries if looks_like_log(Path(entry.name)) and entry.is_file())
    except OSError as error:
        raise SourceError(f"{named.target}: cannot be listed: {error.strerror}.") from None


def most_files() -> int:
    """How many files a folder or pattern may open now: 256, or what the limit of open files leaves, if that is less.

    Half of it is kept for the files that these become when they rotate.
    """
    soft, _ = resource.getrlimit(resource.RLIMIT_NOFILE)
    if soft == resource.RLIM_INFINITY:
        return MOST_FILES
    try:
        used = len(os.listdir("/dev/fd"))
    except OSError:
        used = _SPARE
    return max(1, min(MOST_FILES, (soft - used - _SPARE) // 2))


def names_for(paths: list[Path]) -> list[str]:
    """A short name for each path, no two alike: the file's name, with as many folders before it as it takes."""
    depth = [1] * len(paths)
    while True:
        names = [str(Path(*path.absolute().parts[-count:])) for path, count in zip(paths, depth, strict=True)]
        clashes = [
            position
            for position, name in enumerate(names)
            if names.count(name) > 1 and depth[position] < len(paths[position].absolute().parts)
        ]
        if not clashes:
            return names
        for position in clashes:
            depth[position] += 1


def _prefixed(prefix: str, text: str, rest: str) -> Named:
    kind, example = _PREFIXES[prefix]
    if not rest:
        raise SourceError(f"{text} names nothing. Write {example}.")
    if kind is Kind.DOCKER and not _CONTAINER.fullmatch(rest):
        raise SourceError(f"{rest!r} is no name of a container. Write {example}.")
    if kind is Kind.KUBERNETES and ":" in rest:
        namespace, _, rest = rest.partition(":")
        if not _CONTAINER.fullmatch(namespace) or not rest:
            raise SourceError(f"{text} is no selector. Write {example}.")
        return Named(kind, text, rest, namespace=namespace)
    return Named(kind, text, rest)


def _remote(text: str) -> Named:
    found = _LONG_REMOTE.fullmatch(text)
    if not found or not found[3].strip("/") or int(found[2] or 22) not in range(1, 65536):
        raise SourceError(f"{text} is no remote file. Write ssh://[USER@]HOST[:PORT]/PATH or HOST:/PATH.")
    path = unquote(found[3])
    path = path.removeprefix("/") if path.startswith("/~/") else path
    return Named(Kind.REMOTE, text, path, found[1], int(found[2] or 0))


def _exists(path: Path) -> bool:
    try:
        return path.exists()
    except (OSError, ValueError):  # a name too long to be one
        return False


def _written_at(path: Path) -> int:
    try:
        return path.stat().st_mtime_ns
    except OSError:
        return 0
