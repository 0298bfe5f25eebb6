"""Records: which lines begin one, when, how bad."""

from __future__ import annotations

import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cockpit.clock import from_rfc3339
from cockpit.logs.formats import JSON, TEXT, Format, detect
from cockpit.logs.levels import Level
from cockpit.logs.scan import Scan, scan
from cockpit.logs.times import NONE

NOW = from_rfc3339("2026-11-23T17:00:00Z")

PYTHON = """\
2026-11-23 10:02:11,201 INFO shop Request handled
2026-11-23 10:02:11,204 ERROR shop unhandled exception
Traceback (most recent call last):
  File "cart.py", line 12, in total
    return a + b
TypeError: unsupported operand
2026-11-23 10:02:12,000 WARNING shop errors=0 slow
"""
MIXED_JSON = """\
{"time": "2026-11-23T10:02:11Z", "level": "info", "msg": "started"}
Traceback (most recent call last):
  File "x.py", line 1
ValueError: boom
{"level": 50, "msg": "numbers", "time": 1795428132000}
{"msg": "no level", "time": "2026-11-23T10:02:13.5Z"}
"""


def read(text: str) -> tuple[Format, Scan]:
    form = detect(text.encode().splitlines())
    return form, scan(text.encode(), form, NOW)


def levels(found: Scan) -> list[str]:
    return [Level(level).word for level in found.levels.tolist()]


def test_a_stack_trace_belongs_to_its_record() -> None:
    form, found = read(PYTHON)
    assert form.known is TEXT
    assert found.lines.tolist() == [1, 5, 1]
    assert levels(found) == ["info", "error", "warning"]
    assert found.times[1] == from_rfc3339("2026-11-23T10:02:11.204Z")


def test_a_traceback_between_json_lines_is_an_error_of_its_own() -> None:
    form, found = read(MIXED_JSON)
    assert form.known is JSON
    assert found.lines.tolist() == [1, 3, 1, 1]
    assert levels(found) == ["info", "error", "error", ""]
    assert found.times.tolist()[1] == NONE
    assert found.times.tolist()[2] == 1795428132000000


@pytest.mark.parametrize(
    ("line", "wanted"),
    [
        ('1.2.3.4 - - [23/Nov/2026:10:02:11 +0000] "POST /checkout HTTP/1.1" 500 12 "-" "x"', "error"),
        ('1.2.3.4 - - [23/Nov/2026:10:02:11 +0000] "GET /a HTTP/1.1" 404 12', "warning"),
        ('1.2.3.4 - - [23/Nov/2026:10:02:11 +0000] "GET /500 HTTP/1.1" 200 12', "info"),
        ("time=2026-11-23T10:02:11Z level=warn msg=slow", "warning"),
        ("Nov 23 10:02:11 web kernel: EXT4-fs: errors=remount-ro", ""),
        ("Nov 23 10:02:11 web app: deferred ERROR_LOG 0 errors", ""),
        ("Nov 23 10:02:11 web app: ERROR disk full", "error"),
        ("[Sun Dec 04 04:47:44 2005] [error] mod_jk child in error state 6", "error"),
        ("2026-11-23T10:02:11.201Z  WARN 12 --- [main] o.e.Main : slow", "warning"),
        ("I1123 10:02:11.201000 12 server.go:1] started", "info"),
    ],
)
def test_a_level_is_what_the_line_says_and_nothing_that_only_looks_like_one(line: str, wanted: str) -> None:
    _, found = read(line + "\n")
    assert levels(found) == [wanted]


def test_json_lines_are_read_wherever_their_keys_stand() -> None:
    lines = [
        f'{{"msg":"{"x" * (n % 37)}","level":"{word}","user":{n},"ts":"2026-11-23T10:02:{n % 60:02d}.{n:03d}Z"}}'
        for n, word in enumerate(["info", "error", "warning", "debug"] * 100)
    ]
    _, found = read("\n".join(lines) + "\n")
    assert len(found.times) == 400
    assert levels(found) == ["info", "error", "warning", "debug"] * 100
    assert found.times.tolist() == [from_rfc3339(f"2026-11-23T10:02:{n % 60:02d}.{n:03d}Z") for n in range(400)]


@pytest.mark.parametrize("seed", range(12))
def test_json_lines_of_many_shapes_have_their_times_in_company_too(seed: int) -> None:
    chance = random.Random(seed)
    lines = [chance.choice(JSON.samples).line for _ in range(60)]
    form = detect([sample.line.encode() for sample in JSON.samples])
    alone = [scan(f"{line}\n".encode(), form, NOW).times[0] for line in lines]
    assert scan("".join(f"{line}\n" for line in lines).encode(), form, NOW).times.tolist() == alone


def test_a_line_without_newline_at_the_end_counts() -> None:
    _, found = read(PYTHON.rstrip("\n"))
    assert found.lines.tolist() == [1, 5, 1]


@pytest.mark.parametrize(
    "said",
    ["Error rate is 0", "Log rotated", "Fine weather", "Trace id a1", "Info desk", "ERROR_LOG is full", "Failure none"],
)
@pytest.mark.parametrize("before", ["Nov 23 10:02:11 web app: ", "2026-11-23 10:02:11,201 "])
def test_a_sentence_is_no_level_although_it_stands_where_others_have_one(before: str, said: str) -> None:
    _, found = read(f"{before}ERROR disk full\n{before}{said}\n{before}INFO done\n")
    assert levels(found) == ["error", "", "info"]


def test_a_time_in_an_exceptions_text_begins_no_record() -> None:
    _, found = read(PYTHON.replace("unsupported operand", "no such time: 2026-11-23 10:02:11,300") * 3)
    assert found.lines.tolist() == [1, 5, 1] * 3


@pytest.mark.parametrize(
    ("number", "word"), [(100, "debug"), (200, "info"), (250, "notice"), (400, "error"), (550, "critical")]
)
def test_monologs_numbers_are_levels(number: int, word: str) -> None:
    _, found = read(f'{{"message":"x","level":{number}}}\n{{"message":"x","level":{number}}}\n')
    assert levels(found) == [word, word]


LINES = (
    '10.0.0.1 - - [23/Nov/2026:10:02:11 +0000] "GET / HTTP/1.1" 200 5 "-" "curl"',
    '192.168.10.20 - ana maria [23/Nov/2026:10:02:12 +0000] "GET /a b c HTTP/1.1" 404 - "x" "y 500 z"',
    '::1 - - [23/Nov/2026:10:02:13 +0000] "-" 500 0',
    'shop:443 10.0.0.1 - - [23/Nov/2026:10:02:14 +0000] "POST /\\" 500 x HTTP/1.1" 301 5 "-" "-" 0.2',
    'upstream " 500 lost',
    "",
)


@given(st.lists(st.sampled_from(LINES), min_size=1, max_size=40))
def test_an_access_log_is_read_as_its_lines_are(lines: list[str]) -> None:
    form = detect([LINES[0].encode()])
    found = scan("".join(f"{line}\n" for line in lines).encode(), form, NOW)
    alone = [scan(f"{line}\n".encode(), form, NOW) for line in lines]
    assert found.times.tolist() == [int(each.times[0]) for each in alone]
    assert found.levels.tolist() == [int(each.levels[0]) for each in alone]


@given(st.binary(max_size=2000))
def test_any_bytes_are_records_and_no_line_is_lost(data: bytes) -> None:
    form = detect(data.splitlines())
    found = scan(data, form, NOW)
    lines = data.count(b"\n") + (1 if data and not data.endswith(b"\n") else 0)
    assert found.orphans + int(found.lines.sum()) == lines
    assert found.starts.tolist() == sorted(set(found.starts.tolist()))


POSTGRESQL = """\
2026-11-23 10:02:11.201 UTC [12] LOG:  database system is ready to accept connections
2026-11-23 10:02:12.201 UTC [13] ERROR:  duplicate key value violates unique constraint "cart_pkey"
2026-11-23 10:02:12.201 UTC [13] DETAIL:  Key (id)=(7) already exists.
2026-11-23 10:02:12.201 UTC [13] STATEMENT:  INSERT INTO cart VALUES (7)
2026-11-23 10:02:13.201 UTC [14] LOG:  checkpoint complete
"""
COMPOSE = """\
web-1  | 2026-11-23 10:02:11,201 ERROR shop failed
web-1  | Traceback (most recent call last):
web-1  |   File "x.py", line 1, in f
web-1  | ValueError: no
db-1   | 2026-11-23 10:02:12,201 INFO ready
"""
TRACES = {
    "Python, chained": """\
Traceback (most recent call last):
  File "a"
KeyError: 1

During handling of the above exception, another exception occurred:

Traceback (most recent call last):
  File "b"
    x
    ^
ValueError: 2
""",
    "Python, a group": """\
  + Exception Group Traceback (most recent call last):
  | ExceptionGroup: two (2 sub-exceptions)
  +-+---------------- 1 ----------------
    | ValueError: 1
    +------------------------------------
""",
    "Java": """\
java.lang.IllegalStateException: no
\tat shop.Cart.total(Cart.java:12)
\t... 7 more
Caused by: java.lang.NullPointerException
\tat shop.Sum.of(Sum.java:1)
\tSuppressed: java.io.IOException
""",
    "Go": """\
panic: runtime error: index out of range

goroutine 1 [running]:
main.total(...)
\t/srv/cart.go:12 +0x1d
""",
    "Node": "TypeError: no\n    at total (/srv/cart.js:12:3)\n    at /srv/api.js:1:1\n",
    "Rust": "thread 'main' panicked at src/cart.rs:12:5:\nno\nstack backtrace:\n   0: rust_begin_unwind\n",
    ".NET": "System.NullReferenceException: no\n   at Shop.Cart.Total() in Cart.cs:line 12\n",
}


def test_what_postgresql_says_of_an_error_belongs_to_it() -> None:
    _, found = read(POSTGRESQL)
    assert found.lines.tolist() == [1, 3, 1]
    assert levels(found) == ["info", "error", "info"]


def test_a_trace_whose_every_line_a_collector_has_marked_is_one_record() -> None:
    form, found = read(COMPOSE)
    assert form.name.endswith("docker compose")
    assert found.lines.tolist() == [4, 1]


@pytest.mark.parametrize("language", TRACES)
def test_a_trace_of_any_language_belongs_to_the_record_that_threw_it(language: str) -> None:
    before, after = "2026-11-23 10:02:11,201 shop handler failed\n", "2026-11-23 10:02:12,000 shop next\n"
    _, found = read(before + TRACES[language] + after)
    assert found.lines.tolist() == [1 + TRACES[language].count("\n"), 1]
    assert levels(found)[0] == "error"
