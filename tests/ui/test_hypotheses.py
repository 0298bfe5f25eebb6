"""Testing a hypothesis by key: predict, try, observe, judge, refine; link evidence, look at the matrix, undo."""

from __future__ import annotations

from pathlib import Path

from tests.support.evidence import keep
from tests.support.screen import cockpit_on
from tests.support.waiting import until


async def test_from_a_guess_over_its_refinement_to_the_cause(tmp_path: Path) -> None:
    async with cockpit_on(tmp_path) as cockpit:
        await cockpit.answer("h", "large carts fail")
        await cockpit.wait("50% large carts fail")
        await cockpit.press("3")
        await cockpit.answer("P", "100 items give 500")
        await cockpit.answer("x", "$ echo 200")
        await cockpit.wait("observed exit 0 after")
        await cockpit.press("ctrl+u")
        await cockpit.type("200 at 100 items")
        await cockpit.press("enter")
        await cockpit.press("r")
        assert "H1 is refuted by 200 at 100 items" in cockpit.text()
        await cockpit.press("enter")
        await cockpit.wait("refine H1 large carts fail")
        await cockpit.type(", > 1000 items")
        await cockpit.press("enter")
        await cockpit.wait("50% large carts fail, >")
        await cockpit.answer("P", "1001 items give 500")
        await cockpit.answer("x", "1001 items by hand")
        await cockpit.answer("R", "500 at 1001")
        await cockpit.press("c", "enter")
        await cockpit.wait("✓ H2  50% large carts")
        await cockpit.press("g", "enter")
        for told in ("500 at 1001", "refines", "H1 large carts fail", "1001 items by hand", "1001 items give 500"):
            assert told in cockpit.text()
        child, parent = cockpit.session.incident.hypotheses()
        assert (child.parent, child.status, child.observation) == (parent.id, "confirmed", "500 at 1001")
        assert (parent.status, parent.observation) == ("refuted", "200 at 100 items")


async def test_an_experiment_is_not_run_before_its_prediction_is_written(tmp_path: Path) -> None:
    async with cockpit_on(tmp_path) as cockpit:
        await cockpit.answer("h", "carts")
        await cockpit.wait("50% carts")
        await cockpit.press("3", "R")
        await cockpit.wait("H1 has no experiment yet")
        await cockpit.answer("x", "1001 items by hand")
        assert until(lambda: bool(cockpit.session.incident.hypotheses()[0].experiments))
        await cockpit.settle()
        await cockpit.press("R")
        await cockpit.wait("Write what H1 predicts (P) first")
        assert not cockpit.session.incident.hypotheses()[0].experiments[0].ran


async def test_evidence_is_linked_shown_and_taken_back(tmp_path: Path) -> None:
    async with cockpit_on(tmp_path) as cockpit:
        await cockpit.answer("h", "carts")
        await cockpit.wait("50% carts")
        await cockpit.press("3", "l")
        await cockpit.wait("There is no evidence yet; keep some first,")
        keep(cockpit.session.incident.store, "1001 items", "the pool", "the [proxy] log")
        cockpit.session.incident.refresh()
        await cockpit.answer("l", "E4 for")
        await cockpit.wait("There is no evidence E4; there is E1, E2, E3.")
        await cockpit.press("escape", "l")
        await cockpit.type("E3 perhaps")
        await cockpit.press("enter")
        await cockpit.wait("Say the evidence, for, against or neutral")
        await cockpit.press(*["backspace"] * 7)
        await cockpit.type("for 2")
        await cockpit.press("enter")
        await cockpit.wait("+1 −0 open")
        assert "75% carts" in cockpit.text()
        await cockpit.answer("C", "15")
        await cockpit.wait("15m +1 −0 open")
        await cockpit.press("enter")
        assert "50 % is odds 1.00 × 3 (E3) = 3.00, which is 75 %" in cockpit.text()
        assert "for 2: the [proxy] log" in cockpit.text()
        await cockpit.press("q", "V", "enter")
        await cockpit.wait("speaks for H1 carts, weight 2")
        await cockpit.press("q", "q", "1", "u")
        await cockpit.wait("Undone: H1: cost 15")
        await cockpit.press("u")
        await cockpit.wait("50% carts")
        assert "+1 −0" not in cockpit.text()


async def test_undo_takes_back_a_marker_from_any_pane_and_says_when_there_is_nothing(tmp_path: Path) -> None:
    async with cockpit_on(tmp_path, size=(160, 40)) as cockpit:
        await cockpit.answer("m", "flag off")
        assert until(lambda: len(cockpit.session.incident.markers()) == 1)
        await cockpit.press("2", "u")
        assert until(lambda: cockpit.session.incident.markers() == [])
        await cockpit.press("u")
        await cockpit.wait("There is nothing of yours to undo.")


async def test_undo_hides_what_was_captured_last_and_no_longer_counts_it(tmp_path: Path, app_log: Path) -> None:
    async with cockpit_on(tmp_path, app_log) as cockpit:
        await cockpit.press("e", "c")
        await cockpit.wait("E1 kept: record")
        await cockpit.answer("h", "carts")
        await cockpit.wait("50% carts")
        cockpit.session.incident.trials.link(cockpit.session.incident.hypotheses()[0].id, "E1", "for", 2)
        await cockpit.wait("75% carts")
        await cockpit.press("e", "c")
        await cockpit.wait("E2 kept: record")
        await cockpit.press("u")
        await cockpit.wait("Undone: E2 kept: ")
        await cockpit.press("u", "u", "u")
        assert until(lambda: cockpit.session.incident.evidence() == [])
        await cockpit.press("V")
        await cockpit.wait("No evidence yet.")
        assert (cockpit.session.incident.store.folder / "evidence" / "E1.log").exists()


async def test_the_matrix_shows_what_contradicts_and_asks_for_the_breaking_test(tmp_path: Path) -> None:
    async with cockpit_on(tmp_path) as cockpit:
        await cockpit.answer("h", "carts")
        await cockpit.answer("h", "the pool")
        await cockpit.wait("50% the pool")
        await cockpit.press("3", "m")
        await cockpit.wait("Nothing is called the cause")
        assert "No evidence is linked yet" in cockpit.text()
        keep(cockpit.session.incident.store, "1001 items", "the [proxy] log")
        cockpit.session.incident.refresh()
        await cockpit.press("q")
        await cockpit.press("l")
        assert "E2 is: the [proxy] log" in cockpit.text()
        await cockpit.type("E1 for 3")
        await cockpit.press("enter")
        await cockpit.wait("80% carts")
        await cockpit.answer("l", "E2 for")
        await cockpit.press("j")
        await cockpit.answer("l", "E2 for")
        await cockpit.answer("l", "E1 against")
        await cockpit.wait("50% the pool")
        await cockpit.press("m")
        await cockpit.wait("H1 leads; it is not proven. Write what H1 predicts (P)")
        shown = " ".join(cockpit.text().split())
        assert "E1 +3 −1 1001 items │" in shown
        assert "E2 +1 +1 the [proxy] log (tells nothing apart) │" in shown
        cockpit.session.incident.edit_hypothesis(cockpit.session.incident.hypotheses()[0].id, prediction="1001 fail")
        await cockpit.wait("Try to break H1 (x): when would “1001 fail” not be seen?")


async def test_a_usual_cause_is_offered_with_what_speaks_for_it(tmp_path: Path) -> None:
    async with cockpit_on(tmp_path) as cockpit:
        keep(cockpit.session.incident.store, "sqlalchemy: QueuePool limit reached")
        await cockpit.press("3", "S")
        await cockpit.wait("a guess: E1 says “QueuePool")
        assert "nothing speaks for it" in cockpit.text()
        await cockpit.press("enter")
        await cockpit.wait("make it your own")
        await cockpit.type(" now")
        await cockpit.press("enter")
        await cockpit.wait("if H1 is true, then")
        await cockpit.press("enter")
        await cockpit.wait("50% the database")
        assert until(lambda: bool(cockpit.session.incident.hypotheses()[0].prediction))
        added = cockpit.session.incident.hypotheses()[0]
        assert (added.text, added.cost) == ("the database connection pool is exhausted now", 5)


async def test_of_several_experiments_one_is_taken_from_a_list_with_the_newest_first(
    tmp_path: Path, app_log: Path
) -> None:
    async with cockpit_on(tmp_path, app_log) as cockpit:
        desk = cockpit.session.incident
        hypothesis = desk.add_hypothesis("large carts fail")
        desk.trials.add_experiment(hypothesis, "look at the graph")
        await cockpit.press("3", "X")
        await cockpit.wait("Experiment for H1")
        await cockpit.press("escape")
        desk.trials.add_experiment(hypothesis, "ask ben")
        await cockpit.press("X")
        await cockpit.wait("Experiments for H1")
        rows = cockpit.text().split("\n")
        assert next(row for row in rows if "○ " in row and "by hand" in row).count("ask ben")
        await cockpit.press("down", "enter")
        await cockpit.wait("experiment  look at the graph")


async def test_a_hypothesis_shown_whole_changes_while_somebody_changes_it(tmp_path: Path, app_log: Path) -> None:
    async with cockpit_on(tmp_path, app_log) as cockpit:
        desk = cockpit.session.incident
        hypothesis = desk.add_hypothesis("large carts fail")
        await cockpit.press("3", "enter")
        await cockpit.wait("prediction   not written yet")
        desk.edit_hypothesis(hypothesis, prediction="1001 items give 500", text="very large carts fail")
        await cockpit.wait("prediction   1001 items give 500")
        assert "very large carts fail" in cockpit.text()
        desk.remove_hypothesis(hypothesis)
        await cockpit.wait("This hypothesis is gone")
