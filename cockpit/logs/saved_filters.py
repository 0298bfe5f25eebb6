"""The filters that a person keeps by name, in a small TOML file of their own: `checkout = "status>=500 path~cart"`.

The file is written only when a filter is saved or removed. It is read anew under a lock before, so that what another
cockpit wrote meanwhile stays; what cannot be read is never written over.
"""

from __future__ import annotations

import contextlib
import difflib
import fcntl
import json
import os
import re
import secrets
from collections.abc import Iterator, Mapping
from pathlib import Path

import msgspec

_BARE = re.compile(r"[A-Za-z0-9_-]+")
_HEAD = "# Filters of the Logs pane: S shows them, cockpit records --filter NAME takes one.\n"


class SavedFiltersError(Exception):
    """The saved filters cannot be read or written, or hold none of a name; in one sentence."""


class SavedFilters:
    """Filters by name, as expressions that `query.narrowed` reads, in the order of the file."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def read(self) -> dict[str, str]:
        """Expressions by name; empty where there is no file. Raises SavedFiltersError."""
        return self._read(self._text())

    def named(self, name: str) -> str:
        """The expression of a name. Raises SavedFiltersError with the nearest names."""
        found = self.read()
        if name in found:
            return found[name]
        near = difflib.get_close_matches(name, found, 3, 0.4)
        hint = f"did you mean {' or '.join(map(repr, near))}?" if near else f"{self.path} holds {_listed(found)}."
        raise SavedFiltersError(f"There is no saved filter {name!r}; {hint}")

    def save(self, name: str, expression: str) -> None:
        """Keep an expression under a name, instead of what that held before. Raises SavedFiltersError."""
        self._change(name.strip(), expression)

    def remove(self, name: str) -> None:
        """Keep nothing under a name. Raises SavedFiltersError."""
        self._change(name, None)

    def _change(self, name: str, expression: str | None) -> None:
        if not name:
            raise SavedFiltersError("A filter is kept under a name.")
        try:
            self.path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
            target = Path(os.path.realpath(self.path))
            with _locked(target):
                text = self._text()
                wanted = self._read(text)
                if expression is not None:
                    wanted[name] = expression
                elif wanted.pop(name, None) is None:
                    return
                _replace(target, self._edited(text, name, wanted).encode())
        except OSError as error:
            raise SavedFiltersError(f"{self.path}: cannot be written: {error.strerror}.") from None
        except UnicodeEncodeError:
            raise SavedFiltersError("A text that is no UTF-8 cannot be kept in a filter.") from None

    def _edited(self, text: str, name: str, wanted: Mapping[str, str]) -> str:
        """The text of the file with the line of one name changed; what else the person wrote there stays."""
        lines = re.findall(r"[^\n]*\n|[^\n]+", text or _HEAD)
        place = next((nth for nth, line in enumerate(lines) if _name_in(line) == name), len(lines))
        line = _line(name, wanted[name]) if name in wanted else ""
        if lines and not lines[-1].endswith("\n"):
            lines[-1] += "\n"
        edited = "".join([*lines[:place], line, *lines[place + 1 :]])
        with contextlib.suppress(SavedFiltersError):
            if self._read(edited) == wanted:
                return edited
        return _HEAD + "".join(_line(each, kept) for each, kept in wanted.items())

    def _text(self) -> str:
        try:
            return self.path.read_text("utf-8")
        except FileNotFoundError:
            return ""
        except OSError as error:
            raise SavedFiltersError(f"{self.path}: cannot be read: {error.strerror}.") from None
        except UnicodeDecodeError:
            raise SavedFiltersError(f"{self.path}: is no UTF-8 text; mend or move it, it is left as it is.") from None

    def _read(self, text: str) -> dict[str, str]:
        try:
            return msgspec.toml.decode(text, type=dict[str, str])
        except msgspec.ValidationError as error:
            raise SavedFiltersError(f'{self.path}: {error}; a filter is a line: name = "status>=500".') from None
        except msgspec.DecodeError as error:
            raise SavedFiltersError(f"{self.path}: not valid TOML: {error}; mend it, it is left as it is.") from None


def _listed(found: Mapping[str, str]) -> str:
    return ", ".join(list(found)[:8]) if found else "none"


def _line(name: str, expression: str) -> str:
    return f"{name if _BARE.fullmatch(name) else _string(name)} = {_string(expression)}\n"


def _string(text: str) -> str:
    """A TOML string; JSON escapes all that TOML wants escaped, but for one sign."""
    return json.dumps(text, ensure_ascii=False).replace("\x7f", "\\u007f")


def _name_in(line: str) -> str | None:
    """The name under which a line by itself keeps a filter; None where it does not."""
    try:
        return next(iter(msgspec.toml.decode(line, type=dict[str, str])), None)
    except msgspec.DecodeError:
        return None


@contextlib.contextmanager
def _locked(target: Path) -> Iterator[None]:
    """While no other cockpit writes the file."""
    fd = os.open(target.with_name(f".{target.name}.lock"), os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    try:
        fcntl.flock(fd, fcntl.LOCK_EX)
        yield
    finally:
        os.close(fd)


def _replace(target: Path, content: bytes) -> None:
    """Put content in place whole or not at all."""
    fresh = target.with_name(f".{target.name}.{secrets.token_hex(4)}")
    try:
        fd = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o600)
        with open(fd, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        os.replace(fresh, target)
    except OSError:
        fresh.unlink(missing_ok=True)
        raise
