"""Two groups of records compared: what a filter keeps with the rest, what came after a time with what was before."""

from __future__ import annotations

import json
import random
import threading
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from cockpit.clock import MINUTE, SECOND, from_rfc3339, to_rfc3339
from cockpit.comparing import Compared, after_against_before, against_rest, condition_of
from cockpit.insight.contrast import Factor
from cockpit.logs.file import LogFile
from cockpit.logs.query import narrowed
from cockpit.logs.search import Filter
from cockpit.logs.view import View

NOW = from_rfc3339("2026-11-23T10:42:17Z")
BEGIN = NOW - 60 * MINUTE


def log(path: Path, count: int, tell: Any) -> LogFile:
    """A JSON log; tell: from the number of a record and a chance to its fields."""
    chance = random.Random(11)
    with path.open("w") as file:
        for number in range(count):
            at = to_rfc3339(BEGIN + number * 60 * MINUTE // count)
            file.write(json.dumps({"ts": at, "level": "info", "msg": "done", **tell(number, chance)}) + "\n")
    found = LogFile(path, NOW)
    while found.index_earlier():
        pass
    return found


def order(number: int, chance: random.Random) -> dict[str, Any]:
    """An order of up to 2000 items; those above 1000 answer with 500."""
    items = chance.randrange(2000)
    name = "Zoë" if items % 7 == 0 else "Ana"
    return {"items": items, "shop": f"shop-{number % 5}", "name": name, "status": 500 if items > 1000 else 200}


def view(files: list[LogFile], expression: str) -> View:
    found = View(files, narrowed(Filter(), expression, NOW) if expression else Filter())
    assert found.look(lambda: False, threading.Lock(), lambda: None)
    return found


def compared(files: list[LogFile], expression: str) -> Compared:
    found = against_rest(view(files, expression), lambda file: file.path.name)
    assert found is not None
    json.dumps(found.as_data(), allow_nan=False)
    assert found.page().endswith("\n")
    return found


def conditions(found: Compared) -> list[str]:
    return [each.condition() for each in found.factors]


@pytest.mark.parametrize("count", [2_000, 60_000])
def test_what_a_filter_keeps_is_told_from_the_rest(tmp_path: Path, count: int) -> None:
    found = compared([log(tmp_path / "app.log", count, order)], "status=500")
    assert (found.ours, found.others) == ("status = 500", "the rest")
    assert sum(found.records) == count
    assert found.complete == (count == 2_000)
    best = found.factors[0]
    assert (best.field, best.op) == ("items", ">")
    assert 980 <= float(best.value) <= 1001  # of a sample of the values
    assert best.errors_share == 1.0
    assert best.others_share < 0.02
    assert "status" not in {each.field for each in found.factors}


def test_records_shown_around_those_of_the_filter_count_with_the_rest(tmp_path: Path) -> None:
    files = [log(tmp_path / "app.log", 2_000, order)]
    around = View(files, replace(narrowed(Filter(), "status=500", NOW), context=3))
    assert around.look(lambda: False, threading.Lock(), lambda: None)
    found = against_rest(around, lambda file: file.path.name)
    assert found is not None
    assert found.records == compared(files, "status=500").records


def test_a_factor_becomes_a_filter_that_keeps_what_meets_it(tmp_path: Path) -> None:
    files = [log(tmp_path / "app.log", 2_000, order)]
    found = compared(files, "status=500")
    best = found.factors[0]
    narrow = View(files, found.narrowed(Filter(), best))
    narrow.look(lambda: False, threading.Lock(), lambda: None)
    assert narrow.count == round(best.failing)


@pytest.mark.parametrize(
    ("op", "value", "kept"),
    [
        ("=", "b", ["b"]),
        ("is", "null", ["null", ""]),
        ("is", "not ASCII", ["ü"]),
        ("length >", "3", ["null", "ccccc"]),
        ("is", "missing", [None]),
    ],
)
def test_every_kind_of_factor_becomes_a_filter(tmp_path: Path, op: str, value: str, kept: list[str | None]) -> None:
    values = ["b", "null", "", "ü", "ccccc", None]

    def tell(number: int, chance: random.Random) -> dict[str, Any]:
        return {"it": values[number]} if values[number] is not None else {}

    file = log(tmp_path / "app.log", len(values), tell)
    narrow = View([file], Filter(conditions=(condition_of(Factor("it", op, value, 1.0, 0.0, 1.0, 0.0, 1)),)))
    narrow.look(lambda: False, threading.Lock(), lambda: None)
    rows = [narrow.row(place) for place in range(narrow.count)]
    assert [values[row.number] for row in rows if row is not None] == kept


def test_what_came_after_a_time_is_told_from_what_was_before(tmp_path: Path) -> None:
    def tell(number: int, chance: random.Random) -> dict[str, Any]:
        return {"version": "2.4" if number >= 900 else "2.3", "size": chance.randrange(100)}

    files = [log(tmp_path / "app.log", 1_200, tell)]
    found = after_against_before(view(files, ""), BEGIN + 45 * MINUTE, "10:27:17", lambda file: "app")
    assert found is not None
    assert (found.ours, found.others, found.records) == ("from 10:27:17 on", "before 10:27:17", (300, 900))
    assert conditions(found)[0] in ("version = 2.4", "version > 2.3")
    assert all(each.field == "version" for each in found.factors)


def test_records_of_one_request_are_compared_as_one(tmp_path: Path) -> None:
    """The record that fails names its request only; what was ordered stands in another record."""

    def tell(number: int, chance: random.Random) -> dict[str, Any]:
        request, first = divmod(number, 2)
        if not first:
            return {"request_id": f"req-{request:08}", "country": "NO" if request % 3 == 0 else "DE"}
        failed = request % 3 == 0
        return {"request_id": f"req-{request:08}", "msg": "failed" if failed else "paid"}

    found = compared([log(tmp_path / "app.log", 3_000, tell)], "failed")
    assert "country = NO" in conditions(found)
    assert found.requests == (500, 1000)


def test_the_source_that_fails_is_told(tmp_path: Path) -> None:
    def failing(number: int, chance: random.Random) -> dict[str, Any]:
        return {"status": 500 if chance.random() < 0.5 else 200}

    def healthy(number: int, chance: random.Random) -> dict[str, Any]:
        return {"status": 200}

    files = [log(tmp_path / "web-1.log", 500, healthy), log(tmp_path / "web-2.log", 500, failing)]
    found = compared(files, "status=500")
    best = found.factors[0]
    assert (best.condition(), best.errors_share) == ("source = web-2.log", 1.0)
    assert found.narrowed(Filter(), best).sources == ("web-2.log",)


def test_a_field_of_the_records_that_is_called_source_is_not_that_of_the_logs(tmp_path: Path) -> None:
    def tell(number: int, chance: random.Random) -> dict[str, Any]:
        return {"source": "shop" if number % 2 else "mail", "status": 500 if number % 2 else 200}

    files = [log(tmp_path / "a.log", 200, tell), log(tmp_path / "b.log", 200, tell)]
    found = compared(files, "status=500")
    best = found.factors[0]
    assert best.condition() == "source = shop"
    narrow = View(files, found.narrowed(Filter(), best))
    narrow.look(lambda: False, threading.Lock(), lambda: None)
    assert narrow.count == 200


def test_groups_that_are_alike_have_nothing_that_tells_them_apart(tmp_path: Path) -> None:
    def tell(number: int, chance: random.Random) -> dict[str, Any]:
        return {"a": chance.randrange(1000), "b": chance.choice("xyz"), "coin": chance.randrange(2)}

    found = compared([log(tmp_path / "app.log", 3_000, tell)], "coin=1")
    assert found.factors == ()
    assert found.nothing == "Nothing tells them apart (4 fields compared)."


@pytest.mark.parametrize(
    ("expression", "said"),
    [
        ("status=404", "There is too little to compare: 0 of “status = 404”, 5 are needed."),
        ("status<=500", "There is too little to compare: 0 of “the rest”, 5 are needed."),
    ],
)
def test_a_group_that_is_empty_is_named(tmp_path: Path, expression: str, said: str) -> None:
    assert compared([log(tmp_path / "app.log", 300, order)], expression).nothing == said


def test_logs_without_fields_say_so(tmp_path: Path) -> None:
    path = tmp_path / "app.log"
    path.write_text("".join(f"{'cannot' if number % 2 else 'fine'}\n" for number in range(100)))
    file = LogFile(path, NOW)
    while file.index_earlier():
        pass
    assert compared([file], "cannot").nothing == "Their records have no fields to compare."


def test_only_the_window_of_the_filter_is_compared(tmp_path: Path) -> None:
    """Before the window everything was of another version: that is no news of those that fail in it."""

    def tell(number: int, chance: random.Random) -> dict[str, Any]:
        return {
            "version": "new" if number >= 1_000 else "old",
            "status": 500 if number >= 1_000 and number % 2 else 200,
        }

    files = [log(tmp_path / "app.log", 2_000, tell)]
    window = f"{to_rfc3339(BEGIN + 30 * MINUTE)}..{to_rfc3339(NOW + SECOND)}"
    found = compared(files, f"status=500 {window}")
    assert found.records == (500, 500)
    assert "version" not in {each.field for each in found.factors}


def test_it_stops_when_told_to(tmp_path: Path) -> None:
    files = [log(tmp_path / "app.log", 100, order)]
    assert against_rest(view(files, "status=500"), lambda file: "app", lambda: True) is None
    assert after_against_before(view(files, ""), NOW, "now", lambda file: "app", lambda: True) is None
