"""One record: its message, its fields, its further lines, whatever its bytes are."""

from __future__ import annotations

import json
import time
from collections.abc import Sequence

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from cockpit.logs.formats import Format, detect
from cockpit.logs.printable import text_of
from cockpit.logs.record import Record, parse, pretty

JSON = detect([b'{"time": "2026-11-23T10:02:11Z", "level": "info", "msg": "started"}'])
LOGFMT = detect([b"time=2026-11-23T10:02:11Z level=info msg=started"])
ACCESS = detect([b'1.2.3.4 - - [23/Nov/2026:10:02:11 +0000] "GET / HTTP/1.1" 200 12 "-" "curl"'])
TEXT = detect([b"2026-11-23 10:02:11,201 INFO shop started"])
PLAIN = detect([b"started"])
FORMS = {form.name: form for form in (JSON, LOGFMT, ACCESS, TEXT, PLAIN)}
PIECES = (
    b'{"',
    b'":',
    b'{"msg":"x","a":',
    b"}",
    b"[",
    b'"',
    b"\\",
    b"=",
    b"msg=",
    b'a="',
    b" ",
    b"\n",
    b"\r\n",
    b"\t",
    b"2026-11-23 10:02:11,201",
    b" ERROR ",
    b"\xff",
    b"\0",
    b"\x1b[0m",
    b'- - [] "GET',
    b"\xe2\x80\xa8",
)
VALUES = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(2**63), 2**63)
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(st.characters(exclude_categories=["Cs"])),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(st.text(st.characters(exclude_categories=["Cs"]), max_size=4), inner, max_size=3)
    ),
    max_leaves=10,
)


def read(line: str, form: Format) -> Record:
    return parse(line.encode() + b"\n", form)


@pytest.mark.parametrize("name", FORMS)
@given(data=st.binary(max_size=400) | st.lists(st.sampled_from(PIECES), max_size=30).map(b"".join))
def test_any_bytes_are_a_record_of_any_kind(name: str, data: bytes) -> None:
    assert_readable(parse(data, FORMS[name]))


@given(st.text(max_size=400) | st.lists(st.sampled_from(PIECES), max_size=30).map(lambda all_: text_of(b"".join(all_))))
def test_any_text_is_a_record_of_json_lines(text: str) -> None:
    assert_readable(parse(text.encode(), JSON))


def assert_readable(record: Record) -> None:
    assert isinstance(record.message, str)
    assert "\n" not in record.message
    assert "\n" not in record.gist
    assert all(isinstance(part, str) for field in record.fields for part in field)


@given(st.binary(max_size=400))
def test_nothing_of_a_plain_text_is_lost(data: bytes) -> None:
    record = parse(data, PLAIN)
    whole = text_of(data.rstrip(b"\r\n")).split("\n")
    assert [record.message, *record.more] == [line.rstrip("\r") for line in whole]


@pytest.mark.parametrize(
    ("line", "message"),
    [
        ("2026-11-23 10:02:11,201 ERROR shop.cart unhandled", "shop.cart unhandled"),
        ("[2026-11-23 10:02:11,201] WARNING: slow", "slow"),
        ("2026-11-23 10:02:11,201 - ERROR - slow", "slow"),
        ("2026-11-23 10:02:11,201 | INFO | slow", "slow"),
        ("2026-11-23 10:02:11,201 shop said ERROR", "shop said ERROR"),
        ("2026-11-23 10:02:11,201 Error in the cart", "Error in the cart"),
        ("2026-11-23 10:02:11,201 ERROR_LOG is full", "ERROR_LOG is full"),
        ("2026-11-23 10:02:11,201 ERROR", "ERROR"),
        ("started at 2026-11-23 10:02:11,201 ERROR", "started at 2026-11-23 10:02:11,201 ERROR"),
        ("2026-11-23 10:02:11,201", "2026-11-23 10:02:11,201"),
        ("2026-11-23 10:02:11,201 INFO [/b] ünï 2026-11-24 10:00:00", "[/b] ünï 2026-11-24 10:00:00"),
    ],
)
def test_a_message_stands_without_its_time_and_level(line: str, message: str) -> None:
    assert read(line, TEXT) == Record(message, (), (), False)


def test_fields_of_json_stand_in_their_order_and_nested_ones_by_their_path() -> None:
    line = {
        "ts": "2026-11-23T10:02:11Z",
        "level": "error",
        "msg": "unhandled",
        "user": {"id": 88121, "cart": {"items": 1204, "open": True, "empty": {}}},
        "tags": ["a", {"b": None}],
        "none": None,
        "dotted.key": 1.5,
        "text": "ünï [/b]",
    }
    record = read(json.dumps(line), JSON)
    assert (record.message, record.more, record.structured) == ("unhandled", (), True)
    assert record.fields == (
        ("user.id", "88121"),
        ("user.cart.items", "1204"),
        ("user.cart.open", "true"),
        ("user.cart.empty", "{}"),
        ("tags", '["a",{"b":null}]'),
        ("none", "null"),
        ("dotted.key", "1.5"),
        ("text", "ünï [/b]"),
    )


@given(
    st.dictionaries(st.sampled_from(["a", "b", "user", "order"]), VALUES),
    st.text(st.characters(exclude_categories=["Cs"]), min_size=1),
)
def test_every_json_object_is_a_record_and_its_values_are_all_there(fields: dict[str, object], message: str) -> None:
    line = msgspec.json.encode({"msg": message, **fields})
    record = parse(line + b"\n", JSON)
    assert "\n".join([record.message, *record.more]) == message
    assert [name.partition(".")[0] for name, _ in record.fields] == [name.partition(".")[0] for name, _ in flat(fields)]
    assert [value for _, value in record.fields] == [value for _, value in flat(fields)]


def flat(fields: dict[str, object], before: str = "") -> list[tuple[str, str]]:
    found: list[tuple[str, str]] = []
    for name, value in fields.items():
        if isinstance(value, dict) and value:
            found += flat(value, f"{before}{name}.")
        else:
            found.append((f"{before}{name}", value if isinstance(value, str) else msgspec.json.encode(value).decode()))
    return found


@pytest.mark.parametrize(
    "line",
    [
        '{"msg": "torn',
        '{"msg": "x"} and more',
        "{}{}",
        '{"msg": "\\ud800"}',
        "[1, 2]",
        '{"a": NaN}',
        "not json",
        '{"a": 1e999}',
    ],
)
def test_what_is_no_json_object_stands_as_it_is(line: str) -> None:
    assert read(line, JSON) == Record(line, (), (), False)


def test_json_too_deep_to_read_stands_as_it_is() -> None:
    line = '{"a":' * 5000 + "1" + "}" * 5000
    assert read(line, JSON).message == line


def test_a_message_of_several_lines_is_one_line_and_what_follows() -> None:
    record = read('{"msg": "first\\nsecond\\nthird", "n": 1}', JSON)
    assert (record.message, record.more, record.fields) == ("first", ("second", "third"), (("n", "1"),))


def test_a_stack_trace_in_a_field_is_unfolded() -> None:
    trace = "Traceback (most recent call last):\n  File 'cart.py', line 3\nTypeError: no int"
    record = parse(
        json.dumps({"event": "failed", "exc_info": trace, "user": 7}).encode() + b"\n  and a line after\n", JSON
    )
    assert record.more == (*trace.split("\n"), "  and a line after")
    assert record.fields == (("user", "7"),)
    assert record.gist == "TypeError: no int"


def test_a_trace_field_of_one_line_stays_a_field() -> None:
    assert read('{"msg": "x", "exception": "TypeError"}', JSON).fields == (("exception", "TypeError"),)


def test_logfmt_values_may_be_quoted() -> None:
    record = read(
        r'time=2026-11-23T10:02:11Z level=warn msg="slow \"query\" here" took=5s user.id=7 empty= note="a b"', LOGFMT
    )
    assert record.message == 'slow "query" here'
    assert record.fields == (("took", "5s"), ("user.id", "7"), ("empty", ""), ("note", "a b"))
    assert record.structured


def test_a_line_break_in_a_logfmt_message_breaks_the_line() -> None:
    record = read(r'level=error msg="failed\nTypeError: no int"', LOGFMT)
    assert (record.message, record.more, record.gist) == ("failed", ("TypeError: no int",), "TypeError: no int")


def test_an_access_log_line_tells_status_and_request_first() -> None:
    record = read(
        '10.0.0.1 - ana [23/Nov/2026:10:02:11 +0000] "POST /checkout?a=1 HTTP/1.1" 500 12 "https://x/" "curl/8" rt=1',
        ACCESS,
    )
    assert record.message == "500 POST /checkout?a=1  rt=1"
    assert record.fields == (
        ("client", "10.0.0.1"),
        ("user", "ana"),
        ("bytes", "12"),
        ("referer", "https://x/"),
        ("agent", "curl/8"),
    )


def test_what_an_access_log_leaves_out_is_no_field() -> None:
    record = read('::1 - - [23/Nov/2026:10:02:11 +0000] "GET / HTTP/2.0" 404 -', ACCESS)
    assert (record.message, record.fields) == ("404 GET /", (("client", "::1"),))


@pytest.mark.parametrize(
    "line", ["upstream timed out", '1.2.3.4 - - [x] "GET', '1.2.3.4 - - [23/Nov/2026] "\\x16\\x03" abc 0']
)
def test_what_is_no_access_log_line_stands_as_it_is(line: str) -> None:
    assert read(line, ACCESS).message == line


@pytest.mark.parametrize(
    ("more", "gist"),
    [
        (
            ["Traceback (most recent call last):", "  File 'cart.py', line 3", "    raise x", "TypeError: no int"],
            "TypeError: no int",
        ),
        (
            [
                "Traceback (most recent call last):",
                "  File 'x'",
                "KeyError: 'a'",
                "",
                "During handling …:",
                "",
                "Traceback (most recent call last):",
                "  File 'y'",
                "shop.errors.CartError: no cart",
            ],
            "shop.errors.CartError: no cart",
        ),
        (["Traceback (most recent call last):", "  File 'x'", "KeyboardInterrupt"], "KeyboardInterrupt"),
        (
            [
                "java.lang.IllegalStateException: no cart",
                "\tat shop.Cart.sum(Cart.java:12)",
                "\tat shop.Main.main(Main.java:3)",
            ],
            "java.lang.IllegalStateException: no cart",
        ),
        (
            ["panic: runtime error: index out of range", "", "goroutine 1 [running]:", "main.main()", "\t/x/main.go:3"],
            "panic: runtime error: index out of range",
        ),
        (["  only", "  an indented", "  text", "  "], "text"),
        (["", " "], ""),
        ([], ""),
    ],
)
def test_the_gist_of_further_lines_is_what_was_thrown(more: Sequence[str], gist: str) -> None:
    record = parse("\n".join(["2026-11-23 10:02:11,201 ERROR shop failed", *more]).encode() + b"\n", TEXT)
    assert record.message == "shop failed"
    assert record.gist == gist


def test_line_ends_of_other_systems_are_no_part_of_a_line() -> None:
    record = parse(b"handler failed\r\nTypeError: no\r\n", PLAIN)
    assert (record.message, record.more) == ("handler failed", ("TypeError: no",))
    assert parse(b"2026-11-23 10:02:11,201 ERROR failed\r\n", TEXT).message == "failed"


def test_json_is_laid_out_for_reading() -> None:
    assert (
        pretty(b'{"a":{"b":[1,"\xc3\xbc"]}}\nmore\n') == '{\n  "a": {\n    "b": [\n      1,\n      "ü"\n    ]\n  }\n}'
    )
    assert pretty(b"plain") is None
    assert pretty(b'{"torn": ') is None
    assert pretty(b"") is None


@given(st.text(max_size=200) | st.lists(st.sampled_from(PIECES)).map(lambda all_: text_of(b"".join(all_))))
def test_any_text_is_laid_out_or_is_no_json(text: str) -> None:
    laid_out = pretty(text.encode())
    assert laid_out is None or laid_out.startswith("{")


@pytest.mark.parametrize("line", [b'{"msg": "caf\xe9 full"}', b'{"a":' * 2000, b'{"a":' * 500 + b"1" + b"}" * 500])
def test_no_json_is_too_odd_to_be_opened_and_read(line: bytes) -> None:
    form = detect([line])
    assert_readable(parse(line + b"\n", form))
    assert_readable(parse(line + b"\n", JSON))
    pretty(line)


def test_a_json_record_with_a_byte_that_is_no_text_keeps_its_fields() -> None:
    record = parse(b'{"msg": "caf\xe9 full", "items": 3}\n', JSON)
    assert record.message.endswith(" full")
    assert record.fields == (("items", "3"),)


@pytest.mark.parametrize(
    ("line", "message"),
    [
        ("panic: boom", "panic: boom"),
        ("level=info msg=slow query took 5s user=3", "level=info msg=slow query took 5s user=3"),
        ('level=info msg="open', 'level=info msg="open'),
        ('level=info msg="C:\\\\new dir"', "C:\\new dir"),
    ],
)
def test_logfmt_loses_no_text(line: str, message: str) -> None:
    assert read(line, LOGFMT).message == message


def test_a_long_word_is_read_as_fast_as_a_short_one() -> None:
    started = time.perf_counter()
    parse(b"x" * 1_000_000, LOGFMT)
    parse(b"a.b-" * 250_000, TEXT)
    assert time.perf_counter() - started < 5.0  # it took minutes once


def test_the_end_of_a_line_of_windows_is_no_part_of_the_message() -> None:
    record = parse(b"2026-11-23 10:02:11,201 ERROR failed\r\nTypeError: no\r\n", TEXT)
    assert (record.message, record.more) == ("failed", ("TypeError: no",))
