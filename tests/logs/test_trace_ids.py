"""Trace ids: by the field's name, by the value's shape, and what only looks like one."""

from __future__ import annotations

import re
import threading
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from cockpit.logs.export import rows_of
from cockpit.logs.file import LogFile
from cockpit.logs.formats import detect
from cockpit.logs.record import Record, parse
from cockpit.logs.search import Filter
from cockpit.logs.trace_ids import trace_ids
from cockpit.logs.view import View

UUID = "9bc36dd9-91c5-4314-898a-47625eb93b09"
HEX = "5b8efff798038103d269b633813fc60c"


def of(line: str) -> tuple[tuple[str, str], ...]:
    return trace_ids(parse(line.encode() + b"\n", detect([line.encode()])))


@pytest.mark.parametrize(
    "name",
    [
        *("trace_id", "traceId", "trace.id", "request_id", "requestId", "req_id", "reqId", "x-request-id"),
        *("X-Request-Id", "correlation_id", "correlationId", "opid", "txn", "transaction.id", "req.id", "ctx.trace_id"),
    ],
)
def test_a_field_is_a_trace_id_by_its_name(name: str) -> None:
    record = Record("x", ((name, "abc123"),), (), True)
    assert trace_ids(record) == ((name, "abc123"),)


@pytest.mark.parametrize(
    "name", ["span_id", "spanId", "span.trace_id", "id", "user_id", "request", "grid", "trace_id_count"]
)
def test_other_fields_are_none(name: str) -> None:
    assert trace_ids(Record("x", ((name, "abc123"),), (), True)) == ()


@pytest.mark.parametrize("value", [UUID, HEX, "c2ce6f447ed4d57b", "req-7Hk2mQ91", f"req-{UUID}"])
def test_a_value_in_a_message_is_a_trace_id_by_its_shape(value: str) -> None:
    assert of(f"2026-11-23 10:02:11 INFO cart opened for {value}, 3 items") == (("", value),)


@pytest.mark.parametrize(
    "text",
    ["1234567890123456", "0000000000000000", "deadbeef", "v1.2.3-abcdef", "00000000-0000-0000-0000-000000000000"],
)
def test_what_only_looks_like_one_is_none(text: str) -> None:
    assert of(f"2026-11-23 10:02:11 INFO cart opened for {text}") == ()


def test_each_id_is_told_once_under_its_field() -> None:
    line = f'{{"msg":"opened {HEX}","trace_id":"{HEX}","span_id":"eee19b7ec3c1b174","user":7}}'
    assert of(line) == (("trace_id", HEX),)


def test_a_traceparent_names_its_trace() -> None:
    assert of(f'{{"msg":"x","traceparent":"00-{HEX}-eee19b7ec3c1b174-01"}}')[0] == ("traceparent", HEX)


@given(st.text(max_size=300), st.dictionaries(st.text(max_size=20), st.text(max_size=50), max_size=5))
def test_any_record_has_trace_ids_or_none(message: str, fields: dict[str, str]) -> None:
    for name, value in trace_ids(Record(message, tuple(fields.items()), (), True)):
        assert value
        assert not name or name in fields


@pytest.mark.parametrize("value", ["null", "None", "undefined", "true", "<nil>", "two words", "abc", "00000000"])
def test_a_value_that_says_nothing_is_none(value: str) -> None:
    assert trace_ids(Record("x", (("request_id", value), ("trace", value)), (), True)) == ()


IDS = ["abc123", "abc1234", HEX, HEX[1:], UUID, "a/b.c", 'q"1x', "ünï1", "req-1"]
AROUND = st.sampled_from(["", " ", "-", "x", "0", "_", "=", '"', "/", "\n  at "])
HELD = st.lists(st.tuples(AROUND, st.sampled_from([*IDS, "other"]), AROUND), min_size=1, max_size=3)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(st.lists(HELD, min_size=1, max_size=30), st.sampled_from(IDS))
def test_the_records_that_hold_an_id_as_a_whole_word_are_kept(
    tmp_path: Path, records: list[list[tuple[str, str, str]]], wanted: str
) -> None:
    path = tmp_path / "app.log"
    texts = ["".join(f"{before}{each}{after}" for before, each, after in held) for held in records]
    path.write_text("".join(f"2026-11-23 10:02:11 INFO {text}\n" for text in texts))
    file = LogFile(path, 0)
    view = View([file], Filter(traces=(wanted,)))
    view.look(lambda: False, threading.Lock(), lambda: None)
    word = re.compile(rf"(?<![0-9A-Za-z_]){re.escape(wanted)}(?![0-9A-Za-z_])")
    assert [row.number for row in rows_of(view)] == [n for n, text in enumerate(texts) if word.search(text)]
    file.close()


@pytest.mark.parametrize("spelt", ["a/bü1", "a\\/bü1", "a/b\\u00fc1", "a\\/b\\u00fc1"])
def test_an_id_is_found_however_json_writes_it(tmp_path: Path, spelt: str) -> None:
    path = tmp_path / "app.jsonl"
    path.write_text(f'{{"ts":"2026-11-23T10:02:11Z","msg":"x","reqId":"{spelt}"}}\n')
    file = LogFile(path, 0)
    assert trace_ids(parse(file.read(0), file.form)) == (("reqId", "a/bü1"),)
    view = View([file], Filter(traces=("a/bü1",)))
    view.look(lambda: False, threading.Lock(), lambda: None)
    assert view.count == 1
    file.close()
