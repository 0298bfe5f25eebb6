"""cockpit trace: one request through all logs, as data or as a text for a chat."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.cli.conftest import Typed, refusal
from tests.test_trace import shop

FAILED = "req-00000029"


@pytest.fixture
def logs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    shop(tmp_path)
    return tmp_path


def test_a_trace_as_an_object(typed: Typed, logs: Path) -> None:
    result = typed("trace", FAILED, "app.log", "pay.log", "--json")
    assert (result.exit_code, result.stderr) == (0, "")
    told = json.loads(result.stdout)
    assert (told["id"], told["started"], told["ended"]) == (
        FAILED,
        "2026-11-23T09:42:58.003000Z",
        "2026-11-23T09:42:58.733000Z",
    )
    assert [(each["source"], each["line"], each["level"], each["gap_ms"]) for each in told["records"]] == [
        ("app.log", 83, "info", None),
        ("pay.log", 42, "info", 720.0),
        ("app.log", 84, "error", 10.0),
    ]
    assert told["records"][0]["at"] == told["started"]
    assert told["records"][1]["took_ms"] == 15.0


def test_a_trace_as_a_text_says_what_is_unusual_and_where_others_go_on(typed: Typed, logs: Path) -> None:
    shown = typed("trace", FAILED, ".").stdout
    assert "Trace req-00000029 · 3 records of app.log and pay.log · 730 ms · from 2026-11-23 09:42:58 UTC" in shown
    assert "+720 ms  pay.log  info" in shown
    assert "[took 15 ms; ! usually 20 ms, p95 20 ms]" in shown
    assert "No record after step 3 (app.log), though its logs go on for" in shown
    assert "After step 2 others of this kind that went well go on to: “order placed request_id=<*>” (" in shown
    assert "in 60 other traces" in shown


def test_no_record_with_the_id_is_told_with_exit_code_1(typed: Typed, logs: Path) -> None:
    for how in ((), ("--json",)):
        result = typed("trace", "req-nowhere", ".", *how)
        assert (result.exit_code, result.stdout) == (1, "")
        assert result.stderr == "cockpit: No record has the trace id 'req-nowhere'.\n"


def test_what_cannot_be_read_or_is_no_id_is_refused(typed: Typed, logs: Path) -> None:
    assert refusal(typed("trace", " ", ".")) == "ID names no trace id."
    assert typed("trace", FAILED, "missing.log").exit_code == 2
