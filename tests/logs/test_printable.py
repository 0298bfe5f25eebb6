"""Printable: no byte of a log reaches the terminal as anything but a picture."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from cockpit.logs.printable import printable, text_of

PIECES = (
    b"\x1b",
    b"[31m",
    b"[",
    b"0;1;38:5:2m",
    b"]0;owned\x07",
    b"\x9b",
    b"\xc2\x9b",
    b"\t",
    b"\r",
    b"\0",
    b"\x7f",
    b"\xff",
    b"a",
    b"\xe2\x80\xae",
    b"\xf0\x9f",
)
ONE_LINE = st.binary(max_size=200).filter(lambda data: b"\n" not in data) | st.lists(st.sampled_from(PIECES)).map(
    b"".join
)


@given(ONE_LINE)
@example(bytes(byte for byte in range(256) if byte != 10))
@example(b"\x1b\x1b[0m[31m")
@example(b"\x1b[\x1b[0m31m")
def test_no_bytes_become_anything_that_a_terminal_obeys(data: bytes) -> None:
    shown = printable(text_of(data))
    assert "\x1b" not in shown
    assert not [letter for letter in shown if unicodedata.category(letter) in ("Cc", "Cs", "Zl", "Zp")]


@given(ONE_LINE)
def test_what_is_printable_stays_as_it_is(data: bytes) -> None:
    shown = printable(text_of(data))
    assert printable(shown) == shown


@given(st.text(st.characters(categories=["L", "N", "P", "S"], include_characters=" ")))
def test_nothing_of_an_ordinary_text_is_lost(text: str) -> None:
    assert printable(text_of(text.encode())) == text


@pytest.mark.parametrize("code", [*range(0x202A, 0x202F), *range(0x2066, 0x206A), 0x200E, 0x200F, 0x200B, 0xFEFF])
def test_letters_that_reorder_or_hide_text_are_shown_by_their_number(code: int) -> None:
    assert printable(f"safe{chr(code)}txt") == f"safe\\u{code:04x}txt"


@pytest.mark.parametrize(
    ("data", "shown"),
    [
        (b"plain", "plain"),
        (b"", ""),
        (b"\x1b[1;31mred\x1b[0m and \x1b[38;2;1;2;3mmore\x1b[m", "red and more"),
        (b"\x1b[38:2::1:2:3mcolons", "colons"),
        (b"\x1b]0;owned\x07", "␛]0;owned␇"),
        (b"\x1b[2J\x1b[?25l", "␛[2J␛[?25l"),
        (b"a\tb\tc", "a   b   c"),
        (b"\x1b[31mab\x1b[0m\tc", "ab  c"),
        (b"caf\xe9 \xff", "caf\\xe9 \\xff"),
        (b"nul \0 del \x7f cr \r", "nul ␀ del ␡ cr ␍"),
        ("ü 日本 👍🏽 [/b]".encode(), "ü 日本 👍🏽 [/b]"),
        (b"\xc2\x9b31m", "\\x9b31m"),
    ],
)
def test_what_stands_in_logs_is_shown_for_what_it_is(data: bytes, shown: str) -> None:
    assert printable(text_of(data)) == shown
