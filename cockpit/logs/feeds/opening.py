"""Makes the feed for what a person named, its spool in a folder beside those of others."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

from cockpit.clock import Clock
from cockpit.logs.feeds.feed import BackOff, Feed
from cockpit.logs.feeds.program import ProgramFeed
from cockpit.logs.feeds.recipe import Command, Recipe
from cockpit.logs.feeds.remote import TAIL, RemoteFile
from cockpit.logs.feeds.services import Docker, Journal, Kubernetes
from cockpit.logs.feeds.spool import CAP
from cockpit.logs.feeds.standard_input import StandardInput
from cockpit.logs.file import SourceError
from cockpit.logs.find import Kind, Named


@dataclass(frozen=True, slots=True)
class Terms:
    """On what terms feeds are opened: bytes kept of each, bytes of a remote file fetched first, arguments for ssh."""

    cap: int = CAP
    remote_tail: int = TAIL
    ssh_options: Sequence[str] = ()
    back_off: BackOff = field(default_factory=BackOff)


def feed_for(
    named: Named, folder: Path, clock: Clock, standard_input: int | None = None, terms: Terms | None = None
) -> Feed:
    """A feed for a source that is no path of this machine, not started yet; its spool file is there already.

    Raises SourceError where the spool cannot be made, and where standard input is named but not given.
    """
    terms = terms or Terms()
    path = _free(folder, named)
    try:
        if named.kind is Kind.STDIN:
            if standard_input is None:
                raise SourceError("- means standard input, but there is none.")
            return StandardInput(standard_input, path, clock, terms.cap)
        return ProgramFeed(named.name, path, _recipe(named, terms), clock, terms.cap, terms.back_off)
    except OSError as error:
        what = named.kind.value if named.kind is Kind.STDIN else named.text
        raise SourceError(f"{what}: cannot be kept in {path}: {error.strerror or error}.") from None


def _recipe(named: Named, terms: Terms) -> Recipe:
    if named.kind is Kind.COMMAND:
        return Command(named.target)
    if named.kind is Kind.JOURNAL:
        return Journal(named.target)
    if named.kind is Kind.DOCKER:
        return Docker(named.target)
    if named.kind is Kind.KUBERNETES:
        return Kubernetes(named.target, named.namespace)
    if named.kind is Kind.REMOTE:
        return RemoteFile(named.host, named.target, named.port, terms.ssh_options, terms.remote_tail)
    raise SourceError(f"{named.text} is a {named.kind.value}, which is followed where it is.")


def _free(folder: Path, named: Named) -> Path:
    """A path in the folder that no other spool has, which tells what it holds: `docker-checkout.log`."""
    word = named.kind.name.lower() if named.kind is not Kind.STDIN else ""
    base = "-".join(re.findall(r"[\w.]+", f"{word} {named.name}"))[:60] or "spool"
    number, path = 1, folder / f"{base}.log"
    while path.exists():
        number += 1
        path = folder / f"{base}-{number}.log"
    return path
