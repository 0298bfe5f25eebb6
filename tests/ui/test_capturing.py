"""Capturing records in the logs pane, and looking at the evidence again."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from cockpit.incident.kit import complete
from tests.support.evidence import keep
from tests.support.screen import Cockpit, cockpit_on


def evidence(cockpit: Cockpit) -> Path:
    return cockpit.session.incident.store.folder / "evidence"


def window(cockpit: Cockpit) -> Path:
    """The window of the first item as it is now."""
    (item,) = cockpit.session.incident.evidence()
    return evidence(cockpit) / next(part.file for part in item.parts if part.name == "window")


def told(cockpit: Cockpit, label: str = "E1") -> dict[str, Any]:
    found: dict[str, Any] = json.loads((evidence(cockpit) / f"{label}.json").read_text())
    return found


def content(path: Path) -> bytes:
    return path.read_bytes()


def rewrite(path: Path, data: bytes) -> None:
    path.write_bytes(data)


def cursor_line(cockpit: Cockpit) -> str:
    return next(line for line in cockpit.text().split("\n") if line[1:2] == "▌")


async def test_an_error_is_captured_with_two_keys_and_leads_back_to_its_line(
    tmp_path: Path, app_log: Path, access_log: Path, repo: Path
) -> None:
    async with cockpit_on(tmp_path, app_log, access_log, repo=repo, size=(160, 40)) as cockpit:
        await cockpit.press("e", "E", "c")
        await cockpit.wait("E1 kept: record, window of 300 records")
        record = (evidence(cockpit) / "E1.log").read_bytes()
        assert record in content(app_log)
        assert b"TypeError: no sum" in record
        assert told(cockpit)["deploy"]["commit"]
        assert told(cockpit)["request"] == {"items": ["1190"]}
        await cockpit.press("g")
        assert "checkout 0 done" in cursor_line(cockpit)
        await cockpit.press("V")
        assert "checkout failed" in cockpit.text()
        await cockpit.press("enter")
        await cockpit.wait("still there")
        assert "as they were kept" in cockpit.text()
        await cockpit.press("l")
        await cockpit.settle()
        assert "checkout failed" in cursor_line(cockpit)
        assert "items=1190" in cursor_line(cockpit)


async def test_a_selection_is_captured_as_one_item(tmp_path: Path, app_log: Path) -> None:
    async with cockpit_on(tmp_path, app_log) as cockpit:
        await cockpit.press("v", "k", "k", "c")
        await cockpit.wait("E1 kept: 3 records, window of 200 records")
        lines = content(app_log).splitlines(keepends=True)
        assert (evidence(cockpit) / "E1.log").read_bytes() == b"".join(lines[-3:])
        assert told(cockpit)["records"]["count"] == 3


async def test_records_of_one_trace_are_kept_from_all_sources_and_whatever_is_filtered(tmp_path: Path) -> None:
    app, proxy = tmp_path / "app.log", tmp_path / "proxy.log"
    app.write_text(
        "2026-11-23T08:00:00Z INFO begin request_id=req-12345678\n"
        "2026-11-23T10:00:00Z ERROR failed request_id=req-12345678\n"
    )
    proxy.write_text("2026-11-23T10:00:01Z INFO upstream request_id=req-12345678 status=502\n")
    async with cockpit_on(tmp_path, app, proxy) as cockpit:
        await cockpit.press("l", "l", "l", "l")
        await cockpit.wait("1 of 1 shown")
        await cockpit.press("c")
        await cockpit.wait("window of 2 records, trace")
        assert "trace req-12345678" in cockpit.text()
        assert "(3 records)" in cockpit.text()
        assert (evidence(cockpit) / "E1.trace.log").read_text() == app.read_text() + proxy.read_text()
        assert told(cockpit)["request"]["status"] == ["502"]


async def test_a_changed_file_and_a_changed_source_are_told(tmp_path: Path, app_log: Path) -> None:
    async with cockpit_on(tmp_path, app_log) as cockpit:
        await cockpit.press("e", "c")
        await cockpit.wait("E1 kept")
        (evidence(cockpit) / "E1.window.log").write_text("other")
        rewrite(app_log, b"rewritten\n")
        await cockpit.press("V", "enter")
        await cockpit.wait("changed: E1.window.log")
        assert "changed since" in cockpit.text()


async def test_a_record_that_was_truncated_away_is_kept_as_far_as_it_is_there(tmp_path: Path, app_log: Path) -> None:
    async with cockpit_on(tmp_path, app_log) as cockpit:
        await cockpit.press("g")
        row = cockpit.session.desk.sources[0].files[0]
        rewrite(app_log, b"")
        row.gone = "truncated away at 10:42:17"
        row._kept = b""
        await cockpit.press("c")
        await cockpit.wait("E1 kept: record")
        assert told(cockpit)["records"]["gone"] == 1
        assert told(cockpit)["remarks"][0] == "1 of the records could not be read: truncated away at 10:42:17"
        assert (evidence(cockpit) / "E1.log").read_bytes() == b""
        await cockpit.press("V", "enter")
        await cockpit.wait("a record that is gone")


async def test_where_nothing_can_be_kept_a_sentence_says_so(tmp_path: Path, app_log: Path) -> None:
    async with cockpit_on(tmp_path, app_log) as cockpit:
        evidence(cockpit).write_text("in the way")
        await cockpit.press("c")
        await cockpit.wait("cannot hold the evidence: ")


async def test_without_records_nothing_is_captured_and_without_evidence_the_list_says_how(tmp_path: Path) -> None:
    empty = tmp_path / "empty.log"
    empty.write_text("")
    async with cockpit_on(tmp_path, empty) as cockpit:
        await cockpit.press("c")
        await cockpit.wait("There is no record here to keep.")
        await cockpit.press("V")
        await cockpit.wait("No evidence yet. Press c on a record in the logs")
        await cockpit.press("enter", "l", "q")
        assert "1 Logs" in cockpit.text()


async def test_evidence_kept_elsewhere_appears_in_the_open_list_and_draws_whatever_it_says(
    tmp_path: Path, app_log: Path
) -> None:
    from cockpit.clock import FrozenClock
    from cockpit.incident.keeping import Keeper
    from cockpit.incident.store import Incident
    from tests.support.screen import NOW

    async with cockpit_on(tmp_path, app_log) as cockpit:
        await cockpit.press("V")
        other = Incident.open(cockpit.session.incident.store.folder, FrozenClock(NOW), "ben@web-2")
        with Keeper(other) as keeper:
            keeper.write("text", b"[/red]\x1b[31m\xff\n" * 5000)
            keeper.keep("[bold]../x\x1b]0;t\x07", "text", {})
        cockpit.session.incident.refresh()
        await cockpit.wait("[bold]../x")
        await cockpit.press("enter")
        await cockpit.wait("[/red]\\xff")
        await cockpit.press("l")
        await cockpit.wait("It has no place in the logs.")


async def test_the_kit_says_what_is_there_and_which_key_gets_the_rest(
    tmp_path: Path, app_log: Path, access_log: Path
) -> None:
    async with cockpit_on(tmp_path, app_log, access_log, size=(80, 24)) as cockpit:
        await cockpit.press("V")
        await cockpit.wait("○ error  ○ trace  ○ logs  ○ request  ○ environment  ○ timing")
        assert "e, then c, in the logs: keeps an error" in cockpit.text()
        await cockpit.press("escape", "e", "c")
        await cockpit.wait("E1 kept")
        await cockpit.press("V")
        await cockpit.wait("✓ error  ○ trace  ✓ logs  ✓ request  ◐ environment  ✓ timing")
        assert "○ trace: the full stack trace → c on an error with one" in cockpit.text()
        assert "◐ environment: no deploy is known at its time → cockpit --repo DIR, then c" in cockpit.text()


async def test_an_error_with_its_repository_makes_the_whole_kit_with_two_keys(
    tmp_path: Path, app_log: Path, repo: Path
) -> None:
    async with cockpit_on(tmp_path, app_log, repo=repo) as cockpit:
        await cockpit.press("e", "c")
        await cockpit.wait("E1 kept")
        assert complete(cockpit.session.incident.evidence())
        await cockpit.press("V", "enter")
        await cockpit.wait("─── timing ───")
        assert "signature  " in cockpit.text()
        assert "─── environment ───" in cockpit.text()
        assert "rate       steady: " in cockpit.text() or "onset" in cockpit.text()
        assert told(cockpit)["signature"]["complete"] is True


async def test_a_window_is_taken_wider_and_narrower_by_key(tmp_path: Path, app_log: Path) -> None:
    async with cockpit_on(tmp_path, app_log, size=(120, 50)) as cockpit:
        await cockpit.press("e", "c")
        await cockpit.wait("E1 kept")
        await cockpit.press("V", "enter")
        await cockpit.wait("─── window · E1.window.log")
        before = (evidence(cockpit) / "E1.window.log").read_bytes()
        await cockpit.press("minus")
        await cockpit.wait("E1: window of ")
        await cockpit.press("N", "N", "N")
        await cockpit.wait("─── window · E1.window.")
        assert "2 min before and after" in cockpit.text()
        assert window(cockpit).read_bytes() in before
        assert (evidence(cockpit) / "E1.window.log").read_bytes() == before
        await cockpit.press("escape", "plus")
        await cockpit.wait("5 min before and after")
        assert window(cockpit).read_bytes() == before


async def test_what_has_no_window_says_so(tmp_path: Path, app_log: Path) -> None:
    async with cockpit_on(tmp_path, app_log) as cockpit:
        keep(cockpit.session.incident.store, "a core")
        cockpit.session.incident.refresh()
        await cockpit.press("V", "plus")
        await cockpit.wait("It has no window.")


async def test_the_window_around_a_record_is_set_before_it_is_captured(tmp_path: Path, app_log: Path) -> None:
    async with cockpit_on(tmp_path, app_log) as cockpit:
        await cockpit.press("E", "A")
        await cockpit.wait("Window around the record")
        await cockpit.press("backspace", "backspace")
        await cockpit.type("wide")
        await cockpit.press("enter")
        await cockpit.wait("is not a length of time")
        await cockpit.press(*["backspace"] * 4)
        await cockpit.type("3s")
        await cockpit.press("enter")
        await cockpit.wait("E1 kept: record, window of 7 records")
        assert told(cockpit)["around"]["before_seconds"] == 3
        assert b"checkout failed" in (evidence(cockpit) / "E1.log").read_bytes()
