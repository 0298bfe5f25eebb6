"""What a person types to narrow the logs, and that it keeps what a plain reading of every record keeps."""

from __future__ import annotations

import json
import threading
from pathlib import Path

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from cockpit.clock import MINUTE, from_rfc3339
from cockpit.logs.fields import Condition
from cockpit.logs.file import LogFile
from cockpit.logs.levels import Level
from cockpit.logs.places import compile_pattern
from cockpit.logs.query import QueryError, narrowed, written
from cockpit.logs.search import Filter
from cockpit.logs.view import View

NOW = from_rfc3339("2026-11-23T10:42:17Z")


def kept(path: Path, text: str) -> list[str]:
    file = LogFile(path, NOW)
    while file.index_earlier():
        pass
    view = View([file], narrowed(Filter(), text, NOW))
    view.look(lambda: False, threading.Lock(), lambda: None)
    found = [row.file.read(row.number).decode().rstrip("\n") for at in range(view.count) if (row := view.row(at))]
    file.close()
    return found


@pytest.mark.parametrize(
    ("text", "described"),
    [
        ("connection refused", "connection refused"),
        ("!health", "not health"),
        ('"a b" c=1', "c = 1 · a b"),
        ("level>=warn status>=500", "≥ warning · status >= 500"),
        ("-user_id=7 path!~cart", "not user_id = 7 · not path ~ cart"),
        ('name="a b"', "name = a b"),
        ("last 15m", "11-23 10:27:17 …"),
        ("10:00..10:20 x=1", "11-23 10:00:00 … 11-23 10:20:00 · x = 1"),
        ("source=app.log -x=1", "app.log · not x = 1"),
        ("trace=7f3a x=1", "trace 7f3a · x = 1"),
        ("trace=5b8efff798038103d269b633813fc60c", "trace 5b8efff798038…"),
    ],
)
def test_an_expression_is_understood(text: str, described: str) -> None:
    assert narrowed(Filter(), text, NOW).described() == described


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("level>=waring", "did you mean 'warning'"),
        ("status>=many", "'many' is no number"),
        ("", "nothing to look for"),
        ("25:00..26:00", "is not a time"),
        ("level<error", "Say level>=warning"),
        ("-trace=7f3a", "hide what holds the text instead: -7f3a"),
        ("trace!=7f3a", "can be shown, not hidden"),
    ],
)
def test_nonsense_is_refused_in_a_sentence(text: str, sentence: str) -> None:
    with pytest.raises(QueryError, match=sentence):
        narrowed(Filter(), text, NOW)


def test_expressions_add_up_and_chips_take_away() -> None:
    wanted = narrowed(narrowed(Filter(Level.ERROR), "status>=500", NOW), "cart", NOW)
    chips = wanted.chips()
    assert [text for text, _ in chips] == ["≥ error", "status >= 500", "cart"]
    assert chips[1][1].described() == "≥ error · cart"


VALUES = st.one_of(
    st.integers(-1200, 1200),
    st.floats(-1e6, 1e6, allow_nan=False),
    st.sampled_from(["a", "b c", 'q"uote', "ünï", "10", "", "x\\y"]),
    st.booleans(),
    st.none(),
)
RECORDS = st.lists(
    st.fixed_dictionaries(
        {}, optional={"n": VALUES, "s": VALUES, "deep": st.fixed_dictionaries({}, optional={"n": VALUES, "s": VALUES})}
    ),
    min_size=1,
    max_size=25,
)


def plain(value: object) -> str:
    return value if isinstance(value, str) else json.dumps(value)


def holds(record: dict[str, object], field: str, operator: str, wanted: str) -> bool:
    outer, _, inner = field.partition(".")
    if outer not in record or (inner and (not isinstance(record[outer], dict) or inner not in record[outer])):
        return False
    value = record[outer][inner] if inner else record[outer]  # type: ignore[index]
    if isinstance(value, dict) and value:
        return False
    if operator == "=":
        return plain(value) == wanted
    if operator == "~":
        return wanted in plain(value)
    try:
        number, bound = float(plain(value)), float(wanted)
    except ValueError:
        return False
    return {">": number > bound, ">=": number >= bound, "<": number < bound, "<=": number <= bound}[operator]


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None, max_examples=80)
@given(
    records=RECORDS,
    field=st.sampled_from(["n", "s", "deep.n", "deep.s"]),
    condition=st.one_of(
        st.tuples(st.sampled_from([">", ">=", "<", "<="]), st.sampled_from(["0", "10", "-3.5"])),
        st.tuples(st.just("="), st.sampled_from(["10", "a", "true", "null", "ünï", '"b c"'])),
        st.tuples(st.just("~"), st.sampled_from(["a", "1"])),
    ),
    negated=st.booleans(),
    spaced=st.booleans(),
)
def test_a_condition_keeps_what_a_plain_reading_keeps(
    tmp_path_factory: pytest.TempPathFactory,
    records: list[dict[str, object]],
    field: str,
    condition: tuple[str, str],
    negated: bool,
    spaced: bool,
) -> None:
    path = tmp_path_factory.mktemp("fields") / "a.jsonl"
    marks = None if spaced else (",", ":")
    lines = [
        json.dumps({"ts": "2026-11-23T10:00:00Z", "nr": place, **record}, ensure_ascii=False, separators=marks)
        for place, record in enumerate(records)
    ]
    path.write_text("\n".join(lines) + "\n")
    operator, value = condition
    wanted = value.strip('"')
    expected = [
        line for line, record in zip(lines, records, strict=True) if holds(record, field, operator, wanted) != negated
    ]
    assert kept(path, f"{'-' if negated else ''}{field}{operator}{value}") == expected


def test_fields_of_logfmt_access_logs_and_text_are_found_too(tmp_path: Path) -> None:
    logfmt = tmp_path / "a.log"
    logfmt.write_text(
        "".join(f"ts=2026-11-23T10:00:{n:02d}Z level=info msg=done user=u{n % 3} took={n}.5\n" for n in range(20))
    )
    assert len(kept(logfmt, "took>=17.5")) == 3
    assert len(kept(logfmt, "user=u1 took<5")) == 2
    access = tmp_path / "access.log"
    access.write_text(
        "".join(
            f'10.0.0.{n} - - [23/Nov/2026:10:00:{n:02d} +0000] "GET /cart/{n} HTTP/1.1" {status} {n}\n'
            for n, status in enumerate([500, 200, 200, 200, 200] * 4)
        )
    )
    assert len(kept(access, "status>=500")) == 4
    assert len(kept(access, "path~cart/1 status=200")) == 9
    text = tmp_path / "text.log"
    text.write_text("".join(f"2026-11-23 10:00:{n:02d} INFO done items={n} for xitems=3\n" for n in range(20)))
    assert len(kept(text, "items>17")) == 2


def test_a_window_keeps_its_time(tmp_path: Path) -> None:
    path = tmp_path / "a.log"
    path.write_text("".join(f"2026-11-23 10:{n:02d}:00 INFO minute {n}\n  more of {n}\n" for n in range(42)))
    assert len(kept(path, "10:10..10:20")) == 10
    assert len(kept(path, "last 5m")) == 4
    file = LogFile(path, NOW)
    assert file.index.key_of(0) + 41 * MINUTE >= NOW - 2 * MINUTE
    file.close()


def test_a_field_and_a_level_hold_of_the_same_record(tmp_path: Path) -> None:
    path = tmp_path / "a.log"
    said = ["level=error msg=x", "level=info msg=x status=500"] * 3
    path.write_text("".join(f"time=2026-11-23T10:00:0{nr}Z {line}\n" for nr, line in enumerate(said)))
    assert kept(path, "level>=error status>=500") == []
    assert len(kept(path, "level>=info status>=500")) == 3


PATTERNS = st.one_of(
    st.sampled_from(
        ["-x", "!health", "a>=b", 'say "no"', "a\\", '\\"', "\\d+ ms", "last 15m", "a 1..2 b", "±3", "x=1"]
    ),
    st.text(min_size=1, max_size=12).filter(str.strip),
).map(compile_pattern)
FIELDS = st.from_regex(r"[A-Za-z_@][A-Za-z0-9_.@-]{0,8}", fullmatch=True).filter(lambda name: name != "level")
VALUE = st.one_of(st.sampled_from(["", '"', "1..2", "a b", "=5", '"a', "\\", "last 5m"]), st.text(max_size=8))
NUMBERS = st.one_of(st.integers().map(str), st.floats(allow_nan=False).map(str))


@st.composite
def conditions(draw: st.DrawFn) -> Condition:
    operator = draw(st.sampled_from(["=", "~", ">", ">=", "<", "<="]))
    value = draw(NUMBERS if operator[0] in "<>" else VALUE)
    pattern = compile_pattern(value) if operator == "~" else None
    return Condition(draw(FIELDS), operator, value, draw(st.booleans()), pattern)


TIMES = st.none() | st.integers(from_rfc3339("0002-01-01T00:00:00Z"), from_rfc3339("9998-01-01T00:00:00Z"))
FILTERS = st.builds(
    Filter,
    st.sampled_from(Level),
    st.lists(PATTERNS, max_size=3).map(tuple),
    st.lists(PATTERNS, max_size=3).map(tuple),
    st.lists(conditions().filter(lambda each: each.field not in ("source", "trace")), max_size=3).map(tuple),
    TIMES,
    TIMES,
    st.lists(VALUE, max_size=2).map(tuple),
    st.sampled_from([0, 3, 10]),
    st.lists(VALUE.filter(bool), max_size=2, unique=True).map(tuple),
)


@settings(deadline=None, max_examples=400)
@given(FILTERS)
@example(Filter(conditions=(Condition("@0..", ">", "0", False, None),)))
def test_a_filter_is_written_so_that_it_is_read_back_as_the_same(wanted: Filter) -> None:
    text = written(wanted)
    assert (narrowed(Filter(), text, NOW) if text else Filter()) == wanted


def test_a_filter_is_written_as_a_person_would() -> None:
    text = 'level>=warning source=app.log status>=500 -logger=health 10:00..10:20 ±3 "cart failed"'
    assert written(narrowed(Filter(), text, NOW)) == (
        "level>=warning source=app.log 2026-11-23T10:00:00.000000Z..2026-11-23T10:20:00.000000Z "
        'status>=500 -logger=health "cart failed" ±3'
    )


def test_around_is_a_window_on_both_sides_of_the_cursor() -> None:
    wanted = narrowed(Filter(), "around 5m status>=500", NOW, here=NOW - 3_600_000_000)
    assert (wanted.since, wanted.until) == (NOW - 3_900_000_000, NOW - 3_300_000_000 + 1)
    assert len(wanted.conditions) == 1
    with pytest.raises(QueryError, match="no record to look around"):
        narrowed(Filter(), "around 5m", NOW)


def test_what_shows_all_traces_does_not_narrow_one_trace() -> None:
    one = Filter(traces=("7f3a9c01",))
    assert one.narrows(Filter())
    assert not Filter().narrows(one)
    assert not Filter(traces=("7f3a9c01", "other")).narrows(one)
