"""The earlier history of a log: which rotated files are its own, in which order, and what packed ones hold."""

from __future__ import annotations

import bz2
import gzip
import lzma
import os
import random
import shutil
import subprocess
import time
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cockpit.logs.feeds.history import History
from cockpit.logs.feeds.siblings import siblings_of
from cockpit.logs.feeds.unpack import unpack
from cockpit.logs.file import SourceError
from tests.support.logging import numbered
from tests.support.waiting import until


def lines(start: int, count: int = 100) -> bytes:
    return "".join(numbered(number) for number in range(start, start + count)).encode()


def names(log: Path) -> list[str]:
    return [sibling.path.name for sibling in siblings_of(log)]


def lay_out(folder: Path, found: list[str]) -> Path:
    """Files of different content, all written at the same time, and the log itself."""
    for position, name in enumerate(found):
        data = lines(1000 * (position + 1))
        packed = gzip.compress(data) if name.endswith(".gz") else bz2.compress(data) if name.endswith(".bz2") else data
        (folder / name).write_bytes(packed)
        os.utime(folder / name, (1_764_000_000, 1_764_000_000))
    (folder / "app.log").write_bytes(lines(0))
    return folder / "app.log"


@pytest.mark.parametrize(
    "expected",
    [
        ["app.log.10.gz", "app.log.9.gz", "app.log.2.bz2", "app.log.1"],
        ["app.2.log", "app.1.log"],
        ["app.log-20261121.gz", "app.log-20261122", "app.log-20261123"],
        ["app-2025-12-31.log", "app-2026-11-22.log.gz", "app-2026-11-23.log"],
        ["app.log-20261123-09", "app.log-20261123-10", "app.log-20261123-11.gz"],
        ["app.log-1763900000.gz", "app.log-1763990000"],
        ["app.log.2026-11-22", "app.log.2026-11-23"],
        ["app.log.old"],
    ],
)
def test_rotated_files_stand_in_order_of_time(tmp_path: Path, expected: list[str]) -> None:
    shuffled = list(expected)
    random.Random(3).shuffle(shuffled)
    assert names(lay_out(tmp_path, shuffled)) == expected


def test_names_of_several_kinds_stand_by_when_they_were_written(tmp_path: Path) -> None:
    log = lay_out(tmp_path, ["app.log.1", "app.log-20261120", "app.log.old"])
    for name, at in (("app.log.old", 100), ("app.log.1", 200), ("app.log-20261120", 300)):
        os.utime(tmp_path / name, (at, at))
    assert names(log) == ["app.log.old", "app.log.1", "app.log-20261120"]


def test_other_files_are_none_of_its_own(tmp_path: Path) -> None:
    lay_out(
        tmp_path, ["app.log.swp", "app-worker.log", "app.logger.1", "apple.log", "app.log-20261399", "app.log.1.zip"]
    )
    (tmp_path / "app.log.1").touch()  # empty
    (tmp_path / "app.log.2").mkdir()
    assert names(tmp_path / "app.log") == []


def test_what_another_one_holds_is_left_out(tmp_path: Path) -> None:
    log = lay_out(tmp_path, ["app.log.1", "app.log.3"])
    os.link(tmp_path / "app.log.1", tmp_path / "app.log.2")
    (tmp_path / "app.log.3.gz").write_bytes(gzip.compress((tmp_path / "app.log.3").read_bytes()))
    shutil.copy(tmp_path / "app.log.3", tmp_path / "app.log.4")
    shutil.copy(log, tmp_path / "app.log.5")
    assert len(names(log)) == 2
    assert {name.split(".")[2] for name in names(log)} <= {"1", "2", "3", "4"}
    assert not [name for name in names(log) if name.endswith(".gz")]


def test_a_folder_that_is_missing_is_told(tmp_path: Path) -> None:
    with pytest.raises(SourceError, match="cannot be listed"):
        siblings_of(tmp_path / "none" / "app.log")


def _zstd(data: bytes) -> bytes:
    return subprocess.run(["zstd", "-qc"], input=data, capture_output=True, check=True).stdout


PACKERS: dict[str, Callable[[bytes], bytes]] = {
    "gz": gzip.compress,
    "bz2": bz2.compress,
    "xz": lzma.compress,
    "zst": _zstd,
}
kinds = [
    pytest.param(
        kind, marks=pytest.mark.skipif(kind == "zst" and not shutil.which("zstd"), reason="no zstd program here")
    )
    for kind in PACKERS
]


@pytest.mark.parametrize("kind", kinds)
def test_packed_files_are_unpacked_member_after_member(tmp_path: Path, kind: str) -> None:
    pack = PACKERS[kind]
    packed = tmp_path / f"app.log.1.{kind}"
    packed.write_bytes(pack(lines(0, 20_000)) + pack(lines(20_000)))
    os.utime(packed, (1000, 1000))
    done = unpack(packed, tmp_path / "spool" / "app.log.1", 1 << 30)
    assert done is not None
    assert done.missing == ""
    assert (tmp_path / "spool" / "app.log.1").read_bytes() == lines(0, 20_100)
    assert (tmp_path / "spool" / "app.log.1").stat().st_mtime == 1000


@pytest.mark.parametrize("kind", kinds)
def test_what_can_be_read_of_a_cut_file_is_kept_and_said(tmp_path: Path, kind: str) -> None:
    noise = random.Random(5)
    data = b"".join(b"%x\n" % noise.getrandbits(400) for _ in range(20_000))
    packed = tmp_path / f"app.log.1.{kind}"
    whole = PACKERS[kind](data)
    packed.write_bytes(whole[: len(whole) * 2 // 3])
    done = unpack(packed, tmp_path / "out", 1 << 30)
    assert done is not None
    assert "is damaged or cut off" in done.missing
    assert f"its first {done.size:,} bytes" in done.missing
    assert data.startswith((tmp_path / "out").read_bytes())
    assert done.size > len(data) // 4


def test_a_file_that_is_not_what_its_name_says_is_refused(tmp_path: Path) -> None:
    (tmp_path / "app.log.1.gz").write_bytes(lines(0))
    with pytest.raises(SourceError, match="not what its name says"):
        unpack(tmp_path / "app.log.1.gz", tmp_path / "out", 1 << 30)
    assert not (tmp_path / "out").exists()


def test_zstd_without_anything_to_unpack_it_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    (tmp_path / "app.log.1.zst").write_bytes(b"\x28\xb5\x2f\xfd")
    with pytest.raises(SourceError, match="need the zstd program"):
        unpack(tmp_path / "app.log.1.zst", tmp_path / "out", 1 << 30)


@settings(max_examples=30, deadline=None)
@given(parts=st.lists(st.binary(max_size=200), min_size=1, max_size=5), most=st.integers(1, 2000))
def test_never_more_than_was_asked_for(tmp_path_factory: pytest.TempPathFactory, parts: list[bytes], most: int) -> None:
    folder = tmp_path_factory.mktemp("gz")
    (folder / "a.gz").write_bytes(b"".join(gzip.compress(part) for part in parts))
    done = unpack(folder / "a.gz", folder / "a", most)
    assert done is not None
    assert (folder / "a").read_bytes() == b"".join(parts)[:most]


def test_the_history_comes_newest_first_and_goes_at_close(tmp_path: Path) -> None:
    log = lay_out(tmp_path, ["app.log.3.gz", "app.log.2.bz2", "app.log.1"])
    told: list[tuple[str, bytes]] = []
    history = History(
        log, tmp_path / "spool", lambda sibling, path: told.append((path.name, path.read_bytes())), nice=0
    )
    history.start()
    assert until(lambda: history.complete)
    assert told == [("app.log.1", lines(3000)), ("app.log.2", lines(2000)), ("app.log.3", lines(1000))]
    assert [sibling.path.name for sibling in history.siblings] == ["app.log.3.gz", "app.log.2.bz2", "app.log.1"]
    assert history.problems == []
    history.close(keep=False)
    assert list((tmp_path / "spool").iterdir()) == []


def test_the_history_is_bounded_and_says_so(tmp_path: Path) -> None:
    log = lay_out(tmp_path, ["app.log.3.gz", "app.log.2.gz", "app.log.1.gz"])
    told: list[str] = []
    history = History(log, tmp_path / "spool", lambda sibling, path: told.append(path.name), most=7000, nice=0)
    history.start()
    assert until(lambda: history.complete)
    assert told == ["app.log.1", "app.log.2"]
    assert "app.log.2.gz: only its first" in history.problems[0]
    assert "app.log.3.gz and what is older was not unpacked" in history.problems[1]
    history.close(keep=False)


def test_closing_stops_a_long_unpacking(tmp_path: Path) -> None:
    log = lay_out(tmp_path, [])
    with gzip.open(tmp_path / "app.log.1.gz", "wb", 1) as file:
        for _ in range(100):
            file.write(b"the same line again and again\n" * 100_000)
    history = History(log, tmp_path / "spool", lambda sibling, path: None, most=1 << 40)
    history.start()
    assert until(lambda: (tmp_path / "spool" / "app.log.1.part").exists())
    began = time.monotonic()
    history.close(keep=False)
    assert time.monotonic() - began < 2
    assert list((tmp_path / "spool").iterdir()) == []
