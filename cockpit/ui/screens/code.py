"""The code of a record's stack trace: the lines around each frame, who wrote them, and the last commits on the file."""

from __future__ import annotations

from rich.text import Text
from textual import work
from textual.worker import get_current_worker

from cockpit.code_seen import SeenFrame, code_of
from cockpit.history.repository import RepositoryError
from cockpit.logs.printable import printable
from cockpit.session import Session
from cockpit.ui import times
from cockpit.ui.screens.text import TextScreen


class CodeScreen(TextScreen):
    """Shows the frames one below the other, innermost first; git is asked aside."""

    def __init__(self, session: Session, trace: str, at: int | None) -> None:
        super().__init__("Code of the stack trace", [Text("reading the code…", "dim")], fold=False)
        self._session = session
        self._trace = trace
        self._at = at
        self._frames = 0

    def on_mount(self) -> None:
        super().on_mount()
        self._load()

    @work(thread=True, exclusive=True, exit_on_error=False)
    def _load(self) -> None:
        worker = get_current_worker()
        try:
            lines, anchors = code_lines(self._read(), self._session.clock.now())
        except RepositoryError as error:
            lines, anchors = [Text(str(error), "bold")], []
        if not worker.is_cancelled:
            self.app.call_from_thread(self._loaded, lines, anchors)

    def _read(self) -> tuple[SeenFrame, ...]:
        history = self._session.history
        if not history.repositories:
            raise RepositoryError(history.error or "No repository is open.")
        path_map = tuple(self._session.config.path_map.items())
        return code_of(history.repositories, self._trace, self._at, path_map)

    def _loaded(self, lines: list[Text], anchors: list[int]) -> None:
        self._frames = len(anchors)
        self.show(lines, anchors)
        self.refresh_bindings()

    def _has_anchors(self) -> bool:
        return self._frames > 0


def code_lines(frames: tuple[SeenFrame, ...], now: int) -> tuple[list[Text], list[int]]:
    """The lines of the screen, and at which of them each frame begins."""
    if not frames:
        return [Text("No frame of this record stands in a file of the repository.")], []
    lines: list[Text] = []
    anchors: list[int] = []
    for seen in frames:
        anchors.append(len(lines))
        frame = seen.placed.frame
        name = f" in {frame.function}" if frame.function else ""
        where = f"{seen.repository}: " if seen.repository else ""
        lines.append(Text(printable(f"── frame {seen.placed.number}: {where}{seen.placed.told}{name}"), "bold"))
        for line in seen.lines:
            lines.append(_code_line(line.number, line.text, _who(seen, line.number, now), line.number == frame.line))
        lines += [Text(), Text(printable(f"   last commits on {seen.placed.path}"), "dim")]
        for commit in seen.commits:
            told = f"   {commit.short[:8]} {commit.author[:8]:<8} {times.age(commit.at, now):>4} {commit.subject}"
            lines.append(Text(printable(told)))
        lines.append(Text())
    return lines, anchors


def _code_line(number: int, text: str, who: str, here: bool) -> Text:
    row = Text.assemble(("▶" if here else " ", "bold red"), (f"{who:<23} ", "cyan"), (f"{number:>5} ", "dim"))
    return row.append(printable(text.rstrip()), "bold" if here else "")


def _who(seen: SeenFrame, number: int, now: int) -> str:
    """Who wrote a line and when, where the line before it was not of the same commit."""
    wrote = {line.number: line.commit for line in seen.lines}
    commit = wrote[number]
    if commit is None or wrote.get(number - 1) == commit:
        return ""
    return printable(f"{commit.short[:8]} {commit.author[:8]:<8} {times.age(commit.at, now):>4}")
