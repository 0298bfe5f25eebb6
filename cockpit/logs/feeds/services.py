"""Recipes for programs that follow what services print: journalctl, docker, kubectl; each goes on from where it was."""

from __future__ import annotations

import re
from collections import deque
from collections.abc import Callable, Sequence

from cockpit.logs.feeds.overlap import Overlap, stamp_of
from cockpit.logs.feeds.recipe import Verdict, how_it_ended

FIRST = 10_000
"""Lines of the past that are asked for at the first start."""
_LONGEST = 1 << 24  # bytes of a line that is still unfinished; more is passed on as it is
_CURSOR = re.compile(rb'"__CURSOR"\s*:\s*"([^"]+)"')


def journal_arguments(unit: str, cursor: str = "", first: int = FIRST) -> list[str]:
    """journalctl for one unit, as JSON with every field; after a cursor, or with the last lines."""
    start = [f"--after-cursor={cursor}", "--no-tail"] if cursor else [f"--lines={first}"]
    return ["journalctl", "--follow", "--no-pager", "--output=json", f"--unit={unit}", *start]


def docker_arguments(container: str, since: str = "", first: int = FIRST) -> list[str]:
    """docker logs of one container, every line with its time; since a time, or with the last lines."""
    start = [f"--since={since}"] if since else [f"--tail={first}"]
    return ["docker", "logs", "--follow", "--timestamps", *start, container]


def kubernetes_arguments(selector: str, namespace: str = "", since: str = "", first: int = FIRST) -> list[str]:
    """kubectl logs of all containers of all pods that a selector fits now, every line with its pod and time."""
    start = ["--tail=-1", f"--since-time={since}"] if since else [f"--tail={first}"]
    where = [f"--namespace={namespace}"] if namespace else []
    fixed = ["--timestamps", "--prefix", "--all-containers", "--ignore-errors", "--max-log-requests=50"]
    return ["kubectl", "logs", "--follow", *where, f"--selector={selector}", *fixed, *start]


class Journal:
    """A unit of the systemd journal; its cursor tells to the entry where to go on."""

    merged = False
    whole = True
    answers = False
    notice = ""

    def __init__(self, unit: str, first: int = FIRST) -> None:
        self.happened: list[str] = []
        self._unit = unit
        self._first = first
        self._cursor = ""
        self._rest = b""

    def arguments(self) -> Sequence[str]:
        return journal_arguments(self._unit, self._cursor, self._first)

    def begin(self, send: Callable[[bytes], None] | None) -> None:
        self._rest = b""  # of an entry that was cut short: it comes again

    def take(self, data: bytes) -> bytes:
        lines, self._rest = _whole_lines(self._rest + data)
        last = lines.rfind(b"\n", 0, -1) + 1
        if found := _CURSOR.search(lines, last):
            self._cursor = found[1].decode("ascii", "replace")
        return lines

    def verdict(self, code: int, errors: Sequence[str]) -> Verdict:
        return Verdict(f"journal of {self._unit}: journalctl {how_it_ended(code, errors)}", again=True)


class Docker:
    """A container's output, both streams in one. Docker's own messages are the lines without a time."""

    merged = True
    whole = True
    answers = False
    notice = ""

    def __init__(self, container: str, first: int = FIRST) -> None:
        self.happened: list[str] = []
        self._container = container
        self._first = first
        self._overlap = Overlap(2)
        self._said: deque[str] = deque(maxlen=20)
        self._rest = b""

    def arguments(self) -> Sequence[str]:
        return docker_arguments(self._container, self._overlap.go_on(), self._first)

    def begin(self, send: Callable[[bytes], None] | None) -> None:
        self._rest = b""
        self._said.clear()

    def take(self, data: bytes) -> bytes:
        lines, self._rest = _whole_lines(self._rest + data)
        return b"".join(line for line in _split(lines) if self._is_log(line))

    def verdict(self, code: int, errors: Sequence[str]) -> Verdict:
        said = [*self._said, self._rest.decode("utf-8", "replace")]
        if code == 0:
            return Verdict(f"The container {self._container} does not run; waiting for it.", again=True)
        return Verdict(f"docker logs of {self._container} {how_it_ended(code, said)}", again=True)

    def _is_log(self, line: bytes) -> bool:
        stamp = stamp_of(line)
        if stamp is None:
            self._said.append(line.decode("utf-8", "replace").strip())
            return False
        return self._overlap.is_new(line, stamp[0])


class Kubernetes:
    """The output of all pods that fit a selector. Pods that come later are seen when kubectl starts again."""

    merged = False
    whole = True
    answers = False
    notice = ""

    def __init__(self, selector: str, namespace: str = "", first: int = FIRST) -> None:
        self.happened: list[str] = []
        self._selector = selector
        self._namespace = namespace
        self._first = first
        self._overlap = Overlap(10)  # pods are far apart: their lines come less in order than those of one host
        self._rest = b""

    def arguments(self) -> Sequence[str]:
        return kubernetes_arguments(self._selector, self._namespace, self._overlap.go_on(), self._first)

    def begin(self, send: Callable[[bytes], None] | None) -> None:
        self._rest = b""

    def take(self, data: bytes) -> bytes:
        lines, self._rest = _whole_lines(self._rest + data)
        return b"".join(line for line in _split(lines) if self._is_new(line))

    def verdict(self, code: int, errors: Sequence[str]) -> Verdict:
        if code == 0:
            return Verdict(f"No pod of {self._selector} is followed any more; looking for new ones.", again=True)
        return Verdict(f"kubectl logs of {self._selector} {how_it_ended(code, errors)}", again=True)

    def _is_new(self, line: bytes) -> bool:
        stamp = stamp_of(line)
        return stamp is None or self._overlap.is_new(line, stamp[0])


def _whole_lines(data: bytes) -> tuple[bytes, bytes]:
    """What is finished, and what is not yet."""
    end = data.rfind(b"\n") + 1
    if not end and len(data) > _LONGEST:
        return data, b""
    return data[:end], data[end:]


def _split(lines: bytes) -> list[bytes]:
    """Lines with their newlines; nothing else ends a line."""
    return [line + b"\n" for line in lines.split(b"\n")[:-1]]
