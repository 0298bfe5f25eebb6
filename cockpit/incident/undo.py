"""Undo: an `undone` entry names an entry that no longer counts; another may undo that one, and so on.

Nothing leaves the journal, and the files of evidence stay. An entry can be undone only by a later one, so whatever
the journal, there is an answer.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from cockpit.incident.journal import Entry

UNDONE = "undone"
CLOSED, REOPENED = "incident.closed", "incident.reopened"
_ROOMS = ("hypothesis", "experiment", "marker", "evidence", "check")


def may_be_undone(entry: Entry) -> bool:
    """Whether it is of a type that can be undone; a note is in its file too, where the editor undoes.

    That an experiment was started and has ended is what happened, not what somebody said.
    """
    if entry.type in ("experiment.started", "experiment.ended"):
        return False
    return entry.type.partition(".")[0] in _ROOMS or entry.type in (UNDONE, CLOSED, REOPENED, "note.linked")


def target_of(entry: Entry) -> str:
    """The id that an `undone` entry names."""
    return str(entry.data.get("entry"))


def no_longer_counting(ordered: Iterable[Entry], known: Mapping[str, Entry]) -> set[str]:
    """Ids of the entries that do not count, of entries in the order of their ids, all of them known by id."""
    gone: set[str] = set()
    for entry in reversed([each for each in ordered if each.type == UNDONE]):
        target = known.get(target_of(entry))
        if entry.id not in gone and target is not None and target.id < entry.id and may_be_undone(target):
            gone.add(target.id)
    return gone


def last_own(ordered: list[Entry], by: str) -> Entry | None:
    """The last entry by a person that undo would take back: what was undone, and undoing itself, are passed over."""
    gone = no_longer_counting(ordered, {each.id: each for each in ordered})
    return next(
        (
            each
            for each in reversed(ordered)
            if each.by == by and each.type != UNDONE and each.id not in gone and may_be_undone(each)
        ),
        None,
    )


def concerned(entry: Entry, known: Mapping[str, Entry]) -> Entry:
    """The entry that counts again or no longer: where an `undone` leads to, in the end."""
    while entry.type == UNDONE:
        target = known.get(target_of(entry))
        if target is None or target.id >= entry.id:
            break
        entry = target
    return entry
