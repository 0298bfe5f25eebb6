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
