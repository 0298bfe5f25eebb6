"""The line at the bottom in which one types: a search, a note, a hypothesis. One widget for every question."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, replace
from typing import ClassVar

from textual import on, work
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal, Vertical
from textual.content import Content
from textual.message import Message
from textual.widget import Widget
from textual.widgets import Input, Static


class Refused(Exception):
    """What was typed cannot be used; the sentence says why. The text stays in the prompt."""


@dataclass(frozen=True, slots=True)
class Question:
    """What the prompt asks. `submit` may raise Refused; `changed` hears each keystroke; `cancelled` an escape.

    gives_way: it is not asked where another question is open already. then: the question that follows at once.
    """

    label: str
    submit: Callable[[str], Awaitable[None]]
    value: str = ""
    hint: str = ""
    changed: Callable[[str], None] | None = None
    cancelled: Callable[[], None] | None = None
    may_be_empty: bool = False
    gives_way: bool = False
    then: Callable[[str], Question | None] | None = None


class Asked(Message):
    """Somebody below the screen has a question for the person; the screen gives it to its prompt."""

    def __init__(self, question: Question) -> None:
        super().__init__()
        self.question = question


class Prompt(Vertical):
    """Hidden until asked. Enter submits, escape gives up; the focus returns to where it was."""

    BINDINGS: ClassVar[list[BindingType]] = [Binding("escape", "cancel", "cancel", key_display="esc")]

    def __init__(self) -> None:
        super().__init__(id="prompt")
        self._question: Question | None = None
        self._came_from: Widget | None = None

    def compose(self) -> ComposeResult:
        with Horizontal(id="prompt-line"):
            yield Static("", id="prompt-label", markup=False)
            yield _Entry(self._submitted)
        yield Static("", id="prompt-hint", markup=False)

    def ask(self, question: Question, refused: str = "") -> None:
        """Show a question and take the keys. `refused`: why the answer before could not be used."""
        if question.gives_way and self._question is not None:
            return
        if self._question is None:
            self._came_from = self.screen.focused
        elif self._question.cancelled:
            self._question.cancelled()
        self._question = question
        entry = self.query_one(_Entry)
        self.query_one("#prompt-label", Static).update(Content(f" {question.label} "))
        self.query_one("#prompt-hint", Static).update(Content(refused or question.hint))
        self.set_class(bool(refused), "-refused")
        with entry.prevent(Input.Changed):
            entry.value = question.value
        entry.cursor_position = len(question.value)
        self.add_class("-asking")
        self.screen.set_focus(entry)

    def action_cancel(self) -> None:
        question = self._question
        self._close()
        if question is not None and question.cancelled is not None:
            question.cancelled()

    @property
    def asking(self) -> bool:
        return self._question is not None

    @on(Input.Changed)
    def _changed(self, event: Input.Changed) -> None:
        event.stop()
        if self._question is not None and self._question.changed is not None:
            self._question.changed(event.value)

    def _submitted(self, value: str) -> None:
        question = self._question
        if question is None:
            return
        if not value.strip() and not question.may_be_empty:
            self.action_cancel()
            return
        self._close()
        following = question.then(value) if question.then is not None else None
        if following is not None:
            self.ask(following)
        self._submit(question, value)

    @work(group="prompt")
    async def _submit(self, question: Question, value: str) -> None:
        try:
            await question.submit(value)
        except Refused as error:
            self.ask(replace(question, value=value), str(error))

    def _close(self) -> None:
        self._question = None
        self.remove_class("-asking")
        target = self._came_from
        if target is not None and target.is_attached:
            self.screen.set_focus(target)


class _Entry(Input):
    """An input that tells of its submission at once, so that keys typed right after it go where they belong."""

    def __init__(self, submitted: Callable[[str], None]) -> None:
        super().__init__(id="prompt-input", compact=True, select_on_focus=False)
        self._submitted_to = submitted

    async def action_submit(self) -> None:
        self._submitted_to(self.value)
