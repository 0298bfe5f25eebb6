"""The messages of many records at once are those that each of them has by itself."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cockpit.clock import from_rfc3339
from cockpit.logs.described import Known, Wrapper
from cockpit.logs.file import LogFile
from cockpit.logs.formats import Teller
from cockpit.logs.known import KNOWN, WRAPPERS
from cockpit.logs.messages import LONGEST, messages, messages_of
from cockpit.logs.record import parse
from tests.insight.loghub import LOGHUB, sets

NOW = from_rfc3339("2026-11-23T17:00:00Z")
ODD = (b"", b"junk \xff line", b'{"a":1}', b'{"message":null,"msg":"x"}', b"{broken", b"\x1b[31mred\x1b[0m", b"a=1 b")


def by_itself(record: bytes, form: object) -> bytes:
    return parse(record, form).message.replace("\n", " ").encode("utf-8", "replace")  # type: ignore[arg-type]


def all_of(file: LogFile) -> tuple[list[bytes], list[bytes]]:
    """The messages of all records of a file: as they are told at once, and each by itself."""
    while file.index_earlier():
        pass
    at_once, alone = [], []
    for part in file.index.parts():
        for each in messages_of(file, part, 0, part.count, lambda: False):
            assert each.messages.count(b"\n") == each.stop - each.first
            at_once += each.messages.split(b"\n")[:-1]
        form = file.forms.of(part.first)
        alone += [by_itself(file.read(part.first + row), form)[:LONGEST] for row in range(part.count)]
    return at_once, alone


def in_file(path: Path, text: bytes) -> tuple[list[bytes], list[bytes]]:
    path.write_bytes(text)
    file = LogFile(path, NOW)
    found = all_of(file)
    file.close()
    return found


@pytest.mark.parametrize("known", [each for each in (*KNOWN, *WRAPPERS) if each.samples], ids=lambda each: each.name)
@pytest.mark.parametrize("odd", [(), ODD], ids=["alone", "with odd lines"])
def test_samples_of_every_format(known: Known | Wrapper, odd: tuple[bytes, ...]) -> None:
    samples = [sample.line.encode() for sample in known.samples]
    form = Teller()(samples)
    records = [record + end for end in (b"\n", b"\r\n") for record in (*samples, *odd)]
    lines = [record.removesuffix(b"\n").partition(b"\n")[0] for record in records]
    found = messages(lines, records, form)
    if known.name == "uWSGI":  # of a request, what stands behind it is left out
        assert found[: len(samples)] == [
            by_itself(record, form).partition(b"  ")[0] for record in records[: len(samples)]
        ]
    else:
        assert found == [by_itself(record, form) for record in records]


values = st.text(max_size=20) | st.integers() | st.none() | st.booleans() | st.just({"a": "b"}) | st.just({})
objects = st.dictionaries(st.sampled_from(("message", "msg", "event", "level", "error", "n")), values, max_size=4)


@given(st.lists(objects, min_size=1, max_size=12), st.sampled_from(((", ", ": "), (",", ":"))))
def test_any_objects(many: list[dict[str, object]], separators: tuple[str, str]) -> None:
    lines = [json.dumps(each, separators=separators).encode() for each in many]
    form = Teller()([b'{"ts":"2026-11-23T10:02:11Z","level":"info","msg":"opened"}'])
    assert messages(lines, lines, form) == [by_itself(line, form) for line in lines]


@given(
    st.lists(
        st.sampled_from(("msg=opened", 'msg="cart \\"7\\"\\nx"', "a=1", "level=info", "x", "event=e", "msg=")),
        max_size=5,
    )
)
def test_any_pairs(words: list[str]) -> None:
    form = Teller()([b'time="2026-11-23T10:02:11Z" level=warning msg="cart slow" took=1.5s'])
    lines = [" ".join(words).encode(), b'level=info msg="other"']
    assert messages(lines, lines, form) == [by_itself(line, form) for line in lines]


@given(st.lists(st.binary(max_size=30).filter(lambda each: b"\n" not in each and b"\r" not in each), max_size=5))
def test_any_bytes_behind_a_time(texts: list[bytes]) -> None:
    head = b"2026-11-23 10:02:11,201 "
    form = Teller()([head + b"INFO opened", head + b"ERROR failed"])
    for level in (b"INFO ", b"- WARNING - ", b"ERROR", b""):
        lines = [head + level + text for text in texts]
        assert messages(lines, lines, form) == [by_itself(line, form) for line in lines]


def test_records_of_several_lines(tmp_path: Path) -> None:
    trace = "Traceback (most recent call last):\n  File x\nKeyError: 'a'\n"
    text = "".join(
        f"2026-11-23 10:02:{n % 60:02d},201 ERROR cart {n} failed\n{trace if n % 3 else ''}" for n in range(90)
    )
    at_once, alone = in_file(tmp_path / "a.log", text.encode())
    assert at_once == alone
    assert at_once[4] == b"cart 4 failed"


def test_objects_with_lines_between(tmp_path: Path) -> None:
    text = "".join(
        f'{{"ts":"2026-11-23T10:02:11Z","msg":"cart {n}"}}\n{"  at x" if n % 5 == 0 else ""}\n' for n in range(50)
    )
    at_once, alone = in_file(tmp_path / "a.log", text.encode())
    assert at_once == alone


def test_a_message_of_a_megabyte_is_cut(tmp_path: Path) -> None:
    long = json.dumps({"ts": "2026-11-23T10:02:11Z", "msg": "x" * 1_000_000})
    at_once, alone = in_file(tmp_path / "a.log", (long + "\n" + long.replace("xxx", "yyy") + "\n").encode())
    assert at_once == alone
    assert [len(each) for each in at_once] == [LONGEST, LONGEST]


def test_a_last_line_without_an_end_and_empty_lines(tmp_path: Path) -> None:
    at_once, alone = in_file(tmp_path / "a.log", b"\nstarted\n\n\nstopped\n  more\nunfinished")
    assert at_once == alone
    assert at_once[-1] == b"unfinished"


@pytest.mark.skipif(not sets(), reason="the sets of logs are not here")
@pytest.mark.parametrize("name", sets())
def test_real_logs(name: str) -> None:
    file = LogFile(LOGHUB / name / f"{name}_2k.log", NOW)
    at_once, alone = all_of(file)
    file.close()
    assert at_once == alone
