"""Whether somebody else fails, by what the errors say and whom the requests called."""

from __future__ import annotations

import pytest

from cockpit.insight.dependency import by_dependency, peers_of, text_of
from cockpit.insight.symptoms import peers_in
from cockpit.insight.verdicts import Verdict
from tests.insight.tellings import failing, others, request, saying, told


@pytest.mark.parametrize(
    "message",
    [
        "connection refused by pay.example.com:443",
        "x509: certificate has expired for pay.example.com",
        "lookup pay.example.com: no such host",
        "pay.example.com answered 429 Too Many Requests",
        "pay.example.com: 503 Service Unavailable",
        "read timed out, host='pay.example.com'",
        "connection reset by peer: https://pay.example.com/v1/charge",
    ],
)
def test_a_peer_that_does_not_answer_is_likely_and_named(message: str) -> None:
    wrong = saying(message)
    right = others(*[{"items": 3}] * 200)
    found = by_dependency(wrong, right)
    assert found.verdict is Verdict.LIKELY
    assert found.why[0].startswith("100 % of the errors say “")
    assert found.why[0].endswith("” or the like: a peer fails.")
    assert found.facts["peers"][0]["peer"] == "pay.example.com"
    assert found.facts["peers"][0]["errors_share"] == 1.0
    assert "curl" in found.test


def test_a_peer_named_by_a_field() -> None:
    wrong = [
        request(at, {"upstream": "stock.internal:8080"}, wrong=True, message="upstream: connection reset")
        for at in range(20)
    ]
    right = others(*[{"upstream": name} for name in ("cart.internal:80", "user.internal:80") * 100])
    found = by_dependency(wrong, right)
    assert found.verdict is Verdict.LIKELY
    assert any("stock.internal" in why and "0 % of others" in why for why in found.why)


def test_a_peer_that_all_call_stands_out_in_nothing() -> None:
    wrong = failing(*[{"db": "main.internal"}] * 30)
    right = others(*[{"db": "main.internal"}] * 300)
    found = by_dependency(wrong, right)
    assert found.verdict is Verdict.UNLIKELY
    assert found.why == ("No error tells of a peer that does not answer, refuses or limits.",)


@pytest.mark.parametrize(
    "message",
    [
        "QueuePool limit of size 5 reached, connection timed out",
        "HikariPool-1 - Connection is not available, request timed out after 30000ms",
        "too many open files",
        "no free connection in pool",
    ],
)
def test_a_pool_that_is_full_is_no_dependency(message: str) -> None:
    found = by_dependency(saying(message), others(*[{"items": 3}] * 200))
    assert found.verdict is Verdict.UNLIKELY
    assert any("something is full here" in why for why in found.why)


def test_an_error_of_ones_own_is_unlikely() -> None:
    found = by_dependency(
        saying("unhandled exception", gist="TypeError: unsupported operand"), others(*[{"items": 3}] * 200)
    )
    assert found.verdict is Verdict.UNLIKELY
    assert found.facts["peers"] == []


def test_ones_own_status_does_not_tell_of_others() -> None:
    assert text_of(told(message="503 GET /cart", fields={"status": 503, "error": "broken"}, wrong=True)) == (
        "GET /cart  broken"
    )


def test_without_errors_it_cannot_be_told() -> None:
    found = by_dependency([], others(*[{"items": 3}] * 20))
    assert found.verdict is Verdict.CANNOT_TELL
    assert found.facts == {"peers": []}


def test_with_nothing_to_compare_the_words_tell() -> None:
    found = by_dependency(saying("connection refused by pay.example.com:443"), [])
    assert found.verdict is not Verdict.CANNOT_TELL
    assert found.facts["peers"][0]["peer"] == "pay.example.com"


@pytest.mark.parametrize(
    ("text", "peers"),
    [
        ("GET https://user:secret@pay.example.com:8443/v1 failed", {"pay.example.com"}),
        ("dial tcp 10.0.0.7:5432: connect", {"10.0.0.7"}),
        ("redis://cache.internal/0", {"cache.internal"}),
        ('File "cart.py:12", main.go:7', set()),
        ("it is done. Then nothing", set()),
    ],
)
def test_hosts_in_a_text(text: str, peers: set[str]) -> None:
    assert peers_in(text) == peers


def test_whom_a_request_called() -> None:
    made = request(0, {"db_host": "DB1", "error": "timeout of https://pay.example.com/x"}, wrong=True)
    assert peers_of(made) == {"db1", "pay.example.com"}


def test_where_people_live_is_no_peer() -> None:
    (told,) = failing({"address": "7 High Street", "upstream": "db-1"})
    assert peers_of(told) == {"db-1"}
