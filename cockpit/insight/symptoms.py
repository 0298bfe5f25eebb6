"""Words in messages that tell of something full, or of somebody else that does not answer. Pure."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable


def _words(*parts: str) -> re.Pattern[str]:
    return re.compile("|".join(parts), re.IGNORECASE)


_ONE = r"(?:a )?(?:free |idle |available )?(?:\w+ )?(?:connection|slot|worker|thread|lock)"
SATURATED = _words(
    r"pool[\w\s.:,=()/-]{0,40}(?:exhaust|full|timeout|timed out|limit|empty|no |wait|depleted|closed)",
    rf"exhaust|no (?:more )?{_ONE}s?|waiting for {_ONE}|connection is not available",
    r"too many (?:open files|connections|clients|threads|concurrent)",
    r"(?:queue|buffer|backlog|mailbox|channel)[\w\s.:,=()/-]{0,30}(?:full|overflow|exceed|capacity|limit|reject)",
    r"rejected(?:execution| by executor)",
    r"out of (?:memory|file descriptors|threads)|outofmemory|oom[- ]?kill|\boom\b|memoryerror|cannot allocate",
    r"heap (?:space|limit|out|usage|at)|memory (?:limit|pressure|usage|low|high)",
    r"gc (?:overhead|pause|took)|(?:long|full|stop.the.world) gc",
    r"emfile|enfile|descriptors|no space left|resource temporarily unavailable",
    r"overload|shedding|load shed|backpressure|saturat|capacity|throttling requests",
    r"thread ?pool|worker (?:busy|timeout)|all workers",
    r"deadline exceeded waiting|request took too long|event loop (?:lag|blocked)",
)
"""Something is full here."""
UNANSWERED = _words(
    r"connection (?:was )?(?:refused|reset|aborted|closed by|timed out)",
    r"connection to \S+ (?:timed out|failed|refused|reset)",
    r"econn(?:refused|reset|aborted)|etimedout|connect(?:ion)?[ _]?timeout|connect timed out",
    r"read ?timed? ?out|readtimeout|sockettimeout",
    r"\b(?:429|too many requests|rate ?limit(?:ed)?|quota exceeded|retry-after)\b",
    r"\b(?:502|503|504)\b|bad gateway|service unavailable|gateway time-?out|upstream",
    r"certificate|x509|\bssl\b|\btls\b|handshake",
    r"\bdns\b|name (?:or service not|resolution)|getaddrinfo|no such host|enotfound|unknown ?host|eai_again",
    r"could not resolve|nxdomain|servfail|nameresolution",
    r"no route to host|(?:host|network) (?:is )?unreachable|broken pipe|remote (?:end|host) closed",
    r"i/o timeout|deadline exceeded|timed?[ -]?out|circuit ?breaker",
)
"""Somebody else does not answer, refuses or limits."""
TIMED_OUT = re.compile(r"timed?[ _-]?out|deadline[ ]exceeded|timeout", re.IGNORECASE)
WRONG = re.compile(
    r"\b(?:error|err|exception|fail(?:ed|ure|s)?|fatal|panic|traceback|refused|denied|abort(?:ed)?|crash(?:ed)?"
    r"|unhandled|timed out|timeout|cannot|could not|unable)\b|\w+(?:Error|Exception)\b",
    re.IGNORECASE,
)
_DOMAINS = "internal|local|svc|com|net|org|io|lan|corp|example|test|dev|cloud|eu|de|uk|cluster"
_PEER = re.compile(
    r"(?:https?|wss?|redis|amqp|postgres(?:ql)?|mysql|mongodb|grpc|tcp|kafka)://(?:[^/\s@]*@)?(?P<url>[A-Za-z0-9.-]+)"
    r"|\b(?P<ip>(?:[0-9]{1,3}\.){3}[0-9]{1,3}):[0-9]{2,5}\b"
    r"|\b(?P<named>[A-Za-z][A-Za-z0-9-]*(?:\.[A-Za-z0-9-]+)*):[0-9]{2,5}\b"
    rf"|\b(?P<host>[a-z][a-z0-9-]*(?:\.[a-z0-9-]+)*\.(?:{_DOMAINS}))(?![\w.-])"
    r"|\bhost[= ]['\"]?(?P<told>[A-Za-z][A-Za-z0-9.-]+)"
)


def share(texts: Iterable[str], pattern: re.Pattern[str]) -> float:
    """How many of these texts say it, 0 to 1."""
    found = [bool(pattern.search(text)) for text in texts]
    return sum(found) / len(found) if found else 0.0


def example(texts: Iterable[str], pattern: re.Pattern[str]) -> str:
    """The words that are found most often."""
    words = Counter(match[0].strip().lower() for text in texts if (match := pattern.search(text)))
    return words.most_common(1)[0][0] if words else ""


def peers_in(text: str) -> set[str]:
    """Hosts that a text names: of URLs, with a port, or with the name of a domain."""
    found = {value.lower().rstrip(".") for match in _PEER.finditer(text) for value in match.groups() if value}
    return {each for each in found if not each.endswith((".py", ".go", ".js", ".java", ".rb", ".rs"))}
