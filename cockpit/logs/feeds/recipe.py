"""What differs between programs that feed us: how to call them, what of their output to keep, what their end means."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Protocol


@dataclass(frozen=True, slots=True)
class Verdict:
    """What the end of a program means: a sentence, and whether to start it again."""

    sentence: str
    again: bool
    ended: bool = False
    """It has done what it was asked for: nothing failed."""


class Recipe(Protocol):
    """One kind of program. All is called on the feed's thread, `arguments` before each start."""

    merged: bool
    """Its errors come with its output, in order, and `take` tells them apart."""
    whole: bool
    """A line that is cut short by the program's end will come again; else it is kept, and ended."""
    answers: bool
    """It is spoken to on its standard input, and has not connected before it has said something."""
    notice: str
    """What a person should know while it runs; empty where all is well."""
    happened: list[str]
    """Sentences about what happened since the feed last took them from here, oldest first."""

    def arguments(self) -> Sequence[str]:
        """The command line for the next start; goes on after what was taken."""
        ...

    def begin(self, send: Callable[[bytes], None] | None) -> None:
        """A run begins; `send` writes to the program's standard input where the recipe answers."""
        ...

    def take(self, data: bytes) -> bytes:
        """What of the output belongs into the log."""
        ...

    def verdict(self, code: int, errors: Sequence[str]) -> Verdict:
        """What an end with this code (negative: a signal) and these last lines of errors means."""
        ...


class Command:
    """Any command of the shell, its output as it comes. It starts again after an error, and has ended after a 0."""

    merged = False
    whole = False
    answers = False
    notice = ""

    def __init__(self, command: str) -> None:
        self.happened: list[str] = []
        self._command = command

    def arguments(self) -> Sequence[str]:
        return ["/bin/sh", "-c", self._command]

    def begin(self, send: Callable[[bytes], None] | None) -> None:
        pass

    def take(self, data: bytes) -> bytes:
        return data

    def verdict(self, code: int, errors: Sequence[str]) -> Verdict:
        if code == 0:
            return Verdict(f"`{self._command}` has ended.", again=False, ended=True)
        return Verdict(f"`{self._command}` {how_it_ended(code, errors)}", again=True)


def how_it_ended(code: int, errors: Sequence[str]) -> str:
    """`ended with code 3: no such table.`, the last line of its errors included."""
    how = f"was killed by signal {-code}" if code < 0 else f"ended with code {code}"
    last = next((line for line in reversed(errors) if line.strip()), "")
    return f"{how}: {last.strip().rstrip('.')}." if last else f"{how}."
