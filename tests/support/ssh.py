"""A real ssh server on this machine for tests: keys and settings of its own, to be killed and started again."""

from __future__ import annotations

import contextlib
import getpass
import os
import shutil
import signal
import socket
import subprocess
from pathlib import Path

from tests.support.waiting import until

SSHD = shutil.which("sshd") or "/usr/sbin/sshd"
HERE = "127.0.0.1"


def can_serve() -> bool:
    """Whether an ssh server can be run here."""
    if not os.path.exists(SSHD) or not shutil.which("ssh") or not shutil.which("ssh-keygen"):
        return False
    if os.getuid() == 0:
        with contextlib.suppress(OSError):
            os.makedirs("/run/sshd", mode=0o755, exist_ok=True)
        return os.path.isdir("/run/sshd")
    return True


class Server:
    """An sshd on a free port. `options` make ssh find it, trust it, and use our key."""

    def __init__(self, folder: Path) -> None:
        folder.mkdir(mode=0o700)
        self.folder = folder
        self.port = _free_port()
        self.user = getpass.getuser()
        for name in ("host", "own", "other"):
            _run("ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", str(folder / name))
        shutil.copy(folder / "own.pub", folder / "authorized")
        (folder / "sshd_config").write_text(
            f"Port {self.port}\nListenAddress {HERE}\nHostKey {folder / 'host'}\nPidFile {folder / 'pid'}\n"
            f"AuthorizedKeysFile {folder / 'authorized'}\nStrictModes no\nUsePAM no\nPasswordAuthentication no\n"
            "KbdInteractiveAuthentication no\nPermitRootLogin yes\nMaxStartups 100\n"
        )
        host_key = (folder / "host.pub").read_text()
        (folder / "known").write_text(f"[{HERE}]:{self.port} {host_key}")
        self.options = self.options_with()
        self._process: subprocess.Popen[bytes] | None = None

    def options_with(self, key: str = "own", known: str = "known") -> list[str]:
        """Arguments for ssh, with another key or other known hosts."""
        config = self.folder / f"config-{key}-{known}"
        config.write_text(
            f"Host *\n  IdentityFile {self.folder / key}\n  IdentitiesOnly yes\n  IdentityAgent none\n"
            f"  UserKnownHostsFile {self.folder / known}\n  GlobalKnownHostsFile /dev/null\n"
            "  StrictHostKeyChecking yes\n"
        )
        return ["-F", str(config)]

    def start(self) -> None:
        self._process = subprocess.Popen(
            [SSHD, "-D", "-e", "-f", str(self.folder / "sshd_config")],
            stdin=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
        )
        assert until(self._answers)

    def kill(self) -> None:
        """Kill it at once, and all connections with it."""
        if self._process is None:
            return
        pids = _descendants(self._process.pid)
        for pid in (self._process.pid, *pids):
            with contextlib.suppress(OSError):
                os.kill(pid, signal.SIGKILL)
        self._process.wait()
        self._process = None

    def _answers(self) -> bool:
        with contextlib.suppress(OSError), socket.create_connection((HERE, self.port), 1) as connection:
            return connection.recv(4) == b"SSH-"
        return False


def _descendants(pid: int) -> list[int]:
    """The connections of a server: its children and theirs that are sshd too; not the shells, which must end alone."""
    found = []
    for folder in Path("/proc").glob("[0-9]*"):
        with contextlib.suppress(OSError, ValueError):
            name, _, rest = (folder / "stat").read_text().partition("(")[2].rpartition(")")
            if int(rest.split()[1]) == pid and name.startswith("sshd"):
                found += [int(folder.name), *_descendants(int(folder.name))]
    return found


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind((HERE, 0))
        return int(probe.getsockname()[1])


def _run(*arguments: str) -> None:
    subprocess.run(arguments, check=True, capture_output=True)
