"""Words in messages that tell of something full, or of somebody else that does not answer. Pure."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable

SATURATED = re.compile(
    r"""pool[\w\s.:,=()/-]{0,40}(?:exhaust|full|timeout|timed[ ]out|limit|empty|no[ ]|wait|depleted|closed)
      |(?:exhaust|no[ ](?:more[ ])?(?:free[ ]|idle[ ]|available[ ])?(?:\w+[ ])?(?:connections?|slots?|workers?|threads?)|waiting[ ]for[ ](?:a[ ])?(?:free[ ])?(?:\w+[ ])?(?:connection|slot|worker|thread|lock))
      |connection[ ]is[ ]not[ ]available|too[ ]many[ ](?:open[ ]files|connections|clients|threads|concurrent)
      |(?:queue|buffer|backlog|mailbox|channel)[\w\s.:,=()/-]{0,30}(?:full|overflow|exceed|capacity|limit|reject)|rejected(?:execution|[ ]by[ ]executor)
      |out[ ]of[ ](?:memory|file[ ]descriptors|threads)|outofmemory|oom[- ]?kill|\boom\b|memoryerror|cannot[ ]allocate|heap[ ](?:space|limit|out|usage|at)|memory[ ](?:limit|pressure|usage|low|high)
      |gc[ ](?:overhead|pause|took)|(?:long|full|stop.the.world)[ ]gc|emfile|enfile|no[ ]space[ ]left|resource[ ]temporarily[ ]unavailable
      |overload|shedding|load[ ]shed|backpressure|saturat|thread[ ]?pool|worker[ ](?:busy|timeout)|all[ ]workers|capacity|throttling[ ]requests|descriptors
      |deadline[ ]exceeded[ ]waiting|request[ ]took[ ]too[ ]long|event[ ]loop[ ](?:lag|blocked)""",
    re.IGNORECASE | re.VERBOSE,
)
UNANSWERED = re.compile(
    r"""connection[ ](?:was[ ])?(?:refused|reset|aborted|closed[ ]by|timed[ ]out|to[ ]\S+[ ]timed[ ]out|to[ ]\S+[ ](?:failed|refused|reset))|econn(?:refused|reset|aborted)|etimedout|connect(?:ion)?[ _]?timeout|connect[ ]timed[ ]out|read[ ]?timed?[ ]?out|readtimeout|sockettimeout
      |\b(?:429|too[ ]many[ ]requests|rate[ ]?limit(?:ed)?|quota[ ]exceeded|retry-after)\b
      |\b(?:502|503|504)\b|bad[ ]gateway|service[ ]unavailable|gateway[ ]time-?out|upstream
      |certificate|x509|\bssl\b|\btls\b|handshake
      |\bdns\b|name[ ](?:or[ ]service[ ]not|resolution)|getaddrinfo|no[ ]such[ ]host|enotfound|unknown[ ]?host|eai_again|could[ ]not[ ]resolve|nxdomain|servfail|nameresolution
      |no[ ]route[ ]to[ ]host|(?:host|network)[ ](?:is[ ])?unreachable|broken[ ]pipe|remote[ ](?:end|host)[ ]closed|i/o[ ]timeout|deadline[ ]exceeded|timed?[ -]?out|circuit[ ]?breaker""",
    re.IGNORECASE | re.VERBOSE,
)
TIMED_OUT = re.compile(r"timed?[ _-]?out|deadline[ ]exceeded|timeout", re.IGNORECASE)
WRONG = re.compile(
    r"\b(?:error|err|exception|fail(?:ed|ure|s)?|fatal|panic|traceback|refused|denied|abort(?:ed)?|crash(?:ed)?"
    r"|unhandled|timed out|timeout|cannot|could not|unable)\b|\w+(?:Error|Exception)\b",
    re.IGNORECASE,
)
_PEER = re.compile(
    r"(?:https?|wss?|redis|amqp|postgres(?:ql)?|mysql|mongodb|grpc|tcp|kafka)://(?:[^/\s@]*@)?(?P<url>[A-Za-z0-9.-]+)"
    r"|\b(?P<ip>(?:[0-9]{1,3}\.){3}[0-9]{1,3}):[0-9]{2,5}\b"
    r"|\b(?P<named>[A-Za-z][A-Za-z0-9-]*(?:\.[A-Za-z0-9-]+)*):[0-9]{2,5}\b"
    r"|\b(?P<host>[a-z][a-z0-9-]*(?:\.[a-z0-9-]+)*\.(?:internal|local|svc|com|net|org|io|lan|corp|example|test|dev|cloud|eu|de|uk|cluster))(?![\w.-])"
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
