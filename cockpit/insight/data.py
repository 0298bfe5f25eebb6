"""Whether it is what requests bring along: what failing ones have in common, and others have not. Pure."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from typing import Any

from cockpit.insight import naming
from cockpit.insight.contrast import Factor, contrast, percent
from cockpit.insight.requests import Request
from cockpit.insight.verdicts import Judged, judged, untold
from cockpit.logs.record import plain_name

_SHOWN = 5
_FEW = 5  # failing requests, and others that name a place, from which on a place is told
_MOST = 0.9  # of the others, beyond which their being of the place of all that fail tells nothing
_METHODS = ("method", "httpmethod", "requestmethod", "verb")
_TEXTS = 0.2  # of the values of a field named like a peer, beyond which it is none: an address people live at


def factor_data(factor: Factor) -> dict[str, Any]:
    return {
        "field": factor.field,
        "op": factor.op,
        "value": factor.value,
        "errors_share": round(factor.errors_share, 4),
        "others_share": round(factor.others_share, 4),
        "lift": round(factor.lift, 2),
        "p": factor.p,
    }


def by_data(failing: Sequence[Request], others: Sequence[Request], everywhere: Sequence[Request] = ()) -> Judged:
    """Judge by how well a value of the requests tells those that fail from the others of the same places.

    everywhere: the others of any place. Of which place those are that fail is only said: it is where they are handled.
    """
    test = "Send one request that meets it and one that does not, alike in all else, and compare."
    if not failing:
        return untold("data", "There is no failing request to compare.", test, {"factors": []})
    about = _brought(failing, others)
    if len(others) < 5 or not any(about(name) for each in failing for name in each.fields):
        why = (
            "Nothing succeeds that could be compared."
            if len(others) < 5
            else "Failing requests have no fields to compare."
        )
        return untold(
            "data", why, "Log the fields of a request with its id, so that they can be compared.", {"factors": []}
        )
    factors = contrast(failing, others, about)
    if not factors:
        compared = {name for each in failing for name in each.fields if about(name)}
        why = (
            f"No value tells failing requests from others ({len(compared)} field{'s' * (len(compared) != 1)} compared)."
        )
        return judged("data", 0.05, [why, *_one_place(failing, everywhere)], test, {"factors": []})
    best = factors[0]
    covered = 1.0 if best.value == "missing" else sum(best.field in each.fields for each in failing) / len(failing)
    score = best.contrast * (0.4 + 0.6 * min(1.0, covered * 1.25))
    why_all = [f"{factor.described()}." for factor in factors[:_SHOWN]]
    return judged("data", score, why_all, test, {"factors": [factor_data(factor) for factor in factors[:_SHOWN]]})


def _one_place(failing: Sequence[Request], everywhere: Sequence[Request]) -> list[str]:
    """A sentence on the place that all failing requests have, and only some of the others; none where there is none."""
    places = {_place(each) for each in failing}
    elsewhere = [place for each in everywhere if (place := _place(each))]
    if len(places) != 1 or len(failing) < _FEW or len(elsewhere) < _FEW:
        return []
    (place,) = places
    share = elsewhere.count(place) / len(elsewhere)
    return [f"All failing requests are {place} ({percent(share)} of others)."] if place and share <= _MOST else []


def _place(request: Request) -> str:
    """`POST /checkout`, `of checkout`: which code handled it, in words; empty where no field says so."""
    place = request.place
    if "/" not in place:
        return place and f"of {place}"
    known = {plain_name(name): value for name, value in request.fields.items()}
    method = next((known[name] for name in _METHODS if known.get(name)), "")
    return f"{method} {place}".strip()


def _brought(failing: Sequence[Request], others: Sequence[Request]) -> Callable[[str], bool]:
    """Which fields a request brought along: by their names, and those named like a peer that hold no names of hosts."""
    counts: Counter[str] = Counter()
    texts: Counter[str] = Counter()
    for each in (*failing, *others):
        for name, value in each.fields.items():
            if naming.is_peer(name):
                counts[name] += 1
                texts[name] += not naming.may_be_host(value)
    plain = {name for name, count in texts.items() if count > _TEXTS * counts[name]}
    return lambda name: naming.is_data(name) or name in plain
