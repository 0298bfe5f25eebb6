"""The records that a person has marked, for as long as the cockpit runs.

A mark is the byte at which its record begins: the same bytes keep it, whatever is indexed, filtered or read anew
around them, also in the copy that a rotation leaves of them. It goes when its file does.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from weakref import WeakKeyDictionary

import numpy as np
import numpy.typing as npt

from cockpit.logs.file import LogFile
from cockpit.logs.parts import Part
from cockpit.logs.places import Rows
from cockpit.logs.rows import FileRows
from cockpit.logs.view import View

Bytes = npt.NDArray[np.int64]
"""Places in a file, ascending."""
Spans = npt.NDArray[np.int64]
"""int64[n, 2]: the byte at which a record begins, and the one after its last; ascending."""

_NONE: Bytes = np.empty(0, np.int64)


class Marks:
    """Any thread may ask; changes come one at a time. `version` counts them."""

    def __init__(self) -> None:
        self.version = 0
        self._at: WeakKeyDictionary[LogFile, Bytes] = WeakKeyDictionary()
        self._lock = threading.Lock()

    @property
    def count(self) -> int:
        """How many there are, shown or not."""
        return sum(map(len, list(self._at.values())))

    def of(self, file: LogFile) -> Bytes:
        """The bytes of a file that are marked."""
        return self._at.get(file, _NONE)

    def holds(self, file: LogFile, number: int) -> bool:
        """Whether a record is marked."""
        span = file.index.span(number) if file in self._at else None
        return span is not None and _marked(self.of(file), np.array([span]))[0]

    def toggle(self, chosen: Mapping[LogFile, Spans]) -> bool:
        """Mark these records, or where all of them are marked, remove their marks; True if they are marked now."""
        with self._lock:
            marked = {file: _marked(self.of(file), spans) for file, spans in chosen.items()}
            adding = not all(bool(each.all()) for each in marked.values())
            for file, spans in chosen.items():
                at = self.of(file)
                if adding:
                    self._at[file] = np.sort(np.concatenate((at, spans[~marked[file], 0])), kind="stable")
                else:
                    self._at[file] = at[~_within(at, spans)]
            self.version += 1
            return adding


@dataclass(frozen=True, slots=True)
class _Marked:
    """Keeps the records that are marked."""

    marks: Marks
    empty = False
    reads = True
    context = 0

    def pick(self, file: LogFile, part: Part, rows: Rows, cancelled: Callable[[], bool], /) -> Rows:
        """int64[m]: which of these rows of a part (ascending) are marked."""
        at = _of_part(self.marks.of(file), part)
        if not len(at):
            return rows[:0]
        marked = np.zeros(part.count, np.bool_)
        marked[np.searchsorted(part.starts, (at - part.base).astype(part.starts.dtype), "right") - 1] = True
        return rows[marked[rows]]


def marked_in(view: View, marks: Marks) -> View:
    """Those rows of a view that are marked now; `follow` it as the view grows, and `look` at what waits in it."""
    found = View.of([FileRows(rows.file, _Marked(marks), rows) for rows in view.rows])
    follow(found, marks)
    return found


def follow(marked: View, marks: Marks) -> None:
    """Take in what the view beneath has gained since. Parts that hold marks wait, for there may be very many."""
    marked.extend()
    nothing = np.empty(0, np.uint32)
    for rows in marked.rows:
        at = marks.of(rows.file)
        for part in rows.waiting():
            if not len(_of_part(at, part)):
                rows.keep(part, nothing)
    marked.recount()


def _marked(at: Bytes, spans: Spans) -> npt.NDArray[np.bool_]:
    """bool[n]: which records hold a marked byte."""
    return np.asarray(np.searchsorted(at, spans[:, 0]) < np.searchsorted(at, spans[:, 1]))


def _within(at: Bytes, spans: Spans) -> npt.NDArray[np.bool_]:
    """bool[m]: which marked bytes lie in one of the records."""
    place = np.searchsorted(spans[:, 0], at, "right") - 1
    return np.asarray((place >= 0) & (at < spans[place, 1])) if len(spans) else np.zeros(len(at), np.bool_)


def _of_part(at: Bytes, part: Part) -> Bytes:
    """The marked bytes that lie in a part."""
    return at[int(np.searchsorted(at, part.start_of(0))) : int(np.searchsorted(at, part.stop))]
