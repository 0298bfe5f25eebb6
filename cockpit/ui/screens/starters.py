"""The usual causes, to begin a hypothesis with: each with what in the evidence speaks for it."""

from __future__ import annotations

import asyncio
from collections.abc import Callable

from rich.text import Text

from cockpit.incident.clues import facts_of
from cockpit.incident.starters import Starter, starters
from cockpit.logs.printable import printable
from cockpit.session import Session
from cockpit.ui.screens.choosing import ChoosingScreen

_NOTHING = "nothing speaks for it"


class StartersScreen(ChoosingScreen):
    """`chosen` gets the one that the person takes, once the list is closed."""

    def __init__(self, session: Session, chosen: Callable[[Starter], object]) -> None:
        super().__init__("Usual causes", "enter takes one, to be edited; letters narrow the list")
        self._session = session
        self._chosen = chosen
        self._all: list[Starter] = []
        self._offers: list[Starter] = []

    async def prepare(self) -> None:
        self.rows.say_when_empty("Reading the evidence …")
        facts = await asyncio.to_thread(facts_of, self._session.incident.store)
        self._all = starters(facts)
        self.rows.say_when_empty("No usual cause has these letters.")
        self.narrow()
        self.rows.update_rows()

    def narrow(self) -> None:
        self._offers = [each for each in self._all if self.typed.lower() in f"{each.text} {each.reason}".lower()]

    def count(self) -> int:
        return len(self._offers)

    def draw(self, index: int, width: int) -> Text:
        offer = self._offers[index]
        text = Text.assemble(f" {offer.text}  ", no_wrap=True)
        return text.append(printable(offer.reason or _NOTHING), "bold" if offer.reason else "dim")

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        return action not in ("turn", "remove")

    def action_choose(self) -> None:
        if self.rows.cursor < len(self._offers):
            offer = self._offers[self.rows.cursor]
            self.action_close()
            self.app.call_after_refresh(self._chosen, offer)
