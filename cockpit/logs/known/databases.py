"""Formats of databases and caches."""

from __future__ import annotations

from cockpit.logs.described import Heads, Known, Reader, Sample
from cockpit.logs.known.parts import ISO, line
from cockpit.logs.levels import Level

_AT = "2026-11-23T10:02:11.201Z"
_CONTINUING = (b"DETAIL", b"HINT", b"QUERY", b"CONTEXT", b"LOCATION", b"STATEMENT")

POSTGRESQL = Known(
    "PostgreSQL",
    Heads.TIMED,
    Reader.LINE,
    line(
        rb"(?P<time>",
        ISO,
        rb")[ :]?(?:\[(?P<pid>\d+)\])?(?P<prefix>.{0,100}?)[ :]?",
        rb"(?P<level>DEBUG\d?|INFO|NOTICE|WARNING|ERROR|LOG|FATAL|PANIC|DETAIL|HINT|QUERY|CONTEXT|LOCATION|STATEMENT)",
        rb":  (?P<message>.*)",
    ),
    levels={b"log": Level.INFO, **{word.lower(): Level.NONE for word in _CONTINUING}},
    continuing=_CONTINUING,
    samples=(
        Sample(
            "2026-11-23 10:02:11.201 UTC [12] LOG:  database system is ready to accept connections",
            _AT,
            "info",
            "database system is ready to accept connections",
            {"pid": "12"},
        ),
        Sample(
            '2026-11-23 10:02:11.201 UTC [12] ERROR:  duplicate key value violates unique constraint "cart_pkey"',
            _AT,
            "error",
            'duplicate key value violates unique constraint "cart_pkey"',
        ),
        Sample(
            "2026-11-23 10:02:11.201 CET [12] shop@shop FATAL:  terminating connection",
            "2026-11-23T09:02:11.201Z",
            "critical",
            "terminating connection",
            {"prefix": "shop@shop"},
        ),
        Sample(
            "2026-11-23 10:02:11 UTC:10.0.0.1(52000):shop@shop:[12]:WARNING:  there is no transaction in progress",
            "2026-11-23T10:02:11Z",
            "warning",
            "there is no transaction in progress",
        ),
        Sample("2026-11-23 10:02:11.201 UTC [12-3] shop@shop DEBUG1:  autovacuum", _AT, "debug", "autovacuum"),
    ),
)

MYSQL = Known(
    "MySQL error log",
    Heads.TIMED,
    Reader.LINE,
    line(
        rb"(?P<time>",
        ISO,
        rb") +(?P<thread>\d+) \[(?P<level>\w+)\] (?:\[(?P<code>MY-\d+)\] )?",
        rb"(?:\[(?P<subsystem>\w+)\] )?(?P<message>.*)",
    ),
    levels={b"system": Level.NOTICE, b"note": Level.NOTICE},
    samples=(
        Sample(
            "2026-11-23T10:02:11.201000Z 0 [System] [MY-010116] [Server] mysqld starting as process 1",
            _AT,
            "notice",
            "mysqld starting as process 1",
            {"code": "MY-010116", "subsystem": "Server"},
        ),
        Sample(
            "2026-11-23T10:02:11.201000Z 12 [Warning] Aborted connection 12 to db",
            _AT,
            "warning",
            "Aborted connection 12 to db",
            {"thread": "12"},
        ),
        Sample(
            "2026-11-23 10:02:11 0 [ERROR] InnoDB: cannot lock ./ibdata1",
            "2026-11-23T10:02:11Z",
            "error",
            "InnoDB: cannot lock ./ibdata1",
        ),
    ),
)

MYSQL_SLOW = Known(
    "MySQL slow query log",
    Heads.TIMED,
    Reader.LINE,
    line(rb"# Time: (?P<time>\d{6} [ \d]\d:\d\d:\d\d|", ISO, rb")(?P<message>)"),
    samples=(
        Sample("# Time: 2026-11-23T10:02:11.201000Z", _AT, "", "# Time: 2026-11-23T10:02:11.201000Z"),
        Sample("# Time: 261123 10:02:11", "2026-11-23T10:02:11Z", "", "# Time: 261123 10:02:11"),
    ),
)

REDIS = Known(
    "Redis",
    Heads.TIMED,
    Reader.LINE,
    line(
        rb"(?:(?P<pid>\d+):(?P<role>[MSCX])|\[\d+\]) (?P<time>\d\d? \w{3} (?:\d{4} )?\d\d:\d\d:\d\d(?:\.\d{3})?) ",
        rb"(?P<level>[.*#-]) (?P<message>.*)",
    ),
    levels={b".": Level.DEBUG, b"-": Level.INFO, b"*": Level.NOTICE, b"#": Level.WARNING},
    samples=(
        Sample(
            "1:M 23 Nov 2026 10:02:11.201 * Ready to accept connections",
            _AT,
            "notice",
            "Ready to accept connections",
            {"pid": "1", "role": "M"},
        ),
        Sample(
            "1:M 23 Nov 2026 10:02:11.201 # WARNING overcommit_memory is set to 0",
            _AT,
            "warning",
            "WARNING overcommit_memory is set to 0",
        ),
        Sample("12:S 23 Nov 2026 10:02:11.201 - Accepted 10.0.0.1:52000", _AT, "info", "Accepted 10.0.0.1:52000"),
        Sample("12:C 23 Nov 2026 10:02:11.201 . 0 clients connected", _AT, "debug", "0 clients connected"),
        Sample("[7] 23 Nov 10:02:11.201 * DB saved on disk", _AT, "notice", "DB saved on disk"),
    ),
)

DATABASES = (MYSQL_SLOW, MYSQL, POSTGRESQL, REDIS)
