"""Formats of languages' own logging libraries, but Java's."""

from __future__ import annotations

from cockpit.logs.described import Heads, Known, Reader, Sample
from cockpit.logs.known.parts import COLOUR, ISO, LEVEL, iso, line
from cockpit.logs.levels import SEARCHED, Level

_AT = "2026-11-23T10:02:11.201Z"
_GLOG = {b"i": Level.INFO, b"w": Level.WARNING, b"e": Level.ERROR, b"f": Level.CRITICAL, b"d": Level.DEBUG}

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
        Sample("2026-11-23 10:02:11,201 - shop.cart - WARNING - cart slow", _AT, "warning", "cart slow", {"logger": "shop.cart"}),
        Sample("2026-11-23 10:02:11,201 - root - INFO - started", _AT, "info", "started", {"logger": "root"}),
    ),
)

PYTHON_NAMED = Known(
    "Python logging (time level name: message)",
    Heads.TIMED,
    Reader.LINE,
    iso(b"", rb" (?:- )?\[?%s *\]? \[?(?P<logger>[A-Za-z_][\w.]*)(?:\]:?|:)(?:(?P<lineno>\d+):?)? (?P<message>.*)" % LEVEL),
    samples=(
        Sample("2026-11-23 10:02:11,201 ERROR [shop.cart] cart failed", _AT, "error", "cart failed", {"logger": "shop.cart"}),
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
        Sample("ERROR 2026-11-23 10:02:11,201 views 12 140200 cart failed", _AT, "error", "cart failed", {"logger": "views"}),
        Sample("INFO 2026-11-23 10:02:11,201 views 12 140200 cart opened", _AT, "info", "cart opened", {"pid": "12"}),
    ),
)

LOGURU = Known(
    "loguru",
    Heads.TIMED,
    Reader.LINE,
    line(
        COLOUR, rb"(?P<time>", ISO, rb")", COLOUR, rb" \| ", COLOUR, rb"(?P<level>[A-Z]+) *", COLOUR, rb" +\| ", COLOUR,
        rb"(?P<logger>[^| ]+?)", COLOUR, rb" - ", COLOUR, rb"(?P<message>.*)",
    ),
    levels={b"success": Level.INFO},
    samples=(
        Sample("2026-11-23 10:02:11.201 | WARNING  | shop.cart:total:12 - cart slow", _AT, "warning", "cart slow", {"logger": "shop.cart:total:12"}),
        Sample("2026-11-23 10:02:11.201 | SUCCESS  | __main__:<module>:3 - done", _AT, "info", "done"),
    ),
)

STRUCTLOG = Known(
    "structlog console",
    Heads.TIMED,
    Reader.LINE,
    line(COLOUR, rb"(?P<time>", ISO, rb")", COLOUR, rb" \[", COLOUR, rb"(?P<level>[a-z]+) *", COLOUR, rb"\] (?P<message>.*)"),
    samples=(
        Sample("2026-11-23 10:02:11.201 [warning  ] cart slow                      user=7", _AT, "warning", "cart slow                      user=7", {"user": "7"}),
        Sample("\x1b[2m2026-11-23T10:02:11.201Z\x1b[0m [\x1b[31m\x1b[1merror    \x1b[0m] \x1b[1mcart failed\x1b[0m user=8", _AT, "error", "cart failed user=8"),
    ),
)

CELERY = Known(
    "Celery",
    Heads.TIMED,
    Reader.LINE,
    iso(rb"\[", rb": (?P<level>[A-Z]+)/(?P<process>[\w-]+)\] (?P<message>.*)"),
    samples=(
        Sample("[2026-11-23 10:02:11,201: ERROR/ForkPoolWorker-1] Task shop.pay[a1] raised", _AT, "error", "Task shop.pay[a1] raised", {"process": "ForkPoolWorker-1"}),
        Sample("[2026-11-23 10:02:11,201: INFO/MainProcess] celery@web-1 ready.", _AT, "info", "celery@web-1 ready."),
    ),
)

OPENSTACK = Known(
    "OpenStack",
    Heads.TIMED,
    Reader.LINE,
    line(
        rb"(?:(?P<file>[\w.:-]+) )?(?P<time>", ISO, rb") (?P<pid>\d+) ", LEVEL,
        rb" (?P<logger>[\w.-]+) (?:\[(?P<request>[^\]]*)\] )?(?P<message>.*)",
    ),
    samples=(
        Sample("2026-11-23 10:02:11.201 12 INFO nova.wsgi [req-9bc36dd9-91c5-4314-898a-47625eb93b09 - - - - -] 10.0.0.1 GET /v2", _AT, "info", "10.0.0.1 GET /v2", {"logger": "nova.wsgi"}),
        Sample("nova.log.1 2026-11-23 10:02:11.201 12 ERROR nova.api [-] no host", _AT, "error", "no host", {"pid": "12"}),
    ),
)

RAILS_LOGGER = Known(
    "Ruby Logger",
    Heads.TIMED,
    Reader.LINE,
    line(
        rb"[DIWEFA], \[(?P<time>", ISO, rb") #(?P<pid>\d+)\] +(?P<level>DEBUG|INFO|WARN|ERROR|FATAL|ANY) -- ",
        rb"(?P<program>[^:]*): (?P<message>.*)",
    ),
    samples=(
        Sample("E, [2026-11-23T10:02:11.201000 #12] ERROR -- shop: cart failed", _AT, "error", "cart failed", {"program": "shop"}),
        Sample("I, [2026-11-23T10:02:11.201000 #12]  INFO -- : [a1b2] Started GET", _AT, "info", "[a1b2] Started GET", {"pid": "12"}),
    ),
)

RAILS = Known(
    "Rails",
    Heads.TIMED,
    Reader.LINE,
    line(rb"(?P<message>Started (?P<method>[A-Z]+) \"(?P<path>[^\"]*)\" for (?P<client>\S+)) at (?P<time>", ISO, rb")"),
    samples=(
        Sample('Started POST "/checkout" for 10.0.0.1 at 2026-11-23 10:02:11 +0000', "2026-11-23T10:02:11Z", "", 'Started POST "/checkout" for 10.0.0.1', {"path": "/checkout"}),
    ),
)

MONOLOG = Known(
    "Monolog (Laravel)",
    Heads.TIMED,
    Reader.LINE,
    iso(rb"\[", rb"\] (?P<channel>[\w-]+)\.(?P<level>[A-Z]+): (?P<message>.*)"),
    samples=(
        Sample('[2026-11-23 10:02:11] production.ERROR: cart failed {"user":7}', "2026-11-23T10:02:11Z", "error", 'cart failed {"user":7}', {"channel": "production"}),
        Sample("[2026-11-23T10:02:11.201000+00:00] shop.INFO: cart opened [] []", _AT, "info", "cart opened [] []"),
    ),
)

DOTNET = Known(
    ".NET console",
    Heads.LEVELLED,
    Reader.LINE,
    line(COLOUR, rb"(?P<level>trce|dbug|info|warn|fail|crit)", COLOUR, rb": (?P<logger>[\w.`+]+)\[(?P<event>-?\d+)\](?P<message>)"),
    levels={b"trce": Level.TRACE, b"dbug": Level.DEBUG},
    samples=(
        Sample("info: Shop.Cart[0]", None, "info", "info: Shop.Cart[0]", {"logger": "Shop.Cart"}),
        Sample("fail: Shop.Cart[12]", None, "error", "fail: Shop.Cart[12]", {"event": "12"}),
        Sample("dbug: Shop.Cart[0]", None, "debug", "dbug: Shop.Cart[0]"),
    ),
)

SERILOG = Known(
    "Serilog",
    Heads.TIMED,
    Reader.LINE,
    iso(b"", rb" \[(?P<level>VRB|DBG|INF|WRN|ERR|FTL|Verbose|Debug|Information|Warning|Error|Fatal)\] (?P<message>.*)"),
    samples=(
        Sample("2026-11-23 10:02:11.201 +00:00 [WRN] cart slow", _AT, "warning", "cart slow"),
        Sample("2026-11-23 11:02:11.201 +01:00 [Information] cart opened", _AT, "info", "cart opened"),
    ),
)

GO_LOG = Known(
    "Go log",
    Heads.TIMED,
    Reader.LINE,
    line(rb"(?P<time>\d{4}/\d\d/\d\d \d\d:\d\d:\d\d(?:\.\d{6})?) (?:(?P<file>[\w./-]+\.go:\d+): )?(?P<message>.*)"),
    level_at=SEARCHED,
    samples=(
        Sample("2026/11/23 10:02:11 main.go:12: cart failed", "2026-11-23T10:02:11Z", "", "cart failed", {"file": "main.go:12"}),
        Sample("2026/11/23 10:02:11.201000 listening on :8080", _AT, "", "listening on :8080"),
    ),
)

GLOG = Known(
    "glog",
    Heads.TIMED,
    Reader.LINE,
    line(rb"(?P<level>[IWEFD])(?P<time>(?<=[IWEFD])\d{4} \d\d:\d\d:\d\d\.\d+) +(?P<thread>\d+) (?P<file>[\w.+/-]+:\d+)\] (?P<message>.*)"),
    levels=_GLOG,
    samples=(
        Sample('E1123 10:02:11.201000       1 server.go:12] "cart failed" err="EOF"', _AT, "error", '"cart failed" err="EOF"', {"file": "server.go:12", "err": "EOF"}),
        Sample("I1123 10:02:11.201000      12 main.cc:7] started", _AT, "info", "started", {"thread": "12"}),
        Sample("W1123 10:02:11.201000       1 server.go:12] slow", _AT, "warning", "slow"),
    ),
)

ENV_LOGGER = Known(
    "Rust env_logger",
    Heads.TIMED,
    Reader.LINE,
    line(
        COLOUR, rb"\[", COLOUR, rb"(?P<time>", ISO, rb") ", COLOUR, rb"(?P<level>[A-Z]+) *", COLOUR, rb" (?P<logger>[\w:]+)",
        COLOUR, rb"\]", COLOUR, rb" (?P<message>.*)",
    ),
    samples=(
        Sample("[2026-11-23T10:02:11Z INFO  shop::cart] cart opened", "2026-11-23T10:02:11Z", "info", "cart opened", {"logger": "shop::cart"}),
        Sample("[2026-11-23T10:02:11Z ERROR shop::cart] cart failed", "2026-11-23T10:02:11Z", "error", "cart failed"),
    ),
)

TRACING = Known(
    "Rust tracing",
    Heads.TIMED,
    Reader.LINE,
    line(
        COLOUR, rb"(?P<time>", ISO, rb")", COLOUR, rb" +", COLOUR, rb" *(?P<level>TRACE|DEBUG|INFO|WARN|ERROR)", COLOUR, rb" ",
        rb"(?P<message>(?:[^ ]+(?:\{[^}]*\})?: )*?", COLOUR, rb"(?P<logger>[a-z_]\w*(?:::\w+)+)", COLOUR, rb":.*)",
    ),
    samples=(
        Sample("2026-11-23T10:02:11.201Z  INFO shop::cart: opened user=7", _AT, "info", "shop::cart: opened user=7", {"logger": "shop::cart", "user": "7"}),
        Sample("\x1b[2m2026-11-23T10:02:11.201Z\x1b[0m \x1b[31mERROR\x1b[0m \x1b[2mshop::cart\x1b[0m\x1b[2m:\x1b[0m failed", _AT, "error", "shop::cart: failed"),
        Sample("\x1b[2m2026-11-23T10:02:11.201Z\x1b[0m \x1b[32m INFO\x1b[0m \x1b[2mshop::cart\x1b[0m\x1b[2m:\x1b[0m opened", _AT, "info", "shop::cart: opened"),
    ),
)

WINSTON = Known(
    "time level: message",
    Heads.TIMED,
    Reader.LINE,
    iso(rb"\[?", rb"\]? \[?(?P<level>silly|verbose|debug|http|info|notice|warn(?:ing)?|error|critical|fatal)\]?: (?P<message>.*)"),
    levels={b"silly": Level.TRACE, b"http": Level.INFO},
    samples=(
        Sample("2026-11-23T10:02:11.201Z error: cart failed", _AT, "error", "cart failed"),
        Sample("2026-11-23T10:02:11.201Z [info]: cart opened", _AT, "info", "cart opened"),
    ),
)

LANGUAGES = (
    *(PYTHON_DEFAULT, PYTHON_DASHES, DJANGO, LOGURU, CELERY, OPENSTACK, RAILS_LOGGER, RAILS, MONOLOG, DOTNET, SERILOG),
    *(GLOG, ENV_LOGGER, STRUCTLOG, WINSTON),
)
GENERAL_LANGUAGES = (PYTHON_NAMED, TRACING, GO_LOG)
"""Formats that say little about themselves: tried after all others."""
