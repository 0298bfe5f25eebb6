"""Deploys: the moves of HEAD, as the reflog has them, and which of them was the last before a time."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cockpit.clock import SECOND
from cockpit.history.deploys import HeadMove, deployed_at, parse_reflog
from cockpit.history.repository import Repository
from tests.history.repositories import START, begin
from tests.support.service import git, make_repository

A, B, C = "a" * 40, "b" * 40, "c" * 40


def line(
    old: str, new: str, who: str = "Ana <ana@shop.example>", at: int = START, how: str = "\tpull: Fast-forward"
) -> str:
    return f"{old} {new} {who} {at} +0000{how}\n"


def test_a_pull_is_a_move() -> None:
    assert parse_reflog(line(A, B).encode()) == (HeadMove(START * SECOND, B, B[:9], A, "pull: Fast-forward", "Ana"),)


@pytest.mark.parametrize(
    ("who", "name"),
    [
        ("José Núñez <jose@shop.example>", "José Núñez"),
        ("<nobody@shop.example>", ""),
        (" <nobody@shop.example>", ""),
        ("root <root@web-1.(none)>", "root"),
        ("Ana <>", "Ana"),
        ("12345 <1@2>", "12345"),
        ("Deploy Bot (prod) +0000 <bot@shop.example>", "Deploy Bot (prod) +0000"),
    ],
)
def test_people_may_be_called_anything(who: str, name: str) -> None:
    (move,) = parse_reflog(line(A, B, who).encode())
    assert (move.who, move.at, move.how) == (name, START * SECOND, "pull: Fast-forward")


def test_a_name_that_is_no_utf_8_loses_no_move() -> None:
    (move,) = parse_reflog(line(A, B, "Jos\xe9 <j@s>").encode("latin-1"))
    assert move.sha == B


@pytest.mark.parametrize(
    ("how", "told"), [("", "moved"), ("\t", "moved"), ("\ta\tb", "a\tb"), ("\t⚑ reset", "⚑ reset")]
)
def test_a_move_says_how_it_came_about(how: str, told: str) -> None:
    (move,) = parse_reflog(line(A, B, how=how).encode())
    assert move.how == told


def test_what_moves_nothing_is_no_deploy() -> None:
    assert parse_reflog(line(A, A).encode()) == ()


def test_lines_that_are_none_are_passed_over() -> None:
    torn = line(B, C)[:60]
    data = "\n\nnonsense\n" + line(A, B) + A + "\n" + f"{A} {B} Ana 17 +0000\n" + torn
    assert [move.sha for move in parse_reflog(data.encode())] == [B]


def test_moves_stand_in_the_order_of_time_even_when_the_clock_stepped_back() -> None:
    data = line(A, B, at=START + 100) + line(B, C, at=START + 50) + line(C, A, at=START + 100)
    assert [move.sha for move in parse_reflog(data.encode())] == [C, B, A]


def test_hashes_of_64_digits_are_hashes() -> None:
    (move,) = parse_reflog(line("a" * 64, "b" * 64).encode())
    assert move.sha == "b" * 64


def test_the_last_move_at_or_before_a_time_is_what_was_deployed() -> None:
    moves = parse_reflog((line(A, B, at=START) + line(B, C, at=START + 60)).encode())
    assert deployed_at(moves, START * SECOND - 1) is None
    assert deployed_at(moves, START * SECOND) == moves[0]
    assert deployed_at(moves, (START + 60) * SECOND - 1) == moves[0]
    assert deployed_at(moves, (START + 60) * SECOND) == moves[1]
    assert deployed_at(moves, (START + 6000) * SECOND) == moves[1]
    assert deployed_at((), START * SECOND) is None


def test_what_git_writes_itself_is_read(tmp_path: Path) -> None:
    folder = make_repository(tmp_path / "shop")
    git(folder, "checkout", "-q", "HEAD~1", at=START + 600, who="Zoë <Deploy> Bot")
    git(folder, "reset", "-q", "--hard", "HEAD~1", at=START + 700, who="Ben")
    git(folder, "checkout", "-q", "main", at=START + 800)
    moves = Repository.find(folder).moves()
    assert [move.how.partition(":")[0] for move in moves] == [
        "commit (initial)",
        *["commit"] * 2,
        "checkout",
        "reset",
        "checkout",
    ]
    assert [move.at for move in moves[3:]] == [(START + after) * SECOND for after in (600, 700, 800)]
    assert moves[-1].sha == git(folder, "rev-parse", "main").strip()
    assert [move.sha for move in moves[:-1]] == [move.from_sha for move in moves[1:]]


def test_a_repository_without_a_reflog_has_no_moves(tmp_path: Path) -> None:
    folder = make_repository(tmp_path / "shop")
    (folder / ".git/logs/HEAD").unlink()
    assert Repository.find(folder).moves() == ()
    assert Repository.find(begin(tmp_path / "new")).moves() == ()


@given(
    st.binary(max_size=500)
    | st.lists(st.sampled_from([line(A, B), line(B, A, at=5), "\t", A, "<", "\n"])).map("".join).map(str.encode)
)
def test_any_bytes_are_a_reflog(data: bytes) -> None:
    moves = parse_reflog(data)
    assert [move.at for move in moves] == sorted(move.at for move in moves)


@given(st.lists(st.integers(0, 1000)), st.integers(-10, 1010))
def test_no_later_move_is_before_the_time_and_no_earlier_is_after(times: list[int], at: int) -> None:
    moves = [HeadMove(time, A, A[:9], B, "moved", "ana") for time in sorted(times)]
    found = deployed_at(moves, at)
    assert (found.at if found else None) == max((time for time in times if time <= at), default=None)
