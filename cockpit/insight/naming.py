"""What a field is about, by its name: what was asked, where it was handled, whom it called, what came of it. Pure."""

from __future__ import annotations

import re
from functools import lru_cache

from cockpit.logs.record import plain_name

_KEPT = 4096  # names that are remembered
_OUTCOME = re.compile(
    r"^(?:.*(?:status|code|error|exception|exc|result|outcome|success|ok|failed|failure|reason|retry|retries|attempt"
    r"|attempts|response|rsp|resp|stack|trace|traceback|cause|severity|level|levelname|lvl|msg|message|sent|written|event)"
    r"|(?:err|errno|http|state).*)$"
)
_TIME = re.compile(
    r"^(?:.*(?:time|timestamp|date|start|end|started|ended|at|ts|expires|expiry|deadline)|time.*|date.*)$"
)
_LATENCY = re.compile(
    r"^(?:.*(?:duration|latency|elapsed|took|responsetime|requesttime|servicetime|waittime|upstreamtime|runtime"
    r"|millis|waited).*|rt|ms|cost|dur|lat|wait|waitms|timems|timetaken)$"
)
_PLACE = re.compile(
    r"^(?:.*(?:path|route|endpoint|handler|operation|action|url|uri|method|verb|logger|module|function|func|caller|file"
    r"|class|component|topic|queue|command|cmd|job|task|step|stage|kind|type|protocol|request|referer|funcname|loggername|jobname|taskname|filename)"
    r"|op|fn|api|rpc|cron|source)$"
)
_HOST = re.compile(
    r"^(?:.*(?:thread|worker|pod|node|instance|container|process|hostname|shard|replica|zone|az)|pid|tid|ident)$"
)
_PEER = re.compile(
    r"^(?:.*(?:peer|upstream|upstreamaddr|backend|server|dbhost|database|dependency|provider|target|targethost|remotehost"
    r"|broker|destination|dest|downstream|dst)|host|db|addr|address|dep|svc|service|endpointhost|partner|gateway)$"
)
_GAUGE = re.compile(
    r"^(?:.*(?:pool|heap|rss|memory|mem|backlog|depth|queued|queuesize|queuelen|pending|waiting|inflight|inuse|active|idle"
    r"|openfds|fds|connections|conns|threads|load|cpu|gc|lag|used|free|usedpct|usage|concurrency|goroutines).*)$"
)
_VERSION = re.compile(r"^(?:.*(?:version|release|commit|revision|build|sha|tag|deploy|deployment)|ver|rev)$")
_ID = re.compile(
    r"^(?:.*(?:id|uuid|guid|hash|token|session|key|nonce|serial|seq|sequence|number|no|span|parent)|user|customer|account|client|member|tenant|org|order|cart|device|ip|.*ip|port)$"
)


@lru_cache(_KEPT)
def is_outcome(name: str) -> bool:
    """What came of a request, or how long it took: never the cause of a failure."""
    return bool(_OUTCOME.match(plain_name(name))) or is_latency(name)


@lru_cache(_KEPT)
def is_latency(name: str) -> bool:
    return bool(_LATENCY.match(plain_name(name)))


@lru_cache(_KEPT)
def is_time(name: str) -> bool:
    return bool(_TIME.match(plain_name(name)))


@lru_cache(_KEPT)
def is_place(name: str) -> bool:
    """Which code handled it."""
    return bool(_PLACE.match(plain_name(name)))


@lru_cache(_KEPT)
def is_host(name: str) -> bool:
    """Which machine, process or thread handled it."""
    return bool(_HOST.match(plain_name(name)))


@lru_cache(_KEPT)
def is_peer(name: str) -> bool:
    """Whom it called."""
    return bool(_PEER.match(plain_name(name)))


def may_be_host(value: str) -> bool:
    """Whether a value can name a host, a service, a URL: no blanks in it, and nothing but ASCII."""
    return value.isascii() and not any(map(str.isspace, value.strip()))


@lru_cache(_KEPT)
def is_gauge(name: str) -> bool:
    """How full something was."""
    return bool(_GAUGE.match(plain_name(name)))


@lru_cache(_KEPT)
def is_version(name: str) -> bool:
    return bool(_VERSION.match(plain_name(name)))


@lru_cache(_KEPT)
def is_id(name: str) -> bool:
    """Names one of very many: its values are compared as texts, never as amounts."""
    return bool(_ID.match(plain_name(name)))


@lru_cache(_KEPT)
def is_data(name: str) -> bool:
    """What a request brought along: what may tell failing requests apart."""
    others = (is_outcome, is_time, is_place, is_host, is_peer, is_gauge, is_version)
    return not any(each(name) for each in others)
