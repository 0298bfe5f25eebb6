"""Makes any bytes safe to draw: nothing that a terminal would obey, nothing hidden, tabs at their width."""

from __future__ import annotations

import re

COLOURS = re.compile(r"\x1b\[[0-9;:]*m")
_CONTROL = {code: chr(0x2400 + code) for code in range(32) if code not in (9, 10)}
_CONTROL[127] = "␡"
_CONTROL |= {code: f"\\x{code:02x}" for code in range(0x80, 0xA0)}
_CONTROL |= {
    code: f"\\u{code:04x}" for code in (*range(0x200B, 0x2010), *range(0x2028, 0x202F), *range(0x2066, 0x206A))
}
_CONTROL[0xFEFF] = "\\ufeff"


def text_of(data: bytes) -> str:
    """Bytes as text; bytes that are no UTF-8 show as `\\xNN`."""
    return data.decode("utf-8", "backslashreplace")


def printable(text: str) -> str:
    """One line of text as it may be drawn: colours taken out, control characters shown as pictures, tabs as spaces."""
    if text.isascii() and text.isprintable():
        return text
    if "\x1b" in text:
        text = COLOURS.sub("", text)
    if "\t" in text:
        text = text.expandtabs(4)
    return text.translate(_CONTROL)


def number(count: int) -> str:
    """`1 284 441`"""
    return f"{count:,}".replace(",", " ")
