"""The Commits pane: recent commits, which is deployed, and which was when the log cursor's record was written."""

from __future__ import annotations

from typing import ClassVar

from rich.text import Text
from textual import on
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Vertical
from textual.content import Content

from cockpit.events import CommitsListed, RecordFocused, RepositoryChanged, TimeChosen
from cockpit.history.commits import Commit
from cockpit.logs.printable import printable
from cockpit.session import Session
from cockpit.ui import keys, times
from cockpit.ui.bridge import Bridge
from cockpit.ui.widgets.prompt import Asked, Question
from cockpit.ui.widgets.rows import RowList

_EMPTY = "No repository here. Start the cockpit inside one, or say which: cockpit --repo DIR …"


class _CommitRows:
    """Draws commits for a RowList."""

    def __init__(self, session: Session) -> None:
        self._session = session
        self.deployed: str | None = None

    def count(self) -> int:
        return self._session.history.count()

    def draw(self, index: int, width: int) -> Text:
        commit = self._session.history.commit(index)
        if commit is None:
            return Text("")
        head = self._session.history.state
        stands = head is not None and head.sha == commit.sha
        deployed_at = self._session.history.deploy_of(commit.sha)
        now = self._session.clock.now()
        text = Text(no_wrap=True, end="")
        text.append(
            "⚑" if stands else "▸" if commit.sha == self.deployed else " ", "bold yellow" if stands else "bold cyan"
        )
        text.append("·" if deployed_at is not None and not stands else " ", "yellow")
        text.append(f"{commit.short[:8]} ", "bold yellow" if stands else "yellow")
        text.append(f"{printable(commit.author)[:8]:<8} ", "cyan")
        text.append(f"{times.age(commit.at, now):>4} ", "dim")
        text.append(printable(commit.subject), "bold" if stands else "")
        for ref in commit.refs:
            text.append(f" {printable(ref)}", "green")
        return text


class CommitPane(Vertical):
    """Lists commits, loads more as one scrolls, searches, opens diffs."""

    BINDINGS: ClassVar[list[BindingType]] = list(keys.bindings(keys.COMMITS))

    def __init__(self, session: Session, bridge: Bridge) -> None:
        super().__init__(id="commits", classes="pane")
        self._session = session
        self._bridge = bridge
        self._source = _CommitRows(session)

    def compose(self) -> ComposeResult:
        yield RowList(self._source)

    def on_mount(self) -> None:
        self.rows = self.query_one(RowList)
        self._bridge.on(self, CommitsListed, lambda event: self._listed())
        self._bridge.on(self, RepositoryChanged, lambda event: self._listed())
        self._bridge.on(self, RecordFocused, self._record_focused)
        self._listed()

    def action_cursor_down(self) -> None:
        self.rows.action_cursor_down()

    def action_cursor_up(self) -> None:
        self.rows.action_cursor_up()

    def action_first(self) -> None:
        self.rows.action_first()

    def action_last(self) -> None:
        self.rows.action_last()

    @on(RowList.Chosen)
    def action_open(self) -> None:
        from cockpit.ui.screens.diff import DiffScreen

        commit = self._chosen()
        if commit is not None:
            self.app.push_screen(DiffScreen(self._session, commit))

    def action_search(self) -> None:
        async def submit(text: str) -> None:
            self._session.history.search(text)
            self.rows.move_to(0)

        hint = "words of the message or author; author:ana; path:cart.py"
        self.post_message(Asked(Question("commits /", submit, value=self._session.history.query, hint=hint)))

    def action_clear_search(self) -> None:
        self._session.history.search("")

    def action_show_deploy(self) -> None:
        commit = self._chosen()
        if commit is None:
            return
        at = self._session.history.deploy_of(commit.sha)
        if at is None:
            self.notify(f"{commit.short[:8]} was not itself deployed here: HEAD never stood on it.", markup=False)
        else:
            self._session.bus.publish(TimeChosen(at, "commits"))

    @on(RowList.Moved)
    def _moved(self, event: RowList.Moved) -> None:
        event.stop()
        commit = self._chosen()
        at = self._session.history.deploy_of(commit.sha) if commit is not None else None
        if at is not None:
            self._session.bus.publish(TimeChosen(at, "commits"))

    @on(RowList.Nearing)
    def _nearing(self, event: RowList.Nearing) -> None:
        event.stop()
        self._session.history.more()

    def _chosen(self) -> Commit | None:
        return self._session.history.commit(self.rows.cursor)

    def _record_focused(self, event: RecordFocused) -> None:
        move = self._session.history.deployed_at(event.at)
        sha = move.sha if move is not None else None
        if sha != self._source.deployed:
            self._source.deployed = sha
            self.rows.refresh()
            self._entitle()

    def _listed(self) -> None:
        history = self._session.history
        if history.error:
            self.rows.say_when_empty(history.error)
        elif history.query:
            self.rows.say_when_empty(
                "searching…" if history.loading else f"No commit fits {history.query!r}; x shows all."
            )
        elif history.state is not None and history.state.sha is None:
            self.rows.say_when_empty("This repository has no commits yet.")
        else:
            self.rows.say_when_empty("reading the history…" if history.loading else _EMPTY)
        self.rows.update_rows()
        self._entitle()

    def _entitle(self) -> None:
        history = self._session.history
        parts = ["2 Commits"]
        state = history.state
        if state is not None:
            parts.append(state.branch or "detached")
            if state.short:
                parts.append(f"⚑ {state.short[:8]}")
            if state.shallow:
                parts.append("shallow")
        if history.query:
            parts.append(f"/{history.query}: {times.number(history.count())}{'…' if history.loading else ''}")
        self.border_title = Content(" · ".join(parts))
        at_cursor = self._source.deployed
        shown = state is not None and at_cursor is not None and at_cursor != state.sha
        self.border_subtitle = Content(f"▸ at the log cursor: {at_cursor[:8]}" if shown and at_cursor else "")
