"""A command without a terminal: what it prints, and that it ends in time with all that it started."""

from __future__ import annotations

import time

import psutil
import pytest

from cockpit.printed import printed_by


def test_what_a_command_prints_is_taken_with_its_code() -> None:
    printed = printed_by("echo one; echo two >&2; exit 3", 30.0)
    assert (printed.output, printed.errors, printed.code, printed.why) == (b"one\n", b"two\n", 3, "")


def test_a_command_has_nothing_to_read_and_no_terminal() -> None:
    printed = printed_by("cat; test -t 0 || test -t 1 || echo none", 30.0)
    assert (printed.output, printed.code) == (b"none\n", 0)


def test_a_command_that_does_not_end_is_ended_with_all_it_started() -> None:
    began = time.monotonic()
    printed = printed_by("echo first; sleep 4711 & sleep 4711", 0.5)
    assert time.monotonic() - began < 30
    assert (printed.output, printed.code, printed.why) == (b"first\n", None, "it did not end within 0.5 s")
    assert not [each for each in psutil.process_iter(["cmdline"]) if each.info["cmdline"] == ["sleep", "4711"]]


def test_a_command_that_prints_without_end_is_ended() -> None:
    printed = printed_by("yes", 60.0, most=1 << 20)
    assert (len(printed.output), printed.code, printed.why) == (1 << 20, None, "it printed more than 1024 KiB")


def test_a_command_that_is_wanted_no_more_is_ended() -> None:
    printed = printed_by("sleep 4712", 60.0, cancelled=lambda: True)
    assert (printed.code, printed.why) == (None, "it is wanted no more")


@pytest.mark.parametrize("command", ["exit 127", "no-such-command-at-all", "echo 'open"])
def test_what_cannot_be_run_has_a_code(command: str) -> None:
    assert printed_by(command, 30.0).code not in (None, 0)
