"""`cockpit scan`, as a person types it."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from cockpit.clock import HOUR, SECOND, from_rfc3339, to_datetime, to_rfc3339
from cockpit.demo.build import Demo, build
from cockpit.insight.verdicts import SCOPES
from cockpit.scanning import scan
from tests.cli.conftest import Typed, refusal

NOW = from_rfc3339("2026-11-23T10:42:17Z")


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Demo:
    return build(tmp_path_factory.mktemp("demo"), 7, NOW)


def told(typed: Typed, demo: Demo, *words: str) -> dict[str, Any]:
    result = typed("scan", *map(str, demo.logs), *words, "--json")
    assert (result.exit_code, result.stderr) == (0, "")
    found: dict[str, Any] = json.loads(result.stdout)
    return found


def test_a_page_that_can_be_pasted(typed: Typed, demo: Demo) -> None:
    result = typed("scan", *map(str, demo.logs), "--repo", str(demo.repo))
    assert (result.exit_code, result.stderr) == (0, "")
    page = result.stdout
    assert len(page.splitlines()) <= 60
    assert "Onset: 2026-11-23T10:03:14Z" in page
    assert "deploy     likely" in page
    assert "items > 1000: 100 % of errors" in page
    assert "load       unlikely" in page
    assert "dependency unlikely" in page
    assert f"Suspects\n  {demo.faulty[:9]}" in page
    assert "Next test\n  deploy: Roll back" in page
    assert page.isprintable() or all(line.isprintable() for line in page.splitlines())


def test_as_json(typed: Typed, demo: Demo) -> None:
    found = told(typed, demo, "--repo", str(demo.repo))
    assert {"sources", "signatures", "onset", "markers", "scope", "suspects"} <= set(found)
    assert [source["records"] > 0 for source in found["sources"]] == [True] * len(demo.logs)
    shape = {"id", "template", "level", "count", "first", "last", "new", "example"}
    assert all(shape <= set(each) for each in found["signatures"])
    assert {"at", "signature", "before_per_min", "after_per_min", "confidence"} <= set(found["onset"])
    assert found["onset"]["signature"] == found["signatures"][0]["id"]
    assert found["onset"]["after_per_min"] > found["onset"]["before_per_min"]
    assert all({"at", "kind", "ref", "title"} <= set(each) for each in found["markers"])
    assert set(found["scope"]) == set(SCOPES)
    for judged in found["scope"].values():
        assert judged["verdict"] in ("likely", "possible", "unlikely", "cannot tell")
        assert judged["why"]
        assert 0 <= judged["score"] <= 1
    assert {"marker", "rate_ratio"} <= set(found["scope"]["deploy"])
    factor = {"field", "op", "value", "errors_share", "others_share", "lift", "p"}
    assert all(factor <= set(each) for each in found["scope"]["data"]["factors"])
    assert isinstance(found["scope"]["dependency"]["peers"], list)
    assert all({"sha", "subject", "score", "reasons"} <= set(each) for each in found["suspects"])
    assert found["suspects"][0]["sha"] == demo.faulty


def test_without_a_repository_no_commit_is_suspected(typed: Typed, demo: Demo) -> None:
    found = told(typed, demo)
    assert found["suspects"] == []
    assert found["scope"]["data"]["verdict"] == "likely"


def test_so_many_suspects(typed: Typed, demo: Demo) -> None:
    assert len(told(typed, demo, "--repo", str(demo.repo), "--top", "2")["suspects"]) == 2


def test_only_from_a_time_on(typed: Typed, demo: Demo) -> None:
    whole, late = told(typed, demo), told(typed, demo, "--since", "2026-11-23T09:30:00Z")
    assert min(each["first"] for each in late["signatures"]) >= "2026-11-23T09:30:00"
    assert min(each["first"] for each in whole["signatures"]) < "2026-11-23T09:30:00"
    assert sum(each["count"] for each in late["signatures"]) < sum(each["count"] for each in whole["signatures"])
    assert abs(from_rfc3339(late["onset"]["at"]) - from_rfc3339(whole["onset"]["at"])) <= 60 * SECOND


def test_a_source_of_another_zone_is_told_with_what_sets_it_right(typed: Typed, tmp_path: Path) -> None:
    app, pay = tmp_path / "app.log", tmp_path / "pay.log"
    begun = [NOW + n * 3 * SECOND for n in range(300)]
    app.write_text("".join(f"{to_rfc3339(at)} INFO begun request_id=req-{n:08}\n" for n, at in enumerate(begun)))
    late = [to_datetime(at + 2 * HOUR).strftime("%Y-%m-%d %H:%M:%S.%f") for at in begun]
    pay.write_text("".join(f"{at} INFO charged request_id=req-{n:08}\n" for n, at in enumerate(late)))
    notes = json.loads(typed("scan", str(app), str(pay), "--json").stdout)["notes"]
    assert [note.partition(",")[0] for note in notes] == ["pay.log is 2 h ahead of app.log"]
    assert notes[0].endswith("its zone may be another; try --zone pay.log=+02:00")
    assert f"Note: {notes[0]}" in typed("scan", str(app), str(pay)).stdout
    assert json.loads(typed("scan", str(app), str(pay), "--json", "--zone", "pay.log=+02:00").stdout)["notes"] == []
    found = json.loads(typed("trace", "req-00000007", str(app), str(pay), "--json").stdout)
    assert found["hints"] == ["pay.log is 2 h ahead of app.log: its zone may be another; try --zone pay.log=+02:00"]


def test_the_records_of_a_signature_that_it_printed(typed: Typed, demo: Demo) -> None:
    for signature in told(typed, demo)["signatures"][:4]:
        result = typed("records", *map(str, demo.logs), "--where", f"signature={signature['id']}", "--json")
        assert result.exit_code == 0
        records = [json.loads(line) for line in result.stdout.splitlines()]
        assert len(records) == signature["count"]
        assert signature["example"] in {each["message"] for each in records}


def test_what_cannot_be_read_is_said(typed: Typed, demo: Demo, tmp_path: Path) -> None:
    none = str(tmp_path / "none.log")
    result = typed("scan", none)
    assert (result.exit_code, result.stdout) == (2, "")
    assert "none.log" in result.stderr
    assert "None of these sources could be read." in result.stderr
    beside = typed("scan", str(demo.logs[0]), none, "--json")
    assert beside.exit_code == 0
    assert "none.log" in beside.stderr
    assert json.loads(beside.stdout)["onset"] is not None
    assert "is in no git repository" in refusal(typed("scan", str(demo.logs[0]), "--repo", str(tmp_path)))
    assert "is not a time" in refusal(typed("scan", str(demo.logs[0]), "--since", "soon"))


def test_nothing_goes_wrong(typed: Typed, tmp_path: Path) -> None:
    log = tmp_path / "app.log"
    log.write_text("".join(f"2026-11-23T10:{minute:02}:00Z INFO page {minute} done\n" for minute in range(60)))
    result = typed("scan", str(log))
    assert result.exit_code == 0
    assert "Onset: nothing began to go wrong in what was read." in result.stdout
    assert result.stdout.count("There are no errors.") == 4
    assert "app.log: 60 records, 0 of them errors" in result.stdout


def test_an_empty_log(typed: Typed, tmp_path: Path) -> None:
    (tmp_path / "app.log").touch()
    result = typed("scan", str(tmp_path / "app.log"), "--json")
    assert result.exit_code == 0
    assert json.loads(result.stdout)["onset"] is None
    assert json.loads(result.stdout)["unbegun"] == "no records were read"


def test_what_would_steer_a_terminal_is_shown_as_a_picture(typed: Typed, tmp_path: Path) -> None:
    log = tmp_path / "app.log"
    log.write_text("".join(f"2026-11-23T10:{minute:02}:00Z ERROR \x07 \u202eboom\n" for minute in range(60)))
    result = typed("scan", str(log))
    assert "␇" in result.stdout
    assert all(line.isprintable() for line in result.stdout.splitlines())


def test_a_log_that_is_truncated_while_it_is_read(
    typed: Typed, demo: Demo, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    log = tmp_path / "app.log"
    log.write_bytes(demo.logs[0].read_bytes())

    def truncating(*given: Any, **named: Any) -> Any:
        log.write_bytes(b"")
        return scan(*given, **named)

    monkeypatch.setattr("cockpit.scanning.scan", truncating)
    result = typed("scan", str(log))
    assert result.exit_code == 0
    assert "Note: app.log was truncated or written anew while it was read: what is told may be wrong" in result.stdout
