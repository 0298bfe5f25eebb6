"""What went wrong, on the screen: four verdicts with their reasons, and what is done with them by the keys."""

from __future__ import annotations

from pathlib import Path

import pytest

from cockpit.clock import from_rfc3339, to_datetime
from cockpit.demo.build import Demo, build
from cockpit.logs.query import written
from tests.support.screen import NOW, Cockpit, cockpit_on, matches_snapshot

SIZES = {"wide": (110, 32), "narrow": (80, 24)}


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Demo:
    return build(tmp_path_factory.mktemp("demo"), 7, from_rfc3339("2026-11-23T10:42:17Z"))


async def looked(cockpit: Cockpit) -> str:
    """Press s and wait for the verdicts."""
    await cockpit.press("s")
    for _ in range(100):
        await cockpit.settle()
        if "dependency" in cockpit.text() and "looking" not in cockpit.text():
            return cockpit.text()
        await cockpit.pilot.pause(0.1)
    raise AssertionError(cockpit.text())


@pytest.mark.parametrize("size", SIZES)
async def test_the_screen_on_the_demo(tmp_path: Path, demo: Demo, size: str) -> None:
    async with cockpit_on(tmp_path, *demo.logs, repo=demo.repo, size=SIZES[size]) as cockpit:
        shown = await looked(cockpit)
        rows = [line.strip("│ ┃") for line in shown.splitlines()]
        for scope, verdict in (
            ("deploy", "likely"),
            ("data", "likely"),
            ("load", "unlikely"),
            ("dependency", "unlikely"),
        ):
            assert any(row.startswith(scope) and row.split()[1] == verdict for row in rows), shown
        assert "items > 1000" in shown
        assert matches_snapshot(cockpit, f"scope-{size}")


async def test_enter_moves_the_logs_to_the_onset(tmp_path: Path, demo: Demo) -> None:
    async with cockpit_on(tmp_path, *demo.logs, repo=demo.repo) as cockpit:
        await looked(cockpit)
        await cockpit.press("j", "enter")
        await cockpit.wait("10:03:1")


async def test_n_makes_a_hypothesis_with_its_evidence(tmp_path: Path, demo: Demo) -> None:
    async with cockpit_on(tmp_path, *demo.logs, repo=demo.repo) as cockpit:
        await looked(cockpit)
        await cockpit.press("j", "n")
        await cockpit.wait("is a hypothesis now")
        (hypothesis,) = cockpit.session.incident.hypotheses()
        assert hypothesis.text == "it fails where items > 1000"
        assert cockpit.session.incident.evidence()


async def test_o_shows_only_what_goes_wrong(tmp_path: Path, demo: Demo) -> None:
    async with cockpit_on(tmp_path, *demo.logs, repo=demo.repo) as cockpit:
        await looked(cockpit)
        await cockpit.press("o")
        await cockpit.settle()
        assert written(cockpit.session.desk.shown.wanted).startswith("signature=")
        await cockpit.wait("unhandled exception in handler")


async def test_o_shows_all_signatures_of_what_goes_wrong(tmp_path: Path) -> None:
    log = tmp_path / "app.log"
    lines = [f"{_clock(n)} INFO page {n} done" for n in range(1800)]
    lines += [f"{_clock(n)} ERROR cart {n} cannot be summed" for n in range(1200, 1800, 4)]
    lines += [f"{_clock(n)} ERROR the cart service answered {n} times nothing" for n in range(1201, 1800, 6)]
    log.write_text("".join(f"{line}\n" for line in sorted(lines)))
    async with cockpit_on(tmp_path, log) as cockpit:
        assert "and 1 more" in await looked(cockpit)
        await cockpit.press("o")
        await cockpit.wait("250 of 250 shown")
        assert "cart <*> cannot be… or 1 more ✕" in cockpit.text()
        (condition,) = cockpit.session.desk.shown.wanted.conditions
        assert len(condition.signatures) == 2


def _clock(seconds: int) -> str:
    return f"{to_datetime(NOW - (1800 - seconds) * 1_000_000):%Y-%m-%dT%H:%M:%SZ}"


@pytest.mark.parametrize("size", SIZES)
async def test_a_source_of_another_zone_is_told(tmp_path: Path, size: str) -> None:
    app, pay = tmp_path / "app.log", tmp_path / "pay.log"
    app.write_text("".join(f"{_clock(n)} INFO begun request_id=req-{n:08}\n" for n in range(1800)))
    pay.write_text("".join(f"{_clock(n - 7200)[:-1]} INFO charged request_id=req-{n:08}\n" for n in range(1800)))
    async with cockpit_on(tmp_path, app, pay, size=SIZES[size]) as cockpit:
        shown = " ".join((await looked(cockpit)).replace("│", " ").split())
        assert "pay.log is 2 h behind app.log, by " in shown
        assert "--zone pay.log=-02:00" in shown


async def test_y_copies_a_page(tmp_path: Path, demo: Demo) -> None:
    async with cockpit_on(tmp_path, *demo.logs, repo=demo.repo) as cockpit:
        await looked(cockpit)
        await cockpit.press("y")
        await cockpit.wait("Copied")
        assert "Onset: 2026-11-23T10:0" in cockpit.app.clipboard


async def test_a_look_that_fails_is_told_beside_what_stood_there_before(
    tmp_path: Path, app_log: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def gone(*_: object, **__: object) -> None:
        raise OSError("the disk is gone")

    async with cockpit_on(tmp_path, app_log) as cockpit:
        await looked(cockpit)
        with monkeypatch.context() as failing:
            failing.setattr("cockpit.findings.scan", gone)
            await cockpit.press("r")
            await cockpit.wait("The logs could not be looked through: the disk is gone")
            assert "dependency" in cockpit.text()
        await cockpit.press("r")
        for _ in range(100):
            if "the disk is gone" not in cockpit.text() and "looking" not in cockpit.text():
                break
            await cockpit.settle()
        assert "the disk is gone" not in cockpit.text()


async def test_r_looks_again_and_sees_what_is_new(tmp_path: Path, app_log: Path) -> None:
    async with cockpit_on(tmp_path, app_log) as cockpit:
        await looked(cockpit)
        before = cockpit.text()
        assert "of them errors" in before or "errors in" in before
        at = to_datetime(NOW).strftime("%Y-%m-%dT%H:%M:%S.%fZ")
        with app_log.open("a") as log:
            log.write(f'{{"ts":"{at}","level":"error","msg":"another thing"}}\n' * 9)
        for _ in range(50):
            await cockpit.press("r")
            await cockpit.settle()
            if "209 records" in cockpit.text():
                break
        assert "209 records" in cockpit.text()


@pytest.mark.parametrize("size", [(80, 24), (160, 40)])
async def test_a_new_error_is_told_in_the_header_in_words_until_it_is_seen(
    tmp_path: Path, app_log: Path, size: tuple[int, int]
) -> None:
    async with cockpit_on(tmp_path, app_log, size=size) as cockpit:
        await looked(cockpit)
        await cockpit.press("escape")
        at = to_datetime(NOW).strftime("%Y-%m-%dT%H:%M:%S.%fZ")
        with app_log.open("a") as log:
            log.write(f'{{"ts":"{at}","level":"error","msg":"the cart is broken"}}\n' * 9)
        await cockpit.wait("✦ new error signature, ")
        assert cockpit.text().splitlines()[0].count("(s)") == 1
        await cockpit.press("s")
        await cockpit.wait("the cart is broken")
        await cockpit.press("escape")
        await cockpit.wait("noticed (s)")
        assert "new error signature" not in cockpit.text().splitlines()[0]


async def test_where_there_is_hardly_room_the_verdicts_are_shown(tmp_path: Path, demo: Demo) -> None:
    async with cockpit_on(tmp_path, *demo.logs, repo=demo.repo, size=(40, 6)) as cockpit:
        await cockpit.press("s")
        await cockpit.wait("deploy     likely")


async def test_a_log_without_times_is_not_said_to_go_well(tmp_path: Path) -> None:
    log = tmp_path / "plain.log"
    log.write_text("".join(f"{'ERROR it broke' if n % 9 == 0 else 'INFO page done'} {n}\n" for n in range(900)))
    async with cockpit_on(tmp_path, log) as cockpit:
        assert "No record has a time, so that since when cannot be told" in await looked(cockpit)
