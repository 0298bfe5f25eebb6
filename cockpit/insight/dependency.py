"""Whether somebody else fails: what the errors say of peers, and which peer it is. Pure."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from typing import Any

from cockpit.insight import naming
from cockpit.insight.causes import cause_of
from cockpit.insight.contrast import g_test
from cockpit.insight.requests import Request, Told
from cockpit.insight.symptoms import SATURATED, TIMED_OUT, UNANSWERED, example, peers_in, share
from cockpit.insight.verdicts import Judged, judged, untold

_MOST = 8  # peers that are listed
_ENOUGH = 0.2  # of failing requests, that must say what went wrong for the others to be left out
_CERTAIN = 1e-3
_WORTH = 0.05  # of the errors, below which their words are not cited: a number of an item may look like a status
_STATUS = re.compile(r"^[0-9.]*$")  # one's own answer, a duration: they tell nothing of others
_ACCESS = re.compile(r"^[0-9]{3} (?=[A-Z]+ /)")


def text_of(told: Told) -> str:
    """All that a record says of what went wrong."""
    causes = [value for name, value in told.fields.items() if naming.is_outcome(name) and not _STATUS.match(value)]
    return " ".join((_ACCESS.sub("", told.message), told.gist, *causes))


def telling(failing: Sequence[Request]) -> list[Request]:
    """Those of failing requests whose records say what went wrong, where enough of them do; else all."""
    found = [each for each in failing if any(told.wrong and _says(told) for told in each.records)]
    return found if len(found) >= _ENOUGH * len(failing) else list(failing)


def _says(told: Told) -> bool:
    return bool(cause_of(told.gist, told.fields.items()) or UNANSWERED.search(_ACCESS.sub("", told.message)))


def texts_of(requests: Sequence[Request]) -> list[str]:
    """What the records of each failing request say of what went wrong."""
    return [" ".join(text_of(told) for told in each.records if told.wrong) for each in requests]


def peers_of(request: Request) -> set[str]:
    """Whom a request called, by its fields and by its messages."""
    found: set[str] = set()
    for told in request.records:
        named = {value for name, value in told.fields.items() if naming.is_peer(name) and value}
        found |= {value.lower() for value in named if naming.may_be_host(value)}
        found |= {peer for name, value in told.fields.items() if naming.is_peer(name) for peer in peers_in(value)}
        found |= peers_in(told.message) | peers_in(told.gist)
        found |= {peer for name, value in told.fields.items() if naming.is_outcome(name) for peer in peers_in(value)}
    return found


def by_dependency(failing: Sequence[Request], others: Sequence[Request]) -> Judged:
    """Judge by what the records of the failing requests say, and by how they gather on one peer."""
    test = "Ask the peer itself, from this host: `curl -v`, `openssl s_client`, `dig`; look at its own status and logs."
    failing = telling(failing)
    texts = texts_of(failing)
    if not texts:
        return untold("dependency", "There is no error to look at.", test, {"peers": []})
    full = share(texts, SATURATED)
    words = sum(bool(UNANSWERED.search(text)) and not SATURATED.search(text) for text in texts) / len(texts)
    plain = sum(
        bool(UNANSWERED.search(TIMED_OUT.sub("", text))) and not SATURATED.search(text) for text in texts
    ) / len(texts)
    peers = _peers(failing, others)
    best = peers[0] if peers else None
    gathered = best["contrast"] if best is not None and best["p"] < _CERTAIN else 0.0
    named = (
        max(
            (
                sum(each in peers_in(text) or each in text.lower() for text in texts) / len(texts)
                for each in [best["peer"]]
                if each
            ),
            default=0.0,
        )
        if best
        else 0.0
    )
    score = 0.38 * plain + 0.17 * words + 0.45 * max(gathered, 0.8 * named) * max(words, 0.2)
    score -= 0.3 * full
    why = []
    if 0 < words < _WORTH:
        why.append(f"No more than {max(1, round(words * 100))} % of the errors tell of a peer that does not answer.")
    elif words:
        why.append(f"{words * 100:.0f} % of the errors say “{example(texts, UNANSWERED)}” or the like: a peer fails.")
    if best is not None and gathered > 0:
        shares = f"{best['errors_share'] * 100:.0f} % of failing requests, {best['others_share'] * 100:.0f} % of others"
        why.append(f"{best['peer']}: in {shares}.")
    if full:
        why.append(f"{full * 100:.0f} % say “{example(texts, SATURATED)}” or the like: something is full here.")
    if not why:
        why.append("No error tells of a peer that does not answer, refuses or limits.")
    return judged(
        "dependency", score, why, test, {"peers": [dict(each, contrast=round(each["contrast"], 3)) for each in peers]}
    )


def _peers(failing: Sequence[Request], others: Sequence[Request]) -> list[dict[str, Any]]:
    called = [[peers_of(each) for each in group] for group in (failing, others)]
    counts = [Counter(peer for peers in group for peer in peers) for group in called]
    sizes = len(failing), max(1, len(others))
    found = []
    for peer, errors in counts[0].items():
        shares = errors / sizes[0], counts[1][peer] / sizes[1]
        p = g_test(errors, sizes[0], counts[1][peer], sizes[1]) if others else 1.0
        found.append(
            {
                "peer": peer,
                "errors": errors,
                "errors_share": round(shares[0], 4),
                "others_share": round(shares[1], 4),
                "contrast": shares[0] - shares[1],
                "p": p,
            }
        )
    return sorted(found, key=lambda each: -float(each["contrast"]))[:_MOST]  # type: ignore[arg-type]
