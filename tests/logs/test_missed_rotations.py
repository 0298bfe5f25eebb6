"""A log that rotates faster than it is looked at: what rotated between two looks is opened too, or told as missing."""

from __future__ import annotations

import os
import re
from pathlib import Path

from cockpit.clock import SystemClock
from cockpit.logs.feeds.program import ProgramFeed
from cockpit.logs.feeds.recipe import Command
from cockpit.logs.source import Source
from tests.support.logging import Writer, numbered


def numbers_of(source: Source) -> list[int]:
    """The numbers of all lines that the source knows, in its order."""
    for file in source.files:
        while file.index_earlier():
            pass
    data = b"".join(file.read_span(0, file.index.end) for file in source.files if not file.gone)
    return [int(number) for number in re.findall(rb"Request (\d+) handled\n", data)]


def stepped(source: Source) -> Source:
    while source.step():
        pass
    return source


def test_a_log_that_rotated_twice_between_two_looks(tmp_path: Path) -> None:
    writer = Writer(tmp_path / "app.log")
    writer.write(50)
    source = Source(writer.path, "app.log", SystemClock())
    source.open()
    for _ in range(3):
        for number in (3, 2, 1):
            if (older := Path(f"{writer.path}.{number}")).exists():
                os.rename(older, f"{writer.path}.{number + 1}")
        os.rename(writer.path, f"{writer.path}.1")
        writer.write(50)
    assert numbers_of(stepped(source)) == list(range(200))
    source.close()


def spooled(tmp_path: Path, cap: int) -> tuple[ProgramFeed, Source]:
    feed = ProgramFeed("app", tmp_path / "app.log", Command("true"), SystemClock(), cap)
    source = Source(feed.path, "app", SystemClock(), feed)
    source.open()
    return feed, source


def test_a_spool_that_filled_several_segments_between_two_looks(tmp_path: Path) -> None:
    feed, source = spooled(tmp_path, 80_000)
    for number in range(1000):
        feed._spool.write(numbered(number).encode())
    assert numbers_of(stepped(source)) == list(range(1000))
    assert len(source.files) > 4
    source.close()
    feed.close(keep=False)


def test_a_spool_that_has_filled_thousands_of_segments(tmp_path: Path) -> None:
    feed, source = spooled(tmp_path, 80_000)
    feed._spool._number = 9_998
    for number in range(1000):
        feed._spool.write(numbered(number).encode())
    assert numbers_of(stepped(source)) == list(range(1000))
    source.close()
    feed.close(keep=False)


def test_what_a_spool_removed_before_it_was_read_is_said_to_be_missing(tmp_path: Path) -> None:
    feed, source = spooled(tmp_path, 8_000)
    for number in range(1000):
        feed._spool.write(numbered(number).encode())
    numbers = numbers_of(stepped(source))
    assert numbers == list(range(numbers[0], 1000))
    assert len(numbers) > 80
    assert any("lines are missing" in sentence for _, sentence in source.remarks)
    source.close()
    feed.close(keep=False)
