"""What went wrong: since when, and is it the deploy, the data, the load or a dependency; each with its reasons."""

from __future__ import annotations

from typing import ClassVar

from rich.text import Text
from textual import on, work
from textual.binding import BindingType

from cockpit.events import FindingsChanged
from cockpit.findings import FindingsDesk
from cockpit.insight.deploy_rates import Rated
from cockpit.insight.findings import Finding
from cockpit.insight.verdicts import SCOPES, Judged, Verdict
from cockpit.logs.printable import number, printable
from cockpit.scan_report import notes, unbegun
from cockpit.ui import keys, times
from cockpit.ui.bridge import Bridge
from cockpit.ui.clipboard import copy
from cockpit.ui.logs_behind import LogsBehind
from cockpit.ui.screens.sheet import ListSheet
from cockpit.ui.verbs import kept
from cockpit.ui.widgets.prompt import Refused
from cockpit.ui.widgets.rows import RowList

_LOOKING = "Looking through all records …"
_NOTHING = "Press r to look through all records."
_BAR = 8  # cells
_RATES = 3  # deploys whose rates are shown
_WIDE = 100  # cells, from which a row has room for the score as a bar too
_SHOWN = 400  # characters of a template
_STYLES = {Verdict.LIKELY: "bold", Verdict.POSSIBLE: "", Verdict.UNLIKELY: "dim", Verdict.CANNOT_TELL: "dim italic"}


class ScopeScreen(ListSheet):
    """The verdicts, and below them what was noticed."""

    BINDINGS: ClassVar[list[BindingType]] = list(keys.bindings(keys.SCOPE))

    def __init__(self, logs: LogsBehind, bridge: Bridge, findings: FindingsDesk) -> None:
        super().__init__("Scope", _LOOKING)
        self._logs = logs
        self._session = logs.session
        self._bridge = bridge
        self._findings = findings
        self._listed: list[Judged | Finding] = []

    def on_mount(self) -> None:
        self._bridge.on(self, FindingsChanged, lambda event: self._more())
        if self._findings.scanned is None and not self._findings.looking:
            self._findings.look()
        self.call_after_refresh(self._more)

    def count(self) -> int:
        return len(self._listed)

    def draw(self, index: int, width: int) -> Text:
        each = self._listed[index]
        text = Text(no_wrap=True)
        if isinstance(each, Finding):
            text.append(f" {self._time(each.at)}  ", "dim").append(printable(each.text))
        else:
            style = _STYLES[each.verdict]
            text.append(f" {each.scope:<11}", style).append(f"{each.verdict.value:<12}", style)
            if width >= _WIDE:
                full = round(each.score * _BAR)
                text.append("█" * full, style).append("·" * (_BAR - full), "dim").append(" ")
            text.append(f"{each.score:.2f}  ", "dim")
            text.append(printable(each.why[0]) if each.why else "", "" if style != "dim" else "dim")
        text.truncate(width, overflow="ellipsis")
        return text

    @on(RowList.Chosen)
    def action_show_logs(self) -> None:
        each, scanned = self._under_cursor(), self._findings.scanned
        if isinstance(each, Finding):
            at = each.at
        elif scanned is not None and scanned.trouble is not None:
            at = scanned.trouble.shift.at
        else:
            self.notify("Nothing began to go wrong in what was read.")
            return
        self.action_close()
        self._logs.go_to(at, "scope")

    @work(group="journal")
    async def action_hypothesis(self) -> None:
        each = self._under_cursor()
        name = each.scope if each is not None else ""
        if not name:
            self.notify("Choose one of the four scopes first.")
            return
        try:
            label = await kept(self._session, lambda: self._findings.suppose(name))
        except Refused as refused:
            self.notify(str(refused), severity="error", markup=False)
            return
        self.notify(f"{label} is a hypothesis now; what speaks for it is kept and linked (u takes it back).")

    def action_only(self) -> None:
        scanned = self._findings.scanned
        if scanned is None or scanned.trouble is None:
            self.notify("Nothing began to go wrong in what was read.")
            return
        ours = [each.mined.id for each in scanned.signatures if each.mined.number in scanned.trouble.signatures]
        if not ours:
            self.notify("All errors together came more often, and no signature by itself.")
            return
        self.action_close()
        self._logs.show_signatures(*ours)

    def action_again(self) -> None:
        self._findings.look(again=True)

    def action_copy(self) -> None:
        page = self._findings.page()
        if page:
            self.notify(copy(self.app, page), markup=False)

    def _under_cursor(self) -> Judged | Finding | None:
        return self._listed[self.rows.cursor] if self.rows.cursor < len(self._listed) else None

    def _more(self) -> None:
        """What is known is another."""
        findings = self._findings
        findings.see()
        self.rows.say_when_empty(findings.error or (_LOOKING if findings.looking else _NOTHING))
        scanned = findings.scanned
        judged: list[Judged | Finding] = [] if scanned is None else [scanned.scope[name] for name in SCOPES]
        self._listed = [*judged, *findings.found] if judged else []
        self.rows.update_rows()
        self.entitle("Scope · looking …" if findings.looking else "Scope")
        self._draw_head()
        self.tell()

    def _draw_head(self) -> None:
        scanned = self._findings.scanned
        if scanned is None:
            self.head.update("")
            return
        text = Text(no_wrap=False)
        counts = f"{number(scanned.errors)} errors in {number(scanned.records)} records"
        found = scanned.trouble
        if found is None:
            why = unbegun(scanned)
            text.append(f"{why[0].upper()}{why[1:]}", "bold").append(f"\n{counts}", "dim")
        else:
            what = "errors" if found.weight >= 1 else "warnings"
            text.append(f"Since {self._time(found.shift.at)}", "bold")
            text.append(f"  {found.shift.after:.3g} {what} a minute, {found.shift.before:.2g} before\n")
            ours = [each for each in scanned.signatures if each.mined.number in found.signatures]
            if ours:
                more = f"  and {len(found.signatures) - 1} more" if len(found.signatures) > 1 else ""
                text.append(printable(ours[0].told[:_SHOWN])).append(f"{more}\n", "dim")
            text.append(f"confidence {found.shift.confidence:.2f} · {counts}", "dim")
        for note in notes(scanned):
            text.append(f"\n{note}", "dim")
        if self._findings.error:
            text.append(f"\n{printable(self._findings.error)}; what stands here is from before.", "bold")
        self.head.update(text)

    def tell(self) -> None:
        each = self._under_cursor()
        text = Text(no_wrap=False)
        if isinstance(each, Finding):
            text.append(printable(each.text))
        elif each is not None:
            text.append("\n".join(printable(why) for why in each.why))
            if each.test:
                text.append("\nnext test: ", "dim").append(printable(each.test))
            for rated in self._rates() if each.scope == "deploy" else ():
                text.append(f"\n{self._time(rated.marker.at)} ", "dim").append(printable(rated.marker.named))
                text.append(f"  {rated.told()}", "dim")
        self.told.update(text)

    def _rates(self) -> list[Rated]:
        """The deploys nearest to what goes wrong, with the errors around each; the last ones where nothing does."""
        scanned = self._findings.scanned
        rates = [each for each in scanned.rates if each.before or each.after] if scanned is not None else []
        if scanned is not None and scanned.trouble is not None:
            at = scanned.trouble.shift.at
            rates.sort(key=lambda each: abs(each.marker.at - at))
            return sorted(rates[:_RATES], key=lambda each: each.marker.at)
        return rates[-_RATES:]

    def _time(self, at: int) -> str:
        return times.second_time(at, self._session.clock.now(), self._logs.utc)
