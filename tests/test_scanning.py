"""Logs of every kind, good and bad, scanned as a whole: an answer always, and the right one where there is one."""

from __future__ import annotations

import json
import random
from pathlib import Path
from typing import Any

import pytest

from cockpit.clock import MINUTE, SECOND, from_rfc3339, to_datetime, to_rfc3339
from cockpit.demo.build import Demo, build
from cockpit.demo.story import tell
from cockpit.history.repository import Repository
from cockpit.insight.deploys import Marker
from cockpit.insight.verdicts import SCOPES, Verdict
from cockpit.logs.file import LogFile
from cockpit.marking import moves_as_markers
from cockpit.scan_report import as_data, grown, notes, page, suspected, unbegun
from cockpit.scanning import Scanned, scan

NOW = from_rfc3339("2026-11-23T10:42:17Z")
BEGIN = NOW - 60 * MINUTE
ONSET = NOW - 20 * MINUTE


def scanned(*paths: Path, markers: tuple[Marker, ...] = ()) -> Scanned:
    """Scan files, and see that all that is printed of it can be."""
    files = [LogFile(path, NOW) for path in paths]
    try:
        found = scan(grown(files), markers)
        assert found is not None
        assert set(found.scope) == set(SCOPES)
        told = {"sources": [], "errors": found.errors, **as_data(found)}
        json.dumps(told, allow_nan=False)
        assert page(told).endswith("\n")
        return found
    finally:
        for file in files:
            file.close()


def verdicts(found: Scanned) -> set[str]:
    return {each.verdict.value for each in found.scope.values()}


def written(path: Path, lines: list[str]) -> Path:
    path.write_text("\n".join(lines) + "\n" if lines else "")
    return path


def at(second: float) -> str:
    return to_rfc3339(BEGIN + round(second * SECOND))


def shop(path: Path, fails: Any, steps: int = 3600) -> Path:
    """A JSON log of an hour, a request a second; fails: from its second and items to whether it fails."""
    chance = random.Random(4)
    lines = []
    for second in range(steps):
        items = chance.randrange(1, 1900) if chance.random() < 0.3 else chance.randrange(1, 60)
        known: dict[str, Any] = {"ts": at(second + chance.random()), "trace_id": f"{second:016x}", "items": items}
        if fails(second, items):
            known |= {"level": "error", "msg": "checkout failed", "error": "TypeError: no sum"}
        else:
            known |= {"level": "info", "msg": "checkout done"}
        lines.append(json.dumps(known))
    return written(path, lines)


def test_a_fault_of_the_data_from_a_deploy_on(tmp_path: Path) -> None:
    log = shop(tmp_path / "app.jsonl", lambda second, items: second >= 2400 and items > 1000)
    found = scanned(log, markers=(Marker(ONSET - 20 * SECOND, "deploy", "4f2c1a9", "deploy 4f2c1a9"),))
    assert found.trouble is not None
    assert abs(found.trouble.shift.at - ONSET) <= 60 * SECOND
    assert {name for name in SCOPES if found.scope[name].verdict is Verdict.LIKELY} == {"deploy", "data"}
    first = found.scope["data"].facts["factors"][0]
    assert (first["field"], first["op"], first["value"]) == ("items", ">", "1000")
    assert found.signatures[0].new
    assert found.signatures[0].mined.template == "checkout failed"


def test_no_errors(tmp_path: Path) -> None:
    found = scanned(shop(tmp_path / "app.jsonl", lambda second, items: False))
    assert (found.errors, found.trouble, found.troubles) == (0, None, [])
    assert verdicts(found) == {"cannot tell"}


def test_errors_that_come_as_they_always_came(tmp_path: Path) -> None:
    chance = random.Random(9)
    found = scanned(shop(tmp_path / "app.jsonl", lambda second, items: chance.random() < 0.03))
    assert found.errors > 50
    assert found.trouble is None
    assert verdicts(found) == {"unlikely"}
    assert f"Nothing began to go wrong: the {found.errors} errors come as before." in (found.scope["deploy"].why)


def test_all_lines_are_errors(tmp_path: Path) -> None:
    found = scanned(shop(tmp_path / "app.jsonl", lambda second, items: True))
    assert found.errors == found.records == 3600
    assert verdicts(found) == {"cannot tell"}
    assert found.scope["load"].why == (
        "3600 of 3600 records are errors, from the first on: it began before what was read.",
    )
    assert unbegun(found).endswith("it began before what was read")


def test_without_fields_the_data_cannot_be_told(tmp_path: Path) -> None:
    lines = [f"{at(second)} INFO page rendered" for second in range(0, 3600, 2)]
    lines += [f"{at(second)} ERROR it broke" for second in range(2400, 3600, 5)]
    found = scanned(written(tmp_path / "app.log", sorted(lines)))
    assert found.trouble is not None
    assert abs(found.trouble.shift.at - ONSET) <= 10 * SECOND
    assert found.scope["data"].verdict is Verdict.CANNOT_TELL
    assert found.scope["deploy"].verdict is Verdict.CANNOT_TELL


def test_a_log_without_times(tmp_path: Path) -> None:
    lines = [f"INFO page {number} rendered" if number % 9 else f"ERROR page {number} broke" for number in range(3000)]
    found = scanned(written(tmp_path / "app.log", lines))
    assert found.trouble is None
    assert found.scope["deploy"].verdict is found.scope["load"].verdict is Verdict.CANNOT_TELL
    assert found.scope["deploy"].why == ("No record has a time, so that since when cannot be told.",)
    assert all(each["first"] is None for each in as_data(found)["signatures"])


def test_the_data_of_a_log_without_times_are_compared_all_the_same(tmp_path: Path) -> None:
    chance = random.Random(5)
    lines = []
    for _ in range(3000):
        items = chance.randrange(1000, 1900) if chance.random() < 0.1 else chance.randrange(1, 1000)
        lines.append(json.dumps({"level": "error" if items > 1000 else "info", "msg": "checkout", "items": items}))
    found = scanned(written(tmp_path / "app.jsonl", lines))
    assert found.trouble is None
    assert found.scope["data"].verdict is Verdict.LIKELY
    assert found.scope["data"].why[0].startswith("items > 1000: 100 % of errors")
    assert found.scope["deploy"].verdict is Verdict.CANNOT_TELL


def test_one_source_without_times_beside_one_with(tmp_path: Path) -> None:
    plain = written(tmp_path / "plain.txt", [f"something {number} happened" for number in range(500)])
    log = shop(tmp_path / "app.jsonl", lambda second, items: second >= 2400 and items > 1000)
    found = scanned(plain, log)
    assert found.trouble is not None
    assert abs(found.trouble.shift.at - ONSET) <= 60 * SECOND


@pytest.mark.parametrize("last", [False, True])
def test_signatures_that_only_untimed_records_have(tmp_path: Path, last: bool) -> None:
    lines = [f"worker started, version 1.{number} and failed" for number in range(3)] + ["it cannot be", "so ready"]
    plain = written(tmp_path / "plain.txt", lines * 40)
    timed = written(tmp_path / "app.log", [f"{at(second)} tick of the clock" for second in range(0, 3600, 9)])
    assert scanned(*((timed, plain) if last else (plain, timed))).trouble is None


def test_one_source_without_a_zone(tmp_path: Path) -> None:
    log = shop(tmp_path / "app.jsonl", lambda second, items: second >= 2400 and items > 1000)
    lines = [
        f"{to_datetime(BEGIN + second * SECOND):%Y-%m-%d %H:%M:%S},123 INFO mail sent" for second in range(0, 3600, 3)
    ]
    found = scanned(log, written(tmp_path / "mail.log", lines))
    assert found.trouble is not None
    assert abs(found.trouble.shift.at - ONSET) <= 60 * SECOND
    assert (found.since // MINUTE, found.until // MINUTE) == (BEGIN // MINUTE, NOW // MINUTE)


@pytest.mark.parametrize("text", ["", "\n", "\n\n\n", " ", "x", "2026-11-23T10:42:17Z ERROR once\n"])
def test_next_to_nothing(tmp_path: Path, text: str) -> None:
    path = tmp_path / "app.log"
    path.write_text(text)
    found = scanned(path)
    assert found.trouble is None
    assert "likely" not in verdicts(found)


def test_no_source_at_all() -> None:
    assert scanned().records == 0


def test_a_binary_tail(tmp_path: Path) -> None:
    log = shop(tmp_path / "app.jsonl", lambda second, items: second >= 2400 and items > 1000)
    with log.open("ab") as file:
        file.write(random.Random(2).randbytes(3000) + b"\x00" * 1000)
    found = scanned(log)
    assert found.trouble is not None
    assert abs(found.trouble.shift.at - ONSET) <= 60 * SECOND


def test_very_many_signatures(tmp_path: Path) -> None:
    chance = random.Random(3)
    words = ["".join(chance.choices("abcdefghijklmnop", k=6)) for _ in range(3000)]
    lines = [f"{at(number * 0.12)} INFO {' '.join(chance.choices(words, k=7))}" for number in range(30_000)]
    lines += [f"{at(second)} ERROR it broke" for second in range(2400, 3600, 5)]
    found = scanned(written(tmp_path / "app.log", sorted(lines)))
    assert found.trouble is not None
    assert abs(found.trouble.shift.at - ONSET) <= 10 * SECOND


def test_a_trace_that_never_ends(tmp_path: Path) -> None:
    lines = []
    for second in range(3600):
        wrong = second >= 2400 and second % 5 == 0
        known = {"ts": at(second), "trace_id": "00000000000000000000000000000001", "n": second % 7}
        known |= {"level": "error", "msg": "it broke"} if wrong else {"level": "info", "msg": "tick"}
        lines.append(json.dumps(known))
    found = scanned(written(tmp_path / "app.jsonl", lines))
    assert found.trouble is not None
    assert abs(found.trouble.shift.at - ONSET) <= 10 * SECOND


def test_clocks_that_are_skewed_and_a_line_of_another_year(tmp_path: Path) -> None:
    log = shop(tmp_path / "app.jsonl", lambda second, items: second >= 2400 and items > 1000)
    lines = [f"{to_rfc3339(BEGIN + (second + 90) * SECOND)} INFO mail sent" for second in range(0, 3600, 3)]
    late = ["1970-01-01T00:00:00Z INFO clock not set", "2037-01-01T00:00:00Z INFO clock wrong"]
    assert scanned(log, written(tmp_path / "mail.log", lines)).trouble is not None
    assert scanned(log, written(tmp_path / "odd.log", [late[0], *lines, late[1]])).records > 4000


@pytest.mark.parametrize("place", [0, 900, 3590])
@pytest.mark.parametrize("stray", ["1970-01-01T00:00:01Z", "2037-01-01T00:00:00Z"])
def test_one_time_that_is_far_off_hides_nothing(tmp_path: Path, stray: str, place: int) -> None:
    lines = [
        f"{at(second)} {'ERROR it broke' if second >= 2400 and second % 5 == 0 else 'INFO tick'}"
        for second in range(3600)
    ]
    found = scanned(written(tmp_path / "app.log", [*lines[:place], f"{stray} INFO clock not set", *lines[place:]]))
    assert found.trouble is not None
    assert abs(found.trouble.shift.at - ONSET) <= 10 * SECOND
    assert found.records == 3601
    assert notes(found) == ["1 of 3 601 records stands far from all others in time, and in no rate."]


def test_a_quiet_day_before_is_not_far_off(tmp_path: Path) -> None:
    before = [f"{at(hour * -3600)} INFO tick" for hour in range(23, 0, -1)]
    found = scanned(written(tmp_path / "app.log", [*before, *(f"{at(second)} INFO tick" for second in range(3600))]))
    assert (found.strays, found.since) == (0, BEGIN - 23 * 60 * MINUTE)


def test_a_number_that_looks_like_a_status_is_not_cited(tmp_path: Path) -> None:
    lines = [f"{at(second)} INFO tick" for second in range(3600)]
    lines += [f"{at(second)} ERROR cart {second % 997} broke" for second in range(2400, 3600, 3)]
    found = scanned(written(tmp_path / "app.log", sorted(lines)))
    assert found.scope["dependency"].why == ("No more than 1 % of the errors tell of a peer that does not answer.",)


def test_errors_that_just_began_are_not_said_to_come_as_before(tmp_path: Path) -> None:
    lines = [f"{at(second)} INFO tick" for second in range(3600)]
    lines += [f"{at(3588 + tenth / 4)} ERROR shelf is broken" for tenth in range(40)]
    found = scanned(written(tmp_path / "app.log", sorted(lines)))
    assert found.trouble is None
    assert verdicts(found) == {"cannot tell"}
    assert unbegun(found) == "40 errors, most of them in the last 11 s: too soon to tell a rise from a burst"


def test_a_burst_that_is_over_is_called_that(tmp_path: Path) -> None:
    lines = [f"{at(second)} INFO tick" for second in range(3600)]
    lines += [f"{at(1200 + tenth / 4)} ERROR shelf is broken" for tenth in range(40)]
    found = scanned(written(tmp_path / "app.log", sorted(lines)))
    assert found.trouble is None
    assert verdicts(found) == {"unlikely"}
    assert found.scope["data"].why == (
        "Nothing lasting began: most of the 40 errors came within 9 s, over 40 min before the end.",
    )


def test_start_up_lines_are_markers(tmp_path: Path) -> None:
    log = shop(tmp_path / "app.jsonl", lambda second, items: second >= 2400 and items > 1000)
    lines = [f"{at(10)} INFO starting shop version 1.4.0", f"{at(2390)} INFO starting shop version 1.5.0"]
    found = scanned(log, written(tmp_path / "shop.log", lines))
    assert [(each.kind, each.ref) for each in found.markers] == [("start", "1.4.0"), ("deploy", "1.5.0")]
    assert found.scope["deploy"].verdict is Verdict.LIKELY
    assert found.scope["deploy"].facts["marker"]["ref"] == "1.5.0"


def test_it_stops_when_asked(tmp_path: Path) -> None:
    log = shop(tmp_path / "app.jsonl", lambda second, items: second >= 2400)
    file = LogFile(log, NOW)
    assert scan(grown([file]), [], lambda: True) is None
    file.close()


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Demo:
    return build(tmp_path_factory.mktemp("demo"), 7, NOW)


def test_the_demo(demo: Demo) -> None:
    repository = Repository.find(demo.repo)
    found = scanned(*demo.logs, markers=tuple(moves_as_markers(repository.moves())))
    assert found.trouble is not None
    assert abs(found.trouble.shift.at - tell(demo.seed, demo.now).deploys[-1].at) <= 60 * SECOND
    judged = {name: each.verdict for name, each in found.scope.items()}
    assert judged["deploy"] is judged["data"] is Verdict.LIKELY
    assert judged["load"] is judged["dependency"] is Verdict.UNLIKELY
    factors = [(each["field"], each["op"], each["value"]) for each in found.scope["data"].facts["factors"]]
    assert ("items", ">", "1000") in factors[:3]
    marker = found.scope["deploy"].facts["marker"]
    assert demo.versions[-1].startswith(marker["ref"])
    assert 0 <= found.trouble.shift.at - from_rfc3339(marker["at"]) <= 60 * SECOND
    suspects = suspected(found, [repository])["suspects"]
    assert suspects[0]["sha"] == demo.faulty


def test_errors_of_every_night_began_at_no_time_but_the_time_of_the_day_is_told(tmp_path: Path) -> None:
    lines = []
    for minute in range(5 * 24 * 60):
        when = to_rfc3339(NOW - 5 * 24 * 60 * MINUTE + minute * MINUTE)
        lines.append(f"{when} INFO cart {minute} done")
        if when[11:13] == "03" and minute % 3 == 0:
            lines.append(f"{when} ERROR backup holds the table locked")
    found = scanned(written(tmp_path / "app.log", lines))
    assert found.trouble is None
    load = found.scope["load"]
    assert (load.verdict, load.why) == (
        Verdict.POSSIBLE,
        ("100 % of the errors come between 02:00 and 04:00 UTC, on 5 of 5 days.",),
    )


def test_every_deploy_has_its_rates(tmp_path: Path) -> None:
    log = shop(tmp_path / "app.log", lambda second, items: second > 2400 and items > 1000)
    markers = tuple(Marker(BEGIN + minute * MINUTE, "deploy", f"v{minute}", "") for minute in (10, 40))
    found = scanned(log, markers=markers)
    quiet, broken = as_data(found)["scope"]["deploy"]["deploys"]
    assert (quiet["ref"], quiet["before_per_min"], quiet["after_per_min"]) == ("v10", 0.0, 0.0)
    assert (broken["ref"], broken["before_per_min"], broken["confidence"]) == ("v40", 0.0, 1.0)
    assert broken["after_per_min"] > 3


def test_an_error_among_very_many_shapes_is_told_by_an_example_of_it(tmp_path: Path) -> None:
    words = [f"{a}{b}{c}" for a in ("ba", "do", "ki", "lu", "me") for b in "aeiou" for c in ("n", "r", "st", "l")]
    chance = random.Random(3)
    lines = []
    for second in range(3000):
        for _ in range(10):
            lines.append(f"{at(second)} INFO {' '.join(chance.choices(words, k=chance.randrange(4, 12)))}")
        if second > 2400 and second % 3 == 0:
            lines.append(f"{at(second)} ERROR ledger {second % 7} refuses to balance")
    found = scanned(written(tmp_path / "app.log", lines))
    assert found.trouble is not None
    ours = [each for each in found.signatures if each.mined.number in found.trouble.signatures]
    assert "refuses to balance" in ours[0].told
    assert abs(found.trouble.shift.at - (BEGIN + 2403 * SECOND)) < MINUTE
