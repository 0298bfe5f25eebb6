"""Clones of one incident on several machines, and the bare repository between them."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path
from typing import Any

from cockpit.clock import SystemClock
from cockpit.incident.keeping import Keeper, Verdict, verify
from cockpit.incident.show import as_dict
from cockpit.incident.store import Incident
from cockpit.incident.synced import Synced
from cockpit.syncing import Syncing, join


def git(*words: str | Path, where: Path) -> str:
    done = subprocess.run(["git", *map(str, words)], cwd=where, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return done.stdout


def bare(folder: Path) -> Path:
    """An empty repository that takes pushes."""
    folder.mkdir()
    git("init", "--quiet", "--bare", where=folder)
    return folder


class Machines:
    """Incidents by the name of who works there; the first is made, the others join."""

    def __init__(self, folder: Path) -> None:
        self.remote = bare(folder / "remote.git")
        self._root = folder

    def first(self, who: str = "ana") -> Incident:
        incident = Incident.create(self._root / who, "Checkout 500s", SystemClock(), f"{who}@{who}-host")
        self.sync(incident, str(self.remote))
        return incident

    def joined(self, who: str) -> Incident:
        folder = join(self._root / who, str(self.remote), SystemClock(), f"{who}@{who}-host")
        return Incident.open(folder, SystemClock(), f"{who}@{who}-host")

    def sync(self, incident: Incident, remote: str | None = None) -> Synced:
        done = Syncing(incident, SystemClock()).sync(remote)
        incident.refresh()
        return done

    def meet(self, *incidents: Incident) -> None:
        """Sync until all have everything."""
        for incident in (*incidents, *incidents):
            self.sync(incident)


def keep(incident: Incident, text: str) -> str:
    """Keep a text as evidence; its label."""
    with Keeper(incident) as keeper:
        keeper.write("text", text.encode())
        label = keeper.keep(text, "text", {}).label
    incident.refresh()
    return label


def contents(incident: Incident) -> dict[str, str]:
    """What the evidence says, by title; all of it is as it was kept."""
    incident.refresh()
    assert {verify(incident, each).verdict for each in incident.state.evidence} <= {Verdict.OK}
    return {each.title: (incident.folder / each.path).read_text() for each in incident.state.evidence}


def whole(incident: Incident) -> dict[str, Any]:
    """All that an incident is, but where it is."""
    incident.refresh()
    found = as_dict(incident)
    found["incident"] = {name: value for name, value in found["incident"].items() if name not in ("folder", "name")}
    return found


def branch_of(remote: Path) -> str:
    return git("for-each-ref", "--format=%(refname)", "refs/heads", where=remote).strip()


def refusing(remote: Path, sentence: str) -> None:
    """Let a remote take nothing, and say why."""
    hook = remote / "hooks" / "pre-receive"
    hook.parent.mkdir(exist_ok=True)
    hook.write_text(f"#!/bin/sh\necho {sentence!r} >&2\nexit 1\n")
    os.chmod(hook, 0o755)
