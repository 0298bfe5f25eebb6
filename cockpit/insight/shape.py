"""The shape of one message: its constant words and signs, with `<*>` for what varies. Pure.

What is masked is what varies in anybody's logs: words with digits, dates, paths, hosts, long hexadecimal words, units
behind a number; a list of such things is one, and what stands in brackets behind one and is nothing but that is left
out. Which plain words vary is not told here but by many shapes (see the miner).
"""

from __future__ import annotations

import re
from functools import lru_cache

HOLE = b"<*>"
Shape = tuple[bytes, ...]
"""Words and signs; a blank at the head of one says that it stood apart from the one before."""

_MOST = 150  # words and signs of a message
_WORD = re.compile(rb" ?[A-Za-z0-9_.\-/\\@$#*+%&~?\x80-\xff]+| ?[^\sA-Za-z0-9]")
_BLANKS = re.compile(rb"[\s\x00]+")
_DATE = frozenset(b"Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec Mon Tue Wed Thu Fri Sat Sun".split())
_UNITS = frozenset(b"% B KB MB GB TB KiB MiB GiB kB us ns ms s sec secs min".split())
_VARIES = re.compile(
    rb".*0.*|[~.]{0,2}/[^/]+/.*|/[\w.\-]+|\./.*|[A-Za-z]:?\\.*|\\\\.*|[\w.\-]+/[\w.\-/]*[./_][\w.\-/]*"
    rb"|[0-9a-f]{8,}|[0-9A-F]{8,}|(?:[a-z\-]+\.){2,}[a-z]{2}"
    rb"|(?:[a-zA-Z\-]+\.)+(?:com|net|org|edu|gov|info|biz|local|internal|lan|arpa|cloud)"
    rb"|[^@]+@[^@]+\.[^@]+"
)
_NAMED_PLACE = re.compile(rb"\w+(?:[.-]\w+)+")  # before a port or the number of a line
_SHORT_HEX = re.compile(rb"[0-9a-fA-F]{1,4}")
_JOINS = frozenset((b",", b":", b";", b"-", b"<", b"@", b".", b"+", b"=", b"~", b"|", b"/"))
_STATUS = re.compile(rb"(?:[1-5]\d\d|-1)? [A-Z]+ ")  # and a method
_NUMERIC = re.compile(rb"[\w.\-]*[0-9][\w.\-]*")
_OPENING = {b")": b"(", b"]": b"[", b"}": b"{"}


def shape_of(masked: bytes) -> Shape:
    """The shape of a message in which words with a digit are `0` already."""
    words = _WORD.findall(_BLANKS.sub(b" ", masked).strip())[:_MOST]
    return collapsed(tuple(_hidden(word) for word in words))


def bare(word: bytes) -> bytes:
    """A word without the blank before it."""
    return word[1:] if word[:1] == b" " else word


def is_plain(word: bytes) -> bool:
    """Whether it is a word of letters, not a sign nor what varies."""
    return HOLE not in word and any(97 <= byte | 0x20 <= 122 for byte in word)


def with_hole(shape: Shape, nth: int) -> Shape:
    """A shape in which one word more varies."""
    blank = b" " if shape[nth][:1] == b" " else b""
    return (*shape[:nth], blank + HOLE, *shape[nth + 1 :])


def printed(shape: Shape) -> str:
    """How a shape prints."""
    return b"".join(shape).decode("utf-8", "replace").strip()


def collapsed(shape: Shape) -> Shape:
    """A shape in which what varies side by side is one."""
    while True:
        found = _collapsed_once(shape)
        if len(found) == len(shape):
            return found
        shape = found


@lru_cache(1 << 14)
def _hidden(word: bytes) -> bytes:
    text = bare(word)
    if text in _DATE or _VARIES.fullmatch(text):
        return b" " + HOLE if word != text else HOLE
    return word


def _collapsed_once(shape: Shape) -> Shape:
    words: list[bytes] = [b"", b""]  # so that there always are two before
    for word in shape:
        kept = _after_hole(words, word) if bare(words[-1]) == HOLE else _with_before(words, word)
        if kept is not None:
            words.append(kept)
    return tuple(words[2:])


def _after_hole(words: list[bytes], word: bytes) -> bytes | None:
    """What is kept of a word behind something that varies; what it makes needless before it is taken out of `words`."""
    text, before = bare(word), bare(words[-2])
    if text == HOLE or text in _UNITS:
        return None
    if text in _OPENING and before == _OPENING[text] and (text == b")" or bare(words[-3]) == HOLE):
        del words[-2:]  # nothing but that in brackets
        return None
    return word


def _with_before(words: list[bytes], word: bytes) -> bytes | None:
    """The same behind anything else."""
    text, last, before = bare(word), bare(words[-1]), bare(words[-2])
    if text in _OPENING and last == _OPENING[text] and len(words) > 3:
        words.pop()
        return None
    if before == HOLE and _goes_on(last, text):
        words.pop()
        return None
    if word == HOLE and words[-1] == b" <":  # less than a number
        words.pop()
        return b" " + HOLE
    if word == HOLE and words[-1] == b":" and _NAMED_PLACE.fullmatch(before):
        del words[-2:]
        return b" " + HOLE
    return word


def _goes_on(sign: bytes, text: bytes) -> bool:
    """Whether what varies goes on with this sign and word: a list, an address, a query."""
    if text == HOLE:
        return sign in _JOINS
    return (sign == b":" and _SHORT_HEX.fullmatch(text) is not None) or (sign == b"=" and b"&" in text)


def request_shape(masked: bytes) -> Shape:
    """The shape of `500 GET /cart/0?page=0`: status and method as they are, the path piece by piece, no query."""
    if not _STATUS.match(masked):
        return shape_of(_NUMERIC.sub(b"0", masked))
    path = masked.partition(b"?")[0]
    pieces = re.findall(rb" ?/| ?[^/\s]+", path)[:_MOST]
    return tuple(_hidden_piece(piece) if nth else piece for nth, piece in enumerate(pieces))


def _hidden_piece(piece: bytes) -> bytes:
    text = bare(piece)
    varies = b"0" in text or len(text) > 30 or re.fullmatch(rb"[0-9a-fA-F]{8,}|[^@]+@.+|.*%.*", text)
    if not varies:
        return piece
    return b" " + HOLE if text != piece else HOLE
