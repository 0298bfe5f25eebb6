"""Watching: every change of a file or folder is told, with the system's notice and without."""

from __future__ import annotations

import os
import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from cockpit.watch import Watcher, signature
from tests.support.waiting import until

Calls = list[tuple[int, int, int, int]]


@pytest.fixture(params=[True, False], ids=["noticed", "polled"])
def watcher(request: pytest.FixtureRequest) -> Iterator[Watcher]:
    watcher = Watcher(0.05, notice=request.param)
    yield watcher
    watcher.close()


def noting(watcher: Watcher, path: Path) -> Calls:
    """Watch a path; what it looked like at each call."""
    calls: Calls = []
    watcher.watch(path, lambda: calls.append(signature(path)))
    return calls


def replaced(path: Path, text: str) -> None:
    """Put a new file in the place of an old one, in one step."""
    fresh = path.with_name(f"{path.name}.fresh")
    fresh.write_text(text)
    os.replace(fresh, path)


def test_a_change_is_told(watcher: Watcher, tmp_path: Path) -> None:
    path = tmp_path / "app.log"
    path.write_text("one\n")
    calls = noting(watcher, path)
    with path.open("a") as file:
        file.write("two\n")
    assert until(lambda: calls and calls[-1] == signature(path))
    with path.open("a") as file:
        file.write("three\n")
    assert until(lambda: calls[-1] == signature(path))


def test_a_file_that_comes_goes_and_comes_back_is_told_each_time(watcher: Watcher, tmp_path: Path) -> None:
    path = tmp_path / "late.log"
    calls = noting(watcher, path)
    for text in ("one\n", "other\n"):
        path.write_text(text)
        assert until(lambda: calls and calls[-1] == signature(path))
        path.unlink()
        assert until(lambda: calls[-1][2] == -1)


def test_renamed_and_created_anew(watcher: Watcher, tmp_path: Path) -> None:
    path = tmp_path / "app.log"
    path.write_text("one\n")
    before = signature(path)
    calls = noting(watcher, path)
    path.rename(tmp_path / "app.log.1")
    path.write_text("one\n")
    assert until(lambda: calls and calls[-1] == signature(path) and calls[-1][1] != before[1])


def test_a_folder_tells_of_entries_that_come_and_go(watcher: Watcher, tmp_path: Path) -> None:
    folder = tmp_path / "presence"
    folder.mkdir()
    calls = noting(watcher, folder)
    (folder / "ana").touch()
    assert until(lambda: len(calls) >= 1 and calls[-1] == signature(folder))
    (folder / "ana").unlink()
    assert until(lambda: calls[-1] == signature(folder))
    folder.rmdir()
    assert until(lambda: calls[-1][2] == -1)


def test_a_folder_need_not_exist_yet(watcher: Watcher, tmp_path: Path) -> None:
    path = tmp_path / "not/yet/here.log"
    calls = noting(watcher, path)
    path.parent.mkdir(parents=True)
    path.write_text("one\n")
    assert until(lambda: calls and calls[-1] == signature(path))
    with path.open("a") as file:
        file.write("two\n")
    assert until(lambda: calls[-1] == signature(path))


def test_what_changes_beside_a_file_is_not_told(watcher: Watcher, tmp_path: Path) -> None:
    path = tmp_path / "app.log"
    path.write_text("one\n")
    calls, beside = noting(watcher, path), noting(watcher, tmp_path / "other.log")
    for number in range(5):
        replaced(tmp_path / "other.log", f"{number}\n" * number)
    replaced(path, "one and more\n")
    assert until(lambda: calls and beside and beside[-1] == signature(tmp_path / "other.log"))
    watcher.look()
    assert calls == [signature(path)]


def test_many_files_in_many_folders_are_told_apart(watcher: Watcher, tmp_path: Path) -> None:
    paths = [tmp_path / f"{number % 5}" / f"{number}.log" for number in range(40)]
    for path in paths:
        path.parent.mkdir(exist_ok=True)
        path.write_text("one\n")
    calls = [noting(watcher, path) for path in paths]
    for path in paths[::2]:
        replaced(path, "one\ntwo\n")
    assert until(lambda: all(calls[::2]))
    assert not any(calls[1::2])


def test_the_last_of_many_quick_changes_is_told(watcher: Watcher, tmp_path: Path) -> None:
    path = tmp_path / "app.log"
    path.touch()
    calls = noting(watcher, path)
    with path.open("a") as file:
        for number in range(2000):
            file.write(f"{number}\n")
            file.flush()
    assert until(lambda: calls and calls[-1] == signature(path))


def test_a_watcher_that_raises_harms_no_other(watcher: Watcher, tmp_path: Path) -> None:
    path = tmp_path / "app.log"
    path.write_text("one\n")
    failed = threading.Event()

    def clumsy() -> None:
        failed.set()
        raise RuntimeError("no")

    watcher.watch(path, clumsy)
    calls = noting(watcher, path)
    replaced(path, "two\n")
    assert until(lambda: calls == [signature(path)])
    assert failed.is_set()
    replaced(path, "three\n")
    assert until(lambda: calls[-1] == signature(path))


def test_who_has_closed_a_watch_is_told_nothing(watcher: Watcher, tmp_path: Path) -> None:
    path = tmp_path / "app.log"
    path.write_text("one\n")
    calls: list[int] = []
    watch = watcher.watch(path, lambda: calls.append(1))
    others = noting(watcher, path)
    watch.close()
    watch.close()
    replaced(path, "two\n")
    assert until(lambda: others)
    assert calls == []


def test_a_watch_may_begin_and_end_another(watcher: Watcher, tmp_path: Path) -> None:
    first, second = tmp_path / "first", tmp_path / "second"
    calls: list[Calls] = []

    def then() -> None:
        watch.close()
        calls.append(noting(watcher, second))

    watch = watcher.watch(first, then)
    first.write_text("1\n")
    assert until(lambda: calls)
    second.write_text("2\n")
    assert until(lambda: calls[0] and calls[0][-1] == signature(second))
    assert len(calls) == 1


@pytest.mark.parametrize("notice", [True, False])
def test_after_closing_nothing_is_told_and_nothing_hangs(tmp_path: Path, notice: bool) -> None:
    watcher = Watcher(30.0, notice=notice)
    path = tmp_path / "app.log"
    calls = noting(watcher, path)
    assert closed_at_once(watcher.close)
    path.write_text("one\n")
    late = noting(watcher, path)
    replaced(path, "two\n")
    assert closed_at_once(watcher.close)
    assert calls == late == []


def test_a_watcher_that_watched_nothing_closes() -> None:
    assert closed_at_once(Watcher().close)


def test_a_watcher_may_be_closed_by_what_it_calls(watcher: Watcher, tmp_path: Path) -> None:
    closed = threading.Event()

    def close() -> None:
        watcher.close()
        closed.set()

    watcher.watch(tmp_path / "app.log", close)
    (tmp_path / "app.log").write_text("one\n")
    assert closed.wait(5)


def test_a_look_by_hand_tells_at_once(tmp_path: Path) -> None:
    watcher = Watcher(30.0, notice=False)
    path = tmp_path / "app.log"
    calls = noting(watcher, path)
    path.write_text("one\n")
    watcher.look()
    watcher.look()
    watcher.close()
    assert calls.count(signature(path)) == 1  # its thread may have seen the file empty before


def closed_at_once(close: Callable[[], None]) -> bool:
    """Whether closing comes to an end within a second and a half, its own patience being two."""
    thread = threading.Thread(target=close, daemon=True)
    thread.start()
    thread.join(1.5)
    return not thread.is_alive()
