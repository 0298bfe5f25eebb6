"""Unpacks gzip, bzip2, xz and zstd as a stream: bounded, able to stop, and keeping what a damaged file still holds."""

from __future__ import annotations

import bz2
import gzip
import importlib
import io
import lzma
import os
import shutil
import subprocess
import zlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any, cast

from cockpit.logs.file import SourceError

PACKINGS = {".gz": "gzip", ".bz2": "bzip2", ".xz": "xz", ".zst": "zstd"}
"""Endings of names, and what they mean."""
_BLOCK = 1 << 18


@dataclass(frozen=True, slots=True)
class Unpacked:
    """What became of a packed file: bytes written, and in a sentence what is missing (empty: nothing)."""

    size: int
    missing: str = ""


class Damaged(Exception):
    """A file does not hold what its packing promises; what came before is right."""


def packing_of(path: Path) -> str:
    """gzip, bzip2, xz or zstd by the ending of a name; empty for a plain file."""
    return PACKINGS.get(path.suffix, "")


def first_bytes(path: Path, most: int) -> bytes:
    """The first bytes of what a file holds unpacked; fewer, or none, where it is damaged or cannot be unpacked here."""
    data = b""
    try:
        for piece in pieces_of(path, most):
            data += piece
            if len(data) >= most:
                break
    except (SourceError, Damaged):
        pass
    return data[:most]


def unpack(path: Path, target: Path, most: int, cancelled: Callable[[], bool] = lambda: False) -> Unpacked | None:
    """Write what a packed file holds to a plain one, at most `most` bytes; None where it was cancelled.

    What can be read of a damaged file is kept, and said. The target appears only when it is complete, with the time of
    the packed file. Raises SourceError where nothing can be read or written.
    """
    part = target.with_name(f"{target.name}.part")
    size, missing = 0, ""
    try:
        target.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        with open(os.open(part, os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_CLOEXEC, 0o600), "wb") as file:
            try:
                for piece in pieces_of(path):
                    if cancelled():
                        return None
                    size += file.write(piece[: most - size])
                    if size >= most:
                        missing = f"{path.name}: only its first {size:,} bytes were unpacked."
                        break
            except Damaged as error:
                missing = f"{path.name} is damaged or cut off ({error}): its first {size:,} bytes could be unpacked."
        if missing and not size:
            raise SourceError(f"{path}: nothing of it can be unpacked: it is damaged, or not what its name says.")
        written_at = os.stat(path).st_mtime_ns
        os.utime(part, ns=(written_at, written_at))
        os.rename(part, target)
        return Unpacked(size, missing)
    except OSError as error:
        raise SourceError(f"{path}: cannot be unpacked to {target.parent}: {error.strerror or error}.") from None
    finally:
        part.unlink(missing_ok=True)


def pieces_of(path: Path, block: int = _BLOCK) -> Iterator[bytes]:
    """What a file holds, unpacked, in pieces of at most `block` bytes; several members are one after the other.

    Raises SourceError where it cannot be opened or nothing here can unpack it, Damaged after all that could be read.
    """
    packing = packing_of(path)
    try:
        descriptor = os.open(path, os.O_RDONLY | os.O_CLOEXEC)
    except OSError as error:
        raise SourceError(f"{path}: cannot be opened: {error.strerror}.") from None
    with open(descriptor, "rb") as file:
        if packing == "zstd":
            yield from _zstd(file, path, block)
            return
        stream = cast(io.BufferedReader, _OPENERS[packing](file) if packing else file)
        try:
            while data := stream.read1(block):
                yield data
        except (EOFError, OSError, ValueError, zlib.error, lzma.LZMAError) as error:
            raise Damaged(str(error).rstrip(".")) from None


_OPENERS: dict[str, Callable[[IO[bytes]], Any]] = {
    "gzip": lambda file: gzip.GzipFile(fileobj=file),
    "bzip2": bz2.BZ2File,
    "xz": lzma.LZMAFile,
}


def _zstd(file: IO[bytes], path: Path, block: int) -> Iterator[bytes]:
    try:
        zstandard = importlib.import_module("zstandard")
    except ImportError:
        yield from _zstd_program(file, path, block)
        return
    try:
        with zstandard.ZstdDecompressor().stream_reader(file, read_across_frames=True) as stream:
            while data := stream.read(block):
                yield data
    except zstandard.ZstdError as error:
        raise Damaged(str(error)) from None


def _zstd_program(file: IO[bytes], path: Path, block: int) -> Iterator[bytes]:
    program = shutil.which("zstd")
    if program is None:
        raise SourceError(f"{path}: zstd files need the zstd program or the Python package zstandard; neither is here.")
    with subprocess.Popen(
        [program, "-dcq"], stdin=file, stdout=subprocess.PIPE, stderr=subprocess.PIPE, start_new_session=True
    ) as running:
        assert running.stdout is not None
        assert running.stderr is not None
        try:
            while data := running.stdout.read(block):
                yield data
            said = running.stderr.read(4096).decode("utf-8", "replace").strip()
        finally:
            running.kill()  # whoever asked may have had enough
        if said:
            raise Damaged(said.splitlines()[-1].rpartition(": ")[2].strip().rstrip("."))
