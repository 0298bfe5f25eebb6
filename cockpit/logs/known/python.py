"""Formats of Python's logging, and of what is written in Python."""

from __future__ import annotations

from cockpit.logs.described import Heads, Known, Reader, Sample
from cockpit.logs.known.parts import COLOUR, ISO, LEVEL, iso, line
from cockpit.logs.levels import Level

_AT = "2026-11-23T10:02:11.201Z"

PYTHON_DEFAULT = Known(
    "Python logging default",
    Heads.LEVELLED,
    Reader.LINE,
    line(rb"(?P<level>DEBUG|INFO|WARNING|ERROR|CRITICAL):(?P<logger>[\w.]+):(?P<message>.*)"),
    samples=(
        Sample("WARNING:shop.cart:cart slow", None, "warning", "cart slow", {"logger": "shop.cart"}),
        Sample("ERROR:root:cart failed", None, "error", "cart failed", {"logger": "root"}),
    ),
)

PYTHON_DASHES = Known(
    "Python logging (time - name - level - message)",
    Heads.TIMED,
    Reader.LINE,
    iso(b"", rb" - (?P<logger>[^ ]+) - %s - (?P<message>.*)" % LEVEL),
    samples=(
        Sample(
            "2026-11-23 10:02:11,201 - shop.cart - WARNING - cart slow",
            _AT,
            "warning",
            "cart slow",
            {"logger": "shop.cart"},
        ),
        Sample("2026-11-23 10:02:11,201 - root - INFO - started", _AT, "info", "started", {"logger": "root"}),
    ),
)

PYTHON_NAMED = Known(
    "Python logging (time level name: message)",
    Heads.TIMED,
    Reader.LINE,
    iso(
        b"",
        rb" (?:- )?\[?%s *\]? \[?(?P<logger>[A-Za-z_][\w.]*)(?:\]:?|:)(?:(?P<lineno>\d+):?)? (?P<message>.*)" % LEVEL,
    ),
    samples=(
        Sample(
            "2026-11-23 10:02:11,201 ERROR [shop.cart] cart failed",
            _AT,
            "error",
            "cart failed",
            {"logger": "shop.cart"},
        ),
        Sample("2026-11-23 10:02:11,201 INFO     shop.cart: opened", _AT, "info", "opened", {"logger": "shop.cart"}),
        Sample("2026-11-23 10:02:11,201 [WARNING] shop.cart: slow", _AT, "warning", "slow", {"logger": "shop.cart"}),
    ),
)

DJANGO = Known(
    "Django (verbose)",
    Heads.TIMED,
    Reader.LINE,
    line(LEVEL, rb" +(?P<time>", ISO, rb") (?P<logger>[\w.]+) (?P<pid>\d+) (?P<thread>\d+) (?P<message>.*)"),
    samples=(
        Sample(
            "ERROR 2026-11-23 10:02:11,201 views 12 140200 cart failed",
            _AT,
            "error",
            "cart failed",
            {"logger": "views"},
        ),
        Sample("INFO 2026-11-23 10:02:11,201 views 12 140200 cart opened", _AT, "info", "cart opened", {"pid": "12"}),
    ),
)

LOGURU = Known(
    "loguru",
    Heads.TIMED,
    Reader.LINE,
    line(
        COLOUR,
        rb"(?P<time>",
        ISO,
        rb")",
        COLOUR,
        rb" \| ",
        COLOUR,
        rb"(?P<level>[A-Z]+) *",
        COLOUR,
        rb" +\| ",
        COLOUR,
        rb"(?P<logger>[^| ]+?)",
        COLOUR,
        rb" - ",
        COLOUR,
        rb"(?P<message>.*)",
    ),
    levels={b"success": Level.INFO},
    samples=(
        Sample(
            "2026-11-23 10:02:11.201 | WARNING  | shop.cart:total:12 - cart slow",
            _AT,
            "warning",
            "cart slow",
            {"logger": "shop.cart:total:12"},
        ),
        Sample("2026-11-23 10:02:11.201 | SUCCESS  | __main__:<module>:3 - done", _AT, "info", "done"),
    ),
)

STRUCTLOG = Known(
    "structlog console",
    Heads.TIMED,
    Reader.LINE,
    line(
        COLOUR,
        rb"(?P<time>",
        ISO,
        rb")",
        COLOUR,
        rb" \[",
        COLOUR,
        rb"(?P<level>trace|debug|info|notice|warn|warning|error|exception|critical|fatal) *",
        COLOUR,
        rb"\] (?P<message>.*)",
    ),
    samples=(
        Sample(
            "2026-11-23 10:02:11.201 [warning  ] cart slow                      user=7",
            _AT,
            "warning",
            "cart slow                      user=7",
            {"user": "7"},
        ),
        Sample(
            "\x1b[2m2026-11-23T10:02:11.201Z\x1b[0m [\x1b[31m\x1b[1merror    \x1b[0m] \x1b[1mcart failed\x1b[0m user=8",
            _AT,
            "error",
            "cart failed user=8",
        ),
    ),
)

CELERY = Known(
    "Celery",
    Heads.TIMED,
    Reader.LINE,
    iso(rb"\[", rb": (?P<level>[A-Z]+)/(?P<process>[\w-]+)\] (?P<message>.*)"),
    samples=(
        Sample(
            "[2026-11-23 10:02:11,201: ERROR/ForkPoolWorker-1] Task shop.pay[a1] raised",
            _AT,
            "error",
            "Task shop.pay[a1] raised",
            {"process": "ForkPoolWorker-1"},
        ),
        Sample("[2026-11-23 10:02:11,201: INFO/MainProcess] celery@web-1 ready.", _AT, "info", "celery@web-1 ready."),
    ),
)

OPENSTACK = Known(
    "OpenStack",
    Heads.TIMED,
    Reader.LINE,
    line(
        rb"(?:(?P<file>[\w.:-]+) )?(?P<time>",
        ISO,
        rb") (?P<pid>\d+) ",
        LEVEL,
        rb" (?P<logger>[\w.-]+) (?:\[(?P<request>[^\]]*)\] )?(?P<message>.*)",
    ),
    samples=(
        Sample(
            "2026-11-23 10:02:11.201 12 INFO nova.wsgi [req-9bc36dd9-91c5-4314-898a-47625eb93b09 - - - - -] 10.0.0.1 GET /v2",
            _AT,
            "info",
            "10.0.0.1 GET /v2",
            {"logger": "nova.wsgi"},
        ),
        Sample(
            "nova.log.1 2026-11-23 10:02:11.201 12 ERROR nova.api [-] no host", _AT, "error", "no host", {"pid": "12"}
        ),
    ),
)
