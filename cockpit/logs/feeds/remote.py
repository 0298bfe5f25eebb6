"""A log on another host, followed through the system's own ssh: a recipe for ProgramFeed.

The other side runs `remote.sh` and nothing else. It is asked to go on from the byte we have, so that a connection that
breaks loses nothing and repeats nothing; how it finds that byte again after a rotation is told there.
"""

from __future__ import annotations

import secrets
import shlex
from collections.abc import Callable, Sequence
from pathlib import Path

from cockpit.logs.feeds.recipe import Verdict, how_it_ended

TAIL = 16 * 1024 * 1024
"""Bytes from the end of the remote file that are fetched first."""
PAUSE = 0.5
_OPTIONS = (
    "BatchMode=yes",  # never a question that nobody sees
    "ConnectTimeout=10",
    "ServerAliveInterval=5",
    "ServerAliveCountMax=3",
    "ControlMaster=no",  # others' sessions must not hang on a connection that we end
    "ClearAllForwardings=yes",
    "PermitLocalCommand=no",
    "EscapeChar=none",
    "ForwardAgent=no",
    "ForwardX11=no",
)
_REFUSALS = (  # what ssh says, what it means, whether it may be different the next time
    ("identification has changed", "its host key is not the one known here; find out why before you trust it", False),
    ("host key verification failed", "its host key is not known here; connect once by hand: ssh {host}", False),
    ("permission denied", "it accepts none of our keys; see what this says: ssh {host}", False),
    ("too many authentication failures", "it accepts none of our keys; see what this says: ssh {host}", False),
    ("bad configuration option", "ssh does not accept its configuration: {said}", False),
    ("can't open user config", "ssh does not accept its configuration: {said}", False),
    ("bad owner or permissions", "ssh does not accept its configuration: {said}", False),
    ("could not resolve hostname", "no host of this name can be found", True),
    ("connection refused", "it refuses the connection (no ssh server listens there)", True),
    ("timed out", "it does not answer", True),
    ("not responding", "it does not answer any more", True),
    ("no route to host", "there is no way to it from here", True),
    ("unreachable", "there is no way to it from here", True),
)


def ssh_arguments(host: str, port: int, options: Sequence[str]) -> list[str]:
    """The command line of ssh: `options` (such as `-F FILE`) first, as the first one given counts."""
    own = [word for option in _OPTIONS for word in ("-o", option)]
    return ["ssh", "-T", *options, *own, *(["-p", str(port)] if port else []), "--", host.strip("[]"), "exec /bin/sh"]


class RemoteFile:
    """Knows which bytes of which remote file came, and asks for what follows them."""

    merged = False
    whole = True
    answers = True

    def __init__(
        self,
        host: str,
        path: str,
        port: int = 0,
        options: Sequence[str] = (),
        tail: int = TAIL,
        pause: float = PAUSE,
    ) -> None:
        """`path`: absolute, or `~/…`; `options`: more arguments for ssh; `pause`: seconds between two looks there."""
        self.notice = ""
        self.happened: list[str] = []
        self._host = host
        self._path = path
        self._port = port
        self._options = options
        self._tail = tail
        self._pause = pause
        self._identity = "-"  # of the remote file, as the other side tells it
        self._position = 0  # bytes of that file that we have
        self._head, self._sum = 0, "-"
        self._at_line_start = True
        self._skipping = False  # the first line fetched is cut: it begins before what was asked for
        self._told = ""
        self._mark = b""
        self._rest = b""
        self._send: Callable[[bytes], None] | None = None

    def arguments(self) -> Sequence[str]:
        return ssh_arguments(self._host, self._port, self._options)

    def begin(self, send: Callable[[bytes], None] | None) -> None:
        self._send = send
        self._rest = b""
        self._mark = b"\x1e" + secrets.token_hex(16).encode()
        if send is not None:
            send(script(self._path, self._mark, self._pause))

    def take(self, data: bytes) -> bytes:
        """The log's bytes in what came; what is told between them is obeyed."""
        self._rest += data
        pieces = []
        while True:
            at = self._rest.find(self._mark)
            if at < 0:
                at = len(self._rest) - _begun(self._rest, self._mark)
                pieces.append(self._log(self._rest[:at]))
                self._rest = self._rest[at:]
                return b"".join(pieces)
            pieces.append(self._log(self._rest[:at]))
            self._rest = self._rest[at:]
            end = self._rest.find(b"\n")
            if end < 0:
                return b"".join(pieces)
            line = self._rest[len(self._mark) : end].decode("utf-8", "replace").strip()
            self._rest = self._rest[end + 1 :]
            pieces.append(self._obey(*line.partition(" ")[::2]))

    def verdict(self, code: int, errors: Sequence[str]) -> Verdict:
        said = " ".join(errors)
        for words, meaning, again in _REFUSALS:
            if code == 255 and words in said.lower():
                return Verdict(f"{self._host}: {meaning.format(host=self._host, said=errors[-1])}.", again)
        if code in (0, 255) or code < 0:
            return Verdict(f"{self._host}: the connection was lost{f' ({errors[-1]})' if errors else ''}.", again=True)
        return Verdict(f"{self._host}: what reads the file there {how_it_ended(code, errors)}", again=True)

    def _log(self, data: bytes) -> bytes:
        """Count bytes of the log; a line whose beginning was not asked for is left out."""
        self._position += len(data)
        if self._skipping:
            newline = data.find(b"\n")
            data = data[newline + 1 :] if newline >= 0 else b""
            self._skipping = newline < 0
        if data:
            self._at_line_start = data.endswith(b"\n")
        return data

    def _obey(self, word: str, rest: str) -> bytes:
        """Note what the other side tells; returns what belongs into the log because of it."""
        if word == "ask" and self._send is not None:
            asking = f"{self._identity} {self._position} {self._head} {self._sum} {self._tail}\n"
            self._send(asking.encode())
        elif word == "file":
            self._identity, _, position = rest.partition(" ")
            self._position = int(position)
            self._head, self._sum = 0, "-"
            self.notice = self._told = ""
            if self._position == 0 and not self._at_line_start:
                self._at_line_start = True
                return b"\n"
        elif word == "head":
            head, _, self._sum = rest.partition(" ")
            self._head = int(head)
        elif word == "skipped":
            self._skipping = True
            self.happened.append(f"{self._path}: only its end was fetched; {int(rest):,} bytes before it were not")
        elif word == "note":
            self.happened.append(f"{self._host}:{self._path}: {rest}")
        elif word == "wait":
            self.notice = f"{self._host}: {self._path}: {rest}; waiting for it."
            if rest != self._told:
                self._told = rest
                self.happened.append(self.notice)
        return b""


def script(path: str, mark: bytes, pause: float = PAUSE) -> bytes:
    """What the other side's shell is given. `pause`: seconds between two looks at the file there."""
    own = Path(__file__).with_name("remote.sh").read_bytes()
    return b"mark='%s'\npath=%s\npause=%g\n%s\nmain\n" % (mark, shlex.quote(path).encode(), pause, own)


def _begun(data: bytes, mark: bytes) -> int:
    """How many bytes at the end of the data may be the beginning of the mark."""
    for length in range(min(len(mark) - 1, len(data)), 0, -1):
        if data.endswith(mark[:length]):
            return length
    return 0
