"""Folders of releases, as Capistrano lays them out: `releases/20261124101500`, and a link to the current one.

Reads names, links and times; writes nothing.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from itertools import islice
from pathlib import Path

from cockpit.clock import HOUR, MINUTE, SECOND, from_datetime

NAME = "releases"
_STAMP = re.compile(
    r"(?<!\d)(20\d\d)[-_.]?(\d\d)[-_.]?(\d\d)[-_.T]?(\d\d)[-_.:h]?(\d\d)(?:[-_.:m]?(\d\d))?(Z)?(?!\d)", re.ASCII
)
_ABOVE = 4  # folders above one, beside which releases are looked for
_ENTRIES = 5_000  # of a folder that are looked at
_BUILDING = HOUR  # from the making of a release until it is made current


@dataclass(frozen=True, slots=True)
class Releases:
    """A folder of releases, and the links that point to one of them."""

    folder: Path
    links: tuple[Path, ...]


@dataclass(frozen=True, slots=True)
class Release:
    """A release was made, or made current. at: microseconds; stamped: the name says when it was made."""

    at: int
    name: str
    stamped: bool
    current: bool = False


def stamp(name: str, changed: int) -> int | None:
    """The time in the name of a release, in microseconds; None where there is none.

    It is UTC, as Capistrano writes it, unless the folder was changed (microseconds) when the host's clock showed it.
    """
    match = _STAMP.search(name)
    if match is None:
        return None
    try:
        moment = datetime(*(int(part or 0) for part in match.groups()[:6]))  # type: ignore[arg-type]  # noqa: DTZ001
        at, local = from_datetime(moment.replace(tzinfo=UTC)), from_datetime(moment)
    except (ValueError, OverflowError, OSError):
        return None
    near = abs(local - changed) < 15 * MINUTE < abs(at - changed)
    return local if near and not match[7] else at


def releases_around(folder: Path) -> list[Releases]:
    """The folders of releases that a folder is in, is reached through, holds or stands beside."""
    found: dict[Path, set[Path]] = {}
    for link, target in _links_on(folder.absolute()):
        if target.parent.name == NAME or stamp(target.name, 0) is not None:
            found.setdefault(target.parent, set()).add(link)
    for path, sure in _near(folder.absolute()):
        links = set(_links_to(path))
        if sure or links:
            found.setdefault(path, set()).update(links)
    return [Releases(path, _apart({*links, *_links_to(path)})) for path, links in found.items()]


def releases_in(found: Releases, most: int = 50) -> list[Release]:
    """The releases in a folder and when a link was set to one, the newest so many, oldest first.

    A release that became current soon after it was made counts once, from when it became current.
    """
    made = {each.name: each for each in _made(found.folder)}
    switched = []
    for link in found.links:
        target = _target(link)
        if target is None:
            continue
        with suppress(OSError):
            switched.append(Release(_microseconds(link.lstat().st_mtime), target.name, stamped=False, current=True))
    for each in switched:
        one = made.get(each.name)
        if one is not None and (0 <= each.at - one.at <= _BUILDING or (each.at <= one.at and not one.stamped)):
            made[each.name] = replace(each, stamped=one.stamped)
    known = {(each.name, each.at) for each in made.values()}
    all_of_them = [*made.values(), *(each for each in switched if (each.name, each.at) not in known)]
    return sorted(all_of_them, key=lambda each: each.at)[-most:]


def _made(folder: Path) -> Iterator[Release]:
    try:
        with os.scandir(folder) as entries:
            for entry in islice(entries, _ENTRIES):
                with suppress(OSError):
                    if entry.is_dir(follow_symlinks=False) and not entry.name.startswith("."):
                        changed = _microseconds(entry.stat(follow_symlinks=False).st_mtime)
                        at = stamp(entry.name, changed)
                        yield Release(changed if at is None else at, entry.name, at is not None)
    except OSError:
        return


def _near(folder: Path) -> Iterator[tuple[Path, bool]]:
    """Folders of releases near a folder, and whether they surely are such without a link that points into them."""
    real = _resolved(folder)
    places = [folder, *folder.parents] + ([] if real is None else [real, *real.parents])
    for place in places:
        if place.parent.name == NAME and (whole := _resolved(place.parent)) is not None:
            yield whole, stamp(place.name, 0) is not None
    for depth in range(_ABOVE):
        for start in {folder, real or folder}:
            above = [start, *start.parents]
            for path in (above[depth] / NAME, above[depth].parent / NAME) if depth < len(above) else ():
                if path.is_dir() and (whole := _resolved(path)) is not None:
                    yield whole, depth == 0 and path.parent != start


def _links_on(path: Path) -> Iterator[tuple[Path, Path]]:
    """The links among a path and the folders above it, and where each points in the end."""
    for each in (path, *path.parents):
        target = _target(each)
        if target is not None:
            yield each, target


def _links_to(folder: Path) -> Iterator[Path]:
    """The links beside a folder of releases that point to one of these."""
    try:
        with os.scandir(folder.parent) as entries:
            for entry in islice(entries, _ENTRIES):
                if entry.is_symlink() and (target := _target(Path(entry.path))) is not None and target.parent == folder:
                    yield Path(entry.path)
    except OSError:
        return


def _apart(links: set[Path]) -> tuple[Path, ...]:
    """Each link once, by whatever way it was reached."""
    real = {parent / link.name: link for link in links if (parent := _resolved(link.parent)) is not None}
    return tuple(real[each] for each in sorted(real))


def _target(path: Path) -> Path | None:
    """The folder that a link points to in the end; None where the path is no link, or that is gone."""
    try:
        target = path.resolve() if path.is_symlink() else None
        return target if target is not None and target.is_dir() else None
    except (OSError, RuntimeError):
        return None


def _resolved(path: Path) -> Path | None:
    try:
        return path.resolve()
    except (OSError, RuntimeError):
        return None


def _microseconds(seconds: float) -> int:
    return round(seconds * SECOND)
