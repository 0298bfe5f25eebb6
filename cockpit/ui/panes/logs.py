"""The Logs pane: what the keys do there, and what its frame says."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from time import monotonic
from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Vertical
from textual.content import Content

from cockpit.events import (
    OverviewCounted,
    PeopleChanged,
    RecordFocused,
    SearchProgressed,
    SourceChanged,
    TimeChosen,
    ViewChanged,
    ViewGrew,
)
from cockpit.logs.levels import Level
from cockpit.logs.places import Pattern, compile_pattern
from cockpit.logs.query import QueryError, narrowed
from cockpit.logs.search import Filter
from cockpit.logs.source import State
from cockpit.logs.view import Row
from cockpit.session import Session
from cockpit.suspect_desk import SuspectDesk
from cockpit.ui import keys, times
from cockpit.ui.bridge import Bridge
from cockpit.ui.panes.log_copies import Copies
from cockpit.ui.panes.log_going import found_place
from cockpit.ui.panes.log_marks import Marking
from cockpit.ui.panes.log_pairing import Pairing
from cockpit.ui.panes.log_tracing import Tracing, ids_of
from cockpit.ui.times import TimeStyle
from cockpit.ui.widgets.columns import Columns
from cockpit.ui.widgets.filter_bar import FilterBar
from cockpit.ui.widgets.log_view import LogView
from cockpit.ui.widgets.prompt import Asked, Question, Refused

_AROUND = (0, 3, 10)
_TITLE_EVERY = 0.25  # seconds
_BESIDE = 44  # cells of the title that are not left to the names of sources
_STEPS = (Level.NONE, Level.DEBUG, Level.INFO, Level.WARNING, Level.ERROR, Level.CRITICAL)


class LogPane(Vertical):
    """Follows, searches and filters the logs."""

    BINDINGS: ClassVar[list[BindingType]] = list(keys.bindings(keys.LOGS))

    def __init__(self, session: Session, bridge: Bridge, suspects: SuspectDesk) -> None:
        super().__init__(id="logs", classes="pane")
        self._session = session
        self._suspects = suspects
        self._bridge = bridge
        self._entitling, self._entitled, self._indexed = False, 0.0, True
        self._seeking: Row | None = None  # where an incremental search set out from

    def compose(self) -> ComposeResult:
        yield FilterBar()
        yield LogView(self._session.desk, self._session.clock)

    def on_mount(self) -> None:
        self.rows = self.query_one(LogView)
        chosen = self._session.config.fields
        self.rows.painter.columns = Columns(chosen.show, chosen.hide)
        bar = self.rows.vertical_scrollbar
        self._copies = Copies(self._session, self.rows)
        self._marking = Marking(self._session, self.rows)
        self._pairing = Pairing(self._session, self.rows)
        self._bridge.on(self, ViewChanged, lambda event: self._rows_changed())
        self._bridge.on(self, ViewGrew, lambda event: self._rows_changed())
        self._bridge.on(self, SourceChanged, lambda event: self._source_changed())
        self._bridge.on(self, SearchProgressed, lambda event: self._hits_changed())
        self._bridge.on(self, OverviewCounted, lambda event: bar.show(self._session.desk.overview.found))
        self._bridge.on(self, TimeChosen, self._time_chosen)
        self._bridge.on(self, PeopleChanged, lambda event: self._people_changed())
        self._rows_changed()

    @property
    def cursor_time(self) -> int | None:
        """The time the cursor stands at (microseconds)."""
        return self.rows.cursor.key if self.rows.cursor is not None else None

    def action_search(self) -> None:
        origin = self.rows.cursor
        was_following, before = self.rows.following, self._session.desk.shown.sought

        def changed(text: str) -> None:
            self._seeking = origin
            self._seek(compile_pattern(text) if text else None)

        async def submit(text: str) -> None:
            self._seeking = None
            if text != (self._session.desk.shown.sought.text if self._session.desk.shown.sought else None):
                self._seeking = origin
                self._seek(compile_pattern(text))

        def cancelled() -> None:
            self._seeking = None
            self._seek(before)
            if was_following:
                self.rows.follow()
            elif origin is not None:
                self.rows.move_to_row(origin)

        hint = "a text or regular expression; a capital letter makes case count"
        self.post_message(Asked(Question("/", submit, hint=hint, changed=changed, cancelled=cancelled)))

    def action_next_hit(self, step: int) -> None:
        if self._session.desk.shown.sought is None:
            self.notify("Nothing is searched for; press / first.", markup=False)
            return
        row = self._session.desk.shown.next_hit(self.rows.cursor, step)
        if row is not None:
            self.rows.move_to_row(row)
        elif not self._session.desk.shown.searching:
            self.notify(f"No {'later' if step > 0 else 'earlier'} hit.", markup=False)

    def action_next_error(self, step: int) -> None:
        view = self._session.desk.shown.view
        with self._session.desk.shown.lock:
            found = view.next_of_level(self.rows.position, Level.ERROR, step)
            if found is None and step > 0 and self.rows.following:
                found = view.next_of_level(view.count, Level.ERROR, -1)  # nothing comes after the end: the last one
        if found is None:
            self.notify(f"No {'later' if step > 0 else 'earlier'} error in what is shown.", markup=False)
        else:
            self.rows.move_to(found, centre=True)

    def action_filter(self) -> None:
        async def submit(text: str) -> None:
            try:
                now, wanted = self._session.clock.now(), self._session.desk.shown.wanted
                self.show_only(narrowed(wanted, text, now, self.cursor_time))
            except QueryError as error:
                raise Refused(str(error)) from None

        hint = "text   !text hides   status>=500   -user_id=7   last 15m   around 5m   10:00..10:20   source=app.log"
        self.post_message(Asked(Question("&", submit, hint=hint)))

    def action_level(self, step: int) -> None:
        wanted = self._session.desk.shown.wanted
        place = max(at for at, level in enumerate(_STEPS) if level <= wanted.level)
        level = _STEPS[(place + step) % len(_STEPS)]
        self.show_only(replace(wanted, level=level))

    def action_context(self) -> None:
        wanted = self._session.desk.shown.wanted
        if wanted.empty:
            self.notify("Filter first; then C shows what stands around each record.", markup=False)
            return
        self.show_only(replace(wanted, context=next((each for each in _AROUND if each > wanted.context), 0)))

    def action_trace(self) -> None:
        row = self.rows.cursor
        if row is None:
            return
        named = ids_of(row)
        wanted = self._session.desk.shown.wanted
        if any(value in wanted.traces for _, value in named):
            self.show_only(replace(wanted, traces=()))
            return
        if not named:
            self.notify("This record names no trace id; i says what is taken for one.", markup=False)
            return
        (name, value), *others = named
        more = f"; it also names {', '.join(other for _, other in others)}" if others else ""
        self.notify(f"Only {name or 'trace'} {value}{more}. = again shows all.", markup=False)
        self.show_only(replace(wanted, traces=(value,)))

    def action_trace_path(self) -> None:
        Tracing(self._session, self.rows, self.show_only).open()

    def action_drop_filter(self) -> None:
        chips = self._session.desk.shown.wanted.chips()
        if chips:
            self.show_only(chips[-1][1])

    @on(FilterBar.Dropped)
    def _chip_dropped(self, event: FilterBar.Dropped) -> None:
        event.stop()
        self.show_only(event.left)

    def action_clear_filter(self) -> None:
        self.show_only(Filter())
        if self._session.desk.shown.sought is not None:
            self._seek(None)

    def action_saved_filters(self) -> None:
        from cockpit.ui.screens.saved_filters import SavedFiltersScreen

        self.app.push_screen(SavedFiltersScreen(self._session, self.show_only))

    def action_follow(self) -> None:
        if self.rows.following:
            self.rows.pause()
        else:
            self.rows.follow()

    def action_wrap(self) -> None:
        self.rows.painter.wrap = not self.rows.painter.wrap
        self.rows.redraw()

    def action_raw(self) -> None:
        self.rows.painter.raw = not self.rows.painter.raw
        self.rows.redraw()

    def action_fields(self) -> None:
        from cockpit.ui.screens.fields import FieldsScreen

        rows = self.rows
        if rows.cursor is not None:
            screen = FieldsScreen(self._session, rows.cursor, rows.position, rows.painter.columns, rows.redraw)
            self.app.push_screen(screen)

    @on(LogView.Chosen)
    def action_detail(self) -> None:
        from cockpit.ui.screens.record import RecordScreen

        if self.rows.cursor is not None:
            self.app.push_screen(RecordScreen(self._session, self.rows.cursor, self.rows.painter.utc))

    def action_suspects(self) -> None:
        if self.rows.cursor is not None:
            self._suspects.rank(self.rows.cursor)

    def action_go_to(self) -> None:
        async def submit(text: str) -> None:
            row = await asyncio.to_thread(found_place, self._session, self.rows.cursor, text.strip())
            self.rows.move_to_row(row)

        self.post_message(
            Asked(Question("go to", submit, hint="a time: 10:02, 15m ago, 2026-11-23 10:02; a line: 1234"))
        )

    async def action_copy(self) -> None:
        await self._copies.copy_texts()

    async def action_copy_json(self) -> None:
        await self._copies.copy_objects()

    async def action_write(self) -> None:
        await self._copies.ask_where_to_write()

    def action_capture(self) -> None:
        from cockpit.ui.panes.log_captures import Captures

        self.run_worker(Captures(self._session, self.rows).capture(), group="capture")

    def action_capture_around(self) -> None:
        from cockpit.ui.panes.log_captures import Captures

        self.post_message(Asked(Captures(self._session, self.rows).question()))

    async def action_mark_record(self) -> None:
        await self._marking.toggle()

    async def action_next_mark(self, step: int) -> None:
        await self._marking.go_to(step)

    def action_follow_colleague(self) -> None:
        self._pairing.follow_next()
        self._entitle()

    def action_point(self) -> None:
        self._pairing.point()

    def action_sources(self) -> None:
        from cockpit.ui.screens.sources import SourcesScreen

        self.app.push_screen(SourcesScreen(self._session))

    def action_why(self) -> None:
        from cockpit.ui.screens.why import WhyScreen

        if self.rows.cursor is not None:
            self.app.push_screen(WhyScreen(self._session, self.rows.cursor))

    def show_times(self, style: TimeStyle) -> None:
        self.rows.show_times(style)
        self._entitle()

    def show_only(self, wanted: Filter) -> None:
        """Put a filter in force instead of the one that is."""
        self._session.desk.shown.filter(wanted)
        self.query_one(FilterBar).show(self._session.desk.shown.wanted)
        self._entitle()

    def _seek(self, pattern: Pattern | None) -> None:
        self.rows.painter.hit = pattern.drawn if pattern is not None else None
        self._session.desk.shown.search(pattern)
        self.rows.redraw()
        self._entitle()

    def _hits_changed(self) -> None:
        self.rows.vertical_scrollbar.rows_changed()
        desk = self._session.desk
        if self._seeking is not None and desk.shown.hits is not None and desk.shown.hits.count:
            row = desk.shown.next_hit(self._seeking, 1) or desk.shown.next_hit(self._seeking, -1)
            if row is not None:
                self.rows.move_to_row(row)
        self._entitle()

    def _people_changed(self) -> None:
        self._pairing.people_changed()
        self._entitle_soon()

    def _rows_changed(self) -> None:
        self.rows.rows_changed()
        self._pairing.rows_changed()
        self._entitle_soon()
        if self.rows.selection.pending:
            self.run_worker(self._settle_selection(), group="selection", exclusive=True)

    async def _settle_selection(self) -> None:
        shown = self._session.desk.shown
        await asyncio.to_thread(self.rows.selection.settle, shown.view, shown.lock)
        self.rows.redraw()
        self._entitle()

    def _time_chosen(self, event: TimeChosen) -> None:
        with self._session.desk.shown.lock:
            if self._session.desk.shown.view.count:
                self.rows.move_to(self._session.desk.shown.view.position_at(event.at), centre=True)

    @on(LogView.Moved)
    def _moved(self, event: LogView.Moved) -> None:
        event.stop()
        self._pairing.moved(event.by_person)
        if event.by_person:
            self._entitle()
        else:
            self._entitle_soon()
        row = self.rows.cursor
        if row is not None:
            self._session.bus.publish(RecordFocused(row.key))

    def _source_changed(self) -> None:
        self._entitle()
        for source in self._session.desk.sources:
            if source.state in (State.FAILED, State.DELETED):
                self.notify(source.why or f"{source.name}: {source.state.value}", severity="warning", markup=False)
            elif source.remarks:
                self.notify(source.remarks[-1][1], markup=False)

    def _entitle_soon(self) -> None:
        """While lines pour in the title is written anew a few times a second, for it draws the whole frame anew.

        That all is indexed is told at once.
        """
        indexed, before = self._session.desk.sources.progress() >= 1, self._indexed
        self._indexed = indexed
        if indexed and not before:
            self._entitle()
        elif not self._entitling:
            self._entitling = True
            self.set_timer(max(0.001, self._entitled + _TITLE_EVERY - monotonic()), self._entitle)

    def _entitle(self) -> None:
        self._entitling, self._entitled = False, monotonic()
        desk = self._session.desk
        names = " + ".join(source.name for source in desk.sources) or "no source"
        followed = self._session.config.follow
        state = "READ ONCE" if not followed else "FOLLOW" if self.rows.following else "PAUSED"
        if not self.rows.following and (missed := self.rows.missed):
            state += f" +{times.number(missed)} new"
        with desk.shown.lock:
            chosen = self.rows.selection.section(desk.shown.view)
            count = desk.shown.view.count
            place = f"{times.number(self.rows.position + 1)} of {times.number(count)}" if count else "none"
        named = len(names) <= min(48, self.size.width - _BESIDE)
        parts = ["1 Logs", names if named else f"{len(desk.sources)} sources", state]
        if self.rows.painter.times is not (TimeStyle.UTC if self._session.config.utc else TimeStyle.LOCAL):
            parts.append(self.rows.painter.times.value)
        if self._pairing.followed:
            parts.append(f"with {self._pairing.followed}")
        if chosen is not None:
            parts.append(f"{times.number(chosen.count)} selected")
        if desk.shown.sought is not None:
            hits = times.number(desk.shown.hits.count) if desk.shown.hits is not None else "…"
            parts.append(f"/{desk.shown.sought.text}: {hits} hits")
        if not desk.shown.wanted.everything:
            waiting = f", {pending * 100:.0f} % to look at" if (pending := desk.shown.view.pending) else ""
            place += f" shown, {times.number(desk.sources.records())} in all{waiting}"
        parts.append("empty" if place == "none" else place)
        self.border_title = Content(" · ".join(parts))
        troubles = [source for source in desk.sources if source.state not in (State.LIVE, State.ENDED)]
        trouble = f"{troubles[0].name}: {troubles[0].state.value}; press o" if troubles else ""
        self.border_subtitle = Content(trouble)
