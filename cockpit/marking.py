"""Markers of deploys and restarts, from all that tells of them but the logs: the moves of HEAD, tags, folders of
releases, running processes, and a command of the person's own. Blocks; reads only.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from pathlib import Path

from cockpit.clock import DAY, MINUTE
from cockpit.history.deploys import HeadMove
from cockpit.history.repository import Repository, RepositoryError
from cockpit.history.tags import Tag
from cockpit.host.releases import Release, Releases, releases_around, releases_in
from cockpit.host.starts import Started, started_in
from cockpit.insight.deploy_lines import deploys_told
from cockpit.insight.deploys import Marker, beside, merged
from cockpit.logs.file import SourceError
from cockpit.logs.find import parse_source
from cockpit.logs.printable import printable, text_of
from cockpit.paths import expanded
from cockpit.printed import printed_by

_RELEASES = 50
_NEAR = 2 * MINUTE  # within which a tag or a folder of a release tells of the deploy that is known
_SHOWN = 80  # characters of a line


def markers_of(
    repositories: Sequence[Repository],
    folders: Sequence[Path],
    command: str,
    now: int,
    tagged: tuple[int, int] | None = None,
) -> tuple[list[Marker], list[str]]:
    """All markers, oldest first, each deploy once; and sentences about what could not be asked.

    folders: those of the sources and the repositories, by the way the person named them; command: prints deploys (see
    `deploys_told`), or is empty; now: microseconds; tagged: only tags from then to then, microseconds.
    """
    told, problems = told_by(command, now)
    others, more = others_of(repositories, folders, told, tagged)
    moves = [marker for each in repositories for marker in moves_as_markers(each.moves())]
    return merged([*moves, *others]), [*problems, *more]


def moves_as_markers(moves: Sequence[HeadMove]) -> list[Marker]:
    """The moves of HEAD in a checkout, but for work done in it."""
    return [
        Marker(move.at, "deploy", move.short, f"deploy {move.short}: {move.how}") for move in moves if not move.worked
    ]


def moves_beside(repositories: Sequence[Repository]) -> list[Marker]:
    """The moves of HEAD in repositories beside the one whose commits are listed, each with the name of its own."""
    return [
        replace(each, title=printable(f"{repository.name}: {each.title}"))
        for repository in repositories
        for each in moves_as_markers(repository.moves())
    ]


def others_of(
    repositories: Sequence[Repository],
    folders: Sequence[Path],
    told: Sequence[Marker],
    tagged: tuple[int, int] | None = None,
) -> tuple[list[Marker], list[str]]:
    """Markers that tell of no move of HEAD, oldest first, with those that a command has told; and what went wrong."""
    moves = [move for each in repositories for move in each.moves()]
    deployed = moves_as_markers(moves)
    tags, problems = _tags(repositories, tagged)
    releases = found_releases(repositories, folders)
    seen = [*_tags_as_markers(tags, moves), *_releases_as_markers(releases)]
    sure = [*deployed, *told]
    apart = [each for each in seen if each.kind != "deploy" or not _near(each, sure)]
    roots = [each.root for each in repositories]
    ways = [path for each in releases for path in (each.folder, *each.links)]
    started = [_start_as_marker(each) for each in started_in([*roots, *ways])]
    others = merged([*beside(deployed, told), *apart, *started])
    return [replace(each, ref=printable(each.ref), title=printable(each.title)) for each in others], problems


def found_releases(repositories: Sequence[Repository], folders: Sequence[Path]) -> list[Releases]:
    """The folders of releases around repositories and folders, each once."""
    found: dict[Path, Releases] = {}
    for folder in dict.fromkeys((*folders, *(each.root for each in repositories))):
        for each in releases_around(folder):
            known = found.get(each.folder, each)
            found[each.folder] = max(known, each, key=lambda one: len(one.links))
    return list(found.values())


def told_by(
    command: str, now: int, seconds: float = 5.0, cancelled: Callable[[], bool] = lambda: False
) -> tuple[list[Marker], list[str]]:
    """The deploys that a shell command prints, in at most so many seconds; and sentences about what it did wrong."""
    if not command.strip():
        return [], []
    printed = printed_by(command, seconds, cancelled=cancelled)
    if cancelled():
        return [], []
    whole = printed.output if printed.code is not None else printed.output.rpartition(b"\n")[0]
    found, strange = deploys_told(text_of(whole), now)
    problems = []
    if printed.code is None:
        problems.append(f"The command for deploys was ended: {printed.why}.")
    elif printed.code:
        said = text_of(printed.errors).strip().rpartition("\n")[2]
        why = f": {printable(said)[:_SHOWN]}" if said else "."
        problems.append(f"The command for deploys ended with code {printed.code}{why}")
    if strange:
        count = "one line that is" if len(strange) == 1 else f"{len(strange)} lines that are"
        first = printable(strange[0])[:_SHOWN]
        problems.append(f"The command for deploys printed {count} not “TIME REF TITLE”: {first}")
    return found, problems


def folders_of(named: Iterable[str], sources: Sequence[str]) -> list[Path]:
    """The folders that a person named, and those of the sources, as they were named: links stay links."""
    found = [expanded(each) for each in named if each]
    for text in sources:
        try:
            source = parse_source(text)
        except SourceError:
            continue
        if source.is_path:
            path = expanded(text)
            found.append(path if path.is_dir() else path.parent)
    return list(dict.fromkeys(each.absolute() for each in found))


def _near(marker: Marker, sure: Sequence[Marker]) -> bool:
    return any(abs(each.at - marker.at) <= _NEAR for each in sure)


def _tags(repositories: Sequence[Repository], tagged: tuple[int, int] | None) -> tuple[list[Tag], list[str]]:
    found: list[Tag] = []
    problems = []
    for each in repositories:
        try:
            found += each.tags()
        except RepositoryError as error:
            problems.append(f"The tags of {each.name} cannot be read: {error}")
    return [each for each in found if tagged is None or tagged[0] <= each.at <= tagged[1]], problems


def _tags_as_markers(tags: Sequence[Tag], moves: Sequence[HeadMove]) -> list[Marker]:
    """A tag is a deploy where HEAD came to stand on its commit within a day by work done there; where that was a
    deploy, the move tells of it, and the tag is only a tag.
    """
    found = []
    for tag in tags:
        near = [move for move in moves if move.sha == tag.sha and abs(move.at - tag.at) <= DAY]
        deploy = bool(near) and all(move.worked for move in near)
        title = f"tag {tag.name}: {tag.subject}" if tag.subject else f"tag {tag.name}"
        found.append(Marker(tag.at, "deploy" if deploy else "tag", tag.name, title))
    return found


def _releases_as_markers(folders: Sequence[Releases]) -> list[Marker]:
    found = [(release, folder) for folder in folders for release in releases_in(folder, _RELEASES)]
    found.sort(key=lambda each: each[0].at)
    return [_release_as_marker(release) for release, _ in found[-_RELEASES:]]


def _release_as_marker(release: Release) -> Marker:
    told = f"release {release.name} made current" if release.current else f"release {release.name}"
    return Marker(release.at, "deploy", release.name, told)


def _start_as_marker(started: Started) -> Marker:
    more = f" and {started.others} more" if started.others else ""
    return Marker(started.at, "restart", str(started.pid), f"{started.program} started (pid {started.pid}{more})")
