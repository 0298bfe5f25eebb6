"""What a person does with the keys, pane by pane, and how the panes move each other."""

from __future__ import annotations

from pathlib import Path

from cockpit.events import TimeChosen
from cockpit.ui.widgets.note_area import NoteArea
from tests.support.screen import NOW, Cockpit, cockpit_on
from tests.support.waiting import until


def content_of(path: Path) -> str:
    return path.read_text()


def written(path: Path, text: str) -> None:
    path.write_text(text)


def cursor_line(cockpit: Cockpit) -> str:
    return next(line for line in cockpit.text().split("\n") if "▌" in line)


async def test_follow_pauses_by_moving_up_and_counts_what_comes(tmp_path: Path, app_log: Path) -> None:
    async with cockpit_on(tmp_path, app_log) as cockpit:
        assert "FOLLOW" in cockpit.text()
        await cockpit.press("k")
        assert "PAUSED" in cockpit.text()
        with app_log.open("a") as file:
            file.write('{"ts":"2026-11-23T10:42:18Z","level":"info","msg":"one more"}\n')
        await cockpit.wait("PAUSED +1 new")
        await cockpit.press("G")
        assert "one more" in cursor_line(cockpit)


async def test_search_goes_there_while_one_types_and_back_on_escape(tmp_path: Path, app_log: Path) -> None:
    async with cockpit_on(tmp_path, app_log) as cockpit:
        await cockpit.press("slash")
        await cockpit.type("checkout 77 ")
        await cockpit.wait("1 hits")
        assert "checkout 77 done" in cursor_line(cockpit)
        await cockpit.press("escape")
        assert "FOLLOW" in cockpit.text()
        assert "hits" not in cockpit.text()


async def test_next_hit_and_previous_hit(tmp_path: Path, app_log: Path) -> None:
    async with cockpit_on(tmp_path, app_log) as cockpit:
        await cockpit.answer("slash", "checkout 1[12] ")
        await cockpit.wait("2 hits")
        assert "checkout 11 done" in cursor_line(cockpit) or "checkout 12 done" in cursor_line(cockpit)
        await cockpit.press("g", "n")
        assert "checkout 11 done" in cursor_line(cockpit)
        await cockpit.press("n")
        assert "checkout 12 done" in cursor_line(cockpit)
        await cockpit.press("N")
        assert "checkout 11 done" in cursor_line(cockpit)


async def test_a_filter_by_text_and_level_and_all_again(tmp_path: Path, app_log: Path) -> None:
    async with cockpit_on(tmp_path, app_log) as cockpit:
        await cockpit.press("l", "l", "l", "l")
        await cockpit.wait("5 of 5 shown, 200 in all")
        await cockpit.answer("ampersand", "1190")
        await cockpit.wait("1 of 1 shown")
        assert "checkout failed" in cursor_line(cockpit)
        await cockpit.answer("ampersand", "!failed")
        await cockpit.wait("Press x to show all")
        await cockpit.press("x")
        await cockpit.wait("of 200")


async def test_a_chosen_commit_moves_the_logs_to_its_deploy(tmp_path: Path, app_log: Path, repo: Path) -> None:
    async with cockpit_on(tmp_path, app_log, repo=repo) as cockpit:
        await cockpit.press("2", "j")
        await cockpit.press("k")
        assert cockpit.session.history.deploy_of(cockpit.session.history.commit(0).sha) == NOW - 60_000_000  # type: ignore[union-attr]
        assert "10:41:17.000" in cursor_line(cockpit)


async def test_the_log_cursor_marks_the_commit_deployed_then(tmp_path: Path, app_log: Path, repo: Path) -> None:
    async with cockpit_on(tmp_path, app_log, repo=repo) as cockpit:
        cockpit.session.bus.publish(TimeChosen(NOW - 90_000_000, "test"))
        await cockpit.settle()
        marked = next(line for line in cockpit.text().split("\n") if "▸" in line and "Count" in line)
        assert "Count [carts]" in marked


async def test_markers_are_set_and_gone_to(tmp_path: Path, app_log: Path) -> None:
    async with cockpit_on(tmp_path, app_log, size=(160, 40)) as cockpit:
        await cockpit.answer("m", "mitigation: flag off @10:41")
        await cockpit.wait("✚ 10:41 flag off")
        await cockpit.press("left_square_bracket")
        assert "10:41:00.000" in cursor_line(cockpit)
        await cockpit.answer("m", "x @nonsense")
        assert "is not a time" in cockpit.text()


async def test_hypotheses_are_ranked_judged_and_edited_by_key(tmp_path: Path) -> None:
    async with cockpit_on(tmp_path) as cockpit:
        for text in ("pool exhausted", "cart too large", "[bold]cache[/] cold"):
            await cockpit.answer("h", text)
        await cockpit.press("3", "j", "+", "+")
        await cockpit.wait("60% cart too large")
        assert cockpit.session.incident.hypotheses()[0].text == "cart too large"
        await cockpit.press("t")
        await cockpit.wait("testing")
        await cockpit.press("J")
        assert until(lambda: cockpit.session.incident.hypotheses()[1].text == "cart too large")
        await cockpit.answer("r", "small carts fail too")
        await cockpit.wait("refine H2")
        await cockpit.press("escape")
        await cockpit.wait("✗ H2   — ")
        await cockpit.press("g", "e")
        await cockpit.type("!")
        await cockpit.press("enter")
        await cockpit.wait("pool exhausted!")
        await cockpit.press("enter")
        assert "likelihood" in cockpit.text()
        await cockpit.press("q", "delete")
        assert until(lambda: len(cockpit.session.incident.hypotheses()) == 2)


async def test_notes_are_saved_by_themselves_and_take_in_what_others_write(tmp_path: Path) -> None:
    async with cockpit_on(tmp_path) as cockpit:
        file = cockpit.session.incident.store.folder / "notes.md"
        await cockpit.press("4")
        await cockpit.type("my line")
        assert "saving…" in cockpit.text() or "saved" in cockpit.text()
        for _ in range(100):
            if file.exists() and "my line" in file.read_text():
                break
            await cockpit.pilot.pause(0.02)
        assert file.read_text() == "my line"
        file.write_text("their line\nmy line")
        await cockpit.wait("their line")
        assert "my line" in cockpit.text()


async def test_a_line_that_is_being_typed_is_not_split_by_one_that_comes_in_after_it(tmp_path: Path) -> None:
    async with cockpit_on(tmp_path) as cockpit:
        await cockpit.press("4")
        await cockpit.type("what we kno")
        area = cockpit.app.screen.query_one(NoteArea)
        area.take_over("what we kno\n- 10:02 ben: the pool is fine\n")
        await cockpit.type("w")
        assert area.text == "what we know\n- 10:02 ben: the pool is fine\n"


async def test_quitting_asks_once_and_saves_what_is_typed(tmp_path: Path) -> None:
    async with cockpit_on(tmp_path) as cockpit:
        await cockpit.press("4")
        await cockpit.type("last words")
        await cockpit.press("escape", "q")
        await cockpit.wait("Press q again")
        await cockpit.pilot.press("q")
        await cockpit.pilot.pause()
        folder = cockpit.session.incident.store.folder
    assert (folder / "notes.md").read_text() == "last words"


async def test_a_commit_search_and_its_end(tmp_path: Path, repo: Path) -> None:
    async with cockpit_on(tmp_path, repo=repo) as cockpit:
        await cockpit.press("2")
        await cockpit.answer("slash", "author:ben")
        await cockpit.wait("Count [carts]")
        assert "Serve the shop" not in cockpit.text()
        await cockpit.press("x")
        await cockpit.wait("Serve the shop")


async def test_zoom_gives_a_pane_the_screen_and_back(tmp_path: Path, app_log: Path) -> None:
    async with cockpit_on(tmp_path, app_log) as cockpit:
        await cockpit.press("z")
        assert "2 Commits" not in cockpit.text()
        await cockpit.press("z")
        assert "2 Commits" in cockpit.text()


async def test_the_palette_finds_every_command(tmp_path: Path, app_log: Path) -> None:
    async with cockpit_on(tmp_path, app_log) as cockpit:
        await cockpit.press("colon")
        await cockpit.type("previous error")
        await cockpit.wait("Logs: previous error")
        await cockpit.press("enter")
        await cockpit.wait("PAUSED")
        assert "ERROR" in cursor_line(cockpit)


async def test_a_paused_cursor_stays_in_sight_when_the_terminal_shrinks(tmp_path: Path, app_log: Path) -> None:
    async with cockpit_on(tmp_path, app_log) as cockpit:
        await cockpit.press("k")
        await cockpit.pilot.resize_terminal(80, 24)
        await cockpit.settle()
        assert "checkout 198 done" in cursor_line(cockpit)


async def test_a_folded_record_taller_than_the_screen_shows_its_beginning(tmp_path: Path) -> None:
    path = tmp_path / "long.log"
    path.write_text("2026-11-23 10:00:00 INFO begins " + "y" * 20_000 + "\n")
    async with cockpit_on(tmp_path, path, size=(80, 24)) as cockpit:
        await cockpit.press("w")
        assert "begins" in cockpit.text()
        assert "more rows; ⏎ shows all" in cockpit.text()


async def test_filters_stand_as_chips_and_go_one_by_one(tmp_path: Path, app_log: Path) -> None:
    async with cockpit_on(tmp_path, app_log) as cockpit:
        await cockpit.answer("ampersand", "items>=1150 msg~failed")
        await cockpit.wait("2 of 2 shown")
        assert "items >= 1150 ✕" in cockpit.text()
        assert "msg ~ failed ✕" in cockpit.text()
        await cockpit.press("X")
        assert "msg ~ failed ✕" not in cockpit.text()
        await cockpit.pilot.click("Chip")
        await cockpit.wait("of 200")
        await cockpit.answer("ampersand", "items>=many")
        await cockpit.wait("'many' is no number")


async def test_one_goes_to_a_time_or_a_line(tmp_path: Path, app_log: Path) -> None:
    async with cockpit_on(tmp_path, app_log) as cockpit:
        await cockpit.answer("at", "12")
        assert "checkout 11 done" in cursor_line(cockpit)
        await cockpit.answer("at", "10:41")
        assert "10:41:00.000" in cursor_line(cockpit)
        await cockpit.answer("at", "9999")
        await cockpit.wait("has no line 9999")


async def test_what_is_shown_is_written_to_a_new_file_only(tmp_path: Path, app_log: Path) -> None:
    async with cockpit_on(tmp_path, app_log) as cockpit:
        await cockpit.answer("ampersand", "failed")
        await cockpit.answer("W", str(tmp_path / "out"))
        await cockpit.wait("5 records written")
        lines = [line for line in content_of(app_log).splitlines(keepends=True) if "failed" in line]
        assert content_of(tmp_path / "out") == "".join(lines)
        await cockpit.answer("W", str(tmp_path / "out"))
        await cockpit.wait("File exists")


async def test_one_may_ask_why(tmp_path: Path, app_log: Path) -> None:
    async with cockpit_on(tmp_path, app_log) as cockpit:
        await cockpit.answer("ampersand", "failed")
        await cockpit.press("i")
        for sign in ("JSON objects", "is ISO 8601", "it says 'error'", "keeps this record", "hide 195 records"):
            assert sign in cockpit.text()


async def test_a_record_is_copied(tmp_path: Path, app_log: Path) -> None:
    async with cockpit_on(tmp_path, app_log) as cockpit:
        await cockpit.press("y")
        assert cockpit.app.clipboard == content_of(app_log).splitlines()[-1]
        await cockpit.press("Y")
        assert '"source": "app.jsonl"' in cockpit.app.clipboard
        assert '"line": 200' in cockpit.app.clipboard


async def test_what_stands_around_is_shown_on_a_key(tmp_path: Path, app_log: Path) -> None:
    async with cockpit_on(tmp_path, app_log) as cockpit:
        await cockpit.press("C")
        await cockpit.wait("Filter first")
        await cockpit.answer("ampersand", "failed")
        await cockpit.wait("5 of 5 shown")
        await cockpit.press("C")
        await cockpit.wait("of 35 shown")
        assert "± 3 around ✕" in cockpit.text()
        assert "checkout 193 done" in cockpit.text()
        await cockpit.press("C", "C")
        await cockpit.wait("of 5 shown")


async def test_a_key_shows_the_trace_of_a_record_across_sources_and_all_again(tmp_path: Path) -> None:
    app, web = tmp_path / "app.jsonl", tmp_path / "web.log"
    traced = [("c2ce6f447ed4d57b", "cart opened"), ("77aa0b1c2d3e4f50", "cart closed"), ("c2ce6f447ed4d57b", "no sum")]
    app.write_text(
        "".join(
            f'{{"ts":"2026-11-23T10:42:0{n}Z","level":"info","msg":"{text}","request_id":"{each}","job_id":"job-1"}}\n'
            for n, (each, text) in enumerate(traced)
        )
    )
    web.write_text("2026-11-23 10:42:04 INFO c2ce6f447ed4d57b answered 500\n2026-11-23 10:42:09 INFO idle\n")
    async with cockpit_on(tmp_path, app, web) as cockpit:
        await cockpit.press("equals_sign")
        await cockpit.wait("names no trace id")
        await cockpit.press("k", "equals_sign")
        await cockpit.wait("of 3 shown")
        assert "trace c2ce6f447ed4d… ✕" in cockpit.text()
        assert "cart closed" not in cockpit.text()
        await cockpit.press("equals_sign")
        await cockpit.wait("of 5")
        await cockpit.press("k", "equals_sign")
        await cockpit.wait("it also names job-1")
        await cockpit.press("i")
        assert "c2ce6f447ed4d57b: the field request_id" in cockpit.text()
        assert "keeps this record" in cockpit.text()
        await cockpit.press("escape", "enter")
        assert "c2ce6f447ed4d57b  (request_id)" in cockpit.text()


async def test_the_timeline_counts_what_is_shown_and_says_so(tmp_path: Path, app_log: Path) -> None:
    async with cockpit_on(tmp_path, app_log) as cockpit:
        assert "lines shown" not in cockpit.text()
        await cockpit.answer("ampersand", "failed")
        await cockpit.wait("Timeline · lines shown · last 6 h")
        await cockpit.settle()
        counts = cockpit.session.desk.counts
        assert counts is not None
        assert (counts.lines.sum(), counts.errors.sum()) == (5, 5)
        await cockpit.press("x")
        await cockpit.wait("Timeline · last 6 h")
        await cockpit.settle()
        assert cockpit.session.desk.counts is not None
        assert cockpit.session.desk.counts.lines.sum() == 200


async def test_why_says_where_the_file_changed_its_format(tmp_path: Path, app_log: Path) -> None:
    text = "".join(f"2026-11-23 10:30:{n % 60:02d},000 INFO shop.cart request {n} handled\n" for n in range(120))
    written(app_log, text + content_of(app_log))
    async with cockpit_on(tmp_path, app_log) as cockpit:
        await cockpit.wait("of 320")
        assert "checkout 199 done" in cursor_line(cockpit)
        await cockpit.press("i")
        assert "The file changed its format at line 121" in cockpit.text()
        await cockpit.press("escape", "g")
        assert "shop.cart request 0 handled" in cursor_line(cockpit)
