"""Signatures of messages: what is alike is one, nothing is lost, and nothing grows without bound."""

from __future__ import annotations

import random
from itertools import product

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from cockpit.insight.miner import CATCH_ALL, Kind, Miner
from tests.insight.loghub import annotated, grouping_accuracy, sets

WORDS = ("cart", "user", "failed", "opened", "17", "0x7f", "/srv/shop", "(", ")", "=", "ana", "2.5ms", "<*>", "…")
texts = st.lists(st.sampled_from(WORDS), max_size=8).map(" ".join) | st.text(max_size=40)
blocks = st.lists(st.lists(texts, min_size=1, max_size=20), max_size=5)


def block(*texts: str) -> bytes:
    return b"".join(text.replace("\n", " ").encode("utf-8", "replace") + b"\n" for text in texts)


def templates(*texts: str, kind: Kind = Kind.MESSAGES) -> list[str]:
    """The template that each of these messages has in the end."""
    miner = Miner()
    numbers = miner.resolved(miner.take(block(*texts), kind))
    by_number = {each.number: each.template for each in miner.signatures()}
    return [by_number[number] for number in numbers.tolist()]


def test_what_has_digits_varies() -> None:
    one, other = templates("Cart 17 of user_9 took 2.5 ms", "Cart 4 of user_12 took 31 ms")
    assert one == other == "Cart <*> of <*> took <*>"


@pytest.mark.parametrize(
    ("text", "template"),
    [
        ("connect to 10.0.0.1:5432 failed", "connect to <*> failed"),
        ("GET /api/items/77 from ana@shop.example.org", "GET <*> from <*>"),
        ("id=6f1c9a4e-77aa-4b1d-9f3e-1c2d3e4f5a6b key=deadbeefcafe", "id=<*> key=<*>"),
        ("opened at Mon Nov 23 10:02:11 2026", "opened at <*>"),
        ("read 12 KB (3 %) of [1, 2, 3]", "read <*> of [<*>]"),
        ("no cart", "no cart"),
        ("", ""),
        ("17", "<*>"),
        ("Größe überschritten: 17", "Größe überschritten: <*>"),
    ],
)
def test_templates(text: str, template: str) -> None:
    assert templates(text) == [template]


def test_a_plain_word_with_many_values_varies() -> None:
    names = ("ana", "ben", "cho", "dan", "eve")
    assert set(templates(*(f"session closed for user {name}" for name in names))) == {"session closed for user <*>"}


def test_few_values_tell_different_things_apart() -> None:
    assert templates("worker main has started", "worker main has stopped") == [
        "worker main has started",
        "worker main has stopped",
    ]


def test_a_plain_word_where_others_have_a_number_varies() -> None:
    assert set(templates("synchronized with server 10.0.0.1 now", "synchronized with server local now")) == {
        "synchronized with server <*> now"
    }


def test_words_that_vary_together_are_found() -> None:
    chance = random.Random(1)
    names = ["".join(chance.choices("abcdefghij", k=6)) for _ in range(200)]
    found = templates(*(f"user {name} bought {chance.choice(names)} in the shop" for name in names))
    assert set(found) == {"user <*> bought <*> in the shop"}


def test_many_errors_that_begin_alike_are_told_apart() -> None:
    chance = random.Random(5)
    words = ["".join(chance.choices("abcdefghij", k=6)) for _ in range(300)]
    said = [f"Failed to {' '.join(chance.choices(words, k=4))}" for _ in range(100)]
    assert templates(*said) == said


def test_requests_keep_status_and_method() -> None:
    found = templates(
        "200 GET /cart/7?page=2",
        "200 GET /cart/81",
        "500 GET /cart/7",
        "200 POST /cart",
        "400 \\x16\\x03",
        kind=Kind.REQUESTS,
    )
    assert found == ["200 GET /cart/<*>", "200 GET /cart/<*>", "500 GET /cart/<*>", "200 POST /cart", "<*>"]


def test_the_id_of_a_signature_stays_while_its_template_comes_to_say_less() -> None:
    miner = Miner()
    miner.take(block("session closed for user ana"))
    (before,) = miner.signatures()
    miner.take(block(*(f"session closed for user {name}" for name in ("ben", "cho", "dan", "eve", "flo"))))
    (after,) = miner.signatures()
    assert (before.template, after.template) == ("session closed for user ana", "session closed for user <*>")
    assert after.id == before.id
    assert after.count == 6
    assert len(after.id) == 8


def test_the_id_of_a_signature_that_went_into_another_leads_there() -> None:
    miner = Miner()
    names = ("ana", "ben", "cho", "dan", "eve")
    ids = []
    for name in names:
        miner.take(block(f"session closed for user {name}"))
        ids.append(miner.id_of(int(miner.take(block(f"session closed for user {name}"))[0])))
    (one,) = miner.signatures()
    assert [miner.number_of(each) for each in ids] == [one.number] * len(names)
    assert miner.number_of("ffffffff") is None


@given(blocks)
def test_no_message_is_lost_whatever_it_is(many: list[list[str]]) -> None:
    miner = Miner()
    numbers = [miner.take(block(*texts)) for texts in many]
    assert [len(each) for each in numbers] == [len(texts) for texts in many]
    assert sum(each.count for each in miner.signatures()) == sum(map(len, many))
    known = {each.number for each in miner.signatures()}
    assert all(set(miner.resolved(each).tolist()) <= known for each in numbers)


@given(blocks)
def test_equal_messages_are_one_and_a_second_run_gives_the_same(many: list[list[str]]) -> None:
    runs = []
    for _ in range(2):
        miner = Miner()
        numbers = [miner.take(block(*texts)) for texts in many]
        resolved = [number for each in numbers for number in miner.resolved(each).tolist()]
        runs.append([miner.id_of(number) for number in resolved])
        by_text: dict[str, int] = {}
        for text, number in zip((text for texts in many for text in texts), resolved, strict=True):
            assert by_text.setdefault(text.replace("\n", " "), number) == number
    assert runs[0] == runs[1]


@given(blocks)
def test_what_became_one_stays_one(many: list[list[str]]) -> None:
    miner = Miner()
    numbers = np.empty(0, np.int32)
    together: set[tuple[int, int]] = set()
    for texts in many:
        numbers = np.append(numbers, miner.take(block(*texts)))
        groups: dict[int, int] = {}
        now = {
            (groups.setdefault(number, nth), nth) for nth, number in enumerate(miner.resolved(numbers).tolist())
        }  # each with the first of its group
        resolved = miner.resolved(numbers)
        assert all(resolved[one] == resolved[other] for one, other in together)
        together = now


@given(blocks, st.randoms(use_true_random=False))
def test_the_order_of_blocks_loses_no_message(many: list[list[str]], chance: random.Random) -> None:
    shuffled = chance.sample(many, len(many))
    miner = Miner()
    for texts in shuffled:
        miner.take(block(*texts))
    assert int(miner.counts().sum()) == sum(map(len, many))


def test_many_distinct_messages_are_folded_and_the_frequent_ones_kept() -> None:
    miner = Miner(live=100)
    letters = "abcdefghijklmnopqrstuvwxyz"
    words = ["".join(each) for each in product(letters, repeat=3)]
    chance = random.Random(2)
    given_out, size = 0, []
    for _ in range(40):
        rare = [" ".join(chance.choices(words, k=chance.randrange(2, 9))) for _ in range(500)]
        miner.take(block(*rare, *["the database is gone"] * 20))
        given_out += 520
        size.append(miner.size)
    signatures = {each.template: each for each in miner.signatures()}
    assert len(signatures) <= 101
    assert size[-1] == size[20]  # no number more, since it is crowded
    assert signatures["the database is gone"].count >= 37 * 20  # not those that came while too many came
    assert signatures["<*>"].number == CATCH_ALL
    assert signatures["<*>"].count > given_out / 2
    assert sum(each.count for each in signatures.values()) == given_out


def test_a_new_message_is_noticed_though_there_are_too_many_kinds() -> None:
    miner = Miner(live=50)
    chance = random.Random(3)
    for _ in range(20):
        miner.take(block(*("".join(chance.choices("abcdefghij ", k=30)) for _ in range(100))))
    for _ in range(3):
        miner.take(block(*["payment refused by the bank"] * 20))
    found = {each.template: each.count for each in miner.signatures()}
    assert found["payment refused by the bank"] >= 59  # the first time it is taken for one of the many


def test_odd_messages() -> None:
    miner = Miner()
    numbers = miner.take(
        b"\n" + b"x" * 1_000_000 + b"\n" + bytes(set(range(256)) - {10}) + b"\n" + b" \t \n\xff\xfe 17\n"
    )
    assert len(numbers) == 5
    assert sum(each.count for each in miner.signatures()) == 5


def test_nothing_gives_nothing() -> None:
    miner = Miner()
    assert miner.take(b"").dtype == np.int32
    assert len(miner.take(b"")) == 0
    assert miner.signatures() == []


@pytest.mark.skipif(not sets(), reason="the sets of logs are not here")
def test_groups_are_those_that_people_have_made() -> None:
    found = []
    for name in sets():
        messages, events = annotated(name)
        miner = Miner()
        numbers = miner.take(b"".join(message + b"\n" for message in messages))
        found.append(grouping_accuracy(miner.resolved(numbers).tolist(), events))
    assert sum(found) / len(found) >= 0.98
    assert min(found) >= 0.9
