"""The cockpit's main screen: header, timeline, four panes, prompt and footer, and the keys that work everywhere."""

from __future__ import annotations

from collections.abc import Callable
from typing import ClassVar

from textual import on, work
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.content import Content
from textual.screen import Screen
from textual.widget import Widget
from textual.widgets import Footer, Static

from cockpit.clock import parse_time
from cockpit.events import (
    Event,
    EvidenceCaptured,
    Failed,
    HandlerFailed,
    HistogramChanged,
    HypothesisChanged,
    IncidentChanged,
    LogIndexed,
    MarkersChanged,
    NoteAdded,
    PeopleChanged,
    RecordFocused,
    SearchProgressed,
    SourceChanged,
    TimeChosen,
    ViewChanged,
)
from cockpit.findings import FindingsDesk
from cockpit.session import Session
from cockpit.suspect_desk import SuspectDesk
from cockpit.ui import keys, times
from cockpit.ui.bridge import Bridge
from cockpit.ui.guide_line import GuideLine
from cockpit.ui.guiding import Guiding
from cockpit.ui.logs_behind import LogsBehind
from cockpit.ui.panes.commits import CommitPane
from cockpit.ui.panes.hypotheses import HypothesisPane
from cockpit.ui.panes.logs import LogPane
from cockpit.ui.panes.notes import NotePane
from cockpit.ui.spans import Spans
from cockpit.ui.times import TimeStyle
from cockpit.ui.verbs import kept, undone
from cockpit.ui.widgets.header import Header
from cockpit.ui.widgets.prompt import Asked, Prompt, Question, Refused
from cockpit.ui.widgets.timeline import Timeline

PANES = ("logs", "commits", "hypotheses", "notes")


class CockpitScreen(Screen[None]):
    """Lays out the panes and carries what happens in one to the others, over the bus."""

    BINDINGS: ClassVar[list[BindingType]] = list(keys.bindings(keys.ANYWHERE))
    HORIZONTAL_BREAKPOINTS = [(0, "-narrow"), (120, "-wide")]
    VERTICAL_BREAKPOINTS = [(0, "-flat"), (12, "-tall")]
    AUTO_FOCUS = "#log-view"

    def __init__(self, session: Session, bridge: Bridge) -> None:
        super().__init__()
        self._session = session
        self._bridge = bridge
        self._front = "logs"
        self._times = TimeStyle.UTC if session.config.utc else TimeStyle.LOCAL
        self._spans = Spans(session)
        self._line = GuideLine(session)
        self._guiding = Guiding(session, self._ask)
        self._suspects = SuspectDesk(session)
        self._findings = FindingsDesk(session)
        self._counted: tuple[object, ...] = ()  # what the timeline's counts were last asked for

    def compose(self) -> ComposeResult:
        yield Header(self._session, self._guide_forms, self._findings)
        yield Static(id="tabs", markup=False)
        yield Timeline()
        yield LogPane(self._session, self._bridge, self._suspects)
        yield CommitPane(self._session, self._bridge, self._suspects)
        yield HypothesisPane(self._session, self._bridge)
        yield NotePane(self._session, self._bridge)
        yield Prompt()
        yield Footer(compact=True, show_command_palette=False)

    def on_mount(self) -> None:
        hear: dict[type[Event], Callable[[Event], None]] = {
            SourceChanged: lambda event: self._count(),
            ViewChanged: lambda event: self._count(),
            LogIndexed: lambda event: self._refresh_header(),
            SearchProgressed: lambda event: self._refresh_header(),
            PeopleChanged: lambda event: self._refresh_header(),
            IncidentChanged: lambda event: self._refresh_header(),
            NoteAdded: lambda event: self._refresh_header(),
            HypothesisChanged: lambda event: self._refresh_header(),
            EvidenceCaptured: lambda event: self._refresh_header(),
            HistogramChanged: lambda event: self._draw_timeline(),
            MarkersChanged: lambda event: self._draw_timeline(),
        }
        for kind, handler in hear.items():
            self._bridge.on(self, kind, handler)
        self._bridge.on(self, RecordFocused, self._record_focused)
        self._bridge.on(self, Failed, lambda event: self.notify(event.what, severity="error", markup=False, timeout=10))
        self._bridge.on(self, HandlerFailed, self._handler_failed)
        self.set_interval(1.0, self._tick)
        self.query_one("#logs").add_class("-front")
        for problem in self._session.problems:
            self.notify(problem, severity="warning", markup=False, timeout=12)
        if self._session.config.incident and self._guiding.is_new and self._line.shown:
            self.notify("New incident: H asks four short questions; the logs go on.", timeout=8)
        self._show_times()
        self._draw_tabs()
        self.call_after_refresh(self._count)

    def on_unmount(self) -> None:
        self._suspects.close()
        self._findings.close()

    # What the keys do everywhere.

    def action_pane(self, name: str) -> None:
        self._focus_pane(name)

    def action_zoom(self) -> None:
        self.toggle_class("-zoomed")

    def action_note(self) -> None:
        async def submit(text: str) -> None:
            await kept(self._session, lambda: self._session.incident.add_note(text))

        self._ask(Question("note", submit, hint="one line, stamped with the time; enter keeps it"))

    def action_hypothesis(self) -> None:
        self.query_one(HypothesisPane).action_add()

    def action_evidence(self) -> None:
        from cockpit.ui.screens.evidence import EvidenceScreen

        self.app.push_screen(EvidenceScreen(self._session, self._bridge, lambda: self._focus_pane("logs")))

    def _logs_behind(self) -> LogsBehind:
        pane = self.query_one(LogPane)
        return LogsBehind(self._session, pane.show_only, lambda: self._focus_pane("logs"), self._utc)

    def action_signatures(self) -> None:
        from cockpit.ui.screens.signatures import SignaturesScreen

        self.app.push_screen(SignaturesScreen(self._logs_behind(), self._bridge))

    def action_scope(self) -> None:
        from cockpit.ui.screens.scope import ScopeScreen

        self.app.push_screen(ScopeScreen(self._logs_behind(), self._bridge, self._findings))

    def action_compare(self) -> None:
        from cockpit.ui.screens.compare import CompareScreen

        self.app.push_screen(CompareScreen(self._logs_behind(), self.query_one(LogPane).cursor_time))

    def action_mark(self) -> None:
        at = self.query_one(LogPane).cursor_time
        following = self.query_one(LogPane).rows.following
        now = self._session.clock.now()
        where = now if at is None or following else at

        async def submit(text: str) -> None:
            kind, title, moment = _read_mark(text, where, now)
            await kept(self._session, lambda: self._session.incident.add_marker(title, kind, moment))

        shown = "now" if where == now else times.short_time(where, now, self._utc)
        hint = f"at {shown}; begin with deploy:, mitigation: or restart: for its kind; @10:02 for its time"
        self._ask(Question("mark", submit, hint=hint))

    @work(group="journal")
    async def action_undo(self) -> None:
        self.notify(await undone(self._session), markup=False)

    def action_guide(self) -> None:
        if self._guiding.is_new:
            self.app.clear_notifications()
            self._guiding.begin()
            return
        from cockpit.ui.screens.guide import GuideScreen

        screen = GuideScreen(self._session, self._bridge)

        async def leave(_: None) -> None:
            if screen.leads_to:
                await self.run_action(screen.leads_to)

        self.app.push_screen(screen, leave)

    def action_guide_line(self) -> None:
        shown = self._line.turn()
        self.notify("The guide's line is shown." if shown else "No guide's line any more; ^g brings it back.")
        self._refresh_header()

    def action_mitigate(self) -> None:
        self._guiding.mitigate()

    def action_marker(self, step: int) -> None:
        at = self.query_one(LogPane).cursor_time
        mark = self._session.mark_beside(at if at is not None else self._session.clock.now(), step)
        if mark is None:
            self.notify(f"No {'later' if step > 0 else 'earlier'} marker.", markup=False)
        else:
            text = mark.text if mark.text.startswith(mark.kind) else f"{mark.kind} {mark.text}"
            when = times.short_time(mark.at, self._session.clock.now(), self._utc)
            self.notify(f"{text}, {when}", markup=False)
            self._session.bus.publish(TimeChosen(mark.at, "markers"))

    def action_span(self, step: int) -> None:
        self._spans.change(step)
        self._count()

    def action_times(self) -> None:
        self._times = self._times.next
        self._show_times()

    def action_command_palette(self) -> None:
        self.app.action_command_palette()

    def action_help(self) -> None:
        from cockpit.ui.screens.help import HelpScreen

        self.app.push_screen(HelpScreen(self._front))

    async def action_quit_asking(self) -> None:
        await self.app.run_action("quit_asking")

    # What comes from the panes.

    @on(Asked)
    def _asked(self, event: Asked) -> None:
        event.stop()
        self._ask(event.question)

    @on(NotePane.Left)
    def _notes_left(self, event: NotePane.Left) -> None:
        event.stop()
        self._focus_pane("logs")

    @on(Timeline.Chosen)
    def _time_clicked(self, event: Timeline.Chosen) -> None:
        event.stop()
        self._session.bus.publish(TimeChosen(event.at, "timeline"))

    def on_descendant_focus(self) -> None:
        self._refresh_header()
        pane = next((name for name in PANES if self.query_one(f"#{name}").has_focus_within), None)
        if pane is not None and pane != self._front:
            self.query_one(f"#{self._front}").remove_class("-front")
            self._front = pane
            self.query_one(f"#{pane}").add_class("-front")
            self._session.incident.people.stand_in(pane)
            self._draw_tabs()

    async def save(self) -> bool:
        """Bring what is typed to the disk; True when all of it is there."""
        return await self.query_one(NotePane).reconcile()

    def _ask(self, question: Question) -> None:
        self.query_one(Prompt).ask(question)

    def _focus_pane(self, name: str) -> None:
        pane = self.query_one(f"#{name}")
        self.query_one(f"#{self._front}").remove_class("-front")
        self._front = name
        pane.add_class("-front")
        target = next((child for child in pane.walk_children(Widget) if child.focusable), None)
        if target is not None:
            self.set_focus(target)
        self._session.incident.people.stand_in(name)
        self._draw_tabs()

    def _record_focused(self, event: RecordFocused) -> None:
        self.query_one(Timeline).stand_at(event.at)

    def _handler_failed(self, event: HandlerFailed) -> None:
        self.app.log.error(f"{event.handler} failed on {event.event}: {event.error}")
        self.notify(f"A part of the cockpit failed ({event.error}); the rest goes on.", severity="error", markup=False)

    def _tick(self) -> None:
        self._findings.tick()
        self._refresh_header()
        self._count()

    def _count(self) -> None:
        low, high = self._spans.range()
        desk, buckets = self._session.desk, self.query_one(Timeline).buckets
        counted = (low, high, buckets, desk.sources.version(), desk.shown.version)
        if high > low and counted != self._counted:
            self._counted = counted
            desk.count_over(low, high, buckets)

    def _draw_timeline(self) -> None:
        timeline = self.query_one(Timeline)
        timeline.counts = self._session.desk.counts
        timeline.marks = self._session.marks()
        timeline.now, timeline.utc = self._session.clock.now(), self._utc
        timeline.border_title = Content(self._spans.title(timeline.counts))
        timeline.refresh()

    def _guide_forms(self) -> tuple[str, ...]:
        """The guide's line; none while its keys would go elsewhere: into the prompt, or to a screen over this one."""
        elsewhere = not self.is_current or self.query_one(Prompt).asking
        return () if elsewhere else self._line.forms(self._front)

    def _refresh_header(self) -> None:
        self.query_one(Header).refresh()

    @property
    def _utc(self) -> bool:
        """Whether what shows only times of day shows them in UTC."""
        return self._times is TimeStyle.UTC

    def _show_times(self) -> None:
        self.query_one(LogPane).show_times(self._times)
        self._draw_timeline()

    def _draw_tabs(self) -> None:
        parts: list[Content | str] = [" "]
        for number, name in enumerate(PANES, 1):
            label = f" {number} {name.capitalize()} "
            parts += [Content.styled(label, "bold reverse" if name == self._front else ""), " "]
        self.query_one("#tabs", Static).update(Content.assemble(*parts))


def _read_mark(text: str, where: int, now: int) -> tuple[str, str, int]:
    """Kind, title and time (microseconds) of what was typed for a marker: `deploy: 4f2c1a9 @10:02`."""
    kind, title, at = "note", text.strip(), where
    head, colon, rest = title.partition(":")
    if colon and head.strip().lower() in ("deploy", "mitigation", "restart", "note"):
        kind, title = head.strip().lower(), rest.strip()
    before, sign, moment = title.rpartition("@")
    if sign:
        try:
            at, title = parse_time(moment, now), before.strip()
        except ValueError as error:
            raise Refused(str(error)) from None
    return kind, title or kind, at
