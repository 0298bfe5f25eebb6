"""notes.md: several cockpits save it, editors write it as they please, and no line of anybody is lost."""

from __future__ import annotations

import os
import stat
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from cockpit.incident import notes as notes_module
from cockpit.incident.notes import Notes, NotesError, Saved
from tests.incident.hardship import as_anybody, room_for

Editor = Callable[[Path, str], None]


def rewriting(path: Path, text: str) -> None:
    """An editor that truncates the file and writes it anew."""
    path.write_text(text)


def renaming(path: Path, text: str) -> None:
    """An editor that writes another file and renames it over the old one."""
    fresh = path.with_name("notes.md~")
    fresh.write_text(text)
    fresh.replace(path)


EDITORS = pytest.mark.parametrize("editor", [rewriting, renaming])


@pytest.fixture
def notes(tmp_path: Path) -> Iterator[Notes]:
    notes = Notes(tmp_path / "notes.md", tmp_path / ".lock")
    yield notes
    tmp_path.chmod(0o700)
    assert {each.name for each in tmp_path.iterdir()} <= {"notes.md", ".lock"}


@pytest.fixture(params=["exchanged", "replaced"])
def anywhere(request: pytest.FixtureRequest, notes: Notes, monkeypatch: pytest.MonkeyPatch) -> Notes:
    """Notes where the system can exchange two names at once, and where it can only replace one."""
    if request.param == "replaced":
        monkeypatch.setattr(notes_module, "_exchange", lambda one, two: False)
    return notes


@pytest.fixture
def at_the_last_moment(monkeypatch: pytest.MonkeyPatch) -> Callable[[Callable[[], None]], None]:
    """Lets something happen once, after a save has read the file and before it puts its own in place."""
    fsync = os.fsync

    def arrange(happening: Callable[[], None]) -> None:
        def syncing(fd: int) -> None:
            monkeypatch.setattr(os, "fsync", fsync)
            fsync(fd)
            happening()

        monkeypatch.setattr(os, "fsync", syncing)

    return arrange


def test_notes_that_nobody_wrote_are_empty(notes: Notes) -> None:
    assert notes.read() == ""
    assert not notes.path.exists()


def test_what_was_saved_is_on_disk(notes: Notes) -> None:
    assert notes.save("only large carts fail?\n", "") == Saved("only large carts fail?\n", 0, False)
    assert notes.path.read_text() == "only large carts fail?\n"
    assert notes.save("", "only large carts fail?\n") == Saved("", 0, False)
    assert notes.path.read_text() == ""


def test_a_save_of_nothing_new_leaves_the_file_alone(notes: Notes) -> None:
    notes.save("a\n", "")
    before = notes.path.stat()
    notes.save("a\n", "a\n")
    after = notes.path.stat()
    assert (after.st_ino, after.st_mtime_ns) == (before.st_ino, before.st_mtime_ns)


def test_save_returns_only_after_the_disk_has_the_text(notes: Notes, monkeypatch: pytest.MonkeyPatch) -> None:
    synced: list[str] = []
    fsync = os.fsync

    def syncing(fd: int) -> None:
        fsync(fd)
        synced.append("folder" if stat.S_ISDIR(os.fstat(fd).st_mode) else os.readlink(f"/proc/self/fd/{fd}"))

    monkeypatch.setattr(os, "fsync", syncing)
    notes.save("a\n", "")
    assert len(synced) == 2
    assert ".notes.md." in synced[0]
    assert synced[1] == "folder"


@pytest.mark.parametrize(
    ("there", "after"),
    [("", "new\n"), ("old\n", "old\nnew\n"), ("no newline", "no newline\nnew\n"), ("\n", "\nnew\n")],
)
def test_a_line_is_added_at_the_end(notes: Notes, there: str, after: str) -> None:
    notes.path.write_text(there)
    notes.append("new")
    assert notes.read() == after


def test_only_its_owner_may_read_new_notes_and_others_keep_their_mode(notes: Notes) -> None:
    notes.append("one")
    assert stat.S_IMODE(notes.path.stat().st_mode) == 0o600
    notes.path.chmod(0o640)
    notes.append("two")
    assert stat.S_IMODE(notes.path.stat().st_mode) == 0o640


@EDITORS
def test_what_an_editor_wrote_meanwhile_is_merged(notes: Notes, editor: Editor) -> None:
    base = "10:05 started\n10:10 looked at the pool\n"
    notes.save(base, "")
    editor(notes.path, "# checkout 500s\n" + base)
    saved = notes.save(base + "10:12 only large carts\n", base)
    assert saved == Saved("# checkout 500s\n" + base + "10:12 only large carts\n", 0, True)
    assert notes.read() == saved.text


@EDITORS
def test_where_an_editor_changed_the_same_line_both_versions_are_kept(notes: Notes, editor: Editor) -> None:
    notes.save("a\ncause: unknown\nz\n", "")
    editor(notes.path, "a\ncause: the pool\nz\n")
    saved = notes.save("a\ncause: the deploy\nz\n", "a\ncause: unknown\nz\n")
    assert (saved.conflicts, saved.merged) == (1, True)
    assert "cause: the pool\n" in saved.text
    assert "cause: the deploy\n" in saved.text
    assert notes.read() == saved.text


@EDITORS
def test_what_an_editor_wrote_at_the_last_moment_is_in_what_is_saved(
    anywhere: Notes, at_the_last_moment: Callable[[Callable[[], None]], None], editor: Editor
) -> None:
    anywhere.path.write_text("a\nb\n")
    at_the_last_moment(lambda: editor(anywhere.path, "theirs\na\nb\n"))
    saved = anywhere.save("a\nb\nmine\n", "a\nb\n")
    assert saved == Saved("theirs\na\nb\nmine\n", 0, True)
    assert anywhere.path.read_text() == saved.text


@EDITORS
def test_what_an_editor_wrote_at_the_last_moment_stands_before_an_added_line(
    anywhere: Notes, at_the_last_moment: Callable[[Callable[[], None]], None], editor: Editor
) -> None:
    anywhere.path.write_text("a\nb\n")
    at_the_last_moment(lambda: editor(anywhere.path, "a\nb\ntheirs\n"))
    anywhere.append("mine")
    assert anywhere.path.read_text() == "a\nb\ntheirs\nmine\n"


@EDITORS
def test_an_editor_that_makes_the_file_at_the_last_moment_keeps_what_it_wrote(
    anywhere: Notes, at_the_last_moment: Callable[[Callable[[], None]], None], editor: Editor
) -> None:
    at_the_last_moment(lambda: editor(anywhere.path, "theirs\n"))
    anywhere.append("mine")
    assert anywhere.path.read_text() == "theirs\nmine\n"


def test_an_editor_that_has_truncated_the_file_is_given_the_time_to_write_it(
    notes: Notes, monkeypatch: pytest.MonkeyPatch
) -> None:
    notes.path.write_text("a\nb\n")
    with notes.path.open("w") as file:

        def written_meanwhile(seconds: float) -> None:
            file.write("a\nb\ntheirs\n")
            file.flush()

        monkeypatch.setattr(time, "sleep", written_meanwhile)
        saved = notes.save("a\nb\nmine\n", "a\nb\n")
    assert saved.text == "a\nb\nmine\ntheirs\n"
    assert notes.read() == saved.text


def test_something_that_writes_without_pause_is_told_in_a_sentence(
    notes: Notes, monkeypatch: pytest.MonkeyPatch
) -> None:
    notes.path.write_text("0\n")
    fsync = os.fsync
    written = iter(range(1, 1000))

    def syncing(fd: int) -> None:
        fsync(fd)
        notes.path.write_text(f"{next(written)}\n")

    monkeypatch.setattr(os, "fsync", syncing)
    with pytest.raises(NotesError, match=r"notes\.md: something else writes it without pause; not saved yet\."):
        notes.save("mine\n", "0\n")


def test_threads_that_save_and_add_at_once_lose_no_line(notes: Notes) -> None:
    def typing(who: int) -> None:
        own = Notes(notes.path, notes.path.with_name(".lock"))
        base = own.read()
        for number in range(20):
            base = own.save(f"{base}{who} typed {number}\n", base).text

    def adding(who: int) -> None:
        own = Notes(notes.path, notes.path.with_name(".lock"))
        for number in range(20):
            own.append(f"{who} added {number}")

    with ThreadPoolExecutor(6) as pool:
        for done in [pool.submit(act, who) for who in range(3) for act in (typing, adding)]:
            done.result()
    wanted = [f"{who} {verb} {number}" for who in range(3) for verb in ("typed", "added") for number in range(20)]
    assert sorted(notes.read().splitlines()) == sorted(wanted)


def test_one_s_own_lines_stay_in_their_order_though_others_save_at_once(notes: Notes) -> None:
    def typing(who: int) -> None:
        base = notes.read()
        for number in range(20):
            base = notes.save(f"{base}{who} typed {number}\n", base).text

    with ThreadPoolExecutor(3) as pool:
        list(pool.map(typing, range(3)))
    lines = notes.read().splitlines()
    for who in range(3):
        assert [each for each in lines if each.startswith(f"{who} ")] == [f"{who} typed {n}" for n in range(20)]


ADDING = """
import sys
from pathlib import Path
from cockpit.incident.notes import Notes
path, who = Path(sys.argv[1]), sys.argv[2]
notes = Notes(path, path.with_name(".lock"))
base = notes.read()
for number in range(20):
    notes.append(f"{who} added {number}")
    base = notes.save(f"{who} typed {number}\\n{base}", base).text
"""


def test_processes_that_save_and_add_at_once_lose_no_line(notes: Notes) -> None:
    names = ["ana", "ben", "cho"]
    processes = [subprocess.Popen([sys.executable, "-c", ADDING, str(notes.path), name]) for name in names]
    assert [process.wait() for process in processes] == [0, 0, 0]
    wanted = [f"{name} {verb} {number}" for name in names for verb in ("typed", "added") for number in range(20)]
    assert sorted(notes.read().splitlines()) == sorted(wanted)


def test_a_reader_never_sees_half_a_text(notes: Notes) -> None:
    notes.save("0\n" * 50_000, "")
    done = threading.Event()
    halves: list[int] = []

    def reading() -> None:
        while not done.is_set():
            lines = notes.path.read_text().splitlines()
            if len(lines) != 50_000 or len(set(lines)) != 1:
                halves.append(len(lines))

    reader = threading.Thread(target=reading)
    reader.start()
    for number in range(30):
        notes.save(f"{number + 1}\n" * 50_000, f"{number}\n" * 50_000)
    done.set()
    reader.join()
    assert halves == []


def test_bytes_that_are_no_text_survive(notes: Notes) -> None:
    notes.path.write_bytes(b"caf\xe9 \xff\x00\x1b[31m\nb\n")
    base = notes.read()
    notes.save(base.replace("b\n", "b\nmine\n"), base)
    notes.append("added")
    assert notes.path.read_bytes() == b"caf\xe9 \xff\x00\x1b[31m\nb\nmine\nadded\n"


def test_a_folder_that_may_not_be_written_is_told_in_a_sentence(notes: Notes) -> None:
    notes.save("a\n", "")
    notes.path.parent.chmod(0o500)
    with pytest.raises(NotesError, match=r"notes\.md: not saved: Permission denied\. The text stays on the screen\."):
        as_anybody(lambda: notes.save("a\nmine\n", "a\n"))
    as_anybody(lambda: notes.append("mine"))  # a line more needs only the file
    assert notes.read() == "a\nmine\n"


def test_notes_that_may_not_be_read_are_told_in_a_sentence_and_not_overwritten(notes: Notes) -> None:
    notes.save("a\n", "")
    notes.path.chmod(0)
    with pytest.raises(NotesError, match=r"notes\.md: cannot be read: Permission denied\."):
        as_anybody(notes.read)
    with pytest.raises(NotesError, match="cannot be read: Permission denied"):
        as_anybody(lambda: notes.append("mine"))
    notes.path.chmod(0o600)
    assert notes.read() == "a\n"


@pytest.mark.parametrize("room", [0, 5])
def test_on_a_full_disk_the_notes_stay_as_they_were(notes: Notes, room: int) -> None:
    notes.save("a\n" * 50, "")
    with room_for(room), pytest.raises(NotesError, match=r"not saved: .*The text stays on the screen"):
        notes.append("mine")
    assert notes.read() == "a\n" * 50
    notes.append("mine")
    assert notes.read() == "a\n" * 50 + "mine\n"


def test_a_folder_in_their_place_is_told_in_a_sentence(tmp_path: Path) -> None:
    (tmp_path / "notes.md").mkdir()
    notes = Notes(tmp_path / "notes.md", tmp_path / ".lock")
    with pytest.raises(NotesError, match="cannot be read: Is a directory"):
        notes.read()
    with pytest.raises(NotesError, match="Is a directory"):
        notes.append("mine")


def test_a_line_that_an_editor_overwrote_with_an_older_text_is_put_back(notes: Notes) -> None:
    base = notes.save("a\nb\n", "").text
    saved = notes.save(base + "mine\n", base).text
    renaming(notes.path, "theirs\na\nb\n")  # it had read the notes before, and looked at them just before the save
    assert notes.read() == "theirs\na\nb\nmine\n"
    assert notes.save(saved + "more\n", saved).text == "theirs\na\nb\nmine\nmore\n"


def test_a_line_that_somebody_deleted_later_stays_deleted(notes: Notes) -> None:
    base = notes.save("a\nb\n", "").text
    notes.save(base + "mine\n", base)
    renaming(notes.path, "a\nb\n")
    later = notes.path.stat().st_mtime + 5
    os.utime(notes.path, (later, later))
    assert notes.read() == "a\nb\n"


def test_while_an_editor_renames_the_file_its_text_is_waited_for(notes: Notes, monkeypatch: pytest.MonkeyPatch) -> None:
    base = notes.save("a\nb\n", "").text
    os.utime(notes.path, (1, 1))
    backup = notes.path.rename(notes.path.with_name("notes.md~"))

    def written_meanwhile(seconds: float) -> None:
        notes.path.write_text("theirs\na\nb\n")
        backup.unlink(missing_ok=True)

    monkeypatch.setattr(time, "sleep", written_meanwhile)
    assert notes.save(base + "mine\n", base).text == "theirs\na\nb\nmine\n"


def test_a_change_elsewhere_is_taken_in_and_a_conflict_says_whose_it_is(notes: Notes) -> None:
    notes.save("a\ncause: the pool\nz\n", "")
    saved = notes.take_in("a\ncause: the sum\nz\nmore\n", "a\ncause: ?\nz\n", ("ana", "ben"))
    assert saved.text == "a\n<<<<<<< ana\ncause: the pool\n=======\ncause: the sum\n>>>>>>> ben\nz\nmore\n"
    assert (saved.conflicts, notes.read()) == (1, saved.text)


def test_what_one_wrote_and_took_out_again_stays_out(notes: Notes) -> None:
    base = notes.save("a\n", "").text
    typed = notes.save("a\nmine\n", base).text
    taken = notes.save("a\n", typed).text
    assert notes.save("a\nother\n", taken).text == "a\nother\n"
    assert notes.read() == "a\nother\n"
