"""Whether something began with a deploy: how soon after one, and how often that is so by chance. Pure."""

from __future__ import annotations

import math
import re
from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from cockpit.clock import MINUTE, to_rfc3339
from cockpit.insight.contrast import Factor
from cockpit.insight.verdicts import Judged, judged, untold

_AT_ONCE = 90_000_000  # microseconds after a deploy in which what it breaks mostly breaks
_FADES = 6 * MINUTE  # from then on the likeliness is divided by e in each such time
_BEFORE = 45_000_000  # microseconds: its marker may be late, and an error of before be taken for the first
_TWICE = 2 * MINUTE  # within which a deploy is told twice
_DOUBT = 3  # the power of 1 - chance that a score is made of: where one in seven moments is as near, it tells little
_VERSION = re.compile(
    r"(?:version|release|revision|commit|build|tag|image|rev|sha|ver)\b[\s:=#\"'/-]*(?:[\w./-]+:)?(?P<told>v?[0-9a-f]{7,40}\b|v?[0-9]+(?:\.[0-9]+)+[\w.+-]*|[0-9]+)"
    r"|\b(?P<bare>v[0-9]+(?:\.[0-9]+)+[\w.+-]*|[0-9]+\.[0-9]+\.[0-9]+[\w.+-]*|(?=[0-9a-f]*[0-9])(?=[0-9a-f]*[a-f])[0-9a-f]{7,40})\b",
    re.IGNORECASE,
)
STARTING = re.compile(
    r"\b(?:(?:re)?start(?:ed|ing|s|up)?|boot(?:ed|ing)?|launch(?:ed|ing)?|listening|deploy(?:ed|ing|ment)?|releas(?:ed|e|ing)"
    r"|roll(?:ed|ing)?[ -]?out|coming up|is up|ready|running|init(?:ializ(?:ed|ing))?|up and running)\b",
    re.IGNORECASE,
)
_HASH = re.compile(r"[0-9a-f]{40,64}")
_DEPLOYING = re.compile(r"\b(?:deploy|releas|roll(?:ed|ing)?[ -]?out)", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Marker:
    """Something that was done: at (microseconds), kind (`deploy`, `restart`, …), ref (commit, version), title."""

    at: int
    kind: str
    ref: str
    title: str

    def as_data(self) -> dict[str, Any]:
        return {"at": to_rfc3339(self.at), "kind": self.kind, "ref": self.ref, "title": self.title}

    @property
    def named(self) -> str:
        """`deploy 4f2c1a9b0`, `restart`"""
        return f"{self.kind} {short(self.ref)}".strip()


def short(ref: str) -> str:
    """A hash shortened; the name of a release, a version, a process as it is."""
    return ref[:9] if _HASH.fullmatch(ref) else ref[:30]


def ref_in(text: str) -> str:
    """What a person's words name as deployed, `4f2c1a9` of `deploy 4f2c1a9`: the last word, where it has a digit."""
    last = text.rpartition(" ")[2]
    return last if any(map(str.isdigit, last)) else ""


def version_in(text: str) -> str:
    """The version that a start-up line names; empty where it names none."""
    match = _VERSION.search(text)
    return (match["told"] or match["bare"]) if match is not None else ""


def started(lines: Sequence[tuple[int, str, str]]) -> list[Marker]:
    """Markers of start-up lines (at, program, text), oldest first: a deploy where the version is new."""
    found: list[Marker] = []
    last: dict[str, str] = {}
    for at, program, text in sorted(lines):
        version = version_in(text)
        known = last.get(program)
        new = bool(version) and version != known
        if found and found[-1].ref == version and at - found[-1].at < MINUTE:
            continue
        deploy = (new and known is not None) or (known is None and bool(version) and bool(_DEPLOYING.search(text)))
        kind = "deploy" if deploy else "start" if known is None and version else "restart"
        found.append(Marker(at, kind, version, f"{program}: {text[:120]}" if program else text[:120]))
        if version:
            last[program] = version
    return found


def merged(markers: Sequence[Marker]) -> list[Marker]:
    """Without those that tell of the same deploy again within two minutes; oldest first."""
    found: list[Marker] = []
    for each in sorted(markers, key=lambda marker: marker.at):
        twin, place = None, len(found) - 1
        while place >= 0 and found[place].at >= each.at - 2 * _TWICE:  # one that was replaced stands a little too early
            twin = place if _same(found[place], each) else twin
            place -= 1
        if twin is None:
            found.append(each)
        elif found[twin].kind != "deploy" and each.kind == "deploy":
            found[twin] = each
    return sorted(found, key=lambda marker: marker.at)


def beside(known: Sequence[Marker], others: Sequence[Marker]) -> list[Marker]:
    """Those of the others that tell of no deploy that is known."""
    in_order = sorted(known, key=lambda marker: marker.at)
    times = [each.at for each in in_order]

    def near(at: int) -> list[Marker]:
        return in_order[bisect_left(times, at - _TWICE) : bisect_right(times, at + _TWICE)]

    return [each for each in others if not any(_same(one, each) for one in near(each.at))]


def _same(one: Marker, other: Marker) -> bool:
    alike = one.ref[:7] == other.ref[:7] or not one.ref or not other.ref
    return abs(one.at - other.at) <= _TWICE and alike and one.kind in ("deploy", "start", "restart")


def by_deploy(
    markers: Sequence[Marker],
    onset: int,
    wrong: npt.NDArray[np.int64],
    since: int,
    until: int,
    versions: Sequence[Factor],
) -> Judged:
    """Judge by the last marker before the onset. wrong: times of what goes wrong."""
    test = "Roll back, or run the version before beside it, and see whether the errors stop."
    known = [each for each in markers if each.kind in ("deploy", "start", "restart")]
    if not known and not versions:
        return untold(
            "deploy",
            "No deploy is known: no marker, no start-up line, no move of HEAD.",
            "Say when the last deploy was: `cockpit mark`.",
            {"marker": None, "rate_ratio": None},
        )
    by_version = [each for each in versions if each.contrast >= 0.6]
    why: list[str] = []
    score = 0.0
    facts: dict[str, Any] = {"marker": None, "rate_ratio": None}
    before = [each for each in known if each.at <= onset + _BEFORE]
    if before:
        marker = max(before, key=lambda each: (_nearness(each, onset), each.at))
        score, told = _by_delay(marker, known, onset, since, until)
        ratio, sentence = _rates(wrong, marker.at, since, until)
        facts = {"marker": marker.as_data(), "rate_ratio": ratio}
        why += [*told, sentence]
    elif known:
        why.append(f"No deploy stands before the onset; the first is {span(known[0].at - onset)} after it.")
    if by_version:
        score = max(score, 0.55 + 0.4 * by_version[0].contrast)
        why.insert(0, f"{by_version[0].described()}.")
    return judged("deploy", score, why, test, facts)


def _nearness(marker: Marker, onset: int) -> float:
    weight = {"deploy": 1.0, "start": 0.8}.get(marker.kind, 0.35)
    late = max(0, onset - marker.at - _AT_ONCE)
    return weight * math.exp(-late / _FADES)


def _by_delay(marker: Marker, markers: Sequence[Marker], onset: int, since: int, until: int) -> tuple[float, list[str]]:
    delay = onset - marker.at
    reach = max(delay, 10_000_000) + _BEFORE
    chance = 1.0 - math.exp(-_often(marker, markers, onset, since, until, reach) * reach)
    near = f"It began {span(abs(delay))} {'after' if delay >= 0 else 'before'} {marker.named}."
    by_chance = f"Of moments picked at random, {_percent(chance)} lie as near to a {marker.kind}."
    return 0.95 * _nearness(marker, onset) * (1.0 - chance) ** _DOUBT, [near, by_chance]


def _often(marker: Marker, markers: Sequence[Marker], onset: int, since: int, until: int, reach: int) -> float:
    """How many like it come in a microsecond: up to the onset, or in all, whichever is less: what is deployed to mend
    it, and what starts over and over because of it, is no chance.
    """
    known = [each.at for each in markers if each.kind == marker.kind and since <= each.at <= until]
    before = sum(1 for at in known if at <= onset + _BEFORE)
    return min(max(1, len(known)) / max(until - since, reach), max(1, before) / max(onset - since, reach))


def _rates(wrong: npt.NDArray[np.int64], at: int, since: int, until: int) -> tuple[float | None, str]:
    if at <= since:
        return None, "The logs begin after it."
    before, after = int(np.searchsorted(wrong, at)), len(wrong) - int(np.searchsorted(wrong, at))
    minutes = max(at - since, 1) / MINUTE, max(until - at, 1) / MINUTE
    rates = before / minutes[0], after / minutes[1]
    ratio = None if not before else rates[1] / rates[0]
    told = f"Errors like these: {rates[0]:.2g} a minute before it, {rates[1]:.3g} after"
    return (None if ratio is None else round(ratio, 2)), f"{told} ({ratio:.3g} times)." if ratio else f"{told}."


def _percent(chance: float) -> str:
    return f"{max(chance, 0.001) * 100:.2g} %"


def span(microseconds: int) -> str:
    """`41 s`, `12 min`, `2.5 h`, `9 days`"""
    seconds = microseconds / 1_000_000
    return (
        f"{seconds:.0f} s"
        if seconds < 120
        else f"{seconds / 60:.0f} min"
        if seconds < 7200
        else f"{seconds / 3600:.1f} h"
        if seconds < 172_800
        else f"{seconds / 86_400:.0f} days"
    )
