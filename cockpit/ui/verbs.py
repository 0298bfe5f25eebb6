"""Runs verbs of the incident aside, in the order in which they were asked for."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import TypeVar

from cockpit.incident.store import IncidentError
from cockpit.session import Session
from cockpit.ui.widgets.prompt import Refused

T = TypeVar("T")


async def kept(session: Session, verb: Callable[[], T]) -> T:
    """Run a verb and wait until the disk has it; what the incident refuses goes back into the prompt."""
    try:
        return await asyncio.wrap_future(session.incident.later(verb))
    except IncidentError as error:
        raise Refused(str(error)) from None


async def undone(session: Session) -> str:
    """Take back one's last act; a sentence that says what was undone, or why nothing was."""
    try:
        return f"Undone: {await asyncio.wrap_future(session.incident.later(session.incident.trials.undo))}"
    except IncidentError as error:
        return str(error)
