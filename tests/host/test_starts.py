"""Processes that run the code in a folder: each with the time of its start, and no other process."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import time
from pathlib import Path

import pytest

from cockpit.clock import SECOND, SystemClock
from cockpit.host.starts import Started, started_in
from tests.support.releases import WAITING, lay_out, service

PYTHON = Path(sys.executable).name
PATIENT = 20.0


@pytest.fixture
def shop(tmp_path: Path) -> Path:
    (tmp_path / "shop").mkdir()
    (tmp_path / "shop/app.py").write_text(WAITING)
    return tmp_path / "shop"


def found_in(*folders: Path) -> list[Started]:
    return started_in(folders, PATIENT)


@pytest.mark.parametrize("how", ["argument", "relative", "option"])
def test_a_process_with_an_argument_in_the_folder_is_found(shop: Path, tmp_path: Path, how: str) -> None:
    if how == "option":
        words, cwd = ["-c", WAITING, f"--config={shop}/shop.toml", "--password", "hunter2"], tmp_path
    else:
        words, cwd = ([str(shop / "app.py")], tmp_path) if how == "argument" else (["app.py"], shop)
    before = SystemClock().now()
    with service(*words, cwd=cwd) as pid:
        (found,) = found_in(shop)
        assert (found.pid, found.others) == (pid, 0)
        assert found.program == (PYTHON if how == "option" else f"{PYTHON} app.py")
        assert abs(found.at - before) < 60 * SECOND
    assert found_in(shop) == []


def test_a_folder_that_is_only_named_is_not_run(shop: Path, tmp_path: Path) -> None:
    (tmp_path / "gen.py").write_text(WAITING)
    (shop / "logs").mkdir()
    for named in (str(shop), f"{shop}/", str(shop / "logs"), f"--out={shop}"):
        with service("gen.py", "OUT", named, cwd=tmp_path):
            assert found_in(shop) == []
    assert found_in(shop) == []


@pytest.mark.parametrize(
    "words", [["--chdir", "SHOP"], ["--app-dir=SHOP"], ["-C", "SHOP"], ["-c", "SHOP/conf.py"], ["OUT", "SHOP/app.py"]]
)
def test_a_folder_that_an_option_names_to_work_in_is_run_and_so_is_a_file(
    shop: Path, tmp_path: Path, words: list[str]
) -> None:
    (tmp_path / "serve.py").write_text(WAITING)
    with service("serve.py", *(each.replace("SHOP", str(shop)) for each in words), cwd=tmp_path) as pid:
        assert [each.pid for each in found_in(shop)] == [pid]


def test_a_folder_that_is_run_by_its_name_is_found(shop: Path, tmp_path: Path) -> None:
    (shop / "__main__.py").write_text(WAITING)
    with service(str(shop), cwd=tmp_path) as pid:
        assert [(each.pid, each.program) for each in found_in(shop)] == [(pid, f"{PYTHON} shop")]


def test_a_process_that_is_named_by_a_link_is_found_by_the_folder(tmp_path: Path) -> None:
    shop = lay_out(tmp_path / "shop", ["20261124101500"], "20261124101500", 1000)
    with service(str(shop / "current/app.py"), cwd=tmp_path) as pid:
        assert [each.pid for each in found_in(shop / "current")] == [pid]
    with service("app.py", cwd=shop / "current") as pid:
        assert [each.pid for each in found_in(shop / "current")] == [pid]
        assert [each.pid for each in found_in(shop / "releases")] == [pid]


def test_a_program_that_lies_in_the_folder_is_found(shop: Path, tmp_path: Path) -> None:
    shutil.copy(shutil.which("sleep") or "/bin/sleep", shop / "served")
    with subprocess.Popen([str(shop / "served"), "60"], cwd=tmp_path) as process:
        assert [(each.pid, each.program) for each in found_in(shop)] == [(process.pid, "served")]
        process.kill()


def test_a_daemon_that_only_works_in_the_folder_is_found(shop: Path) -> None:
    start = ["/bin/sh", "-c", "sleep 60 >&- 2>&- <&- & echo $!"]
    pid = int(subprocess.run(start, cwd=shop, stdout=subprocess.PIPE, check=True).stdout)
    try:
        assert [(each.pid, each.program) for each in found_in(shop)] == [(pid, "sleep")]
    finally:
        os.kill(pid, 9)


def test_shells_and_what_looks_at_logs_are_no_service(shop: Path) -> None:
    (shop / "app.log").write_text("one\n")
    shell = subprocess.Popen(["/bin/sh"], cwd=shop, stdin=subprocess.PIPE)
    tail = subprocess.Popen(["tail", "-f", str(shop / "app.log")], stdout=subprocess.DEVNULL)
    helper = subprocess.Popen(["sleep", "60"], cwd=shop)
    try:
        assert found_in(shop) == []
    finally:
        for each in (shell, tail, helper):
            each.kill()
            each.communicate()


def test_this_process_and_those_above_it_are_not_told(monkeypatch: pytest.MonkeyPatch, shop: Path) -> None:
    monkeypatch.chdir(shop)
    assert found_in(shop) == []


def test_workers_are_told_with_the_process_that_started_them(shop: Path) -> None:
    forking = "import os, sys\nfor n in range(3):\n    if not os.fork():\n        import time; time.sleep(60)\n"
    (shop / "app.py").write_text(forking + WAITING)
    with service(str(shop / "app.py")) as pid:
        try:
            assert [(each.pid, each.others) for each in found_in(shop)] == [(pid, 0)]
        finally:
            listed = subprocess.run(["ps", "-o", "pid=", "--ppid", str(pid)], capture_output=True, text=True)
            for child in listed.stdout.split():
                os.kill(int(child), 9)


def test_several_started_together_are_told_as_one(shop: Path) -> None:
    with service(str(shop / "app.py")) as one, service(str(shop / "app.py")) as other:
        (found,) = found_in(shop)
        assert (found.pid, found.others) in ((one, 1), (other, 1))


def test_where_there_is_nothing_to_look_in_nothing_is_found(tmp_path: Path) -> None:
    assert found_in() == []
    assert found_in(Path("/"), Path.home()) == []
    assert started_in([tmp_path], 0.0) == []


def test_a_process_that_ends_meanwhile_is_passed_over(shop: Path) -> None:
    until = time.monotonic() + 0.5
    while time.monotonic() < until:
        process = subprocess.Popen(["/bin/true"], cwd=shop)
        assert found_in(shop) == []
        process.wait()
