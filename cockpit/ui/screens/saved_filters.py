"""The filters that the person keeps by name: takes one, saves the present one, removes one."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import dataclass
from enum import Enum

from rich.text import Text
from textual import on, work

from cockpit.logs.printable import printable
from cockpit.logs.query import QueryError, narrowed, written
from cockpit.logs.saved_filters import SavedFiltersError
from cockpit.logs.search import Filter
from cockpit.session import Session
from cockpit.ui.screens.choosing import ChoosingScreen
from cockpit.ui.widgets.rows import RowList


class _Does(Enum):
    """What enter does on a row."""

    APPLY = ""
    SAVE = "save what is shown now as "
    SAVE_OVER = "save what is shown now over "


@dataclass(frozen=True, slots=True)
class _Offer:
    does: _Does
    name: str
    expression: str


class SavedFiltersScreen(ChoosingScreen):
    """Lists the saved filters; `apply` hears the one that is taken."""

    def __init__(self, session: Session, apply: Callable[[Filter], None]) -> None:
        super().__init__("Saved filters", "type a name to save the present filter under, or to narrow the list")
        self._filters = session.filters
        self._clock = session.clock
        self._apply = apply
        self._present = written(session.desk.shown.wanted)
        self._saved: dict[str, str] = {}
        self._offers: list[_Offer] = []

    async def prepare(self) -> None:
        try:
            self._saved = await asyncio.to_thread(self._filters.read)
            self.rows.say_when_empty("No filter is saved under such a name." if self._saved else _NONE)
        except SavedFiltersError as error:
            self._saved = {}
            self.rows.say_when_empty(str(error))
        self.narrow()
        self.rows.update_rows()

    def count(self) -> int:
        return len(self._offers)

    def draw(self, index: int, width: int) -> Text:
        offer = self._offers[index]
        text = Text.assemble((f" {offer.does.value}", "italic"), (printable(offer.name), "bold"), no_wrap=True)
        text.pad_right(max(0, 28 - text.cell_len))
        return text.append(f"  {printable(offer.expression)}", "dim")

    def narrow(self) -> None:
        name = self.typed.strip()
        kept = [_Offer(_Does.APPLY, *each) for each in self._saved.items() if name.lower() in each[0].lower()]
        kept.sort(key=lambda offer: offer.name != name)
        if name and self._present:
            over = name in self._saved
            offer = _Offer(_Does.SAVE_OVER if over else _Does.SAVE, name, self._present)
            kept.insert(int(over), offer)
        self._offers = kept

    @on(RowList.Chosen)
    def action_choose(self) -> None:
        offer = self._under_cursor()
        if offer is None:
            if self.typed.strip():
                self.notify("Nothing is filtered that could be saved; press & or l first.", markup=False)
        elif offer.does is _Does.APPLY:
            self._take(offer)
        else:
            self._save(offer)

    def action_remove(self) -> None:
        offer = self._under_cursor()
        if offer is not None and offer.does is _Does.APPLY:
            self._remove(offer)

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        return action != "turn"

    def _under_cursor(self) -> _Offer | None:
        return self._offers[self.rows.cursor] if self.rows.cursor < len(self._offers) else None

    def _take(self, offer: _Offer) -> None:
        try:
            wanted = narrowed(Filter(), offer.expression, self._clock.now())
        except QueryError as error:
            self.notify(f"{offer.name}: {error}", severity="error", markup=False, timeout=10)
            return
        self._apply(wanted)
        self.action_close()

    @work
    async def _save(self, offer: _Offer) -> None:
        if await self._done(lambda: self._filters.save(offer.name, offer.expression)):
            self.app.notify(f"Saved as {offer.name} in {self._filters.path}.", markup=False)
            self.action_close()

    @work
    async def _remove(self, offer: _Offer) -> None:
        if await self._done(lambda: self._filters.remove(offer.name)):
            self.notify(f"Removed {offer.name}; it was: {offer.expression}", markup=False)
            await self.prepare()

    async def _done(self, verb: Callable[[], None]) -> bool:
        """Run a verb of the store aside; whether it could be done."""
        try:
            await asyncio.to_thread(verb)
        except SavedFiltersError as error:
            self.notify(str(error), severity="error", markup=False, timeout=10)
            return False
        return True


_NONE = "No filter is saved yet. Filter the logs (& or l), press S, type a name and press enter."
