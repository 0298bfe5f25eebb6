"""All records of logs by their signatures, kept up as the logs grow."""

from __future__ import annotations

import json
import random
import threading
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from cockpit.cataloguing import Catalogue
from cockpit.clock import from_rfc3339, to_rfc3339
from cockpit.logs.file import LogFile
from cockpit.logs.levels import Level
from cockpit.logs.query import narrowed, written
from cockpit.logs.record import parse
from cockpit.logs.search import Filter
from cockpit.logs.times import NONE
from cockpit.logs.view import View

NOW = from_rfc3339("2026-11-23T10:42:00Z")
Opened = Callable[..., LogFile]


@pytest.fixture
def opened(tmp_path: Path) -> Opened:
    def open_(name: str, text: str) -> LogFile:
        path = tmp_path / name
        path.write_text(text)
        file = LogFile(path, NOW)
        while file.index_earlier():
            pass
        return file

    return open_


def line(second: int, text: str) -> str:
    return f"{to_rfc3339(NOW + second * 1_000_000)} {text}\n"


def grown(*files: LogFile) -> Catalogue:
    catalogue = Catalogue(files)
    while catalogue.grow():
        pass
    return catalogue


def counted(catalogue: Catalogue) -> dict[str, int]:
    return {each.template: each.count for each in catalogue.signatures()}


def add(file: LogFile, text: str) -> None:
    with file.path.open("a") as log:
        log.write(text)
    while file.grow():
        pass


def test_signatures_of_several_files_are_counted_with_level_and_times(opened: Opened) -> None:
    one = opened(
        "a.log", line(1, "INFO cart 17 opened") + line(70, "ERROR cart 18 failed") + line(75, "INFO cart 9 opened")
    )
    other = opened("b.log", line(3, "WARNING cart 2 failed") + line(4, "INFO cart 5 opened"))
    catalogue = grown(one, other)
    assert counted(catalogue) == {"cart <*> opened": 3, "cart <*> failed": 2}
    tally = catalogue.tally()
    failed = next(each for each in catalogue.signatures() if each.template == "cart <*> failed")
    assert tally.levels[failed.number] == Level.ERROR
    assert tally.firsts[failed.number] == NOW + 3_000_000
    assert tally.lasts[failed.number] == NOW + 70_000_000
    assert catalogue.times(failed.number).tolist() == [NOW + 3_000_000, NOW + 70_000_000]
    first, last = catalogue.sample(failed.number, 9)
    assert (first.file.path.name, first.number) == ("b.log", other.index.first)
    assert (last.file.path.name, last.key) == ("a.log", NOW + 70_000_000)
    assert len(catalogue.sample(failed.number, 1)) == 1


def test_what_is_appended_is_counted_and_only_once(opened: Opened) -> None:
    file = opened("a.log", line(1, "INFO cart 17 opened") + line(2, "INFO cart 18 opened"))
    catalogue = grown(file)
    add(file, line(3, "INFO cart 19 opened") + line(4, "ERROR no "))
    while catalogue.grow():
        pass
    assert counted(catalogue) == {"cart <*> opened": 3, "no": 1}
    add(file, line(5, "INFO cart 20 opened"))
    while catalogue.grow():
        pass
    assert counted(catalogue) == {"cart <*> opened": 4, "no": 1}
    assert not catalogue.grow()


def test_a_line_that_was_read_unfinished_is_read_again(opened: Opened) -> None:
    file = opened("a.log", line(1, "INFO cart 17 opened") + line(2, "INFO cart was").rstrip("\n"))
    catalogue = grown(file)
    assert "cart was" in counted(catalogue)
    add(file, " refused\n")
    while catalogue.grow():
        pass
    assert counted(catalogue) == {"cart <*> opened": 1, "cart was refused": 1}


def test_multi_line_records_count_once(opened: Opened) -> None:
    trace = "Traceback (most recent call last):\n  File x\nKeyError: 7\n"
    file = opened("a.log", "".join(line(n, f"ERROR cart {n} failed") + trace for n in range(50)))
    assert counted(grown(file)) == {"cart <*> failed": 50}


def test_a_truncated_file_is_forgotten(opened: Opened) -> None:
    file = opened("a.log", line(1, "INFO cart 17 opened"))
    other = opened("b.log", line(1, "INFO user 17 came"))
    catalogue = grown(file, other)
    catalogue.files = [other]
    assert counted(catalogue) == {"user <*> came": 1}
    assert not catalogue.grow()


def test_records_without_times(opened: Opened) -> None:
    catalogue = grown(opened("a.log", "started worker 1\nstarted worker 2\n"))
    (one,) = catalogue.signatures()
    assert (one.template, one.count) == ("started worker <*>", 2)
    assert catalogue.tally().firsts[one.number] == NONE
    assert len(catalogue.times(one.number)) == 0


def test_access_logs_are_told_apart_by_status_and_path(opened: Opened) -> None:
    text = "".join(
        f'10.0.0.{n % 9} - - [23/Nov/2026:10:02:11 +0000] "GET /cart/{n}?a={n} HTTP/1.1" {200 if n % 4 else 500} 12\n'
        for n in range(40)
    )
    assert counted(grown(opened("access.log", text))) == {"200 GET /cart/<*>": 30, "500 GET /cart/<*>": 10}


def test_numbers_of_every_record_are_those_of_its_message(opened: Opened) -> None:
    chance = random.Random(4)
    said = ("cart {} opened", "user ana came", "no price for {}", "read {} KB")
    lines = [
        json.dumps({"ts": to_rfc3339(NOW + n * 1_000_000), "msg": chance.choice(said).format(n), "n": n}) + "\n"
        for n in range(20_000)
    ]
    file = opened("a.json", "".join(lines))
    catalogue = grown(file)
    ids: dict[str, set[int]] = {}
    total = 0
    for each in catalogue.parts():
        assert each.numbers.dtype == np.int32
        assert len(each.numbers) == each.part.count
        total += each.part.count
        for row in range(0, each.part.count, 37):
            message = parse(file.read(each.part.first + row), file.form).message
            ids.setdefault("".join(letter for letter in message if not letter.isdigit()), set()).add(
                int(each.numbers[row])
            )
            assert catalogue.id_of(file, each.part.first + row)
    assert total == 20_000
    assert sorted(map(len, ids.values())) == [1, 1, 1, 1]
    assert int(catalogue.tally().counts.sum()) == 20_000


def test_a_cancelled_look_counts_nothing_twice(opened: Opened) -> None:
    file = opened("a.log", "".join(line(n, f"INFO cart {n} opened") for n in range(1000)))
    catalogue = Catalogue([file])
    assert not catalogue.grow(lambda: True)
    while catalogue.grow():
        pass
    assert counted(catalogue) == {"cart <*> opened": 1000}


def test_the_records_of_a_signature_are_those_asked_for_by_its_id(opened: Opened) -> None:
    file = opened("a.log", "".join(line(n, f"INFO cart {n} {'opened' if n % 3 else 'failed'}") for n in range(300)))
    catalogue = grown(file)
    failed = next(each for each in catalogue.signatures() if each.template == "cart <*> failed")
    (part,) = file.index.parts()
    rows = np.arange(0, 300, 2)
    found = catalogue.having(file, part, rows, [failed.id], lambda: False)
    assert found.tolist() == [row % 3 == 0 for row in rows.tolist()]
    assert not catalogue.having(file, part, rows, ["00000000"], lambda: False).any()
    assert catalogue.told(failed.id) == "cart <*> failed"


def test_a_filter_by_signature_reads_what_is_not_read_yet(opened: Opened) -> None:
    file = opened("a.log", "".join(line(n, f"INFO cart {n} {'opened' if n % 3 else 'failed'}") for n in range(300)))
    known = next(each for each in grown(file).signatures() if each.template == "cart <*> failed")
    wanted = narrowed(Filter(), f"signature={known.id}", NOW).signed(Catalogue([file]))
    view = View([file], wanted)
    view.look(lambda: False, threading.Lock(), lambda: None)
    assert view.count == 100
    hidden = narrowed(Filter(), f"-signature={known.id}", NOW).signed(Catalogue([file]))
    view = View([file], hidden)
    view.look(lambda: False, threading.Lock(), lambda: None)
    assert view.count == 200
    assert written(hidden) == f"-signature={known.id}"
    assert [text for text, _ in hidden.chips()] == ["not cart <*> failed"]


def test_a_filter_may_name_several_signatures(opened: Opened) -> None:
    states = ("opened", "failed", "closed")
    file = opened("a.log", "".join(line(n, f"INFO cart {n} {states[n % 3]}") for n in range(300)))
    catalogue = grown(file)
    ids = {each.template.split()[-1]: each.id for each in catalogue.signatures()}

    def shown(text: str) -> tuple[int, list[str]]:
        wanted = narrowed(Filter(), text, NOW).signed(catalogue)
        assert written(wanted) == text
        view = View([file], wanted)
        view.look(lambda: False, threading.Lock(), lambda: None)
        return view.count, [chip for chip, _ in wanted.chips()]

    two = f"{ids['failed']},{ids['closed']}"
    assert shown(f"signature={two}") == (200, ["cart <*> failed or 1 more"])
    assert shown(f"-signature={two}") == (100, ["not cart <*> failed nor 1 more"])
    assert shown(f"signature=00000000,{ids['opened']}") == (100, ["signature 00000000 or 1 more"])
    assert shown(f"signature={two},other") == (200, ["cart <*> failed or 2 more"])
    assert shown("signature=cart,failed") == (0, ["signature = cart,failed"])


def test_how_many_came_since_a_time(opened: Opened) -> None:
    catalogue = grown(opened("a.log", "".join(line(n, f"INFO cart {n} opened") for n in range(100))))
    (one,) = catalogue.signatures()
    assert catalogue.counts_since(NOW + 60_000_000)[one.number] == 40
