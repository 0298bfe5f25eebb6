"""Incidents that are edited apart and meet through a git repository: all of it is on both sides afterwards."""

from __future__ import annotations

import os
import shutil
import signal
import threading
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from cockpit.clock import SystemClock
from cockpit.history import remote as remote_module
from cockpit.history.copy import CopyError, FolderCopy
from cockpit.history.remote import Remote
from cockpit.incident import placing
from cockpit.incident.journal import Journal
from cockpit.incident.keeping import Verdict, verify
from cockpit.incident.notes import Notes
from cockpit.incident.store import Incident
from cockpit.syncing import SyncError, Syncing
from tests.support.travelling import Machines, bare, branch_of, contents, git, keep, refusing, whole

STRIDE = 1 if os.environ.get("SYNC_EVERY_STEP") else 13  # a sync of the test has some ninety steps


@pytest.fixture
def machines(tmp_path: Path) -> Machines:
    return Machines(tmp_path)


@pytest.fixture
def pair(machines: Machines) -> tuple[Incident, Incident]:
    """Two clones of one incident, with notes that both have."""
    ana = machines.first()
    ana.notes.save("# What we know\n\ncause: unknown\n\n# Next\n", "")
    machines.sync(ana)
    return ana, machines.joined("ben")


def replaced(incident: Incident, old: str, new: str) -> None:
    base = incident.notes.read()
    incident.notes.save(base.replace(old, new), base)


def edit_apart(ana: Incident, ben: Incident) -> None:
    """What two people do while they do not see each other."""
    shared = ana.add_hypothesis("pool exhausted", 40)
    ana.refresh()
    ana.edit_hypothesis(shared, likelihood=70)
    time.sleep(0.002)  # ids sort by the millisecond
    ben.add_hypothesis("deploy broke sum")
    ana.add_marker("rolled back", "mitigation", SystemClock().now())
    ben.add_marker("4f2c1a9", "deploy", SystemClock().now())
    keep(ana, "ana saw this")
    time.sleep(0.002)
    keep(ben, "ben saw that")
    keep(ben, "ben saw more")
    ben.add_note("only large carts")
    replaced(ana, "# What", "# All")
    replaced(ana, "unknown", "the pool")
    replaced(ben, "unknown", "the sum")
    replaced(ben, "# Next\n", "# Next\nask cho\n")


def test_clones_edited_apart_end_with_one_state_that_has_everything(
    machines: Machines, pair: tuple[Incident, Incident]
) -> None:
    ana, ben = pair
    edit_apart(ana, ben)
    assert (machines.sync(ana).went, machines.sync(ben).came) == (4, 4)
    told = machines.sync(ana)
    assert (told.came, told.went, told.notes) == (5, 0, "came")
    assert whole(ana) == whole(ben)
    assert contents(ana) == contents(ben)
    assert contents(ana) == {text: text for text in ("ana saw this", "ben saw that", "ben saw more")}
    assert [each.label for each in ana.state.evidence] == ["E1", "E1b", "E2"]
    assert {each.text for each in ana.state.hypotheses} == {"pool exhausted", "deploy broke sum"}
    assert len(ana.state.markers) == 2
    notes = ana.notes.read()
    for text in ("# All we know\n", "cause: the pool\n", "cause: the sum\n", "# Next\nask cho\n", "only large carts\n"):
        assert text in notes
    assert "<<<<<<< ben@ben-host\n" in notes
    assert ">>>>>>> ana@ana-host\n" in notes
    assert [machines.sync(each).sentences(each.folder) for each in pair] == [["Nothing new on either side."]] * 2


def test_a_conflict_is_told_on_both_sides_and_so_are_names_that_changed(
    machines: Machines, pair: tuple[Incident, Incident]
) -> None:
    ana, ben = pair
    edit_apart(ana, ben)
    machines.sync(ana)
    told = [machines.sync(each).sentences(each.folder) for each in (ben, ana)]
    place = "notes.md: 1 place was changed on both sides; both versions are kept, between <<<<<<< and >>>>>>>."
    assert told[0] == [
        "4 entries came, 5 went · 2 files came, 4 went · notes merged",
        place,
        "Names that both sides had given: H1 is now H2, E1 is now E1b.",
    ]
    assert told[1] == ["5 entries came · 4 files came · notes came", place]


def test_a_third_clone_whose_item_is_older_takes_the_name_and_all_agree(machines: Machines) -> None:
    ana = machines.first()
    ben, cho = machines.joined("ben"), machines.joined("cho")
    for incident, text in ((cho, "c"), (ben, "b"), (ana, "a")):
        keep(incident, text)
        time.sleep(0.002)
        incident.add_hypothesis(text)
    machines.meet(ana, ben)
    assert [each.label for each in ana.state.evidence] == ["E1", "E1b"]
    machines.meet(cho, ana, ben)
    assert whole(ana) == whole(ben) == whole(cho)
    for incident in (ana, ben, cho):
        assert contents(incident) == {"a": "a", "b": "b", "c": "c"}
        assert [(each.label, each.title) for each in incident.state.evidence] == [
            ("E1", "c"),
            ("E1b", "b"),
            ("E1c", "a"),
        ]
    assert keep(ana, "next") == "E2"


def test_what_is_no_entry_and_what_a_newer_cockpit_wrote_travel_too(
    machines: Machines, pair: tuple[Incident, Incident]
) -> None:
    ana, ben = pair
    newer = b'{"v":7,"id":"9","at":"2026-11-23T10:02:11Z","by":"cho@web-3","type":"trace.followed","data":{},"more":1}'
    with (ana.folder / "journal.jsonl").open("ab") as file:
        file.write(b"no entry at all\n" + newer + b"\n" + b'{"v":1,"id":"torn')
    machines.sync(ana)
    told = machines.sync(ben)
    assert (told.came, told.broken) == (1, 2)
    assert "Of the journal's lines that came, 2 cannot be read; they are kept as they are." in told.sentences(
        ben.folder
    )
    lines = (ben.folder / "journal.jsonl").read_bytes().split(b"\n")
    assert {b"no entry at all", newer, b'{"v":1,"id":"torn'} <= set(lines)
    assert ben.state.unknown == {"trace.followed": 1}
    assert len(ben.damaged) == 2
    ana.add_note("after")
    machines.meet(ana, ben)
    assert whole(ana) == whole(ben)


def test_a_clock_that_went_backwards_changes_nothing(machines: Machines, pair: tuple[Incident, Incident]) -> None:
    class Late(SystemClock):
        def now(self) -> int:
            return super().now() - 3_600_000_000

    ana, ben = pair
    late = Incident.open(ben.folder, Late(), "ben@ben-host")
    added = late.add_hypothesis("said by a clock that is an hour behind")
    assert added > ana.state.entries[-1].id
    ana.add_hypothesis("pool exhausted")
    assert Syncing(late, Late()).sync(None).went == 1
    machines.meet(ana, ben)
    assert whole(ana) == whole(ben)
    assert len(ana.state.hypotheses) == 2


def test_without_the_remote_one_goes_on_and_syncs_later(machines: Machines, pair: tuple[Incident, Incident]) -> None:
    ana, ben = pair
    away = machines.remote.rename(machines.remote.with_name("away.git"))
    edit_apart(ana, ben)
    for incident in pair:
        with pytest.raises(CopyError, match=r"cannot be reached: .* Everything is kept here; sync again when it can"):
            machines.sync(incident)
    ana.add_note("still here")
    away.rename(machines.remote)
    machines.meet(ana, ben)
    assert whole(ana) == whole(ben)


def test_who_comes_second_in_a_race_tries_again(
    machines: Machines, pair: tuple[Incident, Incident], monkeypatch: pytest.MonkeyPatch
) -> None:
    ana, ben = pair
    ana.add_hypothesis("pool exhausted")
    ben.add_hypothesis("deploy broke sum")
    push = Remote.push

    def late(self: Remote, commit: str, branch: str) -> None:
        monkeypatch.setattr(Remote, "push", push)
        machines.sync(ben)
        push(self, commit, branch)

    monkeypatch.setattr(Remote, "push", late)
    assert (machines.sync(ana).came, len(ana.state.hypotheses)) == (1, 2)
    machines.sync(ben)
    assert whole(ana) == whole(ben)


def test_what_is_written_while_a_sync_runs_is_kept(machines: Machines, pair: tuple[Incident, Incident]) -> None:
    done = threading.Event()

    def work(incident: Incident) -> None:
        own = Incident.open(incident.folder, SystemClock(), incident.by)
        for number in range(12):
            own.add_note(f"{own.by} noted {number}")
            keep(own, f"{own.by} kept {number}")

    def carry(incident: Incident) -> None:
        own = Incident.open(incident.folder, SystemClock(), incident.by)
        while not done.is_set():
            machines.sync(own)

    workers = [threading.Thread(target=work, args=[each]) for each in pair]
    carriers = [threading.Thread(target=carry, args=[each]) for each in pair]
    for thread in (*workers, *carriers):
        thread.start()
    for thread in workers:
        thread.join()
    done.set()
    for thread in carriers:
        thread.join()
    ana, ben = pair
    machines.meet(ana, ben)
    assert whole(ana) == whole(ben)
    wanted = [f"{each.by} kept {number}" for each in pair for number in range(12)]
    assert contents(ana) == contents(ben) == {text: text for text in wanted}
    for each in pair:
        for number in range(12):
            assert ana.notes.read().count(f"{each.by} noted {number}\n") == 1
    assert len(ana.state.notes) == 24


def killed_at(step: int, act: Callable[[], object]) -> bool:
    """Do something in another process, which is killed at a step of what touches the disk; whether it came so far."""
    child = os.fork()
    if child == 0:
        left = step

        def counted(call: Callable[..., object]) -> Callable[..., object]:
            def counting(*given: object, **named: object) -> object:
                nonlocal left
                left -= 1
                if left <= 0:
                    os.kill(os.getpid(), signal.SIGKILL)
                return call(*given, **named)

            return counting

        FolderCopy.run = counted(FolderCopy.run)  # type: ignore[method-assign,assignment]
        Journal.add_lines = counted(Journal.add_lines)  # type: ignore[method-assign,assignment]
        Notes.take_in = counted(Notes.take_in)  # type: ignore[method-assign,assignment]
        placing.os.replace = counted(os.replace)  # type: ignore[assignment]
        placing.os.fsync = counted(os.fsync)  # type: ignore[assignment]
        try:
            act()
        finally:
            os._exit(0)
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == -signal.SIGKILL


def test_a_sync_that_was_killed_anywhere_is_ended_by_the_next(
    machines: Machines, pair: tuple[Incident, Incident], tmp_path: Path
) -> None:
    ana, ben = pair
    edit_apart(ana, ben)
    machines.sync(ana)
    folders = (ana.folder, ben.folder, machines.remote)
    for number, folder in enumerate(folders):
        shutil.copytree(folder, tmp_path / f"saved{number}")
    step = 1
    while killed_at(step, lambda: machines.sync(ben)):
        ben.refresh()
        assert {verify(ben, each).verdict for each in ben.state.evidence} <= {Verdict.OK, Verdict.CHANGED}
        machines.meet(ben, ana)
        check_met_after_a_kill(ana, ben)
        step += STRIDE
        for number, folder in enumerate(folders):
            shutil.rmtree(folder)
            shutil.copytree(tmp_path / f"saved{number}", folder)
    assert step > 40


def check_met_after_a_kill(ana: Incident, ben: Incident) -> None:
    assert whole(ana) == whole(ben)
    assert contents(ana) == contents(ben) == {text: text for text in ("ana saw this", "ben saw that", "ben saw more")}
    assert len(ana.state.entries) == 10
    notes = ana.notes.read()
    for text in ("# All we know", "cause: the pool", "cause: the sum", "ask cho", "only large carts", "# Next", "<<<<"):
        assert notes.count(text) == 1
    assert {each.name for each in (ben.folder / "evidence").iterdir() if not each.name.startswith(".")} == {
        f"{label}.{ending}" for label in ("E1", "E1b", "E2") for ending in ("log", "json")
    }


def test_copies_that_were_made_without_git_meet_too(machines: Machines, tmp_path: Path) -> None:
    ana = Incident.create(tmp_path / "ana", "Checkout 500s", SystemClock(), "ana@ana-host")
    ana.notes.save("one\ntwo\n", "")
    keep(ana, "both have it")
    shutil.copytree(ana.folder, tmp_path / "copied")
    ben = Incident.open(tmp_path / "copied", SystemClock(), "ben@ben-host")
    ana.add_note("from ana")
    keep(ben, "from ben")
    machines.sync(ana, str(machines.remote))
    machines.sync(ben, str(machines.remote))
    machines.sync(ana)
    assert whole(ana) == whole(ben)
    assert contents(ana) == {"both have it": "both have it", "from ben": "from ben"}
    assert ben.notes.read().count("one\n") == 1


def test_an_ordinary_clone_is_an_incident_and_knows_its_remote(machines: Machines, tmp_path: Path) -> None:
    ana = machines.first()
    keep(ana, "kept")
    machines.sync(ana)
    git("clone", "--quiet", machines.remote, tmp_path / "clone", where=tmp_path)
    ben = Incident.open(tmp_path / "clone", SystemClock(), "ben@ben-host")
    ben.add_note("hello")
    assert machines.sync(ben).went == 1
    machines.sync(ana)
    assert contents(ana) == contents(ben) == {"kept": "kept"}
    assert len(ana.state.notes) == 1


def test_the_journal_only_grows_in_git_and_in_the_folder(machines: Machines, pair: tuple[Incident, Incident]) -> None:
    ana, ben = pair
    before = (ben.folder / "journal.jsonl").read_bytes()
    for number in range(3):
        ana.add_note(f"a{number}")
        ben.add_note(f"b{number}")
        machines.meet(ana, ben)
    assert (ben.folder / "journal.jsonl").read_bytes().startswith(before)
    history = git(
        "log", "--first-parent", "--format=", "--numstat", "HEAD", "--", "journal.jsonl", where=machines.remote
    )
    assert {line.split("\t")[1] for line in history.split("\n") if line} == {"0"}


def test_evidence_that_was_tampered_with_does_not_spread_and_what_was_lost_comes_back(
    machines: Machines, pair: tuple[Incident, Incident]
) -> None:
    ana, ben = pair
    keep(ana, "as it was")
    machines.meet(ana, ben)
    (ana.folder / "evidence" / "E1.log").write_text("as somebody wants it")
    (ben.folder / "evidence" / "E1.log").unlink()
    machines.meet(ana, ben)
    assert [verify(each, each.state.evidence[0]).verdict for each in pair] == [Verdict.CHANGED, Verdict.OK]


def test_notes_that_an_editor_has_renamed_for_a_moment_are_not_taken_for_deleted(
    machines: Machines, pair: tuple[Incident, Incident]
) -> None:
    ana, ben = pair
    replaced(ben, "unknown", "the sum")
    machines.sync(ben)
    text = ana.notes.read()
    moved = ana.notes.path.rename(ana.folder / ".notes.md~")
    machines.sync(ana)
    ana.notes.save(text + "mine\n", text)
    moved.unlink()
    machines.meet(ana, ben)
    assert ana.notes.read() == ben.notes.read() == text.replace("unknown", "the sum") + "mine\n"


def test_nothing_of_a_running_cockpit_travels(machines: Machines, pair: tuple[Incident, Incident]) -> None:
    ana, _ = pair
    for path in ("presence/a.json", "spool/stdin.log", ".notes.md.1234", "evidence/.ab.part", "core.dump"):
        (ana.folder / path).parent.mkdir(exist_ok=True)
        (ana.folder / path).write_text("x")
    (ana.folder / ".gitignore").write_text(".lock\npresence/\nspool/\n*.dump\n*.log\n")
    keep(ana, "kept though the list of ignored files names it")
    machines.sync(ana)
    there = git("ls-tree", "-r", "--name-only", branch_of(machines.remote), where=machines.remote).split()
    assert set(there) == {
        ".gitattributes",
        ".gitignore",
        "evidence/E1.json",
        "evidence/E1.log",
        "journal.jsonl",
        "notes.md",
    }


def refused(incident: Incident, remote: str | None) -> str:
    """Why a sync is refused; it changed nothing that is the person's."""
    before = {path: path.read_bytes() for path in incident.folder.glob("*") if path.is_file()}
    with pytest.raises((SyncError, CopyError)) as told:
        Syncing(incident, SystemClock()).sync(remote)
    assert {path: path.read_bytes() for path in incident.folder.glob("*") if path.is_file()} == before
    return str(told.value)


def alone(tmp_path: Path) -> Incident:
    return Incident.create(tmp_path / "alone", "Search is slow", SystemClock(), "cho@cho-host")


def test_without_a_remote_nothing_is_made(tmp_path: Path) -> None:
    incident = alone(tmp_path)
    assert refused(incident, None) == "No remote is known for this incident; name one: cockpit sync PATH-OR-URL"
    there = "There is no git repository at nowhere/x.git. Make one: git init --bare nowhere/x.git"
    assert refused(incident, "nowhere/x.git") == there
    assert not (incident.folder / ".git").exists()


def test_a_remote_that_is_not_for_this_incident_is_left_alone(machines: Machines, tmp_path: Path) -> None:
    machines.first()
    incident = alone(tmp_path)
    incident.add_note("mine")
    assert refused(incident, str(machines.remote)) == (
        f"{machines.remote} holds another incident, 'Checkout 500s'; nothing was done. Use one repository for each."
    )
    (tmp_path / "folder").mkdir()
    assert "cannot be reached: " in refused(incident, str(tmp_path / "folder"))
    work = tmp_path / "work"
    work.mkdir()
    git("init", "--quiet", where=work)
    git("-c", "user.name=c", "-c", "user.email=c", "commit", "--quiet", "--allow-empty", "-m", "x", where=work)
    assert refused(incident, str(work)).startswith(f"{work} holds something that is no incident;")


def test_a_remote_that_takes_nothing_is_told_in_its_own_words(
    machines: Machines, pair: tuple[Incident, Incident]
) -> None:
    ana, _ = pair
    refusing(machines.remote, "the disk of the team is full")
    ana.add_note("x")
    assert refused(ana, None) == (
        f"{machines.remote} takes nothing: the disk of the team is full. What came is here; sync again."
    )


def test_a_repository_whose_files_are_checked_out_is_told_to_be_bare(machines: Machines, tmp_path: Path) -> None:
    ana = machines.first()
    git("clone", "--quiet", machines.remote, tmp_path / "clone", where=tmp_path)
    ana.add_note("x")
    assert "its files are checked out; use a bare repository (git init --bare DIR)." in refused(
        ana, str(tmp_path / "clone")
    )


def test_a_read_only_incident_and_one_in_the_middle_of_a_merge_are_not_synced(
    machines: Machines, pair: tuple[Incident, Incident]
) -> None:
    ana, ben = pair
    looking = Incident.open(ana.folder, SystemClock(), ana.by, read_only=True)
    assert (
        refused(looking, None)
        == f"{ana.folder} cannot be written; the incident is open read-only and cannot be synced."
    )
    (ben.folder / ".git" / "MERGE_HEAD").write_text("0" * 40)
    assert refused(ben, None) == f"A merge begun with git is not finished in {ben.folder}; end it and sync again."
    with FolderCopy(ana.folder).alone():
        assert refused(ana, None) == f"{ana.folder.name} is being synced already; wait for that to end."


def test_an_incident_that_is_tracked_elsewhere_travels_by_that(machines: Machines, tmp_path: Path) -> None:
    team = tmp_path / "team"
    team.mkdir()
    git("init", "--quiet", where=team)
    incident = Incident.create(team, "Checkout 500s", SystemClock(), "ana@ana-host")
    git("add", ".", where=team)
    assert refused(incident, str(machines.remote)) == (
        f"{incident.folder} is tracked in the repository {team}; let that one travel instead."
    )
    assert not (incident.folder / ".git").exists()


def test_locks_that_a_killed_git_left_are_cleared(machines: Machines, pair: tuple[Incident, Incident]) -> None:
    ana, ben = pair
    ana.add_note("x")
    branch = FolderCopy(ana.folder).branch()
    for name in (f"refs/heads/{branch}.lock", "cockpit.index.lock", "refs/cockpit/theirs.lock"):
        lock = ana.folder / ".git" / name
        lock.parent.mkdir(parents=True, exist_ok=True)
        lock.touch()
    machines.meet(ana, ben)
    assert len(ben.state.notes) == 1


def test_no_password_is_remembered(machines: Machines, monkeypatch: pytest.MonkeyPatch) -> None:
    ana = machines.first()
    end = Remote(FolderCopy(ana.folder), "https://ana:secret@git.example.org/x.git")
    end.remember()
    kept = (ana.folder / ".git" / "config").read_text()
    assert "https://ana@git.example.org/x.git" in kept
    assert "secret" not in kept
    assert "secret" not in remote_module._plain(f"fatal: unable to access '{end.address}'")


def test_several_branches_of_which_none_is_ours_are_named(machines: Machines, tmp_path: Path) -> None:
    ana = machines.first()
    other = bare(tmp_path / "other.git")
    for name in ("one", "two"):
        git("push", "--quiet", other, f"HEAD:refs/heads/{name}", where=ana.folder)
    branch = FolderCopy(ana.folder).branch()
    assert refused(ana, str(other)) == f"{other} has no branch {branch}, but one, two; check one out."
