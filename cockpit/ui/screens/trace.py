"""The trace screen: all records of one request as a timed path, beside one that went well if that is wanted."""

from __future__ import annotations

import asyncio
import threading
from typing import ClassVar

from rich.text import Text
from textual import on
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Vertical
from textual.widgets import Footer, Static

from cockpit.insight import usual
from cockpit.insight.path import spoken
from cockpit.insight.path_told import left_out, sample, stopped, text, title, usual_words
from cockpit.insight.usual import Usuals
from cockpit.logs.printable import printable
from cockpit.logs.times import NONE
from cockpit.logs.view import Row
from cockpit.session import Session
from cockpit.trace import Failing, Others, Trace, collect, next_failing, others_of
from cockpit.ui import keys
from cockpit.ui.clipboard import copy
from cockpit.ui.screens.sheet import Sheet
from cockpit.ui.screens.trace_rows import WIDE, Drawn, Line, beside, lasts
from cockpit.ui.widgets.rows import RowList


class TraceScreen(Sheet):
    """Begins with a trace id. `chosen`: the record that it was left for, to be shown in the logs."""

    BINDINGS: ClassVar[list[BindingType]] = list(keys.bindings(keys.TRACE))

    def __init__(self, session: Session, trace_id: str, start: Row, utc: bool) -> None:
        super().__init__()
        self.chosen: Row | None = None
        self._session = session
        self._trace_id = trace_id
        self._start: Row | None = start  # the record on which the cursor is to stand
        self._utc = utc
        self._trace: Trace | None = None
        self._others: Others | None = None
        self._usuals: Usuals | None = None
        self._good: Trace | None = None
        self._drawn: dict[bool, Drawn] = {}  # by whether it is the other one
        self._lines: list[Line] = []
        self._stop = threading.Event()
        self._rows = _Rows(self, f"Looking for {trace_id} …")
        self._told = Static(id="trace-told", markup=False)

    def compose(self) -> ComposeResult:
        with Vertical(classes="pane sheet"):
            yield self._rows
            yield self._told
        yield Footer(compact=True, show_command_palette=False)

    def on_mount(self) -> None:
        self.entitle(f"Trace {printable(self._trace_id)}")
        self._rows.focus()
        self._read()

    def on_unmount(self) -> None:
        self._stop.set()

    def on_resize(self) -> None:
        self.call_after_refresh(self._lay_out)

    def count(self) -> int:
        return len(self._lines)

    def draw(self, index: int, width: int) -> Text:
        line = self._lines[index]
        if line.heading:
            return Text(line.heading, "bold")
        own, other = self._drawn[False], self._drawn.get(True)
        if other is not None and self._is_wide:
            return beside(own, other, line, width)
        if line.own is not None:
            return own.row(line.own, width)
        return other.row(line.other, width) if other is not None and line.other is not None else Text()

    def action_move(self, step: int) -> None:
        self._rows.move_to(self._rows.cursor + step)

    def action_page(self, step: int) -> None:
        self._rows.action_page(step)

    def action_ends(self, last: int) -> None:
        self._rows.move_to(len(self._lines) - 1 if last else 0)

    @on(RowList.Chosen)
    def action_show_logs(self) -> None:
        line = self._line
        if line is None or self._trace is None:
            return
        if line.own is not None:
            self.chosen = self._trace.rows[line.own]
        elif line.other is not None and self._good is not None:
            self.chosen = self._good.rows[line.other]
        if self.chosen is not None:
            self.action_close()

    def action_next_failing(self) -> None:
        if self._trace is None:
            return
        if self._trace.path.error is None:
            self.notify("No record of this trace is an error, so that there is no next one that failed like it.")
            return
        self.notify("Looking for the next trace that failed like this …", timeout=2)
        self.run_worker(self._go_on(self._trace), group="failing", exclusive=True, exit_on_error=False)

    def action_compare(self) -> None:
        if self._trace is None:
            return
        if self._good is not None:
            self._good = None
        elif self._others is None:
            self.notify("Other traces are still being read.")
            return
        else:
            place = usual.good_one(self._trace.path, self._others.paths)
            if place is None:
                looked = len(self._others.paths)
                none = f"None of the {looked} other traces that were read went without a warning."
                self.notify(none if looked else "No other trace to compare with was found.", markup=False)
                return
            self._good = self._others.traces[place]
        self._lay_out()

    def action_again(self) -> None:
        self._read()

    def action_copy(self) -> None:
        if self._trace is not None:
            trace = self._trace
            self.notify(
                copy(self.app, text(trace.id, trace.path, trace.count, self._usuals, self._sentences())), markup=False
            )

    @on(RowList.Moved)
    def _moved(self, event: RowList.Moved) -> None:
        event.stop()
        self._tell()

    @property
    def _is_wide(self) -> bool:
        return self.app.size.width >= WIDE

    @property
    def _line(self) -> Line | None:
        return self._lines[self._rows.cursor] if self._rows.cursor < len(self._lines) else None

    def _read(self) -> None:
        """Read the trace, and then others of its kind; what was being read before is given up."""
        self._stop.set()
        self._stop = threading.Event()
        self._trace = self._others = self._usuals = self._good = None
        self._lines = []
        self._rows.say_when_empty(f"Looking for {self._trace_id} in all sources …")
        self._rows.update_rows()
        self._told.update("")
        self.run_worker(self._collect(self._trace_id, self._stop), group="trace", exclusive=True, exit_on_error=False)

    async def _collect(self, trace_id: str, stop: threading.Event) -> None:
        files, named = self._session.desk.sources.files(), self._session.desk.sources.named()
        found = await asyncio.to_thread(collect, files, named, trace_id, stop.is_set)
        if stop.is_set():
            return
        self._trace = found
        if not found.rows:
            self._rows.say_when_empty(f"No record with {trace_id} is left in what is open.")
        self.entitle(title(found.id, found.path, found.count))
        self._lay_out()
        others = await asyncio.to_thread(others_of, files, named, found, stop.is_set)
        usuals = await asyncio.to_thread(usual.usuals, found.path, others.paths)
        if not stop.is_set():
            self._others, self._usuals = others, usuals
            self._lay_out()

    async def _go_on(self, trace: Trace) -> None:
        stop, files = self._stop, self._session.desk.sources.files()
        found: Failing | None = await asyncio.to_thread(next_failing, files, trace, stop.is_set)
        if stop.is_set():
            return
        if found is None:
            self.notify("No other trace with this error was found.")
            return
        if found.wrapped:
            self.notify("From the first again.")
        self._trace_id, self._start = found.id, found.row
        self.entitle(f"Trace {printable(self._trace_id)}")
        self._read()

    def _lay_out(self) -> None:
        """Make the rows anew; the cursor stays on its step."""
        if self._trace is None:
            return
        here = self._line
        lasting = max(lasts(each.path) for each in (self._trace, self._good) if each is not None)
        self._drawn = {False: Drawn(self._trace.path, self._usuals, self._utc, lasting)}
        self._lines = [Line(own=nth) for nth in range(len(self._trace.rows))]
        if self._good is not None:
            self._drawn[True] = Drawn(self._good.path, None, self._utc, lasting)
            self._lines = self._both(self._trace, self._good)
        self._rows.update_rows()
        place = self._place_of(self._start) if self._start is not None else here.own if here is not None else None
        self._start = None
        at = next((nth for nth, line in enumerate(self._lines) if line.own == place), None)
        if place is not None and at is not None:
            self._rows.move_to(at, tell=False)
        self._tell()

    def _both(self, own: Trace, good: Trace) -> list[Line]:
        heading = f"A good one to compare: {title(good.id, good.path, good.count)}"
        if self._is_wide:
            pairs = [Line(one, other) for one, other in usual.beside(own.path, good.path)]
            return [Line(heading=f"Left: this one. Right: {heading[0].lower()}{heading[1:]}"), *pairs]
        return [*self._lines, Line(heading=heading), *(Line(other=nth) for nth in range(len(good.rows)))]

    def _place_of(self, row: Row) -> int | None:
        rows = self._trace.rows if self._trace is not None else ()
        return next((nth for nth, each in enumerate(rows) if (each.file, each.number) == (row.file, row.number)), None)

    def _tell(self) -> None:
        """What is known of the step at the cursor, and of the whole, under the rows."""
        if self._trace is None or not self._trace.rows:
            return
        parts = [Text(printable(each)) for each in self._sentences()]
        step = self._told_of_step()
        self._told.update(Text("\n").join([*([step] if step is not None else []), *parts]))

    def _told_of_step(self) -> Text | None:
        line, trace = self._line, self._trace
        if line is None or trace is None:
            return None
        path = trace.path
        if line.own is None:
            if line.other is None or self._good is None:
                return None
            return Text(printable(self._good.path.steps[line.other].said), "bold green")
        step, nth = path.steps[line.own], line.own
        told = Text(f"{path.number(nth)} {printable(step.said)}", "bold")
        remarks = [f"took {spoken(step.took)} ({step.told_by})"] if step.took is not None else []
        if (gap := path.gaps[nth]) is not None and gap < 0:
            remarks.append("before the step above, by its clock")
        if self._usuals is not None:
            usually, unusual = self._usuals.usual[nth], self._usuals.unusual(path, nth)
            if usually is not None:
                sign = "▲ unusual: else " if unusual else "usually "
                traces = f"{usually.traces} trace{'s' * (usually.traces != 1)}"
                remarks.append(f"{sign}{usual_words(usually)} after the step above, in {traces}")
            elif self._usuals.is_new(nth):
                remarks.append(f"◆ none of the {self._usuals.traces} other traces has it")
        return told.append(f"\n  {' · '.join(remarks)}" if remarks else "", "not bold yellow")

    def _sentences(self) -> list[str]:
        trace = self._trace
        if trace is None:
            return []
        said = stopped(trace.path, self._usuals, trace.until if trace.until != NONE else None)
        said += [*left_out(trace.path), *trace.path.hints]
        if not trace.complete:
            said.append("Not everything is indexed yet: it may have earlier records; r looks again.")
        if self._usuals is None or self._others is None:
            return [*said, "Reading other traces, to tell what is usual …"]
        return [*said, sample(self._usuals, self._others.complete)]


class _Rows(RowList, inherit_bindings=False):
    """The steps; their keys are those of the screen."""
