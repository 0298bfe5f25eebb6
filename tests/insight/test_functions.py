"""Functions found around a line in several languages, without a grammar."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cockpit.insight.functions import Span, defined, function_around, function_named

PYTHON = """import os

class Cart:
    def count(self):
        return 1

    def total(
        self, items,
    ):
        for item in items:

            yield item

        return 2

LIMIT = 3"""

C = """#include <a.h>

static int
sum_cart(struct cart *cart,
         int count)
{
    int i;
#ifdef DEEP
    for (i = 0; i < count; i++) {
        FOR_EACH_ITEM (item, cart) {
            i += item->price;
        }
    }
#endif
out:
    return i;
}

int other(void) {
    return 1;
}"""

JAVA = """package shop;
public class Cart {
    private int count;

    public int sum(List<Item> items) {
        if (items == null) {
            return 0;
        }
        return 1;
    }
}"""


@pytest.mark.parametrize(
    ("text", "number", "span"),
    [
        (PYTHON, 5, Span(4, 5, "count")),
        (PYTHON, 4, Span(4, 5, "count")),
        (PYTHON, 12, Span(7, 14, "total")),
        (PYTHON, 8, Span(7, 14, "total")),
        (C, 11, Span(4, 17, "sum_cart")),
        (C, 16, Span(4, 17, "sum_cart")),
        (C, 20, Span(19, 21, "other")),
        (JAVA, 7, Span(5, 10, "sum")),
        (JAVA, 9, Span(5, 10, "sum")),
    ],
)
def test_a_function_is_found_around_a_line(text: str, number: int, span: Span) -> None:
    assert function_around(text.split("\n"), number) == span


@pytest.mark.parametrize(
    ("line", "name"),
    [
        ("async def total(self):", "total"),
        ("export default async function total(items) {", "total"),
        ("const total = async (items) => {", "total"),
        ("func (c *Cart) Total(items []Item) int {", "Total"),
        ("pub(crate) unsafe fn total<T>(items: T) {", "total"),
        ("  def self.total(items)", "total"),
        ("    suspend fun total(items: List<Item>): Int {", "total"),
        ("int shop::Cart::total(int a) const {", "total"),
        ("  total(items) {", "total"),
        ("    total(items);", ""),
        ("    if (items) {", ""),
        ("    LIST_FOR_EACH (item, items) {", ""),
        ("x = total(items)", ""),
        ("# total(items)", ""),
        ("", ""),
    ],
)
def test_the_line_that_begins_a_function_is_told(line: str, name: str) -> None:
    assert defined(line) == name


def test_of_several_functions_of_a_name_the_nearest_is_meant() -> None:
    lines = ["def a():", "    pass", "", "def b():", "    pass", "", "def a():", "    pass"]
    assert function_named(lines, "a", 6) == Span(7, 8, "a")
    assert function_named(lines, "a", 2) == Span(1, 2, "a")
    assert function_named(lines, "c", 2) is None


@given(st.lists(st.text(alphabet=" abc(){}:;*#=\t", max_size=40), max_size=30), st.integers(-3, 60))
def test_any_text_has_some_lines_around(lines: list[str], number: int) -> None:
    span = function_around(lines, number)
    assert span.first >= 1
    assert span.last <= max(1, len(lines))
