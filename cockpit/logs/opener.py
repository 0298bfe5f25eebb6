"""Opens what a person names: files at once, folders and patterns also for what appears in them later, programs and
other hosts through a spool that is followed like any file.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

from cockpit.clock import Clock
from cockpit.logs.arrivals import Arrivals
from cockpit.logs.desk import LogDesk
from cockpit.logs.feeds.feed import Feed
from cockpit.logs.feeds.history import History
from cockpit.logs.feeds.opening import feed_for
from cockpit.logs.feeds.siblings import Sibling
from cockpit.logs.file import SourceError
from cockpit.logs.find import Kind, Named, gather, names_for, parse_source
from cockpit.watch import Watcher


class Opener:
    """What it cannot open becomes a sentence for `failed`; the rest opens. `folder` holds the spools."""

    def __init__(
        self, desk: LogDesk, watcher: Watcher, clock: Clock, folder: Path, failed: Callable[[str], None]
    ) -> None:
        self.feeds: list[Feed] = []
        self._desk = desk
        self._watcher = watcher
        self._clock = clock
        self._folder = folder
        self._failed = failed
        self._arrivals: list[Arrivals] = []
        self._histories: list[History] = []

    def open(self, sources: Sequence[str], standard_input: int | None, *, history: bool, follow: bool) -> None:
        """Open all of these. `history`: rotated files of each log too, packed ones unpacked into the folder."""
        paths: list[Path] = []
        for text in sources:
            try:
                named = parse_source(text)
                if not named.is_path:
                    self._open_feed(named, standard_input)
                    continue
                gathered = gather(named)
            except SourceError as error:
                self._failed(str(error))
                continue
            if gathered.left_out:
                self._failed(gathered.left_out)
            known = {path.absolute() for path in paths}
            paths += [path for path in gathered.paths if path.absolute() not in known]
            if named.kind in (Kind.FOLDER, Kind.PATTERN) and follow:
                self._arrivals.append(
                    Arrivals(named, self._watcher, self._arrived, known=gathered.paths, too_many=self._failed)
                )
        for path, name in zip(paths, names_for(paths), strict=True):
            self._add(path, name)
            if history:
                self._open_history(path, name)

    def close(self, *, keep: bool) -> None:
        """Stop all that was started, and remove the spools unless they are to be kept."""
        for arrivals in self._arrivals:
            arrivals.close()
        for history in self._histories:
            history.close(keep=keep)
        for feed in self.feeds:
            feed.close(keep=keep)

    def _add(self, path: Path, name: str, feed: Feed | None = None) -> None:
        try:
            self._desk.add(path, name, feed)
        except SourceError as error:
            self._failed(str(error))

    def _open_feed(self, named: Named, standard_input: int | None) -> None:
        feed = feed_for(named, self._folder, self._clock, standard_input)
        taken = {source.name for source in self._desk.sources}
        name = next(name for n in range(1, len(taken) + 2) if (name := f"{feed.name}{f' {n}' * (n > 1)}") not in taken)
        self.feeds.append(feed)
        feed.start()
        self._add(feed.path, name, feed)

    def _arrived(self, paths: list[Path]) -> None:
        """Files have appeared in a folder, or come to fit a pattern."""
        open_now = [source.path for source in self._desk.sources]
        for path in paths:
            if path not in open_now:
                names = names_for([*open_now, path])
                open_now.append(path)
                self._add(path, names[-1])

    def _open_history(self, path: Path, name: str) -> None:
        def ready(sibling: Sibling, found: Path) -> None:
            try:
                self._desk.add_earlier(name, found)
            except SourceError as error:
                self._failed(str(error))

        try:
            history = History(path, self._folder / f"history-{name.replace('/', '-')}", ready)
        except SourceError as error:
            self._failed(str(error))
            return
        self._histories.append(history)
        history.start()
