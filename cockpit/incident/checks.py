"""What can be ticked in the guide: the usual gotchas of production, and the parts of the steps that the journal shows
nowhere else. Pure.

A tick has one last writer: the entry with the greatest id that names the check.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from cockpit.incident.journal import Entry
from cockpit.incident.reading import Unusable, text_of, time_of

TICKED, UNTICKED = "check.ticked", "check.unticked"
TYPES = (TICKED, UNTICKED)
_NAME = re.compile(r"[a-z]+\.[a-z-]+")


@dataclass(frozen=True, slots=True)
class Check:
    """Something to look at. name: `environment.version`; text: what it is; how: how to find out."""

    name: str
    text: str
    how: str

    @property
    def group(self) -> str:
        return self.name.partition(".")[0]


@dataclass(frozen=True, slots=True)
class Tick:
    """A check that was made. at: microseconds; note: what was found, or ""."""

    id: str
    check: str
    at: int
    by: str
    note: str


GOTCHAS = ("environment", "data", "load", "dependencies")
"""The groups of gotchas."""

CHECKS: tuple[Check, ...] = (
    Check(
        "scope.deployment",
        "Is it the deployment?",
        "Did it begin with one? The scope (s); commits (2), d goes to its moment.",
    ),
    Check("scope.data", "Is it the data?", "All users or some? The scope (s) compares what fails with what does not."),
    Check(
        "scope.load",
        "Is it the load?",
        "Does it come and go with traffic? The scope (s), the timeline, CPU and memory.",
    ),
    Check(
        "instrument.structured", "What is missing is logged, in fields", "Fields can be searched, text only grepped."
    ),
    Check("instrument.trace", "One request can be followed", "A request id in every line; = shows one request."),
    Check("staging.data", "Staging has the same data", "Or a part of it that fails."),
    Check("staging.config", "Staging has the same config", "Compare variables, flags and versions."),
    Check("staging.load", "Staging has the same load", "The pattern too, not only the rate."),
    Check("environment.version", "Different version of the language", "python --version, here and where it works."),
    Check("environment.variable", "Missing environment variable", "tr '\\0' '\\n' < /proc/PID/environ"),
    Check("environment.timezone", "Different time zone", "date; TZ; the zone of the database and of the logs."),
    Check("environment.permissions", "Different file permissions", "ls -l, as the user the service runs as."),
    Check("data.edge-cases", "Cases that test data do not have", "Empty, zero, negative, enormous, duplicate."),
    Check("data.unicode", "Unicode", "Emoji, combining marks, right to left, invalid UTF-8."),
    Check("data.long-values", "Very long values", "Columns, headers, URLs and buffers have limits."),
    Check("data.nulls", "Null where data are expected", "Old rows, optional fields, failed joins."),
    Check("load.pool", "Connection pool exhausted", "Waiting and open connections against the limit."),
    Check("load.memory", "Memory pressure", "Resident size over time, swap, the OOM killer in dmesg."),
    Check("load.races", "Race condition", "Fails only when two come at once; retry alone works."),
    Check("load.timeouts", "Different timeouts", "The caller gives up before the called one does."),
    Check("dependencies.rate-limits", "Rate limit of an API", "429s, Retry-After, quotas."),
    Check(
        "dependencies.certificate", "Expired certificate", "openssl s_client -connect HOST:443 | openssl x509 -enddate"
    ),
    Check("dependencies.dns", "DNS", "getent hosts NAME, from this host; caches and TTLs."),
    Check("dependencies.network", "Network partition", "Can this host reach that one? Timeouts, not refusals."),
    Check("after.postmortem", "Postmortem written", "What happened, why, how it was fixed, how it is prevented."),
    Check("after.monitoring", "Monitoring added", "It can happen again: an alert on it."),
    Check("after.logging", "Logging improved", "What would have helped? Add it for the next time."),
    Check("after.runbook", "Runbook updated", "How this was found, for who comes next."),
)


def checks_in(*groups: str) -> list[Check]:
    """The checks of these groups, in order."""
    return [each for each in CHECKS if each.group in groups]


def text_of_check(name: str) -> str:
    """What a check is, in words; its name where only a newer cockpit knows it."""
    return next((each.text for each in CHECKS if each.name == name), name)


def how_of(name: str) -> str:
    """How a check is made; "" where only a newer cockpit knows it."""
    return next((each.how for each in CHECKS if each.name == name), "")


def take(ticks: dict[str, Tick], entry: Entry) -> None:
    """Fold an entry into the ticks by name of their check. Raises Unusable."""
    name, at = text_of(entry, "check"), time_of(entry)
    if not _NAME.fullmatch(name):
        raise Unusable(f"{name!r} is no name of a check")
    ticks.pop(name, None)
    if entry.type == TICKED:
        note = entry.data.get("note", "")
        ticks[name] = Tick(entry.id, name, at, entry.by, note if isinstance(note, str) else "")
