"""Which file of a repository a frame names, although the service is deployed under another root. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from cockpit.insight.frames import Frame, foreign, mapped


@dataclass(frozen=True, slots=True)
class PlacedFrame:
    """A frame of a trace. number: from 1, the innermost; path: in the repository, empty where it has no such file."""

    frame: Frame
    number: int
    path: str

    @property
    def told(self) -> str:
        """`shop/cart.py:88`."""
        line = f":{self.frame.line}" if self.frame.line is not None else ""
        return f"{self.path or self.frame.path}{line}"


class Files:
    """The files of a repository, found by the ends of their paths."""

    def __init__(self, paths: Iterable[str]) -> None:
        self._named: dict[str, list[str]] = {}
        for path in paths:
            self._named.setdefault(path.rpartition("/")[2], []).append(path)

    def fitting(self, path: str) -> str:
        """The file with the longest end in common with a path; empty where there is none, or several fit as well."""
        parts = [part for part in path.split("/") if part not in ("", ".", "..")]
        best, most, several = "", 0, False
        for each in self._named.get(parts[-1], ()) if parts else ():
            own = each.split("/")
            common = _common_end(own, parts)
            whole = common == len(own)  # nothing of the file's own path is left over
            rank = common * 2 + whole
            if rank > most:
                best, most, several = each, rank, False
            elif rank == most:
                several = True
        return "" if several else best


def _common_end(one: Sequence[str], other: Sequence[str]) -> int:
    count = 0
    for left, right in zip(reversed(one), reversed(other), strict=False):
        if left != right:
            break
        count += 1
    return count


def placed(frames: Sequence[Frame], files: Files, path_map: Sequence[tuple[str, str]] = ()) -> tuple[PlacedFrame, ...]:
    """Each frame with its file; what stands in a library has none."""
    found = []
    for number, frame in enumerate(frames, start=1):
        there = mapped(frame, path_map)
        path = "" if there == frame and foreign(frame) else files.fitting(there.path)
        found.append(PlacedFrame(frame, number, path))
    return tuple(found)
