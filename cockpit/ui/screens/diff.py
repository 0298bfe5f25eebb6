"""A commit whole: who, when, why, and its diff file by file, with the colours of each file's language."""

from __future__ import annotations

from dataclasses import dataclass, field

from rich.syntax import Syntax
from rich.text import Text
from textual import work
from textual.worker import get_current_worker

from cockpit.clock import to_local
from cockpit.history.diff import CommitDetail, FileChange, Hunk
from cockpit.history.repository import RepositoryError
from cockpit.insight.suspects import Suspect
from cockpit.logs.printable import printable
from cockpit.session import Session
from cockpit.ui.screens.text import TextScreen
from cockpit.ui.widgets.text_lines import TextLines

_COLOURED = 3000  # lines of a file's diff beyond which it is shown without a language's colours
_STATUS = {"A": "added", "M": "changed", "D": "deleted", "R": "renamed", "C": "copied"}


class DiffScreen(TextScreen):
    """Shows a commit; git is asked aside. Of a suspect it says why, and begins at the hunk of the frame."""

    def __init__(self, session: Session, sha: str, short: str, subject: str, suspect: Suspect | None = None) -> None:
        super().__init__(f"Commit {short} · {subject}", [Text("reading the diff…", "dim")], fold=False)
        self._session = session
        self._sha = sha
        self._suspect = suspect
        self._files = 0

    def on_mount(self) -> None:
        super().on_mount()
        self._load()

    @work(thread=True, exclusive=True, exit_on_error=False)
    def _load(self) -> None:
        worker = get_current_worker()
        try:
            detail = self._session.history.detail(self._sha)
        except RepositoryError as error:
            told = Diff([Text(str(error), "bold")])
        else:
            told = diff_of(detail, self._suspect, dark=self.app.current_theme.dark)
        if not worker.is_cancelled:
            self.app.call_from_thread(self._loaded, told)

    def _loaded(self, told: Diff) -> None:
        self._files = len(told.anchors)
        self.show(told.lines, told.anchors)
        if told.here:
            self.query_one(TextLines).scroll_to(0, told.here, animate=False)
        self.refresh_bindings()

    def _has_anchors(self) -> bool:
        return self._files > 0


@dataclass(slots=True)
class Diff:
    """The lines of a commit as they are drawn. anchors: where each file begins; here: where to begin reading."""

    lines: list[Text]
    anchors: list[int] = field(default_factory=list)
    here: int = 0


def diff_of(detail: CommitDetail, suspect: Suspect | None, *, dark: bool) -> Diff:
    """A commit as it is drawn; of a suspect with the reasons, in the head and at the hunk of the frame."""
    told = Diff(_head(detail))
    if suspect is not None:
        told.lines += [*_reasons(suspect), Text()]
    if detail.note:
        told.lines += [Text(detail.note, "italic"), Text()]
    width = max((len(_name(change)) for change in detail.files), default=0)
    told.lines += [_summary(change, min(width, 70)) for change in detail.files]
    for change in detail.files:
        told.lines.append(Text())
        told.anchors.append(len(told.lines))
        wanted = suspect is not None and suspect.path in (change.path, change.old_path)
        told.lines += _file_lines(change, dark, suspect if wanted else None, told)
    if detail.cut:
        told.lines += [Text(), Text("The diff is larger than 4 MB; what is beyond is not shown here.", "bold")]
    return told


def _head(detail: CommitDetail) -> list[Text]:
    commit = detail.commit
    lines = [
        _pair("commit", commit.sha + (f"   {' '.join(commit.refs)}" if commit.refs else "")),
        _pair("author", f"{commit.author} <{commit.email}>   {to_local(commit.authored_at):%Y-%m-%d %H:%M:%S %Z}"),
    ]
    if commit.at != commit.authored_at:
        lines.append(_pair("committed", f"{to_local(commit.at):%Y-%m-%d %H:%M:%S %Z}"))
    message = detail.message.rstrip().split("\n")
    return [*lines, Text(), *(Text(f"    {printable(line)}", "bold") for line in message), Text()]


def _reasons(suspect: Suspect) -> list[Text]:
    """Why it is suspected, each reason with its weight."""
    lines = [Text(f"Suspected, with a score of {suspect.score:.2f}, for these reasons:", "bold")]
    for reason in suspect.reasons:
        colour = "red" if reason.weight > 0 else "green"
        lines.append(Text.assemble((f"  {reason.weight:+5.1f}  ", colour), printable(reason.text)))
    return lines


def _why(suspect: Suspect) -> str:
    """The heaviest reasons on one line."""
    return f"   suspected, {suspect.score:.2f}: " + "; ".join(reason.text for reason in suspect.reasons[:2])


def _pair(name: str, value: str) -> Text:
    return Text.assemble((f"{name:<10}", "dim"), printable(value))


def _name(change: FileChange) -> str:
    moved = change.old_path and change.old_path != change.path
    return printable(f"{change.old_path} → {change.path}" if moved else change.path)


def _counts(change: FileChange) -> Text:
    if change.binary:
        return Text("binary", "dim")
    return Text.assemble((f"+{change.added}", "green"), " ", (f"-{change.removed}", "red"))


def _summary(change: FileChange, width: int) -> Text:
    what = _STATUS.get(change.status[:1], change.status)
    return Text.assemble(f"  {_name(change):<{width}}  ", (f"{what:<9}", "dim"), _counts(change))


def _file_lines(change: FileChange, dark: bool, suspect: Suspect | None, told: Diff) -> list[Text]:
    """The hunks of a file; where one is the suspect's, it says so before it, and `told` where."""
    title = Text.assemble((f"── {_name(change)} ", "bold"), _counts(change), (" " + "─" * 20, "dim"))
    lines = [title]
    if change.binary:
        lines.append(Text("   a binary file; nothing to show line by line", "dim"))
    count = sum(len(hunk.lines) for hunk in change.hunks)
    place = _hunk_at(change, suspect.line) if suspect is not None else None
    for number, hunk in enumerate(change.hunks):
        if suspect is not None and number == place:
            told.here = len(told.lines) + len(lines)
            lines.append(Text(printable(_why(suspect)), "bold red"))
        lines += _hunk_lines(hunk, change.path if count <= _COLOURED else "", dark)
    return lines


def _hunk_at(change: FileChange, line: int) -> int | None:
    """The hunk in which a line of the new file stands, else the last before it."""
    before = [number for number, hunk in enumerate(change.hunks) if hunk.new_start <= line]
    return before[-1] if before else (0 if change.hunks else None)


def _hunk_lines(hunk: Hunk, path: str, dark: bool) -> list[Text]:
    new = iter(_coloured([line.text for line in hunk.lines if line.kind in " +"], path, dark))
    old = iter(_coloured([line.text for line in hunk.lines if line.kind == "-"], path, dark))
    lines = [Text(f"   @@ {hunk.old_start} → {hunk.new_start} @@ {printable(hunk.heading)}", "cyan")]
    tint = {"+": "on #14301c" if dark else "on #d7f5dd", "-": "on #3a1519" if dark else "on #fbdde0"}
    for line in hunk.lines:
        if line.kind not in " +-":
            lines.append(Text(f"              {printable(line.text)}", "dim italic"))
            continue
        text = next(old if line.kind == "-" else new)
        number = line.old_number if line.kind == "-" else line.new_number
        mark = {"+": "bold green", "-": "bold red"}.get(line.kind, "dim")
        row = Text.assemble((f" {number if number is not None else '':>6} ", "dim"), (f"{line.kind} ", mark), text)
        if line.kind in tint:
            row.pad_right(max(0, 120 - row.cell_len))
            row.stylize(tint[line.kind], 8)
        lines.append(row)
    return lines


def _coloured(code: list[str], path: str, dark: bool) -> list[Text]:
    plain = [printable(line.rstrip("\r")) for line in code]
    if not path or not plain:
        return [Text(line) for line in plain]
    lexer = Syntax.guess_lexer(path)
    if lexer in ("default", "text"):
        return [Text(line) for line in plain]
    syntax = Syntax("", lexer, theme="ansi_dark" if dark else "ansi_light", background_color="default")
    return list(syntax.highlight("\n".join(plain)).split("\n", allow_blank=True))[: len(plain)]
