"""The guide: the four questions of the beginning, the header's line, checks that are ticked, and help when stuck."""

from __future__ import annotations

from pathlib import Path

import pytest

from cockpit.clock import MINUTE
from cockpit.config import Config
from cockpit.host.vitals import Vitals
from cockpit.incident.show import as_dict
from cockpit.ui.keys import KEYS
from tests.support.screen import NOW, Cockpit, cockpit_on, text_of
from tests.support.waiting import until


def header(cockpit: Cockpit) -> str:
    return cockpit.text().split("\n")[0]


def notes(cockpit: Cockpit) -> list[str]:
    return [each.text for each in cockpit.session.incident.store.state.notes]


async def test_a_log_opens_at_once_and_the_questions_are_only_offered(tmp_path: Path, app_log: Path) -> None:
    async with cockpit_on(tmp_path, app_log) as cockpit:
        assert "step 1 of 8: four short questions — press H" in header(cockpit)
        assert "1 of 4" not in cockpit.text()
        assert "checkout 199 done" in cockpit.text()


async def test_the_answers_become_the_first_note_and_a_time(tmp_path: Path, app_log: Path) -> None:
    async with cockpit_on(tmp_path, app_log) as cockpit:
        await cockpit.press("H")
        assert "1 of 4 · what is seen?" in cockpit.text()
        assert "checkout 199 done" in cockpit.text()
        await cockpit.type("500s")
        await cockpit.press("enter")
        assert "2 of 4 · since when?" in cockpit.text()
        await cockpit.type("15m ago")
        await cockpit.press("enter", "enter")
        assert "4 of 4 · can it be stopped first?" in cockpit.text()
        await cockpit.type("not needed")
        await cockpit.press("enter")
        assert until(lambda: bool(notes(cockpit)))
        await cockpit.settle()
        state = cockpit.session.incident.store.state
        assert notes(cockpit) == ["Seen: 500s\nSince: 15m ago\nStop it first: not needed"]
        assert state.answers["since"].at == NOW - 15 * MINUTE
        assert "of 4 ·" not in cockpit.text()
        await cockpit.press("H")
        await cockpit.wait("Gotchas of production")


async def test_escape_ends_the_questions_keeps_what_was_said_and_they_are_not_asked_again(tmp_path: Path) -> None:
    async with cockpit_on(tmp_path) as cockpit:
        await cockpit.answer("H", "carts fail")
        await cockpit.press("escape")
        assert until(lambda: notes(cockpit) == ["Seen: carts fail"])
        await cockpit.settle()
        await cockpit.press("H")
        assert "Guide" in cockpit.text()
        assert "3 answered" not in cockpit.text()


async def test_skipping_all_of_them_leaves_no_note(tmp_path: Path) -> None:
    async with cockpit_on(tmp_path) as cockpit:
        await cockpit.press("H", "escape")
        assert until(lambda: cockpit.session.incident.store.state.begun)
        assert notes(cockpit) == []
        await cockpit.wait("write down what you know — press a")


async def test_a_new_incident_that_was_named_offers_them_more_visibly(tmp_path: Path) -> None:
    async with cockpit_on(tmp_path, config=Config(incident="checkout-500s")) as cockpit:
        await cockpit.wait("New incident: H asks four short")
        await cockpit.press("H")
        assert "New incident" not in cockpit.text()


async def test_the_line_goes_with_what_was_done_and_names_keys_as_they_are_reached(
    tmp_path: Path, app_log: Path
) -> None:
    async with cockpit_on(tmp_path, app_log, size=(160, 40)) as cockpit:
        await cockpit.answer("a", "carts fail")
        await cockpit.wait("step 2 of 8: keep an error — press E c")
        await cockpit.press("3")
        await cockpit.wait("keep an error — press 1 E c")
        await cockpit.press("4")
        await cockpit.wait("keep an error — press esc E c")
        await cockpit.press("escape", "E", "c")
        await cockpit.wait("can it be stopped first? — press B")
        await cockpit.answer("B", "flag off @10:40")
        await cockpit.wait("what might it be? — press h")
        (marker,) = cockpit.session.incident.store.state.markers
        assert (marker.kind, marker.text, marker.at) == ("mitigation", "flag off", NOW - 137_000_000)
        assert "✚ 10:40 flag off" in cockpit.text()
        await cockpit.answer("h", "large carts")
        await cockpit.wait("narrow the scope — press s")
        await cockpit.press("H")
        await cockpit.wait("▸ 4 narrow the scope")
        await cockpit.press("j", "space")
        await cockpit.wait("✓ Is it the deployment?")
        await cockpit.press("escape")
        await cockpit.wait("what does H1 predict? — press 3 P")
        await cockpit.press("3")
        await cockpit.wait("what does H1 predict? — press P")
        await cockpit.answer("P", "1001 items give 500")
        await cockpit.wait("how can H1 be tested? — press x")
        await cockpit.answer("x", "1001 items by hand")
        await cockpit.wait("what did the test of H1 show? — press R")
        await cockpit.answer("R", "500")
        await cockpit.wait("is H1 it? confirm or refute — press c or r")
        await cockpit.press("c", "enter")
        await cockpit.wait("step 8 of 8: after the fix")


async def test_the_line_is_short_on_80_columns_and_leaves_the_vitals(tmp_path: Path, app_log: Path) -> None:
    async with cockpit_on(tmp_path, app_log, size=(80, 24)) as cockpit:
        cockpit.session.vitals.recent.append(Vitals(NOW, 71.0, 63.0, 3.1))
        cockpit.app.screen.query_one("#header").refresh()
        await cockpit.settle()
        assert header(cockpit).startswith(" ◉ checkout-500s  00:00:00  ▸ 1/8 four short questions (H)")
        assert "CPU 71%  MEM 63%" in header(cockpit)
        cockpit.session.incident.later(lambda: cockpit.session.incident.store.rename("checkout " * 20))
        await cockpit.wait("…  00:00:00  ▸ 1/8 begin (H)")
        assert "CPU 71%  MEM 63%" in header(cockpit)
        assert "checkout checko" in header(cockpit)


async def test_the_line_is_turned_off_and_that_is_remembered(tmp_path: Path) -> None:
    async with cockpit_on(tmp_path) as cockpit:
        await cockpit.press("ctrl+g")
        assert "▸" not in header(cockpit)
    async with cockpit_on(tmp_path) as cockpit:
        assert "▸" not in header(cockpit)
        await cockpit.press("ctrl+g")
        assert "▸ step 1 of 8" in header(cockpit)


async def test_a_click_on_the_line_does_what_its_key_does(tmp_path: Path) -> None:
    async with cockpit_on(tmp_path) as cockpit:
        await cockpit.pilot.click("#header", offset=(header(cockpit).index("▸") + 2, 0))
        await cockpit.wait("1 of 4")


async def test_the_line_is_quiet_while_one_types(tmp_path: Path) -> None:
    async with cockpit_on(tmp_path) as cockpit:
        await cockpit.press("a")
        cockpit.app.screen.query_one("#header").refresh()
        await cockpit.settle()
        assert "▸" not in header(cockpit)


async def test_a_check_is_ticked_with_what_was_found_and_taken_back(tmp_path: Path) -> None:
    async with cockpit_on(tmp_path, size=(160, 60)) as cockpit:
        await cockpit.answer("a", "carts fail")
        await cockpit.press("H")
        assert "Gotchas of production: 0 of 16 checked" in cockpit.text()
        row = next(y for y, line in enumerate(cockpit.text().split("\n")) if "Null where data" in line)
        await cockpit.pilot.click(offset=(20, row))
        await cockpit.answer("enter", "old rows have no price")
        await cockpit.wait("✓ Null where data are expected         old rows have no price")
        assert "1 of 16 checked" in cockpit.text()
        (check,) = as_dict(cockpit.session.incident.store)["checks"]
        assert (check["id"], check["note"]) == ("data.nulls", "old rows have no price")
        await cockpit.press("u")
        await cockpit.wait("0 of 16 checked")
        await cockpit.press("space")
        await cockpit.wait("checked by ana")
        await cockpit.press("space")
        await cockpit.wait("0 of 16 checked")


async def test_the_duck_listens_and_a_brief_is_written_and_read(tmp_path: Path) -> None:
    async with cockpit_on(tmp_path, size=(100, 60)) as cockpit:
        await cockpit.answer("a", "carts fail")
        await cockpit.press("H")
        row = next(y for y, line in enumerate(cockpit.text().split("\n")) if "Rubber duck" in line)
        await cockpit.pilot.click(offset=(20, row))
        await cockpit.answer("enter", "a sum")
        await cockpit.wait("What happens instead")
        await cockpit.press("escape")
        assert until(lambda: "What should happen, step by step? a sum" in notes(cockpit))
        await cockpit.answer("w", "who knows carts?")
        await cockpit.wait("brief.md")
        folder = cockpit.session.incident.store.folder
        assert "who knows carts?" in content(folder / "brief.md")
        await cockpit.press("w", "enter")
        assert until((folder / "brief-2.md").exists)
        await cockpit.press("j", "j", "enter")
        assert "What is asked for" in cockpit.text()
        await cockpit.press("q", "j", "enter")
        assert "does not drive git bisect" in cockpit.text()


async def test_a_step_leads_to_where_it_is_done(tmp_path: Path) -> None:
    async with cockpit_on(tmp_path) as cockpit:
        await cockpit.answer("a", "carts fail")
        await cockpit.press("H", "j", "enter")
        await cockpit.settle()
        assert cockpit.app.screen.focused is not None
        assert cockpit.app.screen.focused.parent is cockpit.app.screen.query_one("#hypotheses")


@pytest.mark.parametrize("size", [(80, 24), (20, 5), (200, 50)])
async def test_the_guide_opens_at_any_size(tmp_path: Path, size: tuple[int, int]) -> None:
    async with cockpit_on(tmp_path, size=size) as cockpit:
        await cockpit.press("H", "escape")
        assert until(lambda: cockpit.session.incident.store.state.begun)
        await cockpit.press("H", "pagedown", "k", "pageup", "q")
        assert text_of(cockpit.app)


def content(path: Path) -> str:
    return path.read_text()


def test_every_key_of_the_guide_exists() -> None:
    from cockpit.incident import guide

    declared = {(key.place.lower(), key.shown) for key in KEYS}
    for place, key in [("anywhere", each) for each in "HaBh"] + [("logs", "E"), ("logs", "c")]:
        assert (place, key) in declared
    assert {(guide.HYPOTHESES, key) for key in "PxRcr"} <= declared
