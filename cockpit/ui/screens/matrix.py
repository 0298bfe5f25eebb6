"""The matrix screen: which evidence speaks for and against which hypothesis, and what to test next."""

from __future__ import annotations

from collections.abc import Sequence

from rich.text import Text

from cockpit.events import EvidenceCaptured, HypothesisChanged
from cockpit.incident.evidence import Evidence
from cockpit.incident.hypotheses import Hypothesis
from cockpit.incident.matrix import Cell, Line, lines_of, sentence
from cockpit.logs.printable import printable
from cockpit.session import Session
from cockpit.ui.bridge import Bridge
from cockpit.ui.screens.text import TextScreen

_NAME, _CELL = 6, 5
_STYLES = {"for": "green", "against": "bold red"}


class MatrixScreen(TextScreen):
    """Shows the matrix as it is now, also when a colleague changes it."""

    def __init__(self, session: Session, bridge: Bridge) -> None:
        self._session = session
        self._bridge = bridge
        super().__init__("Hypotheses × evidence", _now(session))

    def on_mount(self) -> None:
        super().on_mount()
        for kind in (HypothesisChanged, EvidenceCaptured):
            self._bridge.on(self, kind, lambda event: self._changed())

    def _changed(self) -> None:
        self.show(_now(self._session), keep=True)


def _now(session: Session) -> list[Text]:
    return drawn(session.incident.hypotheses(), session.incident.evidence())


def drawn(hypotheses: Sequence[Hypothesis], evidence: Sequence[Evidence]) -> list[Text]:
    """The matrix as lines: the sentence, the signs with what the evidence shows, and which hypothesis is which."""
    lines = lines_of(hypotheses)
    titles = {each.id: each.title for each in evidence}
    shown = [Text(printable(sentence(hypotheses)), "bold"), Text()]
    if lines:
        shown.append(Text(" " * _NAME + "".join(f"{each.label:>{_CELL}}" for each in hypotheses), "bold"))
        shown += [_row(line, titles.get(line.evidence, "")) for line in lines]
    else:
        shown.append(Text("No evidence is linked yet; in the hypotheses press l, and say: E3 for 2.", "dim"))
    shown += [Text(), *(_which(each) for each in hypotheses), Text()]
    shown.append(Text("+ consistent   − inconsistent   0 neutral   · not said   dim: tells nothing apart", "dim"))
    return shown


def _row(line: Line, title: str) -> Text:
    name = printable(line.name)
    text = Text(f"{name if len(name) < _NAME else name[: _NAME - 2] + '…':<{_NAME}}")
    for cell in line.cells:
        text.append(f"{cell.sign:>{_CELL}}", _style(cell) if line.tells else "")
    text.append(f"   {printable(title)}" if title else "")
    if not line.tells:
        text.append("   (tells nothing apart)")
        text.stylize("dim")
    return text


def _style(cell: Cell) -> str:
    return _STYLES.get(cell.relation, "")


def _which(each: Hypothesis) -> Text:
    against = sum(1 for link in each.links if link.relation == "against")
    text = Text(f"{each.label:<5}{each.likelihood:>3}% {each.status:<10}")
    text.append(f"{against} against  ", "bold red" if against else "dim")
    text.append(printable(each.text.split("\n")[0]))
    return text
