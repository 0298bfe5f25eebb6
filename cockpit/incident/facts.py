"""What the provenance of an item tells, as names and values under headings: timing, request, environment. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from cockpit.clock import duration, from_rfc3339, to_local
from cockpit.incident.evidence import FOLDER, Evidence

Pairs = list[tuple[str, str]]

_PLAIN = ("command", "exit_code", "seconds", "directory")


def sections(told: Mapping[str, Any]) -> list[tuple[str, Pairs]]:
    """The headings that have something to say, each with its names and values."""
    found = [
        ("timing", _timing(told)),
        ("request", _request(told)),
        ("environment", _environment(told)),
        ("command", [(name, _plain(told[name])) for name in _PLAIN if told.get(name) is not None]),
    ]
    return [(heading, pairs) for heading, pairs in found if pairs]


def as_text(item: Evidence, verdict: str, told: Mapping[str, Any]) -> list[str]:
    """An item as a page: what it is, then the sections. verdict: of its files, `ok`."""
    lines = [f"{item.label}  {item.kind}: {item.title}", f"{'files':<11} {verdict}"]
    facts = [("source", item.source), ("time", item.at), ("trace", item.trace_id)]
    facts.append(("window", " … ".join(item.window) if item.window is not None else ""))
    lines += [f"{name:<11} {value}" for name, value in facts if value]
    lines += [f"{part.name:<11} {FOLDER}/{part.file}  {part.size} bytes  {part.sha256}" for part in item.parts]
    for heading, pairs in sections(told):
        lines += ["", heading, *(f"  {name:<11} {value}" for name, value in pairs)]
    return lines


def _timing(told: Mapping[str, Any]) -> Pairs:
    signature = _mapping(told.get("signature"))
    if not signature:
        return []
    back = signature.get("counted_from")
    exact = "" if signature.get("exact") else "about "
    count = f"{_number(signature.get('count'))} records"
    pairs = [("signature", str(signature.get("template")))]
    pairs.append(("count", f"at least {count}, counted back to {_when(back)}" if back else f"{exact}{count}"))
    first = signature.get("first_seen")
    pairs.append(("first seen", _when(first) if first else "not known"))
    if signature.get("last_seen"):
        pairs.append(("last seen", _when(signature["last_seen"])))
    return pairs + _onset(_mapping(signature.get("onset")), _mapping(told.get("deploy")))


def _onset(onset: Mapping[str, Any], deploy: Mapping[str, Any]) -> Pairs:
    before, after = (_mapping(onset.get(name)) for name in ("before", "after"))
    if not after:
        return []
    if not before:
        return [("rate", f"steady: {_rate(after)}")]
    how = "more of them from then on" if onset.get("how") == "rose" else "the first of them"
    pairs = [("onset", f"{_when(onset.get('at'))}: {how}"), ("before", _rate(before)), ("after", _rate(after))]
    nearest = _mapping(deploy.get("before_onset"))
    if nearest:
        pairs.append(("deploy", f"{str(nearest.get('commit'))[:9]}, {_span(nearest)} before the onset"))
    return pairs


def _request(told: Mapping[str, Any]) -> Pairs:
    return [(str(name), _plain(value)) for name, value in _mapping(told.get("request")).items()]


def _environment(told: Mapping[str, Any]) -> Pairs:
    host, deploy = _mapping(told.get("host")), _mapping(told.get("deploy"))
    pairs: Pairs = []
    if deploy:
        pairs.append(("commit", str(deploy.get("commit"))))
        pairs.append(("deployed", f"{_when(deploy.get('at'))}, {_span(deploy)} before: {deploy.get('how')}"))
    if host:
        system = (host.get(name) for name in ("system", "release", "machine"))
        pairs.append(("host", f"{host.get('name')}, {' '.join(str(each) for each in system)}"))
        pairs.append(("processors", f"{host.get('processors')}, load {_load(host.get('load'))}"))
        for name, free in (("memory", "available"), ("swap", "used")):
            sizes = _mapping(host.get(name))
            if sizes:
                pairs.append((name, f"{_size(sizes.get('total'))}, {_size(sizes.get(free))} {free}"))
    return pairs


def _rate(rate: Mapping[str, Any]) -> str:
    """`23.6 a minute: 8 506 records in 6 h, 06:00:00 … 12:00:00`"""
    since, until = str(rate.get("from")), str(rate.get("to"))
    try:
        length = f" in {duration(from_rfc3339(until) - from_rfc3339(since))}"
    except (ValueError, OverflowError):
        length = ""
    each = rate.get("per_minute")
    a_minute = f"{each:.3g}" if isinstance(each, int | float) else "?"
    return f"{a_minute} a minute: {_number(rate.get('records'))} records{length}, {_when(since)} … {_when(until)}"


def _span(deploy: Mapping[str, Any]) -> str:
    seconds = deploy.get("seconds_before")
    return duration(seconds * 1_000_000) if isinstance(seconds, int) else "?"


def _when(text: object) -> str:
    try:
        return f"{to_local(from_rfc3339(str(text))):%Y-%m-%d %H:%M:%S}"
    except (ValueError, OverflowError):
        return str(text)


def _size(value: object) -> str:
    return f"{value / (1 << 30):.1f} GiB" if isinstance(value, int) else "?"


def _number(value: object) -> str:
    return f"{value:,}".replace(",", " ") if isinstance(value, int) else "?"


def _load(value: object) -> str:
    loads = value if isinstance(value, list) else []
    return " ".join(f"{each:.2f}" for each in loads if isinstance(each, int | float)) or "?"


def _plain(value: object) -> str:
    if isinstance(value, list):
        return ", ".join(map(str, value))
    if isinstance(value, dict):
        return ", ".join(f"{name} {each}" for name, each in value.items())
    return str(value)


def _mapping(value: object) -> dict[str, Any]:
    return value if isinstance(value, dict) else {}
