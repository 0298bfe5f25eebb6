"""Words are found where they stand, by whichever piece of them, whatever the bytes were that it was chosen by."""

import re

from hypothesis import given, settings
from hypothesis import strategies as st

from cockpit.logs.words import probe

_LETTERS = st.sampled_from(b"aAbB1 \xc3\xbc")
_TEXT = st.lists(_LETTERS, max_size=300).map(bytes)
_WORD = st.lists(_LETTERS, min_size=1, max_size=16).map(bytes)


def _all_of(word: bytes, data: bytes, *, fold: bool) -> list[int]:
    if fold:
        word, data = word.lower(), data.lower()
    return [at for at in range(len(data) - len(word) + 1) if data.startswith(word, at)]


@settings(deadline=None)
@given(_WORD, _TEXT, _TEXT, st.booleans(), st.booleans())
def test_a_word_is_found_where_it_stands(word: bytes, data: bytes, seen: bytes, fold: bool, padded: bool) -> None:
    fold = fold and word.isascii()
    data = b"." * 5000 * padded + data + word + b"." * 5000 * padded  # rare, or in every few bytes
    found = sorted(probe(word, seen, fold=fold).places(data).tolist())
    there = _all_of(word, data, fold=fold)
    assert set(found) <= set(there)
    assert all(any(0 <= at - one < len(word) for one in found) for at in there)  # only overlapping ones are left out


@given(st.lists(st.sampled_from([b"timeout", b"TimeOut", b"time", b"out", b"." * 4000]), max_size=30))
def test_a_word_in_any_case_is_found_among_others_like_it(pieces: list[bytes]) -> None:
    data = b" ".join(pieces)
    found = sorted(probe(b"TIMEOUT", b"time time out", fold=True).places(data).tolist())
    assert found == [match.start() for match in re.finditer(b"timeout", data, re.IGNORECASE)]


def test_the_piece_is_one_that_the_lines_do_not_share() -> None:
    lines = b"".join(b"Request %d handled\n" % n for n in range(700_000, 701_000))
    chosen = probe(b"Request 2500077 ", lines, fold=False)
    assert [piece.search(lines) for piece in chosen.pieces] == [None]
