"""The shape of a message: what varies is masked, what is constant stays and can be searched for."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cockpit.insight.signature import signature_of, template_of


@pytest.mark.parametrize(
    ("message", "template"),
    [
        ("Request 17 handled in 0.003s", "Request <*> handled in <*>s"),
        ("cart 5d1c7a3e-9b1f-4a8e-8f2c-0a1b2c3d4e5f gone", "cart <*> gone"),
        ("token deadbeef01 at 0x7ffe refused", "token <*> at <*> refused"),
        ("refused from 10.0.0.7:5432", "refused from <*>"),
        ("no file 'cart.py' in \"/srv/a b\"", "no file <*> in <*>"),
        ("the user can't pay, won't they", "the user can't pay, won't they"),
        ("failed status=500 user=ana, again", "failed status=<*> user=<*>, again"),
        ("GET /api/v1/items/977 took 1,204 ms", "GET /api/v<*>/items/<*> took <*> ms"),
        ("req-8f2a91c0b7d1 expired", "<*> expired"),
        ("2026-11-23 10:00:01 up", "<*>-<*>-<*> <*> up"),
        ("", ""),
        ("'half quoted", "'half quoted"),
        ("pool exhausted", "pool exhausted"),
    ],
)
def test_what_varies_is_masked(message: str, template: str) -> None:
    assert template_of(message) == template


def test_the_longest_constant_words_come_first() -> None:
    assert signature_of("Cart 17 of user 9 has no price").words == ("has no price", "of user", "Cart")
    assert signature_of("17 9 2026").words == ()


@given(st.integers(0, 10**12), st.integers(0, 10**12), st.text("abc xyz", max_size=20))
def test_records_that_differ_in_numbers_only_have_one_signature(one: int, other: int, text: str) -> None:
    assert signature_of(f"{text} {one} failed") == signature_of(f"{text} {other} failed")


@given(st.text(max_size=300))
def test_each_word_stands_in_the_message(message: str) -> None:
    assert all(word in message for word in signature_of(message).words)


def test_a_message_without_end_takes_no_time() -> None:
    assert len(template_of('"\\' * 500_000 + "1" * 500_000)) <= 4000
