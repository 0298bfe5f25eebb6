"""Following: files that grow, rotate in every usual way, vanish and come back; no line lost, none shown twice."""

from __future__ import annotations

import os
import random
import shutil
import threading
from pathlib import Path

import pytest

from cockpit.logs.desk import LogDesk
from cockpit.logs.file import SourceError
from cockpit.logs.levels import Level
from cockpit.logs.places import compile_pattern
from cockpit.logs.search import Filter
from cockpit.logs.source import State
from tests.support.logging import Writer, numbered, shown_numbers
from tests.support.waiting import until


def settled(desk: LogDesk, writer: Writer) -> bool:
    return until(lambda: desk.shown.view.count == writer.written)


def opened(desk: LogDesk, path: Path, lines: int) -> Writer:
    writer = Writer(path)
    writer.write(lines)
    desk.add(path, path.name)
    desk.start()
    assert settled(desk, writer)
    return writer


def test_the_tail_is_there_at_once_and_the_rest_comes_after(desk: LogDesk, tmp_path: Path) -> None:
    writer = Writer(tmp_path / "app.log")
    writer.write(40_000)
    desk.add(writer.path, "app.log")
    last = desk.shown.view.row(desk.shown.view.count - 1)
    assert last is not None
    assert last.file.read(last.number) == numbered(39_999).encode()
    assert 0 < desk.shown.view.count < 40_000
    desk.start()
    assert settled(desk, writer)
    assert shown_numbers(desk) == list(range(40_000))
    first = desk.shown.view.row(0)
    assert first is not None
    assert first.file.index.line_number(first.number) == 1
    assert first.file.index.line_number(last.number) == 40_000


def test_what_is_appended_appears(desk: LogDesk, tmp_path: Path) -> None:
    writer = opened(desk, tmp_path / "app.log", 10)
    writer.write(500)
    assert settled(desk, writer)
    assert shown_numbers(desk) == list(range(510))


def test_a_line_written_in_pieces_is_one_line(desk: LogDesk, tmp_path: Path) -> None:
    writer = opened(desk, tmp_path / "app.log", 3)
    line = numbered(3)
    with writer.path.open("a") as file:
        for piece in (line[:10], line[10:40], line[40:]):
            file.write(piece)
            file.flush()
            until(lambda: desk.sources.files()[-1].index.end == writer.path.stat().st_size)
    writer.written = 4
    assert settled(desk, writer)
    assert shown_numbers(desk) == [0, 1, 2, 3]


def test_a_trace_that_comes_later_joins_its_record(desk: LogDesk, tmp_path: Path) -> None:
    path = tmp_path / "app.log"
    path.write_text("2026-11-23 10:02:11,201 shop handler failed\n")
    desk.add(path, "app.log")
    desk.start()
    with path.open("a") as file:
        file.write("Traceback (most recent call last):\n  File 'x'\nTypeError: no\n")
    assert until(lambda: desk.sources.files()[0].index.facts(0) == (1795428131201000, Level.ERROR, 4))
    assert until(lambda: desk.shown.view.count == 1 and desk.shown.view.row(0).level == Level.ERROR)


def test_renamed_and_created_anew(desk: LogDesk, tmp_path: Path) -> None:
    writer = opened(desk, tmp_path / "app.log", 100)
    os.rename(writer.path, tmp_path / "app.log.1")
    writer.write(50, tmp_path / "app.log.1")  # the service has not reopened yet
    writer.write(100)
    assert settled(desk, writer)
    assert shown_numbers(desk) == list(range(250))
    assert "rotated" in desk.sources[0].remarks[-1][1]


def test_copied_and_truncated(desk: LogDesk, tmp_path: Path) -> None:
    writer = opened(desk, tmp_path / "app.log", 100)
    writer.write(20)  # may reach only the copy
    shutil.copy(writer.path, tmp_path / "app.log.1")
    os.truncate(writer.path, 0)
    writer.write(100)
    assert settled(desk, writer)
    assert shown_numbers(desk) == list(range(220))


def test_truncated_and_longer_than_before_at_the_next_look(desk: LogDesk, tmp_path: Path) -> None:
    path = tmp_path / "app.log"
    path.write_text("".join(numbered(n) for n in range(10)))
    desk.add(path, "app.log")
    path.write_text("".join(numbered(n) for n in range(500, 600)))
    desk.start()
    assert until(lambda: desk.shown.view.count == 110)
    assert shown_numbers(desk) == [*range(10), *range(500, 600)]  # the old ones from what we kept


def test_deleted_and_back(desk: LogDesk, tmp_path: Path) -> None:
    writer = opened(desk, tmp_path / "app.log", 100)
    writer.path.unlink()
    assert until(lambda: desk.sources[0].state is State.DELETED)
    assert shown_numbers(desk) == list(range(100))
    writer.write(30)
    assert settled(desk, writer)
    assert desk.sources[0].state is State.LIVE
    assert shown_numbers(desk) == list(range(130))


def test_rotated_again_and_again_under_load(desk: LogDesk, tmp_path: Path) -> None:
    writer = opened(desk, tmp_path / "app.log", 10)
    chance = random.Random(4)
    for turn in range(12):
        for _ in range(chance.randint(1, 5)):
            writer.write(chance.randint(1, 200))
        if turn % 3 == 0:
            assert settled(desk, writer)  # a copy is only whole if nobody writes meanwhile
            shutil.copy(writer.path, tmp_path / f"app.log.{turn}")
            os.truncate(writer.path, 0)
        else:
            os.rename(writer.path, tmp_path / f"app.log.{turn}")
        writer.write(1)
        assert settled(desk, writer)
    assert shown_numbers(desk) == list(range(writer.written))


def test_several_files_are_merged_by_time(desk: LogDesk, tmp_path: Path) -> None:
    names = ["a.log", "b.log", "c.log"]
    for position, name in enumerate(names):
        (tmp_path / name).write_text("".join(numbered(n) for n in range(position, 300, 3)))
        desk.add(tmp_path / name, name)
    desk.start()
    assert shown_numbers(desk) == list(range(300))
    for number in range(300, 360):
        with (tmp_path / names[number % 3]).open("a") as file:
            file.write(numbered(number))
    assert until(lambda: desk.shown.view.count == 360)
    assert shown_numbers(desk) == list(range(360))


def test_a_filter_and_a_search_hold_for_what_arrives_too(desk: LogDesk, tmp_path: Path) -> None:
    path = tmp_path / "app.log"
    path.write_text("".join(numbered(n, "ERROR" if n % 10 == 0 else "INFO") for n in range(1000)))
    desk.add(path, "app.log")
    desk.start()
    desk.shown.filter(Filter(Level.ERROR))
    desk.shown.search(compile_pattern("request [0-9]*50 "))
    assert until(lambda: desk.shown.view.count == 100 and desk.shown.hits is not None and desk.shown.hits.count == 10)
    with path.open("a") as file:
        file.write(numbered(1000, "ERROR") + numbered(1001) + numbered(1050, "ERROR"))
    assert until(lambda: desk.shown.view.count == 102 and desk.shown.hits is not None and desk.shown.hits.count == 11)
    desk.shown.filter(Filter(without=(compile_pattern("Request 1"),)))
    assert until(
        lambda: desk.shown.view.count == 1003 - sum(str(n).startswith("1") for n in [*range(1001), 1001, 1050])
    )


def test_next_hit_and_next_error_find_their_way(desk: LogDesk, tmp_path: Path) -> None:
    path = tmp_path / "app.log"
    path.write_text("".join(numbered(n, "ERROR" if n in (7, 70) else "INFO") for n in range(100)))
    desk.add(path, "app.log")
    assert desk.shown.view.next_of_level(0, Level.ERROR, 1) == 7
    assert desk.shown.view.next_of_level(7, Level.ERROR, 1) == 70
    assert desk.shown.view.next_of_level(70, Level.ERROR, 1) is None
    assert desk.shown.view.next_of_level(99, Level.ERROR, -1) == 70
    desk.shown.search(compile_pattern("Request 5[0-9] "))
    assert until(lambda: desk.shown.hits is not None)
    hit = desk.shown.next_hit(desk.shown.view.row(10), 1)
    assert hit is not None
    assert hit.number == 50
    before = desk.shown.next_hit(hit, -1)
    assert before is None


@pytest.mark.parametrize(
    ("content", "sentence"),
    [(None, "no such file"), (b"\x00\x01\x02\x03" * 1000, "binary"), ("folder", "is a directory")],
)
def test_what_is_no_log_is_refused_in_a_sentence(
    desk: LogDesk, tmp_path: Path, content: bytes | str | None, sentence: str
) -> None:
    path = tmp_path / "x.log"
    if isinstance(content, bytes):
        path.write_bytes(content)
    elif content == "folder":
        path.mkdir()
    with pytest.raises(SourceError, match=sentence):
        desk.add(path, "x.log")


def test_a_missing_file_is_waited_for(desk: LogDesk, tmp_path: Path) -> None:
    writer = Writer(tmp_path / "late.log")
    with pytest.raises(SourceError):
        desk.add(writer.path, "late.log")
    desk.start()
    writer.write(5)
    assert settled(desk, writer)


def test_an_empty_file_that_fills_with_what_is_no_text_stops_no_other(desk: LogDesk, tmp_path: Path) -> None:
    odd = tmp_path / "odd.log"
    odd.touch()
    desk.add(odd, "odd.log")
    writer = opened(desk, tmp_path / "app.log", 10)
    odd.write_bytes(bytes(100_000) + b"2026-11-23 10:02:11 written behind a hole\n")
    (source,) = (each for each in desk.sources if each.name == "odd.log")
    assert until(lambda: source.state is State.FAILED)
    assert "looks binary" in source.why
    writer.write(500)
    assert settled(desk, writer)
    odd.write_text("2026-11-23 10:02:12 begun anew\n")
    assert until(lambda: desk.shown.view.count == writer.written + 1)
    assert (source.state, source.why) == (State.LIVE, "")


def test_a_young_log_that_gets_bytes_of_no_text_goes_on(desk: LogDesk, tmp_path: Path) -> None:
    writer = opened(desk, tmp_path / "app.log", 10)
    with writer.path.open("ab") as file:
        file.write(bytes(4000) + b"\n")  # has no time: it goes on with the record before
    writer.write(500)
    assert settled(desk, writer)


def test_strange_bytes_do_no_harm(desk: LogDesk, tmp_path: Path) -> None:
    path = tmp_path / "odd.log"
    path.write_bytes(
        b"2026-11-23 10:02:11 \xff\xfe caf\xe9\r\n2026-11-23 10:02:12 \x1b[31mred\x1b[0m [/b]\n" + b"x" * 3_000_000
    )
    desk.add(path, "odd.log")
    desk.start()
    assert desk.idle(10)
    assert desk.shown.view.count == 2


def test_two_threads_may_read_while_a_file_grows(desk: LogDesk, tmp_path: Path) -> None:
    writer = opened(desk, tmp_path / "app.log", 1000)
    stop, errors = threading.Event(), []

    def reading() -> None:
        while not stop.is_set():
            with desk.shown.lock:
                row = desk.shown.view.row(desk.shown.view.count - 1)
            data = row.file.read(row.number) if row is not None else b"nothing\n"
            if data.endswith(b"\n") and b"Request" not in data:  # the last line may be half there
                errors.append(data)

    reader = threading.Thread(target=reading)
    reader.start()
    for _ in range(50):
        writer.write(200)
    assert settled(desk, writer)
    stop.set()
    reader.join()
    assert not errors


def test_what_goes_wrong_with_one_source_stops_no_other(
    desk: LogDesk, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    writer = opened(desk, tmp_path / "app.log", 10)
    odd = Writer(tmp_path / "odd.log")
    odd.write(1)
    source = desk.add(odd.path, "odd.log")
    whole = source.step

    def clumsy() -> bool:
        raise ValueError("no such thing")

    monkeypatch.setattr(source, "step", clumsy)
    writer.write(500)
    assert until(lambda: desk.shown.view.count == 511)
    assert until(lambda: source.state is State.FAILED)
    assert source.why == "odd.log could not be read on: no such thing"
    monkeypatch.setattr(source, "step", whole)
    odd.write(5)
    assert until(lambda: desk.shown.view.count == 516)
    assert source.state is State.LIVE
