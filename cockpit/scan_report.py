"""What a scan of logs found, as JSON and as a page that can be pasted into a chat; without a screen."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from cockpit.cataloguing import Catalogue
from cockpit.clock import SystemClock, to_rfc3339
from cockpit.history.repository import Repository
from cockpit.insight.deploys import Marker
from cockpit.insight.verdicts import SCOPES, Verdict
from cockpit.logs.file import LogFile
from cockpit.logs.levels import Level
from cockpit.logs.printable import number, printable
from cockpit.scanning import Counted, Scanned, scan
from cockpit.suspecting import Asked, as_object, suspects

_SIGNATURES = 12  # on a page
_PATIENCE = 1.5  # seconds that git may take
_WORTH = 0.02  # the score below which a suspect that is not the first is left out of a page
_MARKERS = 6  # on a page
_WIDE = 110  # characters


def grown(files: Sequence[LogFile]) -> Catalogue:
    """The signatures of all records of these files. Indexes what is not."""
    for file in files:
        while file.index_earlier():
            pass
    catalogue = Catalogue(files)
    while catalogue.grow(lambda: False):
        pass
    return catalogue


def suspected(
    scanned: Scanned, repositories: Sequence[Repository], top: int = 5, path_map: tuple[tuple[str, str], ...] = ()
) -> dict[str, Any]:
    """`suspects` and `notes` of the commits that may have caused what goes wrong. Raises RepositoryError."""
    if scanned.trouble is None or not repositories:
        return {"suspects": [], "notes": []}
    asked = Asked(scanned.trace, scanned.message, scanned.trouble.shift.at, path_map=path_map, top=top)
    return as_object(suspects(repositories, asked, _PATIENCE))


def as_data(scanned: Scanned) -> dict[str, Any]:
    """`signatures`, `onset`, `markers`, `scope`; times are RFC 3339."""
    found = scanned.trouble
    onset = None
    if found is not None:
        named = next((each.mined.id for each in scanned.signatures if each.mined.number == found.signatures[0]), None)
        onset = {
            "at": to_rfc3339(found.shift.at),
            "until": to_rfc3339(found.shift.until),
            "signature": named,
            "before_per_min": round(found.shift.before, 3),
            "after_per_min": round(found.shift.after, 3),
            "confidence": round(found.shift.confidence, 4),
        }
    deploys = {"deploys": [each.as_data() for each in scanned.rates]}
    return {
        "signatures": [_signature(each, scanned.timed) for each in scanned.signatures],
        "onset": onset,
        "unbegun": unbegun(scanned) if onset is None else None,
        "markers": [each.as_data() for each in scanned.markers],
        "scope": {name: scanned.scope[name].as_data() | (deploys if name == "deploy" else {}) for name in SCOPES},
        "notes": notes(scanned),
    }


def unbegun(scanned: Scanned) -> str:
    """Why no onset is told."""
    if not scanned.records:
        return "no records were read"
    if not scanned.timed:
        return "no record has a time, so that since when cannot be told"
    judged = scanned.scope["deploy"]
    if scanned.errors and judged.verdict is Verdict.CANNOT_TELL:
        return judged.why[0].rstrip(".")
    return "nothing began to go wrong in what was read"


def notes(scanned: Scanned) -> list[str]:
    """What is to be known of how it was found."""
    if not scanned.strays:
        return list(scanned.clocks)
    many, stand = number(scanned.strays), "stands" if scanned.strays == 1 else "stand"
    far = f"{many} of {number(scanned.records)} records {stand} far from all others in time, and in no rate."
    return [far, *scanned.clocks]


def _signature(each: Counted, timed: bool) -> dict[str, Any]:
    return {
        "id": each.mined.id,
        "template": each.mined.template,
        "level": Level(each.level).word if each.level else None,
        "count": each.count,
        "first": to_rfc3339(each.first) if timed else None,
        "last": to_rfc3339(each.last) if timed else None,
        "new": each.new,
        "since_onset": each.since,
        "example": each.example,
    }


def diagnose(paths: Sequence[Path], markers: Sequence[tuple[int, str, str]]) -> dict[str, Any]:
    """Scan files: for those who have paths and markers (at, kind, ref) and want what `--json` prints."""
    files = [LogFile(path, SystemClock().now()) for path in paths]
    try:
        given = [Marker(at, kind, ref, f"{kind} {ref}".strip()) for at, kind, ref in markers]
        scanned = scan(grown(files), given)
        return as_data(scanned) if scanned is not None else {}
    finally:
        for file in files:
            file.close()


def page(data: Mapping[str, Any]) -> str:
    """What was found, for people: plain text of at most some 60 lines."""
    lines = [_opening(data), "", *_onset_lines(data), "", "Scope"]
    for name in SCOPES:
        judged = data["scope"][name]
        lines.append(f"  {name:<11}{judged['verdict']:<12}{_first(judged['why'])}")
        lines += [f"{'':25}{each}" for each in judged["why"][1:4]]
    likely = [name for name in SCOPES if data["scope"][name]["verdict"] == "likely"]
    tests = [f"  {name}: {data['scope'][name]['test']}" for name in likely]
    if tests:
        lines += ["", "Next test", *tests]
    if data["markers"]:
        lines += ["", "Markers", *_marker_lines(data)]
    if data.get("suspects"):
        lines += ["", "Suspects"]
        for place, each in enumerate(data["suspects"]):
            if place and each["score"] < _WORTH:
                break
            lines.append(f"  {each['sha'][:9]}  {each['score']:.2f}  {each['subject'][:70]}")
            lines += [f"{'':19}{reason}" for reason in each["reasons"][:3]]
    lines += ["", f"Signatures ({len(data['signatures'])}; new ones and errors first)"]
    for each in data["signatures"][:_SIGNATURES]:
        mark = "new" if each["new"] else ""
        lines.append(
            f"  {each['id']}  {each['level'] or '':<8}{mark:<4}{number(each['count']):>9}  {each['template'][:_WIDE]}"
        )
    lines += [f"Note: {each}" for each in data.get("notes", ())]
    return "\n".join(map(printable, lines)) + "\n"


def _marker_lines(data: Mapping[str, Any]) -> list[str]:
    """The last markers, a deploy with the rates of errors on either side."""
    rates = {(each["at"], each["ref"]): each for each in data["scope"]["deploy"].get("deploys", ())}
    lines = []
    for each in data["markers"][-_MARKERS:]:
        lines.append(f"  {each['at'][:19]}Z  {each['title'][:80]}")
        known = rates.get((each["at"], each["ref"]))
        if known is not None and (known["before_per_min"] or known["after_per_min"]):
            sides = f"{known['before_per_min']:.2g} → {known['after_per_min']:.3g} errors a minute"
            lines.append(f"{'':24}{sides} (confidence {known['confidence']:.2f})")
    return lines


def _opening(data: Mapping[str, Any]) -> str:
    names = ", ".join(each["name"] for each in data.get("sources", ()))
    records = sum(each["records"] for each in data.get("sources", ()))
    errors = data.get("errors", 0)
    many = f"{number(records)} record{'s' * (records != 1)}"
    return f"{names}: {many}, {number(errors)} of them {'an error' if errors == 1 else 'errors'}"


def _onset_lines(data: Mapping[str, Any]) -> list[str]:
    onset = data["onset"]
    if onset is None:
        return [f"Onset: {data['unbegun']}."]
    named = next((each for each in data["signatures"] if each["id"] == onset["signature"]), None)
    rates = f"{onset['before_per_min']:g} a minute before, {onset['after_per_min']:g} after"
    said = [f"Onset: {onset['at'][:19]}Z, {rates} (confidence {onset['confidence']:.2f})"]
    return said + ([f"  {named['template'][:_WIDE]}", f"  e.g. {named['example'][:_WIDE]}"] if named else [])


def _first(why: Sequence[str]) -> str:
    return why[0] if why else ""
