"""Turns what a person names on the command line into files: a file, a folder, a pattern with * or ?."""

from __future__ import annotations

import glob
from pathlib import Path

from cockpit.logs.file import SourceError

STDIN = "-"
_SUFFIXES = (".log", ".jsonl", ".ndjson", ".out", ".err", ".txt", ".json", ".stderr", ".stdout")
_MOST = 64


def looks_like_log(path: Path) -> bool:
    """Whether a file's name is one that logs have: `app.log`, `syslog`, `messages`; no rotated or compressed one."""
    name = path.name.lower()
    known = ("syslog", "messages", "dmesg", "access_log", "error_log", "log")
    return name.endswith(_SUFFIXES) or name in known


def expand(source: str) -> list[Path]:
    """The files that a source names, sorted.

    Raises SourceError for a folder without logs, a pattern that fits nothing, or more than 64 files. A plain name is
    returned as it is, whether or not there is such a file.
    """
    path = Path(source).expanduser()
    if path.is_dir():
        try:
            found = sorted(child for child in path.iterdir() if child.is_file() and looks_like_log(child))
        except OSError as error:
            raise SourceError(f"{path}: cannot be listed: {error.strerror}.") from None
        if not found:
            raise SourceError(f"{path}: no logs in this directory (looked for {', '.join(_SUFFIXES)}).")
    elif glob.has_magic(source) and not path.exists():
        found = sorted(Path(name) for name in glob.glob(str(path), recursive=True) if Path(name).is_file())
        if not found:
            raise SourceError(f"{source}: no file fits this pattern.")
    else:
        found = [path]
    if len(found) > _MOST:
        raise SourceError(f"{source}: {len(found)} files; at most {_MOST} can be open at once. Name fewer.")
    return found


def names_for(paths: list[Path]) -> list[str]:
    """A short name for each path, no two alike: the file's name, with as many folders before it as it takes."""
    depth = [1] * len(paths)
    while True:
        names = ["/".join(path.absolute().parts[-count:]) for path, count in zip(paths, depth, strict=True)]
        clashes = [
            position
            for position, name in enumerate(names)
            if names.count(name) > 1 and depth[position] < len(paths[position].absolute().parts)
        ]
        if not clashes:
            return names
        for position in clashes:
            depth[position] += 1
