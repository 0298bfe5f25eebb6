"""Formats of web servers, proxies and application servers."""

from __future__ import annotations

import re

from cockpit.logs.described import Heads, Known, Reader, Sample
from cockpit.logs.known.parts import ISO, line

_AT = "2026-11-23T10:02:11Z"
_QUOTED = rb'[^"\\]*(?:\\.[^"\\]*)*'  # what stands between two marks, in one way only: it is read fast
_REQUEST = rb'"(?P<request>%s)"' % _QUOTED
_AFTER_REQUEST = re.compile(rb'(?<!\\)" ([1-5]\d\d)(?![\w.])')

ACCESS = Known(
    "access log",
    Heads.EVERY,
    Reader.LINE,
    line(
        rb"(?:(?P<host>[\w.-]+:\d+) )?(?P<client>\S+) (?P<ident>\S+) (?P<user>.{1,60}?) \[(?P<time>[^\]]{10,40})\] ",
        _REQUEST,
        rb' (?P<level>[1-5]\d\d) (?P<bytes>\S+)(?: "(?P<referer>%s)" "(?P<agent>%s)")?' % (_QUOTED, _QUOTED),
        rb"(?: (?P<request_time>\d+\.\d{3}|\d+)(?= |$))?",
    ),
    status_at=_AFTER_REQUEST,
    samples=(
        Sample(
            '10.0.0.1 - ana [23/Nov/2026:10:02:11 +0000] "POST /checkout?a=1 HTTP/1.1" 500 512 "https://shop/" "curl/8.5"',
            _AT,
            "error",
            "500 POST /checkout?a=1",
            {"client": "10.0.0.1", "status": "500", "method": "POST", "path": "/checkout?a=1", "agent": "curl/8.5"},
        ),
        Sample('::1 - - [23/Nov/2026:12:02:11 +0200] "GET / HTTP/2.0" 404 -', _AT, "warning", "404 GET /"),
        Sample(
            '10.0.0.1 - - [23/Nov/2026:10:02:11 +0000] "GET /cart HTTP/1.1" 200 512 "-" "curl/8.5" 0.023',
            _AT,
            "info",
            "200 GET /cart",
            {"request_time": "0.023", "bytes": "512"},
        ),
        Sample(
            'shop:443 10.0.0.1 - - [23/Nov/2026:10:02:11 +0000] "GET /cart HTTP/1.1" 301 0 "-" "curl/8.5"',
            _AT,
            "info",
            "301 GET /cart",
            {"host": "shop:443"},
        ),
        Sample(
            '10.0.0.1 - - [23/Nov/2026:10:02:11 +0000] "GET /a\\" 500 \\"b HTTP/1.1" 200 5 "-" "-"',
            _AT,
            "info",
            "200 GET",
        ),
        Sample(
            '10.0.0.1 - - [23/Nov/2026:10:02:11 +0000] "\\x16\\x03\\x01" 400 150', _AT, "warning", "400 \\x16\\x03\\x01"
        ),
    ),
)

APACHE_ERROR = Known(
    "Apache error log",
    Heads.TIMED,
    Reader.LINE,
    line(
        rb"\[(?P<time>\w{3} \w{3} [ \d]\d \d\d:\d\d:\d\d(?:\.\d+)? \d{4})\] \[(?:(?P<module>[\w.]*):)?(?P<level>\w+)\] ",
        rb"(?:\[pid (?P<pid>\d+)(?::tid (?P<tid>\d+))?\] )?(?:\[(?:client|remote) (?P<client>[^\]]+)\] )?(?P<message>.*)",
    ),
    samples=(
        Sample(
            "[Mon Nov 23 10:02:11.123456 2026] [proxy:error] [pid 12:tid 34] [client 10.0.0.1:52000] AH01114: no backend",
            "2026-11-23T10:02:11.123456Z",
            "error",
            "AH01114: no backend",
            {"module": "proxy", "client": "10.0.0.1:52000"},
        ),
        Sample(
            "[Mon Nov 23 10:02:11 2026] [notice] caught SIGTERM, shutting down",
            _AT,
            "notice",
            "caught SIGTERM, shutting down",
        ),
        Sample(
            "[Mon Nov 23 10:02:11.000001 2026] [core:warn] [pid 7] AH00098: pid file overwritten",
            "2026-11-23T10:02:11.000001Z",
            "warning",
            "AH00098: pid file overwritten",
        ),
    ),
)

NGINX_ERROR = Known(
    "nginx error log",
    Heads.TIMED,
    Reader.LINE,
    line(
        rb"(?P<time>\d{4}/\d\d/\d\d \d\d:\d\d:\d\d) \[(?P<level>\w+)\] (?P<pid>\d+)#(?P<tid>\d+): ",
        rb"(?:\*(?P<connection>\d+) )?(?P<message>.*)",
    ),
    samples=(
        Sample(
            "2026/11/23 10:02:11 [error] 12#34: *56 upstream timed out (110: Connection timed out) while reading "
            'response header from upstream, client: 10.0.0.1, server: shop, request: "GET /cart HTTP/1.1"',
            _AT,
            "error",
            "upstream timed out (110: Connection timed out) while reading response header from upstream, "
            'client: 10.0.0.1, server: shop, request: "GET /cart HTTP/1.1"',
            {"connection": "56", "client": "10.0.0.1", "server": "shop"},
        ),
        Sample(
            "2026/11/23 10:02:11 [emerg] 1#1: bind() to 0.0.0.0:80 failed",
            _AT,
            "critical",
            "bind() to 0.0.0.0:80 failed",
        ),
        Sample("2026/11/23 10:02:11 [notice] 1#1: start worker processes", _AT, "notice", "start worker processes"),
    ),
)

HAPROXY = Known(
    "HAProxy",
    Heads.EVERY,
    Reader.LINE,
    line(
        rb"(?:<\d+>)?(?:(?:\w{3} [ \d]\d \d\d:\d\d:\d\d|\d{4}-\S+) (?P<host>\S+) )?(?P<app>haproxy)\[(?P<pid>\d+)\]: ",
        rb"(?P<client>\S+) \[(?P<time>\d\d/\w{3}/\d{4}:\d\d:\d\d:\d\d\.\d{3})\] (?P<frontend>\S+) (?P<backend>\S+) ",
        rb"(?P<timers>[-+\d/]+) (?P<level>[1-5]\d\d|-1) (?P<bytes>\+?\d+) \S+ \S+ (?P<state>\S{4}) \S+ \S+ ",
        rb"(?:\{[^}]*\} )*",
        _REQUEST,
    ),
    status_at=re.compile(rb" [-+\d/]+/[-+\d/]+ ([1-5]\d\d) \+?\d+ "),
    samples=(
        Sample(
            "Nov 23 10:02:11 lb-1 haproxy[12]: 10.0.0.1:52000 [23/Nov/2026:10:02:11.201] web~ shop/web-1 0/0/1/23/24 "
            '503 512 - - ---- 1/1/0/0/0 0/0 "GET /cart HTTP/1.1"',
            "2026-11-23T10:02:11.201Z",
            "error",
            "503 GET /cart",
            {"backend": "shop/web-1", "client": "10.0.0.1:52000"},
        ),
        Sample(
            "haproxy[12]: 10.0.0.1:52000 [23/Nov/2026:10:02:11.201] web shop/web-2 0/0/1/2/3 200 5 - - ---- 1/1/0/0/0 "
            '0/0 "GET / HTTP/1.1"',
            "2026-11-23T10:02:11.201Z",
            "info",
            "200 GET /",
        ),
    ),
)

UWSGI = Known(
    "uWSGI",
    Heads.EVERY,
    Reader.LINE,
    line(
        rb"\[pid: (?P<pid>\d+)\|app: (?P<app>\S+)\|req: (?P<requests>\S+)\] (?P<client>\S+) \((?P<user>[^)]*)\) ",
        rb"\{[^}]*\} \[(?P<time>[^\]]+)\] (?P<request>\S+ \S+) => generated (?P<bytes>\d+) bytes in ",
        rb"(?P<took>\d+ \w+) \((?P<protocol>\S+) (?P<level>\d{3})\)",
    ),
    status_at=re.compile(rb" \(HTTP/[\d.]+ ([1-5]\d\d)\) "),
    samples=(
        Sample(
            "[pid: 12|app: 0|req: 3/4] 10.0.0.1 () {40 vars in 600 bytes} [Mon Nov 23 10:02:11 2026] GET /cart => "
            "generated 512 bytes in 23 msecs (HTTP/1.1 500) 5 headers in 200 bytes (1 switches on core 0)",
            _AT,
            "error",
            "500 GET /cart",
            {"took": "23 msecs", "client": "10.0.0.1", "bytes": "512"},
        ),
    ),
)

DJANGO_SERVER = Known(
    "Django development server",
    Heads.TIMED,
    Reader.LINE,
    line(rb"\[(?P<time>\d\d/\w{3}/\d{4} \d\d:\d\d:\d\d)\] ", _REQUEST, rb" (?P<level>[1-5]\d\d) (?P<bytes>\d+)"),
    status_at=_AFTER_REQUEST,
    samples=(
        Sample(
            '[23/Nov/2026 10:02:11] "GET /cart HTTP/1.1" 404 512', _AT, "warning", "404 GET /cart", {"bytes": "512"}
        ),
        Sample(
            '[23/Nov/2026 10:02:12] "GET /cart/7 HTTP/1.1" 200 5', "2026-11-23T10:02:12Z", "info", "200 GET /cart/7"
        ),
    ),
)

GUNICORN = Known(
    "gunicorn",
    Heads.TIMED,
    Reader.LINE,
    line(rb"\[(?P<time>", ISO, rb")\] \[(?P<pid>\d+)\] \[(?P<level>[A-Z]+)\] (?P<message>.*)"),
    samples=(
        Sample(
            "[2026-11-23 10:02:11 +0000] [12] [INFO] Booting worker with pid: 12",
            _AT,
            "info",
            "Booting worker with pid: 12",
            {"pid": "12"},
        ),
        Sample(
            "[2026-11-23 10:02:11 +0000] [1] [CRITICAL] WORKER TIMEOUT (pid:12)",
            _AT,
            "critical",
            "WORKER TIMEOUT (pid:12)",
        ),
    ),
)

UVICORN = Known(
    "uvicorn",
    Heads.LEVELLED,
    Reader.LINE,
    line(rb"(?P<level>TRACE|DEBUG|INFO|WARNING|ERROR|CRITICAL): {2,}(?P<message>.*)"),
    samples=(
        Sample(
            'INFO:     10.0.0.1:52000 - "GET /cart HTTP/1.1" 200 OK',
            None,
            "info",
            '10.0.0.1:52000 - "GET /cart HTTP/1.1" 200 OK',
        ),
        Sample("ERROR:    Exception in ASGI application", None, "error", "Exception in ASGI application"),
    ),
)

WEB = (HAPROXY, UWSGI, APACHE_ERROR, NGINX_ERROR, DJANGO_SERVER, GUNICORN, UVICORN)
