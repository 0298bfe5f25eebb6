"""Turns what a person can cause into one line on stderr and exit code 2; never a traceback."""

from __future__ import annotations

import errno
import functools
from collections.abc import Callable
from typing import ParamSpec, TypeVar

import click

P = ParamSpec("P")
R = TypeVar("R")


class Failure(Exception):
    """A sentence for the person; the command ends with exit code 2."""


def failing(command: Callable[P, R]) -> Callable[P, R]:
    """Wrap a command so that our own errors end it in one sentence."""

    @functools.wraps(command)
    def wrapped(*args: P.args, **kwargs: P.kwargs) -> R:
        try:
            return command(*args, **kwargs)
        except BrokenPipeError:
            raise SystemExit(0) from None
        except OSError as error:
            if error.errno not in (errno.ENOSPC, errno.EIO, errno.EBADF, errno.ENAMETOOLONG):
                raise
            click.echo(f"cockpit: {error.strerror}{f': {error.filename}' if error.filename else ''}.", err=True)
            raise SystemExit(2) from None
        except Exception as error:
            if not _ours(error):
                raise
            click.echo(f"cockpit: {error}", err=True)
            raise SystemExit(2) from None

    return wrapped


def _ours(error: Exception) -> bool:
    """Whether an error's text is meant for the person who caused it."""
    if isinstance(error, Failure):
        return True
    kind = type(error)
    return kind.__module__.startswith("cockpit.") and kind.__name__.endswith("Error")
