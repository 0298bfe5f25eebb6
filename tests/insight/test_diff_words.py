"""Words of an error's message, and diffs that have them."""

from __future__ import annotations

from cockpit.history.diff import parse_patch
from cockpit.insight.diff_words import changed_words, rarities, words_of

PATCH = b"""diff --git a/cart.py b/cart.py
--- a/cart.py
+++ b/cart.py
@@ -1,3 +1,3 @@
 kept_word
-old_total = 1
+new_total = price_cents
"""


def test_names_count_and_common_words_do_not() -> None:
    assert words_of("KeyError: 'price_cents' not found in the request of ana") == (
        "KeyError",
        "price_cents",
        "found",
        "ana",
    )
    assert words_of("") == ()


def test_only_lines_that_changed_are_looked_at() -> None:
    files = parse_patch(PATCH)
    assert changed_words(files, ("kept_word", "old_total", "price_cents", "price")) == {"old_total", "price_cents"}
    assert changed_words(files, ()) == frozenset()


def test_the_rarer_a_word_the_more_it_says() -> None:
    diffs = [frozenset({"shop", "price"}), frozenset({"shop"}), frozenset({"shop"}), frozenset()]
    found = rarities(("shop", "price", "never"), diffs)
    assert found["price"] > found["shop"] > found["never"] == 0
    assert rarities(("shop",), []) == {}
