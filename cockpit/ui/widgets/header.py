"""The top line: the incident, its clock, what the cockpit is busy with, the host's vitals, who else is here."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import ClassVar

from rich.cells import cell_len, set_cell_size
from rich.text import Text
from textual import events
from textual.strip import Strip
from textual.widget import Widget

from cockpit.findings import FindingsDesk
from cockpit.incident.presence import Person
from cockpit.logs.printable import printable
from cockpit.session import Session
from cockpit.ui import times

_BARS = "▁▂▃▄▅▆▇█"
_WORDS, _NEWS = 28, 90  # cells, the least and the most, that what was noticed takes in words
_LEAST = 16  # cells of the title that the guide's line leaves


class Header(Widget):
    """Draws the session's facts; told to refresh by the screen."""

    COMPONENT_CLASSES: ClassVar[set[str]] = {
        "header--title",
        "header--quiet",
        "header--people",
        "header--warning",
        "header--guide",
    }

    def __init__(self, session: Session, guide: Callable[[], Sequence[str]], findings: FindingsDesk) -> None:
        """`guide`: the guide's line in several lengths, the longest first; none where there is nothing to say."""
        super().__init__(id="header")
        self._session = session
        self._guide = guide
        self._findings = findings
        self._guide_at = range(0)  # the columns where the guide's line stands

    def render_line(self, y: int) -> Strip:
        width = self.size.width
        right = self._right()
        left = self._guided(max(10, width - right.cell_len - 2))
        gap = max(1, width - left.cell_len - right.cell_len)
        text = Text.assemble(left, " " * gap, right, no_wrap=True, end="")
        return (
            Strip(text.render(self.app.console)).crop(0, width).extend_cell_length(width).apply_style(self.rich_style)
        )

    async def on_click(self, event: events.Click) -> None:
        if event.x in self._guide_at:
            await self.run_action("screen.guide")

    def _guided(self, room: int) -> Text:
        """What stands on the left, and the longest form of the guide's line for which there is room beside it."""
        whole = self._left(10_000).cell_len
        least = whole - max(0, len(self._session.incident.store.state.title) - _LEAST)
        forms = self._guide()
        fitting = [form for form in forms if whole + 2 + cell_len(form) <= room]
        fitting += [form for form in forms[-1:] if least + 2 + cell_len(form) <= room]
        self._guide_at = range(0)
        if not fitting:
            return self._left(room)
        text = self._left(room - 2 - cell_len(fitting[0]))
        self._guide_at = range(text.cell_len + 2, text.cell_len + 2 + cell_len(fitting[0]))
        return text.append("  ").append(fitting[0], self.get_component_rich_style("header--guide"))

    def _left(self, room: int) -> Text:
        style = self.get_component_rich_style
        incident = self._session.incident
        now = self._session.clock.now()
        title = incident.store.state.title
        rest = Text(f"  {times.elapsed(incident.opened_at, now)}")
        if (closed := incident.store.state.closed_at) is not None:
            rest.append(f"  closed {times.short_time(closed, now, self._session.config.utc)}", style("header--warning"))
        if incident.store.read_only:
            rest.append("  read-only", style("header--warning"))
        rest.append(self._noticed(room - 3 - min(_LEAST, len(title)) - rest.cell_len), style("header--people"))
        progress = self._session.desk.sources.progress()
        if progress < 1:
            rest.append(f"  indexing {progress * 100:.0f} %", style("header--quiet"))
        elif self._session.desk.shown.searching:
            rest.append("  searching…", style("header--quiet"))
        most = max(1, min(_LEAST, room - 14), room - 3 - rest.cell_len)
        if len(title) > most:
            title = title[: most - 1] + "…"
        text = Text(" ◉ ", style("header--title"), no_wrap=True, end="")
        text.append(title, style("header--title")).append_text(rest)
        text.truncate(room, overflow="ellipsis")
        return text

    def _noticed(self, room: int) -> str:
        """What was just noticed, in words as far as there is room for them; else how many things were."""
        count = len(self._findings.found)
        if not count:
            return ""
        news = self._findings.news(self._session.clock.now())
        if news is None or room < _WORDS:
            return f"  ✦ {count} noticed (s)"
        words, most = printable(news.text), min(room, _NEWS) - len("  ✦  (s)")
        return f"  ✦ {words if cell_len(words) <= most else f'{set_cell_size(words, most - 1)}…'} (s)"

    def _right(self) -> Text:
        style = self.get_component_rich_style
        text = Text(no_wrap=True, end="")
        wide = self.size.width >= 100
        recent = list(self._session.vitals.recent)
        if recent:
            last = recent[-1]
            shape = _spark([sample.cpu for sample in recent[-8:]]) + " " if wide else ""
            text.append("CPU ", style("header--quiet"))
            text.append(f"{shape}{last.cpu:.0f}%", style("header--warning") if last.cpu >= 90 else "")
            text.append("  MEM ", style("header--quiet"))
            text.append(f"{last.memory:.0f}%", style("header--warning") if last.memory >= 90 else "")
            if wide:
                text.append("  LOAD ", style("header--quiet"))
                text.append(f"{last.load:.1f}")
        people = self._session.incident.people.others
        text.append(f"  {self._session.incident.store.by}" if wide else "", style("header--quiet"))
        for person in people[: 4 if wide else 1]:
            where = f" ({self._where(person)})" if wide else ""
            text.append(f"  +{' ' * wide}{person.name}{where}", style("header--people"))
        text.append(" ")
        return text

    def _where(self, person: Person) -> str:
        """`notes`, or `logs 10:02`."""
        place = person.place
        if person.pane != "logs" or place is None or place.end:
            return person.pane
        session = self._session
        return f"logs {times.short_time(place.at, session.clock.now(), session.config.utc)}"


def _spark(values: Sequence[float]) -> str:
    return "".join(_BARS[min(7, int(value * 8 // 101))] for value in values)
