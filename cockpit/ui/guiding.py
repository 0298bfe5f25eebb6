"""What the guide asks: the four questions of the beginning, the mitigation, and those of the rubber duck."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import Future

from cockpit.clock import parse_time
from cockpit.events import Failed
from cockpit.incident.beginning import QUESTIONS, declines
from cockpit.incident.guide import is_new
from cockpit.session import Session
from cockpit.ui.verbs import kept
from cockpit.ui.widgets.prompt import Question

Ask = Callable[[Question], object]

_DUCK = (
    "What should happen, step by step?",
    "What happens instead, and at which step?",
    "When did it last work, and what is different since?",
    "What do you know, and what do you only believe?",
    "What have you not looked at, because it cannot be that?",
    "What would you ask a colleague who told you this?",
)


class Guiding:
    """Asks through `ask`, the prompt of whichever screen is in front."""

    def __init__(self, session: Session, ask: Ask) -> None:
        self._session = session
        self._ask = ask
        self._said: dict[str, str] = {}

    @property
    def is_new(self) -> bool:
        """Whether the four questions may be offered."""
        store = self._session.incident.store
        return is_new(store.state) and not store.read_only

    def begin(self) -> None:
        """Ask the four questions, one after the other; escape ends them, and what was said is kept."""
        self._said = {}
        self._ask(self._beginning(0))

    def mitigate(self) -> None:
        async def submit(text: str) -> None:
            guidance, now = self._session.incident.guidance, self._session.clock.now()
            if declines(text):
                await kept(self._session, lambda: guidance.decline(text))
            else:
                title, at = _timed(text, now)
                await kept(self._session, lambda: guidance.mitigate(title, at))

        hint = "what stops it: rolled back to 81ab332 @10:02 (else: now) · or say: not needed, impossible"
        self._ask(Question("mitigation", submit, hint=hint))

    def duck(self, nth: int = 0) -> None:
        """Ask what a rubber duck asks; each answer becomes a note."""
        self._ask(self._of_the_duck(nth))

    def _beginning(self, nth: int) -> Question:
        asked = QUESTIONS[nth]
        last = nth == len(QUESTIONS) - 1
        known = self._session.incident.store.state.answers.get(asked.name)

        def then(text: str) -> Question | None:
            if text.strip() and (known is None or text.strip() != known.text):
                self._said[asked.name] = text.strip()
            return None if last else self._beginning(nth + 1)

        async def submit(text: str) -> None:
            answer = self._said.get(asked.name)
            if answer is not None:
                await kept(self._session, lambda: self._session.incident.guidance.answer(asked.name, answer))
            if last:
                self._end()

        label = f"{nth + 1} of {len(QUESTIONS)} · {asked.question}"
        hint = f"{asked.hint} · enter goes on, esc ends the questions"
        value = known.text if known is not None else ""
        return Question(label, submit, value, hint, cancelled=self._end, may_be_empty=True, then=then)

    def _end(self) -> None:
        said = dict(self._said)
        self._do(lambda: self._session.incident.guidance.begin(said))

    def _of_the_duck(self, nth: int) -> Question:
        async def submit(text: str) -> None:
            if text.strip():
                note = f"{_DUCK[nth]} {text.strip()}"
                await kept(self._session, lambda: self._session.incident.add_note(note))

        def then(text: str) -> Question | None:
            return self._of_the_duck(nth + 1) if nth + 1 < len(_DUCK) else None

        hint = "say it to the duck; answers become notes · enter goes on, esc ends"
        return Question(_DUCK[nth], submit, hint=hint, may_be_empty=True, then=then)

    def _do(self, verb: Callable[[], object]) -> None:
        """Run a verb aside; where it fails, that is told."""

        def told(done: Future[object]) -> None:
            error = done.exception()
            if error is not None:
                self._session.bus.publish(Failed(str(error)))

        self._session.incident.later(verb).add_done_callback(told)


def _timed(text: str, now: int) -> tuple[str, int]:
    """Title and time (microseconds) of what was typed: `rolled back @10:02`; where no time is named, now."""
    title, sign, moment = text.rpartition("@")
    if sign and title.strip() and moment.strip():
        try:
            return title.strip(), parse_time(moment, now)
        except ValueError:
            pass  # an @ may stand in any text
    return text.strip(), now
