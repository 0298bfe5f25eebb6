"""The first screen where nothing was named: recent incidents, logs that processes write, the repository here."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import ClassVar

from rich.text import Text
from textual import on, work
from textual.app import App, ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.content import Content
from textual.widgets import Footer, Static

from cockpit.clock import Clock
from cockpit.config import Config
from cockpit.history.repository import Repository, RepositoryError
from cockpit.host.processes import OpenLog, open_logs
from cockpit.incident.library import Summary, list_incidents
from cockpit.logs.find import looks_like_log
from cockpit.logs.printable import printable
from cockpit.ui import times
from cockpit.ui.theme import ThemeError, choose, find_themes
from cockpit.ui.widgets.prompt import Prompt, Question
from cockpit.ui.widgets.rows import RowList


@dataclass(frozen=True, slots=True)
class Choice:
    """What the person chose to open: sources, repository ('' for none named), incident ('' for a new one)."""

    sources: tuple[str, ...]
    repo: str
    incident: str


@dataclass(slots=True)
class _Offers:
    """The rows of the start screen: incidents, then logs; draws them for a RowList."""

    now: int
    incidents: list[Summary] = field(default_factory=list)
    logs: list[OpenLog] = field(default_factory=list)
    chosen: set[Path] = field(default_factory=set)
    looking: bool = True

    def count(self) -> int:
        return 2 + max(1, len(self.incidents)) + max(1, len(self.logs))

    def offer(self, index: int) -> Summary | OpenLog | None:
        """What a row stands for; None for a heading."""
        index -= 1
        if 0 <= index < len(self.incidents):
            return self.incidents[index]
        index -= max(1, len(self.incidents)) + 1
        return self.logs[index] if 0 <= index < len(self.logs) else None

    def draw(self, index: int, width: int) -> Text:
        offer = self.offer(index)
        if isinstance(offer, Summary):
            counts = f"{offer.hypotheses} hypotheses, {offer.notes} notes"
            text = Text(f"   {printable(offer.title)[:44]:<44}  ", no_wrap=True)
            text.append(f"{times.age(offer.changed_at, self.now):>4} ago  {counts}", "dim")
            return text.append("  closed" if offer.closed else "", "dim")
        if isinstance(offer, OpenLog):
            mark = "✓" if offer.path in self.chosen else " "
            text = Text.assemble((f" {mark} ", "bold green"), printable(str(offer.path)), no_wrap=True)
            changed = times.age(int(offer.changed * 1e6), self.now)
            return text.append(f"  {offer.process}, {offer.size / 1e6:.1f} MB, written {changed} ago", "dim")
        if index == 0:
            return Text(" Recent incidents", "bold", no_wrap=True)
        if index == 1 and not self.incidents:
            return Text("   none yet", "dim", no_wrap=True)
        if index == 1 + max(1, len(self.incidents)):
            return Text(" Logs that running processes are writing", "bold", no_wrap=True)
        return Text("   looking…" if self.looking else "   none that we may see; name a file: o", "dim", no_wrap=True)


class StartApp(App[Choice | None]):
    """Asks what to open."""

    CSS_PATH = "../styles.tcss"
    ENABLE_COMMAND_PALETTE = False
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("enter", "open", "open", key_display="enter"),
        Binding("space", "choose", "choose a log", key_display="space"),
        Binding("o", "name", "open another file", key_display="o"),
        Binding("q,escape,ctrl+q", "leave", "quit", key_display="q"),
        Binding("j,down", "move(1)", "down", show=False),
        Binding("k,up", "move(-1)", "up", show=False),
    ]

    def __init__(self, config: Config, clock: Clock) -> None:
        super().__init__()
        self._config = config
        self._offers = _Offers(clock.now())
        self._repo = config.repo
        found = find_themes([])
        for theme in found.values():
            self.register_theme(theme)
        try:
            self.theme = choose(config.theme, found)
        except ThemeError:
            self.theme = "textual-dark"

    def compose(self) -> ComposeResult:
        yield Static(" ◉ cockpit   what is broken?", id="start-title", markup=False)
        with Vertical(classes="pane start") as pane:
            pane.border_title = "Open"
            yield RowList(self._offers)
        yield Static("", id="start-repo", markup=False)
        yield Prompt()
        yield Footer(compact=True, show_command_palette=False)

    def on_mount(self) -> None:
        self._offers.incidents = list_incidents(self._config.incidents_dir())[:12]
        rows = self.query_one(RowList)
        rows.update_rows()
        rows.move_to(1)
        rows.focus()
        self._look()

    def action_move(self, step: int) -> None:
        rows = self.query_one(RowList)
        index = rows.cursor + step
        while 0 < index < self._offers.count() and self._offers.offer(index) is None:
            index += step
        if 0 < index < self._offers.count():
            rows.move_to(index)

    def action_choose(self) -> None:
        offer = self._offers.offer(self.query_one(RowList).cursor)
        if isinstance(offer, OpenLog):
            self._offers.chosen ^= {offer.path}
            self.query_one(RowList).refresh()

    @on(RowList.Chosen)
    def action_open(self) -> None:
        offer = self._offers.offer(self.query_one(RowList).cursor)
        chosen = tuple(str(log.path) for log in self._offers.logs if log.path in self._offers.chosen)
        if isinstance(offer, Summary):
            self.exit(Choice(chosen, self._repo, offer.name))
        elif isinstance(offer, OpenLog):
            self.exit(Choice(chosen or (str(offer.path),), self._repo, ""))
        elif chosen:
            self.exit(Choice(chosen, self._repo, ""))

    def action_name(self) -> None:
        async def submit(text: str) -> None:
            self.exit(Choice((text.strip(),), self._repo, ""))

        self.query_one(Prompt).ask(Question("open", submit, hint="a file, a directory, or a pattern"))

    def action_leave(self) -> None:
        self.exit(None)

    @work(thread=True, exit_on_error=False)
    def _look(self) -> None:
        try:
            found = Repository.find(Path(self._repo) if self._repo else Path.cwd())
            repo = f" Repository: {found.name}  {found.root}"
        except RepositoryError:
            repo = " No repository here; its commits can be shown with --repo DIR"
        self.call_from_thread(self.query_one("#start-repo", Static).update, Content(repo))
        logs = open_logs(looks_like_log)
        self.call_from_thread(self._looked, logs)

    def _looked(self, logs: list[OpenLog]) -> None:
        self._offers.logs, self._offers.looking = logs, False
        self.query_one(RowList).update_rows()


def ask(config: Config, clock: Clock) -> Choice | None:
    """Show the start screen; None where the person quits."""
    return StartApp(config, clock).run()
