"""Field filters over formats told by their lines keep what reading every record keeps, in every format of the table."""

from __future__ import annotations

import re
import threading

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from cockpit.logs.described import Known, Reader
from cockpit.logs.export import rows_of
from cockpit.logs.fields import Condition
from cockpit.logs.file import LogFile
from cockpit.logs.formats import Teller
from cockpit.logs.known import LINES
from cockpit.logs.levels import Level
from cockpit.logs.places import compile_pattern
from cockpit.logs.record import parse
from cockpit.logs.search import Filter
from cockpit.logs.sieve import numbers_like, sieve, trimmed
from cockpit.logs.view import View

TOO_LARGE = ("Rust tracing",)  # for RE2: all its records are read
FORMATS = [known for known in LINES if known.reader is Reader.LINE and known.samples]
VALUES = [
    "0",
    "7",
    "42",
    "499",
    "500",
    "503.5",
    "-3",
    "1e3",
    "1_0",
    "inf",
    "shop",
    "x",
    "-",
    "ü",
    '"q"',
    "a b",
    "\x1b[31m7\x1b[0m",
]
ODD = [
    "user=7 cart=500",
    'user="4 2"',
    'name="a\\"b" user=x',
    "Traceback",
    "",
    "  at x",
    ", client: 7, user: 500",
    "\x1b[1muser=9",
]


def with_value(known: Known, line: str, group: str, value: str) -> str:
    """The line with another value in a group of its format's expression, where it has that."""
    data = line.encode()
    match = known.line.match(data) if known.line is not None and group in known.line.groupindex else None
    if match is None or match[group] is None:
        return line
    return (data[: match.start(group)] + value.encode() + data[match.end(group) :]).decode()


@st.composite
def logs(draw: st.DrawFn) -> tuple[Known, str, Condition, Level]:
    """A format, a log that is mostly of it, and a condition on one of its fields."""
    known = draw(st.sampled_from(FORMATS))
    groups = list(known.line.groupindex) if known.line is not None else []
    number = "status" if known.status_at is not None else draw(st.sampled_from(groups))
    field = draw(st.sampled_from([*groups, *[number] * len(groups), "method", "path", "user", "client", "cart", "no"]))
    lines = []
    for sample in draw(st.lists(st.sampled_from(known.samples), min_size=1, max_size=12)):
        line = with_value(known, sample.line, "level" if field == "status" else field, draw(st.sampled_from(VALUES)))
        for old in draw(st.lists(st.sampled_from(re.findall(r"[\w.]+", line)), max_size=1)):
            line = line.replace(old, draw(st.sampled_from(VALUES)), 1)
        lines += [line, *draw(st.lists(st.sampled_from(ODD), max_size=1))]
    operator = draw(st.sampled_from([">", ">=", "<", "<=", "=", "~"]))
    if operator in ("=", "~"):
        words = sorted({word for line in lines for word in re.findall(r"[\w./:-]+", line)})
        value = draw(st.sampled_from([*VALUES, *words, "", "^1", "5$", "a*", r"\d", "[^a]b", "o"]))
    else:
        value = draw(st.sampled_from(["0", "7", "42", "499.5", "500", "-2", "1e2", "inf", "00500", "100000"]))
    pattern = compile_pattern(value) if operator == "~" else None
    end = draw(st.sampled_from(["\n", "\r\n"]))
    wanted = Condition(field, operator, value, draw(st.booleans()), pattern)
    return known, "".join(line + end for line in lines), wanted, draw(st.sampled_from([Level.NONE, Level.WARNING]))


def meets(data: bytes, file: LogFile, condition: Condition) -> bool:
    record = parse(data, file.form)
    values = [
        value for name, value in (*record.told, *record.fields, ("message", record.message)) if name == condition.field
    ]
    test = condition.test()
    return any(map(test, values)) is not condition.negated


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None, max_examples=200)
@given(logs())
def test_what_is_kept_is_what_reading_every_record_keeps(
    tmp_path_factory: pytest.TempPathFactory, log: tuple[Known, str, Condition, Level]
) -> None:
    known, text, condition, level = log
    path = tmp_path_factory.mktemp("sieve") / "a.log"
    path.write_text(text, newline="")
    file = LogFile(path, 1_795_428_131_000_000, Teller(forced=known.name))
    every = list(rows_of(View([file], Filter(level))))
    view = View([file], Filter(level, conditions=(condition,)))
    view.look(lambda: False, threading.Lock(), lambda: None)
    kept = [row.number for row in rows_of(view)]
    assert kept == [row.number for row in every if meets(file.read(row.number), file, condition)]
    file.close()


@given(
    st.sampled_from([">", ">=", "<", "<="]),
    st.decimals(0, 100_000, places=2).map(str) | st.integers(0, 10_000).map(str),
    st.decimals(0, 100_000, places=3).map(str) | st.integers(0, 10_000).map(lambda number: f"00{number}"),
)
def test_no_number_that_meets_a_comparison_is_left_out(operator: str, bound: str, value: str) -> None:
    if Condition("x", operator, bound).test()(value):
        assert re.fullmatch(numbers_like(operator, bound), value.encode())


def test_whole_numbers_that_do_not_meet_it_are_left_out() -> None:
    like = re.compile(numbers_like(">=", "500"))
    assert [n for n in range(3000) if like.fullmatch(str(n).encode())] == list(range(500, 3000))
    like = re.compile(numbers_like("<", "500"))
    assert [n for n in range(3000) if like.fullmatch(str(n).encode())] == list(range(501))


@pytest.mark.parametrize(
    "known", [each for each in FORMATS if each.name not in TOO_LARGE], ids=lambda known: known.name
)
def test_every_format_can_be_sieved_by_each_of_its_fields(known: Known) -> None:
    assert known.line is not None
    for group in known.line.groupindex:
        assert known.level_below or sieve(known.line.pattern, known.line.flags, group, ">", "5") is not None
        for sample in known.samples:
            whole = known.line.match(sample.line.encode())
            part = re.match(trimmed(known.line.pattern, group), sample.line.encode())
            assert (whole and whole[group]) == (part and part[group])


@pytest.mark.parametrize(
    "expression", [rb"(?i)(?P<a>x)", rb"(?P<a>x)\n", rb"(?P<b>y)(?P<a>x)\1", rb"[\S](?P<a>x)", rb"(?P<a>x){2}"]
)
def test_an_expression_that_cannot_be_run_over_many_lines_is_left_alone(expression: bytes) -> None:
    assert sieve(expression, 0, "a", "=", "x") is None
