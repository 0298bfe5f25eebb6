"""Every key's action, findable by name in the command palette."""

from __future__ import annotations

from collections.abc import Iterator

from textual.command import DiscoveryHit, Hit, Hits, Provider

from cockpit.ui import keys
from cockpit.ui.keys import Key

_PANE = {keys.LOGS: "#log-view", keys.COMMITS: "#commits RowList", keys.HYPOTHESES: "#hypotheses RowList"}


class KeyCommands(Provider):
    """Offers what the keys of the panes and of everywhere do."""

    async def discover(self) -> Hits:
        for key, title in self._offered():
            yield DiscoveryHit(title, lambda key=key: self._run(key), help=key.help)

    async def search(self, query: str) -> Hits:
        matcher = self.matcher(query)
        for key, title in self._offered():
            score = max(matcher.match(title), matcher.match(key.help))
            if score > 0:
                yield Hit(score, matcher.highlight(title), lambda key=key: self._run(key), help=key.help)

    def _offered(self) -> Iterator[tuple[Key, str]]:
        for key in keys.KEYS:
            if key.place in (keys.ANYWHERE, *_PANE):
                place = "" if key.place == keys.ANYWHERE else f"{key.place}: "
                yield key, f"{place}{key.label} ({key.shown})"

    async def _run(self, key: Key) -> None:
        screen = self.screen
        if key.place in _PANE:
            target = screen.query_one(_PANE[key.place])
            screen.set_focus(target)
            holds_it = hasattr(target, f"action_{key.action.partition('(')[0]}")
            await self.app.run_action(key.action, target if holds_it else target.parent)
        else:
            await self.app.run_action(key.action, screen)
