"""cockpit evidence, capture and run: what is kept from any shell, and what is refused."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from cockpit.incident.store import Incident
from tests.cli.conftest import Typed, refusal
from tests.support.waiting import until

Shown = Callable[[], dict[str, Any]]

LOG = """2026-11-23 10:00:00,000 INFO shop request_id=7f3a-01 GET /cart begins
2026-11-23 10:01:00,000 ERROR shop request_id=7f3a-01 failed status=500 user_id=88121
Traceback (most recent call last):
  File "cart.py", line 12, in total
TypeError: no sum
2026-11-23 10:01:30,000 INFO shop request_id=9c11-02 done
2026-11-23 11:00:00,000 INFO shop request_id=7f3a-01 late
"""
ACCESS = "2026-11-23 10:00:59,000 INFO nginx POST /checkout\n2026-11-23 12:00:00,000 INFO nginx GET /\n"


@pytest.fixture
def app_log(tmp_path: Path) -> Path:
    path = tmp_path / "app.log"
    path.write_text(LOG)
    return path


def bytes_of(incident: Incident, name: str) -> bytes:
    return (incident.folder / "evidence" / name).read_bytes()


def told(incident: Incident, label: str = "E1") -> dict[str, Any]:
    found: dict[str, Any] = json.loads(bytes_of(incident, f"{label}.json"))
    return found


def test_a_file_and_standard_input_are_kept_to_the_byte(
    typed: Typed, incident: Incident, shown: Shown, tmp_path: Path
) -> None:
    core = tmp_path / "core.bin"
    core.write_bytes(bytes(range(256)))
    assert typed("evidence", str(core), "--title", "the [core]\ndump").stdout.startswith("E1 kept in ")
    assert typed("evidence", "--title", "the pod", "-", given=b"pod\xff\n").exit_code == 0
    assert (bytes_of(incident, "E1.log"), bytes_of(incident, "E2.log")) == (bytes(range(256)), b"pod\xff\n")
    items = shown()["evidence"]
    assert [(each["title"], each["kind"], each["path"]) for each in items] == [
        ("the [core] dump", "text", "evidence/E1.log"),
        ("the pod", "text", "evidence/E2.log"),
    ]
    listed = typed("evidence", "list").stdout.splitlines()
    assert listed[:2] == ["E1   text     the [core] dump", "E2   text     the pod"]
    assert listed[3] == "○ error  ○ trace  ○ logs  ○ request  ◐ environment  ○ timing"
    assert json.loads(typed("evidence", "list", "--json").stdout) == items


def test_verify_ends_with_1_where_anything_was_touched(typed: Typed, incident: Incident) -> None:
    for text in (b"one", b"two", b"three"):
        typed("evidence", "-", "--title", "t", given=text)
    assert typed("evidence", "verify").exit_code == 0
    (incident.folder / "evidence/E2.log").write_bytes(b"TWO")
    (incident.folder / "evidence/E3.log").unlink()
    result = typed("evidence", "verify")
    assert result.exit_code == 1
    assert result.stdout.splitlines() == ["ok       E1   t", "changed  E2   t  E2.log", "missing  E3   t  E3.log"]
    verdicts = [each["verdict"] for each in json.loads(typed("evidence", "verify", "--json").stdout)]
    assert verdicts == ["ok", "changed", "missing"]


def test_what_cannot_be_kept_is_a_sentence(typed: Typed, incident: Incident, tmp_path: Path) -> None:
    assert "nowhere.txt cannot be read: No such file" in refusal(typed("evidence", "nowhere.txt"))
    assert "cannot be read: Is a directory" in refusal(typed("evidence", str(tmp_path)))
    assert not list((incident.folder / "evidence").iterdir())


def test_without_an_incident_nothing_is_kept(typed: Typed) -> None:
    assert refusal(typed("evidence", "-", given=b"x")).startswith("No incident has been opened")


def test_a_record_is_captured_with_its_trace_back_the_window_and_the_trace(
    typed: Typed, incident: Incident, shown: Shown, app_log: Path, tmp_path: Path
) -> None:
    access = tmp_path / "access.log"
    access.write_text(ACCESS)
    result = typed("capture", str(app_log), str(access), "--line", "4")
    assert result.stdout == "E1 kept: record, window of 4 records, trace 7f3a-01 (3 records).\n"
    lines = LOG.splitlines(keepends=True)
    assert bytes_of(incident, "E1.log").decode() == "".join(lines[1:5])
    assert bytes_of(incident, "E1.window.log").decode() == lines[0] + ACCESS.splitlines()[0] + "\n" + "".join(
        lines[1:6]
    )
    assert bytes_of(incident, "E1.trace.log").decode() == "".join([*lines[:5], lines[6]])
    about = told(incident)
    assert (about["record"]["line"], about["record"]["lines"], about["record"]["level"]) == (2, 4, "error")
    assert (about["request"]["status"], about["request"]["user_id"]) == (["500"], ["88121"])
    assert about["around"]["errors"] == {"before": 0, "from_then_on": 1}
    assert about["signature"]["template"] == "shop request_id=<*> failed status=<*> user_id=<*>"
    assert (about["signature"]["count"], about["signature"]["complete"]) == (1, True)
    assert about["host"]["processors"] == os.cpu_count()
    (item,) = shown()["evidence"]
    assert item["trace_id"] == "7f3a-01"
    assert item["source"] == "app.log"
    assert item["window"] == {"from": "2026-11-23T09:56:00.000000Z", "to": "2026-11-23T10:06:00.000000Z"}
    assert typed("evidence", "verify").exit_code == 0


def test_an_item_is_shown_with_its_timing_request_and_environment(
    typed: Typed, incident: Incident, app_log: Path
) -> None:
    typed("capture", str(app_log), "--line", "4")
    shown = typed("evidence", "show", "e1").stdout.splitlines()
    assert shown[:2] == ["E1  record: shop request_id=7f3a-01 failed status=500 user_id=88121", "files       ok"]
    for heading in ("timing", "request", "environment"):
        assert heading in shown
    assert "  signature   shop request_id=<*> failed status=<*> user_id=<*>" in shown
    assert "  user_id     88121" in shown
    about = json.loads(typed("evidence", "show", "E1", "--json").stdout)
    assert (about["verdict"], about["provenance"]["signature"]["count"]) == ("ok", 1)
    assert about["covers"]["environment"] == "no deploy is known at its time"
    assert refusal(typed("evidence", "show", "E7")) == "There is no evidence E7; there is: E1."


def test_a_window_is_as_wide_as_asked_for_before_and_after_capturing(
    typed: Typed, incident: Incident, shown: Shown, app_log: Path
) -> None:
    assert "window of 2 records" in typed("capture", str(app_log), "--line", "4", "--around", "45s").stdout
    result = typed("evidence", "window", "E1", "2h")
    assert result.stdout == "E1: window of 4 records, 2 h before and after.\n"
    (item,) = shown()["evidence"]
    assert item["window"] == {"from": "2026-11-23T08:01:00.000000Z", "to": "2026-11-23T12:01:00.000000Z"}
    file = next(part["file"] for part in item["parts"] if part["part"] == "window")
    assert bytes_of(incident, file).decode() == LOG
    assert typed("evidence", "verify").exit_code == 0
    app_log.unlink()
    assert "Open its log first" in refusal(typed("evidence", "window", "E1", "1m"))
    for width in ("soon", "-5m", "0s", "31d"):
        assert typed("evidence", "window", "E1", "--", width).exit_code == 2


def test_a_line_that_is_not_there_is_refused(typed: Typed, incident: Incident, app_log: Path) -> None:
    assert refusal(typed("capture", str(app_log), "--line", "99")) == f"{app_log} has no line 99."
    assert "Only files" in refusal(typed("capture", "cmd:true", "--line", "1"))


def run(*words: str, **options: Any) -> subprocess.CompletedProcess[bytes]:
    return subprocess.run([sys.executable, "-m", "cockpit", "run", *words], capture_output=True, check=False, **options)


def test_a_command_runs_as_usual_and_its_output_is_kept(incident: Incident, tmp_path: Path) -> None:
    script = "cat; echo out; sleep 0.2; echo wrong >&2; exit 3"
    done = run("--title", "does it fail?", "--", "sh", "-c", script, input=b"in\n")
    assert (done.returncode, done.stdout) == (3, b"in\nout\n")
    assert done.stderr.decode().splitlines()[0] == "wrong"
    assert done.stderr.decode().splitlines()[1].startswith("cockpit: E1 kept: exit code 3, ")
    assert bytes_of(incident, "E1.log") == b"in\nout\nwrong\n"
    about = told(incident)
    assert (about["title"], about["kind"], about["exit_code"]) == ("does it fail?", "command", 3)
    assert about["command"] == ["sh", "-c", script]
    assert about["directory"] == os.getcwd()
    assert about["seconds"] >= 0.2


def test_options_of_a_command_are_its_own(incident: Incident) -> None:
    assert run("echo", "--title", "x").stdout == b"--title x\n"
    assert told(incident)["title"] == "echo --title x"


def test_binary_output_of_any_length_is_shown_whole(incident: Incident) -> None:
    script = "import sys; sys.stdout.buffer.write(bytes(range(256)) * 40_000)"
    done = run("--", sys.executable, "-c", script)
    assert done.stdout == bytes(range(256)) * 40_000 == bytes_of(incident, "E1.log")


def test_a_command_that_cannot_be_run_keeps_nothing(typed: Typed, incident: Incident) -> None:
    assert refusal(typed("run", "--", "/nowhere/x")) == "/nowhere/x cannot be run: No such file or directory."
    assert not list((incident.folder / "evidence").iterdir())


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_command_that_is_interrupted_is_kept_as_far_as_it_came(incident: Incident, number: int) -> None:
    command = [sys.executable, "-m", "cockpit", "run", "--", "sh", "-c", "echo begun; exec sleep 60"]

    def listens() -> None:
        signal.signal(signal.SIGINT, signal.default_int_handler)  # a test run in the background ignores it

    pipe = subprocess.PIPE
    with subprocess.Popen(command, stdout=pipe, stderr=pipe, process_group=0, preexec_fn=listens) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == b"begun\n"
        if number == signal.SIGINT:
            os.killpg(process.pid, number)  # as a terminal does
        else:
            process.send_signal(number)
        assert until(lambda: process.poll() is not None)
    assert process.returncode == 128 + number
    assert bytes_of(incident, "E1.log") == b"begun\n"
    assert told(incident)["exit_code"] == 128 + number


def test_a_process_left_behind_that_holds_the_output_open_is_not_waited_for(incident: Incident) -> None:
    done = run("--", "sh", "-c", "sleep 20 >&2 2>/dev/null & echo done", timeout=15)
    assert (done.returncode, done.stdout) == (0, b"done\n")
