"""Diffs: what a commit changed, whatever the files are called and whatever stands in them."""

from __future__ import annotations

import difflib
import os
import random
from collections.abc import Sequence
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cockpit.history.diff import DiffLine, FileChange, parse_patch
from cockpit.history.repository import Repository, RepositoryError
from tests.history.repositories import START, begin, commit
from tests.support.service import git, make_repository

ODD_NAMES = (
    "two words.txt",
    'a "quoted" name.txt',
    "new\nline.txt",
    "tab\there.txt",
    "ünï/çødé 日本.txt",
    "[glob]*?.txt",
    "back\\slash.txt",
    "-dash.txt",
    " blank before",
    "blank after ",
    "x b/x b/y",
    "bell\x07.txt",
)
PIECES = (
    b"diff --git a/x b/x",
    b'diff --git "a/\\303\\274" "b/x',
    b"diff --git ",
    b"@@ -1,2 +1 @@",
    b"@@ -0,0 +1,999 @@ def total(items):",
    b"@@ -3 +3 @@",
    b"+++ b/x",
    b"--- /dev/null",
    b"rename from x",
    b'rename to "y\\t"',
    b"copy from ",
    b"Binary files a/x and b/x differ",
    b"new file mode 100644",
    b"deleted file mode",
    b"+a",
    b"-b",
    b" c",
    b"\\ No newline at end of file",
    b"",
    b"\xff\x00",
)
LINES = (
    "",
    "a",
    "b",
    "-",
    "+",
    "--",
    "++ b/x",
    "-- a/x",
    "@@ -1 +1 @@",
    "diff --git a/x b/x",
    "\\ No",
    "é\r",
    "\x0c",
    "\x85",
)


def changes(repository: Repository, sha: str = "HEAD") -> list[tuple[str, str, int, int]]:
    """Path, status, lines added and removed of every file of a commit."""
    return [(each.path, each.status, each.added, each.removed) for each in repository.detail(sha).files]


def counted_by_git(repo: Path, sha: str) -> dict[str, tuple[int, int] | None]:
    """Lines added and removed of every file, as git counts them; None for a binary file."""
    told = git(repo, "show", "--numstat", "-z", "-M", "-m", "--first-parent", "--format=", sha).split("\0")
    counts: dict[str, tuple[int, int] | None] = {}
    while told and told[0]:
        added, removed, path = told.pop(0).lstrip("\n").split("\t", 2)
        if not path:  # a rename: both names follow
            path = told[1]
            del told[:2]
        counts[path] = None if added == "-" else (int(added), int(removed))
    return counts


def test_a_change_is_shown_line_by_line(tmp_path: Path) -> None:
    folder = begin(tmp_path / "shop")
    commit(folder, "Begin", {"cart.py": "def total(items):\n    return sum(items)\n"})
    commit(
        folder, "Count\n\nNobody knew how many.\n", {"cart.py": "def total(items):\n    n = len(items)\n    return n\n"}
    )
    detail = Repository.find(folder).detail("HEAD")
    assert detail.message == "Count\n\nNobody knew how many."
    assert (detail.note, detail.cut) == ("", False)
    (change,) = detail.files
    (hunk,) = change.hunks
    assert hunk.lines == [
        DiffLine(" ", "def total(items):", 1, 1),
        DiffLine("-", "    return sum(items)", 2, None),
        DiffLine("+", "    n = len(items)", None, 2),
        DiffLine("+", "    return n", None, 3),
    ]


def test_a_hunk_is_headed_by_the_function_it_stands_in(tmp_path: Path) -> None:
    folder = begin(tmp_path / "shop")
    body = "".join(f"    step({number})\n" for number in range(20))
    commit(folder, "Begin", {"cart.py": f"def total(items):\n{body}"})
    commit(folder, "Change", {"cart.py": f"def total(items):\n{body.replace('step(15)', 'leap(15)')}"})
    (hunk,) = Repository.find(folder).detail("HEAD").files[0].hunks
    assert (hunk.heading, hunk.old_start, hunk.new_start) == ("def total(items):", 14, 14)


def test_the_first_commit_of_all_adds_everything(tmp_path: Path) -> None:
    folder = begin(tmp_path / "shop")
    commit(folder, "Begin", {"a.py": "1\n2\n", "empty.py": "", "binary": bytes(range(256))})
    repository = Repository.find(folder)
    assert changes(repository) == [("a.py", "A", 2, 0), ("binary", "A", 0, 0), ("empty.py", "A", 0, 0)]
    assert [each.binary for each in repository.detail("HEAD").files] == [False, True, False]


def test_a_commit_of_nothing_shows_nothing(tmp_path: Path) -> None:
    folder = make_repository(tmp_path / "shop")
    commit(folder, "Say it again", {})
    detail = Repository.find(folder).detail("HEAD")
    assert (detail.message, detail.files, detail.note) == ("Say it again", (), "")


def test_a_merge_is_shown_against_its_first_parent(tmp_path: Path) -> None:
    folder = make_repository(tmp_path / "shop")
    git(folder, "checkout", "-q", "-b", "side", "HEAD~1")
    commit(folder, "Work aside", {"side.py": "1\n"})
    git(folder, "checkout", "-q", "main")
    git(folder, "merge", "-q", "--no-ff", "-m", "Bring in the side", "side")
    repository = Repository.find(folder)
    assert changes(repository) == [("side.py", "A", 1, 0)]
    assert "first parent" in repository.detail("HEAD").note


def test_renamed_deleted_made_executable_and_turned_into_a_link(tmp_path: Path) -> None:
    folder = begin(tmp_path / "shop")
    text = "".join(f"line {number}\n" for number in range(20))
    commit(folder, "Begin", {"old.py": text, "gone.py": "1\n", "run.sh": "true\n", "link": "1\n"})
    (folder / "old.py").rename(folder / "new name.py")
    (folder / "gone.py").unlink()
    (folder / "run.sh").chmod(0o755)
    (folder / "link").unlink()
    os.symlink("run.sh", folder / "link")
    commit(folder, "Change all", {"new name.py": text.replace("line 7\n", "line seven\n")})
    repository = Repository.find(folder)
    assert changes(repository) == [
        ("gone.py", "D", 0, 1),
        ("link", "D", 0, 1),
        ("link", "A", 1, 0),
        ("new name.py", "R", 1, 1),
        ("run.sh", "M", 0, 0),
    ]
    assert repository.detail("HEAD").files[3].old_path == "old.py"


@pytest.mark.parametrize("quoted", [True, False])
def test_files_may_be_called_anything(tmp_path: Path, quoted: bool) -> None:
    folder = begin(tmp_path / "shop")
    git(folder, "config", "core.quotepath", str(quoted).lower())
    commit(folder, "Add", {name: f"{name!r}\nsecond\n" for name in ODD_NAMES})
    repository = Repository.find(folder)
    assert changes(repository) == [(name, "A", 2, 0) for name in sorted(ODD_NAMES, key=str.encode)]
    commit(folder, "Change", {name: f"{name!r}\nother\n" for name in ODD_NAMES})
    assert changes(repository) == [(name, "M", 1, 1) for name in sorted(ODD_NAMES, key=str.encode)]
    for name in ODD_NAMES:
        (folder / name).chmod(0o755)
    commit(folder, "Make them run", {})
    assert changes(repository) == [(name, "M", 0, 0) for name in sorted(ODD_NAMES, key=str.encode)]
    for name in ODD_NAMES:
        (folder / "moved" / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).rename(folder / "moved" / name)
    commit(folder, "Move", {})
    moved = repository.detail("HEAD").files
    assert {(each.old_path, each.path) for each in moved} == {(name, f"moved/{name}") for name in ODD_NAMES}
    commit(folder, "Remove", {f"moved/{name}": None for name in ODD_NAMES})
    assert {each[:2] for each in changes(repository)} == {(f"moved/{name}", "D") for name in ODD_NAMES}


def test_counts_are_those_of_git_whatever_stands_in_the_files(tmp_path: Path) -> None:
    folder = begin(tmp_path / "shop")
    chance = random.Random(11)
    texts: dict[str, list[str]] = {f"file {number}.txt": [] for number in range(6)}
    for turn in range(12):
        for lines in texts.values():
            for _ in range(chance.randint(0, 6)):
                place = chance.randint(0, len(lines))
                if chance.random() < 0.4 and lines:
                    del lines[min(place, len(lines) - 1)]
                else:
                    lines.insert(place, chance.choice(LINES))
        ending = "" if turn % 3 == 0 else "\n"
        files: dict[str, str | bytes | None] = {name: "\n".join(lines) + ending for name, lines in texts.items()}
        files["binary"] = bytes([turn, 0, 255]) * 100
        commit(folder, f"Turn {turn}", files, turn)
    repository = Repository.find(folder)
    for sha in git(folder, "rev-list", "HEAD").split():
        ours = {each.path: None if each.binary else (each.added, each.removed) for each in repository.detail(sha).files}
        assert ours == counted_by_git(folder, sha)


@pytest.mark.parametrize(
    "setting",
    [
        "diff.noprefix=true",
        "diff.mnemonicPrefix=true",
        "diff.suppressBlankEmpty=true",
        "diff.external=false",
        "diff.renames=false",
        "diff.context=0",
        "diff.relative=true",
        "diff.algorithm=histogram",
        "color.ui=always",
        "color.diff=always",
        "log.diffMerges=off",
        "diff.wsErrorHighlight=all",
    ],
)
def test_settings_of_the_repository_change_nothing(tmp_path: Path, setting: str) -> None:
    folder = begin(tmp_path / "shop")
    text = "".join(f"line {number}\n\n" for number in range(20))
    commit(folder, "Begin", {"deep/old.py": text})
    (folder / "deep/old.py").rename(folder / "deep/new.py")
    commit(folder, "Move", {"deep/new.py": text.replace("line 7", "line seven")})
    git(folder, "config", *setting.split("="))
    repository = Repository.find(folder)
    assert changes(repository) == [("deep/new.py", "R", 1, 1)]
    (hunk,) = repository.detail("HEAD").files[0].hunks
    assert [each.text for each in hunk.lines if each.kind in "+-"] == ["line 7", "line seven"]


def test_a_diff_too_large_to_read_is_cut_and_says_so(tmp_path: Path) -> None:
    folder = begin(tmp_path / "shop")
    commit(folder, "Add a dump", {"dump.sql": "insert into carts values (1, 2, 3);\n" * 150_000})
    detail = Repository.find(folder).detail("HEAD")
    assert detail.cut
    assert 100_000 < detail.files[0].added < 150_000


@pytest.mark.parametrize("sha", ["0" * 40, "1" * 40, "no-such-branch", ""])
def test_a_commit_that_is_not_there_is_told_in_a_sentence(tmp_path: Path, sha: str) -> None:
    repository = Repository.find(make_repository(tmp_path / "shop"))
    with pytest.raises(RepositoryError, match=r"\w.*\.$"):
        repository.detail(sha)


def test_a_patch_that_breaks_off_is_taken_as_far_as_it_goes() -> None:
    (change,) = parse_patch(b"diff --git a/x b/x\n--- a/x\n+++ b/x\n@@ -1,9 +1,9 @@\n one\n-two\n+thr")
    assert [(each.kind, each.text) for each in change.hunks[0].lines] == [(" ", "one"), ("-", "two"), ("+", "thr")]


def test_a_remark_of_git_is_no_line_of_the_file() -> None:
    patch = b"diff --git a/x b/x\n@@ -1 +1 @@\n-a\n\\ No newline at end of file\n+b\n\\ No newline at end of file\n"
    (change,) = parse_patch(patch)
    assert (change.added, change.removed) == (1, 1)
    assert [(each.old_number, each.new_number) for each in change.hunks[0].lines if each.kind == "\\"] == [
        (None, None)
    ] * 2


@given(st.binary(max_size=1000) | st.lists(st.sampled_from(PIECES), max_size=40).map(b"\n".join))
def test_any_bytes_are_a_patch(data: bytes) -> None:
    for change in parse_patch(data):
        assert isinstance(change.path, str)
        assert change.added + change.removed <= sum(len(hunk.lines) for hunk in change.hunks)


@given(st.lists(st.sampled_from(LINES), max_size=30), st.lists(st.sampled_from(LINES), max_size=30))
def test_every_line_stands_where_its_number_says(old: Sequence[str], new: Sequence[str]) -> None:
    patch = ["diff --git a/x b/x", *difflib.unified_diff(old, new, "a/x", "b/x", lineterm="")]
    (change,) = parse_patch("\n".join(patch).encode())
    lines = [line for hunk in change.hunks for line in hunk.lines]
    for line in lines:
        assert line.old_number is None or old[line.old_number - 1] == line.text
        assert line.new_number is None or new[line.new_number - 1] == line.text
    assert change.added - change.removed == len(new) - len(old)
    assert applied(change, old) == list(new)


def applied(change: FileChange, old: Sequence[str]) -> list[str]:
    """What a file becomes when its hunks are applied to what it was."""
    result: list[str] = []
    place = 0
    for hunk in change.hunks:
        first = next((line.old_number - 1 for line in hunk.lines if line.old_number is not None), hunk.old_start)
        result += [*old[place:first], *(line.text for line in hunk.lines if line.kind in " +")]
        place = first + sum(line.kind in " -" for line in hunk.lines)
    return [*result, *old[place:]]


def test_the_times_of_a_commit_are_those_of_the_list(tmp_path: Path) -> None:
    repository = Repository.find(make_repository(tmp_path / "shop"))
    listed = repository.commits()
    listed.more(10)
    for index in range(3):
        assert repository.detail(listed[index].sha).commit == listed[index]
    assert listed[2].at == START * 1_000_000


@pytest.mark.parametrize("line", ["@@ -" + "9" * 5000 + " +1 @@", '+++ "b/\\999"', '+++ "b/\\²²²"'])
def test_numbers_that_git_never_prints_do_no_harm(line: str) -> None:
    parse_patch(f"diff --git a/x b/x\n{line}\n".encode())
