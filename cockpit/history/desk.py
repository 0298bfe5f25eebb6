"""The repository beside a running cockpit: loads commits aside, watches for moves of HEAD, and tells the bus."""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from pathlib import Path

from cockpit.aside import Aside, Cancelled
from cockpit.bus import Bus
from cockpit.events import CommitsListed, Failed, MarkersChanged, RepositoryChanged
from cockpit.history.commits import Commit, CommitList
from cockpit.history.deploys import HeadMove, deployed_at
from cockpit.history.diff import CommitDetail
from cockpit.history.repository import HeadState, Repository, RepositoryError, sentence_of
from cockpit.watch import Watch, Watcher

PAGE = 200
"""How many commits are loaded at a time."""


class HistoryDesk:
    """What the cockpit knows of the repository. Everything git does runs aside; what is known can be read at once.

    `error`: why there is no repository, in a sentence (empty: there is one, or it is being opened).
    """

    def __init__(self, bus: Bus, watcher: Watcher, tell: Callable[[str], None] | None = None) -> None:
        """`tell`: hears, aside, a sentence on each of the other repositories that cannot be opened."""
        self.error = ""
        self.state: HeadState | None = None
        self.moves: tuple[HeadMove, ...] = ()
        self.query = ""
        self.loading = False
        self._bus = bus
        self._tell = tell or (lambda sentence: self._bus.publish(Failed(sentence)))
        self._watcher = watcher
        self.repository: Repository | None = None
        """What is open; its calls block."""
        self.others: tuple[Repository, ...] = ()
        """More of them, of what runs beside it: only their changes are looked at."""
        self._list: CommitList | None = None
        self._deploys: dict[str, int] = {}
        self._watches: list[Watch] = []
        self._lock = threading.Lock()
        self._aside = Aside("history")

    @property
    def repositories(self) -> tuple[Repository, ...]:
        """All that are open, first the one whose commits are listed."""
        return (*(() if self.repository is None else (self.repository,)), *self.others)

    def open(self, where: Path, others: Sequence[Path] = ()) -> None:
        """Open the repository around a folder, aside, and others; where there is none, `error` says why."""
        self._open([where], "", others)

    def open_nearest(self, places: Sequence[Path], others: Sequence[Path] = ()) -> None:
        """Open the repository around the first of these folders that has one, aside, and others."""
        self._open(places, " Say which one with: cockpit --repo DIR …", others)

    def _open(self, places: Sequence[Path], advice: str, others: Sequence[Path]) -> None:
        self.loading = True

        def opening(cancelled: Cancelled) -> None:
            failure = ""
            self._forget()
            self.others = _opened(others, self._tell)
            for place in places:
                try:
                    self.repository = Repository.find(place)
                    break
                except RepositoryError as error:
                    failure = failure or str(error)
            else:
                self.loading, self.error = False, failure + advice
                self._bus.publish(RepositoryChanged())
                return
            self._reload(cancelled)

        self._aside.ask("open", opening)

    def refresh(self) -> None:
        """Look again: HEAD or a branch may have moved."""
        if self.repository is not None:
            self._aside.ask("reload", self._reload)

    def search(self, query: str) -> None:
        """List only commits that fit (see CommitList); an empty query lists all."""
        self.query = query.strip()
        self.refresh()

    def more(self) -> None:
        """Load another page of commits, unless all are there or one is on its way."""
        found = self._list
        if found is not None and not found.done and not self.loading:
            self.loading = True
            self._aside.ask("more", self._more)

    def count(self) -> int:
        """How many commits are loaded."""
        found = self._list
        return len(found) if found is not None else 0

    def commit(self, index: int) -> Commit | None:
        """A loaded commit, newest first; None where there is none."""
        found = self._list
        return found[index] if found is not None and 0 <= index < len(found) else None

    def detail(self, sha: str) -> CommitDetail:
        """A commit's message and diff. Blocks; raises RepositoryError."""
        failure = RepositoryError("No repository is open.")
        for repository in self.repositories:
            try:
                return repository.detail(sha)
            except RepositoryError as error:
                failure = error if repository is self.repository else failure
        raise failure

    def deployed_at(self, at: int) -> HeadMove | None:
        """The move of HEAD that was the last before a time (microseconds)."""
        return deployed_at(self.moves, at)

    def deploy_of(self, sha: str) -> int | None:
        """When HEAD last came to stand on a commit (microseconds); None where it never did."""
        return self._deploys.get(sha)

    def idle(self, timeout: float) -> bool:
        """Wait until nothing is being loaded (for tests and headless use)."""
        return self._aside.idle(timeout)

    def close(self) -> None:
        for watch in self._watches:
            watch.close()
        found = self._list
        if found is not None:
            found.close()
        self._aside.close()

    def _reload(self, cancelled: Cancelled) -> None:
        repository = self.repository
        if repository is None:
            return
        try:
            self._watch(repository)
            state, moves = repository.state(), repository.moves()
            listed = repository.commits(self.query)
            wanted = max(PAGE, self.count())
            while len(listed) < wanted and not listed.done and not cancelled():
                listed.more(PAGE)
        except RepositoryError as error:
            self.error, self.loading = str(error), False
            self._bus.publish(RepositoryChanged())
            return
        with self._lock:
            old, self._list = self._list, listed
            moved = moves != self.moves
            self.state, self.moves, self.error, self.loading = state, moves, "", False
            self._deploys = {move.sha: move.at for move in moves}
        if old is not None:
            old.close()
        self._bus.publish(RepositoryChanged())
        _tell_failure(listed, self._bus)
        if moved:
            self._bus.publish(MarkersChanged())

    def _more(self, cancelled: Cancelled) -> None:
        found = self._list
        try:
            if found is not None:
                found.more(PAGE)
        finally:
            self.loading = False
        self._bus.publish(CommitsListed())
        _tell_failure(found, self._bus)

    def _watch(self, repository: Repository) -> None:
        """Watch what tells of a move of HEAD; which files these are changes with the branch."""
        wanted = repository.watched()
        if [watch.path for watch in self._watches] != list(wanted):
            old, self._watches = self._watches, [self._watcher.watch(path, self.refresh) for path in wanted]
            for watch in old:
                watch.close()

    def _forget(self) -> None:
        """Drop what was known of a repository that was open before."""
        with self._lock:
            old, self._list = self._list, None
            self.state, self.moves, self._deploys, self.repository = None, (), {}, None
        for watch in self._watches:
            watch.close()
        self._watches = []
        if old is not None:
            old.close()


def _opened(places: Sequence[Path], tell: Callable[[str], None]) -> tuple[Repository, ...]:
    """The repositories around these folders, each once; of one that cannot be opened is told why."""
    found: dict[Path, Repository] = {}
    for place in places:
        try:
            repository = Repository.find(place)
        except RepositoryError as error:
            tell(str(error))
        else:
            found.setdefault(repository.root, repository)
    return tuple(found.values())


def _tell_failure(listed: CommitList | None, bus: Bus) -> None:
    if listed is not None and listed.failed is not None:
        bus.publish(Failed(sentence_of(listed.failed)))
