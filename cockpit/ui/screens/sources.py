"""All open sources: what each is doing, how it is read, how much of it there is and how fast more comes."""

from __future__ import annotations

from rich.text import Text

from cockpit.clock import to_local
from cockpit.logs.printable import printable
from cockpit.logs.source import Source, State
from cockpit.session import Session
from cockpit.ui import times
from cockpit.ui.screens.text import TextScreen

_STYLES = {State.LIVE: "green", State.ENDED: "dim", State.RECONNECTING: "yellow"}


class SourcesScreen(TextScreen):
    """Lists the sources; drawn anew every second."""

    def __init__(self, session: Session) -> None:
        super().__init__("Sources", _lines(session))
        self._session = session

    def on_mount(self) -> None:
        super().on_mount()
        self.set_interval(1.0, lambda: self.show(_lines(self._session), keep=True))


def _lines(session: Session) -> list[Text]:
    sources = list(session.desk.sources)
    if not sources:
        return [Text("No log is open.", "dim")]
    return [line for source in sources for line in _source(source)]


def _source(source: Source) -> list[Text]:
    feed = source.feed
    lines = [
        Text.assemble(
            (printable(source.name), "bold"), "  ", (source.state.value, _STYLES.get(source.state, "bold red"))
        )
    ]
    if source.why:
        lines.append(_pair("", source.why))
    lines.append(_pair("path", str(source.path)))
    if source.files:
        current = source.files[-1]
        lines.append(_pair("format", f"{current.form.name}: {current.form.why}"))
        if current.form.zone is not None:
            lines.append(_pair("zone", f"{current.form.zone.name}, for times that name none"))
        records = sum(file.index.stop - file.index.first for file in source.files)
        size = sum(file.index.end for file in source.files if not file.gone)
        left = sum(file.earlier for file in source.files)
        indexed = f", {left / 1e6:.0f} MB still to be indexed" if left else ""
        lines.append(_pair("records", f"{times.number(records)} in {size / 1e6:.1f} MB{indexed}"))
    if feed is not None:
        rate = feed.rate
        lines.append(_pair("rate", f"{rate.lines:.0f} lines/s, {rate.bytes / 1000:.1f} kB/s"))
        dropped = f", {feed.dropped / 1e6:.1f} MB not kept" if feed.dropped else ""
        lines.append(_pair("spool", f"{feed.size / 1e6:.1f} MB{dropped}; removed at exit"))
    remarks = [*source.remarks, *(feed.remarks if feed is not None else [])][-5:]
    lines += [_pair(f"{to_local(at):%H:%M:%S}", sentence) for at, sentence in remarks]
    return [*lines, Text()]


def _pair(name: str, value: str) -> Text:
    return Text.assemble((f"  {name:<9} ", "dim"), printable(value))
