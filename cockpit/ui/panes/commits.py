"""The Commits pane: recent commits, which is deployed, and which was when the log cursor's record was written.

Once commits were ranked for an error it lists these instead, the likeliest first, each with a bar and its score.
"""

from __future__ import annotations

from typing import ClassVar

from rich.text import Text
from textual import on
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Vertical
from textual.content import Content

from cockpit.events import CommitsListed, RecordFocused, RepositoryChanged, SuspectsRanked, TimeChosen
from cockpit.history.commits import Commit
from cockpit.insight.suspects import Suspect
from cockpit.logs.printable import printable
from cockpit.session import Session
from cockpit.suspect_desk import SuspectDesk
from cockpit.ui import keys, times
from cockpit.ui.bridge import Bridge
from cockpit.ui.widgets.bars import bar
from cockpit.ui.widgets.prompt import Asked, Question
from cockpit.ui.widgets.rows import RowList

_LIKELY = 0.2  # a score from which a suspect stands out
_BAR = 6  # cells
_EMPTY = "No repository here. Start the cockpit inside one, or say which: cockpit --repo DIR …"


class _CommitRows:
    """Draws commits for a RowList."""

    def __init__(self, session: Session, suspects: SuspectDesk) -> None:
        self._session = session
        self._suspects = suspects
        self.deployed: str | None = None

    def count(self) -> int:
        ranking = self._suspects.ranking
        return self._session.history.count() if ranking is None else len(ranking.suspects)

    def suspect(self, index: int) -> Suspect | None:
        """The suspect in a row; None where commits are not ranked."""
        ranking = self._suspects.ranking
        return ranking.suspects[index] if ranking is not None and 0 <= index < len(ranking.suspects) else None

    def draw(self, index: int, width: int) -> Text:
        suspect = self.suspect(index)
        if suspect is not None:
            return self._draw_suspect(suspect)
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

    def _draw_suspect(self, suspect: Suspect) -> Text:
        text = Text(no_wrap=True, end="")
        text.append(f"{suspect.score:4.2f} ", "bold" if suspect.score >= _LIKELY else "")
        text.append(f"{bar(suspect.score, _BAR):<{_BAR}} ", "bold red" if suspect.score >= _LIKELY else "red")
        text.append(f"{suspect.short[:8]} ", "yellow")
        text.append(f"{times.age(suspect.at, self._session.clock.now()):>4} ", "dim")
        text.append(f"{printable(suspect.repository)} " if suspect.repository else "", "cyan")
        return text.append(printable(suspect.subject), "bold" if suspect.score >= _LIKELY else "")


class CommitPane(Vertical):
    """Lists commits, loads more as one scrolls, searches, opens diffs."""

    BINDINGS: ClassVar[list[BindingType]] = list(keys.bindings(keys.COMMITS))

    def __init__(self, session: Session, bridge: Bridge, suspects: SuspectDesk) -> None:
        super().__init__(id="commits", classes="pane")
        self._session = session
        self._bridge = bridge
        self._suspects = suspects
        self._source = _CommitRows(session, suspects)

    def compose(self) -> ComposeResult:
        yield RowList(self._source)

    def on_mount(self) -> None:
        self.rows = self.query_one(RowList)
        self._bridge.on(self, CommitsListed, lambda event: self._listed())
        self._bridge.on(self, RepositoryChanged, lambda event: self._listed())
        self._bridge.on(self, RecordFocused, self._record_focused)
        self._bridge.on(self, SuspectsRanked, lambda event: self._ranked())
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

        suspect, commit = self._source.suspect(self.rows.cursor), self._chosen()
        if suspect is not None:
            self.app.push_screen(DiffScreen(self._session, suspect.sha, suspect.short, suspect.subject, suspect))
        elif commit is not None:
            self.app.push_screen(DiffScreen(self._session, commit.sha, commit.short, commit.subject))

    def action_search(self) -> None:
        async def submit(text: str) -> None:
            self._session.history.search(text)
            self.rows.move_to(0)

        hint = "words of the message or author; author:ana; path:cart.py"
        self.post_message(Asked(Question("commits /", submit, value=self._session.history.query, hint=hint)))

    def action_clear_search(self) -> None:
        if self._suspects.ranking is not None or self._suspects.looking:
            self._suspects.clear()
        else:
            self._session.history.search("")

    def action_show_deploy(self) -> None:
        chosen = self._source.suspect(self.rows.cursor) or self._chosen()
        if chosen is None:
            return
        at = self._session.history.deploy_of(chosen.sha)
        if at is None:
            self.notify(f"{chosen.short[:8]} was not itself deployed here: HEAD never stood on it.", markup=False)
        else:
            self._session.bus.publish(TimeChosen(at, "commits"))

    @on(RowList.Moved)
    def _moved(self, event: RowList.Moved) -> None:
        event.stop()
        if self._suspects.ranking is not None:
            self._entitle()
            return
        commit = self._chosen()
        at = self._session.history.deploy_of(commit.sha) if commit is not None else None
        if at is not None:
            self._session.bus.publish(TimeChosen(at, "commits"))

    @on(RowList.Nearing)
    def _nearing(self, event: RowList.Nearing) -> None:
        event.stop()
        if self._suspects.ranking is None:
            self._session.history.more()

    def _ranked(self) -> None:
        """A ranking came or went: it begins with its first row; what could not be ranked is told."""
        desk = self._suspects
        if desk.error:
            self.notify(desk.error, severity="warning", markup=False)
        elif desk.ranking is not None:
            for note in desk.ranking.notes:
                self.notify(note, markup=False)
        self._listed()
        self.rows.move_to(0, tell=False)
        self._entitle()

    def _chosen(self) -> Commit | None:
        if self._suspects.ranking is not None:
            return None
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
        if self._suspects.looking or self._suspects.ranking is not None:
            self._entitle_suspects()
            return
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

    def _entitle_suspects(self) -> None:
        """Above: of which error; below: why the commit at the cursor is suspected."""
        ranking = self._suspects.ranking
        title = "looking…" if self._suspects.looking or ranking is None else printable(ranking.title)
        self.border_title = Content(f"2 Suspects · {title}")
        suspect = self._source.suspect(self.rows.cursor)
        reasons = [reason.text for reason in suspect.reasons] if suspect is not None else []
        self.border_subtitle = Content(printable(reasons[0]) if reasons else "")
