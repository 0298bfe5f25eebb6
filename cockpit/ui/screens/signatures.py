"""All signatures of the open logs as a list: new ones first; one is shown alone in the logs, or hidden there."""

from __future__ import annotations

import asyncio
from typing import ClassVar

from rich.text import Text
from textual import on, work
from textual.binding import BindingType

from cockpit.clock import parse_time
from cockpit.events import LogGrew, LogIndexed, SignaturesCounted, SourceChanged
from cockpit.insight.onset import How, Onset
from cockpit.insight.standing import Stand, Standing
from cockpit.logs.levels import Level
from cockpit.logs.printable import number, printable
from cockpit.logs.times import NONE
from cockpit.ui import keys, times
from cockpit.ui.bridge import Bridge
from cockpit.ui.logs_behind import LogsBehind, with_signature
from cockpit.ui.screens.sheet import ListSheet
from cockpit.ui.widgets.log_row import LABELS
from cockpit.ui.widgets.prompt import Prompt, Question, Refused
from cockpit.ui.widgets.rows import RowList

_READING, _NONE = "Reading all records …", "No records are open yet."
_LOOK_EVERY = 1.0  # seconds between two looks at what was logged meanwhile
_WIDE = 100  # cells, from which the time of the last record is shown too
_COUNT, _RATE = 9, 8  # cells of two columns: `584 695` beside `1.6k/min`
_SHOWN = 400  # characters of a template, and of an example


class SignaturesScreen(ListSheet):
    """The list."""

    BINDINGS: ClassVar[list[BindingType]] = list(keys.bindings(keys.SIGNATURES))

    def __init__(self, logs: LogsBehind, bridge: Bridge) -> None:
        super().__init__("Signatures", _READING)
        self._logs = logs
        self._session = logs.session
        self._bridge = bridge
        self._shown: tuple[Standing, ...] = ()
        self._stale = False

    def on_mount(self) -> None:
        self._bridge.on(self, SignaturesCounted, lambda event: self._more())
        for kind in (LogGrew, LogIndexed, SourceChanged):
            self._bridge.on(self, kind, lambda event: self._grew())
        self.set_interval(_LOOK_EVERY, self._look_again)
        self._session.signatures.look()
        self.call_after_refresh(self._more)

    def on_resize(self) -> None:
        self.call_after_refresh(self._draw_head)

    def count(self) -> int:
        return len(self._shown)

    def draw(self, index: int, width: int) -> Text:
        each = self._shown[index]
        now, wide = self._session.clock.now(), width >= _WIDE
        text = Text(no_wrap=True)
        text.append(f" {_stand(each):<6}", "bold" if each.stand is Stand.NEW else "")
        text.append(f"{LABELS[Level(each.level)]:<6}", "bold" if each.level >= Level.ERROR else "dim")
        text.append(f"{number(each.count):>{_COUNT}} {_rate(each.per_minute):>{_RATE}}  ")
        text.append(f"{self._time(each.first, now):<13}", "dim")
        text.append(f"{self._time(each.last, now):<13}" if wide else "", "dim")
        hidden = self._hidden(each)
        text.append("hidden " if hidden else "", "dim")
        return text.append(each.template[: width * 4] or "(no message)", "dim" if hidden else "")

    def action_page(self, step: int) -> None:
        self.rows.action_page(step)

    def action_first(self) -> None:
        self.rows.action_first()

    def action_last(self) -> None:
        self.rows.action_last()

    @on(RowList.Chosen)
    def action_only(self) -> None:
        each = self._under_cursor()
        if each is not None:
            self.action_close()
            self._logs.show_signatures(each.id)

    def action_hide(self) -> None:
        each = self._under_cursor()
        if each is None:
            return
        hidden, wanted = self._hidden(each), self._logs.without_signature(each.id)
        self._logs.show_only(wanted if hidden else with_signature(wanted, each.id, negated=True))
        self.rows.refresh()

    def action_show_logs(self) -> None:
        each = self._under_cursor()
        if each is None:
            return
        if each.first == NONE:
            self.notify("Its records have no times.", markup=False)
        else:
            self.action_close()
            self._logs.go_to(each.first, "signatures")

    def action_since(self) -> None:
        async def submit(text: str) -> None:
            try:
                chosen = parse_time(text, self._session.clock.now()) if text.strip() else None
            except ValueError as error:
                raise Refused(str(error)) from None
            self._session.signatures.chosen = chosen
            self._session.signatures.look()

        hint = "10:02, 15m ago, 2026-11-23 10:02; nothing: since the last deploy"
        self.query_one(Prompt).ask(Question("new since", submit, hint=hint, may_be_empty=True))

    def _time(self, at: int, now: int) -> str:
        return "" if at == NONE else times.second_time(at, now, self._logs.utc)

    def _under_cursor(self) -> Standing | None:
        return self._shown[self.rows.cursor] if self.rows.cursor < len(self._shown) else None

    def _hidden(self, each: Standing) -> bool:
        conditions = self._logs.wanted.conditions
        return any(known.negated and each.id in known.signatures for known in conditions)

    def _grew(self) -> None:
        self._stale = True

    def _look_again(self) -> None:
        if self._stale:
            self._stale = False
            self._session.signatures.look()

    def _more(self) -> None:
        """The list is another; the cursor stays on its signature unless it stands at the top."""
        stood = self._under_cursor()
        listed = self._session.signatures.listed
        self._shown = listed.rows
        if listed.done:
            self.rows.say_when_empty(_NONE)
        self.rows.update_rows()
        if stood is not None and self.rows.cursor:
            places = [place for place, each in enumerate(self._shown) if each.id == stood.id]
            self.rows.move_to(places[0] if places else self.rows.cursor, tell=False)
        self.entitle(self._title())
        self.tell()

    def _draw_head(self) -> None:
        last = f"{'last':<13}" if self.rows.size.width >= _WIDE else ""
        self.head.update(
            Text(f" {'':<6}{'':<6}{'records':>{_COUNT}} {'rate':>{_RATE}}  {'first':<13}{last}signature", "dim")
        )

    def _title(self) -> str:
        listed, now = self._session.signatures.listed, self._session.clock.now()
        if not listed.rows:
            return "Signatures"
        parts = [f"Signatures · {number(len(listed.rows))} in {number(listed.records)} records"]
        if listed.since != NONE:
            why = f" ({printable(listed.why[:30])})" if listed.why else ""
            before = "" if listed.begins_before else ", before which nothing is known"
            parts.append(f"new since {times.short_time(listed.since, now, self._logs.utc)}{why}{before}")
        return " · ".join(parts if listed.done else [*parts, "reading …"])

    def tell(self) -> None:
        self._tell_of()

    @work(exclusive=True, group="example", exit_on_error=False)
    async def _tell_of(self) -> None:
        """Under the list, the signature at the cursor whole, and what a record of it says."""
        each = self._under_cursor()
        if each is None:
            self.told.update("")
            return
        about = await asyncio.to_thread(self._session.signatures.about, each.number)
        text = Text(no_wrap=False)
        text.append(f"{each.id}  ", "dim").append(each.template[:_SHOWN] + "\n", "bold")
        text.append(f"for example: {printable(about.example[:_SHOWN])}", "dim")
        if about.values:
            text.append(f"\n{printable(' · '.join(about.values)[:_SHOWN])}")
        if about.onset is not None:
            text.append(f"\n{self._began(about.onset)}")
        self.told.update(text)

    def _began(self, onset: Onset) -> str:
        """Since when it comes more often, in a sentence."""
        after = _rate(onset.after.per_minute)
        if onset.before is None:
            return f"It comes as it came from the first on: {after}."
        since = self._time(onset.at, self._session.clock.now())
        if onset.how is How.APPEARED:
            return f"It first came at {since}: {after} since then."
        return f"It comes more often since {since}: {after}, {_rate(onset.before.per_minute) or 'none'} before."


def _stand(each: Standing) -> str:
    """`new`, `×3.2`, or nothing."""
    if each.stand is Stand.RISING:
        return f"×{each.ratio:.0f}" if each.ratio >= 10 else f"×{each.ratio:.1f}"
    return "new" if each.stand is Stand.NEW else ""


def _thousands(many: float) -> str:
    """`1.6k`, `25k`, `3.1M`"""
    part, unit = (many / 1e6, "M") if many >= 999_500 else (many / 1e3, "k")
    return f"{part:.1f}{unit}" if part < 9.95 else f"{part:.0f}{unit}"


def _rate(per_minute: float) -> str:
    """`1.6k/min`, `12/min`, `3/h`, `2/d`"""
    if per_minute >= 999.5:
        return f"{_thousands(per_minute)}/min"
    if per_minute >= 9.95:
        return f"{per_minute:.0f}/min"
    if per_minute >= 0.95:
        return f"{per_minute:.1f}/min"
    if per_minute >= 0.95 / 60:
        return f"{per_minute * 60:.0f}/h"
    return f"{per_minute * 1440:.1g}/d" if per_minute else ""
