"""Formats of languages' own logging libraries, but Java's and Python's."""

from __future__ import annotations

from cockpit.logs.described import Heads, Known, Reader, Sample
from cockpit.logs.known.parts import COLOUR, ISO, iso, line
from cockpit.logs.known.python import (
    CELERY,
    DJANGO,
    LOGURU,
    OPENSTACK,
    PYTHON_DASHES,
    PYTHON_DEFAULT,
    PYTHON_NAMED,
    STRUCTLOG,
)
from cockpit.logs.levels import SEARCHED, Level

_AT = "2026-11-23T10:02:11.201Z"
_GLOG = {b"i": Level.INFO, b"w": Level.WARNING, b"e": Level.ERROR, b"f": Level.CRITICAL, b"d": Level.DEBUG}

RAILS_LOGGER = Known(
    "Ruby Logger",
    Heads.TIMED,
    Reader.LINE,
    line(
        rb"[DIWEFA], \[(?P<time>",
        ISO,
        rb") #(?P<pid>\d+)\] +(?P<level>DEBUG|INFO|WARN|ERROR|FATAL|ANY) -- ",
        rb"(?P<program>[^:]*): (?P<message>.*)",
    ),
    samples=(
        Sample(
            "E, [2026-11-23T10:02:11.201000 #12] ERROR -- shop: cart failed",
            _AT,
            "error",
            "cart failed",
            {"program": "shop"},
        ),
        Sample(
            "I, [2026-11-23T10:02:11.201000 #12]  INFO -- : [a1b2] Started GET",
            _AT,
            "info",
            "[a1b2] Started GET",
            {"pid": "12"},
        ),
    ),
)

RAILS = Known(
    "Rails",
    Heads.TIMED,
    Reader.LINE,
    line(rb"(?P<message>Started (?P<method>[A-Z]+) \"(?P<path>[^\"]*)\" for (?P<client>\S+)) at (?P<time>", ISO, rb")"),
    samples=(
        Sample(
            'Started POST "/checkout" for 10.0.0.1 at 2026-11-23 10:02:11 +0000',
            "2026-11-23T10:02:11Z",
            "",
            'Started POST "/checkout" for 10.0.0.1',
            {"path": "/checkout"},
        ),
    ),
)

MONOLOG = Known(
    "Monolog (Laravel)",
    Heads.TIMED,
    Reader.LINE,
    iso(rb"\[", rb"\] (?P<channel>[\w-]+)\.(?P<level>[A-Z]+): (?P<message>.*)"),
    samples=(
        Sample(
            '[2026-11-23 10:02:11] production.ERROR: cart failed {"user":7}',
            "2026-11-23T10:02:11Z",
            "error",
            'cart failed {"user":7}',
            {"channel": "production"},
        ),
        Sample("[2026-11-23T10:02:11.201000+00:00] shop.INFO: cart opened [] []", _AT, "info", "cart opened [] []"),
    ),
)

DOTNET = Known(
    ".NET console",
    Heads.LEVELLED,
    Reader.LINE,
    line(
        COLOUR,
        rb"(?P<level>trce|dbug|info|warn|fail|crit)",
        COLOUR,
        rb": (?P<logger>[\w.`+]+)\[(?P<event>-?\d+)\](?P<message>)",
    ),
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
        Sample(
            "2026/11/23 10:02:11 main.go:12: cart failed",
            "2026-11-23T10:02:11Z",
            "",
            "cart failed",
            {"file": "main.go:12"},
        ),
        Sample("2026/11/23 10:02:11.201000 listening on :8080", _AT, "", "listening on :8080"),
    ),
)

GLOG = Known(
    "glog",
    Heads.TIMED,
    Reader.LINE,
    line(
        rb"(?P<level>[IWEFD])(?P<time>(?<=[IWEFD])\d{4} \d\d:\d\d:\d\d\.\d+) +(?P<thread>\d+) (?P<file>[\w.+/-]+:\d+)\] (?P<message>.*)"
    ),
    levels=_GLOG,
    samples=(
        Sample(
            'E1123 10:02:11.201000       1 server.go:12] "cart failed" err="EOF"',
            _AT,
            "error",
            '"cart failed" err="EOF"',
            {"file": "server.go:12", "err": "EOF"},
        ),
        Sample("I1123 10:02:11.201000      12 main.cc:7] started", _AT, "info", "started", {"thread": "12"}),
        Sample("W1123 10:02:11.201000       1 server.go:12] slow", _AT, "warning", "slow"),
    ),
)

ENV_LOGGER = Known(
    "Rust env_logger",
    Heads.TIMED,
    Reader.LINE,
    line(
        COLOUR,
        rb"\[",
        COLOUR,
        rb"(?P<time>",
        ISO,
        rb") ",
        COLOUR,
        rb"(?P<level>[A-Z]+) *",
        COLOUR,
        rb" (?P<logger>[\w:]+)",
        COLOUR,
        rb"\]",
        COLOUR,
        rb" (?P<message>.*)",
    ),
    samples=(
        Sample(
            "[2026-11-23T10:02:11Z INFO  shop::cart] cart opened",
            "2026-11-23T10:02:11Z",
            "info",
            "cart opened",
            {"logger": "shop::cart"},
        ),
        Sample("[2026-11-23T10:02:11Z ERROR shop::cart] cart failed", "2026-11-23T10:02:11Z", "error", "cart failed"),
    ),
)

TRACING = Known(
    "Rust tracing",
    Heads.TIMED,
    Reader.LINE,
    line(
        COLOUR,
        rb"(?P<time>",
        ISO,
        rb")",
        COLOUR,
        rb" +",
        COLOUR,
        rb" *(?P<level>TRACE|DEBUG|INFO|WARN|ERROR)",
        COLOUR,
        rb" ",
        rb"(?P<message>(?:[^ {]{1,80}(?:\{[^}]{0,400}\}(?::[^ {]{1,80})?){0,8}: ){0,2}?",
        COLOUR,
        rb"(?P<logger>[a-z_]\w*(?:::\w+)+)",
        COLOUR,
        rb":.*)",
    ),
    samples=(
        Sample(
            "2026-11-23T10:02:11.201Z  INFO shop::cart: opened user=7",
            _AT,
            "info",
            "shop::cart: opened user=7",
            {"logger": "shop::cart", "user": "7"},
        ),
        Sample(
            "\x1b[2m2026-11-23T10:02:11.201Z\x1b[0m \x1b[31mERROR\x1b[0m \x1b[2mshop::cart\x1b[0m\x1b[2m:\x1b[0m failed",
            _AT,
            "error",
            "shop::cart: failed",
        ),
        Sample(
            "\x1b[2m2026-11-23T10:02:11.201Z\x1b[0m \x1b[32m INFO\x1b[0m \x1b[2mshop::cart\x1b[0m\x1b[2m:\x1b[0m opened",
            _AT,
            "info",
            "shop::cart: opened",
        ),
    ),
)

WINSTON = Known(
    "time level: message",
    Heads.TIMED,
    Reader.LINE,
    iso(
        rb"\[?",
        rb"\]? (?:\[(?P<label>[\w.:/-]{1,60})\] )?"
        rb"\[?(?P<level>silly|verbose|debug|http|info|notice|warn(?:ing)?|error|critical|fatal)\]?: (?P<message>.*)",
    ),
    levels={b"silly": Level.TRACE, b"http": Level.INFO},
    samples=(
        Sample("2026-11-23T10:02:11.201Z error: cart failed", _AT, "error", "cart failed"),
        Sample("2026-11-23T10:02:11.201Z [info]: cart opened", _AT, "info", "cart opened"),
        Sample(
            "2026-11-23T10:02:11.201Z [gateway] warn: request was refused account=7",
            _AT,
            "warning",
            "request was refused account=7",
            {"label": "gateway", "account": "7"},
        ),
    ),
)

LANGUAGES = (
    *(PYTHON_DEFAULT, PYTHON_DASHES, DJANGO, LOGURU, CELERY, OPENSTACK, RAILS_LOGGER, RAILS, MONOLOG, DOTNET, SERILOG),
    *(GLOG, ENV_LOGGER, STRUCTLOG, WINSTON),
)
GENERAL_LANGUAGES = (PYTHON_NAMED, TRACING, GO_LOG)
"""Formats that say little about themselves: tried after all others."""
