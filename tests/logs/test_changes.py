"""Files that change their format: each half is read as it is alone, however it came, and nothing flaps."""

from __future__ import annotations

import random
import threading
from itertools import permutations
from pathlib import Path

import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from cockpit.logs import file as log_file
from cockpit.logs.described import Known, Reader
from cockpit.logs.export import as_object, rows_of
from cockpit.logs.file import LogFile
from cockpit.logs.formats import named
from cockpit.logs.known import KNOWN
from cockpit.logs.query import narrowed
from cockpit.logs.search import Filter
from cockpit.logs.telling import Forms, first_lines, takes_over
from cockpit.logs.view import View

NOW = 1_795_428_131_000_000
INSIDE = ("MySQL slow query log",)  # its records begin in lines that say nothing by themselves
FORMATS = [known for known in KNOWN if known.samples and known.name not in INSIDE and not known.level_below]
Records = list[tuple[tuple[int, int] | None, int, int, int]]
TEXT = "".join(f"2026-11-23 10:00:{n % 60:02d},500 INFO shop.cart Request {n} handled\n" for n in range(3000))
JSON = "".join(
    f'{{"ts":"2026-11-23T10:05:{n % 60:02d}Z","level":"error","msg":"no {n}","status":{500 if n % 2 else 200}}}\n'
    for n in range(3000)
)


@pytest.fixture(autouse=True)
def _sizes_as_they_were() -> object:
    before = log_file.TAIL, log_file._BLOCK
    yield
    log_file.TAIL, log_file._BLOCK = before


def log_of(known: Known, lines: int) -> bytes:
    """So many lines of the samples of a format, or more that there are enough bytes of."""
    each = [f"{sample.line}\n".encode() for sample in known.samples]
    if known.reader is Reader.JSON:
        each = each[:1]  # the samples are of many programs, a log is of one
    count = max(lines, 6000 * len(each) // sum(map(len, each)))
    chance = random.Random(1)
    return each[0] + b"".join(chance.choice(each) for _ in range(count - 1))


def opened(path: Path) -> LogFile:
    file = LogFile(path, NOW)
    while file.index_earlier():
        pass
    return file


def records(file: LogFile) -> Records:
    """The bytes, the time, the level and the lines of each."""
    numbers = range(file.index.first, file.index.stop)
    return [(file.index.span(number), *(file.index.facts(number) or (0, 0, 0))) for number in numbers]


def moved(found: Records, by: int) -> Records:
    return [((span[0] + by, span[1] + by) if span else None, *facts) for span, *facts in found]  # type: ignore[misc]


def written(path: Path, pieces: list[bytes]) -> LogFile:
    """A file that is opened after the first piece, and follows the others."""
    path.write_bytes(pieces[0])
    file = opened(path)
    for piece in pieces[1:]:
        with path.open("ab") as appended:
            appended.write(piece)
        while file.grow():
            pass
    return file


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.filter_too_much], deadline=None)
@given(
    pair=st.sampled_from(list(permutations([known.name for known in FORMATS], 2))),
    lines=st.tuples(st.integers(60, 400), st.integers(150, 400)),
    step=st.sampled_from([0, 90, 700, 5000, 1 << 20]),
    block=st.sampled_from([3000, 1 << 20]),
)
def test_each_half_is_read_as_it_is_alone(
    tmp_path_factory: pytest.TempPathFactory, pair: tuple[str, str], lines: tuple[int, int], step: int, block: int
) -> None:
    folder = tmp_path_factory.mktemp("halves")
    log_file.TAIL, log_file._BLOCK = 256 * 1024, 1 << 20
    halves = [log_of(named(name), count) for name, count in zip(pair, lines, strict=True)]
    alone, forms = [], []
    for half in halves:
        (folder / "alone").write_bytes(half)
        file = opened(folder / "alone")
        alone.append(records(file))
        forms.append(file.form)
        file.close()
    for mine, other, half in (*zip(forms, forms[::-1], halves, strict=True),):
        assume(takes_over(mine, other, first_lines(half)))  # else the one reads what the other writes
    log_file.TAIL, log_file._BLOCK = (256 * 1024 if step else 4 * block), block
    pieces = [halves[1][at : at + step] for at in range(0, len(halves[1]), step)] if step else []
    file = written(folder / "both", [halves[0], *pieces] if step else [b"".join(halves)])
    assert records(file) == [*alone[0], *moved(alone[1], len(halves[0]))]
    (change,) = file.forms.changes()
    assert (change[0] - file.index.first, change[1].known, change[2].known) == (
        *(len(alone[0]), forms[0].known, forms[1].known),
    )
    file.close()


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None, max_examples=20)
@given(st.integers(1, 60), st.sampled_from([500, 9000, 1 << 20]))
def test_a_file_that_goes_back_and_forth_does_not_flap(
    tmp_path_factory: pytest.TempPathFactory, run: int, step: int
) -> None:
    texts, objects = TEXT.splitlines(keepends=True), JSON.splitlines(keepends=True)
    whole = "".join("".join(texts[at : at + run] + objects[at : at + run]) for at in range(0, 3000, run)).encode()
    path = tmp_path_factory.mktemp("mixed") / "app.log"
    file = written(path, [whole[at : at + step] for at in range(0, len(whole), step)])
    assert len(file.forms.changes()) <= 2 * (len(whole) // (1 << 20) + 1)
    spans = [span for span, *_ in records(file)]
    assert [span[1] for span in spans[:-1] if span] == [span[0] for span in spans[1:] if span]
    assert sum(lines for *_, lines in records(file)) == whole.count(b"\n")
    file.close()


@pytest.mark.parametrize("step", [400, 1 << 20])
@pytest.mark.parametrize("expression", ["status>=500", "status>=500 level>=error", "Request", "-no", "level>=error"])
def test_a_filter_in_force_while_the_format_changes_keeps_what_it_should(
    tmp_path: Path, step: int, expression: str
) -> None:
    path = tmp_path / "app.log"
    path.write_text(TEXT)
    file = opened(path)
    view = View([file], narrowed(Filter(), expression, NOW))
    for at in range(0, len(JSON), step):
        with path.open("a") as appended:
            appended.write(JSON[at : at + step])
        while file.grow():
            view.extend()
    view.look(lambda: False, threading.Lock(), lambda: None)
    every = [as_object(row, "app.log", None) for row in rows_of(View([file], Filter()))]
    assert len(every) == 6000
    kept = {
        "status>=500": [each["fields"].get("status") == 500 for each in every],
        "status>=500 level>=error": [each["fields"].get("status") == 500 for each in every],
        "Request": ["Request" in each["message"] for each in every],
        "-no": ["no" not in each["message"] for each in every],
        "level>=error": [each["level"] == "error" for each in every],
    }[expression]
    shown = [as_object(row, "app.log", None)["text"] for row in rows_of(view)]
    assert shown == [each["text"] for each, keep in zip(every, kept, strict=True) if keep]
    assert shown
    file.close()


def test_a_young_file_that_changes_keeps_both_formats(tmp_path: Path) -> None:
    texts, objects = TEXT.splitlines(keepends=True), JSON.splitlines(keepends=True)
    file = written(tmp_path / "app.log", [line.encode() for line in [*texts[:20], *objects[:60]]])
    assert [level for _, _, level, _ in records(file)] == [3] * 20 + [6] * 60
    assert [number for number, _, _ in file.forms.changes()] == [20]
    file.close()


def test_a_long_stack_trace_is_no_change(tmp_path: Path) -> None:
    trace = "Traceback (most recent call last):\n" + '  File "cart.py", line 12, in total\n    return 1\n' * 300
    file = written(tmp_path / "app.log", [TEXT.encode(), trace.encode(), TEXT.encode()])
    assert not file.forms.changes()
    assert file.index.stop - file.index.first == 6000
    file.close()


def test_records_know_the_format_they_were_read_with() -> None:
    first, second, third = (LogFormat for LogFormat in ("a", "b", "c"))
    forms = Forms(second)  # type: ignore[arg-type]
    forms.begin(10, third)  # type: ignore[arg-type]
    forms.end(-5, first)  # type: ignore[arg-type]
    assert [forms.of(number) for number in (-6, -5, 9, 10)] == [first, second, second, third]
    assert forms.changes() == [(-5, first, second), (10, second, third)]
    assert (forms.earliest, forms.latest) == (first, third)
