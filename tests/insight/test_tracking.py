"""Lines followed back through the changes of a file."""

from __future__ import annotations

import difflib

from hypothesis import given
from hypothesis import strategies as st

from cockpit.history.diff import FileChange, parse_patch
from cockpit.insight.tracking import followed


def change(before: list[str], after: list[str]) -> FileChange:
    """What git says of a file that was one and became the other."""
    told = difflib.unified_diff(before, after, "a/cart.py", "b/cart.py", n=0, lineterm="")
    return (
        *parse_patch(("diff --git a/cart.py b/cart.py\n" + "\n".join(told)).encode()),
        FileChange("cart.py", "cart.py"),
    )[0]


versions = st.lists(
    st.lists(st.sampled_from([f"line {number}" for number in range(12)]), unique=True, min_size=1, max_size=12),
    min_size=2,
    max_size=5,
)


@given(versions, st.data())
def test_the_commit_that_wrote_a_line_touches_it(texts: list[list[str]], data: st.DataObject) -> None:
    """The newest text is the first; every line's first commit that touches it is the one in which it appears."""
    place = data.draw(st.integers(0, len(texts[0]) - 1))
    history = [
        (str(number), (change(before, after),))
        for number, (after, before) in enumerate(zip(texts, [*texts[1:], []], strict=True))
    ]
    wrote = _writer(texts, history, place)
    steps = {each.sha: each for each in followed(history, "cart.py", place + 1, (place + 1, place + 1), "")}
    assert steps[wrote].away == 0
    assert all(steps[sha].away > 0 for sha, _ in history[: int(wrote)])


def _writer(texts: list[list[str]], history: list[tuple[str, tuple[FileChange]]], place: int) -> str:
    """By the numbers that the lines of the hunks have."""
    number = place + 1
    for (sha, (each,)), _ in zip(history, texts, strict=True):
        added = {line.new_number for hunk in each.hunks for line in hunk.lines if line.kind == "+"}
        if number in added:
            return sha
        gone = sorted(line.old_number or 0 for hunk in each.hunks for line in hunk.lines if line.kind == "-")
        number -= sum(line < number for line in added if line is not None)
        for line in gone:
            number += line <= number
    return history[-1][0]


def test_a_renamed_file_is_followed() -> None:
    first = FileChange("old.py", "old.py", "A", hunks=change([], ["a", "b"]).hunks)
    moved = FileChange("new.py", "old.py", "R")
    steps = list(followed([("2", (moved,)), ("1", (first,))], "new.py", 2, (1, 2), ""))
    assert [(each.sha, each.path, each.within, each.created) for each in steps] == [
        ("2", "new.py", False, False),
        ("1", "old.py", True, True),
    ]


def test_a_function_is_known_by_its_name_too() -> None:
    one = change([f"{n}" for n in range(20)], [f"{n}" for n in range(19)])
    one.hunks[0].heading = "def total(items):"
    for name, within in (("total", True), ("tot", False), ("items", True)):
        assert next(followed([("1", (one,))], "cart.py", 1, (1, 2), name)).within is within
