"""records and formats: the same engine without a screen, for scripts and chats."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from cockpit.logs.saved_filters import SavedFilters
from cockpit.paths import filters_file
from tests.cli.conftest import Typed, refusal

JSON = (
    '{"ts":"2026-11-23T10:00:00Z","level":"info","msg":"done","user":{"id":7},"items":3}\n'
    '{"ts":"2026-11-23T10:00:02Z","level":"error","msg":"failed","user":{"id":9},"items":1204}\n'
)
TEXT = (
    "2026-11-23 10:00:01,500 WARNING slow\n"
    "2026-11-23 10:00:03,000 ERROR broke\nTraceback (most recent call last):\n  x\n"
)
LINES = [*JSON.encode().splitlines(keepends=True), *TEXT.encode().splitlines(keepends=True), b"\n", b" x"]


@pytest.fixture
def logs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "app.jsonl").write_text(JSON)
    (tmp_path / "worker.log").write_text(TEXT)
    return tmp_path


def objects(output: str) -> list[dict[str, object]]:
    return [json.loads(line) for line in output.splitlines()]


def test_records_of_several_logs_are_merged_as_objects(typed: Typed, logs: Path) -> None:
    found = objects(typed("records", "app.jsonl", "worker.log", "--json").stdout)
    assert [(each["source"], each["line"], each["level"]) for each in found] == [
        ("app.jsonl", 1, "info"),
        ("worker.log", 1, "warning"),
        ("app.jsonl", 2, "error"),
        ("worker.log", 2, "error"),
    ]
    assert found[0]["at"] == "2026-11-23T10:00:00.000000Z"
    assert found[0]["fields"]["user.id"] == 7  # type: ignore[index]
    assert found[3]["text"] == "2026-11-23 10:00:03,000 ERROR broke\nTraceback (most recent call last):\n  x\n"


def test_they_are_narrowed_in_every_way(typed: Typed, logs: Path) -> None:
    assert [each["message"] for each in objects(typed("records", ".", "--where", "items>1000", "--json").stdout)] == [
        "failed"
    ]
    assert typed("records", ".", "--level", "error", "--limit", "1").stdout.startswith("2026-11-23 10:00:03")
    assert typed("records", ".", "--grep", "slow|done", "--format", "{level} {message}").stdout == (
        "info done\nwarning slow\n"
    )
    shown = typed("records", ".", "--since", "2026-11-23T10:00:02Z", "--until", "2026-11-23T10:00:03Z").stdout
    assert shown == JSON.splitlines(keepends=True)[1]


def test_the_records_of_a_trace_come_from_all_sources(typed: Typed, logs: Path) -> None:
    (logs / "a.jsonl").write_text(
        '{"ts":"2026-11-23T10:00:00Z","level":"info","msg":"in","request_id":"c2ce6f447ed4d57b"}\n'
        '{"ts":"2026-11-23T10:00:01Z","level":"info","msg":"in","request_id":"c2ce6f447ed4d57b0"}\n'
    )
    (logs / "b.log").write_text("2026-11-23 10:00:02 INFO c2ce6f447ed4d57b done\n2026-11-23 10:00:03 INFO other\n")
    found = objects(typed("records", "a.jsonl", "b.log", "--trace", "c2ce6f447ed4d57b", "--json").stdout)
    assert [(each["source"], each["line"]) for each in found] == [("a.jsonl", 1), ("b.log", 1)]
    assert all(list(each) == ["source", "line", "at", "level", "message", "fields", "text"] for each in found)
    assert "names no trace id" in typed("records", "a.jsonl", "--trace", "").stderr


def test_standard_input_is_a_source(typed: Typed) -> None:
    command = "cmd:printf '2026-11-23 10:00:00 INFO one\\n'"
    assert typed("records", command).stdout == "2026-11-23 10:00:00 INFO one\n"


def test_formats_tells_how_a_file_is_read(typed: Typed, logs: Path) -> None:
    (found,) = json.loads(typed("formats", "worker.log", "--json").stdout)
    assert (found["lines"], found["records"], found["timed"], found["levelled"]) == (4, 2, 1.0, 1.0)
    assert "hold a time" in found["why"] or found["why"]
    assert "JSON" in typed("formats").stdout


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (("missing.log",), "None of these sources"),
        (("app.jsonl", "--level", "waring"), "did you mean 'warning'"),
        (("app.jsonl", "--since", "soon"), "is not a time"),
        (("app.jsonl", "--where", "items>many"), "is no number"),
        (("app.jsonl", "--format", "nothing"), "names nothing"),
        (("app.jsonl", "--json", "--format", "{at}"), "exclude each other"),
    ],
)
def test_what_makes_no_sense_is_refused(typed: Typed, logs: Path, words: tuple[str, ...], sentence: str) -> None:
    result = typed("records", *words)
    assert result.exit_code == 2
    assert sentence in result.stderr


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None, max_examples=60)
@given(data=st.binary(min_size=1, max_size=300) | st.lists(st.sampled_from(LINES), min_size=1).map(b"".join))
def test_without_a_filter_the_bytes_of_the_file_come_out(typed: Typed, tmp_path: Path, data: bytes) -> None:
    path = tmp_path / "any.log"
    path.write_bytes(data)
    result = typed("records", str(path), "--raw")
    if result.exit_code == 0:
        assert result.stdout_bytes == data
    else:
        assert "binary" in refusal_of(result)


def refusal_of(result: object) -> str:
    return str(getattr(result, "stderr", ""))


def test_times_without_a_zone_are_read_in_the_zone_that_is_named(typed: Typed, logs: Path) -> None:
    shown = typed("records", ".", "--zone", "worker.log=Europe/Berlin", "--format", "{at} {message}").stdout
    assert shown.splitlines() == [
        "2026-11-23T09:00:01.500000Z slow",
        "2026-11-23T09:00:03.000000Z broke",
        "2026-11-23T10:00:00.000000Z done",
        "2026-11-23T10:00:02.000000Z failed",
    ]
    assert typed("records", "worker.log", "--zone", "+02:00", "--format", "{at}").stdout.startswith("2026-11-23T08:00")


def test_formats_tells_the_zone_where_it_is_not_the_hosts(typed: Typed, logs: Path) -> None:
    shown = typed("formats", "app.jsonl", "worker.log", "--zone", "worker*=Asia/Tokyo").stdout
    assert shown.count("are read in") == 1
    assert "times that name no zone are read in Asia/Tokyo" in shown
    found = json.loads(typed("formats", "worker.log", "--json").stdout)
    assert found[0]["zone"] is None


def test_a_zone_that_is_none_is_refused(typed: Typed, logs: Path) -> None:
    told = refusal(typed("records", ".", "--zone", "worker.log=Europe/Berln"))
    assert told == "--zone: There is no zone 'Europe/Berln'; did you mean 'Europe/Berlin'?"


def test_a_saved_filter_is_taken_by_its_name_and_narrowed_further(typed: Typed, logs: Path) -> None:
    saved = SavedFilters(filters_file())
    saved.save("bad ones", "level>=error")
    assert typed("records", ".", "--filter", "bad ones", "--format", "{message}").stdout == "failed\nbroke\n"
    assert typed("records", ".", "--filter", "bad ones", "--grep", "Trace", "--format", "{message}").stdout == "broke\n"
    told = refusal(typed("records", ".", "--filter", "bad one"))
    assert told == "There is no saved filter 'bad one'; did you mean 'bad ones'?"
    filters_file().write_text("nonsense")
    assert "not valid TOML" in refusal(typed("records", ".", "--filter", "bad ones"))


def test_signatures_are_added_to_the_objects(typed: Typed, logs: Path) -> None:
    (logs / "app.jsonl").write_text("".join(JSON.replace("done", f"done {n}") for n in range(20)))
    found = objects(typed("records", "app.jsonl", "worker.log", "--json", "--signatures").stdout)
    assert len(found) == 42
    ids: dict[object, set[object]] = {}
    for each in found:
        ids.setdefault(str(each["message"]).split()[0], set()).add(each["signature"])
    assert sorted(ids) == ["broke", "done", "failed", "slow"]
    assert all(len(each) == 1 for each in ids.values())
    assert len(set().union(*ids.values())) == 4
    limited = objects(typed("records", "app.jsonl", "worker.log", "--json", "--signatures", "--limit", "2").stdout)
    assert [each["signature"] for each in limited] == [each["signature"] for each in found[-2:]]


def test_signatures_go_with_objects_only(typed: Typed, logs: Path) -> None:
    assert refusal(typed("records", "app.jsonl", "--signatures")) == "--signatures goes with --json."


def test_records_of_one_signature(typed: Typed, logs: Path) -> None:
    (logs / "app.jsonl").write_text("".join(JSON.replace("done", f"done {n}") for n in range(20)))
    found = objects(typed("records", "app.jsonl", "worker.log", "--json", "--signatures").stdout)
    done = next(each["signature"] for each in found if each["message"] == "done 3")
    shown = objects(typed("records", "app.jsonl", "worker.log", "--json", "--where", f"signature={done}").stdout)
    assert [each["message"] for each in shown] == [f"done {n}" for n in range(20)]
    others = objects(typed("records", "app.jsonl", "worker.log", "--json", "--where", f"-signature={done}").stdout)
    assert len(others) == len(found) - 20
