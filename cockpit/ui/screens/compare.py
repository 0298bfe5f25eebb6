"""What tells the records that are shown from the others, or those after the cursor from those before it, as a list."""

from __future__ import annotations

from contextlib import nullcontext
from typing import ClassVar

from rich.text import Text
from textual import on, work
from textual.binding import BindingType
from textual.worker import get_current_worker

from cockpit.comparing import Compared, after_against_before, against_rest
from cockpit.insight.contrast import Factor, percent
from cockpit.logs.printable import number, printable
from cockpit.logs.source import Named, Stop
from cockpit.logs.view import View
from cockpit.ui import keys, times
from cockpit.ui.clipboard import copy
from cockpit.ui.logs_behind import LogsBehind
from cockpit.ui.screens.sheet import ListSheet
from cockpit.ui.widgets.bars import bar
from cockpit.ui.widgets.rows import RowList

_LOOKING = "Reading records of both groups …"
_BAR = 6  # cells
_ENOUGH = 0.5  # of a contrast, from which on a factor stands out
_NO_TIME = "The record at the cursor has no time, so nothing is before or after it."
_NO_FILTER = "No filter is in force: narrow the logs with & or l, then press D, and these are compared with the rest."


class CompareScreen(ListSheet):
    """Begins with what the filter keeps against the rest; without a filter with what came after a time.

    at: when, microseconds; None: the cursor has no time.
    """

    BINDINGS: ClassVar[list[BindingType]] = list(keys.bindings(keys.COMPARE))

    def __init__(self, logs: LogsBehind, at: int | None) -> None:
        super().__init__("Compare", _LOOKING)
        self._logs = logs
        self._at = at
        self._by_time = logs.wanted.everything
        self._compared: Compared | None = None

    def on_mount(self) -> None:
        self.action_again()

    def count(self) -> int:
        return len(self._compared.factors) if self._compared is not None else 0

    def draw(self, index: int, width: int) -> Text:
        factor = self._factor(index)
        text = Text(no_wrap=True)
        if factor is None:
            return text
        style = "bold" if factor.contrast >= _ENOUGH else ""
        for share, colour in ((factor.errors_share, "red"), (factor.others_share, "dim")):
            text.append(f" {percent(share):>6} ", style).append(f"{bar(share, _BAR):<{_BAR}} ", colour)
        return text.append(f" {printable(factor.condition())}", style)

    @on(RowList.Chosen)
    def action_only(self) -> None:
        factor, compared = self._factor(self.rows.cursor), self._compared
        if factor is None or compared is None:
            return
        if factor.field not in compared.filterable:
            said = f"{factor.field} is no field, it is only said in messages: filter for a text (&) instead."
            self.notify(said, markup=False, severity="warning")
            return
        self.action_close()
        self._logs.show_only(compared.narrowed(self._logs.wanted, factor))
        self._logs.to_front()

    def action_other_way(self) -> None:
        """Compare by the filter, or by the time of the cursor."""
        if not self._by_time and self._at is None:
            self.notify(_NO_TIME)
        elif self._by_time and self._logs.wanted.everything:
            self.notify(_NO_FILTER)
        else:
            self._by_time = not self._by_time
            self.action_again()

    def action_again(self) -> None:
        self._compared = None
        if self._by_time and self._at is None:
            self.rows.say_when_empty(f"{_NO_TIME} {_NO_FILTER}")
        else:
            self.rows.say_when_empty(_LOOKING)
            self._look()
        self._show()

    def action_copy(self) -> None:
        if self._compared is not None:
            self.notify(copy(self.app, self._compared.page()), markup=False)

    @work(thread=True, exclusive=True, exit_on_error=False)
    def _look(self) -> None:
        worker, desk = get_current_worker(), self._logs.session.desk
        named = desk.sources.named()

        def stop() -> bool:
            return worker.is_cancelled

        if self._by_time:
            found = self._after_against_before(named, stop)
        else:
            found = against_rest(desk.shown.view, named, stop, desk.shown.lock)
        if found is not None and not stop():
            self.app.call_from_thread(self._found, found)

    def _after_against_before(self, named: Named, stop: Stop) -> Compared | None:
        """Compare what the filter keeps by the time of the cursor, in a view of its own."""
        shown = self._logs.session.desk.shown
        with shown.lock:
            view = View(shown.view.files, shown.wanted)
        if self._at is None or not view.look(stop, nullcontext(), lambda: None):
            return None
        told_at = f"{times.moment(self._at, self._logs.utc):%Y-%m-%d %H:%M:%S}"
        return after_against_before(view, self._at, told_at, named, stop)

    def _found(self, compared: Compared) -> None:
        self._compared = compared
        self.rows.say_when_empty(compared.nothing)
        self._show()
        self.rows.move_to(0, tell=False)

    def _show(self) -> None:
        self.rows.update_rows()
        compared, text = self._compared, Text(no_wrap=False)
        if compared is not None:
            ours, others = (f"{number(count)} record{'s' * (count != 1)}" for count in compared.records)
            text.append(printable(compared.ours), "bold").append(f"  {ours}\n", "dim")
            text.append(printable(compared.others), "bold").append(f"  {others}\n", "dim")
            if not compared.complete:
                counts = " and ".join(number(count) for count in compared.requests)
                text.append(f"A sample: {counts} of them are compared; records of one request as one.\n", "dim")
            if compared.factors:
                text.append(f"\n{'these':>6}{'':{_BAR + 3}}{'others':>6}", "dim")
        self.head.update(text)
        self.tell()

    def tell(self) -> None:
        factor, text = self._factor(self.rows.cursor), Text(no_wrap=False)
        if factor is not None:
            text.append(f"{printable(factor.described('these', 'the others'))}.", "bold")
            text.append(f" p = {factor.p:.1g}, corrected for all that was tried.", "dim")
        self.told.update(text)

    def _factor(self, index: int) -> Factor | None:
        compared = self._compared
        return compared.factors[index] if compared is not None and 0 <= index < len(compared.factors) else None
